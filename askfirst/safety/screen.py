"""The screen itself: which red flags a message holds, how sure, and why. Deterministic; no model, no network, no state."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from askfirst.safety import readings
from askfirst.safety.asked import Asked
from askfirst.safety.lexicon import Lexicon
from askfirst.safety.sense import CUES, STATUS, Found, Sense
from askfirst.safety.text import Words, bag, places, plain, words_of

WITHIN = 8
# Why a red flag was found where somebody tells of its signs by the illness's name.
_HAS_ITS_SIGNS = "has the signs of it"
# Self-harm, abuse and named signs ("I have signs of a stroke") are never weighed against the rest of a message, nor is one of a few words.
NEVER_WEIGHED = frozenset({"R15", "A35"})
WEIGHED_FROM = 7
# A sentence that sends to the emergency number without an "if": only such a reply may take the place of another.
_CALLS_NOW = re.compile(r"(?:^|[.!?] )Call \{emergency_number\}")


@dataclass(frozen=True)
class Hit:
    """One red flag found. `why` is the name of the pattern, never the patient's words."""

    red_flag: str
    tier: int
    certainty: str
    why: str
    lowered_by: str | None = None


@dataclass(frozen=True)
class ScreenResult:
    """`hits`: urgent before lowered, then by tier, then in the order of the data file; at most one for each red flag.
    `signs`: names of the groups found and not denied, past or only asked about ('fever', 'on_treatment', ...)."""

    hits: tuple[Hit, ...] = ()
    signs: frozenset[str] = frozenset()

    @property
    def urgent(self) -> Hit | None:
        """The hit that leads, or None."""
        return self.hits[0] if self.hits and self.hits[0].certainty == "urgent" else None

    @property
    def lowered(self) -> tuple[Hit, ...]:
        """What was mentioned but denied, past, only asked about or a figure of speech."""
        return tuple(hit for hit in self.hits if hit.certainty == "lowered")


@dataclass(frozen=True, slots=True)
class _Pattern:
    name: str
    together: tuple[frozenset[str], ...]
    within: int
    where: str
    in_order: bool
    needs: tuple[frozenset[str], ...]
    unless: frozenset[str]
    also_when: frozenset[str]
    variant: str | None
    flags: tuple[frozenset[str], ...]
    slot_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Flag:
    id: str
    tier: int
    patterns: tuple[_Pattern, ...]


@dataclass(slots=True)
class _Message:
    """One message, read: its words and everything found in them."""

    words: Words
    by_group: dict[str, list[Found]] = field(default_factory=dict)
    body: list[tuple[int, int]] = field(default_factory=list)
    body_starts: list[int] = field(default_factory=list)
    body_words: set[int] = field(default_factory=set)


