"""The YAML reader: lines, values that every reader reads alike, and a finding instead of an error for every bad file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.content import yaml_file
from askfirst.content.problems import ContentError, Problem, shown
from askfirst.content.yaml_file import MAX_DEPTH, Mapping, Sequence, plain, read_yaml
from tests.harness import CONTENT, ROOT

UNSURE = "without quotes means different things"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yaml")


PARSERS = {"in C": yaml.CSafeLoader, "in Python": yaml.SafeLoader}


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of PyYAML's two parsers in turn: which one is there depends on how PyYAML was built."""
    monkeypatch.setattr(yaml_file, "PARSER", PARSERS[request.param])


def read(folder: Path, content: str | bytes) -> tuple[Any, list[Problem]]:
    path = folder / "notes.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_yaml(path, folder)


@pytest.mark.usefixtures("parser")
def test_every_key_and_every_item_knows_its_line(folder: Path) -> None:
    data, problems = read(folder, "# a note\nfirst: 1\nmore:\n  - a\n  - b: 2\n    c: three\n")
    assert not problems
    assert isinstance(data, Mapping) and (data.line, data.line_of("first"), data.line_of("more")) == (2, 2, 3)
    items = data["more"]
    assert isinstance(items, Sequence) and items.line == 4
    assert items.lined() == [("a", 4), ({"b": 2, "c": "three"}, 5)]
    assert items[1].line_of("c") == 6


def test_a_missing_key_has_the_line_of_its_block(folder: Path) -> None:
    data, _ = read(folder, "\n\nblock:\n  a: 1\n")
    assert data["block"].line_of("b") == data["block"].line == 4


def test_plain_gives_ordinary_dicts_and_lists(folder: Path) -> None:
    data, _ = read(folder, "a: [1, {b: two}]\n")
    assert plain(data) == {"a": [1, {"b": "two"}]}
    assert type(plain(data)) is dict and type(plain(data)["a"]) is list and type(plain(data)["a"][1]) is dict


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"), ("two words", "two words"), ("12", 12), ("-3", -3), ("0", 0), ("2.5", 2.5), ("true", True), ("false", False),
        ("null", None), ("~", None), ("", None), ("'NO'", "NO"), ('"9:00"', "9:00"), ("'010'", "010"), ("2026-11-30", "2026-11-30"),
        ("01632 960 120", "01632 960 120"), ("9:00-17:00", "9:00-17:00"), ('"Zoë’s “Haus”: 雨"', "Zoë’s “Haus”: 雨"),
    ],
)
def test_a_value_is_read_as_it_stands(folder: Path, written: str, value: Any) -> None:
    data, problems = read(folder, f"key: {written}\n")
    assert not problems
    assert data["key"] == value and type(data["key"]) is type(value)


@pytest.mark.parametrize(
    "written",
    ["NO", "no", "No", "yes", "Y", "n", "on", "OFF", "9:00", "09:00", "23:59:59", "010", "08", "0800123456", "1_000", "True", "FALSE",
     "Null", "1e3", "0o17", "0x1F", "0b11", ".5", "5.", ".inf", ".NaN", "=", "1234567890123456"],
)
def test_an_unquoted_value_that_readers_disagree_on_is_a_finding(folder: Path, written: str) -> None:
    data, problems = read(folder, f"first: x\nkey: {written}\n")
    assert [(p.file, p.line) for p in problems] == [("notes.yml", 2)]
    assert UNSURE in problems[0].message and f"write '{written}' in quotes" in problems[0].remedy
    assert data["key"] == written


@pytest.mark.parametrize("written", ["on", "NO", "9:00"])
def test_an_unquoted_name_that_readers_disagree_on_is_a_finding(folder: Path, written: str) -> None:
    _, problems = read(folder, f"{written}: x\n")
    assert [p.line for p in problems] == [1] and UNSURE in problems[0].message


@given(st.text("0123456789abefinostuxyNOTEF:._+-~=<>", min_size=1, max_size=8))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_accepted_reads_the_same_in_pyyaml_and_in_rasas_ruamel(folder: Path, written: str) -> None:
    text = f"key: {written}\n"
    ours, problems = read(folder, text)
    if problems:
        return
    old, new = yaml.safe_load(text), ruamel.yaml.YAML(typ="safe", pure=True).load(text)
    assert repr(old) == repr(new)
    assert repr(plain(ours)) == repr(old) or (isinstance(ours["key"], str) and "datetime" in repr(old))


BROKEN = [
    ("an unclosed bracket", "a: [1, 2\nb: 3\n", 2, "YAML:"),
    ("an unclosed quote", 'a: "text\nb: 3\n', 3, "YAML:"),
    ("a tab as indentation", "a:\n\tb: 1\n", 2, "YAML:"),
    ("a colon in plain text", "a: one\nb: this: that\n", 2, "YAML:"),
    ("a wrong indent", "a:\n  b: 1\n c: 2\n", 3, "YAML:"),
    ("two documents", "a: 1\n---\nb: 2\n", 2, "YAML:"),
    ("a line that starts with @", "a: 1\nb: @home\n", 2, "YAML:"),
    ("a character that cannot be seen", "a: 1\nb: x\x07y\n", 2, "cannot be seen"),
    ("an anchor", "a: &name 1\n", 1, "anchors (&)"),
    ("an alias", "a: 1\nb: *name\n", 2, "anchors (&)"),
    ("a tag", "a: 1\nb: !secret x\n", 2, "anchors (&)"),
    ("text that starts with a star", "a: 1\nb: *** important\n", 2, "YAML:"),
    ("blocks in blocks without end", "a: 1\nb: " + "[" * 50_000, 2, "too deep"),
    ("lists in lists without end", "- " * 1500, 1, "too deep"),
]


