"""Finds listed names in a text: any case, hyphens or not, plurals, and small typing errors in long words.

Typing errors are forgiven only in words of five letters or more that are not themselves English words, at edit distance 1
(letters swapped count as one): a fuzzy matcher without these two conditions finds "leg" in "let me".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
MIN_FUZZY = 5
_NEGATORS = frozenset("no not never without dont don't didnt didn't havent haven't hasnt hasn't isnt isn't nor non".split())
# "No lymphoedema nurse" denies the nurse, not the lymphoedema.
_NOT_DENIED_BEFORE = frozenset("nurse team clinic doctor specialist therapist appointment problem problems trouble pain side".split())
# Words that may stand between a negation and the name it denies: "I do not have any low platelets".
_BETWEEN = frozenset("have had has got a an any the my been on taking take took using use am is are in of having real".split())


@dataclass(frozen=True)
class Found:
    """One name found: which `key` it stands for, where (character offsets), how it was written in the list, if denied."""

    key: str
    start: int
    end: int
    name: str
    negated: bool = False
    fuzzy: bool = False


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Whole words of the encoder's vocabulary: about 23,000 usual English words."""
    lines = Path(__file__).with_name("vocab.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(w for w in lines if w.isalpha() and len(w) > 1)


def split_words(text: str) -> list[tuple[str, int, int]]:
    """(lower-case word, start, end) of each word; hyphens and slashes part words, apostrophes do not."""
    return [(m.group(0).lower().replace("’", "'"), m.start(), m.end()) for m in _WORD.finditer(text)]


def _stem(word: str) -> str:
    """A word without its possessive or plain plural s, so that 'ports' finds 'port'."""
    word = word[:-2] if word.endswith("'s") else word
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _deletes(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


class NameFinder:
    """Holds names by key and finds them in texts. Longest name first; names never overlap."""

    def __init__(self, names: dict[str, list[str]], not_in: list[str] | None = None) -> None:
        """Args: names, key -> names as people write them; not_in, phrases inside which no name counts ('port wine')."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        words: set[str] = set()
        for key, listed in names.items():
            for name in listed:
                parts = tuple(_stem(w) for w, _, _ in split_words(name))
                if parts:
                    self._by_first.setdefault(parts[0], []).append((parts, key, name))
                    words.update(p for p in parts if len(p) >= MIN_FUZZY)
        for options in self._by_first.values():
            options.sort(key=lambda o: -len(o[0]))
        self._not_in = [tuple(_stem(w) for w, _, _ in split_words(p)) for p in not_in or ()]
        self._words = words
        self._known = set(self._by_first) | {p for options in self._by_first.values() for o in options for p in o[0]}
        self._fuzzy: dict[str, set[str]] = {}
        for word in words:
            for variant in _deletes(word) | {word}:
                self._fuzzy.setdefault(variant, set()).add(word)

    def find(self, text: str) -> list[Found]:
        """Every name in the text, in order."""
        words = split_words(text)
        exact = [_stem(w) for w, _, _ in words]
        read = [self._read(w, raw) for w, (raw, _, _) in zip(exact, words)]
        blocked = self._blocked(exact)
        found: list[Found] = []
        i = 0
        while i < len(read):
            match = None if i in blocked else self._match(read, exact, i)
            if match is None:
                i += 1
                continue
            length, key, name = match
            start, end = words[i][1], words[i + length - 1][2]
            fuzzy = exact[i : i + length] != read[i : i + length]
            found.append(Found(key, start, end, name, self._negated([w for w, _, _ in words], i, i + length), fuzzy))
            i += length
        return found

    def _match(self, read: list[str], exact: list[str], i: int) -> tuple[int, str, str] | None:
        best: tuple[int, str, str] | None = None
        for words in (exact, read):
            for parts, key, name in self._by_first.get(words[i], ()):
                if tuple(words[i : i + len(parts)]) == parts and (best is None or len(parts) > best[0]):
                    best = (len(parts), key, name)
        return best

    def _blocked(self, exact: list[str]) -> set[int]:
        out: set[int] = set()
        for phrase in self._not_in:
            for i in range(len(exact) - len(phrase) + 1):
                if tuple(exact[i : i + len(phrase)]) == phrase:
                    out.update(range(i, i + len(phrase)))
        return out

    def _read(self, word: str, raw: str) -> str:
        """The word as meant: itself, or the one listed word within one typing error."""
        if word in self._known or len(word) < MIN_FUZZY or raw in english_words() or word in english_words():
            return word
        near = set()
        for variant in _deletes(word) | {word}:
            near |= {w for w in self._fuzzy.get(variant, ()) if _within_one(word, w)}
        return near.pop() if len(near) == 1 else word

    @staticmethod
    def _negated(words: list[str], at: int, end: int) -> bool:
        """True when the words right before deny the name: 'no', 'not on', 'do not have any'."""
        if end < len(words) and words[end] in _NOT_DENIED_BEFORE:
            return False
        i = at - 1
        while i >= 0 and at - i <= 4 and words[i] in _BETWEEN:
            i -= 1
        return i >= 0 and words[i] in _NEGATORS


def _within_one(a: str, b: str) -> bool:
    """Edit distance at most 1, with two neighbouring letters swapped counted as one."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        differ = [i for i in range(len(a)) if a[i] != b[i]]
        if len(differ) == 1:
            return True
        return len(differ) == 2 and differ[1] == differ[0] + 1 and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]
    short, long = sorted((a, b), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
