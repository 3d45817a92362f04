"""Judges the knowledge base: everything that `make check` refuses, each finding with file, line and what to do."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from askfirst.content.clinic import NEUTRAL
from askfirst.content.compose import COMBINED_REMINDER
from askfirst.content.knowledge import FACTS, REVIEW_KEYS, Entry, Knowledge, LimitWord, read_knowledge
from askfirst.content.lint import asks, banned_words, longest_sentence, words
from askfirst.content.problems import Problem, shown
from askfirst.content.reply import VERDICTS
from askfirst.content.yaml_file import Mapping, Sequence, read_yaml

MAX_FACTS, MAX_SHORT, MAX_ALWAYS, MAX_SENTENCE = 60, 25, 12, 25
_SLOT = re.compile(r"\{([^}]*)\}")
# Filled only in what is no health information (compose.py, `talk`); anywhere else it would stop the reply.
_TALK_SLOT = "clinic_hours"


class _Judge:
    def __init__(self, knowledge: Knowledge, production: bool) -> None:
        self.knowledge = knowledge
        self.production = production
        self.problems: list[Problem] = []

    def bad(self, entry: Entry, message: str, remedy: str) -> None:
        self.problems.append(Problem(entry.file, entry.line, f"{entry.id}: {message}", remedy))

    def entry(self, e: Entry) -> None:
        if not e.title:
            self.bad(e, "it has no title", "write what patients call it after title:")
        if not e.evidence:
            self.bad(e, "it does not say where in the evidence base it stands", "add evidence: ['2.1-4'] or the like")
        if not e.facts:
            self.bad(e, "it says nothing", "write facts:")
        if e.verdict is not None and e.verdict not in VERDICTS:
            self.bad(e, f"the verdict '{e.verdict}' is not known", f"use one of {', '.join(VERDICTS)} ('NO' in quotes)")
        if e.verdict == "URGENT":
            self.bad(e, "only a 'when' with a red_flag can be urgent", "use another verdict here, or write a when: with verdict and red_flag")
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

    def texts(self, e: Entry) -> None:
        watch = (e.watch.call, e.watch.signs, e.watch.text) if e.watch else ()
        talks = not e.is_health and not e.reminder
        for text in e.facts:
            self.words(e.file, e.line, e.id, text, {*NEUTRAL, _TALK_SLOT} if talks else set(NEUTRAL))
        self.slots(e.file, e.line, e.id, e.title, set())
        if not e.title.endswith("?"):  # "Can massage cure cancer?" claims nothing
            self.banned(e.file, e.line, e.id, e.title)
        for text in (e.phrase, e.short, e.always, e.ask_question, *watch):
            self.words(e.file, e.line, e.id, text, set(NEUTRAL))
        if e.watch and not e.watch.text and not (e.watch.call and e.watch.signs):
            self.bad(e, "its watch does not say whom to call about what", "write call: and signs:, or a text: of its own")
        if e.reminder and len(e.facts) > 1:
            self.bad(e, "only the first of its texts under facts would be said", "write one text: facts: >-")
        for fact in e.facts:
            if words(fact) > MAX_FACTS:
                self.bad(e, f"facts has {words(fact)} words, more than {MAX_FACTS}", "shorten it")
            if longest_sentence(fact) > MAX_SENTENCE:
                self.bad(e, f"a sentence of {longest_sentence(fact)} words is too long", "split it")
        if words(e.short) > MAX_SHORT:
            self.bad(e, f"short has {words(e.short)} words, more than {MAX_SHORT}", "shorten it")
        if words(e.always) > MAX_ALWAYS:
            self.bad(e, f"always has {words(e.always)} words, more than {MAX_ALWAYS}", "shorten it")

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
        if not e.sources:
            self.bad(e, "it names no source", "add sources: with keys from sources.yml")
        if set(e.review) != set(REVIEW_KEYS):
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
            if e.reviewed is None:
                self.bad(e, "no clinician has signed it, and production mode needs that", "have it reviewed, or use mode: pilot")
            elif (e.review.get("next_review") or "9999") < date.today().isoformat():
                self.bad(e, "its review is past its date, and production mode needs a current one", "have it reviewed again, or use mode: pilot")

    def ask(self, e: Entry) -> None:
        if not e.ask_who or not e.ask_question:
            self.bad(e, "it does not say whom to ask and what", "add ask: with who: and question:")
        if e.reminder not in self.knowledge.reminders:
            self.bad(e, f"its reminder family '{e.reminder}' does not exist", f"use one of: {', '.join(self.knowledge.reminders)}")
        watch = (e.watch.call, e.watch.signs, e.watch.text) if e.watch else ()
        for text in (*e.facts, e.short, e.always, *watch):
            if asks(text):
                self.bad(e, f"the text holds an ask of its own: '{asks(text)[0]}'", "leave it out here: it belongs under ask and reminder")

    def names(self) -> None:
        owner: dict[str, Entry] = {}
        for entry in self.knowledge.things():
            for name in entry.names:
                key = " ".join(name.lower().split())
                if key in owner and owner[key].id != entry.id:
                    self.bad(entry, f"the name '{name}' belongs to {owner[key].id} too", "keep it with one of the two")
                owner[key] = entry

    def reminders(self, file: str, blocks: Mapping) -> None:
        for family, wordings in self.knowledge.reminders.items():
            for number, wording in enumerate(wordings):
                line = _line(blocks, family, "wordings", number)
                self.words(file, line, family, wording, set(NEUTRAL))
                if not re.search(r"\b(?:ask|team|nurse|doctor)\b", wording, re.IGNORECASE):
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


def check_knowledge(folder: Path, root: Path | None = None, production: bool = False) -> tuple[Knowledge, list[Problem]]:
    """Read and judge data/knowledge.

    Args: folder; root, for the file names in findings; production, whether unreviewed entries are findings (G6).
    Returns: the knowledge base as far as it could be read, and every finding. Never raises for bad content.
    """
    knowledge, problems = read_knowledge(folder, root)
    judge = _Judge(knowledge, production)
    for entry in knowledge.entries.values():
        judge.entry(entry)
    judge.names()
    judge.limit_words(shown(folder / "limits.yml", root), _blocks(folder / "limits.yml"))
    judge.reminders(shown(folder / "reminders.yml", root), _blocks(folder / "reminders.yml"))
    return knowledge, problems + judge.problems
