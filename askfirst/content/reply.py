"""The Reply: the one shape in which anything reaches a patient, on every channel (docs/contracts.md, "Reply")."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = ("answer", "urgent", "boundary", "clarify", "fallback", "smalltalk", "handoff", "menu")

# Kinds that carry health information: they cannot be built without naming whom to ask and what (guarantee G1).
HEALTH_KINDS = frozenset({"answer"})

# Strictest first (evidence base 0.1, rule 13).
VERDICTS = ("URGENT", "NO", "NOT-THERE", "ASK", "ADJUST")


class ReplyError(ValueError):
    """A reply that would break a guarantee. It is a defect of our code or content, never of the patient's message."""


@dataclass(frozen=True)
class Button:
    """One choice offered with a reply. `choice` is an internal payload until a channel stores it and gives it an id."""

    title: str
    choice: str


@dataclass(frozen=True)
class Source:
    """One source shown with an answer. `year` is None where the evidence base names none."""

    key: str
    title: str
    publisher: str
    year: int | None
    url: str


@dataclass(frozen=True)
class Reply:
    """What the assistant says in one turn.

    Fields, as in docs/contracts.md: `kind` (one of KINDS), `topics` (entry ids), `verdict` (one of VERDICTS or None),
    `limits` (dicts with where | firmness | heat | position | until, and code), `red_flag` (such as 'R21') and `tier`
    (1, 2, 3) for urgent replies, `text` (facts and limits, paragraphs parted by one newline, no ask), `reminder` (whom to
    ask and what, exactly one in a health reply), `team_question` (the sentence to take along), `sources`, `certainty` (how sure, in a sentence), `reviewed`
    ({'reviewed_on', 'reviewed_by'} or None: not yet reviewed by a clinician), `buttons`, `lang`, `content_version`, `lowered`
    ({'red_flag', 'by'} where a red flag was only asked about, denied or past, so that the text says what to do if it comes; else None).
    """

    kind: str
    text: str
    topics: tuple[str, ...] = ()
    verdict: str | None = None
    limits: tuple[dict[str, str], ...] = ()
    red_flag: str | None = None
    tier: int | None = None
    reminder: str | None = None
    reminder_id: str | None = None
    team_question: str | None = None
    sources: tuple[Source, ...] = ()
    certainty: str | None = None
    reviewed: dict[str, str] | None = None
    buttons: tuple[Button, ...] = ()
    lang: str = "en"
    content_version: str = ""
    phone_links: tuple[dict[str, str], ...] = field(default=())
    lowered: dict[str, str] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ReplyError(f"unknown kind of reply '{self.kind}'; use one of {', '.join(KINDS)}")
        if not self.text.strip():
            raise ReplyError(f"a reply of kind '{self.kind}' has no text")
        if self.verdict is not None and self.verdict not in VERDICTS:
            raise ReplyError(f"unknown verdict '{self.verdict}'; use one of {', '.join(VERDICTS)}")
        if self.kind in HEALTH_KINDS and not (self.reminder and self.reminder.strip()):
            raise ReplyError(f"the health reply on {', '.join(self.topics) or 'no topic'} names no one to ask (G1)")
        if self.kind == "urgent":
            if self.tier not in (1, 2, 3) or not self.red_flag:
                raise ReplyError("an urgent reply needs its red flag and its tier")
            if self.reminder or self.team_question:
                raise ReplyError("an urgent reply carries no reminder: only the action and the number (G2)")
        elif self.red_flag or self.tier:
            raise ReplyError(f"a reply with the red flag {self.red_flag} must have the kind 'urgent'")

    def as_dict(self) -> dict[str, Any]:
        """The JSON form that stands under `custom` on REST and in the tracker."""
        return _lists(asdict(self))

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Reply:
        """Read the JSON form back. Errors: ReplyError for a shape that is not a Reply's."""
        try:
            fields = dict(data)
            for name in ("topics",):
                fields[name] = tuple(fields.get(name) or ())
            fields["limits"] = tuple(fields.get("limits") or ())
            fields["phone_links"] = tuple(fields.get("phone_links") or ())
            fields["sources"] = tuple(Source(**s) for s in fields.get("sources") or ())
            fields["buttons"] = tuple(Button(**b) for b in fields.get("buttons") or ())
            return Reply(**fields)
        except TypeError as error:
            raise ReplyError(f"not a reply: {error}") from error


def _lists(value: Any) -> Any:
    """Tuples as lists, as JSON has them, so that a Reply reads the same before and after a store."""
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_lists(item) for item in value]
    return value
