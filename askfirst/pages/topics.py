"""One page for each entry, /topic/<id>, and an index of them by plain title: /topics.

What a page says comes from the reply builder, as in a conversation, with its reminder and review note (guarantees G1 and G6).
"""

from __future__ import annotations

import re
from typing import Any

from askfirst.content.clinic import Clinic, clinic_view
from askfirst.content.compose import Question, compose, next_questions, talk
from askfirst.content.knowledge import HEALTH_KINDS, Entry, Knowledge
from askfirst.content.reply import Reply
from askfirst.pages.render import reply_card, topic_index_page, topic_page

_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
# Entries that are information. The others are turns of a conversation ("What you wrote is deleted."): no page.
PAGE_KINDS = (*HEALTH_KINDS, "boundary", "handoff")
# Kept out of the index: nobody looks for these.
UNLISTED = frozenset({"sexual_spam", "abusive", "out_of_scope"})
HEADINGS = (
    ("condition", "Conditions and symptoms"),
    ("treatment", "Treatments and tests"),
    ("drug", "Medicines"),
    ("device", "Lines, tubes and devices"),
    ("massage_type", "Kinds of massage"),
    ("benefits", "What massage may do"),
    ("myths", "What people have heard"),
    ("safety", "Is it OK for me?"),
    ("timing", "Timing"),
    ("types", "Other gentle ways"),
    ("therapist", "The massage therapist"),
    ("team", "Your medical team"),
    ("practical", "Practical questions"),
    ("people", "You and the people around you"),
    ("boundary", "What AskFirst cannot do"),
)


def has_page(entry: Entry) -> bool:
    """True for entries that are information of their own."""
    return entry.kind in PAGE_KINDS


def topic_reply(entry: Entry, knowledge: Knowledge, clinic: Clinic, red_flags: dict[str, Any]) -> Reply:
    """What is said when this entry alone is asked about. Errors: ReplyError when content would break a guarantee."""
    if entry.is_thing:
        return compose(Question(things=(entry.id,)), knowledge, clinic, red_flags)
    if entry.is_health or entry.reminder:
        return compose(Question(topics=(entry.id,)), knowledge, clinic, red_flags)
    return talk(entry, knowledge, clinic)


def render_topic(entry: Entry, knowledge: Knowledge, clinic: Clinic, red_flags: dict[str, Any], base_path: str = "") -> str:
    """The page of one entry as HTML."""
    reply = topic_reply(entry, knowledge, clinic, red_flags)
    offered = next_questions([entry]) if entry.is_health else entry.offers
    linked = [knowledge.entries[i] for i in offered if i in knowledge.entries and has_page(knowledge.entries[i])]
    return topic_page(
        title=clinic.spell(entry.title),
        card=reply_card(reply.as_dict(), clinic.spelling),
        signs=clinic.fill(entry.short) if reply.kind == "urgent" else "",
        links=[(e.id, clinic.spell(e.title)) for e in linked],
        noindex=not entry.is_current(),  # search engines are kept away from anything else
        clinic=clinic_view(clinic),
        base_path=base_path,
    )


def render_index(knowledge: Knowledge, clinic: Clinic, base_path: str = "") -> str:
    """The index as HTML: entries under plain headings, in the order of the alphabet."""
    parts = []
    for key, heading in HEADINGS:
        found = [
            (e.id, clinic.spell(e.title)) for e in knowledge.entries.values()
            if has_page(e) and e.id not in UNLISTED and key in (e.group, e.kind) and (e.kind != "faq" or e.group == key)
        ]
        if found:
            parts.append((heading, sorted(found, key=lambda item: _ARTICLE.sub("", item[1]).lower())))
    reviewed = all(e.is_current() for e in knowledge.entries.values() if e.is_health)
    return topic_index_page(parts, noindex=not reviewed, clinic=clinic_view(clinic), base_path=base_path)
