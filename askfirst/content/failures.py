"""What is said when something fails. These words stand in code because they must come out when all else is missing (G5).

Every one names the clinic's phone and, where a person may be ill, the emergency number.
"""

from __future__ import annotations

from askfirst.content.clinic import Clinic
from askfirst.content.reply import Reply

_ILL = "If you feel very unwell, call {emergency_number}."
TEXTS: dict[str, str] = {
    # an action or the store failed
    "failed": "Sorry, something went wrong and I cannot answer now. Please call {clinic_phone}. " + _ILL,
    # a time limit was passed, or the conversation is locked
    "busy": "Sorry, I could not answer in time. Please try again, or call {clinic_phone}. " + _ILL,
    # no release is loaded
    "not_ready": "Sorry, I am not ready to answer questions yet. Please try again later, or call {clinic_phone}. " + _ILL,
    "too_long": "That message is too long for me. Please ask in fewer words, up to 2,000 characters. " + _ILL,
    "nothing_written": "I did not see any words. Please write a few words about massage and your condition. " + _ILL,
    "slow_down": "That was a lot of messages at once. Please wait a minute and try again, or call {clinic_phone}. " + _ILL,
    "old_choice": "That choice is no longer open. Please write what you would like to know.",
}


def failure_reply(which: str, clinic: Clinic, content_version: str = "") -> Reply:
    """The reply for one kind of failure (a key of TEXTS; an unknown one gives 'failed'). Never raises."""
    text = clinic.fill(TEXTS.get(which, TEXTS["failed"]))
    links = []
    for slot in ("clinic_phone", "emergency_number"):
        href = clinic.href(slot)
        if "{" + slot + "}" in TEXTS.get(which, TEXTS["failed"]) and href:
            number = href.removeprefix("tel:") if slot == "emergency_number" else clinic.slot(slot)
            links.append({"label": f"Call {number}", "href": href})
    return Reply(kind="fallback", text=text, topics=(which,), content_version=content_version, phone_links=tuple(links))
