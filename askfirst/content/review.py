"""Clinical review offline: all entries as a list to sign, and the signed list read back into the `review` blocks.

A review belongs to the text that was signed: the block keeps the fingerprint of it under `of`, and an entry whose text has
changed since counts as not reviewed (guarantee G6).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from askfirst.content.clinic import Clinic, write_text_safely
from askfirst.content.compose import ANY_TEAM
from askfirst.content.knowledge import Entry, Knowledge
from askfirst.content.yaml_file import PARSER

COLUMNS = (
    "id", "title", "kind", "evidence", "verdict", "limits", "text", "how_sure", "short", "call", "ask", "question", "reminder", "sources",
    "sources_not_shown", "open_questions", "version", "decision", "comment", "reviewed_by", "reviewed_on", "next_review",
    "signed_before",
)
AGREE = "agree"
DECISIONS = (AGREE, "change", "")
# How long a review counts when the list gives no date of its own.
REVIEW_DAYS = 365
# What a spreadsheet program would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ReviewError(ValueError):
    """A signed list that cannot be taken over. `findings` says for each row what to do; nothing was changed."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings


@dataclass(frozen=True)
class Signature:
    """One signed row."""

    entry_id: str
    reviewed_by: str
    reviewed_on: str
    next_review: str
    version: str


@dataclass(frozen=True)
class SignedList:
    """What a list holds: rows to sign, and what the reviewer wants changed: (entry id, comment)."""

    signatures: tuple[Signature, ...]
    comments: tuple[tuple[str, str], ...]


def to_review(knowledge: Knowledge) -> list[Entry]:
    """The entries that a clinician signs: everything that is health information, and the limits; not "Hello" and the like."""
    return [e for e in knowledge.entries.values() if e.is_health or e.kind == "boundary"]


def row(entry: Entry, knowledge: Knowledge, clinic: Clinic, today: date | None = None) -> dict[str, str]:
    """One entry as a row of the list, as this clinic's patients read it (slots filled). A review past its date is to be done again."""
    reviewed = (entry.reviewed or {}) if entry.is_current(today) else {}
    wordings = knowledge.reminders.get(entry.reminder, ())
    shown = knowledge.shown_sources(entry.sources)
    calls = [w.text or f"Call {w.call} {w.how_soon}: {', '.join(w.signs)}" for w in entry.watch]
    limits = [f"{limit.code}: {knowledge.limit_words[limit.kind][limit.value].say}" for limit in entry.limits]
    limits += [f"{w.verdict} ({w.red_flag or 'limits'}) when {' and '.join(w.facts)}" for w in entry.when]
    return {
        "id": entry.id, "title": clinic.spell(entry.title), "kind": entry.kind, "evidence": "; ".join(entry.evidence),
        "verdict": (entry.verdict or "") + (f" ({entry.red_flag})" if entry.red_flag else ""), "limits": "; ".join(limits),
        "text": clinic.fill(" / ".join(entry.facts)), "how_sure": knowledge.certainty_words.get(entry.certainty, ""), "short": clinic.fill(entry.short),
        "call": clinic.fill("; ".join([*calls, entry.always] if entry.always else calls)), "ask": entry.ask_who,
        "question": clinic.fill(entry.ask_question),
        "reminder": clinic.fill(" / ".join(w.replace("{who}", entry.ask_who or ANY_TEAM) for w in wordings)),
        "sources": "; ".join(f"{s.title} ({s.publisher}, {s.year or 'no year'})" for s in shown),
        "sources_not_shown": "; ".join(k for k in entry.sources if k not in {s.key for s in shown}),
        "open_questions": " / ".join(f"{q.number}. {q.text}" for q in knowledge.clinical_questions if entry.id in q.entries),
        "version": entry.fingerprint, "decision": AGREE if reviewed else "", "comment": "",
        "reviewed_by": reviewed.get("reviewed_by", ""), "reviewed_on": reviewed.get("reviewed_on", ""),
        "next_review": (entry.review.get("next_review") or "") if reviewed else "",
        "signed_before": f"Signed by {entry.review['reviewed_by']} on {entry.review['reviewed_on']}: to be done again." if entry.signed and not reviewed else "",
    }


