"""Reads a YAML file so that every value knows its line, and refuses what YAML 1.1 and 1.2 read differently.

PyYAML (1.1) and Rasa's ruamel.yaml (1.2) share our files: `NO`, `on`, `9:00` or `010` mean different things to them, so an
unquoted one is a finding here. Anchors, aliases and tags are refused too: staff should never need them.
"""

from __future__ import annotations

import re
from functools import lru_cache
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
# Numbers of YAML 1.2 as ruamel reads them, which are text or another number in 1.1: 08, 1e3, 0o17, 0_1e0.
_NUMBER_12 = re.compile(
    r"^(?:[-+]?0[box][0-9a-f_]+|[-+]?(?:\.[0-9_]+|[0-9_]+(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?|[-+]?\.inf|\.nan)$", re.IGNORECASE
)
# What PyYAML (1.1) takes a plain scalar for, where that is text for us. Dates stay text.
_TEXT_11 = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp")
# The plain numbers that we read, and that every reader reads alike. More digits are an account or telephone number.
_INT = re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,14})$")
_FLOAT = re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}$")
# Half of a character that UTF-16 writes in two: only an escape in double quotes can make one.
_HALF = re.compile("[\ud800-\udfff]")
# The parser in C is eight times faster; where PyYAML was built without it, the one in Python does the same.
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
# Deeper than any of our files by far, and no depth at which a recursive reader of the content would fail.
MAX_DEPTH = 40


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


class _UnusableError(Exception):
    """Why a file has no content at all."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


class _Reader:
    """Builds the content from the parser's events, one after the other, so that no depth of blocks is too much for it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.content: Any = None
        # The blocks that are open, each with the key that waits for its value.
        self.open: list[tuple[Mapping | Sequence, int]] = []
        self.keys: list[tuple[str, int] | None] = []

    def problem(self, line: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.name, line, message, remedy))

    def read(self, text: str) -> Any:
        """The content of a text. Errors: yaml.YAMLError, _UnusableError."""
        documents = 0
        for event in yaml.parse(text, Loader=PARSER):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _UnusableError(line, "YAML: a second document starts here", "remove the line ---")
            elif isinstance(event, yaml.CollectionEndEvent):
                block, started = self.open.pop()
                self.keys.pop()
                self.add(block, started)
            elif isinstance(event, yaml.NodeEvent):
                self.node(event, line)
        return self.content

    def node(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            raise _UnusableError(
                line,
                "anchors (&), aliases (*) and tags (!) are not used in these files",
                "write the text out, or put it in quotes if it starts with one of these signs",
            )
        if isinstance(event, yaml.ScalarEvent):
            self.add(self.scalar(event.value, plain=event.style in (None, ""), line=line), line)
            return
        if len(self.open) >= MAX_DEPTH:
            raise _UnusableError(line, "the blocks stand too deep inside each other", "look for a bracket or a - too many")
        block = Mapping() if isinstance(event, yaml.MappingStartEvent) else Sequence()
        block.line = line
        self.open.append((block, line))
        self.keys.append(None)

    def add(self, value: Any, line: int) -> None:
        """Put a value where it belongs: the innermost open block, as an item, a key or the value of the key before."""
        if not self.open:
            self.content = value
            return
        block = self.open[-1][0]
        if isinstance(block, Sequence):
            block.append(value)
            block.lines.append(line)
        elif self.keys[-1] is None:
            self.keys[-1] = (self.key(block, value, line), line)
        else:
            key, at = self.keys[-1]
            block[key] = value
            block.lines[key] = at
            self.keys[-1] = None

    def key(self, block: Mapping, key: Any, line: int) -> str:
        if not isinstance(key, str):
            self.problem(line, f"the name '{key}' is not text", "put it in quotes")
            key = str(key)
        if key in block:
            self.problem(line, f"'{key}' stands twice in one block", "keep one of the two")
        return key

    def scalar(self, text: str, plain: bool, line: int) -> Any:
        if not plain:  # quoted or a text block: text, whatever it looks like
            if _HALF.search(text):
                self.problem(line, "a code such as \\ud83d is half a character", "write the character itself")
                return ""
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
            _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) not in _TEXT_11
            or _BOOL_11.match(text)
            or _BASE_60.match(text)
            or _OCTAL_11.match(text)
            or _UNDERSCORED.match(text)
            or _NUMBER_12.match(text)
            or text.lower() in ("true", "false", "null")
        ):
            self.problem(
                line,
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
    content, problems = _read(name, text)
    return content, list(problems)


@lru_cache(maxsize=256)
def _read(name: str, text: str) -> tuple[Any, list[Problem]]:
    """The content of a text, once for each: our files are read again and again, and nobody changes what was read."""
    reader = _Reader(name)
    unseen = yaml.reader.Reader.NON_PRINTABLE.search(text)
    try:
        if unseen:
            line = text.count("\n", 0, unseen.start()) + 1
            raise _UnusableError(line, "YAML: a character that cannot be seen stands here", "delete it and write the line again")
        return reader.read(text), reader.problems
    except _UnusableError as error:
        return None, [Problem(name, error.line, error.message, error.remedy)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "it is not valid YAML"
        remedy = "check the indentation, and quote text that holds ': ' or starts with a sign"
        return None, [Problem(name, mark.line + 1 if mark else 0, f"YAML: {what}", remedy)]
    except (ValueError, OverflowError):  # the parser in Python on "\UFFFFFFFF"
        return None, [Problem(name, 0, "YAML: a code that starts with \\ is no character", "write the character itself")]


def plain(value: Any) -> Any:
    """The same content as ordinary dicts and lists, without line numbers."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
