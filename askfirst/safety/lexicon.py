"""Finds the everyday words and phrases of data/safety/red_flags.yml in a message, slips of the keyboard included.

How an entry is written (also at the head of the data file):
  swollen        this word; from five letters on also with one slip (a letter too many, too few, wrong, or two swapped)
  swell*         any word that begins so
  short of breath   these words in this order, nothing between
  trouble .. breathe   up to three other words between
  gone |         here the clause must end
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from askfirst.safety.text import Words, bag, words_of

FUZZY_FROM = 5
# A slip may have lost a letter of a five-letter word.
SHORTEST_SLIP = 4
# "suicid*": a slip is also forgiven in the given beginning, if it has at least so many letters.
LONG_START = 6
MAX_GAP = 3
END = "|"
GAP = ".."
# Words that may follow a clause's end without a pause being typed.
CLAUSE_OPENERS = bag(
    "and but because so then or please pls help what whats why how can could should would will is do does are am i if"
    " though although however since when while now today lol x thanks thank also plus hi hello"
)
_ORDINARY = Path(__file__).with_name("ordinary_words.txt")


class PhraseError(ValueError):
    """An entry that cannot be read; the message says why, in words for the people who write the entries."""


@cache
def ordinary_words() -> frozenset[str]:
    """Ordinary English words and names of four letters and more: never taken for a slip of one of ours."""
    lines = _ORDINARY.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


class _Node:
    __slots__ = ("exact", "gap", "groups", "groups_at_end", "stars")

    def __init__(self) -> None:
        self.exact: dict[str, _Node] = {}
        self.stars: list[tuple[str, _Node]] = []
        self.gap: _Node | None = None
        self.groups: tuple[str, ...] = ()
        self.groups_at_end: tuple[str, ...] = ()


@cache
def parse(entry: str) -> tuple[str, ...]:
    """The parts of an entry; raises PhraseError for one that could never match or would match too much."""
    parts = tuple(entry.split())
    if not parts:
        raise PhraseError("the entry is empty")
    for part in parts:
        if part in (GAP, END):
            continue
        if "*" in part[:-1]:
            raise PhraseError(f"'{part}': the * may stand only at the end of a word")
        if not all(c.isdigit() or "a" <= c <= "z" for c in part.rstrip("*")):
            raise PhraseError(
                f"'{part}' has a character that is never seen here: write small letters a to z and figures only, "
                "without apostrophes (don't is dont, it's is it is)"
            )
        if part.endswith("*") and len(part) < 4:
            raise PhraseError(f"'{part}' would match far too many words: give at least three letters before the *")
    if parts[0] in (GAP, END) or parts[-1] == GAP:
        raise PhraseError(f"'{entry}': '..' stands between words, and '|' at the end")
    if END in parts[:-1]:
        raise PhraseError(f"'{entry}': '|' may stand only at the end")
    written = [part.rstrip("*") for part in parts if part not in (GAP, END)]
    read = words_of(" ".join(written)).words
    if read != written:
        raise PhraseError(f"'{entry}' is never seen so: messages are read as '{' '.join(read)}', write it that way")
    return parts


class Lexicon:
    """Every entry of every group in one tree of words."""

    def __init__(self, groups: dict[str, Iterable[str]], not_slips: Iterable[str] = ()) -> None:
        """`groups`: group name -> entries. `not_slips`: more words that are never a slip of one of ours."""
        self._root = _Node()
        self._by_start: dict[str, list[tuple[str, _Node]]] = {}
        vocabulary: set[str] = set()
        starts: set[str] = set()
        for name, entries in groups.items():
            for entry in entries:
                parts = parse(str(entry))
                self._add(parts, name)
                vocabulary.update(p for p in parts if p not in (GAP, END) and not p.endswith("*"))
                starts.update(p[:-1] for p in parts if len(p) > LONG_START and p.endswith("*"))
        self._vocabulary = frozenset(vocabulary)
        self._real = ordinary_words() | frozenset(not_slips)
        self._known = self._vocabulary | self._real
        self._slips: dict[str, list[str]] = {}
        for word in sorted(vocabulary):
            if len(word) >= FUZZY_FROM and word.isalpha():
                for key in _shorter(word):
                    self._slips.setdefault(key, []).append(word)
        self._starts: dict[str, list[str]] = {}
        for start in sorted(starts):
            self._starts.setdefault(start[0], []).append(start)
        # Words that may be part of a run-together word ("chestpain"): ours, and the small words that join them.
        self._joinable = self._vocabulary | bag(
            "i a an the my his her is it to on in of and has have am are was so feel got get mum dad"
        )

    def _add(self, parts: tuple[str, ...], group: str) -> None:
        node = self._root
        for number, part in enumerate(parts):
            if part == END:
                node.groups_at_end += (group,)
                return
            if part == GAP:
                if node.gap is None:
                    node.gap = _Node()
                node = node.gap
            elif part.endswith("*"):
                stars = node.stars if number else self._by_start.setdefault(part[:3], [])
                for prefix, child in stars:
                    if prefix == part[:-1]:
                        node = child
                        break
                else:
                    child = _Node()
                    stars.append((part[:-1], child))
                    node = child
            else:
                node = node.exact.setdefault(part, _Node())
        node.groups += (group,)

    def forms(self, word: str) -> tuple[str, ...]:
        """The word, and the words of ours that it may be a slip of."""
        if len(word) < SHORTEST_SLIP or not word.isalpha() or len(word) > 30:
            return (word,)
        # A listed misspelling ("temprature") is a slip of the right word as well; an ordinary word is a slip of nothing.
        if word in self._real or (word not in self._vocabulary and _inflected(word)):
            return (word,)
        found = [word]
        squeezed = "".join(c for i, c in enumerate(word) if i == 0 or c != word[i - 1])
        if squeezed != word and squeezed in self._vocabulary:
            found.append(squeezed)
        seen = set(found)
        for key in _shorter(word):
            for other in self._slips.get(key, ()):
                if other not in seen and _one_slip(word, other):
                    seen.add(other)
                    found.append(other)
        for start in self._starts.get(word[0], ()):
            if len(word) + 1 < len(start) or word.startswith(start):
                continue
            for size in (len(start) - 1, len(start), len(start) + 1):
                if size <= len(word) and _one_slip(word[:size], start):
                    found.append(start + word[size:])
                    break
        return tuple(found)

    def split_joined(self, words: list[str]) -> dict[int, list[str]]:
        """Run-together words ("legswollen", "iwanttodie") and their parts, by place in `words`."""
        found = {}
        for i, word in enumerate(words):
            if len(word) < 8 or len(word) > 40 or not word.isalpha() or word in self._known:
                continue
            if len(self.forms(word)) > 1:
                continue
            parts = self._parts(word)
            if parts:
                found[i] = parts
        return found

    def _parts(self, word: str) -> list[str] | None:
        best: list[list[str] | None] = [[]] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 14), end):
                before = best[start]
                if before is None or word[start:end] not in self._joinable:
                    continue
                if end - start == 1 and word[start] not in "ia":
                    continue
                current = best[end]
                if current is None or len(before) + 1 < len(current):
                    best[end] = [*before, word[start:end]]
        parts = best[-1]
        # Very short parts fit anything: most of the word must be words of three letters and more.
        if not parts or len(parts) < 2 or 2 * sum(len(p) for p in parts if len(p) >= 3) < len(word):
            return None
        return parts

    def find(self, words: Words) -> Iterator[tuple[str, int, int]]:
        """(group, first word, word after the last) for every entry found, overlaps included."""
        forms = [self.forms(word) for word in words.words]
        n = len(forms)
        breaks = words.breaks
        for start in range(n):
            for form in forms[start]:
                first: list[tuple[int, _Node, int]] = []
                child = self._root.exact.get(form)
                if child is not None:
                    first.append((start + 1, child, 0))
                for prefix, node in self._by_start.get(form[:3], ()):
                    if form.startswith(prefix):
                        first.append((start + 1, node, 0))
                stack = first
                while stack:
                    at, node, gap_left = stack.pop()
                    if node.groups and not gap_left:
                        for group in node.groups:
                            yield group, start, at
                    if node.groups_at_end and not gap_left and _ends(words, at):
                        for group in node.groups_at_end:
                            yield group, start, at
                    if at >= n or breaks[at] >= 2:
                        continue
                    for next_form in forms[at]:
                        child = node.exact.get(next_form)
                        if child is not None:
                            stack.append((at + 1, child, 0))
                        for prefix, starred in node.stars:
                            if next_form.startswith(prefix):
                                stack.append((at + 1, starred, 0))
                    if gap_left > 1:
                        stack.append((at + 1, node, gap_left - 1))
                    if node.gap is not None and not gap_left:
                        # gap_left counts the words still allowed between, plus one for "now the next part".
                        stack.append((at, node.gap, MAX_GAP + 1))


@cache
def _inflected(word: str) -> bool:
    """Whether it is an ordinary word with an ordinary ending ("creams", "raved", "bothered"): no slip of one of ours."""
    ordinary = ordinary_words()
    if word.endswith("ed") and len(word) > SHORTEST_SLIP and word[:-1] in ordinary:
        return True  # "raved"; but "droped" is a slip of "dropped"
    return any(word.endswith(ending) and len(word) - len(ending) >= FUZZY_FROM and word.removesuffix(ending) in ordinary for ending in ("s", "d", "ed", "ing"))


def _ends(words: Words, at: int) -> bool:
    return at >= len(words) or words.breaks[at] >= 1 or words.words[at] in CLAUSE_OPENERS


def _shorter(word: str) -> set[str]:
    """The word itself and the word with any one letter left out."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def _one_slip(a: str, b: str) -> bool:
    """Whether one letter added, dropped, changed or swapped with its neighbour turns a into b."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        if a[i + 1 :] == b[i + 1 :]:
            return True
        return a[i + 2 :] == b[i + 2 :] and a[i : i + 2] == b[i : i + 2][::-1]
    if len(a) > len(b):
        return a[i + 1 :] == b[i:]
    return a[i:] == b[i + 1 :]
