"""The reading page for a clinic's clinical reviewer: one HTML file with every entry, to sign entry by entry.

The file stands by itself (its style and script are inside it), opens without a server and sends nothing anywhere: the reviewer
saves the signed list from it as a CSV, which `askfirst review --import` takes over.
"""

from __future__ import annotations

from datetime import date

from askfirst.content.clinic import Clinic
from askfirst.content.knowledge import Knowledge
from askfirst.content.review import COLUMNS, row, to_review
from askfirst.pages.render import environment


def review_page(knowledge: Knowledge, clinic: Clinic, today: date | None = None) -> str:
    """The page as HTML. Args: today, printed as the day on which the list was made."""
    rows = [row(entry, knowledge, clinic, today) for entry in to_review(knowledge)]
    return environment().get_template("review.html").render(
        clinic=clinic, rows=rows, columns=list(COLUMNS), made=(today or date.today()).isoformat(),
        signed=sum(1 for r in rows if r["reviewed_by"]), questions=knowledge.clinical_questions,
    )
