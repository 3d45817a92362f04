"""Signs that are far away: only supposed ("in case her leg swelled up"), or over as the whole message tells ("none since").

Beside the phrases of data/safety/red_flags.yml, which reach a few words, these rules look at the verb and at the message. A
reading of a thermometer, a word of the present or a sign said in the present tense is never lowered by them.
"""

from __future__ import annotations

from askfirst.safety.text import bag

# "I wonder if", "not sure if", "can you tell me if": an indirect question about something that is there.
_INDIRECT = bag("wonder wondering wondered know knows sure unsure tell ask asking asked see check checking doubt certain even as like say decide")
# "If it helps, my leg got swollen" supposes nothing.
_POLITE = (("it", "helps"), ("that", "helps"), ("it", "matters"), ("you", "want"), ("im", "honest"), ("i", "am", "honest"), ("thats", "ok"), ("possible",), ("not",), ("so",))
# Verbs that make an if-clause unreal or future. "If my calf is red" may well be so, and is left alone.
_UNREAL = bag(
    "ever were would should could might will comes came come gets got get starts started start goes went becomes became turns"
    " turned happens happened develops developed develop swells swelled stopped stops leaks leaked falls fell told tells felt had notice"
    " noticed notices wakes woke bleeds bled faints fainted collapses collapsed appears appeared begins began goes"
)
_ENDS = bag("then but however")
REACH = 18


def supposed(text: list[str], breaks: list[int], present: set[int]) -> list[tuple[int, int]]:
    """Spans of words, start to end (not included), that are only supposed.

    Args: text, the words; breaks, the pause before each (0 none, 1 soft, 2 hard) and one more; present, places of words of the present.
    """
    spans = []
    for i, word in enumerate(text):
        opens = word == "if" or (word in ("case", "event") and i and text[i - 1] in ("in", "incase")) or word in ("suppose", "supposing", "imagine", "incase")
        before = text[i - 1] if i and breaks[i] < 2 else ""
        if not opens or (word == "if" and before in _INDIRECT) or any(tuple(text[i + 1 : i + 1 + len(p)]) == p for p in _POLITE):
            continue
        end = i + 1
        while end < min(len(text), i + REACH) and breaks[end] == 0 and text[end] not in _ENDS:
            end += 1
        inside = range(i + 1, end)
        if any(text[k] in _UNREAL for k in inside) and not any(k in present for k in inside):
            spans.append((i, end))
    return spans

