"""Checks data/safety/red_flags.yml: each fault is one clear line with the file, the line and what to do about it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from askfirst.content.problems import Problem
from askfirst.safety import readings
from askfirst.safety.lexicon import PhraseError, parse
from askfirst.safety.sense import CUES, STATUS

KINDS = ("sign", "manner", "body", "setting", "illness", "cue")
SLOTS = [
    "emergency_number",
    "urgent_advice_line",
    "cancer_helpline_24h",
    "crisis_line",
    "assault_support_line",
    "child_helpline",
    "service_name",
    "complaints_contact",
]
# Every red flag of the evidence base, and A35 for abuse (evidence 3.5). None may be missing.
FLAG_IDS = (*(f"R{number:02d}" for number in range(1, 37)), "A35")
TIER_OF = (
    dict.fromkeys((f"R{n:02d}" for n in range(1, 20)), 1)
    | dict.fromkeys((f"R{n:02d}" for n in range(20, 30)), 2)
    | dict.fromkeys((f"R{n:02d}" for n in range(30, 37)), 3)
    | {"A35": 1}
)
_GROUP_KEYS = {"title", "kind", "words", "includes"}
_FLAG_KEYS = {
    "id",
    "name",
    "tier",
    "title",
    "evidence",
    "say",
    "follow",
    "if_say",
    "net",
    "asked_as",
    "sources",
    "variants",
    "patterns",
}
_FLAG_MUST = ("id", "name", "tier", "title", "evidence", "say", "sources", "patterns")
_PATTERN_KEYS = {
    "name",
    "together",
    "within",
    "where",
    "order",
    "needs_context",
    "unless",
    "also_when",
    "variant",
    "flags_together",
    "example",
}
_RASA_KEYS = re.compile(
    r"^\s*(?:-\s+)?(rules|stories|nlu|responses|intents|entities|slots|actions|forms|e2e_actions|session_config)\s*:"
)
_OLD_BOOLEAN = re.compile(r"^(?:y|n|yes|no|on|off|true|false|null|~)$", re.I)
_OLD_TIME = re.compile(r"^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?$")
_SLOT = re.compile(r"\{([^}]*)\}")


def check_red_flags(path: str | Path, examples: bool = True) -> list[Problem]:
    """All faults of a red-flag file; an empty list if it is good. Never raises for what is in the file.

    With `examples`, each pattern's example sentence is also run through the screen and must set off its own flag.
    """
    return _Check(Path(path), examples).run()


class _Check:
    def __init__(self, path: Path, examples: bool) -> None:
        self.path = path
        self.examples = examples
        self.problems: list[Problem] = []
        self.groups: dict[str, yaml.Node] = {}
        self.kinds: dict[str, str] = {}

    def add(self, where: yaml.Node | int, message: str, remedy: str) -> None:
        line = where if isinstance(where, int) else where.start_mark.line + 1
        self.problems.append(Problem(str(self.path), line, message, remedy))

    def run(self) -> list[Problem]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self.add(1, "the file is missing", "Restore it from the last release; the screen cannot work without it.")
            return self.problems
        except (OSError, UnicodeDecodeError):
            self.add(1, "the file cannot be read as UTF-8 text", "Save it as plain UTF-8 text and try again.")
            return self.problems
        try:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            root = yaml.compose(text, Loader=loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or "the text is not valid YAML"
            self.add(
                (mark.line if mark else 0) + 1,
                f"this is not valid YAML: {what}",
                "Look at this line and the one above it: indents, a missing quote, or a colon inside unquoted text.",
            )
            return self.problems
        self._lines(text)
        if not isinstance(root, yaml.MappingNode):
            self.add(1, "the file holds no red flags", "It needs two parts, 'words:' and 'flags:'.")
            return self.problems
        self._scalars(root)
        top = self._map(root, "the file", {"about", "words", "flags"})
        for part, kind in (("words", yaml.MappingNode), ("flags", yaml.SequenceNode)):
            if not isinstance(top.get(part), kind):
                self.add(
                    root,
                    f"the part '{part}:' is missing or is not a list of blocks",
                    "See the head of the released file.",
                )
        if self.problems:
            return self.problems
        self._words(top["words"])
        self._flags(top["flags"])
        if not self.problems and self.examples:
            self._examples(top["flags"], text, loader)
        return sorted(self.problems, key=lambda problem: problem.line)

    # -- YAML itself -----------------------------------------------------------------------------------------------

    def _lines(self, text: str) -> None:
        for number, line in enumerate(text.splitlines(), 1):
            found = _RASA_KEYS.match(line)
            if found:
                self.add(
                    number,
                    f"a line may not begin with '{found.group(1)}:' here, as Rasa would take the whole file for its own",
                    "Choose another word for it.",
                )

    def _scalars(self, node: yaml.Node, seen: set[int] | None = None) -> None:
        seen = set() if seen is None else seen
        if id(node) in seen:
            self.add(node, "the file uses an anchor and alias (& and *)", "Write the text out again instead.")
            return
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            if not node.style and (_OLD_BOOLEAN.match(node.value) or _OLD_TIME.match(node.value)):
                self.add(
                    node,
                    f"the bare word {node.value} means different things to different YAML readers",
                    f"Put it in quotes: '{node.value}'.",
                )
        elif isinstance(node, yaml.SequenceNode):
            for child in node.value:
                self._scalars(child, seen)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._scalars(key, seen)
                self._scalars(value, seen)

    def _map(self, node: yaml.Node, what: str, known: set[str]) -> dict[str, yaml.Node]:
        out: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.add(node, f"{what} should be a block of 'name: value' lines", "Compare it with the block above it.")
            return out
        for key, value in node.value:
            name = str(key.value)
            if name in out:
                self.add(key, f"{what} has '{name}:' twice", "Keep one of them.")
            elif known and name not in known:
                self.add(key, f"{what} has an unknown line '{name}:'", f"Use one of: {', '.join(sorted(known))}.")
            out[name] = value
        return out

    def _texts(self, node: yaml.Node | None, what: str) -> list[tuple[str, yaml.Node]]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.add(node, f"{what} should be a list", "Write it in square brackets: [one, two].")
            return []
        out = []
        for child in node.value:
            if isinstance(child, yaml.ScalarNode):
                out.append((child.value, child))
            else:
                self.add(child, f"{what} should hold plain words only", "Write each entry as one word or phrase.")
        return out

    def _text(self, node: yaml.Node | None) -> str:
        return node.value.strip() if isinstance(node, yaml.ScalarNode) else ""

    # -- words -----------------------------------------------------------------------------------------------------

    def _words(self, node: yaml.Node) -> None:
        self.groups = self._map(node, "'words:'", set())
        lists = {}
        for name, group in self.groups.items():
            fields = self._map(group, f"the group '{name}'", _GROUP_KEYS)
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                self.add(group, f"'{name}' is not a name for a group", "Use small letters, figures and _ only.")
            if name in readings.GROUPS:
                self.add(group, f"'{name}' is found by the program, not by words", "Choose another name.")
            if not self._text(fields.get("title")):
                self.add(group, f"the group '{name}' has no title", "Add 'title:' with a few plain words.")
            kind = self._text(fields.get("kind")) or "sign"
            if kind not in KINDS:
                self.add(fields["kind"], f"'{kind}' is no kind of group", f"Use one of: {', '.join(KINDS)}.")
            if name in CUES and kind != "cue":
                self.add(group, f"the group '{name}' must have 'kind: cue'", "Add that line.")
            if kind == "cue" and name not in CUES:
                self.add(group, f"no part of the screen uses the cue group '{name}'", f"Use one of: {', '.join(CUES)}.")
            self.kinds[name] = kind
            words = self._texts(fields.get("words"), f"'words:' of '{name}'")
            lists[name] = self._texts(fields.get("includes"), f"'includes:' of '{name}'")
            if not words and not lists[name] and name != "ordinary_words":
                self.add(group, f"the group '{name}' is empty", "Give it words, or remove it.")
            seen: set[str] = set()
            for entry, child in words:
                if entry in seen:
                    self.add(child, f"'{entry}' stands twice in '{name}'", "Keep one of them.")
                seen.add(entry)
                try:
                    parse(entry)
                except PhraseError as error:
                    self.add(child, f"in '{name}': {error}", "Correct this entry.")
        for name, members in lists.items():
            for member, child in members:
                if member not in self.groups and member not in readings.GROUPS:
                    self.add(
                        child,
                        f"'{name}' includes '{member}', which does not exist",
                        "Correct the name or add the group.",
                    )
        for name, why in CUES.items():
            if name not in self.groups:
                self.add(node, f"the group '{name}' is missing ({why})", "Restore it from the last release.")

    # -- flags -----------------------------------------------------------------------------------------------------

    def _flags(self, node: yaml.Node) -> None:
        ids: list[str] = []
        assert isinstance(node, yaml.SequenceNode)
        blocks = [(block, self._map(block, "a flag", _FLAG_KEYS)) for block in node.value]
        known = {self._text(fields.get("id")) for _, fields in blocks}
        for block, fields in blocks:
            name = self._text(fields.get("id")) or "a flag"
            for must in _FLAG_MUST:
                if must not in fields:
                    self.add(block, f"{name} has no '{must}:'", "Add that line; see the other flags.")
            if name not in FLAG_IDS:
                self.add(
                    fields.get("id", block), f"'{name}' is no red flag of the evidence base", "Use R01 to R36 or A35."
                )
            elif name in ids:
                self.add(fields["id"], f"{name} stands twice", "Join the two blocks.")
            ids.append(name)
            tier = self._text(fields.get("tier"))
            if tier not in ("1", "2", "3") or (name in TIER_OF and int(tier) != TIER_OF[name]):
                self.add(
                    fields.get("tier", block),
                    f"{name} has tier '{tier}'",
                    f"The evidence base gives it tier {TIER_OF.get(name, '1, 2 or 3')}; change the evidence base first.",
                )
            for key in ("say", "follow", "if_say", "net", "title", "name"):
                if key in fields and not self._text(fields[key]):
                    self.add(fields[key], f"'{key}:' of {name} is empty", "Write the text of the evidence base.")
                elif key in ("say", "follow", "if_say", "net") and key in fields:
                    self._slots_in(fields[key], name)
            variants = self._variants(fields.get("variants"), name)
            patterns = fields.get("patterns")
            if not isinstance(patterns, yaml.SequenceNode) or not patterns.value:
                self.add(block, f"{name} has no patterns", "Add at least one: a flag without patterns finds nothing.")
                continue
            names: set[str] = set()
            for pattern in patterns.value:
                self._pattern(pattern, name, names, variants, known)
        for name in FLAG_IDS:
            if name not in ids:
                self.add(node, f"red flag {name} is missing", "Restore its block from the last release.")

    def _slots_in(self, node: yaml.Node, name: str) -> None:
        for slot in _SLOT.findall(self._text(node)):
            if slot not in SLOTS:
                self.add(node, f"{name} uses the unknown slot {{{slot}}}", f"Use one of: {', '.join(SLOTS)}.")

    def _variants(self, node: yaml.Node | None, name: str) -> set[str]:
        out: set[str] = set()
        if node is None:
            return out
        if not isinstance(node, yaml.SequenceNode):
            self.add(node, f"'variants:' of {name} should be a list", "Begin each variant with '- id:'.")
            return out
        for block in node.value:
            fields = self._map(block, f"a variant of {name}", {"id", "when", "say", "evidence"})
            for must in ("id", "when", "say", "evidence"):
                if not self._text(fields.get(must)):
                    self.add(block, f"a variant of {name} has no '{must}:'", "Add that line.")
            if "say" in fields:
                self._slots_in(fields["say"], name)
            out.add(self._text(fields.get("id")))
        return out

    def _pattern(self, node: yaml.Node, flag: str, names: set[str], variants: set[str], flags: set[str]) -> None:
        fields = self._map(node, f"a pattern of {flag}", _PATTERN_KEYS)
        name = self._text(fields.get("name"))
        what = f"the pattern '{name}' of {flag}"
        if not name:
            self.add(node, f"a pattern of {flag} has no name", "Add 'name:' with a few plain words.")
        elif name in names:
            self.add(fields["name"], f"{what} stands twice", "Give each pattern its own name.")
        names.add(name)
        if ("together" in fields) == ("flags_together" in fields):
            self.add(node, f"{what} needs either 'together:' or 'flags_together:'", "Say which groups must meet.")
        for key in ("together", "needs_context"):
            texts = self._texts(fields.get(key), f"'{key}:' of {what}")
            if key in fields and not texts:
                self.add(fields[key], f"'{key}:' of {what} is empty", "Name at least one group, or remove the line.")
            for text, child in texts:
                for group in text.split(" or "):
                    self._group_name(group.strip(), child, what)
        for text, child in self._texts(fields.get("unless"), f"'unless:' of {what}"):
            self._group_name(text, child, what)
        for text, child in self._texts(fields.get("flags_together"), f"'flags_together:' of {what}"):
            for other in text.split(" or "):
                if other.strip() not in flags:
                    self.add(
                        child, f"{what} names the flag '{other.strip()}', which does not exist", "Correct the name."
                    )
        for text, child in self._texts(fields.get("also_when"), f"'also_when:' of {what}"):
            if text not in STATUS:
                self.add(child, f"'also_when:' of {what} has '{text}'", f"Use one of: {', '.join(STATUS)}.")
        within = self._text(fields.get("within"))
        if "within" in fields and not (within.isdigit() and 1 <= int(within) <= 60):
            self.add(fields["within"], f"'within:' of {what} is '{within}'", "Give a number of words from 1 to 60.")
        if "where" in fields and self._text(fields["where"]) not in ("same clause", "same sentence"):
            self.add(fields["where"], f"'where:' of {what} is unknown", "Use 'same clause' or 'same sentence'.")
        if "order" in fields and self._text(fields["order"]) != "as written":
            self.add(fields["order"], f"'order:' of {what} is unknown", "Use 'as written', or leave the line out.")
        variant = self._text(fields.get("variant"))
        if variant and variant not in variants:
            self.add(
                fields["variant"],
                f"{what} names the variant '{variant}', which {flag} does not have",
                "Correct the name.",
            )
        if not self._text(fields.get("example")):
            self.add(node, f"{what} has no example", "Add 'example:' with a sentence that must set it off.")

    def _group_name(self, group: str, node: yaml.Node, what: str) -> None:
        if group not in self.groups and group not in readings.GROUPS:
            self.add(
                node, f"{what} uses the group '{group}', which does not exist", "Correct the name or add the group."
            )
        elif self.kinds.get(group) == "cue":
            self.add(
                node, f"{what} uses '{group}', which is only a cue", "Use a group of signs, body parts or settings."
            )

    def _examples(self, node: yaml.Node, text: str, loader: Any) -> None:
        from askfirst.safety.screen import Screen

        screen = Screen(yaml.load(text, Loader=loader))  # noqa: S506 - a safe loader
        assert isinstance(node, yaml.SequenceNode)
        for block in node.value:
            fields = {key.value: value for key, value in block.value}
            flag = self._text(fields["id"])
            for pattern in fields["patterns"].value:
                parts = {key.value: value for key, value in pattern.value}
                example = parts["example"]
                said, name = self._text(example), self._text(parts["name"])
                hits = (*screen.explain(said), *screen.check(said).hits)
                if not any((hit.red_flag, hit.why, hit.certainty) == (flag, name, "urgent") for hit in hits):
                    self.add(
                        example,
                        f"the example of '{name}' does not set off that pattern of {flag}",
                        "Change the pattern or the words so that it does, or correct the example.",
                    )
