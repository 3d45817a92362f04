"""Small changes to copies of the content, made the way staff make them: by line, in the files themselves."""

from __future__ import annotations

from pathlib import Path

from askfirst.content.problems import Problem


def line_of(path: Path, text: str, nth: int = 1) -> int:
    """The number (1-based) of the nth line of a file that begins with `text`, after spaces."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found = [number for number, line in enumerate(lines, 1) if line.lstrip().startswith(text)]
    assert len(found) >= nth, f"{text!r} stands on {len(found)} lines of {path.name}"
    return found[nth - 1]


def append(path: Path, text: str) -> int:
    """Put text at the end of a file. Returns: the number of its first line."""
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    path.write_text(before + text + "\n", encoding="utf-8")
    return before.count("\n") + 1


def replace(path: Path, old: str, new: str) -> int:
    """Put `new` where `old` first stands in a file. Returns: the number of the line where it starts."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def set_field(path: Path, entry: str, field: str, value: str | None) -> int:
    """Write one field of an entry anew (None removes it). `value` is YAML, further lines of it indented by four spaces.

    Returns: the number of the field's line, or of the entry's first line when the field was removed.
    """
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    first = lines.index(f"- id: {entry}")
    last = next((i for i in range(first + 1, len(lines)) if lines[i].startswith("- ")), len(lines))
    start = next((i for i in range(first + 1, last) if lines[i].startswith(f"  {field}:")), None)
    end = last
    if start is None:
        assert value is not None, f"{entry} has no {field}"
        start = end = first + 1
    else:
        end = next((i for i in range(start + 1, last) if not lines[i].startswith("    ")), last)
    new = [] if value is None else f"  {field}: {value}".split("\n")
    path.write_text("\n".join([*lines[:start], *new, *lines[end:]]) + "\n", encoding="utf-8")
    return start + 1 if new else first + 1


def expect(problems: list[Problem], file: str, line: int, *messages: str) -> None:
    """Exactly these findings and no others, in this file on this line, each with something to do about it."""
    told = "\n".join(str(problem) for problem in problems) or "no finding"
    assert len(problems) == len(messages), f"expected {len(messages)} finding(s):\n{told}"
    for message, problem in zip(messages, problems, strict=True):
        assert message in problem.message, told
        assert (problem.file, problem.line) == (file, line), told
        assert len(problem.remedy) > 5, told
