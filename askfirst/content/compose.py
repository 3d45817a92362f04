"""The reply builder: entries x verdicts x limits -> Reply. Health information leaves through here and nowhere else (G1).

What it guarantees, whatever it is asked (tests/test_guarantees.py):
- exactly one ask in a health reply, none in an urgent one (G1, G2);
- the strictest verdict leads, and no limit of anything named or remembered is dropped (G3, evidence base 0.1 rule 13);
- nothing that says or implies "yes" (G4): texts come from the knowledge base, and the sentences made here only forbid,
  or say that the assistant cannot tell;
- a combined answer, with its reminder, has at most 90 words; the emergency number stays in it where one
  of its things can become an emergency, and for up to three conditions an advice line too. When so many things are named that their limits alone would
  not fit, one sentence takes their place that is stricter than all of them: no massage anywhere for now.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from askfirst.content.clinic import Clinic
from askfirst.content.knowledge import ADVICE, LIMIT_KINDS, UNSOURCED, Entry, Knowledge, Limit, Watch
from askfirst.content.reply import VERDICTS, Button, Reply
from askfirst.content.urgent import asked_about, flag_by_id, urgent_reply

MAX_WORDS = 90
# Said when several things meet that have different families: the strictest wording of "ask first".
COMBINED_REMINDER = "any_massage"
MAX_BUTTONS = 3
# Said after the signs of an emergency that nobody has: whom to call is best known before it is needed.
SIGNS_REMINDER = "signs"
SIGNS_QUESTION = "Which signs should I call you about, and which number do I call by day and by night?"
# Fills {who} of a reminder where several teams would have to be named, or none is.
ANY_TEAM = "your team"
# Instead of limits that do not fit into MAX_WORDS: stricter than each of them.
NOTHING_FOR_NOW = "no massage anywhere for now, not even a light one"
# A kind of limit that holds without any massage too, and is said beside that sentence: a heat pad can burn numb skin.
BEYOND_MASSAGE = ("heat",)
# So begins an `always` that only rules out a kind of massage (data/knowledge; `make check` holds texts to it).
ONLY_MASSAGE = "No "
# Whom a combined answer always names where one of its things can turn into an emergency.
EMERGENCY = "{emergency_number}"
# Up to so many conditions an advice line to call now is always named; above it while there is room.
MOST_WITH_LINES = 3
# Where things with different lines meet, one sentence names both.
ADVICE_LINES = "{cancer_helpline_24h} or {urgent_advice_line}"
# Which attribute of a kind of massage meets which kind of limit.
_MEETS = {"firmness": "firm", "heat": "heat", "movement": "stretch", "product": "oil"}
_SENTENCES = re.compile(r"[^.!?]+[.!?]+(?:\s|$)")


@dataclass(frozen=True)
class Question:
    """What one message asks, as far as it was understood.

    `topics`: ids of faq and boundary entries, the main one first; `things`: ids of what was named or described in this
    message, in the order of the message; `remembered`: ids of what was named earlier in this conversation;
    `last_reminder`: reminder_id of the reply before, so that its wording is not repeated.
    """

    topics: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    last_reminder: str | None = None


@dataclass
class _Case:
    """A question with its entries looked up and its verdicts worked out."""

    topics: list[Entry]
    states: list[Entry]
    types: list[Entry]
    remembered: set[str]
    facts: frozenset[str]
    verdicts: dict[str, str] = field(default_factory=dict)
    limits: dict[str, tuple[Limit, ...]] = field(default_factory=dict)
    red_flag: str | None = None
    brief: bool = False
    nothing_for_now: bool = False
    barred: list[tuple[Entry, Limit]] = field(default_factory=list)
    barred_types: list[Entry] = field(default_factory=list)

    @property
    def verdict(self) -> str | None:
        """The strictest verdict of all."""
        found = list(self.verdicts.values()) + (["NO"] if self.barred or self.nothing_for_now else [])
        return min(found, key=VERDICTS.index) if found else None

    @property
    def all_limits(self) -> list[Limit]:
        """Every limit once, in the order in which the entries stand."""
        return list(dict.fromkeys(limit for limits in self.limits.values() for limit in limits))

    def said_limits(self, knowledge: Knowledge) -> list[Limit]:
        """The limits that have to be said: without those that a wider one of the same kind and code holds in itself."""
        found = self.all_limits
        covered = {(x.kind, value) for x in found for value in knowledge.limit_words[x.kind][x.value].covers}
        return [x for x in found if (x.kind, x.value) not in covered]


def compose(
    question: Question, knowledge: Knowledge, clinic: Clinic, red_flags: dict[str, Any] | None = None
) -> Reply:
    """Build the reply to a question.

    Args: question; knowledge; clinic, fills the slots; red_flags, the content of red_flags.yml, for a combination that is
    itself an emergency (a fever on treatment).
    Returns: the Reply. Errors: KeyError for an id that the knowledge base does not hold, ReplyError when content would
    break a guarantee.
    """
    case = _case(question, knowledge)
    if case.red_flag:
        return urgent_reply(red_flags or {}, case.red_flag, clinic, content_version=knowledge.version)
    main = case.topics + case.states + case.types
    if not main:
        raise KeyError("a question needs at least one topic or thing")
    single = len(main) == 1 and not case.barred
    family = _reminder_family(case, single)
    who = _who(main)
    reminder_id, reminder = _reminder(knowledge, clinic, family, who, question.last_reminder)
    if single:
        text = clinic.fill(main[0].facts[0])
    else:
        text = _combined(case, knowledge, clinic, MAX_WORDS - len(reminder.split()))
        if len(text.split()) + len(reminder.split()) > MAX_WORDS:
            # A long wording of the reminder gives way to a shorter one of the same meaning; the limits do not.
            reminder_id, reminder = _reminder(knowledge, clinic, family, who, question.last_reminder, shortest=True)
            text = _combined(case, knowledge, clinic, MAX_WORDS - len(reminder.split()))
        if len(text.split()) + len(reminder.split()) > MAX_WORDS:
            if case.topics and case.states and not any(e.kind == "boundary" for e in case.topics):
                # What the person has comes first; what else was asked becomes the next question.
                reply = compose(replace(question, topics=()), knowledge, clinic, red_flags)
                asked = buttons_to(tuple(e.id for e in case.topics), knowledge, clinic)
                return replace(reply, buttons=(*asked, *reply.buttons)[:MAX_BUTTONS])
            case.nothing_for_now, case.brief = True, False
            text = _combined(case, knowledge, clinic, MAX_WORDS - len(reminder.split()))
    boundary = any(entry.kind == "boundary" for entry in case.topics)
    sources = tuple(dict.fromkeys(key for entry in main for key in entry.sources))
    return Reply(
        kind="boundary" if boundary else "answer",
        topics=tuple(entry.id for entry in main),
        verdict=case.verdict,
        limits=tuple(limit.as_dict() for limit in case.all_limits),
        text=text,
        reminder=reminder,
        reminder_id=reminder_id,
        team_question=clinic.fill(_team_question(case, main)),
        sources=knowledge.shown_sources(sources),
        certainty=_certainty(case, knowledge, clinic, sources),
        reviewed=_reviewed(main),
        buttons=buttons_to(next_questions(main), knowledge, clinic),
        content_version=knowledge.version,
    )


def signs_reply(red_flag: str, knowledge: Knowledge, clinic: Clinic, red_flags: dict[str, Any], last_reminder: str | None = None, variant: str | None = None) -> Reply:
    """The reply to a question about an urgent sign that nobody has: its wording in "if" form, and whom to ask beforehand.

    Args: red_flag, such as 'R21'; the others as in `compose`; last_reminder, as in Question; variant, another wording of the flag.
    """
    text, links = asked_about(red_flags, red_flag, clinic, variant)
    reminder_id, reminder = _reminder(knowledge, clinic, SIGNS_REMINDER, ANY_TEAM, last_reminder)
    shown = knowledge.shown_sources(tuple(flag_by_id(red_flags, red_flag).get("sources") or ()))
    level = ADVICE if shown else UNSOURCED
    return Reply(
        kind="answer",
        text=text,
        reminder=reminder,
        reminder_id=reminder_id,
        team_question=SIGNS_QUESTION,
        sources=shown,
        certainty=clinic.fill(knowledge.certainty_words[level]) if level in knowledge.certainty_words else None,
        content_version=knowledge.version,
        phone_links=tuple(links),
    )


def talk(entry: Entry, knowledge: Knowledge, clinic: Clinic, before: int = 0, buttons: tuple[Button, ...] = ()) -> Reply:
    """A reply that is no health information: greeting, fallback, people, menu.

    Args: entry of kind smalltalk, menu, handoff, fallback, clarify or boundary without an ask; before, how
    often it was said before: the next of its wordings, and of a limit the last one from then on; buttons, instead of the
    entry's own offers.
    Errors: ReplyError when the entry holds health information (it must go through `compose`).
    """
    last = len(entry.facts) - 1
    text = entry.facts[min(before, last) if entry.kind == "boundary" else before % (last + 1)]
    hours = clinic.hours_text()
    text = text.replace("{clinic_hours}", f"Open: {hours}." if hours else "")
    offers = buttons_to(entry.offers, knowledge, clinic)
    links: list[dict[str, str]] = []
    if entry.kind in ("handoff", "fallback") and clinic.href("clinic_phone"):
        links.append({"label": f"Call {clinic.slot('clinic_phone')}", "href": clinic.href("clinic_phone")})
    return Reply(
        kind=entry.kind,
        text=" ".join(clinic.fill(text).split()),
        topics=(entry.id,),
        buttons=buttons or offers,
        content_version=knowledge.version,
        phone_links=tuple(links),
    )


def _case(question: Question, knowledge: Knowledge) -> _Case:
    named = [knowledge.entry(i) for i in dict.fromkeys(question.things)]
    remembered = [e for e in (knowledge.entry(i) for i in dict.fromkeys(question.remembered) if i not in question.things) if e.is_state]
    topics = [knowledge.entry(i) for i in dict.fromkeys(question.topics)]
    topics.sort(key=lambda e: e.kind != "boundary")  # what the assistant cannot do is said first
    urgent = next((e.red_flag for e in named + topics if e.red_flag), None)
    states = [e for e in named + remembered if e.is_state]
    types = [e for e in named if e.kind == "massage_type"]
    if states or types:
        # "Is it OK for me?" is answered by what was named; the general answer would add nothing.
        topics = [e for e in topics if e.id != "general_safe"]
    facts = frozenset(fact for e in states for fact in e.gives)
    case = _Case(topics, states, types, {e.id for e in remembered}, facts, red_flag=urgent)
    for entry in topics + states + types:
        verdict, limits = entry.verdict, list(entry.limits)
        for when in entry.when:
            if set(when.facts) <= facts:
                limits += [limit for limit in when.limits if limit not in limits]
                if when.verdict and (verdict is None or VERDICTS.index(when.verdict) < VERDICTS.index(verdict)):
                    verdict = when.verdict
                if when.verdict == "URGENT":
                    case.red_flag = case.red_flag or when.red_flag
        if verdict:
            case.verdicts[entry.id] = verdict
        if limits:
            case.limits[entry.id] = tuple(limits)
    _meet(case)
    case.states.sort(key=lambda e: VERDICTS.index(case.verdicts.get(e.id, "ADJUST")))
    return case


def _meet(case: _Case) -> None:
    """Where a kind of massage meets a limit that forbids it: deep tissue with low platelets is NO."""
    for kind in case.types:
        places = set(kind.attributes.get("areas") or ())
        if any(x.kind == "where" and x.value in places for e in case.states for x in case.limits.get(e.id, ())):
            # "Often the gentlest choice" would sound like a yes where a place that it touches is barred.
            case.barred_types.append(kind)
        for entry in case.states:
            for limit in case.limits.get(entry.id, ()):
                if limit.code == "NO" and kind.attributes.get(_MEETS.get(limit.kind, "")):
                    case.barred.append((entry, limit))
                    if kind not in case.barred_types:
                        case.barred_types.append(kind)


def _combined(case: _Case, knowledge: Knowledge, clinic: Clinic, budget: int) -> str:
    """The combined answer: lead, limits, what was asked, whom to call about what, and reasons while words are left."""
    whole = _one_in_full(case, knowledge, clinic, budget)
    if whole:
        return whole
    main = (*case.topics, *case.states, *case.types)
    always = list(dict.fromkeys(e.always for e in main if e.always))
    first = [clinic.fill(s) for s in (_lead(case, knowledge), *_limit_sentences(case, knowledge)) if s]
    about = [clinic.fill(s.strip()) for e in case.topics[:1] for s in _SENTENCES.findall(e.short)]
    boundary = any(e.kind == "boundary" for e in case.topics)
    # What was asked is answered in its first sentence; the others follow where whom to call has left room.
    asked, more = (about, []) if boundary else ([], about) if case.nothing_for_now else (about[:1], about[1:])
    if case.nothing_for_now:  # "No rubbing." is part of it; "Do not stop your medicine." is not
        always = [s for s in always if not s.startswith(ONLY_MASSAGE)]
    if case.nothing_for_now and case.brief:
        earlier = set(always) - {e.always for e in main if e.id not in case.remembered}
        room = budget - sum(len(s.split()) for s in first + asked) - _least_call(case, clinic)
        always = _with_room(always, earlier, clinic, room)
    first += [clinic.fill(s) for s in always]
    used = sum(len(s.split()) for s in first + asked)
    if used + _least_call(case, clinic) > budget and not case.brief:
        # Everything named stays in the limits; only the list of names in the first sentence gives way, at last what was said before.
        case.brief = True
        return _combined(case, knowledge, clinic, budget)

    def fits(sentence: str, must: bool = False) -> bool:
        nonlocal used
        if used + len(sentence.split()) > budget and not must:
            return False
        used += len(sentence.split())
        return True

    calls = _calls(case, clinic, fits)
    more_topics = [s for s in (*more, *(clinic.fill(e.short) for e in case.topics[1:])) if fits(s)]
    reasons = [e.short for e in (*(t for t in case.types if t not in case.barred_types), *case.states) if e.short]
    reasons = [s for s in (clinic.fill(r) for r in dict.fromkeys(reasons)) if fits(s)]
    if boundary:
        first, asked = asked, first
    paragraphs = [" ".join(first), " ".join(asked + more_topics + reasons), " ".join(calls)]
    return "\n".join(p for p in paragraphs if p)


def _with_room(always: list[str], earlier: set[str], clinic: Clinic, room: int) -> list[str]:
    """As many sentences as fit into `room` words. Eight or more things can hold more than one answer can: those of `earlier`, said in an
    answer before this one, give way, the longest first; what this message named never does."""
    words = {sentence: len(clinic.fill(sentence).split()) for sentence in always}
    kept = list(always)
    for sentence in sorted(earlier & set(always), key=lambda s: (-words[s], s)):
        if sum(words[s] for s in kept) <= room:
            break
        kept.remove(sentence)
    return kept


def _one_in_full(case: _Case, knowledge: Knowledge, clinic: Clinic, budget: int) -> str:
    """One thing that the person has, told in full, with what else was asked in short; '' where that is not the case or does
    not fit. Its own text holds all its limits and whom to call; a kind of massage that it bars is said first."""
    if len(case.states) != 1 or case.nothing_for_now or case.states[0].id in case.remembered:
        return ""
    state = case.states[0]
    if any(case.limits.get(e.id) or any(_how_urgent(w) < 2 for w in e.watch) for e in (*case.types, *case.topics)):
        return ""  # limits and numbers of the others have to be said beside it
    boundary = any(e.kind == "boundary" for e in case.topics)
    barred = case.barred or any(case.verdicts.get(e.id) == "NO" for e in (*case.types, *case.topics))
    lead = [clinic.fill(_lead(case, knowledge))] if barred else []
    told = clinic.fill(state.facts[0])
    if boundary:  # what the assistant cannot do is said first, and once
        cannot = {s.strip() for e in case.topics for s in _SENTENCES.findall(clinic.fill(e.short))}
        told = " ".join(s.strip() for s in _SENTENCES.findall(told) if s.strip() not in cannot)
    others = (*case.topics, *(t for t in case.types if t not in case.barred_types))
    about = [" ".join(s.strip() for s in _SENTENCES.findall(clinic.fill(f"{e.short} {e.always}".strip())) if s.strip() not in told) for e in others]
    about = [text for text in about if text]
    paragraphs = [*about, *lead, told] if boundary else [*lead, told, *about]
    return "\n".join(paragraphs) if sum(len(p.split()) for p in paragraphs) <= budget else ""


def _calls(case: _Case, clinic: Clinic, fits: Callable[..., bool]) -> list[str]:
    """Whom to call about what, of everything named: emergencies first, one sentence for each number; those that fit."""
    watches = [w for e in (*case.states, *case.types, *case.topics) for w in e.watch]
    own = [[clinic.fill(s.strip()) for s in _SENTENCES.findall(w.text)] for w in watches if w.text]
    joined = []
    for (call, how_soon), signs in _grouped(watches).items():
        # Signs that do not fit give way from the end; a number to call now never does.
        for length in range(len(signs), 0, -1):
            sentence = clinic.fill(_call(call, how_soon, signs[:length]))
            if fits(sentence, must=length <= _least_signs(case, call, how_soon)):
                joined.append(sentence)
                break
    said = [s for sentences in own for s in sentences if fits(s)]
    return list(dict.fromkeys(joined + said))


def _grouped(watches: list[Watch]) -> dict[tuple[str, str], list[str]]:
    """Signs by whom to call and how soon, the most urgent first, each sign once."""
    urgent = sorted((w for w in watches if w.signs), key=_how_urgent)
    lines = {w.call for w in urgent if _how_urgent(w) == 1}
    line = next(iter(lines)) if len(lines) == 1 else ADVICE_LINES
    groups: dict[tuple[str, str], list[str]] = {}
    for watch in urgent:
        call = line if _how_urgent(watch) == 1 else watch.call
        signs = groups.setdefault((call, watch.how_soon), [])
        signs += [s for s in watch.signs if s not in signs]
    return groups


def _call(call: str, how_soon: str, signs: list[str]) -> str:
    return f"Call {call} {how_soon} {'for' if '{' in call else 'about'} {_joined(signs, 'or')}."


def _least_signs(case: _Case, call: str, how_soon: str) -> int:
    """How many signs a combined answer always names for this number: none for a team that can wait for its own answer, nor
    for an advice line where so much was named that the limits need the room."""
    if how_soon != "now" or "{" not in call:
        return 0
    if call == EMERGENCY:
        return 1 if case.nothing_for_now else 2
    return 0 if case.nothing_for_now or len(case.states) > MOST_WITH_LINES else 1


def _least_call(case: _Case, clinic: Clinic) -> int:
    """Words of the shortest sentences with numbers to call now that a combined answer must hold."""
    groups = _grouped([w for e in (*case.states, *case.types, *case.topics) for w in e.watch])
    return sum(len(clinic.fill(_call(*to, signs[:n])).split()) for to, signs in groups.items() if (n := _least_signs(case, *to)))


def _how_urgent(watch: Watch) -> int:
    """0 for the emergency number alone, 1 for another number now, 2 for a team now, 3 for today."""
    if watch.how_soon != "now":
        return 3
    if "{" not in watch.call:
        return 2
    return 0 if watch.call == EMERGENCY else 1


def _lead(case: _Case, knowledge: Knowledge) -> str:
    """The sentence that says the strictest verdict, and why. '' when nothing named has a verdict."""
    verdict = case.verdict
    if verdict is None:
        return ""
    if case.nothing_for_now:
        return f"{_cap(NOTHING_FOR_NOW if case.brief else f'with what you told me, {NOTHING_FOR_NOW}')}."
    kinds = [t for t in case.types if t not in case.barred_types]
    what = _joined([t.phrase for t in kinds], "or") or "massage"
    if case.topics and case.states and all(e.id in case.remembered for e in case.states) and not case.types:
        return _short_lead(case, knowledge)
    whole_no = [e for e in case.states if case.verdicts.get(e.id) == "NO"]
    if whole_no:
        return _because(case, whole_no, "no massage for now", "or")
    if any(case.verdicts.get(e.id) == "NO" for e in case.topics):
        return _because(case, [], "no massage for now", "or")
    barred_kinds = [t.phrase for t in case.types if case.verdicts.get(t.id) == "NO"]
    if barred_kinds:
        return _because(case, case.states, f"no {_joined(barred_kinds, 'or')}", "and")
    if case.barred:
        entries = list(dict.fromkeys(e.id for e, _ in case.barred))
        said_limits = case.said_limits(knowledge)
        limits = [x for x in dict.fromkeys(limit for _, limit in case.barred) if x in said_limits] or said_limits
        says = _joined([_word(knowledge, limit) for limit in limits], "or")
        return _because(case, [e for e in case.states if e.id in entries], f"no {says}", "or")
    if verdict == "NOT-THERE":
        barring = [e for e in case.states if case.verdicts.get(e.id) == "NOT-THERE"]
        places = _places(case, knowledge)
        lead = f"no massage on or near {places}" if places else "no massage there"
        own = [e for e in barring if e.id in case.remembered]
        sentence = _because(case, barring, lead, "or") if own and len(own) == len(barring) else f"{_cap(lead)}."
        return f"{sentence} I cannot say if {what if kinds else 'massage'} elsewhere is OK{'' if case.brief else _with(case.states)}."
    if not case.states:
        # Kinds of massage alone, or a topic that carries a verdict.
        return f"I cannot say if {what} is OK for you."
    if verdict == "ADJUST":
        said = f"{what} has to be changed, and only if your team agrees"
        if case.brief or all(e.id in case.remembered for e in case.states):
            return _because(case, case.states, said, "and")
        return f"With {_joined([e.phrase for e in case.states], 'and')}, {said}."
    possible = "" if case.brief or any(t.attributes.get("firm") for t in kinds) else "it may be possible, but "
    return _because(case, case.states, f"{possible}I cannot say if {what} is OK", "and")


def _short_lead(case: _Case, knowledge: Knowledge) -> str:
    """Another topic is asked now, and what was named earlier still counts: all of it in one sentence."""
    says = ["no massage for now"] if case.verdict == "NO" else []
    places = _places(case, knowledge)
    if places:
        says.append(f"no massage on or near {places}")
    others = [limit for limit in case.said_limits(knowledge) if limit.kind != "where"]
    for kind in dict.fromkeys(limit.kind for limit in others):
        says.append("no " + _joined(list(dict.fromkeys(_word(knowledge, x) for x in others if x.kind == kind)), "or"))
    said = ", and ".join(says) if says else "I cannot say if massage is OK"
    return _because(case, case.states, said, "and")


def _because(case: _Case, entries: list[Entry], said: str, link: str) -> str:
    """'No deep massage with low platelets.' or, for what was named earlier, 'Because you mentioned ...: no deep massage.'"""
    names = _joined([e.phrase for e in entries], link)
    if not names:
        return f"{_cap(said)}."
    if case.brief and len(entries) > 1:
        return f"With what you told me, {said}."
    if all(e.id in case.remembered for e in entries):
        return f"Because you mentioned {names}: {said}."
    return f"{_cap(said)} with {names}."


def _limit_sentences(case: _Case, knowledge: Knowledge) -> list[str]:
    """One sentence for all places, one for all strengths and the like, without what the lead already said."""
    out: list[str] = []
    lead = _lead(case, knowledge).lower()
    places = "" if case.nothing_for_now else _places(case, knowledge)
    if places and f"no massage on or near {places}".lower() not in lead:
        out.append(f"No massage on or near {places}.")
    others = [limit for limit in case.said_limits(knowledge) if limit.kind in (BEYOND_MASSAGE if case.nothing_for_now else LIMIT_KINDS) and limit.kind != "where"]
    for kind in dict.fromkeys(limit.kind for limit in others):
        words = _joined(list(dict.fromkeys(_word(knowledge, x) for x in others if x.kind == kind)), "or")
        if f"no {words}".lower() not in lead:
            out.append(f"No {words}.")
    return out


def _places(case: _Case, knowledge: Knowledge) -> str:
    places = [_word(knowledge, limit) for limit in case.said_limits(knowledge) if limit.kind == "where"]
    return _joined(list(dict.fromkeys(places)), "or")


def _team_question(case: _Case, main: list[Entry]) -> str:
    if len(main) == 1:
        return main[0].ask_question
    names = _joined([e.phrase for e in case.states], "and")
    if not names:
        return main[0].ask_question
    kinds = [t.phrase for t in case.types if t not in case.barred_types]
    what = _joined(kinds, "or") or "any massage"
    return f"Is {what} OK for me now, with {names}? Where must no one press, and how light should it be?"


def _reminder_family(case: _Case, single: bool) -> str:
    main = case.topics + case.states + case.types
    if single:
        return main[0].reminder
    for entry in case.topics:
        if entry.kind == "boundary":
            return entry.reminder
    for entry in case.states:
        if case.verdicts.get(entry.id) == "NO":
            return entry.reminder
    families = list(dict.fromkeys(e.reminder for e in case.states))
    if len(families) == 1:
        return families[0]
    return COMBINED_REMINDER if families else main[0].reminder


def _who(main: list[Entry]) -> str:
    """Whom a reminder names: the one team that all that the person has belongs to, else "your team"."""
    states = [e for e in main if e.is_state]
    named = list(dict.fromkeys(e.ask_who for e in states or main if e.ask_who))
    return named[0] if len(named) == 1 else ANY_TEAM


def _reminder(knowledge: Knowledge, clinic: Clinic, family: str, who: str, last: str | None, shortest: bool = False) -> tuple[str, str]:
    """The next wording of a family, or its shortest: never the wording that was said in the reply before.

    Returns: (its id: family and number, its words)."""
    wordings = knowledge.reminders[family]
    last_family, _, number = (last or "").rpartition(":")
    said = knowledge.reminders.get(last_family, ())
    before = said[int(number)] if number.isdigit() and int(number) < len(said) else None
    if shortest:
        index = min((i for i, w in enumerate(wordings) if w != before), key=lambda i: len(wordings[i].split()))
    else:
        index = (int(number) + 1) % len(wordings) if before and last_family == family else 0
        if wordings[index] == before:
            index = (index + 1) % len(wordings)
    return f"{family}:{index}", clinic.fill(wordings[index].replace("{who}", who))


def _certainty(case: _Case, knowledge: Knowledge, clinic: Clinic, sources: tuple[str, ...]) -> str | None:
    """How sure, in a sentence: of the topic asked about, else of safety advice, or that no source of it has been checked."""
    level = next((e.certainty for e in case.topics if e.certainty), ADVICE)
    if not knowledge.shown_sources(sources):
        level = UNSOURCED
    said = knowledge.certainty_words.get(level)
    return clinic.fill(said) if said else None


def _reviewed(main: list[Entry]) -> dict[str, str] | None:
    """The oldest review of the entries used; None (not reviewed) as soon as one of them has none."""
    reviews = [entry.reviewed for entry in main]
    if not reviews or any(r is None for r in reviews):
        return None
    return min((r for r in reviews if r), key=lambda r: r["reviewed_on"])


def next_questions(main: list[Entry]) -> tuple[str, ...]:
    """Ids of two or three next questions after an answer about these entries: one of each first, so that none is left out."""
    shown = {e.id for e in main}
    rows = [[i for i in e.related if i not in shown] for e in main]
    turns = [row[place] for place in range(max(map(len, rows), default=0)) for row in rows if place < len(row)]
    return tuple(dict.fromkeys(turns))[:MAX_BUTTONS]


def buttons_to(entry_ids: tuple[str, ...], knowledge: Knowledge, clinic: Clinic) -> tuple[Button, ...]:
    """Buttons that lead to entries; ids that the knowledge base does not hold are left out."""
    return tuple(Button(clinic.spell(knowledge.entries[i].title), f"topic:{i}") for i in entry_ids if i in knowledge.entries)


def _word(knowledge: Knowledge, limit: Limit) -> str:
    return knowledge.limit_words[limit.kind][limit.value].say


def _with(entries: list[Entry]) -> str:
    names = _joined([e.phrase for e in entries], "and")
    return f" with {names}" if names else ""


def _joined(items: list[str], link: str) -> str:
    items = [i for i in items if i]
    if len(items) < 2:
        return "".join(items)
    if any(f" {link} " in item for item in items):  # "a line or port, or the swollen area"
        return f"{', '.join(items[:-1])}, {link} {items[-1]}"
    return f"{', '.join(items[:-1])} {link} {items[-1]}"


def _cap(text: str) -> str:
    return re.sub(r"^\w", lambda m: m.group(0).upper(), text)
