"""British and American spelling: data/spelling.yml. Texts are written in British spelling; a clinic may show American.

Both are always understood: names of the knowledge base are matched in either spelling (askfirst/nlu/importer.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from askfirst.content.problems import Problem, shown
from askfirst.content.yaml_file import Mapping, read_yaml

_PLAIN = re.compile(r"^[a-z]+(?:[ -][a-z]+)*$")


@dataclass(frozen=True)
class Spelling:
    """Pairs of words: British -> American, in lower case. `words` are other words for the same thing, shown but not matched."""

    pairs: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def american(self, text: str) -> str:
        """A British text in American spelling and words; capitals are kept, slots such as {crisis_line} too."""
        return _replaced(text, self._to_american, {**self.pairs, **self.words})

    def british(self, text: str) -> str:
        """An American text in British spelling (spelling only: 'poop' stays)."""
        return _replaced(text, self._to_british, self._reverse)

    def variants(self, name: str) -> tuple[str, ...]:
        """A name in both spellings, as it was written first."""
        american = _replaced(name, self._spelling_only, self.pairs)
        return tuple(dict.fromkeys((name, american, self.british(name))))

    @cached_property
    def _reverse(self) -> dict[str, str]:
        return {american: british for british, american in self.pairs.items()}

    @cached_property
    def _to_american(self) -> re.Pattern[str] | None:
        return _pattern({**self.pairs, **self.words})

    @cached_property
    def _spelling_only(self) -> re.Pattern[str] | None:
        return _pattern(self.pairs)

    @cached_property
    def _to_british(self) -> re.Pattern[str] | None:
        return _pattern(self._reverse)


def _pattern(words: dict[str, str]) -> re.Pattern[str] | None:
    """Any of the words as a whole word, longest first; not inside a slot's braces. None for no words."""
    if not words:
        return None
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]))
    # Grouped by first letter: three times as fast as one long list.
    alternatives = "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return re.compile(rf"(?<![\w{{])(?:{alternatives})(?![\w}}])", re.IGNORECASE)


def _replaced(text: str, pattern: re.Pattern[str] | None, words: dict[str, str]) -> str:
    if pattern is None:
        return text

    def other(match: re.Match[str]) -> str:
        found = match.group(0)
        said = words[found.lower()]
        if found.isupper() and len(found) > 1:
            return said.upper()
        return said[0].upper() + said[1:] if found[0].isupper() else said

    return pattern.sub(other, text)


def read_spelling(path: Path, root: Path | None = None) -> tuple[Spelling, list[Problem]]:
    """Read data/spelling.yml. Returns: the table as far as it could be read, and every finding; never raises."""
    data, problems = read_yaml(path, root)
    name = shown(path, root)
    if not isinstance(data, Mapping):
        return Spelling(), problems or [Problem(name, 0, "the table of spellings is missing", "restore it from git")]
    read: dict[str, dict[str, str]] = {"spelling": {}, "words": {}}
    for part, block in data.items():
        if part not in read or not isinstance(block, Mapping):
            problems.append(Problem(name, data.line_of(part), f"'{part}' is not a part of the table", "use spelling: and words:"))
            continue
        for british, american in block.items():
            if not isinstance(american, str) or not _PLAIN.match(str(british)) or not _PLAIN.match(american) or british == american:
                problems.append(Problem(name, block.line_of(british), f"'{british}: {american}' is not a pair of words", "write british: american, in small letters"))
            elif american in read[part].values() and part == "spelling":
                problems.append(Problem(name, block.line_of(british), f"'{american}' stands twice", "an American word can belong to one British word only"))
            else:
                read[part][str(british)] = american
    return Spelling(read["spelling"], read["words"]), problems
