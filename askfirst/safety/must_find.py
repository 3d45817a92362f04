"""Plain urgent phrases that the screen must find by its rules, whatever staff change (data/safety/must_find.yml)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from askfirst.content.problems import Problem
from askfirst.content.yaml_file import PARSER
from askfirst.safety.screen import Screen

MIN_FOR_A_FLAG = 10


def read_must_find(path: Path) -> dict[str, list[str]]:
    """Red flag -> phrases. Errors: OSError, yaml.YAMLError, ValueError for a file of another shape."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=PARSER)  # noqa: S506
    if not isinstance(data, dict) or not all(isinstance(v, list) and all(isinstance(t, str) for t in v) for v in data.values()):
        raise ValueError("a red flag, a colon, and its phrases in double quotes under it")
    return {str(flag): list(texts) for flag, texts in data.items()}


def promised(red_flags: dict[str, Any], must_find: Path) -> Iterator[tuple[str, str]]:
    """(red flag, text) of all that the screen promises to find: the example of each pattern, and must_find.yml where there is one."""
    for flag in red_flags["flags"]:
        yield from ((flag["id"], pattern["example"]) for pattern in flag["patterns"] if pattern.get("example"))
    if must_find.is_file():
        yield from ((flag, text) for flag, texts in read_must_find(must_find).items() for text in texts)


def must_find_findings(path: Path, screen: Screen) -> list[Problem]:
    """Every phrase of must_find.yml that a screen does not find, and every red flag with too few phrases. Never raises."""
    name = str(path)
    try:
        phrases = read_must_find(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        return [Problem(name, 1, f"the file cannot be read ({error})", "restore it from git")]
    problems = [
        Problem(name, 0, f"{flag}: '{text}' is not found any more", "put back the words or the pattern in red_flags.yml that found it")
        for flag, texts in phrases.items() for text in texts if not screen.check(text).urgent
    ]
    few = [flag for flag in screen.flag_ids() if len(phrases.get(flag, ())) < MIN_FOR_A_FLAG]
    return problems + ([Problem(name, 0, f"fewer than {MIN_FOR_A_FLAG} phrases: {', '.join(few)}", "write more for them")] if few else [])
