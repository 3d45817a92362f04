"""The signs of an illness by its name: asked about ("what are the signs of a stroke?") or had ("I have signs of a stroke").

Questions are answered with the red flag in "if" form (evidence base 3.6, rule 3). The names of each illness stand under `asked_as` in
data/safety/red_flags.yml.
"""

from __future__ import annotations

from typing import Any

from askfirst.safety.lexicon import Lexicon
from askfirst.safety.text import Words, bag

_SIGNS = bag("sign signs symptom symptoms warning warnings")
# "What does a stroke look like", "how do I know if it is a clot"
_LIKE = (("look", "like"), ("looks", "like"), ("feel", "like"), ("feels", "like"))
_KNOW = bag("know tell spot recognise recognize notice")
_ASKING = bag("what which how when list explain leaflet")
# "I have signs of a clot" asks nothing in general.
_HAS = bag("have has got having had showing")
_HAS_NOW = bag("have has got having showing")
_NOT_NOW = bag("no not never dont doesnt without if had any in case")
_NEAR = 8


class Asked:
    """Finds the red flag of an illness whose signs a message asks about or tells of."""

    def __init__(self, data: dict[str, Any]) -> None:
        """`data`: the parsed data/safety/red_flags.yml."""
        named = {flag["id"]: flag["asked_as"] for flag in data["flags"] if flag.get("asked_as")}
        self._lexicon = Lexicon(named)

    def flag(self, words: Words) -> tuple[str, bool] | None:
        """(the id of the red flag, whether somebody has its signs), or None."""
        text = words.words
        asking = any(word in _ASKING for word in text)
        places = [i for i in range(len(text)) if asking and self._asks_here(text, i)]
        had = [i for i in range(len(text)) if self._had_here(text, i)]
        if not (places or had):
            return None
        found = sorted(self._lexicon.find(words), key=lambda f: f[1] - f[2])  # the longest name first
        for flag, start, _ in found:
            if any(0 < start - i <= 4 and max(words.breaks[i + 1 : start + 1]) == 0 for i in had):
                return flag, True
            if any(abs(start - i) <= _NEAR for i in places):
                return flag, False
        return None

    def _had_here(self, text: list[str], i: int) -> bool:
        """ "have signs of", "got all the symptoms of"; not "no signs of", "if I had signs of"."""
        before = text[max(0, i - 4) : i]
        return text[i] in _SIGNS and bool(_HAS_NOW & set(before)) and not _NOT_NOW & set(text[max(0, i - 7) : i])

    def _asks_here(self, text: list[str], i: int) -> bool:
        before = text[max(0, i - 3) : i]
        if text[i] in _SIGNS:
            return not _HAS & set(before)
        if tuple(text[i : i + 2]) in _LIKE:
            return True
        return text[i] in _KNOW and "how" in text[max(0, i - 5) : i]
