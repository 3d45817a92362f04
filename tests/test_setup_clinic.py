"""`make setup`: the dialogue, with all that people type, and a file that is written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.content.clinic import DAYS, Clinic, Phone, load_clinic, read_clinic
from askfirst.content.spelling import read_spelling
from askfirst.setup_clinic import ask_and_write
from tests.harness import ROOT

# The project's own table: none stands beside the files that these tests write.
SPELLINGS = read_spelling(ROOT / "data" / "spelling.yml")[0]
OLD = "# the clinic's file as it was\nname: Old\n"
# The start of each question, in their order.
QUESTIONS = {
    "name": "Name of the clinic", "region": "Region", "spelling": "Spelling", "zone": "Time zone", "own_emergency": "The emergency number",
    "clinic_phone": "The clinic's phone", "cancer_helpline_24h": "The 24-hour line", "urgent_advice_line": "The line for urgent",
    "crisis_line": "A crisis line", "assault_support_line": "A support line", "child_helpline": "A child helpline",
    "route": "Text or relay", **{day: f"Open on {day.capitalize()}" for day in DAYS},
    "privacy": "Whom do patients ask", "complaints": "Where do patients complain", "mode": "Mode",
}
LABEL = "   Words said before it"
FULL = {
    "name": "Riverbank", "region": "GB", "clinic_phone": "01632 960 120", "cancer_helpline_24h": ("01632 960 247", "our 24-hour line"),
    "urgent_advice_line": ("111", "NHS 111"), "crisis_line": ("116 123", "Samaritans"), "privacy": "the desk", "monday": "9:00-17:00",
}


class Person:
    """Answers each question by what it asks: a text, (number, label), or several attempts in a list. Empty where nothing is set."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = {key: list(value) if isinstance(value, list) else [value] for key, value in answers.items()}
        self.told: list[str] = []
        self.asked: list[str] = []
        self._label = ""

    def ask(self, question: str) -> str:
        self.asked.append(question)
        if question.startswith(LABEL):
            return self._label
        key = next(key for key, start in QUESTIONS.items() if question.startswith(start))
        attempts = self.answers.get(key, [""])
        answer = attempts.pop(0) if len(attempts) > 1 else attempts[0]
        number, self._label = answer if isinstance(answer, tuple) else (answer, "")
        return number

    def run(self, path: Path) -> int:
        return ask_and_write(path, self.ask, self.told.append)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "clinic.yml"
    file.write_text(OLD, encoding="utf-8")
    return file


def written(path: Path, **answers: Any) -> Clinic:
    """The clinic that these answers make."""
    person = Person({"name": "Riverbank", "region": "GB", **answers})
    assert person.run(path) == 0, person.told
    assert person.told[-1].startswith(("\nWritten: ", "Outside demo mode"))
    return load_clinic(path)


def refused(path: Path, **answers: Any) -> str:
    """What is told when these answers do not work; nothing may have changed then."""
    person = Person({"name": "Riverbank", "region": "GB", **answers})
    assert person.run(path) == 1
    assert path.read_text(encoding="utf-8") == OLD and [p.name for p in path.parent.iterdir()] == ["clinic.yml"]
    return "\n".join(person.told)


def test_all_answers_read_back_as_they_were_given(path: Path) -> None:
    hours = {day: f"{8 + number}:00-{16 + number}:30" for number, day in enumerate(DAYS)}
    more = {"spelling": "en-US", "zone": "America/New_York", "route": "text 999", "complaints": "the manager", "mode": "production"}
    lines = {"assault_support_line": "0808 500 2222", "child_helpline": ("0800 1111", "Childline")}
    clinic = written(path, **{**FULL, **hours, **more, **lines})
    assert clinic == Clinic(
        name="Riverbank", mode="production", region="GB", spelling="en-US", timezone="America/New_York",
        phones={
            "clinic_phone": Phone("01632 960 120"), "cancer_helpline_24h": Phone("01632 960 247", "our 24-hour line"),
            "urgent_advice_line": Phone("111", "NHS 111"), "crisis_line": Phone("116 123", "Samaritans"),
            "assault_support_line": Phone("0808 500 2222"), "child_helpline": Phone("0800 1111", "Childline"),
        },
        hours={day: (span,) for day, span in hours.items()},
        complaints_contact="the manager", privacy_contact="the desk", emergency_text_route="text 999", spellings=SPELLINGS,
    )


def test_only_a_name_is_needed_and_the_rest_has_defaults(path: Path) -> None:
    clinic = written(path, region="")
    assert clinic == Clinic("Riverbank", "pilot", "", "en-GB", "Europe/London", spellings=SPELLINGS)
    assert "your local emergency number" in clinic.slot("emergency_number")


