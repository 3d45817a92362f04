"""This clinic: data/clinic.yml, and the words that fill the slots of the texts.

The file is live: it is no part of a release, and a change counts within a second (askfirst/server.py watches it).
Empty slots give neutral words, never a blank and never a bare 111 without a region (evidence base 0 and 3).
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from askfirst.content.problems import ContentError, Problem, shown
from askfirst.content.spelling import Spelling, read_spelling
from askfirst.content.yaml_file import Mapping, read_yaml

MODES = ("demo", "pilot", "production")

# Evidence base 3, "Neutral emergency line". 111 is an emergency number in New Zealand only.
REGIONS: dict[str, tuple[str, str]] = {
    "GB": ("999 or 112", "999"),
    "IE": ("999 or 112", "112"),
    "US": ("911", "911"),
    "CA": ("911", "911"),
    "EU": ("112", "112"),
    "AU": ("000", "000"),
    "NZ": ("111", "111"),
}

# What is said where a clinic has left a slot empty (evidence base 0, "Slots").
NEUTRAL: dict[str, str] = {
    "emergency_number": "your local emergency number (for example 112, 911 or 999)",
    "emergency_text_route": "",
    "urgent_advice_line": "your local urgent medical advice line",
    "cancer_helpline_24h": "the 24-hour number your hospital gave you",
    "crisis_line": "a crisis line in your country",
    "assault_support_line": "a sexual assault support line in your country",
    "child_helpline": "a child helpline in your country",
    "service_name": "this service",
    "complaints_contact": "the service that gave the massage",
    "clinic_phone": "your clinic",
}
SLOTS = tuple(NEUTRAL)
# Slots that production must not leave empty: emergencies and the crisis line (design G6).
EMERGENCY_SLOTS = ("emergency_number", "urgent_advice_line", "cancer_helpline_24h", "crisis_line")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# A label stands in the middle of a sentence that ill people read, and combined answers have 90 words in all.
MAX_LABEL_WORDS = 6
_TIME = re.compile(r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$")
# One telephone number and nothing else: an area code may stand in brackets, and no other words.
_DIALLED = re.compile(r"^\+?[0-9 .\-\u00a0\u2011]*(?:\([0-9 ]+\)(?=[ \u00a0]?[0-9])[0-9 .\-\u00a0\u2011]*)?$")
_PROJECT_SPELLINGS = Path(__file__).resolve().parents[2] / "data" / "spelling.yml"
_SLOT = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True)
class Phone:
    """A number with the words around it. `label` may be empty; `number` may hold spaces."""

    number: str
    label: str = ""

    @property
    def phrase(self) -> str:
        """As said in a sentence after "call": "the ward on 01632 960 120"."""
        if self.label and self.number not in self.label:
            return f"{self.label} on {self.number}"
        return self.label or self.number

    @property
    def href(self) -> str:
        """A tel: link to the first number ("999 or 112": 999), '' when it is no plain number.

        Words beside the digits ('ext 5', '24 hours', letters of a keypad) would be dialled as digits, so they give no link.
        """
        first = re.split(r"\bor\b|,|/|;", self.number)[0].strip()
        if first.startswith("+"):
            first = first.replace("(0)", "")
        digits = re.sub(r"[^0-9+]", "", first)
        return f"tel:{digits}" if _DIALLED.match(first) and len(digits) >= 3 else ""


@dataclass(frozen=True)
class Clinic:
    """The clinic's own settings. `phones` maps slot names (SLOTS) to Phone; `hours` maps a day to 'HH:MM-HH:MM' texts."""

    name: str
    mode: str
    region: str
    spelling: str
    timezone: str
    phones: dict[str, Phone] = field(default_factory=dict)
    hours: dict[str, tuple[str, ...]] = field(default_factory=dict)
    service_name: str = ""
    complaints_contact: str = ""
    privacy_contact: str = ""
    emergency_text_route: str = ""
    fictional: bool = False
    spellings: Spelling = field(default_factory=Spelling)

    def spell(self, text: str) -> str:
        """A text of ours in this clinic's spelling; the clinic's own words (slots) are filled in afterwards and stay."""
        return self.spellings.american(text) if self.spelling == "en-US" else text

    @property
    def emergency(self) -> Phone:
        """The emergency number: the clinic's own, else the region's, else neutral words."""
        own = self.phones.get("emergency_number")
        if own and own.number:
            return own
        said, dialled = REGIONS.get(self.region, ("", ""))
        if said:
            return Phone(said if said != dialled else dialled)
        return Phone(NEUTRAL["emergency_number"])

    @property
    def emergency_href(self) -> str:
        """tel: link of the emergency number, '' when no region is known."""
        own = self.phones.get("emergency_number")
        if own and own.number:
            return own.href
        dialled = REGIONS.get(self.region, ("", ""))[1]
        return f"tel:{dialled}" if dialled else ""

    def slot(self, name: str) -> str:
        """The words for one slot of a text. Errors: KeyError for a name that is no slot."""
        if name == "emergency_number":
            return self.emergency.phrase
        if name == "emergency_text_route":
            return self.emergency_text_route
        if name == "service_name":
            return self.service_name or NEUTRAL[name]
        if name == "complaints_contact":
            return self.complaints_contact or NEUTRAL[name]
        phone = self.phones.get(name)
        if phone and phone.number:
            return phone.phrase
        return NEUTRAL[name]

    def href(self, name: str) -> str:
        """tel: link of a slot, '' when the slot is empty or holds no number."""
        if name == "emergency_number":
            return self.emergency_href
        phone = self.phones.get(name)
        return phone.href if phone else ""

    def fill(self, text: str) -> str:
        """A text of ours as this clinic's patients read it: in its spelling, with its words in the {slots}. Errors: KeyError names a slot that does not exist."""
        return _SLOT.sub(lambda match: self.slot(match.group(1)), self.spell(text))

    def hours_text(self) -> str:
        """Opening hours in one line, '' when none are given."""
        runs: list[tuple[str, str, str]] = []
        for day in DAYS:
            times = " and ".join(span.replace("-", " to ") for span in self.hours.get(day, ()))
            if not times:
                continue
            if runs and runs[-1][2] == times and DAYS.index(day) == DAYS.index(runs[-1][1]) + 1:
                runs[-1] = (runs[-1][0], day, times)
            else:
                runs.append((day, day, times))
        return "; ".join(
            f"{first.capitalize()} to {last.capitalize()}, {times}" if first != last else f"{first.capitalize()}, {times}"
            for first, last, times in runs
        )

    def is_open(self, now: datetime | None = None) -> bool | None:
        """Is the clinic open now, in its own time zone? None when it gives no hours."""
        if not self.hours:
            return None
        zone = ZoneInfo(self.timezone)
        local = now.astimezone(zone) if now else datetime.now(zone)
        clock = local.strftime("%H:%M")
        for span in self.hours.get(DAYS[local.weekday()], ()):
            start, end = span.split("-")
            if start.zfill(5) <= clock < end.zfill(5):
                return True
        return False


