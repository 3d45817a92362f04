"""The knowledge base: what may be said. Reads data/knowledge/*.yml into typed entries; `validate.py` judges them.

A release holds the same thing compiled to one JSON file (`Knowledge.as_json`, `Knowledge.from_json`), so a server reads
content from its release only.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from askfirst.content.problems import ContentError, Problem, shown
from askfirst.content.reply import VERDICTS, Source
from askfirst.content.yaml_file import Mapping, Sequence, plain, read_yaml

# Things a person has, takes or wants done: recognised by name or description, never by an intent of their own.
THING_KINDS = ("condition", "treatment", "drug", "device", "massage_type")
# What people have or take: the kinds that are remembered and that guide later answers.
STATE_KINDS = ("condition", "treatment", "drug", "device")
# Not health information: no ask, no sources.
TALK_KINDS = ("smalltalk", "menu", "handoff", "fallback", "clarify")
KINDS = (*THING_KINDS, "faq", "boundary", *TALK_KINDS)
HEALTH_KINDS = (*THING_KINDS, "faq")
LIMIT_KINDS = ("where", "firmness", "heat", "movement", "position", "product", "until")
# States of a person that treatments `give` and that `when` blocks ask for.
FACTS = ("on_treatment", "weak_immunity", "recent")
REVIEW_KEYS = ("reviewed_by", "reviewed_on", "next_review")
# The fingerprint of the text that was signed; `askfirst review` writes it.
REVIEW_OF = "of"
SPECIAL_FILES = ("limits.yml", "reminders.yml", "sources.yml", "certainty.yml", "clinical_questions.yml")
# Groups whose answers say how sure the evidence is (evidence base 1); everything else is safety advice.
SURE_GROUPS = ("benefits", "myths")
# What is said of safety advice, and of an answer whose sources have not been checked: keys of certainty.yml.
ADVICE, UNSOURCED = "advice", "unsourced"
SOURCE_KEYS = ("title", "publisher", "year", "url", "status", "checked_by", "checked_on")
# Status of a source whose page somebody has looked at since; like V it may be named to patients.
CHECKED = "checked"
_ID = re.compile(r"^[a-z0-9][a-z0-9_]*$")


@dataclass(frozen=True)
class Limit:
    """One limit: a kind (where, firmness, heat, position, until), its value, and the code that holds there."""

    kind: str
    value: str
    code: str

    def as_dict(self) -> dict[str, str]:
        """The contract's form: {'firmness': 'firm', 'code': 'NO'}."""
        return {self.kind: self.value, "code": self.code}


@dataclass(frozen=True)
class When:
    """A verdict or further limits that hold when all of `facts` are true of the person."""

    facts: tuple[str, ...]
    verdict: str | None = None
    limits: tuple[Limit, ...] = ()
    red_flag: str | None = None