def test_every_question_is_asked_once_and_in_order(path: Path) -> None:
    person = Person(FULL)
    person.run(path)
    asked = [question for question in person.asked if not question.startswith(LABEL)]
    starts = [start for key, start in QUESTIONS.items() if key != "own_emergency"]
    assert len(asked) == len(starts)
    assert all(question.startswith(start) for question, start in zip(asked, starts, strict=True))


def test_a_label_is_asked_for_only_where_a_number_was_given(path: Path) -> None:
    person = Person({"name": "A", "region": "GB", "crisis_line": "116 123"})
    person.run(path)
    assert [person.asked[i - 1].split(" for")[0] for i, q in enumerate(person.asked) if q.startswith(LABEL)] == ["A crisis line"]


def test_outside_the_listed_regions_the_emergency_number_is_asked_for(path: Path) -> None:
    clinic = written(path, region="", own_emergency="119")
    assert (clinic.slot("emergency_number"), clinic.href("emergency_number")) == ("119", "tel:119")


AWKWARD = [
    "St. John's", 'The "Haven"', "Ward: 5, floor: 2", "- Riverbank -", "# 1 clinic", "Zoë’s Klinik für Ärzte", "がんセンター", "مركز النهر",
    "clinic 😀", "NO", "yes", "null", "9:00", "010", "1e3", "{name}", "[a, b]", "*star*", "&and", "!bang", "%percent", "@home", "a\\b", "\\n", "\\u0041",
    "'", '"', "''", "a: b # c", "| block", "> fold", "---", "...", "? what", "a\u00a0b", "\u200fright to left", "\ufeffmark", "e\u0301",
]


@pytest.mark.parametrize("answer", AWKWARD)
def test_awkward_text_reads_back_as_it_was_typed(path: Path, answer: str) -> None:
    clinic = written(path, name=answer, privacy=answer, complaints=answer, route=answer, clinic_phone=("01632 960 120", answer))
    answer = answer.strip()
    assert (clinic.name, clinic.privacy_contact, clinic.complaints_contact, clinic.emergency_text_route) == (answer,) * 4
    assert clinic.phones["clinic_phone"] == Phone("01632 960 120", answer)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"]), min_size=1, max_size=40).filter(str.strip))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_reads_back_as_it_was_typed(path: Path, answer: str) -> None:
    assert written(path, name=answer).name == answer.strip()
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["name"] == answer.strip()


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_whatever_makes_the_dialogue_fail(path: Path, answer: str) -> None:
    path.write_text(OLD, encoding="utf-8")
    person = Person({"name": [answer, "A"], "region": [answer, "GB"], "zone": answer, "clinic_phone": (answer, answer), "monday": answer, "mode": [answer, ""]})
    ended = person.run(path)
    assert (ended == 0) is (path.read_text(encoding="utf-8") != OLD)
    assert ended == 1 or not read_clinic(path)[1]


@pytest.mark.parametrize("typed", ["\x1b[ARiverbank", "River\tbank", "River\x7fbank", "River\u2028bank", "River\udcffbank", "\rRiverbank\x00"])
def test_keys_and_bytes_that_are_no_text_leave_nothing_unseen_in_the_file(path: Path, typed: str) -> None:
    name = written(path, name=typed).name
    assert name.isprintable() and "bank" in name


def test_a_needed_answer_is_asked_for_again(path: Path) -> None:
    person = Person({"name": ["", "   ", "Riverbank"], "region": "GB"})
    assert person.run(path) == 0
    assert person.told.count("This one is needed.") == 2 and load_clinic(path).name == "Riverbank"


@pytest.mark.parametrize(
    ("key", "attempts", "read"),
    [("region", ["UK", "gb "], "GB"), ("region", ["France", "99", ""], ""), ("spelling", ["english", "en-US"], "en-US"), ("mode", ["live", "DEMO"], "demo")],
)
def test_a_wrong_choice_is_asked_for_again_with_the_list(path: Path, key: str, attempts: list[str], read: str) -> None:
    person = Person({"name": "A", "region": "GB", key: attempts})
    assert person.run(path) == 0
    assert sum(line.startswith("Please write one of: ") for line in person.told) == len(attempts) - 1
    assert getattr(load_clinic(path), key) == read


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"zone": "Riverbank/North"}, "the time zone 'Riverbank/North' is not known"),
        ({"monday": "nine to five"}, "the hours 'nine to five' of monday"),
        ({"sunday": "17:00-9:00"}, "the hours '17:00-9:00' of sunday"),
        ({"clinic_phone": "ask at the desk"}, "'ask at the desk' of clinic_phone is no number"),
        ({"clinic_phone": "01632 960 120 ext 5"}, "is no number that can be called"),
        ({"region": "", "own_emergency": "shout"}, "'shout' of emergency_number is no number"),
        ({"urgent_advice_line": "111"}, "a bare 111"),
        ({"crisis_line": ("116 123", "the very kind people of the night line")}, "more than 6 words"),
        ({"mode": "production"}, "production mode needs urgent_advice_line"),
    ],
)
def test_answers_that_do_not_work_change_nothing_and_say_what_to_do(path: Path, answers: dict[str, Any], message: str) -> None:
    told = refused(path, **answers)
    assert message in told and "nothing was written" in told and "What to do: " in told


