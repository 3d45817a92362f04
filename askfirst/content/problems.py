"""What is wrong with a file, said so that a person who is not a programmer can put it right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One finding of a check: `file`, `line` (1-based, 0 when the whole file is meant), `message`, `remedy`."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.message}\n    What to do: {self.remedy}"


class ContentError(ValueError):
    """Content that cannot be used. `problems` lists every finding."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems) or "the content cannot be used")
        self.problems = problems


def shown(path: Path, root: Path | None) -> str:
    """A path as it is shown to people: from the project's root where possible."""
    try:
        return str(path.relative_to(root)) if root else str(path)
    except ValueError:
        return str(path)
