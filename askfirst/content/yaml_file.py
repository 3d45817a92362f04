"""Reads a YAML file so that every value knows its line, and refuses what YAML 1.1 and 1.2 read differently.

PyYAML (1.1) and Rasa's ruamel.yaml (1.2) share our files: `NO`, `on`, `9:00` or `010` mean different things to them, so an
unquoted one is a finding here. Anchors, aliases and tags are refused too: staff should never need them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from askfirst.content.problems import Problem, shown

# Plain scalars that a YAML 1.1 reader takes for a boolean and a 1.2 reader for text (yaml.org/type/bool.html).
_BOOL_11 = re.compile(r"^(?:y|yes|n|no|on|off)$", re.IGNORECASE)
# Base-60 numbers and octal of YAML 1.1: 9:00 is 540, 010 is 8.
_BASE_60 = re.compile(r"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$")
_OCTAL_11 = re.compile(r"^[-+]?0[0-7_]+$")
_UNDERSCORED = re.compile(r"^[-+]?[0-9]+(?:_[0-9]+)+$")
# Numbers of YAML 1.2 (yaml.org/spec/1.2.2, 10.3.2) that are text or another number in 1.1: 08, 1e3, 0o17.
_NUMBER_12 = re.compile(
    r"^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan)$", re.IGNORECASE
)
# What PyYAML (1.1) takes a plain scalar for, where that is text for us. Dates stay text.
_TEXT_11 = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp")
# The plain numbers that we read, and that every reader reads alike. More digits are an account or telephone number.
_INT = re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,14})$")
_FLOAT = re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}$")


class Mapping(dict):
    """A dict that knows its own line (`line`) and the line of each key (`line_of(key)`)."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}

    def line_of(self, key: Any) -> int:
        """Line (1-based) on which the key stands; the mapping's own line when the key is missing."""
        return self.lines.get(key, self.line)


class Sequence(list):
    """A list that knows its own line (`line`) and the line of each item (`lines[i]`)."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []

    def lined(self) -> list[tuple[Any, int]]:
        """Each item with its line."""
        return list(zip(self, self.lines, strict=True))


class _NotPlain(yaml.YAMLError):
    """An anchor, alias or tag; `problem_mark` says where, as in PyYAML's own errors."""

    def __init__(self, mark: yaml.Mark) -> None:
        super().__init__("not plain")
        self.problem_mark = mark


class _Loader(yaml.SafeLoader):
    """PyYAML's reader, which stops at the first anchor, alias or tag."""

    def fetch_anchor(self) -> None:
        raise _NotPlain(self.get_mark())

    fetch_alias = fetch_anchor
    fetch_tag = fetch_anchor


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []

    def problem(self, node: yaml.Node, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.name, node.start_mark.line + 1, message, remedy))

    def read(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            out = Mapping()
            out.line = node.start_mark.line + 1
            for key_node, value_node in node.value:
                key = self.read(key_node)
                if not isinstance(key, str):
                    self.problem(key_node, f"the name '{key}' is not text", "put it in quotes")
                    key = str(key)
                if key in out:
                    self.problem(key_node, f"'{key}' stands twice in one block", "keep one of the two")
                out[key] = self.read(value_node)
                out.lines[key] = key_node.start_mark.line + 1
            return out
        if isinstance(node, yaml.SequenceNode):
            items = Sequence()
            items.line = node.start_mark.line + 1
            for item in node.value:
                items.append(self.read(item))
                items.lines.append(item.start_mark.line + 1)
            return items
        return self.scalar(node)

    def scalar(self, node: yaml.ScalarNode) -> Any:
        text: str = node.value
        if any("\ud800" <= c <= "\udfff" for c in text):
            self.problem(node, "a code such as \\ud83d is half a character", "write the character itself")
            return ""
        if node.style is not None:  # quoted or a text block: text, whatever it looks like
            return text
        if text in ("", "null", "~"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
        if (
            node.tag not in _TEXT_11
            or _BOOL_11.match(text)
            or _BASE_60.match(text)
            or _OCTAL_11.match(text)
            or _UNDERSCORED.match(text)
            or _NUMBER_12.match(text)
            or text.lower() in ("true", "false", "null")
        ):
            self.problem(
                node,
                f"{text} without quotes means different things to different YAML readers",
                f"write '{text}' in quotes if you mean the text, or true / false / a plain number",
            )
        return text


def read_yaml(path: Path, root: Path | None = None) -> tuple[Any, list[Problem]]:
    """Read one file.

    Args: path, the file; root, the project's root for the file name in findings.
    Returns: the content as Mapping / Sequence / str / int / float / bool / None (dates stay text), and the findings.
    Never raises for a bad file: an unreadable one gives (None, [Problem]).
    """
    name = shown(path, root)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None, [Problem(name, 0, "the file is missing", "restore it from git, or undo the last change")]
    except UnicodeDecodeError as error:
        return None, [Problem(name, 0, f"the file is not UTF-8 text ({error.reason})", "save it as UTF-8")]
    except OSError as error:
        return None, [Problem(name, 0, f"the file cannot be read ({error.strerror})", "check its rights")]
    try:
        return _parsed(text, name)
    except yaml.YAMLError as error:
        return None, [_yaml_problem(error, text, name)]
    except RecursionError:
        return None, [Problem(name, 0, "its blocks stand too deep inside each other", "look for many [ or - in one place")]
    except (ValueError, OverflowError):  # PyYAML on "\UFFFFFFFF"
        return None, [Problem(name, 0, "a code that starts with \\ is no character", "write the character itself")]


def _parsed(text: str, name: str) -> tuple[Any, list[Problem]]:
    node = yaml.compose(text, Loader=_Loader)
    if node is None:
        return None, []
    reader = _Reader(name)
    content = reader.read(node)
    return content, reader.problems


def _yaml_problem(error: yaml.YAMLError, text: str, name: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Problem(name, line, "YAML: a character that cannot be seen stands here", "delete it and write the line again")
    mark = getattr(error, "problem_mark", None)
    if isinstance(error, _NotPlain):
        return Problem(
            name,
            mark.line + 1 if mark else 0,
            "anchors (&), aliases (*) and tags (!) are not used in these files",
            "write the text out, or put it in quotes if it starts with one of these signs",
        )
    what = getattr(error, "problem", None) or "it is not valid YAML"
    return Problem(
        name, mark.line + 1 if mark else 0, f"YAML: {what}", "check the indentation, and quote text that holds ': ' or starts with a sign"
    )


def plain(value: Any) -> Any:
    """The same content as ordinary dicts and lists, without line numbers."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