class Screen:
    """The red-flag screen, made once from the data file and used for every message. Holds no state between messages."""

    def __init__(
        self, data: dict[str, Any], is_calm: Callable[[str, set[str], Screen], bool] | None = None,
        better_name: Callable[[str, str, Screen], str] | None = None,
    ) -> None:
        """`data`: the parsed data/safety/red_flags.yml; raises KeyError or ValueError for one that check_red_flags refuses.
        `is_calm`: whether the words of a message clearly make a find no emergency of now (Learned.is_calm); None never lowers.
        `better_name`: the red flag that fits a message better than the one that was found, or the same (Learned.better_name); None keeps it."""
        self._is_calm = is_calm
        self._better_name = better_name
        groups = data["words"]
        self._kind = {name: group.get("kind", "sign") for name, group in groups.items()} | dict.fromkeys(
            readings.GROUPS, "sign"
        )
        self._within_groups = _closure(groups)
        for name in readings.GROUPS:
            self._within_groups.setdefault(name, (name,))
        self._lexicon = Lexicon(
            {name: group.get("words", ()) for name, group in groups.items() if name != "ordinary_words"},
            not_slips=groups.get("ordinary_words", {}).get("words", ()),
        )
        self._flags = tuple(self._flag(block) for block in data["flags"])
        self._asked = Asked(data)
        self._tiers = {flag.id: flag.tier for flag in self._flags}
        self._emergency = {str(block["id"]) for block in data["flags"] if _CALLS_NOW.search(str(block.get("say", "")))}
        self._variants = {
            (flag.id, pattern.name): pattern.variant
            for flag in self._flags
            for pattern in flag.patterns
            if pattern.variant
        }

    @classmethod
    def load(cls, path: str | Path) -> Screen:
        """A screen from a data file. Raises ValueError that says file, line and what to do, if the file is not usable."""
        from askfirst.safety.validate import check_red_flags

        problems = check_red_flags(path, examples=False)
        if problems:
            raise ValueError("\n".join(str(problem) for problem in problems))
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return cls(yaml.load(Path(path).read_text(encoding="utf-8"), Loader=loader))  # noqa: S506

    def flag_ids(self) -> tuple[str, ...]:
        """Ids of all red flags, in the order of the data file."""
        return tuple(self._tiers)

    def tier(self, red_flag: str) -> int:
        """The tier of a red flag. Errors: KeyError."""
        return self._tiers[red_flag]

    def variant(self, hit: Hit) -> str | None:
        """The id of the variant of the wording (`variants:` in the data file) that fits this hit, or None for `say`."""
        return self._variants.get((hit.red_flag, hit.why))

    def check(self, text: str, context: frozenset[str] = frozenset()) -> ScreenResult:
        """Screen one message.

        `text`: raw, of any length (the first and last 2,000 characters are looked at). `context`: groups known from the
        conversation, such as 'on_treatment'; they can only add a red flag. Never raises.
        """
        try:
            result = self._check(text, frozenset(context or ()))
        except Exception:  # a defect here must not cost an emergency: fall back to a blunter look
            return self._blunt(text, context)
        if self._is_calm and result.urgent:
            result = self._weighed(text, result)
        return self._renamed(text, result) if self._better_name and result.urgent else result

    def _renamed(self, text: str, result: ScreenResult) -> ScreenResult:
        """The result led by the red flag that fits the message better: never of a lower tier nor one that sends to the emergency number less
        plainly, never to or from dark thoughts and abuse, and not in a few words, which say no more than the rule has read."""
        hit = result.urgent
        if hit is None or self._better_name is None or hit.red_flag in NEVER_WEIGHED or len(text.split()) <= WEIGHED_FROM:
            return result
        try:
            name = self._better_name(text, hit.red_flag, self)
            less = self._tiers[name] > hit.tier or (hit.red_flag in self._emergency and name not in self._emergency)
            if name == hit.red_flag or name in NEVER_WEIGHED or less:
                return result
            found = next((h for h in result.hits if h.red_flag == name and h.certainty == "urgent"), None)
            lead = found or Hit(name, self._tiers[name], "urgent", "learnt")
        except Exception:
            return result
        return ScreenResult((lead, *(h for h in result.hits if h.red_flag != name)), result.signs)

    def _weighed(self, text: str, result: ScreenResult) -> ScreenResult:
        """The result with its finds lowered where the whole message is clearly calm; never for dark thoughts, harm, named signs, or a few words."""
        urgent = [hit for hit in result.hits if hit.certainty == "urgent"]
        if len(text.split()) < WEIGHED_FROM or any(hit.red_flag in NEVER_WEIGHED or hit.why == _HAS_ITS_SIGNS for hit in urgent):
            return result
        try:
            if not self._is_calm or not self._is_calm(text, self.seen(text), self):
                return result
        except Exception:
            return result
        return ScreenResult(tuple(replace(h, certainty="lowered", lowered_by="calm") if h.certainty == "urgent" else h for h in result.hits), result.signs)

    def seen(self, text: str) -> set[str]:
        """Names of everything found, for the second stage: groups that stand, how signs are meant, hits. Never raises."""
        try:
            message = self._read(text)
            hits = self._judge(message, frozenset()).hits
        except Exception:
            return set()
        names = set()
        for group, found in message.by_group.items():
            if any(one.status is None for one in found):
                names.add(f"group {group}")
            names.update(f"status {one.status}" for one in found if one.status)
        names.update(f"{hit.certainty} {hit.red_flag}" for hit in hits)
        return names

    def explain(self, text: str, context: frozenset[str] = frozenset()) -> list[Hit]:
        """Every pattern that the message sets off, for staff and for tests; `check` reports one for each flag."""
        message = self._read(text)
        here = self._here(message)
        out = []
        for flag in self._flags:
            for pattern in flag.patterns:
                hit = self._flag_hit(_Flag(flag.id, flag.tier, (pattern,)), message, here, here | context)
                if hit:
                    out.append(hit)
        return out

    # -- reading the message ---------------------------------------------------------------------------------------

    def _check(self, text: str, context: frozenset[str]) -> ScreenResult:
        return self._judge(self._read(text), context)

    def _judge(self, message: _Message, context: frozenset[str]) -> ScreenResult:
        if not message.by_group:
            return ScreenResult(self._asked_about(message.words))
        here = self._here(message)
        hits: dict[str, Hit] = {}
        waiting = []
        for flag in self._flags:
            hit = self._flag_hit(flag, message, here, here | context)
            if hit:
                hits[flag.id] = hit
            if any(pattern.flags for pattern in flag.patterns):
                waiting.append(flag)
        urgent = {name for name, hit in hits.items() if hit.certainty == "urgent"}
        for flag in waiting:
            if flag.id in urgent:
                continue
            for pattern in flag.patterns:
                met = pattern.flags and all(choice & urgent for choice in pattern.flags)
                if met and all(need & (here | context) for need in pattern.needs):
                    hits[flag.id] = Hit(flag.id, flag.tier, "urgent", pattern.name)
                    break
        order = {flag.id: number for number, flag in enumerate(self._flags)}
        ordered = sorted(hits.values(), key=lambda hit: (hit.certainty != "urgent", hit.tier, order[hit.red_flag]))
        return ScreenResult(tuple(ordered) or self._asked_about(message.words), here)

    def _asked_about(self, words: Words) -> tuple[Hit, ...]:
        """The red flag whose signs are told of by its name, or asked about in general (lowered); () for none."""
        found = self._asked.flag(words)
        if found is None:
            return ()
        red_flag, had = found
        tier = self._tiers[red_flag]
        return (Hit(red_flag, tier, "urgent", _HAS_ITS_SIGNS) if had else Hit(red_flag, tier, "lowered", "asks for the signs", "hypothetical"),)

    def _here(self, message: _Message) -> frozenset[str]:
        return frozenset(
            name for name, found in message.by_group.items() if any(one.status in (None, "elsewhere") for one in found)
        )

    def _read(self, text: str) -> _Message:
        words = words_of(plain(text if isinstance(text, str) else str(text or "")))
        joined = self._lexicon.split_joined(words.words)
        if joined:
            words = _with_parts(words, joined)
        message = _Message(words)
        if not words.words:
            return message
        kind = self._kind
        cues: dict[str, list[tuple[int, int]]] = {name: [] for name in CUES}
        raw: list[tuple[str, int, int]] = []
        for group, start, end in sorted(set(self._lexicon.find(words))):
            if kind[group] == "cue":
                cues[group].append((start, end))
            else:
                raw.append((group, start, end))
        places = {
            name: {k for start, end in cues[name] for k in range(start, end)}
            for name in ("temperature_words", "heat_of_things", "numbers_of_other_things")
        }
        if any(value is not None for value in words.values):
            raw.extend(readings.find(words, *places.values()))
        covered = _cover(cues["look_alikes"], len(words))
        signs: list[Found] = []
        body_spans: set[tuple[int, int]] = set()
        for group, start, end in raw:
            if covered and kind[group] not in ("setting", "illness"):
                low, high = covered[start]
                if low <= start and end <= high and high - low > end - start:
                    continue
            status = None
            if kind[group] == "body":
                body_spans.add((start, end))
                if words.breaks[end] == 0 and words.words[end] in _ABOUT_IT:
                    status = "elsewhere"
            for name in self._within_groups[group]:
                if kind[name] == "cue":
                    cues[name].append((start, end))
                    continue
                found = Found(name, start, end, status)
                message.by_group.setdefault(name, []).append(found)
                if kind[name] in ("sign", "setting", "illness"):
                    signs.append(found)
        # "A sore breast" may be followed by anything: the sign right before it is said of it.
        sign_ends = {found.end for found in signs}
        for finds in message.by_group.values():
            for found in finds:
                if found.status == "elsewhere" and found.start in sign_ends:
                    found.status = None
        message.body = sorted(body_spans)
        message.body_starts = [start for start, _ in message.body]
        message.body_words = {k for start, end in message.body for k in range(start, end)}
        Sense(words, signs, cues, message.body_words).decide()
        for name, finds in message.by_group.items():
            finds.sort(key=lambda f: (f.start, f.end))
            if kind[name] in ("setting", "illness"):
                for one in finds:
                    if one.status != "negated" and (one.status != "past" or kind[name] == "illness"):
                        one.status = None
        return message

    # -- patterns --------------------------------------------------------------------------------------------------

    def _flag_hit(self, flag: _Flag, message: _Message, here: frozenset[str], known: frozenset[str]) -> Hit | None:
        lowered: Hit | None = None
        for pattern in flag.patterns:
            if not pattern.together or pattern.unless & here:
                continue
            if pattern.needs and not all(need & known for need in pattern.needs):
                continue
            slots = []
            for choice in pattern.together:
                slot = [one for name in choice for one in message.by_group.get(name, ()) if one.status != "elsewhere"]
                if not slot:
                    break
                slots.append(sorted(slot, key=lambda f: f.start))
            if len(slots) < len(pattern.together):
                continue
            standing = [
                [one for one in slot if one.status is None or one.status in pattern.also_when] for slot in slots
            ]
            if all(standing) and self._combine(pattern, standing, message):
                return Hit(flag.id, flag.tier, "urgent", pattern.name)
            if lowered is None:
                chosen = self._combine(pattern, slots, message)
                if chosen:
                    reason = next(
                        (one.status for one in chosen if one.status and one.status not in pattern.also_when), None
                    )
                    lowered = Hit(flag.id, flag.tier, "lowered", pattern.name, STATUS[reason or "negated"])
        return lowered

    def _combine(self, pattern: _Pattern, slots: list[list[Found]], message: _Message) -> list[Found] | None:
        """The first way to fill every slot near the first slot's find, or None."""
        if len(slots) == 1:
            return slots[0][:1]
        starts = [[one.start for one in slot] for slot in slots]
        # A pause counts as words too, so no find further than this many words away can be near enough.
        reach = pattern.within + 1
        for anchor in slots[0]:
            chosen = [anchor]
            if self._fill(pattern, slots, starts, 1, chosen, message, reach):
                return chosen
        return None

    def _fill(
        self,
        pattern: _Pattern,
        slots: list[list[Found]],
        starts: list[list[int]],
        number: int,
        chosen: list[Found],
        message: _Message,
        reach: int,
    ) -> bool:
        if number == len(slots):
            return True
        anchor = chosen[0]
        slot = slots[number]
        at = bisect_left(starts[number], anchor.start - reach - 8)
        while at < len(slot) and slot[at].start <= anchor.end + reach:
            one = slot[at]
            at += 1
            if not self._near(pattern, anchor, one, message.words):
                continue
            if pattern.in_order and one.start < chosen[-1].end:
                continue
            if any(
                one.start < other.end
                and other.start < one.end
                and "body" not in (pattern.slot_kinds[number], pattern.slot_kinds[k])
                for k, other in enumerate(chosen)
            ):
                continue
            if not all(
                self._belongs(other, one, message)
                if pattern.slot_kinds[k] == "body"
                else self._belongs(one, other, message)
                for k, other in enumerate(chosen)
                if {pattern.slot_kinds[k], pattern.slot_kinds[number]} == {"body", "sign"}
            ):
                continue
            chosen.append(one)
            if self._fill(pattern, slots, starts, number + 1, chosen, message, reach):
                return True
            chosen.pop()
        return False

    def _near(self, pattern: _Pattern, a: Found, b: Found, words: Words) -> bool:
        first, second = (a, b) if a.start <= b.start else (b, a)
        if second.start < first.end:
            return True
        if words.place[second.start] - words.place[first.end - 1] > pattern.within:
            return False
        if pattern.where:
            limit = 1 if pattern.where == "same clause" else 2
            return all(words.breaks[k] < limit for k in range(first.end, second.start + 1))
        return True

    def _belongs(self, body: Found, sign: Found, message: _Message) -> bool:
        """Whether the sign is said of this part of the body, and not of another one."""
        words, text = message.words, message.words.words
        body_first = body.start < sign.start
        low, high = (body.end, sign.start) if body_first else (sign.end, body.start)
        if low >= high:
            return True
        said_of = any(text[k] in _SAID_OF for k in range(low, high))
        if body_first:
            # "My leg massage is on Friday and I am hot"
            if any(text[k] == "i" and text[k + 1] in ("am", "feel") for k in range(low, high)):
                return False
            # "A PICC line and sore shoulders", "my port, pain in my hip"
            if not said_of and self._has_own_part(sign, body, message):
                return False
        else:
            if any(words.breaks[k] >= 2 or text[k] in _NEW_THOUGHT for k in range(low, high)):
                return False
            if self._said_of_another(sign, message):
                return False
        at = bisect_left(message.body_starts, low)
        while at < len(message.body) and message.body[at][0] < high:
            other = message.body[at]
            at += 1
            if other[1] > high or (other[0] < sign.end and other[1] > sign.start):
                continue
            if other[1] < len(text) and text[other[1]] in _NOT_THE_PLACE:
                continue
            # Parts in one list share the sign: "my chest and back hurt".
            gap = range(body.end, other[0]) if body_first else range(other[1], body.start)
            if any(
                text[k] not in _LISTED and text[k] not in _BODY_FILLERS and k not in message.body_words for k in gap
            ):
                return False
        return True

    def _said_of_another(self, sign: Found, message: _Message) -> bool:
        """Whether a part of the body stands before the sign as its subject: "my tummy is swollen and my legs ..."."""
        words, text = message.words, message.words.words
        said_of = False
        for k in range(sign.start - 1, max(-1, sign.start - 5), -1):
            if words.breaks[k + 1] >= 2 or text[k] in _PRONOUNS:
                return False
            if k in message.body_words:
                return said_of
            said_of = said_of or text[k] in _SAID_OF
        return False

    def _has_own_part(self, sign: Found, body: Found, message: _Message) -> bool:
        """Whether another part of the body follows the sign as its own: "sore shoulders", "pain in my hip"."""
        words, text = message.words, message.words.words
        k = sign.end
        while k < min(len(text), sign.end + 4) and words.breaks[k] == 0:
            if k in message.body_words:
                after = next((end for start, end in message.body if start <= k < end), k + 1)
                return not (after < len(text) and text[after] in _NOT_THE_PLACE)
            if text[k] not in _IN_MY:
                return False
            k += 1
        return False

    # -- when the above has a defect -------------------------------------------------------------------------------

    def _blunt(self, text: str, context: Iterable[str]) -> ScreenResult:
        """Every flag that has a pattern whose groups all occur somewhere, whatever else the message says."""
        try:
            words = words_of(plain(str(text)))
            seen = {name for group, _, _ in self._lexicon.find(words) for name in self._within_groups[group]}
            known = seen | set(context or ())
        except Exception:
            return ScreenResult()
        hits = []
        for flag in self._flags:
            for pattern in flag.patterns:
                if (
                    pattern.together
                    and all(c & seen for c in pattern.together)
                    and all(c & known for c in pattern.needs)
                ):
                    hits.append(Hit(flag.id, flag.tier, "urgent", pattern.name))
                    break
        return ScreenResult(
            tuple(sorted(hits, key=lambda hit: hit.tier)), frozenset(n for n in seen if self._kind[n] != "cue")
        )

    # -- the data file ---------------------------------------------------------------------------------------------

    def _flag(self, block: dict[str, Any]) -> _Flag:
        return _Flag(block["id"], int(block["tier"]), tuple(self._pattern(one) for one in block["patterns"]))

    def _slot_kind(self, names: frozenset[str]) -> str:
        """'body' if all are parts of the body; 'sign' if one of them is a sign that a part of the body can have; else ''."""
        kinds = {self._kind[name] for name in names}
        return "body" if kinds == {"body"} else "sign" if "sign" in kinds else ""

    def _pattern(self, one: dict[str, Any]) -> _Pattern:
        together = tuple(choice(text) for text in one.get("together", ()))
        return _Pattern(
            name=one["name"],
            together=together,
            within=int(one.get("within", WITHIN)),
            where=one.get("where", ""),
            in_order=one.get("order") == "as written",
            needs=tuple(choice(text) for text in one.get("needs_context", ())),
            unless=frozenset(one.get("unless", ())),
            also_when=frozenset(one.get("also_when", ())),
            variant=one.get("variant"),
            flags=tuple(choice(text) for text in one.get("flags_together", ())),
            slot_kinds=tuple(self._slot_kind(names) for names in together),
        )


