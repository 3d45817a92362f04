"""data/clinic.yml: what a clinic may write, what is said where it writes nothing, opening hours, and a file never half written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.content.clinic import (
    DAYS,
    EMERGENCY_SLOTS,
    NEUTRAL,
    REGIONS,
    SLOTS,
    Clinic,
    Phone,
    clinic_view,
    load_clinic,
    read_clinic,
    write_text_safely,
)
from askfirst.content.lint import banned_words
from askfirst.content.problems import ContentError
from tests.edits import expect, line_of, replace
from tests.harness import ROOT, copy_root

EMPTY = Clinic("A clinic", "pilot", "", "en-GB", "Europe/London")
UTC = timezone.utc
BASE = """\
name: "Riverbank"
mode: pilot
region: GB
spelling: en-GB
timezone: Europe/London
phones:
  clinic_phone: "01632 960 120"
  cancer_helpline_24h: {label: "our 24-hour line", number: "01632 960 247"}
  urgent_advice_line: {label: "NHS 111", number: "111"}
  crisis_line: {label: "Samaritans", number: "116 123"}
hours:
  monday: "9:00-17:00"
  saturday: ["9:00-12:00", "14:00-16:30"]
privacy_contact: "the information desk"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.yml"
    path.write_text(BASE, encoding="utf-8")
    return path


def changed(file: Path, old: str, new: str) -> Clinic:
    """The clinic after one change, which must leave it usable."""
    replace(file, old, new)
    return load_clinic(file, file.parent)


# reading


def test_the_file_is_read_as_it_stands(file: Path) -> None:
    clinic = load_clinic(file, file.parent)
    assert (clinic.name, clinic.mode, clinic.region, clinic.spelling, clinic.timezone) == ("Riverbank", "pilot", "GB", "en-GB", "Europe/London")
    assert clinic.phones["clinic_phone"] == Phone("01632 960 120")
    assert clinic.phones["crisis_line"] == Phone("116 123", "Samaritans")
    assert clinic.hours == {"monday": ("9:00-17:00",), "saturday": ("9:00-12:00", "14:00-16:30")}
    assert (clinic.privacy_contact, clinic.complaints_contact, clinic.fictional) == ("the information desk", "", False)


def test_the_demo_clinic_has_no_findings_and_is_marked_as_invented() -> None:
    clinic, problems = read_clinic(ROOT / "data" / "clinic.yml", ROOT)
    assert not problems
    assert clinic is not None and clinic.mode == "demo" and clinic.fictional


