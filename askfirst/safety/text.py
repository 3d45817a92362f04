"""From a patient's raw message to plain words: the same words whatever keyboard, phone or microphone they came from.

Why not a spaCy tokenizer: it splits "cant" into "ca" + "nt" and "wont" into "wo" + "nt", it keeps each new word of each
message in its string store for the life of the process, and it costs the import of spaCy on the one path that must work
when nothing else does. This module is a single pass of a regular expression and keeps nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Of a longer message the first and the last 2,000 characters are looked at, and nothing more (docs/design, section 4).
HEAD = 2000
# One character may become many under NFKC (U+FDFA becomes 18): each half is cut once more after that.
HALF_AFTER_NFKC = 3000
# Stands where the middle was left out; nothing before it has to do with anything after it.
LEFT_OUT = "\x1e"

# Letters of other scripts that look like a Latin one, in pairs: a slip of a keyboard, or a dodge. Not a full table.
_LOOK_ALIKES = str.maketrans(
    {
        pair[0]: pair[1:]
        for pair in [
            "аa",
            "вb",
            "еe",
            "һh",
            "іi",
            "јj",
            "кk",
            "мm",
            "нh",
            "оo",
            "пn",
            "рp",
            "сc",
            "ԁd",
            "тt",
            "уy",
            "хx",
            "ѕs",
            "ԛq",
            "ԝw",
            "ѵv",
            "αa",
            "βb",
            "εe",
            "ηn",
            "ιi",
            "κk",
            "νv",
            "οo",
            "ρp",
            "τt",
            "υu",
            "χx",
            "ωw",
            "ıi",
            "ɑa",
            "ɡg",
            "øo",
            "łl",
            "đd",
            "ħh",
            "æae",
            "œoe",
        ]
    }
)

_QUOTES = str.maketrans(dict.fromkeys("’‘`´ʼ＇‛′", "'"))
_SIGNS = {
    "½": ".5 ",
    "¼": ".25 ",
    "¾": ".75 ",
    "°": " degrees ",
    "º": " degrees ",
    "˚": " degrees ",
    "℃": " degrees c ",
    "℉": " degrees f ",
    "–": " - ",
    "—": " - ",
    "−": "-",
    "·": ".",
    "…": "... ",
    "&": " and ",
    "@": " at ",
}
_SIGNS_RE = re.compile("|".join(map(re.escape, _SIGNS)))

_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DIGIT_QUOTE = re.compile(r"(?<=\d)['](?=\d)")
_SPACED_OUT = re.compile(r"(?<![a-z])(?:[a-z][ .\-]){4,30}[a-z](?![a-z])")

_TOKEN = re.compile(
    r"(?P<num>\d+(?:[.,]\d+)*)"
    r"|(?P<word>[a-z]+(?:'[a-z]+)*)"
    r"|(?P<gap>\x1e)"
    r"|(?P<hard>[.!?;]*[!?;][.!?;]*|\.(?!\.)|\n\s*\n\s*)"
    r"|(?P<soft>\.{2,}|[,()\[\]{}:|\"\n]|\s-+\s|-{2,})"
    r"|(?P<sign>[£$€%<>+])"
)
_SIGN_WORDS = {"<": "below", ">": "over", "$": "£", "€": "£", "+": "and"}

# What a shortened or run-together word stands for. Written forms only; what a word means is in data/safety/red_flags.yml.
_SHORT = {
    "cannot": "cant",
    "can't": "cant",
    "couldn't": "couldnt",
    "don't": "dont",
    "doesn't": "doesnt",
    "dosent": "doesnt",
    "doesent": "doesnt",
    "didn't": "didnt",
    "isn't": "isnt",
    "ain't": "isnt",
    "aint": "isnt",
    "aren't": "arent",
    "wasn't": "wasnt",
    "weren't": "werent",
    "haven't": "havent",
    "hasn't": "hasnt",
    "hadn't": "hadnt",
    "won't": "wont",
    "wouldn't": "wouldnt",
    "shouldn't": "shouldnt",
    "needn't": "neednt",
    "dunno": "dont know",
    "idk": "i dont know",
    "im": "i am",
    "i'm": "i am",
    "ive": "i have",
    "i've": "i have",
    "i'd": "i would",
    "id": "i would",
    "i'll": "i will",
    "you're": "you are",
    "youre": "you are",
    "you've": "you have",
    "he's": "he is",
    "hes": "he is",
    "she's": "she is",
    "shes": "she is",
    "it's": "it is",
    "its": "it is",
    "that's": "that is",
    "thats": "that is",
    "there's": "there is",
    "theres": "there is",
    "what's": "what is",
    "whats": "what is",
    "who's": "who is",
    "where's": "where is",
    "here's": "here is",
    "they're": "they are",
    "theyre": "they are",
    "they've": "they have",
    "we're": "we are",
    "we've": "we have",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "got to",
    "u": "you",
    "ur": "your",
    "r": "are",
    "n": "and",
    "wiv": "with",
    "wen": "when",
    "cos": "because",
    "cus": "because",
    "cuz": "because",
    "coz": "because",
    "bc": "because",
    "tho": "though",
    "b4": "before",
    "pls": "please",
    "plz": "please",
    "abt": "about",
    "bin": "been",
    "anymore": "any more",
    "yrs": "years",
    "yr": "year",
    "wks": "weeks",
    "wk": "week",
    "hrs": "hours",
    "hr": "hour",
    "mins": "minutes",
    "tonite": "tonight",
    "2nite": "tonight",
    "2day": "today",
    "sumthing": "something",
    "somethin": "something",
    "anythin": "anything",
    "nothin": "nothing",
}
_SHORT_WORDS = {key: tuple(value.split()) for key, value in _SHORT.items()}
_BEFORE_NOT = {
    "can": "cant",
    "could": "couldnt",
    "do": "dont",
    "does": "doesnt",
    "did": "didnt",
    "is": "isnt",
    "are": "arent",
    "was": "wasnt",
    "were": "werent",
    "have": "havent",
    "has": "hasnt",
    "had": "hadnt",
    "will": "wont",
    "would": "wouldnt",
    "should": "shouldnt",
}
_BEFORE_T = {
    "can": "cant",
    "couldn": "couldnt",
    "don": "dont",
    "doesn": "doesnt",
    "didn": "didnt",
    "isn": "isnt",
    "aren": "arent",
    "wasn": "wasnt",
    "haven": "havent",
    "hasn": "hasnt",
    "won": "wont",
}

_SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_SMALL = {word: number for number, word in enumerate(_SMALL_WORDS.split())}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "ninety": 90, "thirtey": 30}


def bag(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


@dataclass(slots=True)
class Words:
    """A message as words. `breaks[i]` says what stands before word i: 0 nothing, 1 a pause (comma, dash, line), 2 a full
    stop or the like, 3 the left-out middle of a long message; `breaks` has one more entry than `words`. `values[i]` is the number that word i stands for, or None.
    `place[i]` is the position of word i with pauses counted in, for "how many words apart".
    """

    words: list[str]
    breaks: list[int]
    values: list[float | None]
    place: list[int]

    def __len__(self) -> int:
        return len(self.words)

    def sentence_start(self, i: int) -> int:
        """The place of the first word of the sentence that word i is in (looks at most 30 words back)."""
        k = i
        while k > max(0, i - 30) and self.breaks[k] < 2:
            k -= 1
        return k

    def sentence_end(self, i: int) -> int:
        """The place after the last word of the sentence that word i is in (looks at most 30 words on)."""
        k = i + 1
        while k < min(len(self.words), i + 30) and self.breaks[k] < 2:
            k += 1
        return k


def ends(text: str) -> str:
    """The first and the last 2,000 characters of a longer text, for what reads raw text."""
    return text if len(text) <= 2 * HEAD else f"{text[:HEAD]} {text[-HEAD:]}"


def plain(text: str) -> str:
    """Lower-case Latin letters, digits and punctuation; looks at the first and last 2,000 characters only. Never raises."""
    if len(text) > 2 * HEAD:
        return _plain(text[:HEAD])[:HALF_AFTER_NFKC] + LEFT_OUT + _plain(text[-HEAD:])[-HALF_AFTER_NFKC:]
    return _plain(text)[: 2 * HALF_AFTER_NFKC]


def _plain(text: str) -> str:
    if not text.isascii():
        text = _SIGNS_RE.sub(lambda m: _SIGNS[m.group()], text.translate(_QUOTES))
        text = unicodedata.normalize("NFKC", text).casefold()
        out = []
        for char in unicodedata.normalize("NFD", text):
            if char < "\x7f" or char in "£€":
                out.append(char)
                continue
            kind = unicodedata.category(char)
            if kind in ("Mn", "Me", "Cf"):  # accents, zero-width and direction marks: as if not there
                continue
            if kind == "Nd":
                out.append(str(unicodedata.digit(char, 0)))
            elif kind[0] == "L":
                out.append(char)
            else:
                out.append(" ")
        text = "".join(out).translate(_LOOK_ALIKES)
    else:
        text = text.lower()
        if "&" in text or "@" in text:
            text = _SIGNS_RE.sub(lambda m: _SIGNS[m.group()], text)
        text = text.replace("`", "'")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _DIGIT_QUOTE.sub(".", text)
    return _SPACED_OUT.sub(lambda m: re.sub(r"[ .\-]", "", m.group()), text)


def words_of(text: str) -> Words:
    """Split plain text (see `plain`) into words. Linear in the length of the text."""
    words: list[str] = []
    breaks: list[int] = []
    pending = 0
    end = -1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        token = match.group()
        if kind == "gap":
            pending = 3
            continue
        if kind == "hard":
            pending = max(pending, 2)
            continue
        if kind == "soft":
            pending = max(pending, 1)
            continue
        if kind == "word":
            if token.endswith("'s") and token not in _SHORT_WORDS:
                token = token[:-2]
            token = _STRETCHED.sub(r"\1\1", token)
            parts: Sequence[str] = _SHORT_WORDS.get(token) or (token.replace("'", ""),)
            if len(token) == 1 and token in "s" and words and match.start() == end:
                continue
        else:
            parts = (_SIGN_WORDS.get(token, token),)
        end = match.end()
        for part in parts:
            if part == "not" and words and not pending and words[-1] in _BEFORE_NOT:
                words[-1] = _BEFORE_NOT[words[-1]]
            elif part == "t" and words and not pending and words[-1] in _BEFORE_T:
                words[-1] = _BEFORE_T[words[-1]]
            else:
                words.append(part)
                breaks.append(pending)
                pending = 0
    breaks.append(2)
    if breaks and words:
        breaks[0] = 2
    return _numbers(words, breaks)


def _numbers(words: list[str], breaks: list[int]) -> Words:
    """Read figures and numbers in words; a number of several words ("thirty eight point five") becomes one word."""
    out: list[str] = []
    out_breaks: list[int] = []
    values: list[float | None] = []
    i, n = 0, len(words)
    while i < n:
        word = words[i]
        value: float | None = None
        used = 1
        if word[0].isdigit():
            value = _figure(word)
        elif word in _TENS or word in ("hundred", "one", "a"):
            value, used = _spoken(words, breaks, i)
        if value is not None and used > 1:
            out.append(f"{value:g}")
        else:
            out.append(word)
        out_breaks.append(breaks[i])
        values.append(value)
        i += used
    out_breaks.append(2)
    return Words(out, out_breaks, values, places(out_breaks))


def places(breaks: list[int]) -> list[int]:
    """Positions of the words with pauses counted in: a comma is one word more, a full stop three."""
    found, at = [], 0
    for pause in breaks[:-1]:
        at += 1 + (0, 1, 3, 1000)[pause]
        found.append(at)
    return found


def _figure(word: str) -> float | None:
    """'38.4' and '38,4' are 38.4; '20,000' is 20000; '12.03.2024' is no number."""
    marks = sum(word.count(mark) for mark in ".,")
    try:
        if marks == 0:
            return float(word[:12])
        if marks == 1:
            whole, part = re.split("[.,]", word)
            if "," in word and len(part) == 3:
                return float(whole[:9] + part)
            return float(f"{whole[:12]}.{part[:6]}")
    except ValueError:
        pass
    return None


def _spoken(words: list[str], breaks: list[int], i: int) -> tuple[float | None, int]:
    """A spoken number that starts at word i, and how many words it takes; (None, 1) if it is none we need.

    Reads what a thermometer can say: "thirty eight", "thirty eight point five", "thirty eight and a half", "a hundred and
    one", "one oh one", "ninety nine point six".
    """

    def at(k: int) -> str:
        return words[k] if k < len(words) and (k == i or breaks[k] == 0) else ""

    start = i
    whole = None
    if at(i) in _TENS:
        whole = _TENS[at(i)]
        i += 1
        if 0 < _SMALL.get(at(i), 0) < 10:
            whole += _SMALL[at(i)]
            i += 1
    elif at(i) == "hundred" or (at(i) in ("a", "one") and at(i + 1) == "hundred"):
        i += 1 if at(i) == "hundred" else 2
        whole = 100
        k = i + 1 if at(i) == "and" else i
        if 0 < _SMALL.get(at(k), 0) < 10 and at(k) != "":
            whole += _SMALL[at(k)]
            i = k + 1
    elif at(i) == "one" and at(i + 1) in ("oh", "o", "zero") and 0 < _SMALL.get(at(i + 2), 0) < 10:
        whole = 100 + _SMALL[at(i + 2)]
        i += 3
    if whole is None:
        return None, 1
    part = 0.0
    if at(i) in ("point", "dot") and (at(i + 1) in _SMALL or at(i + 1)[:1].isdigit()):
        said = at(i + 1)
        part = (_SMALL[said] if said in _SMALL else int(said[0])) / 10
        i += 2
    elif at(i) == "and" and at(i + 1) == "a" and at(i + 2) == "half":
        part = 0.5
        i += 3
    return whole + part, i - start
