"""Builds urgent replies: the action and the number first, nothing about massage, no reminder (G2, evidence base 3).

It needs red_flags.yml (compiled or not) and the clinic's slots, and nothing else: no model, no database, no knowledge base.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from askfirst.content.clinic import NEUTRAL, Clinic
from askfirst.content.reply import Button, Reply

CANNOT_CHECK = "I cannot check symptoms."
# What may follow an urgent reply, and nothing else (evidence base 3, "Behaviour").
NEXT_STEPS = (
    Button("I have called", "urgent:called"),
    Button("I need the number again", "urgent:number"),
    Button("I pressed this by mistake", "urgent:mistake"),
)
# When the red-flag file itself cannot be read: still an action and a number (G2, "even when ... missing").
LAST_RESORT_ID = "R00"
LAST_RESORT = {
    "id": LAST_RESORT_ID,
    "tier": 1,
    "say": "Call {emergency_number} now if you feel very unwell or it came on suddenly. "
    "Or call {cancer_helpline_24h} now.",
}
# After an emergency word of another language: short words that may be understood all the same.
FOREIGN = "Call {emergency_number} now, or {cancer_helpline_24h}. I can only answer in English."
# Before the wording of a red flag that is only asked about.
IF_IT_HAPPENS = "If this happens:"
# After an answer to somebody who denies a sign; a flag may have its own (`net` in red_flags.yml).
NET = "If that changes, or you feel very unwell, call {emergency_number} or {cancer_helpline_24h} now."
# Evidence base 5.20 and 5.21; the entries of the knowledge base hold the same.
CALL_ANYWAY = {
    "will_wait": "Please call now. You are not bothering anyone, and this is what the line is for, day and night. "
    "If no one answers, call {emergency_number}.",
    "cannot_call": "Ask someone near you to call, or go to the nearest emergency department now. Emergency calls are free in many "
    "places. You can ask for an interpreter. You can also use a text or relay service.",
    "no_answer": "If no one answers, call {emergency_number} now.",
}
_ENTRY_OF = {"will_wait": "will_not_call", "cannot_call": "cannot_call"}
_SLOT = re.compile(r"\{([a-z_0-9]+)\}")
# Said on the button of a number, where the slot's own words would be long.
_LABELS = {
    "emergency_number": "Call {}",
    "cancer_helpline_24h": "Call the 24-hour line: {}",
    "urgent_advice_line": "Call for urgent advice: {}",
    "crisis_line": "Call the crisis line: {}",
    "assault_support_line": "Call the support line: {}",
    "child_helpline": "Call the child helpline: {}",
}


def flag_by_id(red_flags: dict[str, Any], red_flag: str) -> dict[str, Any]:
    """The block of one red flag; the last resort when the file does not hold it."""
    for flag in red_flags.get("flags", ()):
        if flag.get("id") == red_flag:
            return flag
    return LAST_RESORT


def urgent_reply(
    red_flags: dict[str, Any],
    red_flag: str,
    clinic: Clinic,
    *,
    variant: str | None = None,
    content_version: str = "",
) -> Reply:
    """The reply to a red flag.

    Args: red_flags, the content of red_flags.yml; red_flag, such as 'R21'; clinic, fills the slots; variant, the id of
    another wording of the same flag (R20 without a known treatment).
    Returns: a Reply of kind 'urgent', with tap-to-call links for each number that it names. Never raises for missing content.
    """
    flag = flag_by_id(red_flags, red_flag)
    say = str(flag.get("say") or LAST_RESORT["say"])
    follow = flag.get("follow") or ""
    for other in flag.get("variants") or ():
        if variant and other.get("id") == variant:
            say, follow = other.get("say") or say, other.get("follow") or follow
    lines = [" ".join(say.split())]
    if follow:
        lines.append(" ".join(follow.split()))
    text_said = " ".join(lines)
    slots = list(dict.fromkeys(_SLOT.findall(text_said)))
    if clinic.emergency_text_route and flag.get("tier") == 1:
        lines.append(f"If you cannot speak on the phone: {clinic.emergency_text_route}.")
    if "I cannot check symptoms" not in text_said and flag.get("id") not in ("R15", "A35"):
        lines.append(CANNOT_CHECK)
    return Reply(
        kind="urgent",
        text="\n".join(_fill(line, clinic) for line in lines),
        red_flag=flag.get("id") or red_flag,
        tier=int(flag.get("tier") or 1),
        verdict="URGENT",
        buttons=NEXT_STEPS,
        content_version=content_version,
        phone_links=tuple(_links(slots, clinic)),
    )


def foreign_reply(say: str, clinic: Clinic, content_version: str = "") -> Reply:
    """The reply to an emergency word of another language (evidence base 3.6, rule 9): the number first, in plain English.

    Args: say, the fixed sentence in that language, '' where none may be shown.
    """
    lines = [FOREIGN, *([say] if say else [])]
    return Reply(
        kind="urgent",
        text="\n".join(_fill(line, clinic) for line in lines),
        red_flag=LAST_RESORT_ID,
        tier=1,
        verdict="URGENT",
        buttons=NEXT_STEPS,
        content_version=content_version,
        phone_links=tuple(_links(["emergency_number", "cancer_helpline_24h"], clinic)),
    )


def asked_about(red_flags: dict[str, Any], red_flag: str, clinic: Clinic, variant: str | None = None) -> tuple[str, list[dict[str, str]]]:
    """A red flag that is only asked about, in "if" form (evidence base 3.6, rule 3).

    Args: red_flags, the content of red_flags.yml; red_flag, such as 'R21'; variant, as in `urgent_reply`.
    Returns: the text, and links to call the numbers that it names. Never raises for missing content.
    """
    flag = flag_by_id(red_flags, red_flag)
    say = str(flag.get("say") or LAST_RESORT["say"])
    for other in flag.get("variants") or ():
        if variant and other.get("id") == variant:
            say = other.get("say") or say
    say = " ".join(str(flag.get("if_say") or f"{IF_IT_HAPPENS} {say}").split())
    return _fill(say, clinic), _links(list(dict.fromkeys(_SLOT.findall(say))), clinic)


def safety_net(red_flags: dict[str, Any], red_flag: str, clinic: Clinic) -> str:
    """One line for a sign that is denied or over: the answer goes on, and the number stays in sight (evidence base 3.6, rule 2)."""
    return _fill(" ".join(str(flag_by_id(red_flags, red_flag).get("net") or NET).split()), clinic)


def _fill(text: str, clinic: Clinic) -> str:
    """As Clinic.fill, but an unknown slot gives the emergency number's words instead of an error: an urgent reply must come out."""
    return _SLOT.sub(
        lambda m: clinic.slot(m.group(1)) if m.group(1) in NEUTRAL else clinic.slot("emergency_number"), clinic.spell(text)
    )