BAD = [
    ("an unknown setting", "name: \"Riverbank\"", "colour: blue\nname: \"Riverbank\"", "colour:", "'colour' is not a setting"),
    ("no name", "name: \"Riverbank\"", "name:", "name:", "the clinic has no name"),
    ("a blank name", "\"Riverbank\"", "\"  \"", "name:", "the clinic has no name"),
    ("a name that is a number", "\"Riverbank\"", "5", "name:", "the clinic has no name"),
    ("an unknown mode", "mode: pilot", "mode: live", "mode:", "mode is 'live'"),
    ("an unknown region", "region: GB", "region: FR", "region:", "region 'FR' is not known"),
    ("a region in small letters", "region: GB", "region: gb", "region:", "region 'gb' is not known"),
    ("a region that is a list", "region: GB", "region: [GB]", "region:", "is not known"),
    ("an unknown spelling", "en-GB", "en_GB", "spelling:", "spelling is 'en_GB'"),
    ("an unknown time zone", "Europe/London", "Europe/Riverbank", "timezone:", "the time zone 'Europe/Riverbank' is not known"),
    ("a time zone that is a folder", "Europe/London", "Europe", "timezone:", "is not known"),
    ("a time zone outside the zones", "Europe/London", "../../etc/passwd", "timezone:", "is not known"),
    ("an empty time zone", "Europe/London", "''", "timezone:", "the time zone '' is not known"),
    ("a text setting that is a list", "\"the information desk\"", "[a, b]", "privacy_contact:", "'privacy_contact' must be a text"),
    ("fictional that is a word", "mode: pilot", "fictional: 'no'\nmode: pilot", "fictional:", "fictional is 'no'"),
    ("phones that are a list", BASE[BASE.index("phones:") : BASE.index("hours:")], "phones: ['01632 960 120']\n", "phones:", "phones is not a list of names"),
    ("a phone nobody asks for", "clinic_phone:", "reception:", "reception:", "'reception' is not a phone"),
    ("a slot that is no phone", "clinic_phone:", "service_name:", "service_name:", "'service_name' is not a phone"),
    ("a number without quotes", "\"01632 960 120\"", "441632960120", "clinic_phone:", "the number of clinic_phone is not in quotes"),
    ("a number with a plus and no quotes", "\"01632 960 120\"", "+441632960120", "clinic_phone:", "is not in quotes"),
    ("a number that is a list", "\"01632 960 120\"", "[one, two]", "clinic_phone:", "is not in quotes"),
    ("a number without digits", "01632 960 120", "ask at the desk", "clinic_phone:", "'ask at the desk' of clinic_phone is no number"),
    ("a number with an extension", "01632 960 120", "01632 960 120 ext 5", "clinic_phone:", "is no number that can be called"),
    ("a number with its hours", "01632 960 120", "01632 960 120 (24 hours)", "clinic_phone:", "is no number that can be called"),
    ("a number in letters of the keypad", "01632 960 120", "1-800-273-TALK", "clinic_phone:", "is no number that can be called"),
    ("an emergency number in words", "clinic_phone: \"01632 960 120\"", "emergency_number: none", "emergency_number:", "'none' of emergency_number is no number"),
    ("a label that is a list", "\"Samaritans\"", "[a]", "crisis_line:", "the label of crisis_line is not a text"),
    ("a label of seven words", "our 24-hour line", "the line that we answer all day", "cancer_helpline", "has more than 6 words"),
    ("a misspelt number", "label: \"Samaritans\", number", "label: \"Samaritans\", nummer", "crisis_line", "a phone has no 'nummer'"),
    ("a bare 111", "{label: \"NHS 111\", number: \"111\"}", "\"111\"", "urgent_advice_line", "a bare 111 is the emergency number in New Zealand only"),
    ("a bare 111 with a full stop", "{label: \"NHS 111\", number: \"111\"}", "\"111.\"", "urgent_advice_line", "a bare 111"),
    ("a bare 111 with itself as label", "\"NHS 111\"", "\"111\"", "urgent_advice_line", "a bare 111"),
    ("a day that is none", "monday:", "mo:", "mo:", "'mo' is not a day"),
    ("hours backwards", "9:00-17:00", "17:00-9:00", "monday:", "the hours '17:00-9:00' of monday are not a span of time"),
    ("hours that never open", "9:00-17:00", "9:00-9:00", "monday:", "are not a span of time"),
    ("hours without minutes", "9:00-17:00", "9-17", "monday:", "are not a span of time"),
    ("hours past midnight", "9:00-17:00", "9:00-25:00", "monday:", "are not a span of time"),
    ("hours with a long dash", "9:00-17:00", "9:00–17:00", "monday:", "are not a span of time"),
    ("hours in other digits", "9:00-17:00", "٩:00-17:00", "monday:", "are not a span of time"),
    ("hours that are a number", "\"9:00-17:00\"", "900", "monday:", "the hours '900' of monday"),
    ("hours that are true", "\"9:00-17:00\"", "true", "monday:", "the hours 'True' of monday"),
    ("one bad span of two", "\"14:00-16:30\"", "\"later\"", "saturday:", "the hours 'later' of saturday"),
    ("hours for the whole week", BASE[BASE.index("hours:") : BASE.index("privacy")], "hours: 9 to 5\n", "hours:", "hours is not a list of days"),
]