def read_mode(path: Path) -> str:
    """The mode that clinic.yml asks for, also when other settings of it cannot be used; '' when it names none."""
    data, _ = read_yaml(path)
    mode = data.get("mode") if isinstance(data, Mapping) else None
    return mode if mode in MODES else ""


def load_clinic(path: Path, root: Path | None = None) -> Clinic:
    """Read and check data/clinic.yml. Errors: ContentError with every finding (file, line, remedy)."""
    clinic, problems = read_clinic(path, root)
    if problems or clinic is None:
        raise ContentError(problems)
    return clinic


def read_clinic(path: Path, root: Path | None = None) -> tuple[Clinic | None, list[Problem]]:
    """Read data/clinic.yml. Returns: the clinic (None when unusable) and the findings."""
    data, problems = read_yaml(path, root)
    name = shown(path, root)
    if problems:
        return None, problems
    if not isinstance(data, Mapping):
        return None, [Problem(name, 1, "the file holds no settings", "run `make setup`, or restore it from git")]

    def bad(key: str, message: str, remedy: str) -> None:
        problems.append(Problem(name, data.line_of(key), message, remedy))

    known = {"name", "mode", "region", "spelling", "timezone", "phones", "hours", "service_name", "complaints_contact",
             "privacy_contact", "emergency_text_route", "fictional"}
    for key in data:
        if key not in known:
            bad(key, f"'{key}' is not a setting of the clinic", f"use one of: {', '.join(sorted(known))}")
    for key in ("service_name", "complaints_contact", "privacy_contact", "emergency_text_route"):
        if data.get(key) is not None and not isinstance(data[key], str):
            bad(key, f"'{key}' must be a text", "put it in quotes")
    if not isinstance(data.get("fictional", False), (bool, type(None))):
        bad("fictional", f"fictional is '{data['fictional']}'", "write true or false without quotes, or remove the line")
    if not isinstance(data.get("name"), str) or not data["name"].strip():
        bad("name", "the clinic has no name", "write the clinic's name after `name:`")
    if data.get("mode") not in MODES:
        bad("mode", f"mode is '{data.get('mode')}'", f"use one of: {', '.join(MODES)}")
    region = data.get("region") or ""
    if region and (not isinstance(region, str) or region not in REGIONS):
        bad("region", f"region '{region}' is not known", f"use one of {', '.join(REGIONS)}, or leave it empty and fill phones: emergency_number")
    if data.get("spelling") not in ("en-GB", "en-US"):
        bad("spelling", f"spelling is '{data.get('spelling')}'", "use en-GB or en-US")
    zone = str(data.get("timezone") or "")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        bad("timezone", f"the time zone '{zone}' is not known", "use a name such as Europe/London or America/New_York")
    phones: dict[str, Phone] = {}
    given = data.get("phones") or Mapping()
    if not isinstance(given, Mapping):
        bad("phones", "phones is not a list of names and numbers", "see the example in docs/operations.md")
        given = Mapping()
    for slot, value in given.items():
        line = given.line_of(slot)
        if slot not in SLOTS or slot in ("service_name", "complaints_contact", "emergency_text_route"):
            problems.append(Problem(name, line, f"'{slot}' is not a phone of the clinic",
                                    f"use one of: {', '.join(s for s in SLOTS if s.endswith(('number', 'line', '24h', 'helpline', 'phone')))}"))
            continue
        if value is None or value == "":
            continue
        if isinstance(value, Mapping):
            number, label = value.get("number"), value.get("label") or ""
            for key in value:
                if key not in ("number", "label"):
                    problems.append(Problem(name, value.line_of(key), f"a phone has no '{key}'", "use label and number"))
        else:
            number, label = value, ""
        if number in (None, ""):
            continue
        if not isinstance(number, str):
            problems.append(Problem(name, line, f"the number of {slot} is not in quotes", "write it in quotes, so that a leading 0 is kept"))
            continue
        if not isinstance(label, str):
            problems.append(Problem(name, line, f"the label of {slot} is not a text", "put it in quotes"))
            continue
        phone = Phone(number.strip(), label.strip())
        if not phone.href:
            problems.append(Problem(name, line, f"'{number}' of {slot} is no number that can be called",
                                    "write the number alone, such as '01632 960 120'; other words belong in label"))
        if len(phone.label.split()) > MAX_LABEL_WORDS:
            problems.append(Problem(name, line, f"the label of {slot} has more than {MAX_LABEL_WORDS} words", "shorten it: it stands in the middle of sentences"))
        if phone.href == "tel:111" and not re.search(r"[^\W\d_]", phone.label) and region != "NZ":
            problems.append(Problem(name, line, "a bare 111 is the emergency number in New Zealand only", "write for example label: NHS 111, number: '111'"))
        phones[slot] = phone
    hours: dict[str, tuple[str, ...]] = {}
    table = data.get("hours") or Mapping()
    if not isinstance(table, Mapping):
        bad("hours", "hours is not a list of days and times", "write for example monday: '9:00-17:00' on a line below it")
        table = Mapping()
    for day, spans in table.items():
        line = table.line_of(day)
        if day not in DAYS:
            problems.append(Problem(name, line, f"'{day}' is not a day", f"use one of: {', '.join(DAYS)}"))
            continue
        good = []
        for span in spans if isinstance(spans, list) else [spans] if spans not in (None, "") else []:
            parts = [part.strip() for part in str(span).split("-")]
            if len(parts) != 2 or not all(_TIME.match(p) for p in parts) or parts[0].zfill(5) >= parts[1].zfill(5):
                problems.append(Problem(name, line, f"the hours '{span}' of {day} are not a span of time", "write for example '9:00-17:00' in quotes"))
                continue
            good.append("-".join(parts))
        hours[day] = tuple(good)
    clinic = Clinic(
        name=str(data.get("name") or ""), mode=str(data.get("mode") or ""), region=str(region),
        spelling=str(data.get("spelling") or "en-GB"), timezone=zone, phones=phones, hours=hours,
        service_name=str(data.get("service_name") or ""), complaints_contact=str(data.get("complaints_contact") or ""),
        privacy_contact=str(data.get("privacy_contact") or ""), emergency_text_route=str(data.get("emergency_text_route") or ""),
        fictional=bool(data.get("fictional")), spellings=_spellings(path),
    )
    if clinic.mode == "production":
        for slot in EMERGENCY_SLOTS:
            filled = slot == "emergency_number" and clinic.region in REGIONS
            if not filled and not (slot in phones and phones[slot].number):
                problems.append(Problem(name, data.line_of("phones"), f"production mode needs {slot}", "fill it under phones:, or use mode: pilot"))
        if not clinic.privacy_contact:
            bad("privacy_contact", "production mode needs a privacy contact", "write whom patients ask about their data")
        if clinic.fictional:
            bad("fictional", "this is the demo clinic with invented numbers", "run `make setup` for your own clinic")
    return (None if problems else clinic), problems


def _spellings(clinic_file: Path) -> Spelling:
    """The table beside clinic.yml, else the project's own. A damaged one changes no word: `make check` reports it."""
    beside = clinic_file.with_name("spelling.yml")
    return read_spelling(beside if beside.exists() else _PROJECT_SPELLINGS)[0]


def write_text_safely(path: Path, text: str) -> None:
    """Write a file so that a crash leaves the old or the new one, never half (temporary file, flush to disk, rename)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode & 0o777)
        else:
            Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def clinic_view(clinic: Clinic) -> dict[str, Any]:
    """What the pages show of a clinic (askfirst/pages/render.py)."""
    phone = clinic.phones.get("clinic_phone")
    return {
        "name": clinic.name,
        "phone": phone.number if phone else "",
        "phone_href": phone.href if phone else "",
        "hours": clinic.hours_text(),
        "emergency_number": clinic.emergency.phrase,
        "emergency_href": clinic.emergency_href,
        "emergency_text_route": clinic.emergency_text_route,
        "mode": clinic.mode,
        "privacy_contact": clinic.privacy_contact,
        "spelling": clinic.spelling,
    }
