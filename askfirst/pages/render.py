"""Pages as the server writes them: plain HTML, one style sheet, no script at all.

Everything a page shows of a message or a reply goes through here. The templates only place what `_Card` holds, so the
rules of what may be shown stand in Python: an urgent card never has a reminder or sources (guarantee G2), a health
answer without its ask is not shown (G1), and only http and https addresses become links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from askfirst.content.reply import HEALTH_KINDS

_HERE = Path(__file__).parent
_CLINIC_KEYS = (
    "name",
    "phone",
    "phone_href",
    "hours",
    "emergency_number",
    "emergency_href",
    "emergency_text_route",
    "mode",
    "privacy_contact",
    "spelling",
)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# The first words of an urgent card say how soon, so that colour is never the only sign (tiers: design 4, "Reply").
_HOW_SOON = {1: "Emergency", 2: "Urgent: call now", 3: "Get help today"}
# Evidence base 3: every urgent reply ends with this; the renderer adds it when the text does not hold it.
_NO_CHECK = "I cannot check symptoms."
# C0 and C1 controls and lone surrogates have no place in a page and some of them break it. Tab and newline stay.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIAL = re.compile(r"(?:(tel|sms):)?(\+?[0-9*#][0-9*#.() \-]+)", re.IGNORECASE)
# The end of a sentence: a stop (and closing quotes) before a space, but not after a short form of a title or place.
_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bSt)(?<!\bMr)(?<!\bMs)(?<!\bMrs)[.!?]['\"’”)]*(?=\s)")


@dataclass(frozen=True)
class Turn:
    """One thing said. `reply` is `Reply.as_dict()` for what the assistant said; `text` is used when it is None."""

    who: str  # 'patient' | 'assistant'
    text: str = ""
    reply: dict[str, Any] | None = None


@dataclass(frozen=True)
class ChatView:
    """All that the chat page shows.

    `choices` are (id, title) of the last reply, `suggestions` are first questions shown while there is no turn, `error`
    is a sentence for the patient, `draft` is the text kept after an error, `base_path` is a prefix such as '/massage'.
    """

    clinic: dict[str, Any]
    turns: tuple[Turn, ...]
    token: str
    nonce: str
    choices: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    error: str | None = None
    draft: str = ""
    max_chars: int = 2000
    base_path: str = ""
    ended: bool = False


@dataclass(frozen=True)
class _Card:
    """One turn, ready to be placed. `style` is you | answer | urgent | plain; `heading` only on an urgent card."""

    style: str
    who: str
    paragraphs: tuple[str, ...]
    lang: str = ""
    how_soon: str = ""
    heading: str = ""
    reminder: str = ""
    team_question: str = ""
    sources: tuple[dict[str, Any], ...] = ()
    certainty: str = ""
    checked_by: str = ""  # a name, with checked_on; both '' when not reviewed
    checked_on: str = ""
    show_review: bool = False
    version: str = ""
    phone_links: tuple[dict[str, str], ...] = ()
    text_route: bool = False
    clinic_phone: bool = False
    past_options: tuple[str, ...] = field(default=())
    latest: bool = False


def chat_page(view: ChatView) -> str:
    """The page at /chat. The form sends `token`, `nonce` and `text` or `choice`; the small form sends `do`."""
    error = _clean(view.error or "").strip()
    clinic = _clinic(view.clinic)
    cards = _cards(view.turns, clinic["spelling"], error=bool(error))
    return _page(
        "chat.html",
        view.base_path,
        clinic,
        cards=cards,
        token=_clean(view.token),
        nonce=_clean(view.nonce),
        choices=[(_clean(key), _clean(title)) for key, title in view.choices] if cards else [],
        suggestions=[_clean(text) for text in view.suggestions] if not cards else [],
        error=error,
        draft=_clean(view.draft),
        max_chars=view.max_chars,
        ended=view.ended,
        after_urgent=bool(cards) and cards[-1].style == "urgent",
        show_review=clinic["mode"] != "production" and not any(card.checked_by for card in cards),
    )


def demo_page(clinic: dict[str, Any], base_path: str = "", closed_reason: str | None = None) -> str:
    """The front page of the made-up clinic. With `closed_reason` the panel says why the chatbot is closed: no link."""
    shown = _clinic(clinic)
    real_name = re.sub(r"^\s*demo\s*:\s*|\s*\(demo\)\s*$", "", shown["name"], flags=re.IGNORECASE).strip()
    shown["name"] = real_name or shown["name"]
    return _page("demo.html", base_path, shown, closed_reason=_clean(closed_reason or "").strip())


def message_page(title: str, text: str, clinic: dict[str, Any], base_path: str = "", status_hint: str = "") -> str:
    """A short page for 'not found', 'busy' and the like. `status_hint` is one small line such as 'Error 404'."""
    return _page(
        "message.html",
        base_path,
        _clinic(clinic),
        title=_clean(title),
        paragraphs=_paragraphs(text),
        status_hint=_clean(status_hint),
    )


def reply_card(reply: dict[str, Any], spelling: str) -> _Card:
    """One reply by itself, outside a conversation. Args: Reply.as_dict(); the clinic's spelling, for dates."""
    return _card(Turn("assistant", reply=reply), spelling, latest=False, is_last=True)


