"""Finds listed names in a text: any case, hyphens or not, plurals, and small typing errors in long words.

Typing errors are forgiven only in words of five letters or more that are not themselves English words, at edit distance 1
(letters swapped count as one): a fuzzy matcher without these two conditions finds "leg" in "let me".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
MIN_FUZZY = 5
# A name may hold a gap: "massage * hands" finds "massage my mother's hands". It stands for up to three words.
GAP = "*"
MAX_GAP = 3
# A wrong denial drops a condition that the person has, so what follows denies rather too little than too much.
_NEGATORS = frozenset(
    "no not never without neither nor non dont don't doesnt doesn't didnt didn't havent haven't hasnt hasn't isnt isn't aint "
    "ain't".split()
)
# "No lymphoedema nurse" denies the nurse, not the lymphoedema.
_NOT_DENIED_BEFORE = frozenset("nurse team clinic doctor specialist therapist appointment problem trouble pain side".split())
# Words that may stand between a negation and the name it denies: "I do not have any low platelets". "My" is none of them:
# who says "I have not had my port out" has one.
_BETWEEN = frozenset("have had has got a an any the been on taking take took using use am is are in of having real".split())
_ARTICLES = frozenset("a an the".split())
_PERSONS = frozenset("i we you he she they".split())
_ASKING = frozenset("should can could may might must shall will would do does did".split())
# Ends of a clause: "no, lymphoedema" answers a question and then names a thing. A hyphen inside a word is no end.
_END = re.compile(r"[.,;:!?()\n\r…]|\s[-–—]|[-–—]\s|–|—")


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
    """A word without its possessive or plural, so that 'ports' finds 'port', 'biopsies' 'biopsy' and 'patches' 'patch'."""
    word = word[:-2] if word.endswith("'s") else word
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 4 and word.endswith("ie"):
        return word[:-2] + "y"
    # Both 'headache' and 'patches' have lost their s here: without the e, one spelling for each.
    return word[:-1] if len(word) > 4 and word.endswith(("che", "she", "sse", "xe", "ze")) else word


def shortened(word: str) -> set[str]:
    """The word with each one letter left out: what two words one edit apart have in common."""
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


class NameFinder:
    """Holds names by key and finds them in texts. Longest name first; names never overlap."""

    def __init__(self, names: dict[str, list[str]], not_in: list[str] | None = None) -> None:
        """Args: names, key -> names as people write them; not_in, phrases inside which no name counts ('port wine')."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        words: set[str] = set()
        for key, listed in names.items():
            for name in listed:
                parts = tuple(GAP if w == GAP else _stem(x) for w in name.split() for x, _, _ in (split_words(w) or [(w, 0, 0)]))
                parts = tuple(p for p in parts if p == GAP or p.isalnum() or "'" in p)
                if parts and parts[0] != GAP:
                    self._by_first.setdefault(parts[0], []).append((parts, key, name))
                    words.update(p for p in parts if len(p) >= MIN_FUZZY)
        for options in self._by_first.values():
            options.sort(key=lambda o: -len(o[0]))
        self._not_in = [tuple(_stem(w) for w, _, _ in split_words(p)) for p in not_in or ()]
        self._words = words
        self._known = set(self._by_first) | {p for options in self._by_first.values() for o in options for p in o[0]}
        self._fuzzy: dict[str, set[str]] = {}
        for word in words:
            for variant in shortened(word) | {word}:
                self._fuzzy.setdefault(variant, set()).add(word)

    def find(self, text: str) -> list[Found]:
        """Every name in the text, in order."""
        words = split_words(text)
        exact = [_stem(w) for w, _, _ in words]
        read = [self._read(w, raw) for w, (raw, _, _) in zip(exact, words)]
        blocked = self._blocked(exact)
        ends = [bool(_END.search(text[a[2] : b[1]])) for a, b in pairwise(words)]
        found: list[Found] = []
        denied_until = -1  # where the last denied name ended
        i = 0
        while i < len(read):
            match = None if i in blocked else self._match(read, i)
            if match is None:
                i += 1
                continue
            parts, key, name = match
            end = i + self._length(read, i, parts)
            negated = self._negated([w for w, _, _ in words], ends, i, end, denied_until)
            denied_until = end if negated else -1
            found.append(Found(key, words[i][1], words[end - 1][2], name, negated, GAP not in parts and tuple(exact[i:end]) != parts))
            i = end
        return found

    def _match(self, read: list[tuple[str, ...]], i: int) -> tuple[tuple[str, ...], str, str] | None:
        """The longest name that begins at word i, unless a typing error leaves open which of two things it is."""
        options = [o for word in read[i] for o in self._by_first.get(word, ()) if self._length(read, i, o[0])]
        for length in sorted({len(parts) for parts, _, _ in options}, reverse=True):
            same = [o for o in options if len(o[0]) == length]
            if len({parts for parts, _, _ in same}) == 1 or len({key for _, key, _ in same}) == 1:
                return same[0]
        return None

    @classmethod
    def _length(cls, read: list[tuple[str, ...]], i: int, parts: tuple[str, ...]) -> int:
        """How many words from word i on the name takes up, 0 when it does not stand there."""
        at = i
        for k, part in enumerate(parts):
            if part == GAP:
                rest = parts[k + 1 :]
                for skipped in range(MAX_GAP + 1):
                    length = cls._length(read, at + skipped, rest)
                    if length:
                        return at + skipped + length - i
                return 0
            if at >= len(read) or part not in read[at]:
                return 0
            at += 1
        return at - i

    def _blocked(self, exact: list[str]) -> set[int]:
        out: set[int] = set()
        for phrase in self._not_in:
            for i in range(len(exact) - len(phrase) + 1):
                if tuple(exact[i : i + len(phrase)]) == phrase:
                    out.update(range(i, i + len(phrase)))
        return out

    def _read(self, word: str, raw: str) -> tuple[str, ...]:
        """The word as meant: itself, or the listed words within one typing error ('lymphodema': two spellings)."""
        whole = {raw, word, word + "e", word[:-1] + "ie"}  # the last two: what _stem may have taken off
        if word in self._known or len(word) < MIN_FUZZY or whole & english_words():
            return (word,)
        near = set()
        for variant in shortened(word) | {word}:
            near |= {w for w in self._fuzzy.get(variant, ()) if one_edit_apart(word, w)}
        return tuple(sorted(near)) or (word,)

    @staticmethod
    def _negated(words: list[str], ends: list[bool], at: int, end: int, denied_until: int) -> bool:
        """True when the words of the clause right before deny the name: 'no', 'not on', 'do not have any'.

        Args: words, as written; ends, does a clause end after each word; at, end, the name's words; denied_until, where
        the last denied name ended: in "no fever or infection" both are denied.
        """
        if end < len(words) and not ends[end - 1] and _stem(words[end]) in _NOT_DENIED_BEFORE:
            return False
        i = at - 1
        while i >= 0 and not ends[i] and at - i <= 4 and words[i] in _BETWEEN:
            i -= 1
        if i < 0 or ends[i]:
            return False
        if words[i] == "or":
            return i == denied_until and not ends[i - 1]
        if words[i] == "no":
            return words[i + 1] not in _ARTICLES  # "no the port is sore" answers something
        before = ["", "", *words[:i]]
        asks = words[i] == "not" and (before[-1] == "why" or (before[-1] in _PERSONS and before[-2] in _ASKING))
        return words[i] in _NEGATORS and not asks  # "should I not take warfarin" asks


def one_edit_apart(a: str, b: str) -> bool:
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
