"""Words that must not stand in what a patient reads (evidence base 8.4), and what an ask looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Banned:
    """A banned wording: `pattern`, why it is banned, and `unless`: it may stand where this matches the same sentence."""

    pattern: re.Pattern[str]
    why: str
    unless: re.Pattern[str] | None = None


def _b(pattern: str, why: str, unless: str | None = None) -> Banned:
    return Banned(re.compile(pattern, re.IGNORECASE), why, re.compile(unless, re.IGNORECASE) if unless else None)


# Brands and oils that must not be named as advice (evidence base 0.1 rule 15, 3.6 rule 11); names of entries may list them.
_PRODUCTS = (
    "lavender|tea tree|peppermint|eucalyptus|rosemary|camphor|chamomile|bergamot|frankincense|geranium|jasmine|lemongrass|sandalwood|ylang"
    "|tylenol|panadol|calpol|advil|nurofen|ibuleve|voltarol|tiger balm|deep heat|theragun|hypervolt|bio-?oil|aqueous cream|epipen|jext|coumadin"
    "|eliquis|xarelto|lovenox|clexane|fragmin|plavix|portacath|hickman clinic|fitbit|dexcom|libre"
)
_NOT = r"\b(?:not|cannot|never|no)\b"
BANNED: tuple[Banned, ...] = (
    _b(r"\bsafe for (?:you|me|him|her|them)\b", "reads as permission", r"\bask\b[^,;]*\b(?:what|if (?:it|massage)) is safe for|cannot say (?:if )?(?:it|massage) is safe for|\bis (?:it|massage) safe for me\b"),
    _b(r"\bperfectly safe\b", "reads as permission"),
    _b(r"\bguarante\w*", "nothing is guaranteed"),
    _b(r"\brisk[- ]free\b|\bno risk\b", "no massage is without risk"),
    _b(r"\b(?:don'?t|do not|no need to) worry\b", "reassures without knowing"),
    _b(r"\b(?:you'?ll|you will|should|will|would) be (?:fine|ok|okay|alright|all right)\b", "reads as permission"),
    _b(r"\bfine\b", "reads as permission"),
    _b(r"\bcur(?:e|es|ed|ing|able|ative)\b", "massage cures nothing", r"\bcannot\b|\bsay they can\b"),
    _b(r"\bdetox\w*", "a myth", _NOT),
    _b(r"\btoxins?\b", "a myth", _NOT + r"|\bclear toxins\b|\?$"),
    _b(r"\bflush\w*", "a myth", _NOT + r"|\?$|\bsudden flushing\b"),
    _b(r"\bboost\w*", "an over-claim", r"\?$"),
    _b(r"\bstrengthen\w* (?:your|the|our) immun\w*", "an over-claim"),
    _b(r"\bnatural killer\b", "an over-claim"),
    _b(r"\bheal(?:s|ing power)\b|\bsp(?:eed(?:s|ing)?|ed) up (?:the |your )?healing\b", "an over-claim"),
    _b(r"\bincreas(?:e|es|ed|ing) the effects?\b", "an over-claim"),
    _b(r"\binstead of your (?:medicines?|medication|treatment)\b", "never swap a treatment"),
    _b(rf"\b(?:{_PRODUCTS})\b", "no brand or oil is named as advice"),
    _b(r"(?<!NHS )(?<!\d)(?<!\d )\b111\b(?! ?\d)", "a bare 111 means different things in different countries"),
    _b(
        r"^['\"“‘(]?You (?:may )?have (?:an? |the )?(?:\w+ )?(?:clot|dvt|thrombosis|embolism|infection|sepsis|stroke|heart attack|cancer|tumou?r"
        r"|metastas|fever|bleed|lymph(?:o)?edema|fracture|an(?:a)?emia|leuk(?:a)?emia)\w*",
        "reads as a diagnosis",
    ),
    _b(r"\bthis could be\b", "say 'these can be signs of'"),
    _b(r"\b\w+n['’]t\b", "negative contractions are hard to read"),
    _b(r"\byou can have (?:a |the )?massage\b|\byes,? you can\b|\bgo ahead\b|(?<!if )(?<!cannot say )\bit is safe\b", "reads as permission"),
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
# A sentence that tells the reader to ask somebody: exactly one such thing stands in a reply, under `reminder`.
ASK = re.compile(
    r"\b(?:please )?(?:ask(?! for an urgent)|check (?:this|it)? ?with|talk to|speak (?:to|with))\b[^.!?]*\b(?:team|nurse|doctor|surgeon|midwife|pharmacist|physio(?:therapist)?"
    r"|specialist|gp|dentist|consultant|oncologist|clinician)s?\b"
    r"|\buntil your team has said\b|\bshould say yes first\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def banned_words(text: str) -> list[tuple[str, str]]:
    """Banned wordings in a text. Returns: (the words found, why) pairs, in the order of the text."""
    found = []
    for sentence in (s.strip() for s in _SENTENCE.findall(text)):
        for banned in BANNED:
            for match in banned.pattern.finditer(sentence):
                if banned.unless is None or not banned.unless.search(sentence):
                    found.append((match.group(0).strip(), banned.why))
    return found


def asks(text: str) -> list[str]:
    """The asks in a text: parts that send the reader to a professional about whether massage is OK."""
    return [match.group(0) for match in ASK.finditer(text)]


def words(text: str) -> int:
    """Number of words, as the limits of the schema count them: what stands between white space."""
    return len(text.split())


# Figures that the evidence base lets patients see: how long, how many in ten, a temperature where none is given by the team.
_ALLOWED_FIGURES = re.compile(r"\b24[- ]hour\b|\b20 minutes\b|\b48 hours\b|\b10 minutes\b|\b1 in 10\b|\b2 days\b|\b38 ?C\b|\b100\.4 ?F\b|\bHIT\b|\bNK\b|\bCOVID-19\b")


def figures(text: str) -> list[str]:
    """Figures in a text that may not be shown to patients: above all cut-offs of blood values (evidence base 2.3)."""
    return re.findall(r"\d[\d.,:/%]*", _ALLOWED_FIGURES.sub("", text))


def long_sentences(text: str, most: int) -> list[str]:
    """The sentences with more than `most` words. A colon before a list and a line end a sentence; numbers and names do not."""
    return [s.strip() for s in _SENTENCE.findall(text) if words(s) > most]


@lru_cache(maxsize=8192)
def grade(text: str) -> float:
    """The US school grade at which a text reads (Flesch-Kincaid, by textstat 0.7.4; later releases download data)."""
    import textstat

    return float(textstat.flesch_kincaid_grade(text)) if text.strip() else 0.0