def topic_page(
    title: str, card: _Card, signs: str, links: list[tuple[str, str]], noindex: bool, clinic: dict[str, Any], base_path: str = ""
) -> str:
    """The page of one entry. `signs`: of an emergency, what it is about; `links` are (id, title) of what to read next."""
    return _page(
        "topic.html", base_path, _clinic(clinic), title=_clean(title), card=card, signs=_clean(signs), noindex=noindex,
        links=[(key, _clean(text)) for key, text in links],
    )


def topic_index_page(
    parts: list[tuple[str, list[tuple[str, str]]]], noindex: bool, clinic: dict[str, Any], base_path: str = ""
) -> str:
    """All topics: (heading, [(id, title)]) in the order in which they are shown."""
    shown = [(heading, [(key, _clean(text)) for key, text in items]) for heading, items in parts]
    return _page("topics.html", base_path, _clinic(clinic), parts=shown, noindex=noindex)


def css() -> bytes:
    """The style sheet, served at {base_path}/static/askfirst.css as text/css; charset=utf-8."""
    return (_HERE / "static" / "askfirst.css").read_bytes()


def split_first_sentence(text: str) -> tuple[str, str]:
    """The first sentence of a text and the rest, both stripped. The first sentence of an urgent text is its action."""
    text = text.strip()
    head, newline, tail = text.partition("\n")
    end = _SENTENCE_END.search(head)
    if end:
        return head[: end.end()].strip(), (head[end.end() :] + newline + tail).strip()
    return head.strip(), tail.strip()


def safe_url(url: Any) -> str:
    """The address if it is http or https with a host, else ''."""
    text = str(url or "").strip()
    if re.search(r"[\s\x00-\x20\\]", text):
        return ""
    try:
        parts = urlsplit(text)
        return text if parts.scheme.lower() in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def safe_phone(href: Any) -> str:
    """A tel: or sms: link with nothing but a number in it, else ''."""
    match = _DIAL.fullmatch(str(href or "").strip())
    if not match:
        return ""
    number = re.sub(r"[^0-9+*#]", "", match.group(2))
    return f"{(match.group(1) or 'tel').lower()}:{number.replace('#', '%23')}" if len(number) >= 2 else ""


def say_date(iso: Any, spelling: str) -> str:
    """'2025-03-04' as '4 March 2025' (en-GB) or 'March 4, 2025' (en-US); '' for what is not a date."""
    try:
        day = date.fromisoformat(str(iso)[:10])
    except ValueError:
        return ""
    month = _MONTHS[day.month - 1]
    return f"{month} {day.day}, {day.year}" if spelling == "en-US" else f"{day.day} {month} {day.year}"


def _clean(text: Any) -> str:
    """Text without characters that have no place in a page."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def _paragraphs(text: Any) -> tuple[str, ...]:
    return tuple(part.strip() for part in _clean(text).split("\n") if part.strip())


def _clinic(clinic: dict[str, Any]) -> dict[str, Any]:
    """The clinic's own words, with an empty text for what it left out and only numbers in its links."""
    shown: dict[str, Any] = {key: _clean(clinic.get(key) or "").strip() for key in _CLINIC_KEYS}
    shown["spelling"] = shown["spelling"] if shown["spelling"] in ("en-GB", "en-US") else "en-GB"
    shown["emergency_number"] = shown["emergency_number"] or "your local emergency number"
    # The line on top has no room for "(for example 112, 911 or 999)"; the page below it has.
    shown["emergency_short"] = re.sub(r"\s*\([^)]*\)", "", shown["emergency_number"]) or shown["emergency_number"]
    shown["emergency_href"] = safe_phone(shown["emergency_href"])
    shown["phone_href"] = safe_phone(shown["phone_href"])
    shown["hours_lines"] = [part.strip() for part in re.split(r"[;\n]", shown["hours"]) if part.strip()]
    return shown


