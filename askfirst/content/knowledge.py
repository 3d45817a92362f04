"""The knowledge base: what may be said. Reads data/knowledge/*.yml into typed entries; `validate.py` judges them.

A release holds the same thing compiled to one JSON file (`Knowledge.as_json`, `Knowledge.from_json`), so a server reads
content from its release only.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
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
LIMIT_KINDS = ("where", "firmness", "heat", "position", "until")
# States of a person that treatments `give` and that `when` blocks ask for.
FACTS = ("on_treatment", "weak_immunity", "recent")
REVIEW_KEYS = ("reviewed_by", "reviewed_on", "next_review")
SPECIAL_FILES = ("limits.yml", "reminders.yml", "sources.yml")
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
    """What to call about: `signs` for "Call <call> now about <signs>.", or a sentence of its own in `text`."""

    call: str = ""
    signs: str = ""
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
    limits: tuple[Limit, ...] = ()
    when: tuple[When, ...] = ()
    facts: tuple[str, ...] = ()
    short: str = ""
    always: str = ""
    watch: Watch | None = None
    ask_who: str = ""
    ask_question: str = ""
    reminder: str = ""
    related: tuple[str, ...] = ()
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
        """Something the person has or takes: remembered, and never dropped."""
        return self.kind in STATE_KINDS

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
    def reviewed(self) -> dict[str, str] | None:
        """{'reviewed_on', 'reviewed_by'} once a clinician has signed, else None."""
        by, on = self.review.get("reviewed_by"), self.review.get("reviewed_on")
        return {"reviewed_on": on, "reviewed_by": by} if by and on else None


@dataclass(frozen=True)
class LimitWord:
    """How a limit is said, and the words of which one must stand in a text that keeps it."""

    say: str
    heard_as: tuple[str, ...]


@dataclass(frozen=True)
class Knowledge:
    """All entries with what they refer to. `entries` keeps the order of the files (by name) and of the blocks in them."""

    entries: dict[str, Entry]
    limit_words: dict[str, dict[str, LimitWord]]
    reminders: dict[str, tuple[str, ...]]
    sources: dict[str, Source]
    source_status: dict[str, str]
    version: str = ""

    def entry(self, entry_id: str) -> Entry:
        """The entry with this id. Errors: KeyError."""
        return self.entries[entry_id]

    def by_intent(self, intent: str) -> Entry | None:
        """The entry that an intent leads to, None when the intent leads to none."""
        for entry in self.entries.values():
            if entry.intent_name == intent:
                return entry
        return None

    def things(self) -> list[Entry]:
        """Entries that are recognised by names and descriptions."""
        return [e for e in self.entries.values() if e.is_thing]

    def unreviewed(self) -> list[str]:
        """Ids of the health entries that no clinician has signed (G6)."""
        return [e.id for e in self.entries.values() if e.is_health and e.reviewed is None]

    def shown_sources(self, keys: tuple[str, ...]) -> tuple[Source, ...]:
        """The sources that may be named to patients: only those with status V (evidence base 8.3, no. 10)."""
        return tuple(self.sources[k] for k in keys if self.source_status.get(k) == "V")

    def as_json(self) -> dict[str, Any]:
        """The compiled form that a release holds."""
        return {
            "version": self.version,
            "entries": [asdict(e) for e in self.entries.values()],
            "limit_words": {kind: {v: asdict(w) for v, w in words.items()} for kind, words in self.limit_words.items()},
            "reminders": {k: list(v) for k, v in self.reminders.items()},
            "sources": [asdict(s) for s in self.sources.values()],
            "source_status": self.source_status,
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
            fields["watch"] = Watch(**raw["watch"]) if raw["watch"] else None
            entry = Entry(**fields)
            entries[entry.id] = entry
        return Knowledge(
            entries=entries,
            limit_words={
                kind: {v: LimitWord(w["say"], tuple(w["heard_as"])) for v, w in words.items()}
                for kind, words in data["limit_words"].items()
            },
            reminders={k: tuple(v) for k, v in data["reminders"].items()},
            sources={s["key"]: Source(**s) for s in data["sources"]},
            source_status=data["source_status"],
            version=data["version"],
        )


class _Loader:
    """Turns the raw YAML into entries and collects what does not fit the schema."""

    FIELDS = {
        "id", "kind", "title", "evidence", "group", "intent", "phrase", "names", "not_in", "said_like", "gives", "attributes",
        "verdict", "limits", "when", "facts", "short", "always", "watch", "ask", "reminder", "related", "offers", "sources", "review",
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

    def blocks(self, file: str, block: Mapping, key: str) -> list[Any]:
        """The items of a list of blocks; [] with a finding for anything else."""
        value = block.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(file, block.line_of(key), f"'{key}' must be a list of blocks", "start each one on a line of its own with '- '")
            return []
        return value

    def block(self, file: str, block: Mapping, key: str, allowed: tuple[str, ...]) -> Mapping:
        """A block of named lines; an empty one when it is missing, and with a finding for anything else."""
        value = block.get(key)
        if value is None:
            return Mapping()
        if not isinstance(value, Mapping):
            self.problem(file, block.line_of(key), f"'{key}' must be a block with {', '.join(allowed)}", f"write {key}: with these below it")
            return Mapping()
        for name in value:
            if name not in allowed:
                self.problem(file, value.line_of(name), f"'{key}' has no '{name}'", f"use one of: {', '.join(allowed)}")
        return value

    def limits(self, file: str, block: Mapping, key: str = "limits") -> tuple[Limit, ...]:
        out = []
        for item in self.blocks(file, block, key):
            if not isinstance(item, Mapping):
                self.problem(file, block.line_of(key), "a limit must look like {where: line, code: NOT-THERE}", "see docs/content.md, 'Limits'")
                continue
            kinds = [k for k in item if k in LIMIT_KINDS]
            code = item.get("code")
            if len(kinds) != 1 or len(item) != 2 or not isinstance(code, str) or code not in VERDICTS:
                self.problem(file, item.line, f"this limit is not complete: {dict(item)}",
                             f"give one of {', '.join(LIMIT_KINDS)} and a code ({', '.join(VERDICTS)}; write 'NO' in quotes)")
                continue
            out.append(Limit(kinds[0], str(item[kinds[0]]), code))
        return tuple(out)

    def when(self, file: str, block: Mapping) -> tuple[When, ...]:
        out = []
        for item in self.blocks(file, block, "when"):
            if not isinstance(item, Mapping):
                self.problem(file, block.line_of("when"), "a 'when' must be a block", "see docs/content.md, 'When'")
                continue
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
        watch = self.block(file, block, "watch", ("call", "signs", "text"))
        ask = self.block(file, block, "ask", ("who", "question"))
        review = self.block(file, block, "review", REVIEW_KEYS)
        return Entry(
            id=entry_id, kind=kind, title=self.text(file, block, "title"), evidence=self.strings(file, block, "evidence"),
            group=self.text(file, block, "group"), intent=self.text(file, block, "intent"), phrase=self.text(file, block, "phrase"),
            names=self.strings(file, block, "names"), not_in=self.strings(file, block, "not_in"),
            said_like=self.strings(file, block, "said_like"), gives=self.strings(file, block, "gives"),
            attributes=plain(attributes or {}), verdict=self.text(file, block, "verdict") or None, limits=self.limits(file, block),
            when=self.when(file, block), facts=tuple(" ".join(f.split()) for f in facts), short=self.text(file, block, "short"), always=self.text(file, block, "always"),
            watch=Watch(self.text(file, watch, "call"), self.text(file, watch, "signs"), self.text(file, watch, "text"))
            if watch else None,
            ask_who=self.text(file, ask, "who"), ask_question=self.text(file, ask, "question"),
            reminder=self.text(file, block, "reminder"), related=self.strings(file, block, "related"),
            offers=self.strings(file, block, "offers"), sources=self.strings(file, block, "sources"),
            review={k: (str(v).strip() or None if v is not None else None) for k, v in review.items() if k in REVIEW_KEYS},
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
        return Knowledge(entries, self.limit_words(), self.reminders(), *self.sources())

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
                out.setdefault(kind, {})[value] = LimitWord(self.text(name, block, "say"), self.strings(name, block, "heard_as"))
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
            year = block.get("year")
            out[key] = Source(key, self.text(name, block, "title"), self.text(name, block, "publisher"),
                              year if isinstance(year, int) else None, self.text(name, block, "url"))
            status[key] = str(block["status"])
        return out, status


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