@pytest.mark.parametrize(("old", "new", "marker", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_one_mistake_gives_one_finding_on_its_line(file: Path, old: str, new: str, marker: str, message: str) -> None:
    replace(file, old, new)
    clinic, problems = read_clinic(file, file.parent)
    assert clinic is None
    expect(problems, "clinic.yml", line_of(file, marker), message)
    with pytest.raises(ContentError) as caught:
        load_clinic(file, file.parent)
    assert caught.value.problems == problems


def test_several_mistakes_are_all_told_at_once(file: Path) -> None:
    for old, new in (("region: GB", "region: XX"), ("mode: pilot", "mode: live"), ("9:00-17:00", "9-17")):
        replace(file, old, new)
    assert len(read_clinic(file, file.parent)[1]) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "holds no settings"), ("- a\n", "holds no settings"), ("text", "holds no settings"), ("name: &a x\n", "anchors"), ("name: [\n", "YAML:")],
)
def test_a_file_that_is_no_settings_gives_one_finding(file: Path, content: str, message: str) -> None:
    file.write_text(content, encoding="utf-8")
    clinic, problems = read_clinic(file, file.parent)
    assert clinic is None and len(problems) == 1 and message in problems[0].message


def test_a_missing_file_gives_one_finding(tmp_path: Path) -> None:
    clinic, problems = read_clinic(tmp_path / "clinic.yml", tmp_path)
    assert clinic is None and [p.message for p in problems] == ["the file is missing"]


@given(data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_garbled_line_makes_the_reading_fail(file: Path, data: st.DataObject) -> None:
    lines = BASE.split("\n")
    at = data.draw(st.integers(0, len(lines) - 2))
    lines[at] = lines[at].split(":")[0] + ": " + data.draw(st.sampled_from(["[a]", "{a: b}", "5", "true", "''", "- x", "null", "[[]]", "{}", "*x", "'"]))
    file.write_text("\n".join(lines), encoding="utf-8")
    clinic, problems = read_clinic(file, file.parent)
    assert (clinic is None) == bool(problems)
    if clinic:
        assert all(clinic.slot(name) or name == "emergency_text_route" for name in SLOTS)
        assert clinic.is_open() in (True, False, None)


# slots and neutral words


@pytest.mark.parametrize("name", [s for s in SLOTS if s != "emergency_text_route"])
def test_an_empty_slot_gives_neutral_words_and_never_a_blank(name: str) -> None:
    assert EMPTY.slot(name) == NEUTRAL[name] and EMPTY.slot(name).strip()


@pytest.mark.parametrize("name", SLOTS)
def test_no_neutral_words_hold_a_slot_a_bare_111_or_a_banned_word(name: str) -> None:
    assert "{" not in NEUTRAL[name] and not banned_words(f"Call {NEUTRAL[name]} now.")


@pytest.mark.parametrize("name", ["clinic_phone", "crisis_line", "emergency_number"])
def test_an_empty_slot_has_no_link(name: str) -> None:
    assert EMPTY.href(name) == ""


def test_filled_slots_give_the_clinics_own_words(file: Path) -> None:
    clinic = load_clinic(file)
    said = clinic.fill("Call {clinic_phone}, {cancer_helpline_24h}, {urgent_advice_line} or {crisis_line}.")
    assert said == "Call 01632 960 120, our 24-hour line on 01632 960 247, NHS 111 or Samaritans on 116 123."


def test_a_text_with_backslashes_or_braces_in_a_slot_is_said_as_it_is(file: Path) -> None:
    clinic = changed(file, '"Samaritans"', r'"the \\1 {crisis_line} \\g<0>"')
    assert clinic.fill("Call {crisis_line}.") == r"Call the \1 {crisis_line} \g<0> on 116 123."


# British and American spelling (tests/test_spelling.py holds the table itself)

TEXT = "A tumour or oedema: call {clinic_phone}, ask {complaints_contact}."


def test_a_text_of_ours_is_said_in_the_clinics_spelling_and_its_own_words_stay_as_it_wrote_them(file: Path) -> None:
    british = changed(file, "privacy_contact:", "complaints_contact: the Colour Centre\nprivacy_contact:")
    assert british.fill(TEXT) == "A tumour or oedema: call 01632 960 120, ask the Colour Centre."
    american = changed(file, "spelling: en-GB", "spelling: en-US")
    assert american.fill(TEXT) == "A tumor or edema: call 01632 960 120, ask the Colour Centre."
    assert (british.spell("tumour"), american.spell("tumour"), american.spell("tumor")) == ("tumour", "tumor", "tumor")


def test_the_table_beside_the_file_counts_else_the_projects_own(file: Path) -> None:
    replace(file, "spelling: en-GB", "spelling: en-US")
    assert load_clinic(file).spell("a tumour, zyx") == "a tumor, zyx"
    (file.parent / "spelling.yml").write_text("spelling:\n  zyx: zix\n", encoding="utf-8")
    assert load_clinic(file).spell("a tumour, zyx") == "a tumour, zix"


@pytest.mark.parametrize("content", ["", "spelling: [", "- a\n", "spelling: text\n", "spelling:\n  zyx: [zix]\n", "a: &b c\n"])
def test_a_damaged_table_of_spellings_changes_no_word_and_stops_nobody(file: Path, content: str) -> None:
    """The file of the clinic is read while patients write; what is wrong with the table, `make check` says."""
    replace(file, "spelling: en-GB", "spelling: en-US")
    (file.parent / "spelling.yml").write_text(content, encoding="utf-8")
    assert load_clinic(file).fill("A tumour.") == "A tumour."


def test_an_unknown_slot_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="no_such_slot"):
        EMPTY.fill("Call {no_such_slot}.")


