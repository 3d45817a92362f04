"""Words with two readings, such as "my shunt": which of them is open in a message, and what is asked (data/open_words.yml)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askfirst.content.knowledge import Knowledge
from askfirst.content.problems import Problem, shown
from askfirst.content.yaml_file import Mapping, plain, read_yaml
from askfirst.nlu.names import NameFinder

# In `readings`: nothing medical is meant.
NONE = "none"
MAX_ASK_WORDS = 25
_KEYS = {"words", "unless", "readings", "ask"}


@dataclass(frozen=True)
class OpenWord:
    """One such word: `readings`, ids of entries, strictest first, or NONE; `ask`, the question."""

    readings: tuple[str, ...]
    ask: str


class OpenWords:
    """Finds open words in messages."""

    def __init__(self, blocks: list[dict[str, Any]]) -> None:
        """`blocks`: the parsed data/open_words.yml."""
        self._words = [OpenWord(tuple(b["readings"]), b["ask"]) for b in blocks]
        self._finder = NameFinder({f"word {i}": b["words"] for i, b in enumerate(blocks)})
        self._settled = NameFinder({f"unless {i}": b.get("unless") or [] for i, b in enumerate(blocks)})

    def find(self, text: str, known: set[str]) -> OpenWord | None:
        """The first open word of a message, or None. Args: text; known, ids of what this conversation has named before."""
        if not self._words or not text:
            return None
        settled = {int(f.key.split()[1]) for f in self._settled.find(text)}
        for found in self._finder.find(text):
            number = int(found.key.split()[1])
            word = self._words[number]
            if not found.fuzzy and not found.negated and number not in settled and not known & set(word.readings):
                return word
        return None


def read_open_words(path: Path, knowledge: Knowledge, root: Path | None = None) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Read data/open_words.yml. Returns: its usable blocks, and every finding; never raises. No file is no open words."""
    if not path.exists():
        return [], []
    data, problems = read_yaml(path, root)
    name = shown(path, root)
    blocks: list[dict[str, Any]] = []
    for number, block in enumerate(data if isinstance(data, list) else (), 1):
        if not isinstance(block, Mapping):
            problems.append(Problem(name, 0, f"block {number} is no block", "begin each with '- words:'"))
            continue
        readings = [str(r) for r in block.get("readings") or ()]
        found = [f"the unknown line '{key}:'" for key in block if key not in _KEYS]
        found += [f"'{key}:' is missing" for key in ("words", "readings", "ask") if not block.get(key)]
        found += [f"'{r}' is no entry" for r in readings if r != NONE and r not in knowledge.entries]
        if len(readings) < 2:
            found.append("readings needs at least two")
        if not str(block.get("ask")).endswith("?") or len(str(block.get("ask")).split()) > MAX_ASK_WORDS:
            found.append(f"'ask:' is no question of at most {MAX_ASK_WORDS} words")
        problems += [Problem(name, block.line_of("words"), f"block {number}: {what}", "correct that line; compare it with the other blocks") for what in found]
        if not found:
            blocks.append(plain(block))
    return blocks, problems