@dataclass(frozen=True)
class Watch:
    """What to call about: `signs` for "Call <call> <how_soon> about <signs>.", or a sentence of its own in `text`.

    `signs` are short phrases, so that those of several entries can be joined; `how_soon` is 'now' or 'today'.
    """

    call: str = ""
    signs: tuple[str, ...] = ()
    how_soon: str = "now"
    text: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing that may be said. docs/content.md explains each field for staff."""

    id: str
    kind: str
    title: str
    evidence: tuple[str, ...] = ()
    group: str = ""
    intent: str = ""
    phrase: str = ""
    names: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    said_like: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    verdict: str | None = None
    red_flag: str = ""
    limits: tuple[Limit, ...] = ()
    when: tuple[When, ...] = ()
    certainty: str = ""
    facts: tuple[str, ...] = ()
    short: str = ""
    always: str = ""
    watch: tuple[Watch, ...] = ()
    ask_who: str = ""
    ask_question: str = ""
    reminder: str = ""
    related: tuple[str, ...] = ()
    broader_than: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    review: dict[str, str | None] = field(default_factory=dict)
    file: str = ""
    line: int = 0

    @property
    def is_thing(self) -> bool:
        """Recognised by names and descriptions (a condition, treatment, drug, device or kind of massage)."""
        return self.kind in THING_KINDS

    @property
    def is_state(self) -> bool:
        """Something the person has or takes: remembered, and never dropped. An emergency is none: it is over or it is now."""
        return self.kind in STATE_KINDS and not self.red_flag

    @property
    def is_health(self) -> bool:
        """Health information: leaves only with one ask (G1)."""
        return self.kind in HEALTH_KINDS

    @property
    def intent_name(self) -> str:
        """The intent that leads here, '' for things: `ask_<id>`, `limit_<id>`, or what `intent:` says."""
        if self.intent:
            return self.intent
        return {"faq": f"ask_{self.id}", "boundary": f"limit_{self.id}"}.get(self.kind, "")

    @property
    def signed(self) -> bool:
        """A clinician's name and date stand in it, for this text or for an earlier one."""
        return bool(self.review.get("reviewed_by") and self.review.get("reviewed_on"))

    @property
    def reviewed(self) -> dict[str, str] | None:
        """{'reviewed_on', 'reviewed_by'} once a clinician has signed the text as it stands, else None."""
        by, on = self.review.get("reviewed_by"), self.review.get("reviewed_on")
        return {"reviewed_on": on, "reviewed_by": by} if by and on and self.review.get("of") == self.fingerprint else None

    def is_current(self, today: date | None = None) -> bool:
        """Has a clinician signed the text as it stands, and is that review not past its date (today, when None)?"""
        due = self.review.get("next_review") or "9999"
        return self.reviewed is not None and due >= (today or date.today()).isoformat()

    @property
    def fingerprint(self) -> str:
        """12 characters that change with everything a reviewer signs: what is said, of what, with which limits."""
        said = [
            self.kind, self.title, self.phrase, self.gives, sorted(self.attributes.items()), self.verdict, self.red_flag,
            [x.as_dict() for x in self.limits], [asdict(w) for w in self.when], self.certainty, self.facts, self.short, self.always,
            [asdict(w) for w in self.watch], self.ask_who, self.ask_question, self.reminder, self.sources,
        ]
        # 'x' in front: a reader of YAML must never take it for a number.
        return "x" + hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:11]