@pytest.mark.parametrize("written", ['""', "", "{label: the ward, number: ''}", "{label: the ward}", "null"])
def test_a_phone_left_empty_counts_as_not_given(file: Path, written: str) -> None:
    clinic = changed(file, '{label: "Samaritans", number: "116 123"}', written)
    assert clinic.slot("crisis_line") == NEUTRAL["crisis_line"] and clinic.href("crisis_line") == ""


@pytest.mark.parametrize("key", ["service_name", "complaints_contact", "emergency_text_route"])
def test_the_slots_that_are_no_phones_come_from_their_own_settings(file: Path, key: str) -> None:
    clinic = changed(file, "mode: pilot", f"{key}: 'some words'\nmode: pilot")
    assert clinic.slot(key) == "some words"


# numbers


@pytest.mark.parametrize(
    ("number", "href"),
    [
        ("01632 960 120", "tel:01632960120"), ("01632-960-120", "tel:01632960120"), ("(01632) 960 120", "tel:01632960120"),
        ("+44 1632 960120", "tel:+441632960120"), ("+44 (0)1632 960120", "tel:+441632960120"), ("1 (800) 555-0100", "tel:18005550100"),
        ("999 or 112", "tel:999"), ("911, 112", "tel:911"), ("116 123", "tel:116123"), ("112", "tel:112"),
        ("01632 960 120 ext 5", ""), ("0800 123 (24 hours)", ""), ("0800 123 456 (24/7)", ""), ("1-800-273-TALK", ""), ("ext 5", ""),
        ("", ""), ("the ward", ""), ("12", ""), ("٠١٦٣٢", ""), ("1+2+3", ""),
    ],
)
def test_a_link_dials_the_number_that_is_written_or_there_is_none(number: str, href: str) -> None:
    assert Phone(number).href == href


