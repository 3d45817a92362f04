"""Plain urgent phrases that the screen must find by its rules, whatever staff change (data/safety/must_find.yml)."""

from __future__ import annotations

from pathlib import Path

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


def must_find_findings(path: Path, red_flags: Path, screen: Screen | None = None) -> list[Problem]:
    """Every phrase that is not urgent by the rules, and every red flag with too few phrases.

    Args: path, of must_find.yml; red_flags, of red_flags.yml; screen, another one that is to find them (that of a release). Never raises.
    """
    name = str(path)
    try:
        phrases = read_must_find(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        return [Problem(name, 1, f"the file cannot be read ({error})", "restore it from git")]
    try:
        screen = screen or Screen.load(red_flags)
    except (OSError, ValueError, KeyError, TypeError):
        return []  # red_flags.yml has findings of its own
    known = screen.flag_ids()
    problems = [
        Problem(name, 0, f"{flag}: '{text}' is not found any more", "put back the words or the pattern in red_flags.yml that found it")
        for flag, texts in phrases.items() for text in texts if not screen.check(text).urgent
    ]
    few = [flag for flag in known if len(phrases.get(flag, ())) < MIN_FOR_A_FLAG]
    return problems + ([Problem(name, 0, f"fewer than {MIN_FOR_A_FLAG} phrases: {', '.join(few)}", "write more for them")] if few else [])
