"""Judges the knowledge base: everything that `make check` refuses, each finding with file, line and what to do."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from askfirst.content.clinic import NEUTRAL, Clinic
from askfirst.content.compose import ANY_TEAM, COMBINED_REMINDER, ONLY_MASSAGE
from askfirst.content.evidence import EvidenceItem, listed, read_items
from askfirst.content.knowledge import (
    ADVICE,
    FACTS,
    REVIEW_KEYS,
    REVIEW_OF,
    SURE_GROUPS,
    UNSOURCED,
    Entry,
    Knowledge,
    LimitWord,
    Watch,
    read_knowledge,
)
from askfirst.content.lint import asks, banned_words, figures, grade, long_sentences, words
from askfirst.content.problems import Problem, shown
from askfirst.content.reply import VERDICTS
from askfirst.content.spelling import Spelling, read_spelling
from askfirst.content.yaml_file import Mapping, Sequence, read_yaml

MAX_FACTS, MAX_SHORT, MAX_ALWAYS, MAX_SENTENCE, MAX_GRADE = 60, 25, 12, 20, 6.0
# Next questions under an answer: enough to go on, few enough to read.
MIN_RELATED, MAX_RELATED = 2, 3
_SLOT = re.compile(r"\{([^}]*)\}")
# What an `always` speaks of that only rules out a kind of massage.
_MASSAGE = re.compile(r"\b(?:massag\w+|MLD|press\w+|rub\w*|roll\w+|heat)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d[\d ]*\d")
# Filled only in what is no health information (compose.py, `talk`); anywhere else it would stop the reply.
_TALK_SLOT = "clinic_hours"


class _Judge:
    def __init__(self, knowledge: Knowledge, production: bool, clinic: Clinic | None, items: dict[str, EvidenceItem], spelling: Spelling) -> None:
        self.knowledge = knowledge
        self.production = production
        self.clinic = clinic or Clinic("", "demo", "", "en-GB", "UTC")
        self.items = items
        self.spelling = spelling
        self.problems: list[Problem] = []

    def bad(self, entry: Entry, message: str, remedy: str) -> None:
        self.problems.append(Problem(entry.file, entry.line, f"{entry.id}: {message}", remedy))

    def entry(self, e: Entry) -> None:
        if not e.title:
            self.bad(e, "it has no title", "write what patients call it after title:")
        self.evidence(e)
        if not e.facts:
            self.bad(e, "it says nothing", "write facts:")
        if e.verdict is not None and e.verdict not in VERDICTS:
            self.bad(e, f"the verdict '{e.verdict}' is not known", f"use one of {', '.join(VERDICTS)} ('NO' in quotes)")
        if (e.verdict == "URGENT") != bool(e.red_flag):
            self.bad(e, "an urgent verdict and its red_flag go together", "name the red flag, such as red_flag: R21, or use another verdict")
        if e.is_thing and e.verdict is None:
            self.bad(e, "it has no verdict", f"use one of {', '.join(VERDICTS[1:])}; where nothing is known, ASK")
        for when in e.when:
            if when.verdict is not None and when.verdict not in VERDICTS:
                self.bad(e, f"the verdict '{when.verdict}' under when is not known", f"use one of {', '.join(VERDICTS)}")
            if (when.verdict == "URGENT") != bool(when.red_flag):
                self.bad(e, "an urgent 'when' and its red_flag go together", "name the red flag, such as red_flag: R20")
        for fact in e.gives:
            if fact not in FACTS:
                self.bad(e, f"gives '{fact}' is not known", f"use one of {', '.join(FACTS)}")
        self.texts(e)
        self.limits(e)
        for other in (*e.related, *e.offers):
            if other not in self.knowledge.entries:
                self.bad(e, f"'{other}' under related or offers does not exist", "write the id of another entry, or remove it")
            elif self.knowledge.entries[other].red_flag or other == e.id:
                self.bad(e, f"'{other}' cannot be offered here", "an emergency is no next question, and neither is the entry itself")
        if e.id in self.narrower(e.id):
            self.bad(e, "under broader_than it leads back to itself", "keep the one direction: the general entry names the precise ones")
        for other in e.broader_than:
            if other not in self.knowledge.entries or not self.knowledge.entries[other].is_thing or not e.is_thing:
                self.bad(e, f"'{other}' under broader_than is no thing of its own", "write ids of conditions, drugs, devices or treatments")
        for key in e.sources:
            if key not in self.knowledge.sources:
                self.bad(e, f"the source '{key}' is not in sources.yml", "add it there, or remove it here")
        if e.is_health:
            self.health(e)
        elif e.kind == "boundary" and e.reminder:
            self.ask(e)
        if e.is_thing and not e.names:
            self.bad(e, "nothing can reach it: it has no names", "write at least one name that patients use")
        if e.is_thing and not e.phrase:
            self.bad(e, "it has no phrase", "write how it is named in a sentence: 'with <phrase>'")
        if e.kind == "massage_type" and not isinstance(e.attributes.get("firm"), bool):
            self.bad(e, "a kind of massage must say if it is firm", "add attributes: {firm: true} or {firm: false}")

    def evidence(self, e: Entry) -> None:
        """Where in the evidence base it stands, and that its verdict is the one of that row."""
        if not e.evidence:
            self.bad(e, "it does not say where in the evidence base it stands", "add evidence: ['2.1-4'] or the like")
        for reference in e.evidence if self.items else ():  # without the list its own finding says enough
            item = self.items.get(reference)
            if item is None and listed(reference):
                self.bad(e, f"'{reference}' is no item of the evidence base", "compare it with data/evidence.yml")
            elif item and item.verdicts and e.is_thing and e.kind != "massage_type" and e.verdict not in item.verdicts:
                self.bad(e, f"the verdict {e.verdict} is not that of {reference}", f"the evidence base says {' or '.join(item.verdicts)}")

    def texts(self, e: Entry) -> None:
        watch = _watch_texts(e.watch)
        talks = not e.is_health and not e.reminder
        for text in e.facts:
            self.words(e.file, e.line, e.id, text, {*NEUTRAL, _TALK_SLOT} if talks else set(NEUTRAL))
        self.slots(e.file, e.line, e.id, e.title, set())
        if not e.title.endswith("?"):  # "Can massage cure cancer?" claims nothing
            self.banned(e.file, e.line, e.id, e.title)
        for text in (e.phrase, e.short, e.always, e.ask_question, *watch):
            self.words(e.file, e.line, e.id, text, set(NEUTRAL))
        for text in (*e.facts, e.short, e.always, *(watch if e.is_health else ())):
            for figure in figures(_SLOT.sub("", text)):
                self.bad(e, f"the figure '{figure}' may not be shown to patients", "leave numbers out: limits differ from hospital to hospital (evidence base 2.3)")
        for w in e.watch:
            if not w.text and not (w.call and w.signs):
                self.bad(e, "its watch does not say whom to call about what", "write call: and signs:, or a text: of its own")
        if e.reminder and len(e.facts) > 1:
            self.bad(e, "only the first of its texts under facts would be said", "write one text: facts: >-")
        for fact in e.facts:
            if words(fact) > MAX_FACTS:
                self.bad(e, f"facts has {words(fact)} words, more than {MAX_FACTS}", "shorten it")
            self.everyday(e, fact)
        for text in (*e.facts, e.short, e.ask_question, *(w.text for w in e.watch)):
            self.short_sentences(e.file, e.line, e.id, text)
        if words(e.short) > MAX_SHORT:
            self.bad(e, f"short has {words(e.short)} words, more than {MAX_SHORT}", "shorten it")
        if words(e.always) > MAX_ALWAYS:
            self.bad(e, f"always has {words(e.always)} words, more than {MAX_ALWAYS}", "shorten it")
        if e.always.startswith(ONLY_MASSAGE) and not _MASSAGE.search(e.always):
            self.bad(e, "always begins with 'No', and is left out where all massage is ruled out", "begin it another way ('Keep ...', 'Avoid ...', 'Do not ...'), since it holds without massage too")

    def as_read(self, text: str) -> str:
        """A text with this clinic's words in its slots, a phone number counted as one word."""
        filled = _SLOT.sub(lambda m: self.words_of(m.group(1)), text.replace("{who}", ANY_TEAM))
        return _NUMBER.sub(lambda m: m.group(0).replace(" ", ""), filled)

    def words_of(self, slot: str) -> str:
        """The clinic's words for a slot; a stand-in where it has none, since no clinic can shorten the neutral words."""
        if slot not in NEUTRAL:
            return ""
        said = self.clinic.slot(slot)
        return "the number" if said == NEUTRAL[slot] else said

    def short_sentences(self, file: str, line: int, name: str, text: str) -> None:
        """No sentence that a tired reader loses on the way, as this clinic's patients read it."""
        for sentence in long_sentences(self.as_read(text), MAX_SENTENCE):
            self.problems.append(Problem(file, line, f"{name}: a sentence of {words(sentence)} words is too long: '{sentence[:60]}...'", f"split it: at most {MAX_SENTENCE} words, with phone labels filled in"))

    def everyday(self, e: Entry, text: str) -> None:
        """What a patient reads in one go, with its reminder, reads at grade 6 or below."""
        wordings = self.knowledge.reminders.get(e.reminder) or ("",)
        read = self.as_read(f"{text} {wordings[0]}".strip())
        if grade(read) > MAX_GRADE:
            self.bad(e, f"'{text[:50]}...' reads at US grade {grade(read):.1f}, above {MAX_GRADE:g}", "use shorter sentences and everyday words")

    def words(self, file: str, line: int, name: str, text: str, slots: set[str]) -> None:
        """What holds for every text that patients read."""
        self.slots(file, line, name, text, slots)
        self.banned(file, line, name, text)

    def slots(self, file: str, line: int, name: str, text: str, slots: set[str]) -> None:
        for slot in _SLOT.findall(text):
            if slot not in slots:
                self.problems.append(Problem(file, line, f"{name}: the slot {{{slot}}} does not exist here", f"use one of: {', '.join(sorted(slots))}" if slots else "write the words out"))
        if re.search(r"[{}]", _SLOT.sub("", text)):
            self.problems.append(Problem(file, line, f"{name}: a {{ or }} stands alone in '{text[:60]}'", "write a slot as {clinic_phone}, or leave the sign out"))

    def banned(self, file: str, line: int, name: str, text: str) -> None:
        for found, why in banned_words(_SLOT.sub("the number", text)):
            self.problems.append(
                Problem(file, line, f"{name}: '{found}' may not stand in an answer ({why})", "say it another way (docs/content.md, 'Words')")
            )

    def limits(self, e: Entry) -> None:
        for limit in (*e.limits, *(x for w in e.when for x in w.limits)):
            word = self.knowledge.limit_words.get(limit.kind, {}).get(limit.value)
            if word is None:
                self.bad(e, f"the limit {limit.kind}: {limit.value} is not in limits.yml", "add it there, or use one of its names")
            elif limit in e.limits and not _heard(word, " ".join(e.facts)):
                self.bad(e, f"facts does not say the limit '{word.say}'", f"one of these words must stand in it: {', '.join(word.heard_as)}")

    def health(self, e: Entry) -> None:
        self.ask(e)
        if not e.short:
            self.bad(e, "it has no short text for combined answers", "write short: with at most 25 words")
        if not e.sources and not self.from_memory(e):
            self.bad(e, "it names no source", "add sources: with keys from sources.yml")
        if e.group in SURE_GROUPS:
            if e.certainty not in self.knowledge.certainty_words or e.certainty in (ADVICE, UNSOURCED):
                self.bad(e, "it does not say how sure the evidence is", "add certainty: supported, mixed, weak, over_claim or myth")
        elif e.certainty and e.certainty not in self.knowledge.certainty_words:
            self.bad(e, f"the certainty '{e.certainty}' is not known", f"use one of: {', '.join(self.knowledge.certainty_words)}")
        if not MIN_RELATED <= len(e.related) <= MAX_RELATED:
            self.bad(e, f"it has {len(e.related)} next questions", f"write {MIN_RELATED} or {MAX_RELATED} ids under related:")
        if set(e.review) - {REVIEW_OF} != set(REVIEW_KEYS):
            self.bad(e, "its review block is missing or not complete", "add review: {reviewed_by: null, reviewed_on: null, next_review: null}")
        elif bool(e.review["reviewed_by"]) != bool(e.review["reviewed_on"]):
            self.bad(e, "its review names a person without a date, or a date without a person", "fill both, or leave both null")
        for key in ("reviewed_on", "next_review"):
            value = e.review.get(key)
            if value:
                try:
                    date.fromisoformat(value)
                except ValueError:
                    self.bad(e, f"{key} '{value}' is not a date", "write for example '2026-11-30'")
        if self.production:
            if e.signed and e.reviewed is None:
                self.bad(e, "its text has changed since it was signed, and production mode needs a review of the text as it stands", "have it reviewed again (`askfirst review`), or use mode: pilot")
            elif e.reviewed is None:
                self.bad(e, "no clinician has signed it, and production mode needs that", "have it reviewed, or use mode: pilot")
            elif not e.is_current():
                self.bad(e, "its review is past its date, and production mode needs a current one", "have it reviewed again, or use mode: pilot")

    def ask(self, e: Entry) -> None:
        if not e.ask_who or not e.ask_question:
            self.bad(e, "it does not say whom to ask and what", "add ask: with who: and question:")
        if e.reminder not in self.knowledge.reminders:
            self.bad(e, f"its reminder family '{e.reminder}' does not exist", f"use one of: {', '.join(self.knowledge.reminders)}")
        for text in (*e.facts, e.short, e.always, *_watch_texts(e.watch)):
            if asks(text):
                self.bad(e, f"the text holds an ask of its own: '{asks(text)[0]}'", "leave it out here: it belongs under ask and reminder")

    def narrower(self, entry_id: str) -> set[str]:
        """All entries that `broader_than` leads to from here, over any number of steps."""
        found: set[str] = set()
        waiting = [entry_id]
        while waiting:
            entry = self.knowledge.entries.get(waiting.pop())
            new = set(entry.broader_than) - found if entry else set()
            found |= new
            waiting += new
        return found

    def from_memory(self, e: Entry) -> bool:
        """True where the evidence base itself names no source for what the entry says (only "M", from memory)."""
        listed_items = [self.items[i] for i in e.evidence if i in self.items]
        return bool(listed_items) and all(item.from_memory for item in listed_items)

    def names(self) -> None:
        """No name and no title may lead to two entries, however it is spelt."""
        owner: dict[str, Entry] = {}
        named = [(entry, name) for entry in self.knowledge.things() for name in entry.names]
        # All in one text: thousands of names one by one take longer than the rest of the check.
        keys = self.spelling.american("\n".join(_plain_name(name) for _, name in named)).split("\n")
        for (entry, name), key in zip(named, keys, strict=bool(named)):
            if key in owner and owner[key].id != entry.id:
                self.bad(entry, f"the name '{name}' belongs to {owner[key].id} too", "keep it with one of the two")
            owner[key] = entry
        titles: dict[str, Entry] = {}
        for entry in self.knowledge.entries.values():
            other = titles.setdefault(entry.title.lower(), entry)
            if entry.title and other is not entry:
                self.bad(entry, f"the title '{entry.title}' is that of {other.id} too", "give one of the two another title: patients choose by it")

    def questions(self, file: str, blocks: Mapping) -> None:
        for question in self.knowledge.clinical_questions:
            for entry_id in question.entries:
                if entry_id not in self.knowledge.entries:
                    self.problems.append(Problem(file, _line(blocks, str(question.number), "entries"), f"question {question.number}: '{entry_id}' does not exist", "write the id of an entry, or remove it"))

    def certainty(self, file: str) -> None:
        for level in (ADVICE, UNSOURCED):
            if level not in self.knowledge.certainty_words:
                self.problems.append(Problem(file, 0, f"the level '{level}' is missing", "every answer needs it: restore it from git"))
        for level, text in self.knowledge.certainty_words.items():
            self.words(file, 0, level, text, set())
            self.short_sentences(file, 0, level, text)

    def reminders(self, file: str, blocks: Mapping) -> None:
        for family, wordings in self.knowledge.reminders.items():
            for number, wording in enumerate(wordings):
                line = _line(blocks, family, "wordings", number)
                self.words(file, line, family, wording, {*NEUTRAL, "who"})
                self.short_sentences(file, line, family, wording)
                if not re.search(r"\bask\b|\b(?:team|nurse|doctor)\b|\{who\}", wording, re.IGNORECASE):
                    self.problems.append(Problem(file, line, f"{family}: '{wording}' names no one to ask", "name the team, nurse or doctor"))
        if COMBINED_REMINDER not in self.knowledge.reminders:
            self.problems.append(Problem(file, 0, f"the family '{COMBINED_REMINDER}' is missing", "combined answers need it: restore it from git"))

    def limit_words(self, file: str, blocks: Mapping) -> None:
        for kind, values in self.knowledge.limit_words.items():
            for value, word in values.items():
                line = _line(blocks, kind, value)
                self.words(file, line, value, word.say, set(NEUTRAL))
                if not _heard(word, word.say):
                    self.problems.append(Problem(file, line, f"{value}: none of its heard_as stands in '{word.say}'", "add a word of say: to heard_as:"))


