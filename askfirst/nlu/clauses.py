"""Splits a message into clauses, so that a thing described in one corner of a long story is still found."""

from __future__ import annotations

import re

_BREAK = re.compile(r"[.!?;:,\n\r…]+|\s[-–—]\s|\b(?:and|but|so|because|since|also|then|plus|although|though|cos|coz|bc)\b", re.IGNORECASE)
MIN_WORDS = 3
MAX_CLAUSES = 10
WINDOW = 10


def clauses(text: str) -> list[str]:
    """Clauses of at least three words, in order, at most ten; without punctuation, windows of ten words instead.

    Returns: the clauses, never the whole text itself. A text that is one clause without signs gives [].
    """
    parts = [" ".join(p.split()) for p in _BREAK.split(text)]
    found: list[str] = []
    for part in parts:
        words = part.split()
        if len(words) < MIN_WORDS:
            continue
        if len(words) <= WINDOW + 4:
            found.append(part)
        else:  # voice-to-text and SMS have no signs to split at
            step = WINDOW // 2
            found += [" ".join(words[i : i + WINDOW]) for i in range(0, max(len(words) - step, 1), step)]
    unique = list(dict.fromkeys(found))
    if len(unique) < 2 and " ".join(text.split()) in (unique or [""]):
        return []
    return unique if len(unique) <= MAX_CLAUSES else unique[: MAX_CLAUSES // 2] + unique[-(MAX_CLAUSES // 2) :]
