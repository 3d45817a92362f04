"""What the screen has learnt from data/safety/examples: weights of letters, words and of what the rules saw, beside the urgent reader.

Two uses. The second stage, after understanding, finds what no word list holds ("can't finish a sentence without stopping") and may only
add (guarantee G2). And the screen itself weighs a rule's find against the rest of the message: one that the words around it clearly make
past, supposed or a figure of speech is lowered (evidence base 3.6), which is still answered with the red flag's wording in "if" form.
Trained without a random start, kept as plain arrays. The reader (askfirst/nlu/urgent_reader.py) comes from outside: where it fails, nothing
is lowered, and the second stage has letters and words alone.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from askfirst.safety.screen import NEVER_WEIGHED, WEIGHED_FROM, Screen, ScreenResult
from askfirst.safety.text import ends, plain

logger = logging.getLogger(__name__)
CALM = "calm"
# Below it a rule's find is lowered, by the highest tier that was found: docs/safety/second-stage.md says why. 0 is the border between urgent
# and calm.
CALM_BELOW = {1: -2.2, 2: -1.0, 3: -1.0}
# And below this the sentence of the find by itself, which has less to go by.
_SENTENCE_CALM_BELOW = 0.3
# Nor is it lowered where letters and words alone, which learn from new examples at each training, say so clearly that it is urgent.
_WORDS_URGENT = 0.3
# Messages up to so many words are chat that may stand around another.
_CHAT_WORDS = 14
# Emoji and other signs that are no writing: the reader has seen none.
_SYMBOLS = re.compile("[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+")
_SENTENCE = re.compile(r"(?<=[.!?\u2026])\s+|\n+")
# On the tuning half urgent messages whose sign the rules had lowered score 1.3 and more, the others -0.1 and less.
_SEEN_AND_LOWERED = 0.6
# How often a promised phrase counts.
_PROMISED = 3.0
# Hashed features: enough that two frequent ones seldom fall together. Naming the flag needs fewer than finding one.
_FIND_BITS = 18
_NAME_BITS = 14
# What the first stage saw counts beside the letters and words, whose vectors have length 1 each.
_SEEN = 0.15
_SEEN_NAMING = 0.3
# How much the reader's log-odds count beside the weights of letters and words: for being urgent, for being calm, for which red flag it is.
_READER = 0.4
_READER_CALM = 0.5
_READER_NAMING = 0.2
# Flags whose scores are no further apart than this count as equally likely.
_CLOSE = 0.1
# In a message of so few words the reader adds nothing: without a rule for it, "I feel unwell" says too little to alarm.
_SHORT = 3
# Log-odds of the reader that are further behind the likeliest flag say no more.
_FAR = 8.0
# How much likelier a red flag must be than the one that a rule found to be answered in its place.
_CLEARLY = 0.5
# Score that naming self-harm or abuse needs: on the tuning half all 34 rightly named have more, and all but one wrongly named less.
_SURE_OF_HARM = -0.3


@dataclass(frozen=True)
class Look:
    """What the second stage makes of a message: the likeliest red flag, and how clearly it is urgent (0 is the border)."""

    red_flag: str
    score: float


class Reader(Protocol):
    """What judges a message as a whole (UrgentReader)."""

    def read(self, text: str) -> tuple[float, dict[str, float]]:
        """(log-odds that it is urgent, log-odds of each red flag if it is). May raise anything when it cannot be used."""


class Learned:
    """The trained second stage."""

    def __init__(self, arrays: dict[str, np.ndarray], flags: Sequence[str], seen: Sequence[str], reader: Reader | None = None) -> None:
        """Args: arrays, as `arrays()` gives them; flags, ids in the order of the rows that name them; seen, names of what the
        first stage can see; reader, what judges whole messages, None for letters and words alone."""
        self._arrays = arrays
        self.flags = list(flags)
        self.seen = list(seen)
        self._place = {name: number for number, name in enumerate(seen)}
        self._reader = reader
        self._told = False

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str], screen: Screen, promised: Collection[str] = ()) -> Learned:
        """Fit on examples.

        Args: texts; labels, a red flag's id or CALM for each; screen, the first stage; promised, those of the texts that must be
        found whatever else is learnt: they count several times.
        Errors: ValueError with fewer than two red flags or no calm text.
        """
        from sklearn.svm import LinearSVC

        urgent = np.array([label != CALM for label in labels])
        if urgent.all() or len(set(np.array(labels)[urgent])) < 2:
            raise ValueError("data/safety/examples needs calm messages and those of at least two red flags")
        weights = np.array([_PROMISED if text in promised else 1.0 for text in texts])
        texts = [ends(text) for text in texts]
        found = [screen.seen(text) for text in texts]
        model = cls({}, (), sorted(set().union(*found)))
        seen = model._rows(found)
        find = LinearSVC(C=1.0, class_weight="balanced", dual=True, random_state=0)
        chatty, chatty_urgent = _with_chat(texts, urgent)
        more = model._rows([screen.seen(text) for text in chatty])
        find.fit(_grams([*texts, *chatty], _FIND_BITS, np.vstack([seen, more]) * _SEEN), np.concatenate([urgent, chatty_urgent]), np.concatenate([weights, np.ones(len(chatty))]))
        rows = np.flatnonzero(urgent)
        name = LinearSVC(C=0.5, class_weight="balanced", dual=True, random_state=0)
        name.fit(_grams([texts[i] for i in rows], _NAME_BITS, seen[rows] * _SEEN_NAMING), np.array(labels)[rows])
        arrays = {
            "find": find.coef_[0].astype(np.float32),
            "find_bias": find.intercept_.astype(np.float32),
            "name": name.coef_.astype(np.float16),
            "name_bias": name.intercept_.astype(np.float32),
        }
        return cls(arrays, [str(c) for c in name.classes_], model.seen)

    def look(self, text: str, screen: Screen) -> Look:
        """Judge one message. Args: text, raw; screen, the first stage."""
        text = ends(text)
        found = screen.seen(text)
        names, reading = self._names(text, found)
        # Of flags that are nearly as likely, the one of the highest tier is answered.
        close = np.flatnonzero(names >= names.max() - _CLOSE)
        best = min(close, key=lambda i: (screen.tier(self.flags[i]), -names[i]))
        score = self._found(text, found)
        if reading:
            score += _READER * (reading[0] if len(text.split()) > _SHORT else min(reading[0], 0.0))
        return Look(self.flags[int(best)], score)

    def better_name(self, text: str, flag: str, screen: Screen) -> str:
        """The red flag that fits a message clearly better than the one that a rule found, else the same; whether it may lead is the screen's
        to decide. Args: text, raw; flag, what the rule found; screen, the rules. Without the reader it stays the same.
        """
        text = ends(text)
        names, reading = self._names(text, screen.seen(text))
        if reading is None or flag not in self.flags:
            return flag
        best = int(names.argmax())
        return self.flags[best] if names[best] >= names[self.flags.index(flag)] + _CLEARLY else flag

    def _names(self, text: str, found: set[str]) -> tuple[np.ndarray, tuple[float, dict[str, float]] | None]:
        """(how likely each red flag is, float32, in the order of `flags`; what the reader says)."""
        a, seen = self._arrays, self._rows([found])
        names = (_grams([text], _NAME_BITS, seen * _SEEN_NAMING) @ a["name"].T.astype(np.float32) + a["name_bias"])[0]
        reading = self._read(text)
        if reading:
            most = max(reading[1].values(), default=0.0)
            names += [_READER_NAMING * max(reading[1].get(flag, most) - most, -_FAR) for flag in self.flags]
        # The replies to dark thoughts and to abuse hurt where they do not belong: those two need more than being the least unlikely.
        names[[i for i, flag in enumerate(self.flags) if flag in NEVER_WEIGHED and names[i] < _SURE_OF_HARM]] = -np.inf
        return names, reading

    def second_look(self, text: str, result: ScreenResult, screen: Screen) -> Look | None:
        """`look` for a message in which the rules found nothing urgent. Args: text, raw; result, theirs; screen, the first stage.

        Returns: None where what was learnt has lowered a find already. Where the rules saw a sign that is denied, past or supposed, it takes
        more to say that it is there: the score is lower.
        """
        if any(low.lowered_by == "calm" for low in result.lowered):
            return None
        look = self.look(text, screen)
        return replace(look, score=look.score - _SEEN_AND_LOWERED) if result.lowered else look

    def _read(self, text: str) -> tuple[float, dict[str, float]] | None:
        """What the reader makes of a text; None without one, or where it cannot be used (said once in the log, without the text)."""
        if self._reader is None:
            return None
        try:
            return self._reader.read(_SYMBOLS.sub(" ", plain(text)))
        except Exception as error:
            if not self._told:
                logger.error("the urgent reader cannot be used (%s); the screen goes on without it", type(error).__name__)
                self._told = True
            return None

    def is_calm(self, text: str, seen: set[str], screen: Screen) -> bool:
        """Whether the words of a message clearly make a rule's find no emergency of now: of the whole message, and of each sentence in
        which the rules find something by itself, so that chat around an emergency never hides it; a sentence of a few words never is, and
        without the reader nothing is.

        Args: text, raw; seen, what the rules saw in it (`Screen.seen`); screen, the rules.
        """
        tier = min((screen.tier(name.split()[1]) for name in seen if name.startswith("urgent ")), default=1)
        if not self._calm(text, seen, CALM_BELOW[tier]):
            return False
        parts = [(part, screen.seen(part)) for part in _sentences(text)]
        finds = [(part, names) for part, names in parts if any(name.startswith("urgent ") for name in names)]
        return len(parts) < 2 or (bool(finds) and all(
            len(part.split()) >= WEIGHED_FROM and self._calm(part, names, _SENTENCE_CALM_BELOW) for part, names in finds
        ))

    def _calm(self, text: str, seen: set[str], below: float) -> bool:
        reading = self._read(ends(text))
        if reading is None:
            return False
        words = self._found(text, seen)
        return words < _WORDS_URGENT and words + _READER_CALM * reading[0] < below

    def _found(self, text: str, seen: set[str]) -> float:
        a = self._arrays
        return float((_grams([ends(text)], _FIND_BITS, self._rows([seen]) * _SEEN) @ a["find"])[0] + a["find_bias"][0])

    def arrays(self) -> dict[str, np.ndarray]:
        """The weights, to store."""
        return self._arrays

    def about(self) -> dict[str, Any]:
        """What the arrays belong to, to store as JSON beside them."""
        return {"flags": self.flags, "seen": self.seen}

    def _rows(self, found: Sequence[set[str]]) -> np.ndarray:
        """What the first stage saw, as numbers: float32, one row a message."""
        rows = np.zeros((len(found), len(self.seen)), dtype=np.float32)
        for row, names in zip(rows, found, strict=True):
            for name in names:
                place = self._place.get(name)
                if place is not None:
                    row[place] = 1.0
        return rows


def _with_chat(texts: Sequence[str], urgent: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Messages as people send them: a sign among other sentences is as urgent as alone, and calm ones together are calm.

    Returns: the messages, and which of them are urgent.
    """
    r = np.random.default_rng(0)
    chat = [text for text, is_urgent in zip(texts, urgent, strict=True) if not is_urgent and len(text.split()) <= _CHAT_WORDS]
    made: list[str] = []
    labels: list[bool] = []
    for text, is_urgent in zip(texts, urgent, strict=True):
        if not chat or r.random() > (0.5 if is_urgent else 0.25):
            continue
        before, after = (chat[int(r.integers(len(chat)))] if r.random() < share else "" for share in (0.5, 0.8))
        made.append(" ".join(p if p[-1:] in ".!?" else f"{p}." for p in (before, text, after) if p))
        labels.append(bool(is_urgent))
    return made, np.array(labels, dtype=bool)


