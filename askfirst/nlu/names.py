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


@dataclass(frozen=True)
class _Match:
    """A name that stands in the text: `words`, the places of its own words; `end`, the word after it."""

    key: str
    name: str
    words: tuple[int, ...]
    end: int
    fuzzy: bool


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
    """Holds names by key and finds them in texts."""

    def __init__(self, names: dict[str, list[str]], not_in: dict[str, list[str]] | None = None) -> None:
        """Args: names, key -> names as people write them; not_in, key -> phrases inside which no name of it counts ('port wine')."""
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
        self._not_in: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for key, phrases in (not_in or {}).items():
            for phrase in phrases:
                stems = tuple(_stem(w) for w, _, _ in split_words(phrase))
                if stems:
                    self._not_in.setdefault(stems[0], []).append((key, stems))
        self._words = words
        self._known = set(self._by_first) | {p for options in self._by_first.values() for o in options for p in o[0]}
        self._fuzzy: dict[str, set[str]] = {}
        for word in words:
            for variant in shortened(word) | {word}:
                self._fuzzy.setdefault(variant, set()).add(word)

    def find(self, text: str) -> list[Found]:
        """Every name in the text, in order. Of two names that share words the longer counts, unless each has a word of its own:
        "massage my numb feet" is a foot massage and numb feet."""
        words = split_words(text)
        exact = [_stem(w) for w, _, _ in words]
        read = [self._read(w, raw) for w, (raw, _, _) in zip(exact, words)]
        blocked = self._blocked(exact)
        ends = [bool(_END.search(text[a[2] : b[1]])) for a, b in pairwise(words)]
        matches = [m for i in range(len(read)) for m in self._matches(read, exact, i, blocked.get(i, frozenset()))]
        found: list[Found] = []
        denied_until = -1  # where the last denied name ended
        for match in self._longest(matches):
            negated = self._negated([w for w, _, _ in words], ends, match.words[0], match.end, denied_until)
            denied_until = match.end if negated else -1
            found.append(Found(match.key, words[match.words[0]][1], words[match.end - 1][2], match.name, negated, match.fuzzy))
        return found

    def _matches(self, read: list[tuple[str, ...]], exact: list[str], i: int, blocked: frozenset[str] | set[str]) -> list[_Match]:
        """The names that begin at word i; none where a typing error leaves open which of two things it is.

        Args: blocked, keys whose names do not count here."""
        options = [o for word in read[i] for o in self._by_first.get(word, ()) if o[1] not in blocked]
        out: dict[tuple[int, ...], list[_Match]] = {}
        for parts, key, name in options:
            length = self._length(read, i, parts)
            if length:
                at = self._places(read, i, parts)
                fuzzy = any(exact[place] != part for place, part in zip(at, (p for p in parts if p != GAP)))
                out.setdefault(at, []).append(_Match(key, name, at, i + length, fuzzy))
        kept = []
        for same in out.values():
            sure = [m for m in same if not m.fuzzy] or same
            if not sure[0].fuzzy or len({m.key for m in sure}) == 1:
                kept += sure
        return kept

    @staticmethod
    def _longest(matches: list[_Match]) -> list[_Match]:
        """Without names whose words all stand in a longer one, and one for each thing at a place; in the order of the text."""
        kept: list[_Match] = []
        for match in sorted(matches, key=lambda m: -len(m.words)):
            own = set(match.words)
            if any(own <= set(other.words) or (other.key == match.key and own & set(other.words)) for other in kept):
                continue
            kept.append(match)
        return sorted(kept, key=lambda m: (m.words[0], m.end))

    @classmethod
    def _places(cls, read: list[tuple[str, ...]], i: int, parts: tuple[str, ...]) -> tuple[int, ...]:
        """Where each word of the name stands, without the words of its gaps. The name must stand at word i."""
        places, at = [], i
        for k, part in enumerate(parts):
            if part == GAP:
                at += next(skipped for skipped in range(MAX_GAP + 1) if cls._length(read, at + skipped, parts[k + 1 :]))
            else:
                places.append(at)
                at += 1
        return tuple(places)

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

    def _blocked(self, exact: list[str]) -> dict[int, set[str]]:
        """For each word inside a phrase of `not_in`: the keys whose names do not count there."""
        out: dict[int, set[str]] = {}
        for i, word in enumerate(exact):
            for key, phrase in self._not_in.get(word, ()):
                if tuple(exact[i : i + len(phrase)]) == phrase:
                    for at in range(i, i + len(phrase)):
                        out.setdefault(at, set()).add(key)
        return out

    def _read(self, word: str, raw: str) -> tuple[str, ...]:
        """The word as meant: itself, or the listed words within one typing error ('lymphodema': two spellings)."""
        whole = {raw, word, word + "e", word[:-1] + "ie"}  # the last two: what _stem may have taken off
        for ending in ("d", "ed", "ing"):  # "massaged" is no misspelt "massager"
            if word.endswith(ending):
                whole |= {word.removesuffix(ending), word.removesuffix(ending) + "e"}
        if len(word) < MIN_FUZZY or whole & english_words():
            return (word,)
        # A listed misspelling ("thai masage") is a misspelling in other names too ("hand masage").
        near = {word} & self._known
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
