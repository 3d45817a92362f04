"""`make setup`: asks about the clinic and writes data/clinic.yml, all of it or nothing."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

from askfirst.content.clinic import DAYS, REGIONS, read_clinic, write_text_safely

# slot, question, what an empty answer means
_PHONES = (
    ("clinic_phone", "The clinic's phone number", "patients read 'your clinic'"),
    ("cancer_helpline_24h", "The 24-hour line for people on treatment", "patients read 'the 24-hour number your hospital gave you'"),
    ("urgent_advice_line", "The line for urgent medical advice", "patients read 'your local urgent medical advice line'"),
    ("crisis_line", "A crisis line for people who may harm themselves", "patients read 'a crisis line in your country'"),
    ("assault_support_line", "A support line after sexual assault", "patients read 'a sexual assault support line in your country'"),
    ("child_helpline", "A child helpline", "patients read 'a child helpline in your country'"),
)


def ask_and_write(path: Path, ask: Callable[[str], str], say: Callable[[str], object]) -> int:
    """Ask the questions and write the file. Args: path; ask, reads one answer; say, prints a line.

    Returns: 0 when it was written; 1 when the answers do not make a usable file, end too early or cannot be written
    (nothing is changed then). Errors: KeyboardInterrupt on Ctrl-C, before anything is written.
    """
    try:
        return _dialogue(path, lambda question: _clean(ask(question)), say)
    except EOFError:
        say("\nThe answers ended too early; nothing was written.")
    except UnicodeDecodeError:
        say("\nThis answer is not UTF-8 text; nothing was written.\n  What to do: set the terminal to UTF-8 and start again.")
    except OSError as error:
        say(f"\n{path} cannot be written ({error.strerror}); nothing was changed.\n  What to do: check the rights of its folder.")
    return 1


def _clean(answer: str) -> str:
    """An answer without what keys such as the arrows leave in it, and without bytes that are no characters."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in answer).strip()


def _dialogue(path: Path, ask: Callable[[str], str], say: Callable[[str], object]) -> int:
    say("This writes data/clinic.yml. Press Enter to leave a question empty; Ctrl-C stops and changes nothing.\n")
    name = _needed(ask, say, "Name of the clinic: ")
    region = _one_of(ask, say, f"Region, for the emergency number ({', '.join(REGIONS)}; empty if it is another): ", (*REGIONS, ""), str.upper)
    spelling = _one_of(ask, say, "Spelling (en-GB or en-US) [en-GB]: ", ("en-GB", "en-US", ""), str) or "en-GB"
    zone = ask("Time zone, such as America/New_York [Europe/London]: ") or "Europe/London"
    phones: dict[str, dict[str, str]] = {}
    if not region:
        number = ask("The emergency number where you are: ")
        if number:
            phones["emergency_number"] = {"label": "", "number": number}
    for slot, question, empty in _PHONES:
        number = ask(f"{question} (empty: {empty}): ")
        if number:
            label = ask("   Words said before it, such as 'the ward' (may be empty): ")
            phones[slot] = {"label": label, "number": number}
    route = ask("Text or relay route to the emergency service, for people who cannot speak (may be empty): ")
    hours = {day: ask(f"Open on {day.capitalize()} (such as 9:00-17:00; empty: closed): ") for day in DAYS}
    privacy = ask("Whom do patients ask about their data? ")
    complaints = ask("Where do patients complain about a therapist or service? (may be empty) ")
    mode = _one_of(ask, say, "Mode (demo, pilot, production) [pilot]: ", ("demo", "pilot", "production", ""), str.lower) or "pilot"
    text = _text(name, mode, region, spelling, zone, phones, route, hours, privacy, complaints)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "clinic.yml"
        trial.write_text(text, encoding="utf-8")
        _, problems = read_clinic(trial, Path(folder))
    if problems:
        say("\nThese answers do not work yet; nothing was written:")
        for problem in problems:
            say(f"- {problem.message}\n  What to do: {problem.remedy}")
        return 1
    write_text_safely(path, text)
    say(f"\nWritten: {path}. It counts at once; a change of mode needs a restart.")
    if mode != "demo":
        say("Outside demo mode the server needs ASKFIRST_SECRET (docs/operations.md).")
    return 0


def _needed(ask: Callable[[str], str], say: Callable[[str], object], question: str) -> str:
    while True:
        answer = ask(question)
        if answer:
            return answer
        say("This one is needed.")


def _one_of(
    ask: Callable[[str], str], say: Callable[[str], object], question: str, allowed: tuple[str, ...], fold: Callable[[str], str]
) -> str:
    while True:
        answer = fold(ask(question))
        if answer in allowed:
            return answer
        say(f"Please write one of: {', '.join(a for a in allowed if a)}.")


def _quoted(text: str) -> str:
    """A text as YAML reads it back in every version: JSON's quotes are YAML's, but for characters that YAML calls unseen."""
    return re.sub("[\ufeff\ufffe\uffff]", lambda match: f"\\u{ord(match.group()):04x}", json.dumps(text, ensure_ascii=False))


def _text(
    name: str, mode: str, region: str, spelling: str, zone: str, phones: dict[str, dict[str, str]], route: str,
    hours: dict[str, str], privacy: str, complaints: str,
) -> str:
    lines = [
        "# This clinic. Changes here count at once; nothing has to be trained or restarted (but for `mode`).",
        f"name: {_quoted(name)}",
        f"mode: {mode}                 # demo | pilot | production  (docs/operations.md says what each one checks)",
        f"region: {region or _quoted('')}",
        f"spelling: {spelling}",
        f"timezone: {_quoted(zone)}",
        "",
        "# Numbers in quotes. `label` is said before the number.",
        "phones:",
    ]
    for slot in ("clinic_phone", "emergency_number", *(s for s, _, _ in _PHONES[1:])):
        phone = phones.get(slot)
        value = f"{{label: {_quoted(phone['label'])}, number: {_quoted(phone['number'])}}}" if phone else _quoted("")
        lines.append(f"  {slot}: {value}")
    lines += ["", f"emergency_text_route: {_quoted(route)}", "", "hours:"]
    opened = [f"  {day}: {_quoted(span)}" for day, span in hours.items() if span]
    lines += opened or ["  # none given"]
    lines += ["", f"privacy_contact: {_quoted(privacy)}", f"complaints_contact: {_quoted(complaints)}", 'service_name: ""']
    return "\n".join(lines) + "\n"