def _cards(turns: tuple[Turn, ...], spelling: str, error: bool) -> list[_Card]:
    """All turns as cards. The first reply after the last question is `latest`, unless an error takes that place."""
    first_new: int | None = None
    for position, turn in enumerate(turns):
        if turn.who != "patient" and (position == 0 or turns[position - 1].who == "patient"):
            first_new = position
    if first_new is None and turns:
        first_new = len(turns) - 1
    last_reply = max((at for at, turn in enumerate(turns) if turn.who != "patient"), default=-1)
    return [
        _card(turn, spelling, latest=at == first_new and not error, is_last=at == last_reply)
        for at, turn in enumerate(turns)
    ]


def _card(turn: Turn, spelling: str, latest: bool, is_last: bool) -> _Card:
    if turn.who == "patient":
        return _Card("you", "You", _paragraphs(turn.text), latest=latest)
    reply = turn.reply
    if not reply:
        return _Card("plain", "AskFirst", _paragraphs(turn.text), latest=latest)
    kind = str(reply.get("kind") or "")
    text = _clean(reply.get("text") or "")
    lang = str(reply.get("lang") or "")
    lang = lang if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", lang) and not lang.startswith("en") else ""
    links = tuple(
        {"label": _clean(link.get("label") or link.get("href") or ""), "href": safe_phone(link.get("href"))}
        for link in reply.get("phone_links") or ()
    )
    if kind == "urgent":
        heading, rest = split_first_sentence(text)
        if "cannot check symptoms" not in text.lower():
            rest = f"{rest}\n{_NO_CHECK}"
        how_soon = _HOW_SOON.get(reply.get("tier") or 1, _HOW_SOON[1])
        return _Card(
            "urgent",
            "AskFirst",
            _paragraphs(rest),
            lang=lang,
            how_soon=how_soon,
            heading=heading,
            phone_links=links,
            text_route=reply.get("tier") in (None, 1),
            latest=latest,
        )
    reminder = _clean(reply.get("reminder") or "").strip()
    if kind in HEALTH_KINDS and not reminder:
        # Only a damaged store can bring this here: the reply builder cannot make it. Never show the facts alone (G1).
        sorry = "This answer cannot be shown. Please ask your medical team, or call the clinic."
        return _Card("plain", "AskFirst", (sorry,), clinic_phone=True, latest=latest)
    checked_by, checked_on = _checked(reply.get("reviewed"), spelling)
    return _Card(
        "answer" if kind in HEALTH_KINDS else "plain",
        "AskFirst",
        _paragraphs(text),
        lang=lang,
        reminder=reminder,
        team_question=_clean(reply.get("team_question") or "").strip(),
        sources=tuple(_source(source) for source in reply.get("sources") or ()),
        certainty=_clean(reply.get("certainty") or "").strip(),
        checked_by=checked_by,
        checked_on=checked_on,
        show_review=kind in HEALTH_KINDS,
        version=_clean(reply.get("content_version") or "") if kind in HEALTH_KINDS else "",
        phone_links=links,
        clinic_phone=kind == "handoff",
        past_options=() if is_last or kind not in ("clarify", "menu") else _options(reply),
        latest=latest,
    )


def _options(reply: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_clean(button.get("title") or "") for button in reply.get("buttons") or () if button.get("title"))


def _source(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": _clean(source.get("title") or source.get("key") or "Source"),
        "publisher": _clean(source.get("publisher") or ""),
        "year": _clean(source.get("year") or "no year given"),
        "url": safe_url(source.get("url")),
    }


def _checked(reviewed: Any, spelling: str) -> tuple[str, str]:
    """Who checked and when, in words. Two empty texts unless both are given: half a review is none (G6)."""
    if not isinstance(reviewed, dict):
        return "", ""
    name = _clean(reviewed.get("reviewed_by") or "").strip()
    day = say_date(reviewed.get("reviewed_on"), spelling)
    return (name, day) if name and day else ("", "")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one place where templates are loaded: everything is escaped, and a name that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment


def _page(template: str, base_path: str, clinic: dict[str, Any], **values: Any) -> str:
    base = "/" + base_path.strip("/") if base_path.strip("/") else ""
    return environment().get_template(template).render(base=_clean(base), clinic=clinic, **values)