def _links(slots: list[str], clinic: Clinic) -> list[dict[str, str]]:
    links = []
    for slot in slots or ["emergency_number"]:
        href = clinic.href(slot) if slot in NEUTRAL else ""
        if href:
            phone = clinic.phones.get(slot)
            number = clinic.slot(slot)
            if slot == "emergency_number":
                number = href.removeprefix("tel:")
            elif phone and phone.number not in phone.label:
                number = phone.number
            links.append({"label": _LABELS.get(slot, "Call {}").format(number), "href": href})
    return links


def call_anyway(full: Reply, said: str, clinic: Clinic, knowledge: Any = None) -> Reply:
    """What a person hears who will not or cannot call after an urgent reply (evidence base 5.20 and 5.21).

    Args: full, the urgent reply; said, 'will_wait', 'cannot_call' or 'no_answer'; knowledge, the Knowledge whose wording is used
    when it holds one (the words below are for the time when no release can be read).
    """
    entry = knowledge.entries.get(_ENTRY_OF[said]) if knowledge is not None and said in _ENTRY_OF else None
    lines = [" ".join(entry.facts[0].split()) if entry else CALL_ANYWAY[said]]
    if said == "cannot_call" and clinic.emergency_text_route:
        lines.append(f"If you cannot speak on the phone: {clinic.emergency_text_route}.")
    return replace(full, text="\n".join(_fill(line, clinic) for line in lines))


def waiting_reply(full: Reply, clinic: Clinic) -> Reply:
    """What a person hears who carries on a second time after an urgent reply: one line with the number and the ways out."""
    first = full.phone_links[0]["label"] if full.phone_links else f"Call {clinic.slot('emergency_number')}"
    return replace(
        full,
        text=f"{first}. Please call now, if you have not called yet. Then write: I called, the number again, or mistake.",
    )