@pytest.mark.parametrize(
    ("phone", "phrase"),
    [(Phone("116 123"), "116 123"), (Phone("116 123", "the line"), "the line on 116 123"), (Phone("111", "NHS 111"), "NHS 111"), (Phone("", "the desk"), "the desk")],
)
def test_a_number_is_said_once_with_its_label(phone: Phone, phrase: str) -> None:
    assert phone.phrase == phrase


# regions


@pytest.mark.parametrize(
    ("region", "said", "href"),
    [("GB", "999 or 112", "tel:999"), ("IE", "999 or 112", "tel:112"), ("US", "911", "tel:911"), ("CA", "911", "tel:911"),
     ("EU", "112", "tel:112"), ("AU", "000", "tel:000"), ("NZ", "111", "tel:111")],
)
def test_each_region_has_its_emergency_number_and_a_link(file: Path, region: str, said: str, href: str) -> None:
    clinic = changed(file, "region: GB", f"region: {region}")
    assert (clinic.slot("emergency_number"), clinic.href("emergency_number")) == (said, href)


def test_every_region_is_tested_above() -> None:
    assert set(REGIONS) == {"GB", "IE", "US", "CA", "EU", "AU", "NZ"}


def test_a_clinics_own_emergency_number_comes_before_the_regions(file: Path) -> None:
    clinic = changed(file, "phones:\n", "phones:\n  emergency_number: {label: the crash team, number: '2222'}\n")
    assert (clinic.slot("emergency_number"), clinic.href("emergency_number")) == ("the crash team on 2222", "tel:2222")


def test_without_region_and_number_the_words_name_examples_and_nothing_is_dialled(file: Path) -> None:
    clinic = changed(file, "region: GB", "region: ''")
    assert clinic.slot("emergency_number") == NEUTRAL["emergency_number"] and clinic.href("emergency_number") == ""


def test_a_bare_111_is_right_in_new_zealand(file: Path) -> None:
    replace(file, "region: GB", "region: NZ")
    assert changed(file, '{label: "NHS 111", number: "111"}', '"111"').slot("urgent_advice_line") == "111"


@pytest.mark.parametrize("region", [r for r in REGIONS if r != "NZ"] + [""])
def test_no_slot_of_any_other_region_says_a_bare_111(region: str) -> None:
    clinic = Clinic("A", "pilot", region, "en-GB", "Europe/London")
    assert not [s for s in SLOTS if banned_words(f"Call {clinic.slot(s)} now.")]


# modes


def production(file: Path) -> list[str]:
    replace(file, "mode: pilot", "mode: production")
    return [p.message for p in read_clinic(file, file.parent)[1]]


def test_production_takes_a_clinic_with_every_emergency_slot_filled(file: Path) -> None:
    assert production(file) == []


@pytest.mark.parametrize("slot", [s for s in EMERGENCY_SLOTS if s != "emergency_number"])
@pytest.mark.parametrize("left", ["removed", "empty"])
def test_production_refuses_an_empty_emergency_slot(file: Path, slot: str, left: str) -> None:
    line = next(line for line in BASE.split("\n") if slot in line)
    replace(file, f"{line}\n", f'  {slot}: ""\n' if left == "empty" else "")
    assert production(file) == [f"production mode needs {slot}"]
    assert read_clinic(file, file.parent)[1][0].line == line_of(file, "phones:")


def test_production_takes_the_emergency_number_from_the_region_or_from_the_clinic(file: Path) -> None:
    replace(file, "region: GB", "region: ''")
    assert production(file) == ["production mode needs emergency_number"]
    replace(file, "phones:\n", "phones:\n  emergency_number: '2222'\n")
    assert read_clinic(file)[1] == []


def test_production_needs_a_privacy_contact(file: Path) -> None:
    replace(file, 'privacy_contact: "the information desk"\n', "")
    assert production(file) == ["production mode needs a privacy contact"]


def test_production_refuses_the_demo_clinic(file: Path) -> None:
    replace(file, "mode: pilot", "fictional: true\nmode: pilot")
    assert production(file) == ["this is the demo clinic with invented numbers"]


