"""The hazard log: what is committed is current and names nothing that does not exist, and each check fails when it should."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from askfirst.content.problems import Problem
from askfirst.content.yaml_file import read_yaml
from askfirst.hazards import (
    BEGIN,
    END,
    KINDS,
    LIKELIHOODS,
    LOG,
    MATRIX,
    QUESTIONS,
    SEVERITIES,
    TABLE,
    counts,
    main,
    read_hazards,
    render,
    risk_of,
    with_log,
)
from tests.edits import append, expect, line_of, replace

ROOT = Path(__file__).resolve().parent.parent
HAZARDS, FINDINGS = read_hazards(ROOT)

# A table of two hazards, one of each status, that the tests below break in one place each.
GOOD = """\
- id: H01
  hazard: Something is missed
  causes: [a rare word]
  effect: Nobody calls.
  initial: {severity: major, likelihood: high, risk: 4}
  controls:
    - text: It is looked for first
      kind: design
      file: askfirst/agent.py
      tests: [tests/test_sample.py::test_it, 'tests/test_sample.py::TestMore::test_that', make check]
      scenarios: ['sample.yml: It is found: at once']
    - text: Somebody looks each week
      kind: operational
      file: README.md
      tests: []
  residual: {severity: major, likelihood: low, risk: 3}
  owner: product
  questions: ['2']
  missing: [a measurement | of some kind]
  status: open

- id: H02
  hazard: Something else goes wrong
  causes: [a slip]
  effect: Little.
  initial: {severity: significant, likelihood: high, risk: 3}
  controls:
    - {text: It is tried, kind: test, file: Makefile, tests: [tests/test_sample.py::test_later]}
  residual: {severity: significant, likelihood: low, risk: 2}
  owner: clinic web team
  questions: []
  missing: []
  status: controlled