def test_without_an_old_file_answers_that_do_not_work_make_none(tmp_path: Path) -> None:
    assert Person({"name": "A", "region": "GB", "zone": "x"}).run(tmp_path / "clinic.yml") == 1
    assert not list(tmp_path.iterdir())


def stops_at(number: int, error: type[BaseException], person: Person) -> Callable[[str], str]:
    def ask(question: str) -> str:
        if len(person.asked) == number:
            raise error
        return person.ask(question)

    return ask


@pytest.mark.parametrize("number", range(0, 25, 4))
def test_ctrl_c_at_any_question_changes_nothing(path: Path, number: int) -> None:
    person = Person(FULL)
    with pytest.raises(KeyboardInterrupt):
        ask_and_write(path, stops_at(number, KeyboardInterrupt, person), person.told.append)
    assert path.read_text(encoding="utf-8") == OLD and [p.name for p in path.parent.iterdir()] == ["clinic.yml"]


@pytest.mark.parametrize("number", [0, 7, 20])
def test_the_end_of_the_answers_changes_nothing_and_says_so(path: Path, number: int) -> None:
    person = Person(FULL)
    assert ask_and_write(path, stops_at(number, EOFError, person), person.told.append) == 1
    assert path.read_text(encoding="utf-8") == OLD and "ended too early; nothing was written" in person.told[-1]


def test_a_file_that_cannot_be_written_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    person = Person({"name": "A", "region": "GB"})
    assert person.run(tmp_path / "data" / "clinic.yml") == 1
    assert "cannot be written" in person.told[-1] and "What to do" in person.told[-1]


def test_the_old_file_is_replaced_and_never_written_into(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").hardlink_to(path)
    written(path)
    assert (tmp_path / "link").read_text(encoding="utf-8") == OLD


@pytest.mark.parametrize(("mode", "told"), [("demo", False), ("pilot", True), ("production", True)])
def test_the_secret_is_mentioned_outside_demo_mode(path: Path, mode: str, told: bool) -> None:
    person = Person({**FULL, "mode": mode})
    assert person.run(path) == 0
    assert any("ASKFIRST_SECRET" in line for line in person.told) is told


# in a process of its own, with a real keyboard's bytes and a real Ctrl-C

PROGRAM = "from pathlib import Path\nfrom askfirst.setup_clinic import ask_and_write\nraise SystemExit(ask_and_write(Path('clinic.yml'), input, print))"


def start(folder: Path) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM], cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_a_real_ctrl_c_in_mid_dialogue_changes_nothing(path: Path) -> None:
    with start(path.parent) as child:
        assert child.stdin and child.stdout
        child.stdin.write(b"Riverbank\nGB\n")
        child.stdin.flush()
        seen = b""
        while b"Spelling" not in seen:
            seen += child.stdout.read(1)
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=20)
    assert child.returncode != 0
    assert path.read_text(encoding="utf-8") == OLD and [p.name for p in path.parent.iterdir()] == ["clinic.yml"]


def test_bytes_that_are_no_utf_8_end_the_dialogue_and_change_nothing(path: Path) -> None:
    with start(path.parent) as child:
        out, err = child.communicate(b"Z\xfcrich\n" + b"\n" * 30, timeout=20)
    assert child.returncode == 1 and b"not UTF-8" in out and b"Traceback" not in err
    assert path.read_text(encoding="utf-8") == OLD


def test_typed_answers_end_in_a_file_that_reads_back(path: Path) -> None:
    with start(path.parent) as child:
        out, err = child.communicate("Zoë’s clinic\nNZ\n".encode() + b"\n" * 30, timeout=20)
    assert (child.returncode, err) == (0, b"") and b"Written" in out
    assert (load_clinic(path).name, load_clinic(path).region) == ("Zoë’s clinic", "NZ")