def as_csv(knowledge: Knowledge, clinic: Clinic) -> str:
    """The list for a spreadsheet program (write it as UTF-8 with a byte-order mark, which those programs look for)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for entry in to_review(knowledge):
        writer.writerow({k: f"'{v}" if v.startswith(_FORMULA) else v for k, v in row(entry, knowledge, clinic).items()})
    return out.getvalue()


def read_signed(text: str, knowledge: Knowledge, today: date | None = None) -> SignedList:
    """Read a signed list. Args: the CSV's text; today, for dates that lie ahead.

    Returns: the signatures and the comments. Errors: ReviewError with a finding for each row that does not fit.
    """
    today = today or date.today()
    text = text.removeprefix("\ufeff")
    delimiter = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        columns = rows.fieldnames or ()
    except csv.Error as error:
        raise ReviewError([f"the list cannot be read ({error}): save it as CSV in UTF-8"]) from error
    missing = [c for c in ("id", "version", "decision", "reviewed_by", "reviewed_on", "next_review") if c not in columns]
    if missing:
        raise ReviewError([f"the list has no column {', '.join(missing)}: use the file that `askfirst review` wrote"])
    findings: list[str] = []
    signatures: list[Signature] = []
    comments: list[tuple[str, str]] = []
    seen: set[str] = set()
    for number, raw in enumerate(_rows(rows), 2):
        cells = {k: (v or "").strip() for k, v in raw.items() if isinstance(k, str) and (v is None or isinstance(v, str))}
        entry_id, decision = cells.get("id", ""), cells.get("decision", "").lower()
        entry = knowledge.entries.get(entry_id)
        where = f"row {number} ({entry_id or 'no id'})"
        if not any(cells.values()):
            continue
        if entry is None:
            findings.append(f"{where}: there is no entry with this id; leave the column id as it was")
        elif entry_id in seen:
            findings.append(f"{where}: the entry stands twice; keep one row")
        elif decision not in DECISIONS:
            findings.append(f"{where}: the decision '{decision}' is not known; write agree, change, or nothing")
        elif decision == AGREE:
            signature, wrong = _signature(entry, cells, today)
            findings += [f"{where}: {w}" for w in wrong]
            if signature is not None:
                signatures.append(signature)
        if entry is not None and decision != AGREE and cells.get("comment"):
            comments.append((entry_id, cells["comment"]))
        seen.add(entry_id)
    if findings:
        raise ReviewError(findings)
    return SignedList(tuple(signatures), tuple(comments))


def _rows(reader: csv.DictReader[str]) -> Iterator[dict[str, Any]]:
    """The rows. Errors: ReviewError for a file that is no list at all."""
    try:
        yield from reader
    except csv.Error as error:
        raise ReviewError([f"the list cannot be read ({error}): save it as CSV in UTF-8"]) from error


def _signature(entry: Entry, cells: dict[str, str], today: date) -> tuple[Signature | None, list[str]]:
    wrong = []
    if cells["version"] != entry.fingerprint:
        wrong.append("the text has changed since this list was made; make a new list and read it again")
    if len(cells["reviewed_by"]) < 3:
        wrong.append("reviewed_by names nobody; write the clinician's name and role")
    dates: dict[str, date | None] = {}
    for column in ("reviewed_on", "next_review"):
        try:
            dates[column] = date.fromisoformat(cells[column]) if cells[column] else None
        except ValueError:
            dates[column] = None
            wrong.append(f"{column} '{cells[column]}' is not a date like 2026-11-30")
    on = dates["reviewed_on"]
    if not cells["reviewed_on"]:
        wrong.append("reviewed_on is empty; write the day of the review, like 2026-11-30")
    if on and on > today:
        wrong.append(f"reviewed_on {on} lies ahead")
    due = dates["next_review"] or (on + timedelta(days=REVIEW_DAYS) if on else None)
    if on and due and due <= on:
        wrong.append(f"next_review {due} is not after the review")
    if wrong or on is None or due is None:
        return None, wrong
    return Signature(entry.id, cells["reviewed_by"], on.isoformat(), due.isoformat(), entry.fingerprint), []


def apply(signed: SignedList, folder: Path) -> list[str]:
    """Write the signatures into the `review` blocks of data/knowledge. No other character of a file changes.

    Every file is prepared before the first one is written. Returns: the ids that were signed. Errors: ReviewError.
    """
    wanted = {s.entry_id: s for s in signed.signatures}
    changed: list[tuple[Path, str]] = []
    done: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        text = path.read_bytes().decode("utf-8")  # line ends stay as they are
        spots: list[tuple[int, int, str]] = []
        for entry_id, start, end in _review_spots(text):
            signature = wanted.get(entry_id)
            if signature is not None:
                spots.append((start, end, _block(signature)))
                done.append(entry_id)
        for start, end, block in sorted(spots, reverse=True):
            text = text[:start] + block + text[end:]
        if spots:
            changed.append((path, text))
    lost = sorted(set(wanted) - set(done))
    if lost:
        raise ReviewError([f"{entry_id}: its entry has no review: block; add one (docs/content.md)" for entry_id in lost])
    for path, text in changed:
        write_text_safely(path, text)
    return done


def _review_spots(text: str) -> list[tuple[str, int, int]]:
    """(entry id, start, end) of the value of each `review:` in a file of entries, as offsets in its text."""
    root = yaml.compose(text, PARSER)
    out = []
    for item in root.value if isinstance(root, yaml.SequenceNode) else ():
        fields = {key.value: value for key, value in item.value} if isinstance(item, yaml.MappingNode) else {}
        if "id" in fields and "review" in fields:
            key, review = next((k, v) for k, v in item.value if k.value == "review")
            # The space behind "review:" is written anew, so that an empty one is filled well too.
            start = text.index(":", key.end_mark.index) + 1
            out.append((fields["id"].value, start, max(start, _end_of(review))))
    return out


def _end_of(node: yaml.Node) -> int:
    """Where a value ends in the text. The mark of a block stands behind the remarks that follow it, so its last value is asked."""
    while isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node.end_mark.index


def _block(signature: Signature) -> str:
    name = json.dumps(signature.reviewed_by, ensure_ascii=False)
    return (
        f" {{reviewed_by: {name}, reviewed_on: '{signature.reviewed_on}', next_review: '{signature.next_review}', "
        f"of: {signature.version}}}"
    )