"""
FILES = {
    TABLE: GOOD,
    "askfirst/agent.py": "",
    "README.md": "",
    "Makefile": ".PHONY: check\nPY := python\n\ncheck: env  ## look at everything\n\t@true\n",
    "tests/test_sample.py": 'raise RuntimeError("never imported")\n\ndef test_it(): ...\n\nasync def test_later(): ...\n\ndef helper(): ...\n\n'
    "class TestMore:\n    def test_that(self): ...\n",
    "tests/scenarios/sample.yml": '- scenario: "It is found: at once"\n  turns: []\n- scenario: "It is not found yet"\n  known_miss: "not understood"\n  turns: []\n',
    QUESTIONS: "'2':\n  question: 'Should it be so?'\n  entries: []\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project with a good table and its log."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main([], tmp_path) == 0
    return tmp_path


def told(problems: list[Problem]) -> str:
    return "\n".join(str(p) for p in problems)


# what is committed


def test_the_table_is_in_order_and_the_log_is_made_from_it() -> None:
    assert not FINDINGS, told(FINDINGS)
    page = (ROOT / LOG).read_text(encoding="utf-8")
    assert with_log(page, render(HAZARDS, ROOT)) == page, "run python -m askfirst.hazards"
    assert "`python -m askfirst.hazards`" in page.split(BEGIN)[0]


def test_the_command_says_so_too() -> None:
    result = subprocess.run([sys.executable, "-m", "askfirst.hazards", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stderr) == (0, "") and result.stdout.strip() == counts(HAZARDS)


@pytest.mark.parametrize("name", [LOG, "docs/safety/safety-case.md"])
def test_every_link_leads_to_a_file_or_a_heading(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)", page)
    assert links
    for link in links:
        file, _, anchor = link.partition("#")
        assert (ROOT / name).parent.joinpath(file).resolve().is_file() if file else f'<a id="{anchor}"></a>' in page, link


def test_the_safety_case_names_only_files_and_hazards_that_exist() -> None:
    page = (ROOT / "docs" / "safety" / "safety-case.md").read_text(encoding="utf-8")
    for file in re.findall(r"`((?:tests|data|askfirst|docs)/[\w./-]+)`", page):
        assert (ROOT / file).is_file(), file
    named = set(re.findall(r"\bH[0-9]{2}\b", page))
    assert named and named <= {h.id for h in HAZARDS}
    assert named <= {h.id for h in HAZARDS if h.status == "open"}, "what remains is open"


def test_every_decision_that_is_left_to_a_clinician_belongs_to_a_hazard() -> None:
    assert {q for h in HAZARDS for q in h.questions} == set(read_yaml(ROOT / QUESTIONS)[0])


def test_the_hazards_that_the_evidence_base_names_are_there() -> None:
    assert len(HAZARDS) >= 25 and {c.kind for h in HAZARDS for c in h.controls} == set(KINDS)
    text = " ".join(h.hazard.lower() for h in HAZARDS)
    for word in ("emergency", "self-harm", "abuse", "maybe", "condition", "number", "limit", "false alarms", "language", "reviewed", "offline", "nurse"):
        assert word in text, word


def test_nothing_names_a_path_of_a_machine() -> None:
    for name in (TABLE, LOG, "docs/safety/safety-case.md"):
        assert not re.search(r"(?<![\w.])/(?:home|work|root|tmp|Users|mnt)/", (ROOT / name).read_text(encoding="utf-8")), name


def test_the_matrix_rises_with_severity_and_likelihood() -> None:
    assert set(MATRIX) == set(LIKELIHOODS) and all(len(row) == len(SEVERITIES) for row in MATRIX.values())
    for severity in SEVERITIES:
        column = [risk_of(severity, likelihood) for likelihood in LIKELIHOODS]
        assert column == sorted(column)
    for row in MATRIX.values():
        assert list(row) == sorted(row) and set(row) <= {1, 2, 3, 4, 5}
    assert (risk_of("minor", "very low"), risk_of("major", "medium"), risk_of("catastrophic", "very high")) == (1, 3, 5)


# each check


BROKEN = {
    "a wrong test id": ("tests/test_sample.py::test_it,", "tests/test_sample.py::test_itt,", "the test tests/test_sample.py::test_itt does not exist"),
    "a helper is no test": ("tests/test_sample.py::test_it,", "tests/test_sample.py::helper,", "tests/test_sample.py::helper does not exist"),
    "a method without its class": ("::TestMore::test_that", "::test_that", "tests/test_sample.py::test_that does not exist"),
    "parameters": ("tests/test_sample.py::test_it,", "'tests/test_sample.py::test_it[a]',", "does not exist"),
    "a test file that is not there": ("tests/test_sample.py::test_it,", "tests/test_gone.py::test_it,", "the file tests/test_gone.py does not exist"),
    "a file in place of a test": ("tests/test_sample.py::test_it,", "tests/test_sample.py,", "is no test"),
    "a test outside the tests": ("tests/test_sample.py::test_it,", "askfirst/agent.py::test_it,", "is no test"),
    "an unknown make target": ("make check]", "make cake]", "no target for 'make cake'"),
    "a variable of the Makefile": ("make check]", "make PY]", "no target for 'make PY'"),
    "an unknown scenario": ("sample.yml: It is found: at once", "sample.yml: It is found", "the scenario 'sample.yml: It is found' does not exist"),
    "a scenario of no file": ("sample.yml: It is found: at once", "gone.yml: It is found: at once", "does not exist"),
    "a known miss as evidence": ("sample.yml: It is found: at once", "sample.yml: It is not found yet", "is a known miss"),
    "a missing file of a control": ("file: askfirst/agent.py", "file: askfirst/agents.py", "the file askfirst/agents.py does not exist"),
    "a folder": ("file: askfirst/agent.py", "file: askfirst", "the file askfirst does not exist"),
    "a file outside the project": ("file: askfirst/agent.py", "file: ../README.md", "the file ../README.md does not exist"),
    "an absolute file": ("file: askfirst/agent.py", "file: /etc/hostname", "the file /etc/hostname does not exist"),
    "a wrong value of the matrix": ("likelihood: high, risk: 4}", "likelihood: high, risk: 3}", "major and high give a risk of 4, not 3"),
    "a risk in words": ("likelihood: high, risk: 4}", "likelihood: high, risk: four}", "give a risk of 4, not four"),
    "an unknown severity": ("severity: major, likelihood: high", "severity: awful, likelihood: high", "'awful' is no severity"),
    "an unknown likelihood": ("likelihood: high, risk: 4}", "likelihood: often, risk: 4}", "'often' is no likelihood"),
    "no rating": ("initial: {severity: major, likelihood: high, risk: 4}", "initial: 4", "initial: is no rating"),
    "half a rating": ("initial: {severity: major, likelihood: high, risk: 4}", "initial: {severity: major, risk: 4}", "'likelihood:' is missing"),
    "an unknown kind of control": ("kind: design", "kind: hope", "'hope' is no kind"),
    "an unknown owner": ("owner: product", "owner: nobody", "'nobody' is no owner"),
    "an unknown status": ("status: open", "status: done", "'done' is no status"),
    "an unknown question": ("questions: ['2']", "questions: ['99']", "there is no clinical question 99"),
    "a question that is a number": ("questions: ['2']", "questions: [2]", "'questions:' is no list of texts"),
    "a field that is missing": ("  effect: Nobody calls.\n", "", "'effect:' is missing"),
    "an empty field": ("  effect: Nobody calls.", "  effect: ''", "'effect:' is empty"),
    "an unknown field": ("  effect: Nobody calls.", "  effect: Nobody calls.\n  colour: red", "'colour:' is not known here"),
    "an unknown field of a control": ("      kind: design", "      kind: design\n      test: []", "'test:' is not known here"),
    "no causes": ("causes: [a rare word]", "causes: []", "no cause is named"),
    "a list that is none": ("missing: [a measurement | of some kind]", "missing: a measurement", "'missing:' is no list of texts"),
    "controls that are no list": ("  controls:\n    - {text: It is tried, kind: test, file: Makefile, tests: [tests/test_sample.py::test_later]}", "  controls: many", "controls: is no list"),
    "a control that is a text": ("    - {text: It is tried, kind: test, file: Makefile, tests: [tests/test_sample.py::test_later]}", "    - many", "this is no control"),
    "an id out of order": ("- id: H02", "- id: H03", "the id 'H03' is not H02"),
    "an id twice": ("- id: H02", "- id: H01", "the id 'H01' is not H02"),
    "more risk with controls": ("initial: {severity: major, likelihood: high, risk: 4}", "initial: {severity: minor, likelihood: low, risk: 1}", "H01 is riskier with its controls than without"),
    "a lower rating without a test": ("tests: [tests/test_sample.py::test_later]}", "tests: []}", "no control of H02 is tested", "H02 is not controlled: a control of the program has no test"),
    "controlled with something missing": ("  missing: []\n  status: controlled", "  missing: [a test]\n  status: controlled", "H02 is not controlled: something is missing"),
    "controlled with a high risk": ("  missing: [a measurement | of some kind]\n  status: open", "  missing: []\n  status: controlled", "H01 is not controlled"),
    "open without a reason": ("  missing: []\n  status: controlled", "  missing: []\n  status: open", "nothing says why H02 is open"),
    "a bare word that readers disagree on": ("effect: Little.", "effect: no", "means different things"),
}  # fmt: skip


def test_a_good_table_gives_no_findings(root: Path) -> None:
    hazards, problems = read_hazards(root)
    assert not problems, told(problems)
    assert [h.id for h in hazards] == ["H01", "H02"] and main(["--check"], root) == 0


@pytest.mark.parametrize("what", BROKEN)
def test_one_mistake_gives_its_finding_and_the_check_fails(root: Path, capsys: pytest.CaptureFixture, what: str) -> None:
    old, new, *messages = BROKEN[what]
    line = replace(root / TABLE, old, new)
    before = (root / LOG).read_bytes()
    problems = read_hazards(root)[1]
    assert len(problems) == len(messages), told(problems)
    for message, problem in zip(messages, problems, strict=True):
        assert message in problem.message and problem.file == TABLE, told(problems)
        assert abs(problem.line - line) <= 12 and problem.line and len(problem.remedy) > 5, told(problems)
    assert main(["--check"], root) == 1 and messages[0] in capsys.readouterr().err
    assert main([], root) == 1 and (root / LOG).read_bytes() == before, "a bad table writes nothing"


@pytest.mark.parametrize(("content", "message"), [(None, "the file is missing"), ("", "the table of hazards is missing"), ("a: b", "the table of hazards is missing"), ("[]", "the table of hazards is missing"), ("- [", "YAML")])
def test_a_table_that_is_none_is_told_once(root: Path, content: str | None, message: str) -> None:
    if content is None:
        (root / TABLE).unlink()
    else:
        (root / TABLE).write_text(content)
    hazards, problems = read_hazards(root)
    assert hazards == [] and len(problems) == 1 and message in problems[0].message, told(problems)
    assert main(["--check"], root) == 1


def test_words_between_the_hazards_are_told_on_their_line(root: Path) -> None:
    line = append(root / TABLE, "- just some words")
    expect(read_hazards(root)[1], TABLE, line, "this is no hazard")


@pytest.mark.parametrize(
    ("file", "messages"),
    [
        ("tests/test_sample.py", ["tests/test_sample.py does not exist"] * 3),
        ("askfirst/agent.py", ["askfirst/agent.py does not exist"]),
        ("Makefile", ["no target for 'make check'", "the file Makefile does not exist"]),
        ("tests/scenarios/sample.yml", ["does not exist"]),
        (QUESTIONS, ["there is no clinical question 2"]),
    ],
)
def test_what_is_taken_away_is_missed(root: Path, file: str, messages: list[str]) -> None:
    (root / file).unlink()
    problems = read_hazards(root)[1]
    assert len(problems) == len(messages) and all(m in p.message for m, p in zip(messages, problems)), told(problems)


def test_a_test_that_is_renamed_is_missed_with_the_line_of_the_table(root: Path) -> None:
    replace(root / "tests/test_sample.py", "def test_it(", "def test_it_now(")
    expect(read_hazards(root)[1], TABLE, line_of(root / TABLE, "tests:"), "the test tests/test_sample.py::test_it does not exist")


def test_a_test_file_that_cannot_be_read_is_a_finding_and_no_traceback(root: Path) -> None:
    append(root / "tests/test_sample.py", "def (")
    problems = read_hazards(root)[1]
    assert "the tests cannot be read" in problems[0].message and problems[0].file == "tests/test_sample.py", told(problems)


# the page


def test_a_stale_page_fails_and_is_made_anew_with_what_stands_around_it(root: Path, capsys: pytest.CaptureFixture) -> None:
    append(root / LOG, "A remark by hand.")
    assert main(["--check"], root) == 0, "what stands outside the marks is nobody's business"
    replace(root / TABLE, "Nobody calls.", "Nobody calls in time.")
    assert main(["--check"], root) == 1 and "not made from the table" in capsys.readouterr().err
    assert main([], root) == 0 and main(["--check"], root) == 0
    page = (root / LOG).read_text()
    assert "Nobody calls in time." in page and page.endswith("A remark by hand.\n")
    replace(root / LOG, "in time", "too late")
    assert main(["--check"], root) == 1, "a page changed by hand"


def test_a_missing_page_fails_and_is_made(root: Path) -> None:
    (root / LOG).unlink()
    assert main(["--check"], root) == 1 and not (root / LOG).exists()
    assert main([], root) == 0 and main(["--check"], root) == 0


@pytest.mark.parametrize("damage", [(BEGIN, ""), (END, ""), (BEGIN, BEGIN + BEGIN)])
def test_damaged_marks_are_told_and_nothing_is_written(root: Path, capsys: pytest.CaptureFixture, damage: tuple[str, str]) -> None:
    replace(root / LOG, *damage)
    before = (root / LOG).read_bytes()
    assert main([], root) == 1 and "marks" in capsys.readouterr().err
    assert (root / LOG).read_bytes() == before


def test_a_disk_that_is_full_leaves_the_old_page_and_nothing_else(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace(root / TABLE, "Nobody calls.", "Nobody calls in time.")
    before = (root / LOG).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("askfirst.content.clinic.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        main([], root)
    assert (root / LOG).read_bytes() == before and sorted(p.name for p in (root / LOG).parent.iterdir()) == ["hazard-log.md", "hazards.yml"]


def test_the_page_holds_everything_that_the_table_says(root: Path) -> None:
    page = (root / LOG).read_text()
    for words in (
        "2 hazards: 1 controlled, 1 open. With their controls: 1 with risk 3, 1 with risk 2.", "## H01: Something is missed", "Nobody calls.", "Cause: a rare word",
        "Before controls: major, likelihood high: risk 4", "With controls: major, likelihood low: risk 3", "[askfirst/agent.py](../../askfirst/agent.py)",
        "[test_it](../../tests/test_sample.py)", "[TestMore::test_that](../../tests/test_sample.py)", "`make check`",
        "[sample.yml: It is found: at once](../../tests/scenarios/sample.yml)", "done by people", "- 2: Should it be so?", "- a measurement | of some kind",
        "| very low | 1 | 1 | 2 | 2 | 3 |", "**Controlled.** Owner: clinic web team.",
    ):  # fmt: skip
        assert words in page, words
    rows = [line for line in page.split("\n") if line.startswith("| [H0")]
    assert len(rows) == 2 and all(row.count(" | ") == 6 for row in rows)


def test_a_hazard_without_any_control_is_shown_as_such(root: Path) -> None:
    replace(root / TABLE, "    - {text: It is tried, kind: test, file: Makefile, tests: [tests/test_sample.py::test_later]}\n", "")
    replace(root / TABLE, "  controls:\n  residual: {severity: significant, likelihood: low, risk: 2}", "  controls: []\n  residual: {severity: significant, likelihood: high, risk: 3}")
    replace(root / TABLE, "status: controlled", "status: open")
    assert main([], root) == 0 and "No control." in (root / LOG).read_text()


# a copy of the real project


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The real table and log in files of their own, everything else as it is."""
    for part in ROOT.iterdir():
        if part.name in ("askfirst", "actions", "data", "tests", "Makefile", "config.yml", "README.md"):
            (tmp_path / part.name).symlink_to(part)
    (tmp_path / "docs" / "safety").mkdir(parents=True)
    for part in (p for p in (ROOT / "docs").iterdir() if p.is_file()):
        (tmp_path / "docs" / part.name).symlink_to(part)
    for part in (p for p in (ROOT / "docs" / "safety").iterdir() if p.is_file()):
        (tmp_path / "docs" / "safety" / part.name).write_bytes(part.read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tests/test_screen.py::test_minimum_set,", "tests/test_screen.py::test_maximum_set,", "test_maximum_set does not exist"),
        ("file: askfirst/agent.py", "file: askfirst/agency.py", "the file askfirst/agency.py does not exist"),
        ("severity: major, likelihood: high, risk: 4", "severity: major, likelihood: high, risk: 2", "give a risk of 4, not 2"),
        ("questions: ['1',", "questions: ['31',", "there is no clinical question 31"),
        ("status: open", "status: controlled", "H01 is not controlled"),
    ],
)
def test_one_mistake_in_a_copy_of_the_real_table_makes_the_check_fail(copy: Path, capsys: pytest.CaptureFixture, old: str, new: str, message: str) -> None:
    assert main(["--check"], copy) == 0
    replace(copy / TABLE, old, new)
    assert len(read_hazards(copy)[1]) == 1
    assert main(["--check"], copy) == 1 and message in capsys.readouterr().err