@dataclass(frozen=True)
class LimitWord:
    """How a limit is said, and the words of which one must stand in a text that keeps it.

    `covers`: values of the same kind that it holds in itself ("no firm massage" holds "no firm massage on your legs")."""

    say: str
    heard_as: tuple[str, ...]
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClinicalQuestion:
    """A decision that the evidence base leaves to the clinic's reviewer (evidence base 8.2), and the entries it concerns."""

    number: int
    text: str
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Knowledge:
    """All entries with what they refer to. `entries` keeps the order of the files (by name) and of the blocks in them."""

    entries: dict[str, Entry]
    limit_words: dict[str, dict[str, LimitWord]]
    reminders: dict[str, tuple[str, ...]]
    sources: dict[str, Source]
    source_status: dict[str, str]
    certainty_words: dict[str, str] = field(default_factory=dict)
    clinical_questions: tuple[ClinicalQuestion, ...] = ()
    version: str = ""

    def entry(self, entry_id: str) -> Entry:
        """The entry with this id. Errors: KeyError."""
        return self.entries[entry_id]

    def by_intent(self, intent: str) -> Entry | None:
        """The entry that an intent leads to, None when the intent leads to none, or for no intent: things have none of their own."""
        if not intent:
            return None
        for entry in self.entries.values():
            if entry.intent_name == intent:
                return entry
        return None

    def precise(self, entry_ids: tuple[str, ...]) -> tuple[str, ...]:
        """The ids without those that only say in general what another of them says: "heart trouble" beside "AF"."""
        given = set(entry_ids)
        return tuple(i for i in entry_ids if not given & set(self.entries[i].broader_than))

    def things(self) -> list[Entry]:
        """Entries that are recognised by names and descriptions."""
        return [e for e in self.entries.values() if e.is_thing]

    def unreviewed(self) -> list[str]:
        """Ids of the health entries that no clinician has signed (G6)."""
        return [e.id for e in self.entries.values() if e.is_health and e.reviewed is None]

    def shown_sources(self, keys: tuple[str, ...]) -> tuple[Source, ...]:
        """The sources that may be named to patients: status V, or a recorded check (evidence base 8.3, no. 10)."""
        return tuple(self.sources[k] for k in keys if self.source_status.get(k) in ("V", CHECKED))

    def as_json(self) -> dict[str, Any]:
        """The compiled form that a release holds."""
        return {
            "version": self.version,
            "entries": [asdict(e) for e in self.entries.values()],
            "limit_words": {kind: {v: asdict(w) for v, w in words.items()} for kind, words in self.limit_words.items()},
            "reminders": {k: list(v) for k, v in self.reminders.items()},
            "sources": [asdict(s) for s in self.sources.values()],
            "source_status": self.source_status,
            "certainty_words": self.certainty_words,
            "clinical_questions": [asdict(q) for q in self.clinical_questions],
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> Knowledge:
        """Read the compiled form. Errors: KeyError, TypeError for a file that is not one (the release is then refused)."""
        entries = {}
        for raw in data["entries"]:
            fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
            fields["limits"] = tuple(Limit(**x) for x in raw["limits"])
            fields["when"] = tuple(
                When(tuple(w["facts"]), w["verdict"], tuple(Limit(**x) for x in w["limits"]), w["red_flag"]) for w in raw["when"]
            )
            fields["watch"] = tuple(Watch(**{**w, "signs": tuple(w["signs"])}) for w in raw["watch"])
            entry = Entry(**fields)
            entries[entry.id] = entry
        return Knowledge(
            entries=entries,
            limit_words={
                kind: {v: LimitWord(w["say"], tuple(w["heard_as"]), tuple(w["covers"])) for v, w in words.items()}
                for kind, words in data["limit_words"].items()
            },
            reminders={k: tuple(v) for k, v in data["reminders"].items()},
            sources={s["key"]: Source(**s) for s in data["sources"]},
            source_status=data["source_status"],
            certainty_words=data["certainty_words"],
            clinical_questions=tuple(ClinicalQuestion(q["number"], q["text"], tuple(q["entries"])) for q in data["clinical_questions"]),
            version=data["version"],
        )


class _Loader:
    """Turns the raw YAML into entries and collects what does not fit the schema."""

    FIELDS = {
        "id", "kind", "title", "evidence", "group", "intent", "phrase", "names", "not_in", "said_like", "gives", "attributes",
        "verdict", "red_flag", "limits", "when", "certainty", "facts", "short", "always", "watch", "ask", "reminder", "related", "broader_than", "offers", "sources", "review",
    }

    def __init__(self, folder: Path, root: Path | None) -> None:
        self.folder = folder
        self.root = root
        self.problems: list[Problem] = []

    def problem(self, file: str, line: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(file, line, message, remedy))

    def strings(self, file: str, block: Mapping, key: str) -> tuple[str, ...]:
        value = block.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self.problem(file, block.line_of(key), f"'{key}' must be a list of texts", "write each text on a line of its own after '- '")
            return ()
        return tuple(v.strip() for v in value)

    def text(self, file: str, block: Mapping, key: str) -> str:
        value = block.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(file, block.line_of(key), f"'{key}' must be a text", "put it in quotes")
            return ""
        return " ".join(value.split())

    def blocks(self, file: str, block: Mapping, key: str, looks: str, see: str) -> list[Mapping]:
        """The blocks of a list; with a finding, and left out, for anything else. `looks`, `see`: what the finding says of an item."""
        value = block.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(file, block.line_of(key), f"'{key}' must be a list of blocks", "start each one on a line of its own with '- '")
            return []
        for item in value:
            if not isinstance(item, Mapping):
                self.problem(file, block.line_of(key), looks, see)
        return [item for item in value if isinstance(item, Mapping)]

    def only(self, file: str, block: Mapping, key: str, allowed: tuple[str, ...]) -> None:
        """A finding for each line of a block under `key` that is not allowed there."""
        for name in block:
            if name not in allowed:
                self.problem(file, block.line_of(name), f"'{key}' has no '{name}'", f"use one of: {', '.join(allowed)}")

    def block(self, file: str, block: Mapping, key: str, allowed: tuple[str, ...]) -> Mapping:
        """A block of named lines; an empty one when it is missing, and with a finding for anything else."""
        value = block.get(key)
        if value is None:
            return Mapping()
        if not isinstance(value, Mapping):
            self.problem(file, block.line_of(key), f"'{key}' must be a block with {', '.join(allowed)}", f"write {key}: with these below it")
            return Mapping()
        self.only(file, value, key, allowed)
        return value

    def limits(self, file: str, block: Mapping, key: str = "limits") -> tuple[Limit, ...]:
        out = []
        for item in self.blocks(file, block, key, "a limit must look like {where: line, code: NOT-THERE}", "see docs/content.md, 'Limits'"):
            kinds = [k for k in item if k in LIMIT_KINDS]
            code = item.get("code")
            if len(kinds) != 1 or len(item) != 2 or not isinstance(code, str) or code not in VERDICTS:
                self.problem(file, item.line, f"this limit is not complete: {dict(item)}",
                             f"give one of {', '.join(LIMIT_KINDS)} and a code ({', '.join(VERDICTS)}; write 'NO' in quotes)")
                continue
            out.append(Limit(kinds[0], str(item[kinds[0]]), code))
        return tuple(out)

    def watch(self, file: str, block: Mapping) -> tuple[Watch, ...]:
        out = []
        looks = "a 'watch' must be a block such as {call: your team, signs: [new bruises]}"
        for item in self.blocks(file, block, "watch", looks, "see docs/content.md, 'Watch'"):
            self.only(file, item, "watch", ("call", "signs", "how_soon", "text"))
            how_soon = self.text(file, item, "how_soon") or "now"
            if how_soon not in ("now", "today"):
                self.problem(file, item.line_of("how_soon"), f"how_soon '{how_soon}' is not known", "write now or today")
            out.append(Watch(self.text(file, item, "call"), self.strings(file, item, "signs"), how_soon, self.text(file, item, "text")))
        return tuple(out)

    def when(self, file: str, block: Mapping) -> tuple[When, ...]:
        out = []
        for item in self.blocks(file, block, "when", "a 'when' must be a block", "see docs/content.md, 'When'"):
            facts = tuple(k for k in item if k in FACTS and item[k] is True)
            unknown = [k for k in item if k not in FACTS and k not in ("verdict", "limits", "red_flag")]
            if unknown or not facts:
                self.problem(file, item.line, f"'when' knows no {', '.join(unknown) or 'condition here'}",
                             f"use one of {', '.join(FACTS)} with true, then verdict and limits")
                continue
            verdict, red_flag = self.text(file, item, "verdict"), self.text(file, item, "red_flag")
            out.append(When(facts, verdict or None, self.limits(file, item), red_flag or None))
        return tuple(out)

    def entry(self, file: str, line: int, block: Any) -> Entry | None:
        if not isinstance(block, Mapping):
            self.problem(file, line, "this is not an entry", "start each entry with '- id: name'")
            return None
        for key in block:
            if key not in self.FIELDS:
                self.problem(file, block.line_of(key), f"an entry has no '{key}'", f"use one of: {', '.join(sorted(self.FIELDS))}")
        entry_id = self.text(file, block, "id")
        if not _ID.match(entry_id):
            self.problem(file, block.line, f"'{entry_id}' cannot be an id", "use small letters, digits and _ only")
            return None
        kind = self.text(file, block, "kind")
        if kind not in KINDS:
            self.problem(file, block.line_of("kind"), f"'{kind}' is not a kind of entry", f"use one of: {', '.join(KINDS)}")
            return None
        raw_facts = block.get("facts")
        facts = (" ".join(raw_facts.split()),) if isinstance(raw_facts, str) else self.strings(file, block, "facts")
        attributes = block.get("attributes")
        if attributes is not None and not isinstance(attributes, Mapping):
            self.problem(file, block.line_of("attributes"), "'attributes' must be a block such as {firm: false}", "see docs/content.md, 'Combined answers'")
            attributes = None
        ask = self.block(file, block, "ask", ("who", "question"))
        review = self.block(file, block, "review", (*REVIEW_KEYS, REVIEW_OF))
        return Entry(
            id=entry_id, kind=kind, title=self.text(file, block, "title"), evidence=self.strings(file, block, "evidence"),
            group=self.text(file, block, "group"), intent=self.text(file, block, "intent"), phrase=self.text(file, block, "phrase"),
            names=self.strings(file, block, "names"), not_in=self.strings(file, block, "not_in"),
            said_like=self.strings(file, block, "said_like"), gives=self.strings(file, block, "gives"),
            attributes=plain(attributes or {}), verdict=self.text(file, block, "verdict") or None, limits=self.limits(file, block),
            when=self.when(file, block), facts=tuple(" ".join(f.split()) for f in facts), short=self.text(file, block, "short"), always=self.text(file, block, "always"),
            watch=self.watch(file, block), red_flag=self.text(file, block, "red_flag"), certainty=self.text(file, block, "certainty"),
            ask_who=self.text(file, ask, "who"), ask_question=self.text(file, ask, "question"),
            reminder=self.text(file, block, "reminder"), related=self.strings(file, block, "related"),
            broader_than=self.strings(file, block, "broader_than"), offers=self.strings(file, block, "offers"), sources=self.strings(file, block, "sources"),
            review={k: (str(v).strip() or None if v is not None else None) for k, v in review.items() if k in (*REVIEW_KEYS, REVIEW_OF)},
            file=file, line=block.line,
        )

    def load(self) -> Knowledge:
        entries: dict[str, Entry] = {}
        for path in sorted(self.folder.glob("*.yml")):
            if path.name in SPECIAL_FILES:
                continue
            data, found = read_yaml(path, self.root)
            self.problems += found
            name = shown(path, self.root)
            if data is None:
                continue
            if not isinstance(data, Sequence):
                self.problem(name, 1, "the file is not a list of entries", "start each entry with '- id: name'")
                continue
            for block, line in data.lined():
                entry = self.entry(name, line, block)
                if entry is None:
                    continue
                if entry.id in entries:
                    self.problem(name, entry.line, f"there are two entries with the id '{entry.id}'",
                                 f"rename one; the other is at {entries[entry.id].file}:{entries[entry.id].line}")
                    continue
                entries[entry.id] = entry
        return Knowledge(entries, self.limit_words(), self.reminders(), *self.sources(), self.certainty(), self.clinical_questions())

    def special(self, file: str) -> tuple[str, Mapping]:
        path = self.folder / file
        data, found = read_yaml(path, self.root)
        self.problems += found
        name = shown(path, self.root)
        if not isinstance(data, Mapping):
            if not found:
                self.problem(name, 1, "the file is empty or is not a list of names", "restore it from git")
            return name, Mapping()
        return name, data

    def limit_words(self) -> dict[str, dict[str, LimitWord]]:
        name, data = self.special("limits.yml")
        out: dict[str, dict[str, LimitWord]] = {}
        for kind, values in data.items():
            if kind not in LIMIT_KINDS or not isinstance(values, Mapping):
                self.problem(name, data.line_of(kind), f"'{kind}' is not a kind of limit", f"use one of: {', '.join(LIMIT_KINDS)}")
                continue
            for value, block in values.items():
                if not isinstance(block, Mapping) or not self.text(name, block, "say") or not self.strings(name, block, "heard_as"):
                    self.problem(name, values.line_of(value), f"the limit '{value}' lacks say or heard_as", "see the others in this file")
                    continue
                covers = self.strings(name, block, "covers")
                for other in covers:
                    if other not in values or other == value:
                        self.problem(name, block.line_of("covers"), f"the limit '{value}' covers '{other}', which is no other limit of {kind}", "write names that stand beside it")
                out.setdefault(kind, {})[value] = LimitWord(self.text(name, block, "say"), self.strings(name, block, "heard_as"), covers)
        return out

    def reminders(self) -> dict[str, tuple[str, ...]]:
        name, data = self.special("reminders.yml")
        out = {}
        for family, block in data.items():
            wordings = self.strings(name, block, "wordings") if isinstance(block, Mapping) else ()
            if len(set(wordings)) < 3:
                self.problem(name, data.line_of(family), f"the reminder family '{family}' has fewer than three wordings",
                             "write at least three, all with the same meaning")
            out[family] = tuple(" ".join(w.split()) for w in wordings)
        return out

    def sources(self) -> tuple[dict[str, Source], dict[str, str]]:
        name, data = self.special("sources.yml")
        out, status = {}, {}
        for key, block in data.items():
            if not isinstance(block, Mapping) or block.get("status") not in ("V", "C", "M") or not self.text(name, block, "title"):
                self.problem(name, data.line_of(key), f"the source '{key}' lacks a title or a status (V, C or M)", "see the others in this file")
                continue
            for field_name in block:
                if field_name not in SOURCE_KEYS:
                    self.problem(name, block.line_of(field_name), f"a source has no '{field_name}'", f"use one of: {', '.join(SOURCE_KEYS)}")
            checked = [self.text(name, block, k) for k in ("checked_by", "checked_on")]
            if any(checked) and not (all(checked) and _is_date(checked[1])):
                self.problem(name, block.line, f"the check of the source '{key}' is not complete", "write checked_by: a name and checked_on: 'YYYY-MM-DD', or neither")
                checked = []
            year = block.get("year")
            out[key] = Source(key, self.text(name, block, "title"), self.text(name, block, "publisher"),
                              year if isinstance(year, int) else None, self.text(name, block, "url"))
            # A recorded check of the live page makes a C or M source one that may be named (evidence base 8.3, no. 10).
            status[key] = CHECKED if any(checked) else str(block["status"])
        return out, status

    def certainty(self) -> dict[str, str]:
        name, data = self.special("certainty.yml")
        for level in data:
            if not data[level]:
                self.problem(name, data.line_of(level), f"the level '{level}' says nothing", "write a short sentence after it")
        return {level: self.text(name, data, level) for level in data}

    def clinical_questions(self) -> tuple[ClinicalQuestion, ...]:
        name, data = self.special("clinical_questions.yml")
        out = []
        for number, block in data.items():
            if not str(number).isdigit() or not isinstance(block, Mapping) or not self.text(name, block, "question"):
                self.problem(name, data.line_of(number), f"the clinical question '{number}' is not complete", "write a number, and below it question: and entries:")
                continue
            out.append(ClinicalQuestion(int(number), self.text(name, block, "question"), self.strings(name, block, "entries")))
        return tuple(out)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_knowledge(folder: Path, root: Path | None = None) -> tuple[Knowledge, list[Problem]]:
    """Read data/knowledge. Returns: what could be read, and the findings on its shape (`validate.py` checks the rest)."""
    loader = _Loader(folder, root)
    knowledge = loader.load()
    return knowledge, loader.problems


def load_knowledge(folder: Path, root: Path | None = None) -> Knowledge:
    """Read data/knowledge. Errors: ContentError with every finding."""
    knowledge, problems = read_knowledge(folder, root)
    if problems:
        raise ContentError(problems)
    return knowledge
