"""Other languages: which one a message is in, and emergency words in eight of them (evidence base 5.11 and 3.6, rule 9).

By script where the script is not Latin; among Latin ones by everyday words that English does not have, in texts of five words or
more. Any doubt is English. The data, and who checked each sentence, stand in data/safety/languages.yml.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askfirst.content.problems import Problem, shown
from askfirst.content.yaml_file import Mapping, plain, read_yaml
from askfirst.safety.text import bag, ends

SCRIPTS = ("latin", "arabic", "han", "gurmukhi")
MIN_WORDS = 5
# Of the words of a Latin text, so many must be everyday words of the language, at least MIN_COMMON, and more than English ones.
SHARE = 0.15
MIN_COMMON = 2
# Letters of an emergency word in a Latin script; other scripts say as much in fewer.
MIN_LATIN = 4
# Letters that Urdu has and Arabic has not.
_URDU = frozenset("ٹڈڑںےگچپکژہھ")
_RANGES = (("arabic", 0x0600, 0x06FF), ("arabic", 0x0750, 0x077F), ("han", 0x4E00, 0x9FFF), ("gurmukhi", 0x0A00, 0x0A7F))
# Never everyday words of another language here: English people write them.
_ENGLISH = bag(
    "a an and the i me my you your he she it we they his her our their is am are was were be been do does did have has had no not so to"
    " of on in at as by or if but for from with this that these those what when who how why can could will would should may might must"
    " one two some any all more most than then there here now just only also very too up out off over about after before again me us"
    " die hat mit bin was war man an in so ton pour on car son sin con me mas pan pie red sea once come dice dos tres sale use used plan"
    " pain chat main comment care sore more are were mine fine line also alto solo real total final normal hospital doctor cancer animal"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SLOT = "{emergency_number}"
_KEYS = {"code", "name", "own_name", "script", "say", "checked_by", "checked_on", "urgent", "common", "letters"}


@dataclass(frozen=True)
class Language:
    """One language: `say`, the fixed sentence; `checked`, whether a speaker's check is recorded."""

    code: str
    name: str
    say: str
    checked: bool


def sentence(language: Language | None, mode: str) -> str:
    """The fixed sentence of a language with its slot unfilled; '' for one that may not be shown.

    Args: mode, of the clinic: a sentence that no speaker has checked is shown in demo mode only, and says so.
    """
    if language is None or not (language.checked or mode == "demo"):
        return ""
    return language.say if language.checked else f"{language.say} (No speaker of {language.name} has checked this sentence yet.)"


class Languages:
    """The languages of data/safety/languages.yml."""

    def __init__(self, data: list[dict[str, Any]]) -> None:
        """`data`: the parsed file; [] knows no language."""
        self._languages = {b["code"]: Language(b["code"], b["name"], b["say"], bool(b.get("checked_by") and b.get("checked_on"))) for b in data}
        self._script = {b["code"]: b["script"] for b in data}
        self._common = {b["code"]: frozenset(_fold(w) for w in b.get("common") or ()) for b in data if b["script"] == "latin"}
        self._letters = {code: frozenset(next(b for b in data if b["code"] == code).get("letters") or "") for code in self._common}
        latin = sorted({_fold(p): b["code"] for b in data if b["script"] == "latin" for p in b["urgent"]}.items(), key=lambda p: -len(p[0]))
        self._latin_codes = dict(latin)
        self._latin = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(p) for p, _ in latin) + r")(?!\w)") if latin else None
        self._other = [(_fold(p), b["code"]) for b in data if b["script"] != "latin" for p in b["urgent"]]

    def get(self, code: str) -> Language | None:
        """A language by its code."""
        return self._languages.get(code)

    def urgent(self, text: str) -> str | None:
        """The code of the language in which a message holds an emergency word, or None. Never raises."""
        folded = " ".join(_fold(ends(text)).split())
        if self._latin:
            found = self._latin.search(folded)
            if found:
                return self._latin_codes[found.group(0)]
        if folded.isascii():
            return None
        codes = [code for phrase, code in self._other if phrase in folded]
        told = self.language(text)
        return told if told in codes else codes[0] if codes else None

    def language(self, text: str) -> str | None:
        """The code of the language of a message, 'other' for another script, None for English and for any doubt."""
        text = ends(text)
        letters = [c for c in text if c.isalpha()]
        if not letters:
            return None
        foreign = [c for c in letters if not unicodedata.name(c, "LATIN").startswith("LATIN")]
        if len(foreign) * 2 > len(letters):
            return self._by_script(foreign)
        words = [_fold(w) for w in _WORD.findall(text)]
        if len(words) < MIN_WORDS:
            return None
        # A letter that English has not ("ł", "ñ") tells as much as an everyday word.
        raw = text.lower().split()
        counts = {code: sum(w in common for w in words) + sum(bool(self._letters[code] & set(w)) for w in raw) for code, common in self._common.items()}
        best = max(counts, key=lambda code: counts[code], default=None)
        english = sum(w in _ENGLISH for w in words)
        if best is None or counts[best] < max(MIN_COMMON, SHARE * len(words)) or english >= counts[best]:
            return None
        return best

    def _by_script(self, letters: list[str]) -> str:
        scripts = [next((name for name, low, high in _RANGES if low <= ord(c) <= high), "") for c in letters]
        script = max(set(scripts), key=scripts.count)
        codes = [code for code, own in self._script.items() if own == script]
        if script == "arabic" and len(codes) > 1:
            urdu = sum(c in _URDU for c in letters) * 20 >= len(letters)
            return "ur" if urdu and "ur" in codes else "ar" if "ar" in codes else codes[0]
        return codes[0] if codes else "other"