# Between a sign and the part of the body it is said of, one of these starts a new thought.
_NEW_THOUGHT = bag("can could should would will is are does do did i but massage massaged massaging please")
# After a part of the body: then the words speak of an illness or an operation there ("breast cancer", "my hip op").
_ABOUT_IT = bag(
    "cancer cancers op ops operation operations surgery surgeries surgeon replacement replacements reconstruction biopsy"
    " biopsies scan scans tumour tumours tumor tumors radiotherapy radiation"
)
# The same between a part of the body and a sign ("my leg since the back massage is swollen").
_NOT_THE_PLACE = _ABOUT_IT | bag("massage massages massaged massaging rub rubs rubbed rubbing port drain jab injection")
# Joins a part of the body with what is said of it.
_SAID_OF = bag(
    "is are was were am be been being has have had feels feel feeling felt looks look looking gone went got gets getting"
)
_PRONOUNS = bag("i he she it they we you")
_IN_MY = bag("in on of at my the his her their left right lower upper")
_LISTED = bag("and or plus also both")
_BODY_FILLERS = bag(
    "my the his her their left right upper lower a of in on down to up all whole other one behind inside with that which"
    " where has have had for near by close next around round over under above below"
)


def choice(text: str) -> frozenset[str]:
    """'leg or arm' -> {'leg', 'arm'}"""
    return frozenset(part.strip() for part in str(text).split(" or "))