@pytest.mark.parametrize(("text", "line", "message"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
@pytest.mark.usefixtures("parser")
def test_a_file_that_is_no_plain_yaml_gives_one_finding_and_no_content(folder: Path, text: str, line: int, message: str) -> None:
    data, problems = read(folder, text)
    assert data is None
    assert [(p.file, p.line) for p in problems] == [("notes.yml", line)]
    assert message in problems[0].message and problems[0].remedy


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("code", ["\\ud83d", "\\UFFFFFFFF", "\\U00110000", "\\q", "\\x"])
def test_a_code_that_is_no_character_is_a_finding(folder: Path, code: str) -> None:
    _, problems = read(folder, f'a: 1\nb: "{code}"\n')
    assert len(problems) == 1 and problems[0].line in (0, 2) and problems[0].remedy


def test_blocks_may_stand_inside_each_other_up_to_a_limit(folder: Path) -> None:
    assert read(folder, "[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == []
    assert "too deep" in read(folder, "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))[1][0].message


def test_a_name_that_stands_twice_is_a_finding_on_the_second_line(folder: Path) -> None:
    _, problems = read(folder, "a: 1\nb: 2\na: 3\n")
    assert [(p.line, p.message) for p in problems] == [(3, "'a' stands twice in one block")]


@pytest.mark.parametrize("key", ["5", "true", "null", "[a, b]", "{a: b}"])
def test_a_name_that_is_not_text_is_a_finding(folder: Path, key: str) -> None:
    _, problems = read(folder, f"? {key}\n: x\n")
    assert [p.line for p in problems] == [1] and "is not text" in problems[0].message


def test_an_empty_file_has_no_content_and_no_finding(folder: Path) -> None:
    assert read(folder, "# only a note\n") == (None, [])


def test_a_missing_file_is_a_finding(folder: Path) -> None:
    data, problems = read_yaml(folder / "gone.yml", folder)
    assert data is None and [str(p).split("\n")[0] for p in problems] == ["gone.yml: the file is missing"]


def test_a_folder_with_the_name_of_a_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "x.yml").mkdir()
    data, problems = read_yaml(tmp_path / "x.yml", tmp_path)
    assert data is None and "cannot be read" in problems[0].message


@pytest.mark.parametrize("content", ["naïve".encode("latin-1"), "a: 1".encode("utf-16"), b"\xff\xfe\x00"])
def test_a_file_that_is_not_utf_8_is_a_finding(folder: Path, content: bytes) -> None:
    data, problems = read(folder, content)
    assert data is None and "not UTF-8" in problems[0].message and "save it as UTF-8" in problems[0].remedy


def test_a_byte_order_mark_and_windows_line_ends_are_harmless(folder: Path) -> None:
    data, problems = read(folder, "\ufeffa: 1\r\nb: two\r\n".encode())
    assert (plain(data), problems) == ({"a": 1, "b": "two"}, [])


def test_a_finding_says_where_what_and_what_to_do() -> None:
    finding = Problem("data/x.yml", 7, "it is wrong", "put it right")
    assert str(finding) == "data/x.yml:7: it is wrong\n    What to do: put it right"
    assert str(Problem("data/x.yml", 0, "it is wrong", "put it right")).startswith("data/x.yml: it")
    assert str(ContentError([finding, finding])).count("What to do") == 2
    assert str(ContentError([])) == "the content cannot be used"


def test_a_path_is_shown_from_the_projects_root_where_possible(tmp_path: Path) -> None:
    assert shown(tmp_path / "data" / "x.yml", tmp_path) == "data/x.yml"
    assert shown(tmp_path / "x.yml", tmp_path / "other") == shown(tmp_path / "x.yml", None) == str(tmp_path / "x.yml")


FILES = sorted([ROOT / name for name in CONTENT if name.endswith(".yml")] + list((ROOT / "data").rglob("*.yml")))


@pytest.mark.parametrize("path", FILES, ids=[str(p.relative_to(ROOT)) for p in FILES])
def test_our_own_files_read_the_same_in_every_reader(path: Path) -> None:
    ours, problems = read_yaml(path, ROOT)
    assert not problems
    text = path.read_text(encoding="utf-8")
    assert plain(ours) == yaml.load(text, Loader=yaml.CSafeLoader) == ruamel.yaml.YAML(typ="safe").load(text)


def is_sound(answer: tuple[Any, list[Problem]]) -> bool:
    return all(p.message and p.remedy and p.line >= 0 for p in answer[1])


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_whatever_make_the_reader_fail(folder: Path, content: bytes) -> None:
    assert is_sound(read(folder, content))


PIECES = ["- ", "? ", ": ", "\n", "\n  ", "\t", "[", "]", "{", "}", ",", "|", ">", ">-", "&a ", "*a", "!x ", "!!int ", "'", '"', "#", " #", "%YAML 1.1",
          "---\n", "...\n", "<<", "\\u", "\\U0011FFFF", "\\x", "a", "key", "NO", "9:00", "0x", "1e999", "1" * 30, "é", "😀", "\u2028", "\x00", "\x85"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_pieces_of_yaml_whatever_make_the_reader_fail(folder: Path, text: str) -> None:
    for parser in PARSERS.values():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_file, "PARSER", parser)
            assert is_sound(read(folder, text))
