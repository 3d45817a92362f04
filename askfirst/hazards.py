"""The hazard log: docs/safety/hazards.yml, checked against the repository and rendered as docs/safety/hazard-log.md.

A hazard log is worth something only while the controls and tests that it names exist. `python -m askfirst.hazards` writes the
log, `--check` fails when it is stale or names something that is not there.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from askfirst.content.clinic import write_text_safely
from askfirst.content.problems import Problem, shown
from askfirst.content.yaml_file import Mapping, Sequence, read_yaml
from askfirst.settings import ROOT

TABLE, LOG = "docs/safety/hazards.yml", "docs/safety/hazard-log.md"
QUESTIONS = "data/knowledge/clinical_questions.yml"
SCENARIOS = "tests/scenarios"
COMMAND = "python -m askfirst.hazards"
BEGIN, END = "<!-- hazards begin -->", "<!-- hazards end -->"

SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")
LIKELIHOODS = ("very low", "low", "medium", "high", "very high")
# The example matrix of the implementation guidance of DCB0129, with the severities above as columns. A table of its own: no formula gives it.
MATRIX: dict[str, tuple[int, ...]] = {
    "very high": (3, 4, 4, 5, 5),
    "high": (2, 3, 3, 4, 5),
    "medium": (2, 2, 3, 3, 4),
    "low": (1, 2, 2, 3, 4),
    "very low": (1, 1, 2, 2, 3),
}
KINDS = ("design", "test", "training", "operational")
# What a program can do can be tested; training and operation are done by people at the clinic.
TESTABLE = ("design", "test")
OWNERS = ("product", "clinical safety officer of the clinic", "clinic web team")
STATUSES = ("open", "controlled")
# From this residual risk on a hazard stays open: "undesirable" and above.
UNDESIRABLE = 3

_FIELDS = ("id", "hazard", "causes", "effect", "initial", "controls", "residual", "owner", "questions", "missing", "status")
_ID = re.compile(r"H[0-9]{2}")
_TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)", re.MULTILINE)
_HEAD = f"""# Hazard log

Made from [hazards.yml](hazards.yml) by `{COMMAND}`. Change the table, not this page; `{COMMAND} --check` fails when they differ.