@pytest.mark.parametrize("mode", ["pilot", "demo"])
def test_pilot_and_demo_may_leave_everything_empty(file: Path, mode: str) -> None:
    file.write_text(f"name: A\nmode: {mode}\nspelling: en-US\ntimezone: America/New_York\n", encoding="utf-8")
    clinic = load_clinic(file)
    assert clinic.mode == mode and not clinic.phones and clinic.region == ""


# opening hours


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        # Monday 6 July 2026 is summer time in London: 8:00 in UTC is 9:00 there.
        (datetime(2026, 7, 6, 7, 59, tzinfo=UTC), False), (datetime(2026, 7, 6, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 6, 15, 59, tzinfo=UTC), True), (datetime(2026, 7, 6, 16, 0, tzinfo=UTC), False),
        # Monday 12 January 2026 is winter time.
        (datetime(2026, 1, 12, 8, 59, tzinfo=UTC), False), (datetime(2026, 1, 12, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 1, 12, 16, 59, tzinfo=UTC), True), (datetime(2026, 1, 12, 17, 0, tzinfo=UTC), False),
        # Tuesday has no hours; Saturday has a break.
        (datetime(2026, 1, 13, 12, 0, tzinfo=UTC), False), (datetime(2026, 1, 17, 11, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 17, 13, 0, tzinfo=UTC), False), (datetime(2026, 1, 17, 16, 29, tzinfo=UTC), True),
        # The same moment told in another zone.
        (datetime(2026, 1, 12, 23, 0, tzinfo=timezone(timedelta(hours=14))), True),
    ],
)
def test_open_is_judged_in_the_clinics_own_zone(file: Path, moment: datetime, is_open: bool) -> None:
    assert load_clinic(file).is_open(moment) is is_open


def test_the_day_is_the_day_where_the_clinic_is(file: Path) -> None:
    replace(file, "Europe/London", "Pacific/Auckland")
    clinic = changed(file, 'monday: "9:00-17:00"', 'monday: "0:00-8:00"')
    sunday_in_london = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
    assert clinic.is_open(sunday_in_london) is True


def test_open_now_agrees_with_the_clock(file: Path) -> None:
    all_week = "hours:\n" + "".join(f'  {day}: "0:00-23:59"\n' for day in DAYS)
    clinic = changed(file, BASE[BASE.index("hours:") : BASE.index("privacy")], all_week)
    assert clinic.is_open() is clinic.is_open(datetime.now(UTC))


def test_a_clinic_without_hours_is_neither_open_nor_closed(file: Path) -> None:
    clinic = changed(file, BASE[BASE.index("hours:") : BASE.index("privacy")], "")
    assert clinic.is_open() is None and clinic.hours_text() == ""


def test_hours_are_said_in_one_line_with_like_days_together(file: Path) -> None:
    week = "hours:\n" + "".join(f'  {day}: "9:00-17:00"\n' for day in DAYS[:4]) + '  friday: "9:00-16:00"\n  sunday: ["9:00-10:00", "11:00-12:00"]\n'
    clinic = changed(file, BASE[BASE.index("hours:") : BASE.index("privacy")], week)
    assert clinic.hours_text() == "Monday to Thursday, 9:00 to 17:00; Friday, 9:00 to 16:00; Sunday, 9:00 to 10:00 and 11:00 to 12:00"


def test_days_with_a_closed_day_between_are_not_joined(file: Path) -> None:
    clinic = changed(file, 'saturday: ["9:00-12:00", "14:00-16:30"]', 'wednesday: "9:00-17:00"')
    assert clinic.hours_text() == "Monday, 9:00 to 17:00; Wednesday, 9:00 to 17:00"


