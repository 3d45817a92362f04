"""How a sign is meant: here and now, or denied, long past, only asked about, or a figure of speech (evidence base 3.6).

Each rule leans one way: when the wording does not clearly lower a sign, the sign stands. A false alarm costs a telephone
call; a miss may cost a life.

The open lists (words for no, for long ago, figures of speech ...) are groups of data/safety/red_flags.yml; the grammar that
holds them together is here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from askfirst.safety.remote import supposed
from askfirst.safety.text import Words, bag

# Groups that the data file must hold, and what each is for.
CUES = {
    "says_no": "words that deny what follows",
    "not_a_no": "phrases with a 'not' in them that deny nothing (I don't know why)",
    "has_gone": "phrases after a sign that say it is over",
    "past_time": "long ago",
    "long_standing": "has been so for years",
    "right_now": "now, today, since yesterday",
    "present_time": "also again, new, worse, since yesterday, getting worse",
    "what_if": "asks about something that has not happened",
    "asks_in_general": "asks what massage does, or what causes something",
    "over_since": "says that it has not come back, healed or was explained",
    "not_yet": "says that nothing has happened: planning, reading, in theory",
    "figures_of_speech": "not meant in earnest",
    "look_alikes": "holds one of our words but means something harmless",
    "temperature_words": "words that make a number a body temperature",
    "heat_of_things": "rooms, water, stones: a temperature with these is not the body's",
    "numbers_of_other_things": "blood results, doses, ages: a number with these is no temperature",
    "ordinary_words": "real words that differ by one letter from one of ours",
}

# A status of a sign; None is here and now. 'gone' and 'standing' are told to callers as 'negated' and 'past'.
STATUS = {"negated": "negated", "gone": "negated", "past": "past", "standing": "past"} | {
    "hypothetical": "hypothetical",
    "figurative": "figurative",
}


@dataclass(slots=True)
class Found:
    """A group found at words start (included) to end (not included)."""

    group: str
    start: int
    end: int
    status: str | None = None


# What may stand between a "no" and what it denies. Any other word ends its reach.
_AFTER_NO = bag(
    "any a an the real more much further obvious sign signs of symptom symptoms have had got get getting having has been be"
    " being feel feeling felt seem seems seeming experiencing experienced particular actually even visible new noticed notice"
    " noticing seen see severe big bad think suffering suffer from developed develop sort kind other usual currently present"
    " running at all least bit anything like either going to planning thinking about taken took used needed"
)
# "Not thinkin of it" denies as much as "not thinking of it".
_AFTER_NO |= {word[:-1] for word in _AFTER_NO if word.endswith("ing")}
_AFTER_NOT_WANT = bag("want wants wish like to be end up get")
_AFTER_NEITHER = _AFTER_NO | bag("is are was were")
_LIST = bag("or nor")
_ANY_OTHER = bag("anything something nothing stuff things")
_TAIL = bag("in on of my the his her their either both legs leg arm at all")
_TURN = bag("but however although though yet except because since so while whereas then")
_SUBJECT = bag(
    "i he she it they we you my his her our their this there mum dad mother father wife husband son daughter"
)
_PRESENT_VERB = bag(
    "is are am feels feel looks look keeps keep gets getting has have got seems starts starting becoming going comes"
)
_MONTHS = bag("january february march april may june july august september october november december")
_PAST_VERB = bag("had was were got went did became developed suffered felt came tried finished")
_BEFORE_A_QUESTION = bag("so and but or then hi hello also just why how what please ok okay well hey")
_ASKS = bag("do does can could will would")
_DOES = bag(
    "help helps ease reduce relieve cure prevent improve treat fix lower increase cause causes soothe worsen stop affect hurt ache swell bleed itch"
)
_ONE_PART = bag("leg calf thigh shin arm forearm ankle")
_ASKING = bag("what how when which would could should if whether why does can is are")
_COPULA = bag("is are am has been feels looks keeps")
_PERSON = bag(
    "my mine i me his her our he she we this these mum mums dad dads mother father wife wifes husband husbands son sons"
    " daughter daughters brother sister partner nan gran grandad grandma friend friends"
)
# How far, in words, a "years ago" reaches where no comma or stop sets a limit.
PAST_REACH = 12
# "Chronic", "previous" and the like speak of the next few words only.
SHORT_REACH = 3
_SHORT_REACH = bag("previous previously history chronic chronically long longterm longstanding lifelong")
_MASSAGE_WORDS = ("massag", "rub", "reflexolog")


class Sense:
    """Works out the status of every sign of one message."""

    def __init__(
        self, words: Words, signs: list[Found], cues: dict[str, list[tuple[int, int]]], body: set[int]
    ) -> None:
        """`signs` are changed in place; `cues` maps a group of CUES to its spans; `body` holds places of body words."""
        self.words = words
        self.text = words.words
        self.breaks = words.breaks
        self.cues = cues
        self.body = body
        self.signs = signs
        self.starts: dict[int, list[Found]] = {}
        for sign in signs:
            self.starts.setdefault(sign.start, []).append(sign)
        self.present = {k for start, end in cues["present_time"] for k in range(start, end)}
        self.right_now = {k for start, end in cues["right_now"] for k in range(start, end)}
        self._clauses()

    def decide(self) -> None:
        """Set the status of each sign. The first that applies stays."""
        if not self.signs:
            return
        for start, end in self.cues["figures_of_speech"]:
            for sign in self.signs:
                if sign.start < end and sign.end > start and sign.end - sign.start <= end - start:
                    sign.status = sign.status or "figurative"
        self._denied()
        self._gone()
        self._what_if("what_if", self._cancels_what_if)
        self.cues["asks_in_general"].extend(self._questions())
        self._what_if("asks_in_general", self._cancels_general)
        self._side_effect()
        self._past()
        self._standing()
        self._far_away()

    # -- clauses ---------------------------------------------------------------------------------------------------

    def _clauses(self) -> None:
        self.clause: list[int] = []
        number = 0
        for i, word in enumerate(self.text):
            follower = self.text[i + 1] if i + 1 < len(self.text) else ""
            if i and (
                self.breaks[i]
                or word in _TURN
                or (
                    word in ("and", "plus")
                    and (follower in _SUBJECT or i + 1 in self.present or follower in _PRESENT_VERB)
                )
            ):
                number += 1
            self.clause.append(number)
        self.clauses_now = {self.clause[k] for k in self.present if k < len(self.clause)}

    # -- denied ----------------------------------------------------------------------------------------------------

    def _denied(self) -> None:
        inside = {k for sign in self.signs for k in range(sign.start, sign.end) if sign.end - sign.start > 1}
        excused = {k for start, end in self.cues["not_a_no"] for k in range(start, end)}
        for start, end in self.cues["says_no"]:
            if start in inside and not (end - start > 1 and start - 1 not in inside):
                continue
            if start in excused:
                # "I don't want my leg to swell" denies nothing, "I don't want to die" does.
                if end < len(self.text) and self.text[end] in ("want", "wants", "wish", "like"):
                    self._reach(end, _AFTER_NOT_WANT)
                continue
            word = self.text[start]
            if self._first_time(start) or (word == "without" and self._cant_before(start)):
                continue
            self._reach(end, _AFTER_NEITHER if word in ("neither", "none") else _AFTER_NO)
        # "Fever? No." and "swelling: none"
        for sign in self.signs:
            k = sign.end
            if (
                k < len(self.text)
                and self.breaks[k]
                and self.text[k] in ("no", "none", "nope", "nil")
                and self.breaks[k + 1]
            ):
                sign.status = sign.status or "negated"

    def _first_time(self, start: int) -> bool:
        """The no of "never had chest pain like this" is about other times; that of "not ill or anything like that" is not."""
        k = start + 1
        while k < len(self.text) and self.breaks[k] < 2 and k < start + 12:
            two = (self.text[k], self.text[k + 1] if k + 1 < len(self.text) else "")
            alike = two in (("like", "this"), ("like", "that"), ("like", "it")) and self.text[k - 1] not in _ANY_OTHER
            if alike or two[0] == "such":
                return True
            if self.text[start] == "never" and two[0] in ("before", "so", "this"):
                return True
            k += 1
        return False

    def _cant_before(self, start: int) -> bool:
        return any(
            self.text[k] in ("cant", "couldnt", "dont", "wont", "hardly", "not")
            for k in range(max(0, start - 6), start)
        )

    def _reach(self, k: int, fillers: frozenset[str]) -> None:
        n = len(self.text)
        denied = False
        steps = 0
        while k < n and steps < 8:
            if self.breaks[k] >= 2:
                return
            if self.breaks[k] == 1 and not (denied and self._list_goes_on(k)):
                return
            word = self.text[k]
            signs = self.starts.get(k)
            if signs and not (denied and not self._joined(k)):
                end = max(sign.end for sign in signs)
                for at in range(k, end):
                    for sign in self.starts.get(at, ()):
                        sign.status = sign.status or "negated"
                # "No bad headache": "bad" may be a sign of its own, but the no goes on to the headache.
                denied = end > k + 1 or word not in fillers
                k = end
                steps = 0
                continue
            if denied:
                if not (word in _LIST or self._list_goes_on(k) or word in fillers):
                    return
            elif word not in fillers and k not in self.body:
                return
            k += 1
            steps += 1

    def _joined(self, k: int) -> bool:
        """Whether a further sign at k belongs to the same denied list."""
        return self.text[k - 1] in _LIST or self._list_goes_on(k)

    def _list_goes_on(self, k: int) -> bool:
        """Whether an "or" or "nor" follows before anything that is not part of a list."""
        for i in range(k, min(k + 8, len(self.text))):
            if self.breaks[i] >= 2 or self.text[i] in _TURN or self.text[i] in ("and", "just", "only", "i", "it"):
                return False
            if self.text[i] in _LIST:
                return True
            if (
                self.text[i] not in _TAIL
                and self.text[i] not in _AFTER_NO
                and i not in self.body
                and not self._in_sign(i)
            ):
                return False
        return False

    def _in_sign(self, i: int) -> bool:
        return any(
            sign.start <= i < sign.end for start in range(max(0, i - 4), i + 1) for sign in self.starts.get(start, ())
        )

    # -- gone ------------------------------------------------------------------------------------------------------

    def _gone(self) -> None:
        gone = {start: end for start, end in self.cues["has_gone"]}
        if not gone:
            return
        for sign in self.signs:
            k = sign.end
            while k < min(sign.end + 7, len(self.text)) and self.breaks[k] < 2:
                if k in gone:
                    before = self.text[k - 1]
                    if before not in ("not", "hasnt", "havent", "isnt", "never", "wont", "until", "hardly"):
                        sign.status = sign.status or "gone"
                    break
                if self.text[k] in _TURN or (k in self.starts and k > sign.end):
                    break
                k += 1

    # -- asked about -----------------------------------------------------------------------------------------------

    def _what_if(self, group: str, cancels: Callable[[int, Found, range], bool]) -> None:
        for start, end in self.cues[group]:
            for sign in self.signs:
                if sign.status or sign.end <= start or sign.start > start + 16:
                    continue
                between = range(end, sign.start)
                if any(self._stops(k) for k in range(end, sign.start + 1)):
                    continue
                if cancels(end, sign, between):
                    continue
                sign.status = "hypothetical"

    def _questions(self) -> list[tuple[int, int]]:
        """Questions like "do compression socks help": a thing, not a person, and what it does."""
        found = []
        for i, word in enumerate(self.text):
            if word not in _ASKS or (i and not self.breaks[i] and self.text[i - 1] not in _BEFORE_A_QUESTION):
                continue
            for k in range(i + 1, min(i + 6, len(self.text))):
                if (
                    self.breaks[k]
                    or self.text[k] in _PERSON
                    or self.text[k] in ("you", "he", "she", "it", "they", "someone")
                ):
                    break
                if self.text[k] in _DOES and k > i + 1:
                    found.append((i, k + 1))
                    break
        return found

    def _stops(self, k: int) -> bool:
        """Whether a question does not reach past word k: a new sentence, a "but", an "and I", a comma not of a list."""
        word = self.text[k]
        follower = self.text[k + 1] if k + 1 < len(self.text) else ""
        return (
            self.breaks[k] >= 2
            or word in ("but", "however")
            or (word in ("and", "plus") and follower in _SUBJECT)
            or (self.breaks[k] == 1 and word not in ("or", "and"))
        )

    def _side_effect(self) -> None:
        """A question like "is fever a side effect of massage?" asks in general, unless someone is named."""
        for start, _ in self.cues["asks_in_general"]:
            if self.text[start] != "side":
                continue
            clause = self.clause[start]
            low = start
            while low > 0 and self.clause[low - 1] == clause:
                low -= 1
            if any(self.text[k] in _PERSON or k in self.right_now for k in range(low, start)):
                continue
            for sign in self.signs:
                if low <= sign.start < start:
                    sign.status = sign.status or "hypothetical"

    def _cancels_what_if(self, end: int, sign: Found, between: range) -> bool:
        if self._now_near(end, sign):
            return True
        seen_person = False
        for k in between:
            word = self.text[k]
            if word.startswith(_MASSAGE_WORDS):
                return True
            if word in _SUBJECT:
                seen_person = True
            elif word in _COPULA and seen_person:
                return True
        return self._i_have_after(sign)

    def _cancels_general(self, end: int, sign: Found, between: range) -> bool:
        if self.words.values[sign.start] is not None:
            return True  # a reading of 38.6 is somebody's
        if self._now_near(end, sign) or self._i_have_after(sign):
            return True
        clause = self.clause[sign.start]
        k = end
        stop = min(len(self.text), sign.end + 20)
        while k < stop and (k <= sign.end or self.clause[k] == clause) and self.breaks[k] < 2:
            word = self.text[k]
            if word in _PERSON or word in ("is", "are", "has", "gone", "went"):
                return True
            # "will massage help a swollen calf": one leg is somebody's leg.
            if word in _ONE_PART and self.text[k - 1] != "your":
                return True
            k += 1
        return False

    def _now_near(self, start: int, sign: Found) -> bool:
        """Whether a word of the present stands between, or later in the clause of the sign."""
        k = start
        stop = min(len(self.text), sign.end + 20)
        while k < stop and (k < sign.end or self.clause[k] == self.clause[sign.end - 1]):
            if k in self.right_now and not sign.start <= k < sign.end:
                return True
            k += 1
        return False

    def _i_have_after(self, sign: Found) -> bool:
        k = sign.end
        return self.text[k : k + 2] in (["i", "have"], ["i", "am"], ["he", "has"], ["she", "has"], ["that", "i"])

    # -- past ------------------------------------------------------------------------------------------------------

    def _past(self) -> None:
        spans = list(self.cues["past_time"])
        for i, value in enumerate(self.words.values):
            if value is None or i == 0 or len(self.text[i]) > 4:
                continue
            before = self.text[i - 1]
            if 1940 <= value <= 2100 and before in (
                "in",
                "during",
                "around",
                "early",
                "late",
                "summer",
                "winter",
                "of",
            ):
                spans.append((i - 1, i + 1))
            elif before == "was" and i > 2 and self.text[i - 3 : i - 1] == ["when", "i"] and value < 100:
                spans.append((i - 3, i + 1))
        spans += self._other_months()
        for start, end in spans:
            clause = self.clause[start]
            last = self.clause[end - 1]
            self._before_the_comma(start)
            opens = start <= 2 or self.clause[start - 3] != clause or self.text[start] in ("used", "once")
            edge = opens and end < len(self.text) and self.breaks[end] == 1
            short = self.text[start] in _SHORT_REACH
            for sign in self.signs:
                if sign.status:
                    continue
                if start <= sign.start and sign.end <= end:  # "used to swell"
                    sign.status = "past"
                    continue
                if (
                    (sign.start < end and start < sign.end)
                    or sign.end < start - PAST_REACH
                    or sign.start > end + (SHORT_REACH if short else PAST_REACH)
                ):
                    continue
                here = self.clause[sign.start]
                if self._still_so(sign, here, end):
                    continue
                if short:
                    if sign.start >= end and here == last:
                        sign.status = "past"
                elif sign.start >= end:
                    # "In 2019 my leg swelled": only a time that opens the thought reaches forward.
                    if (opens and here == last) or (edge and here == last + 1 and self._nearest_verb(sign) == "past"):
                        sign.status = "past"
                elif here == clause and (
                    self._nearest_verb(sign) == "past"
                    or not any(self.text[k] in _PAST_VERB for k in range(sign.end, start))
                ):
                    sign.status = "past"

    def _before_the_comma(self, start: int) -> None:
        """ "One crisis, in 2016": a time right after a sign, and no present verb with it. "Calf sore, DVT in 2016" says nothing of the calf."""
        low = self.words.sentence_start(start)
        for sign in self.signs:
            if sign.status or not low <= sign.start < start or self.clause[sign.start] != self.clause[start] - 1:
                continue
            if self._is_reading(sign) or self.clause[sign.start] in self.clauses_now:
                continue
            verbs = {self._nearest_verb(sign), *("present" for k in range(sign.end, start) if self.text[k] in _PRESENT_VERB)}
            if "present" not in verbs and start == sign.end:
                sign.status = "past"

    def _other_months(self) -> list[tuple[int, int]]:
        """ "In March" is past where the message says that it is another month now ("It is July now")."""
        months = [i for i, word in enumerate(self.text) if word in _MONTHS]
        current = {
            self.text[i]
            for i in months
            if (i and self.text[i - 1] in ("is", "its", "now")) or (i + 1 < len(self.text) and self.text[i + 1] == "now")
        }
        return [
            (i - 1, i + 1)
            for i in months
            if current and i and self.text[i - 1] in ("in", "last", "during", "back") and self.text[i] not in current
        ]

    def _still_so(self, sign: Found, clause: int, cue_end: int) -> bool:
        if clause in self.clauses_now:
            return True
        # In "used to have chest pain" the "have" belongs to the cue.
        return self._nearest_verb(sign, cue_end if cue_end <= sign.start else 0) == "present"

    def _nearest_verb(self, sign: Found, low: int = 0) -> str | None:
        for k in range(sign.start - 1, max(low - 1, sign.start - 6), -1):
            if self.clause[k] != self.clause[sign.start]:
                return None
            if self.text[k] in _PRESENT_VERB:
                return "present"
            if self.text[k] in _PAST_VERB:
                return "past"
        return None

    def _far_away(self) -> None:
        """What is only supposed, and what the message as a whole puts into the past or into no time at all."""
        for start, end in supposed(self.text, self.breaks, self.right_now):
            for sign in self.signs:
                if start < sign.start < end and not self._is_reading(sign):
                    sign.status = sign.status or "hypothetical"
        for cue, status in (("not_yet", "hypothetical"), ("over_since", "past")):
            if not self.cues[cue]:
                continue
            for sign in self.signs:
                if sign.status or self._is_reading(sign) or self.clause[sign.start] in self.clauses_now:
                    continue
                verb = self._nearest_verb(sign)
                clause = self.clause[sign.start]
                near = any(self.clause[start] == clause for start, _ in self.cues[cue])
                # From another clause the cue counts only for a sign that is asked about, or told in the past: "swollen hot calf, chemo
                # starts tomorrow" and "worst headache of my life, the scan was clear" are urgent.
                own = [word for word, number in zip(self.text, self.clause, strict=True) if number == clause]
                apart = verb == "past" if status == "past" else any(word in _ASKING for word in own)
                if verb != "present" and (near or apart):
                    sign.status = status

    def _is_reading(self, sign: Found) -> bool:
        return any(self.words.values[k] is not None for k in range(sign.start, sign.end))

    def _standing(self) -> None:
        for start, end in self.cues["long_standing"]:
            # "Since" begins a clause; "since birth" speaks of the one before.
            clause = self.clause[
                start - 1 if start and self.text[start] == "since" and not self.breaks[start] else start
            ]
            if any(k in self.present and not start <= k < end for k in range(start - 14, start + 15)):
                continue
            short = self.text[start] in _SHORT_REACH
            for sign in self.signs:
                if sign.status or self.clause[sign.start] != clause or (sign.start < end and start < sign.end):
                    continue
                if short and not end <= sign.start <= end + SHORT_REACH:
                    continue
                if abs(sign.start - start) <= PAST_REACH:
                    sign.status = "standing"
