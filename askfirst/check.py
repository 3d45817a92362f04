"""`make check`: knowledge, red flags, clinic, domain, stories, rules and guarantees. Each finding has file, line and remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from askfirst.content.clinic import read_clinic
from askfirst.content.knowledge import Knowledge
from askfirst.content.problems import Problem, shown
from askfirst.content.validate import check_knowledge
from askfirst.content.yaml_file import Mapping, plain, read_yaml

MIN_EXAMPLES = 15
# Intents that the screen, the gate and the channels set: no training examples.
SET_INTENTS = frozenset({"urgent", "two_candidates", "nlu_fallback", "choice"})
# Actions that stories may use besides say_<entry>; those that write no words are Rasa's own.
SILENT_ACTIONS = frozenset({"action_listen", "action_restart", "action_back", "action_deactivate_loop", "action_session_start"})
# Intents whose turn belongs to a rule, with the rule's action: a story may go through such a turn, not change it.
RULED = {
    "urgent": "action_urgent",
    "limit_results": "action_limit",
    "out_of_scope": "action_limit",
    "nlu_fallback": "action_unsure",
    "two_candidates": "action_clarify",
    "erase": "action_erase",
    "start_again": "action_start_again",
}
# Keys by which Rasa takes a file under data/ for its own (design 2).
_RASA_KEYS = re.compile(r"^\s*(rules|stories|nlu|responses|intents|entities|slots|forms|actions):", re.MULTILINE)


def check_all(root: Path) -> list[Problem]:
    """Every finding. Reads files only: no Rasa, no model, under a second."""
    clinic, problems = read_clinic(root / "data" / "clinic.yml", root)
    knowledge, found = check_knowledge(root / "data" / "knowledge", root, clinic)
    problems += found
    problems += _check_red_flags(root, knowledge)
    domain, found = read_yaml(root / "domain.yml", root)
    problems += found
    if isinstance(domain, Mapping):
        problems += _check_domain(root, domain, knowledge)
        problems += _check_turns(root, domain, knowledge)
        problems += _check_examples(root, domain)
    problems += _check_strays(root)
    return problems


def _names(items: Any) -> list[str]:
    """Names of a domain list, whose items are texts or one-key blocks."""
    return [next(iter(i)) if isinstance(i, dict) and i else str(i) for i in items or ()]


def _check_red_flags(root: Path, knowledge: Knowledge) -> list[Problem]:
    from askfirst.safety.validate import check_red_flags

    path = root / "data" / "safety" / "red_flags.yml"
    problems = [Problem(shown(Path(p.file), root), p.line, p.message, p.remedy) for p in check_red_flags(path)]
    data, found = read_yaml(path, root)
    if found:
        return problems + [p for p in found if p not in problems]
    ids = {flag.get("id") for flag in (plain(data) or {}).get("flags", ()) if isinstance(flag, dict)}
    for entry in knowledge.entries.values():
        for when in entry.when:
            if when.red_flag and when.red_flag not in ids:
                problems.append(Problem(entry.file, entry.line, f"{entry.id}: the red flag {when.red_flag} is not in red_flags.yml", "add it there, or name another"))
    return problems


def _check_domain(root: Path, domain: Mapping, knowledge: Knowledge) -> list[Problem]:
    problems = []
    name = "domain.yml"
    if domain.get("responses"):
        problems.append(
            Problem(name, domain.line_of("responses"), "responses: would say something past the reply builder (guarantee G1)",
                    "write the text as an entry under data/knowledge and use action: say_<its id>")
        )
    intents = set(_names(domain.get("intents")))
    entities = set(_names(domain.get("entities")))
    for entry in knowledge.entries.values():
        if entry.intent_name and entry.intent_name not in intents:
            problems.append(
                Problem(entry.file, entry.line, f"{entry.id}: its intent {entry.intent_name} is not in domain.yml",
                        f"add '- {entry.intent_name}: {{use_entities: []}}' under intents:")
            )
        if entry.is_thing and entry.kind not in entities:
            problems.append(Problem(name, domain.line_of("entities"), f"the kind '{entry.kind}' is not an entity", f"add '- {entry.kind}' under entities:"))
    seen: dict[str, str] = {}
    for entry in knowledge.entries.values():
        if entry.intent_name:
            if entry.intent_name in seen:
                problems.append(Problem(entry.file, entry.line, f"{entry.id}: the intent {entry.intent_name} leads to {seen[entry.intent_name]} already", "give one of the two another intent"))
            seen[entry.intent_name] = entry.id
    return problems


def _check_examples(root: Path, domain: Mapping) -> list[Problem]:
    """Intents and their examples: unknown names, too few examples, the same example twice."""
    problems: list[Problem] = []
    intents = set(_names(domain.get("intents")))
    counts: dict[str, int] = dict.fromkeys(intents, 0)
    owner: dict[str, tuple[str, str]] = {}
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        data, found = read_yaml(path, root)
        name = shown(path, root)
        problems += found
        blocks = data.get("nlu") if isinstance(data, Mapping) else None
        for block in blocks or ():
            if not isinstance(block, Mapping) or "intent" not in block:
                continue
            intent, line = str(block["intent"]), block.line
            if intent not in intents:
                problems.append(Problem(name, line, f"the intent '{intent}' is not in domain.yml", "correct its name, or add it under intents:"))
                continue
            if intent in SET_INTENTS:
                problems.append(Problem(name, line, f"'{intent}' is set by the program and has no examples", "move the examples to another intent"))
                continue
            first = block.line_of("examples") + 1
            for offset, raw in enumerate(str(block.get("examples") or "").split("\n")):
                text = raw.strip().removeprefix("- ").strip()
                if not text or text == "-":
                    continue
                counts[intent] += 1
                key = " ".join(text.lower().split())
                if key in owner:
                    problems.append(Problem(name, first + offset, f"the example '{text[:60]}' stands twice ({owner[key][0]})", "keep one of the two"))
                owner[key] = (f"{name}:{first + offset}", intent)
    for intent, count in sorted(counts.items()):
        if intent not in SET_INTENTS and count < MIN_EXAMPLES:
            problems.append(Problem("data/nlu", 0, f"the intent '{intent}' has {count} examples", f"write at least {MIN_EXAMPLES}, in people's own words"))
    return problems


def _check_turns(root: Path, domain: Mapping, knowledge: Knowledge) -> list[Problem]:
    """Stories and rules: known intents and actions, no text past the reply builder, no story that changes a ruled turn."""
    problems: list[Problem] = []
    intents = set(_names(domain.get("intents")))
    actions = set(_names(domain.get("actions"))) | {f"say_{i}" for i in knowledge.entries} | SILENT_ACTIONS
    titles: dict[str, str] = {}
    for folder, key, one in (("rules", "rules", "rule"), ("stories", "stories", "story")):
        for path in sorted((root / "data" / folder).glob("*.yml")):
            data, found = read_yaml(path, root)
            name = shown(path, root)
            problems += found
            for block in (data.get(key) if isinstance(data, Mapping) else None) or ():
                if not isinstance(block, Mapping):
                    continue
                title = str(block.get(one) or "")
                if not title:
                    problems.append(Problem(name, block.line, f"a {one} has no title", f"write '- {one}: what it does, as a sentence'"))
                if title in titles:
                    problems.append(Problem(name, block.line, f"'{title}' stands twice ({titles[title]})", "give one of the two another title"))
                titles[title] = f"{name}:{block.line}"
                steps = [step for step in block.get("steps") or () if isinstance(step, Mapping)]
                for step in steps:
                    problems += _check_step(name, step, intents, actions)
                if one == "story":
                    problems += _check_ruled(name, steps)
    return problems


def _check_ruled(name: str, steps: list[Mapping]) -> list[Problem]:
    """A story that goes through a turn of a rule does what the rule does."""
    out = []
    for step, after in zip(steps, [*steps[1:], Mapping()]):
        ruled = RULED.get(str(step.get("intent")))
        if ruled and after.get("action") != ruled:
            out.append(Problem(name, step.line_of("intent"), f"a story cannot change what happens at '{step['intent']}': a rule decides it",
                               f"write '- action: {ruled}' after it, or remove this turn from the story"))
    return out


def _check_step(name: str, step: Mapping, intents: set[str], actions: set[str]) -> list[Problem]:
    out = []
    intent, action = step.get("intent"), step.get("action")
    if intent is not None and intent not in intents:
        out.append(Problem(name, step.line_of("intent"), f"the intent '{intent}' is not in domain.yml", "correct its name, or add it under intents:"))
    if action is not None:
        if str(action).startswith("utter_") or "bot" in step:
            out.append(Problem(name, step.line_of("action"), f"'{action}' would say something past the reply builder (guarantee G1)",
                               "write the text as an entry under data/knowledge and use action: say_<its id>"))
        elif action not in actions:
            out.append(Problem(name, step.line_of("action"), f"the action '{action}' does not exist", "use one of domain.yml's actions or say_<entry id>"))
    if "bot" in step:
        out.append(Problem(name, step.line_of("bot"), "a story may not hold the assistant's words (guarantee G1)", "use action: say_<entry id>"))
    return out


def _check_strays(root: Path) -> list[Problem]:
    """Files that Rasa would take for its own, or that nothing reads."""
    problems = []
    data = root / "data"
    for path in sorted(data.rglob("*.y*ml")):
        own = path.relative_to(data).parts[0]
        if own in ("nlu", "rules", "stories"):
            continue
        match = _RASA_KEYS.search(path.read_text(encoding="utf-8", errors="replace"))
        if match:
            line = path.read_text(encoding="utf-8", errors="replace")[: match.start(1)].count("\n") + 1
            problems.append(Problem(shown(path, root), line, f"the key '{match.group(1)}:' makes Rasa take this file for its own", "use another word for the key"))
    return problems