def _closure(groups: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """For each group, itself and every group that includes it, directly or not."""
    parents: dict[str, set[str]] = {name: set() for name in groups}
    for name, group in groups.items():
        for member in group.get("includes", ()):
            parents.setdefault(member, set()).add(name)
    out = {}
    for name in parents:
        seen = {name}
        todo = [name]
        while todo:
            for parent in parents[todo.pop()]:
                if parent not in seen:
                    seen.add(parent)
                    todo.append(parent)
        out[name] = tuple(sorted(seen))
    return out


def _cover(spans: Iterable[tuple[int, int]], n: int) -> list[tuple[int, int]]:
    """For each word, the longest of the spans over it ((0, 0) for none); [] if there are no spans."""
    longest: list[tuple[int, int]] = []
    for start, end in spans:
        longest = longest or [(0, 0)] * n
        for k in range(start, end):
            if end - start > longest[k][1] - longest[k][0]:
                longest[k] = (start, end)
    return longest


def _with_parts(words: Words, joined: dict[int, list[str]]) -> Words:
    """The message with run-together words taken apart."""
    out: list[str] = []
    breaks: list[int] = []
    values: list[float | None] = []
    for i, word in enumerate(words.words):
        for number, part in enumerate(joined.get(i, [word])):
            out.append(part)
            breaks.append(words.breaks[i] if number == 0 else 0)
            values.append(words.values[i])
    breaks.append(2)
    return Words(out, breaks, values, places(breaks))


def groups_of(data: dict[str, Any]) -> Iterator[str]:
    """Every group name that a pattern may use."""
    yield from (name for name, group in data["words"].items() if group.get("kind", "sign") != "cue")
    yield from readings.GROUPS