@lru_cache(maxsize=1 << 16)
def _plain_name(name: str) -> str:
    """A name's words without capitals and signs, on one line."""
    return " ".join(re.findall(r"[^\W_]+|\*", name.lower()))


def _watch_texts(watches: tuple[Watch, ...]) -> list[str]:
    return [text for w in watches for text in (w.call, *w.signs, w.text) if text]


def _heard(word: LimitWord, text: str) -> bool:
    """True when a text says the limit: one of its words as a word of its own ('port' is not heard in 'support')."""
    return any(re.search(rf"\b{re.escape(heard)}s?\b", text, re.IGNORECASE) for heard in word.heard_as)


def _line(blocks: Mapping, *path: str | int) -> int:
    """The line of a block below `blocks`, as deep as the path can be followed."""
    line, here = 0, blocks
    for step in path:
        if isinstance(here, Mapping) and step in here:
            line, here = here.line_of(step), here[step]
        elif isinstance(here, Sequence) and isinstance(step, int) and step < len(here):
            line, here = here.lines[step], here[step]
    return line


def _blocks(path: Path) -> Mapping:
    data = read_yaml(path)[0]
    return data if isinstance(data, Mapping) else Mapping()


def check_knowledge(
    folder: Path, root: Path | None = None, production: bool = False, clinic: Clinic | None = None
) -> tuple[Knowledge, list[Problem]]:
    """Read and judge data/knowledge.

    Args: folder; root, for the file names in findings; production, whether unreviewed entries are findings (G6); clinic,
    whose words fill the slots when sentences are measured (neutral words without one).
    Returns: the knowledge base as far as it could be read, and every finding. Never raises for bad content.
    """
    knowledge, problems = read_knowledge(folder, root)
    items, found = read_items(folder.parent / "evidence.yml", root)
    spelling, more = read_spelling(folder.parent / "spelling.yml", root)
    problems += found + more
    judge = _Judge(knowledge, production, clinic, items, spelling)
    for entry in knowledge.entries.values():
        judge.entry(entry)
    judge.names()
    judge.limit_words(shown(folder / "limits.yml", root), _blocks(folder / "limits.yml"))
    judge.reminders(shown(folder / "reminders.yml", root), _blocks(folder / "reminders.yml"))
    judge.certainty(shown(folder / "certainty.yml", root))
    judge.questions(shown(folder / "clinical_questions.yml", root), _blocks(folder / "clinical_questions.yml"))
    return knowledge, problems + judge.problems