def read_languages(path: Path, root: Path | None = None) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Read data/safety/languages.yml. Returns: its blocks as far as they are usable, and every finding; never raises."""
    data, problems = read_yaml(path, root)
    name = shown(path, root)
    blocks: list[dict[str, Any]] = []
    for block in data if isinstance(data, list) else ():
        if not isinstance(block, Mapping):
            problems.append(Problem(name, 0, "a language is no block", "begin each language with '- code:'"))
            continue
        code, line = str(block.get("code")), block.line_of("code")
        found = [f"it has the unknown line '{key}:'" for key in block if key not in _KEYS]
        found += [f"'{key}:' is missing" for key in ("code", "name", "script", "say", "urgent") if not block.get(key)]
        if block.get("script") not in SCRIPTS:
            found.append(f"its script is none of {', '.join(SCRIPTS)}")
        if _SLOT not in str(block.get("say")):
            found.append(f"'say:' does not hold {_SLOT}")
        if bool(block.get("checked_by")) != bool(block.get("checked_on")):
            found.append("checked_by and checked_on go together")
        if any(b["code"] == code for b in blocks):
            found.append("it stands twice")
        for part, least in (("urgent", 2), ("common", 1)):
            words = block.get(part) or []
            if not isinstance(words, list) or not all(isinstance(w, str) and len(w.strip()) >= least for w in words):
                found.append(f"'{part}:' is no list of words of {least} letters or more, each in quotes")
                words = []
            latin_short = [w for w in words if part == "urgent" and block.get("script") == "latin" and len(w) < MIN_LATIN]
            if latin_short:
                found.append(f"'urgent:' holds words too short to be told from English: {', '.join(latin_short)}")
        if set(re.findall(r"\{[^}]*\}", str(block.get("say")))) - {_SLOT}:
            found.append(f"'say:' holds a slot other than {_SLOT}")
        both = sorted({w for w in block.get("common") or () if isinstance(block.get("common"), list) and _fold(str(w)) in _ENGLISH})
        if both:
            found.append(f"'common:' holds English words: {', '.join(both)}")
        problems += [Problem(name, line, f"{code}: {what}", "correct that line; compare it with the other languages") for what in found]
        if not found:
            blocks.append(plain(block))
    if not isinstance(data, list) and not problems:
        problems.append(Problem(name, 1, "the file is no list of languages", "restore it from git"))
    return blocks, problems


def _fold(text: str) -> str:
    """Lower case, accents of Latin letters left out, other scripts as they are."""
    out = []
    for c in unicodedata.normalize("NFKC", text.replace("\u2019", "'")).lower():
        base = unicodedata.normalize("NFD", c)
        out.append({"ł": "l", "ı": "i"}.get(c, base[0] if len(base) > 1 and base[0].isascii() else c))
    return "".join(out)