def _sentences(text: str) -> list[str]:
    return [s for s in _SENTENCE.split(ends(text)) if s.strip()]


def save_learned(learned: Learned, folder: Path) -> None:
    """Write second_look.npz and second_look.json."""
    (folder / "second_look.json").write_text(json.dumps(learned.about()), encoding="utf-8")
    np.savez(folder / "second_look.npz", **learned.arrays())


def load_learned(folder: Path, reader: Reader | None = None) -> Learned | None:
    """Read what `save_learned` wrote; None where nothing was learnt. Args: folder; reader, what judges whole messages. Errors: OSError, ValueError, KeyError for damaged files."""
    if not (folder / "second_look.json").is_file():
        return None
    about = json.loads((folder / "second_look.json").read_text(encoding="utf-8"))
    with np.load(folder / "second_look.npz", allow_pickle=False) as arrays:
        return Learned({name: arrays[name] for name in arrays.files}, about["flags"], about["seen"], reader)


def screen_with(red_flags: dict[str, Any], learned: Learned | None) -> Screen:
    """The screen as releases use it: the rules of `red_flags`, and what was learnt, where something was, to lower and to name their finds."""
    return Screen(red_flags, learned.is_calm, learned.better_name) if learned else Screen(red_flags)


def _grams(texts: Sequence[str], bits: int, seen: np.ndarray) -> Any:
    """Sparse rows: parts of words (2 to 5 letters), words in runs of up to 3, and what the first stage saw."""
    import scipy.sparse as sparse
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.preprocessing import normalize

    lower = [plain(text) for text in texts]  # look-alike letters, invisible marks and capitals change nothing
    parts = []
    for kind, runs in (("char_wb", (2, 5)), ("word", (1, 3))):
        pattern = r"(?u)\b\w+'?\w*\b"
        rows = HashingVectorizer(
            analyzer=kind, ngram_range=runs, n_features=2**bits, alternate_sign=False, norm=None, token_pattern=pattern if kind == "word" else None
        ).transform(lower)
        np.sqrt(rows.data, out=rows.data)  # a word said four times counts twice
        parts.append(normalize(rows).astype(np.float32))
    return sparse.hstack([*parts, sparse.csr_matrix(seen)]).tocsr()