def test_the_pages_see_numbers_links_and_hours(file: Path) -> None:
    view = clinic_view(load_clinic(file))
    assert view["phone"] == "01632 960 120" and view["phone_href"] == "tel:01632960120" and view["emergency_href"] == "tel:999"
    assert view["hours"].startswith("Monday, 9:00") and view["mode"] == "pilot"
    assert (clinic_view(EMPTY)["phone"], clinic_view(EMPTY)["phone_href"]) == ("", "")


# writing


def listed(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_text_is_written_with_its_folder_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "clinic.yml"
    write_text_safely(path, "name: Zoë 😀\n")
    assert path.read_bytes() == "name: Zoë 😀\n".encode() and listed(path.parent) == ["clinic.yml"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_the_rights_of_the_file_stay_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yml"
    path.write_text("old")
    path.chmod(0o600)
    write_text_safely(path, "new")
    assert path.read_text() == "new" and path.stat().st_mode & 0o777 == 0o600


def test_text_that_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yml"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_text_safely(path, "x" * 100_000 + "\ud83d")
    assert path.read_text() == "old" and listed(tmp_path) == ["clinic.yml"]


def run_in_child(folder: Path, work: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, with `path` the clinic's file."""
    code = f"from pathlib import Path\nfrom askfirst.content.clinic import write_text_safely\npath = Path('clinic.yml').resolve()\n{work}"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=30)


def test_a_disk_that_is_full_in_mid_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "clinic.yml").write_text("old")
    limit = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
    ended = run_in_child(tmp_path, limit + "write_text_safely(path, 'new ' * 100_000)")
    assert ended.returncode == 1 and "File too large" in ended.stderr
    assert (tmp_path / "clinic.yml").read_text() == "old" and listed(tmp_path) == ["clinic.yml"]


def test_a_process_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yml"
    whole = {letter * 3_000_000 for letter in "ab"}
    path.write_text("a" * 3_000_000)
    work = "print('ready', flush=True)\nwhile True:\n    for letter in 'ba':\n        write_text_safely(path, letter * 3_000_000)\n"
    code = f"from pathlib import Path\nfrom askfirst.content.clinic import write_text_safely\npath = Path('clinic.yml').resolve()\n{work}"
    for seed in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None and child.stdout.readline() == b"ready\n"
            time.sleep(random.Random(seed).uniform(0.01, 0.15))
            child.send_signal(signal.SIGKILL)
        assert path.read_text() in whole


def test_a_reader_at_the_same_time_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yml"
    path.write_text("a" * 1_000_000)
    code = (
        "from pathlib import Path\nfrom askfirst.content.clinic import write_text_safely\npath = Path('clinic.yml').resolve()\n"
        "for n in range(40):\n    write_text_safely(path, 'ba'[n % 2] * 1_000_000)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}) as child:
        while child.poll() is None:
            text = path.read_text()
            assert len(text) == 1_000_000 and len(set(text)) == 1
    assert child.returncode == 0


def without_rights(folder: Path, path: Path) -> int:
    """Write in a process that may not write into this folder, also when the tests run as root. Returns: its exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.chdir(folder)
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            write_text_safely(Path(path.name), "new")
        except PermissionError:
            code = 13
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_folder_that_may_not_be_written_to_gives_an_error_and_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yml"
    path.write_text("old")
    tmp_path.chmod(0o555)
    try:
        assert without_rights(tmp_path, path) == 13
    finally:
        tmp_path.chmod(0o755)
    assert path.read_text() == "old" and listed(tmp_path) == ["clinic.yml"]


def test_a_folder_that_is_a_file_gives_an_error_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(OSError):
        write_text_safely(tmp_path / "data" / "clinic.yml", "new")
    assert (tmp_path / "data").read_text() == "a file" and listed(tmp_path) == ["data"]


def test_a_copy_of_the_demo_clinic_reads_like_the_original(tmp_path: Path) -> None:
    assert load_clinic(copy_root(tmp_path) / "data" / "clinic.yml") == load_clinic(ROOT / "data" / "clinic.yml")