{BEGIN}
{END}
"""


@dataclass(frozen=True)
class Rating:
    """How bad and how likely. `risk`: 1 to 5, what the matrix gives for the two."""

    severity: str
    likelihood: str
    risk: int


@dataclass(frozen=True)
class Control:
    """What keeps a hazard small. `file`: where it stands; `tests`: pytest ids without parameters, or 'make TARGET';
    `scenarios`: 'FILE.yml: title' of tests/scenarios, played by tests/test_scenarios.py."""

    text: str
    kind: str
    file: str
    tests: tuple[str, ...]
    scenarios: tuple[str, ...]

    @property
    def tested(self) -> bool:
        """Does anything that runs by itself show that it works?"""
        return bool(self.tests or self.scenarios)


@dataclass(frozen=True)
class Hazard:
    """One hazard. `questions`: numbers of clinical_questions.yml that a clinician has to decide first; `missing`: controls or tests
    that do not exist."""

    id: str
    hazard: str
    causes: tuple[str, ...]
    effect: str
    initial: Rating
    controls: tuple[Control, ...]
    residual: Rating
    owner: str
    questions: tuple[str, ...]
    missing: tuple[str, ...]
    status: str


def risk_of(severity: str, likelihood: str) -> int:
    """The risk rating of the matrix, 1 (acceptable) to 5 (unacceptable). Errors: KeyError, ValueError for unknown words."""
    return MATRIX[likelihood][SEVERITIES.index(severity)]


def read_hazards(root: Path = ROOT) -> tuple[list[Hazard], list[Problem]]:
    """Read the table and hold it against the repository.

    Args: root, the project's folder. Returns: the hazards that can be read, and every finding; never raises for a bad table.
    """
    reader = _Reader(root)
    return list(reader.hazards()), reader.problems


class _Reader:
    """Reads the table and collects findings."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content, self.problems = read_yaml(root / TABLE, root)
        self._tests: dict[str, frozenset[str]] = {}
        self._titles: dict[str, dict[str, bool]] = {}
        asked = read_yaml(root / QUESTIONS, root)[0]
        self._questions = frozenset(asked) if isinstance(asked, Mapping) else frozenset()
        makefile = root / "Makefile"
        self._targets = frozenset(_TARGET.findall(makefile.read_text(encoding="utf-8"))) if makefile.is_file() else frozenset()

    def bad(self, line: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(TABLE, line, message, remedy))

    def hazards(self) -> Iterator[Hazard]:
        """Every hazard that is complete."""
        if not isinstance(self.content, Sequence) or not self.content:
            if not self.problems:
                self.bad(0, "the table of hazards is missing", "write a list of hazards that begin with '- id: H01'")
            return
        for number, (block, line) in enumerate(self.content.lined(), 1):
            if not isinstance(block, Mapping):
                self.bad(line, "this is no hazard", "write a block that begins with '- id: H01'")
                continue
            before = len(self.problems)
            hazard = self.hazard(block, number)
            if len(self.problems) == before:
                self.judge(hazard, block)
                yield hazard

    def hazard(self, block: Mapping, number: int) -> Hazard:
        self.only(block, _FIELDS, _FIELDS)
        hazard_id = self.text(block, "id")
        if hazard_id and (not _ID.fullmatch(hazard_id) or hazard_id != f"H{number:02d}"):
            self.bad(block.line_of("id"), f"the id '{hazard_id}' is not H{number:02d}", "number the hazards H01, H02 ... in their order")
        causes = self.texts(block, "causes")
        if not causes:
            self.bad(block.line_of("causes"), "no cause is named", "list at least one under causes:")
        questions = self.texts(block, "questions")
        for question in questions:
            if question not in self._questions:
                self.bad(block.line_of("questions"), f"there is no clinical question {question}", f"use a number of {QUESTIONS}, in quotes")
        return Hazard(
            hazard_id, self.text(block, "hazard"), causes, self.text(block, "effect"), self.rating(block, "initial"), self.controls(block),
            self.rating(block, "residual"), self.choice(block, "owner", OWNERS), questions, self.texts(block, "missing"),
            self.choice(block, "status", STATUSES),
        )

    def controls(self, block: Mapping) -> tuple[Control, ...]:
        listed = block.get("controls")
        if not isinstance(listed, Sequence):
            if "controls" in block:
                self.bad(block.line_of("controls"), "controls: is no list", "write one block for each control, or [] where there is none")
            return ()
        found = []
        for control, line in listed.lined():
            if not isinstance(control, Mapping):
                self.bad(line, "this is no control", "write text:, kind:, file: and tests:")
                continue
            self.only(control, ("text", "kind", "file", "tests"), ("text", "kind", "file", "tests", "scenarios"))
            tests, scenarios = self.texts(control, "tests"), self.texts(control, "scenarios")
            for test in tests:
                self.exists(control.line_of("tests"), test)
            for scenario in scenarios:
                self.played(control.line_of("scenarios"), scenario)
            file = self.text(control, "file")
            if file and not self.is_file(file):
                self.bad(control.line_of("file"), f"the file {file} does not exist", "name the file that holds the control, from the project's root")
            found.append(Control(self.text(control, "text"), self.choice(control, "kind", KINDS), file, tests, scenarios))
        return tuple(found)

    def rating(self, block: Mapping, key: str) -> Rating:
        rating = block.get(key)
        if not isinstance(rating, Mapping):
            if key in block:
                self.bad(block.line_of(key), f"{key}: is no rating", "write {severity: major, likelihood: low, risk: 3}")
            return Rating("", "", 0)
        names = ("severity", "likelihood", "risk")
        self.only(rating, names, names)
        severity, likelihood = self.choice(rating, "severity", SEVERITIES), self.choice(rating, "likelihood", LIKELIHOODS)
        risk = rating.get("risk")
        if severity and likelihood and risk != risk_of(severity, likelihood):
            right = risk_of(severity, likelihood)
            self.bad(rating.line_of("risk"), f"{severity} and {likelihood} give a risk of {right}, not {risk}", f"write risk: {right}")
        return Rating(severity, likelihood, risk if isinstance(risk, int) else 0)

    def judge(self, hazard: Hazard, block: Mapping) -> None:
        """What the parts of one hazard must be to each other."""
        line = block.line_of("status")
        untested = [c for c in hazard.controls if c.kind in TESTABLE and not c.tested]
        closed = hazard.residual.risk < UNDESIRABLE and not hazard.missing
        if hazard.residual.risk > hazard.initial.risk:
            self.bad(block.line_of("residual"), f"{hazard.id} is riskier with its controls than without", "judge both ratings again")
        if hazard.residual != hazard.initial and not any(c.tested for c in hazard.controls):
            nothing = f"no control of {hazard.id} is tested, so nothing lowers its risk"
            self.bad(block.line_of("residual"), nothing, "write the initial rating again, or name tests")
        if hazard.status == "controlled" and not closed:
            reason = f"something is missing, or its risk is {UNDESIRABLE} or more"
            self.bad(line, f"{hazard.id} is not controlled: {reason}", "write status: open")
        if hazard.status == "controlled" and (untested or not hazard.controls):
            self.bad(line, f"{hazard.id} is not controlled: a control of the program has no test", "name its tests, or write status: open")
        if hazard.status == "open" and closed:
            self.bad(line, f"nothing says why {hazard.id} is open", "say under missing: what is missing, or write status: controlled")

    def exists(self, line: int, test: str) -> None:
        """A finding when a test is not there. Test files are read, never imported."""
        if test.startswith("make "):
            if test.removeprefix("make ") not in self._targets:
                self.bad(line, f"the Makefile has no target for '{test}'", "name one that `make help` lists")
            return
        file, _, name = test.partition("::")
        if not name or not file.startswith("tests/"):
            self.bad(line, f"'{test}' is no test", "write tests/test_file.py::test_name without parameters, or make target")
        elif not self.is_file(file):
            self.bad(line, f"the file {file} does not exist", "name an existing test file")
        elif name not in self.tests_of(file):
            self.bad(line, f"the test {test} does not exist", f"look up its name in {file}")

    def tests_of(self, file: str) -> frozenset[str]:
        """Names of the tests of a file: test_name, or TestClass::test_name."""
        if file not in self._tests:
            try:
                tree: ast.AST = ast.parse((self.root / file).read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError):
                self.problems.append(Problem(file, 0, "the tests cannot be read", "put the file right"))
                tree = ast.Module([], [])
            self._tests[file] = frozenset(_tests_in(tree))
        return self._tests[file]

    def played(self, line: int, scenario: str) -> None:
        """A finding when a scenario is not there, or is one of those that are not answered as asked yet."""
        file, _, title = scenario.partition(": ")
        if file not in self._titles:
            content = read_yaml(self.root / SCENARIOS / file, self.root)[0] if file.endswith(".yml") and "/" not in file else None
            blocks = [b for b in content if isinstance(b, Mapping)] if isinstance(content, Sequence) else []
            self._titles[file] = {str(b.get("scenario")): "known_miss" in b for b in blocks}
        missed = self._titles[file].get(title)
        if missed is None:
            self.bad(line, f"the scenario '{scenario}' does not exist", f"write FILE.yml: title, as in {SCENARIOS}")
        elif missed:
            self.bad(line, f"the scenario '{scenario}' is a known miss and shows nothing", "name another one, or list it under missing:")

    def is_file(self, name: str) -> bool:
        path = PurePosixPath(name)
        return not path.is_absolute() and ".." not in path.parts and (self.root / path).is_file()

    def only(self, block: Mapping, needed: tuple[str, ...], known: tuple[str, ...]) -> None:
        for key in needed:
            if key not in block:
                self.bad(block.line, f"'{key}:' is missing", f"a complete block has {', '.join(needed)}")
        for key in block:
            if key not in known:
                self.bad(block.line_of(key), f"'{key}:' is not known here", f"use {', '.join(known)}")

    def text(self, block: Mapping, key: str) -> str:
        value = block.get(key)
        if key in block and (not isinstance(value, str) or not value.strip()):
            self.bad(block.line_of(key), f"'{key}:' is empty or no text", "write a few words, in quotes if they look like something else")
        return " ".join(value.split()) if isinstance(value, str) else ""

    def texts(self, block: Mapping, key: str) -> tuple[str, ...]:
        value: Any = block.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self.bad(block.line_of(key), f"'{key}:' is no list of texts", "write one line for each, or [] where there is none")
            return ()
        return tuple(" ".join(v.split()) for v in value)

    def choice(self, block: Mapping, key: str, choices: tuple[str, ...]) -> str:
        value = block.get(key)
        if value in choices:
            return str(value)
        if key in block:
            self.bad(block.line_of(key), f"'{value}' is no {key}", f"write one of: {', '.join(choices)}")
        return ""


def _tests_in(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            yield prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield from _tests_in(node, f"{prefix}{node.name}::")


def counts(hazards: list[Hazard]) -> str:
    """How it stands, in one line."""
    status = Counter(h.status for h in hazards)
    risk = Counter(h.residual.risk for h in hazards)
    controls = [c for h in hazards for c in h.controls]
    untested = sum(c.kind in TESTABLE and not c.tested for c in controls)
    tests = {t for c in controls for t in (*c.tests, *c.scenarios)}
    risks = ", ".join(f"{risk[r]} with risk {r}" for r in sorted(risk, reverse=True))
    return (
        f"{len(hazards)} hazards: {status['controlled']} controlled, {status['open']} open. With their controls: {risks}. "
        f"{len(controls)} controls, {untested} of the program without a test; {len(tests)} tests and scenarios."
    )


def render(hazards: list[Hazard], root: Path = ROOT) -> str:
    """The generated part of the log: how it stands, the matrix, a summary, one section for each hazard."""
    lines = [counts(hazards), "", "## Summary", ""]
    lines += ["| id | hazard | risk before | risk now | status | missing | owner |", "|---|---|---|---|---|---|---|"]
    for h in hazards:
        risks = f"{h.initial.risk} | {h.residual.risk}"
        lines.append(f"| [{h.id}](#{h.id.lower()}) | {_cell(h.hazard)} | {risks} | {h.status} | {len(h.missing) or '-'} | {h.owner} |")
    lines += ["", "## Risk matrix", "", "| likelihood | " + " | ".join(SEVERITIES) + " |", "|---|" + "---|" * len(SEVERITIES)]
    lines += [f"| {likelihood} | " + " | ".join(map(str, row)) + " |" for likelihood, row in MATRIX.items()]
    asked = read_yaml(root / QUESTIONS, root)[0]
    for h in hazards:
        lines += ["", f'<a id="{h.id.lower()}"></a>', "", f"## {h.id}: {h.hazard}", "", f"**{h.status.capitalize()}.** Owner: {h.owner}.", ""]
        lines += [f"- Can lead to: {h.effect}", *(f"- Cause: {cause}" for cause in h.causes)]
        lines += [f"- Before controls: {_rating(h.initial)}", f"- With controls: {_rating(h.residual)}", ""]
        lines += ["| control | kind | where | shown by |", "|---|---|---|---|"] if h.controls else ["No control."]
        lines += [f"| {_cell(c.text)} | {c.kind} | {_link(c.file)} | {_shown_by(c)} |" for c in h.controls]
        if h.missing:
            lines += ["", "Missing:", "", *(f"- {text}" for text in h.missing)]
        if h.questions:
            lines += ["", "To be decided by a clinician:", ""]
            lines += [f"- {q}: {' '.join(str(asked[q].get('question', '')).split())}" for q in h.questions]
    return "\n".join(lines) + "\n"


def _rating(rating: Rating) -> str:
    return f"{rating.severity}, likelihood {rating.likelihood}: risk {rating.risk}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _link(file: str) -> str:
    return f"[{file}](../../{file})"


def _shown_by(control: Control) -> str:
    """The tests of a control, each linked to its file."""
    found = [f"`{t}`" if t.startswith("make ") else f"[{t.partition('::')[2]}](../../{t.partition('::')[0]})" for t in control.tests]
    found += [f"[{_cell(s)}](../../{SCENARIOS}/{s.partition(':')[0]})" for s in control.scenarios]
    return "<br>".join(found) or ("no test" if control.kind in TESTABLE else "done by people")


def with_log(page: str, generated: str) -> str:
    """A page with the generated text between its two marks. Errors: ValueError when the marks are not there."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ValueError(f"{LOG} needs one line {BEGIN} and, below it, one line {END}: delete the file and run {COMMAND}")
    return f"{page.partition(BEGIN)[0]}{BEGIN}\n\n{generated}\n{END}{page.partition(END)[2]}"


def main(argv: list[str] | None = None, root: Path = ROOT) -> int:
    """The command. Args: argv, without the program's name; root, the project's folder. Returns: 0, or 1 with the reasons on stderr."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Write the hazard log from its table.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the log is stale or names what does not exist")
    args = parser.parse_args(argv)
    hazards, problems = read_hazards(root)
    log = root / LOG
    page = log.read_text(encoding="utf-8") if log.is_file() else _HEAD
    current = page
    if not problems:
        try:
            current = with_log(page, render(hazards, root))
        except ValueError as error:
            problems.append(Problem(shown(log, root), 0, "the marks of the generated part are damaged", str(error)))
    if args.check and not problems and (current != page or not log.is_file()):
        problems.append(Problem(shown(log, root), 0, "the hazard log is not made from the table as it stands", f"run {COMMAND}"))
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    if not args.check:
        write_text_safely(log, current)
    print(counts(hazards))
    return 0


if __name__ == "__main__":
    sys.exit(main())
