"""`make check`: knowledge, red flags, clinic, domain, stories, rules and guarantees. Each finding has file, line and remedy."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from askfirst import notf
from askfirst.check_texts import stray_texts
from askfirst.content.clinic import read_clinic, read_mode
from askfirst.content.evidence import coverage, read_items
from askfirst.content.knowledge import Knowledge
from askfirst.content.problems import Problem, shown
from askfirst.content.validate import check_knowledge
from askfirst.content.yaml_file import Mapping, Sequence, plain, read_yaml
from askfirst.nlu.open_words import read_open_words
from askfirst.safety.languages import read_languages

MIN_EXAMPLES = 15
# Where our own code lies: actions say some entries by their id.
_CODE = Path(__file__).resolve().parent.parent
# Intents that the screen, the gate and the channels set: no training examples.
SET_INTENTS = frozenset({"urgent", "two_candidates", "nlu_fallback", "choice"})
# Actions that stories may use besides say_<entry>; those that write no words are Rasa's own.
SILENT_ACTIONS = frozenset({"action_listen", "action_restart", "action_back", "action_deactivate_loop", "action_session_start"})
# Intents whose turn belongs to a rule, with the rule's action: a story may go through such a turn, not change it.
RULED = {
    "urgent": "action_urgent",
    "out_of_scope": "action_limit",
    "nlu_fallback": "action_unsure",
    "two_candidates": "action_clarify",
    "erase": "action_erase",
    "start_again": "action_start_again",
}
# The same for every limit (evidence base 5): each has a rule of its own.
LIMIT_INTENT, LIMIT_ACTION = "limit_", "action_limit"
# Keys by which Rasa takes a file under data/ for its own (design 2).
# Rasa reads these keys in every YAML file of these folders, however deep it lies and whatever its folder is called.
_TRAINED = ("nlu", "rules", "stories")
_SUFFIXES = (".yml", ".yaml")
_STEP_KEYS = ("intent", "action", "slot_was_set", "active_loop", "checkpoint", "or")
_SAY = "write the text as an entry under data/knowledge and use action: say_<its id>"
_RASA_KEYS = re.compile(r"^\s*(rules|stories|nlu|responses|intents|entities|slots|forms|actions):", re.MULTILINE)


def check_all(root: Path) -> list[Problem]:
    """Every finding. Reads files only: no Rasa, no model, about a second."""
    clinic, problems = read_clinic(root / "data" / "clinic.yml", root)
    production = read_mode(root / "data" / "clinic.yml") == "production"
    knowledge, found = check_knowledge(root / "data" / "knowledge", root, production, clinic)
    problems += found
    problems += _check_red_flags(root, knowledge)
    training, found = _training(root)
    problems += found
    domain, found = read_yaml(root / "domain.yml", root)
    problems += found
    if isinstance(domain, Mapping):
        problems += _check_domain(domain, knowledge)
        problems += _check_turns(training, domain, knowledge)
        problems += _check_examples(training, domain)
        problems += _check_reach(root, training, knowledge)
    elif not found:
        problems.append(Problem("domain.yml", 1, "the file holds no domain", "restore it from git, or undo the last change"))
    problems += _check_must_find(root)
    problems += read_open_words(root / "data" / "open_words.yml", knowledge, root)[1]
    problems += _check_safety_examples(root)
    problems += read_languages(root / "data" / "safety" / "languages.yml", root)[1]
    problems += _check_coverage(root, knowledge)
    problems += _check_strays(root)
    problems += stray_texts(root)
    problems += _check_config(root)
    return problems


def _training(root: Path) -> tuple[dict[str, Mapping], list[Problem]]:
    """Every file that Rasa trains on, by the name that people see, and what is wrong with its shape."""
    files: dict[str, Mapping] = {}
    problems: list[Problem] = []
    for folder in _TRAINED:
        for path in sorted(p for p in (root / "data" / folder).rglob("*") if p.suffix in _SUFFIXES and p.is_file()):
            data, found = read_yaml(path, root)
            name = shown(path, root)
            problems += found
            if isinstance(data, Mapping):
                files[name] = data
                problems += _check_shape(name, data)
            elif data is not None:
                problems.append(Problem(name, 1, "the file has no nlu:, rules: or stories:", "write one of these above the list"))
    return files, problems


def _check_shape(name: str, data: Mapping) -> list[Problem]:
    problems = []
    for key, value in data.items():
        line = data.line_of(key)
        if key == "responses":
            problems.append(Problem(name, line, "responses: would say something past the reply builder (guarantee G1)", _SAY))
        elif key not in (*_TRAINED, "version"):
            problems.append(Problem(name, line, f"nothing reads '{key}:'", "correct it to nlu:, rules: or stories:, or remove it"))
        elif isinstance(value, Sequence):
            for block, at in value.lined():
                if not isinstance(block, Mapping):
                    problems.append(Problem(name, at, f"this is no block of {key}:", "compare it with the block above or below it"))
        elif key in _TRAINED and value is not None:
            problems.append(Problem(name, line, f"{key}: is not a list", "start each block with '- '"))
    return problems


def _blocks(data: Mapping, key: str) -> list[Mapping]:
    value = data.get(key)
    return [block for block in value if isinstance(block, Mapping)] if isinstance(value, list) else []


def _names(items: Any) -> list[str]:
    """Names of a domain list, whose items are texts or one-key blocks."""
    return [next(iter(i)) if isinstance(i, dict) and i else str(i) for i in (items if isinstance(items, (list, dict)) else ())]


def _check_red_flags(root: Path, knowledge: Knowledge) -> list[Problem]:
    path = root / "data" / "safety" / "red_flags.yml"
    content = path.read_bytes() if path.is_file() else b""
    problems = [Problem(shown(Path(p.file), root), p.line, p.message, p.remedy) for p in _red_flag_findings(path, content)]
    data, found = read_yaml(path, root)
    if problems or found:
        said = {problem.line for problem in problems}
        return problems + [p for p in found if not problems or (p.line and p.line not in said)]
    ids = [flag.get("id") for flag in plain(data)["flags"]]
    for entry in knowledge.entries.values():
        for flag in (entry.red_flag, *(when.red_flag for when in entry.when)):
            if flag and flag not in ids:
                problems.append(Problem(entry.file, entry.line, f"{entry.id}: the red flag {flag} is not in red_flags.yml", "add it there, or name another"))
    return problems


def _check_must_find(root: Path) -> list[Problem]:
    """data/safety/must_find.yml: plain urgent phrases that the rules must find by themselves, so that no edit loses one unnoticed."""
    path = root / "data" / "safety" / "must_find.yml"
    flags = root / "data" / "safety" / "red_flags.yml"
    if not path.is_file() or not flags.is_file():
        return []
    return [replace(p, file=shown(Path(p.file), root)) for p in _must_find_findings(path, path.read_bytes(), flags, flags.read_bytes())]


@lru_cache(maxsize=8)
def _must_find_findings(path: Path, phrases: bytes, flags: Path, patterns: bytes) -> tuple[Problem, ...]:
    """Every phrase that the rules miss; `phrases` and `patterns` only tell when a file has changed."""
    from askfirst.safety.must_find import must_find_findings
    from askfirst.safety.screen import Screen

    try:
        return tuple(must_find_findings(path, Screen.load(flags)))
    except (OSError, ValueError, KeyError, TypeError):
        return ()  # red_flags.yml has findings of its own


def _check_safety_examples(root: Path) -> list[Problem]:
    """The examples of the screen's second stage; a project without the folder has none."""
    folder = root / "data" / "safety" / "examples"
    return list(_example_findings(folder, root, tuple(p.read_bytes() for p in sorted(folder.glob("*.yml"))))) if folder.is_dir() else []


@lru_cache(maxsize=8)
def _example_findings(folder: Path, root: Path, content: tuple[bytes, ...]) -> tuple[Problem, ...]:
    """Every finding on the examples; `content` only tells when they have changed."""
    from askfirst.safety.examples import read_examples

    return tuple(read_examples(folder, root)[1])


@lru_cache(maxsize=8)
def _red_flag_findings(path: Path, content: bytes) -> tuple[Problem, ...]:
    """Every finding on a file of red flags; `content` only tells when it has changed."""
    from askfirst.safety.validate import check_red_flags

    return tuple(check_red_flags(path))


def _check_domain(domain: Mapping, knowledge: Knowledge) -> list[Problem]:
    problems = []
    name = "domain.yml"
    for key in ("intents", "entities", "actions"):
        if not isinstance(domain.get(key), list):
            problems.append(Problem(name, domain.line_of(key), f"{key}: is missing or is not a list", "write each name on a line of its own after '- '"))
    if domain.get("responses"):
        problems.append(
            Problem(name, domain.line_of("responses"), "responses: would say something past the reply builder (guarantee G1)",
                    _SAY)
        )
    intents = set(_names(domain.get("intents")))
    entities = set(_names(domain.get("entities")))
    for entry in knowledge.entries.values():
        if entry.intent_name and entry.intent_name not in intents:
            problems.append(
                Problem(entry.file, entry.line, f"{entry.id}: its intent {entry.intent_name} is not in domain.yml",
                        f"add '- {entry.intent_name}: {{use_entities: []}}' under intents:")
            )
    for kind in sorted({entry.kind for entry in knowledge.things()} - entities):
        problems.append(Problem(name, domain.line_of("entities"), f"the kind '{kind}' is not an entity", f"add '- {kind}' under entities:"))
    seen: dict[str, str] = {}
    for entry in knowledge.entries.values():
        if entry.intent_name:
            if entry.intent_name in seen:
                problems.append(Problem(entry.file, entry.line, f"{entry.id}: the intent {entry.intent_name} leads to {seen[entry.intent_name]} already", "give one of the two another intent"))
            seen[entry.intent_name] = entry.id
    return problems


def _check_examples(training: dict[str, Mapping], domain: Mapping) -> list[Problem]:
    """Intents and their examples: unknown names, too few examples, the same example twice."""
    problems: list[Problem] = []
    intents = set(_names(domain.get("intents")))
    counts: dict[str, int] = dict.fromkeys(intents, 0)
    owner: dict[str, str] = {}
    for name, data in training.items():
        for block in _blocks(data, "nlu"):
            if "intent" not in block:
                continue
            intent, line = str(block["intent"]), block.line
            if intent not in intents:
                problems.append(Problem(name, line, f"the intent '{intent}' is not in domain.yml", "correct its name, or add it under intents:"))
                continue
            if intent in SET_INTENTS:
                problems.append(Problem(name, line, f"'{intent}' is set by the program and has no examples", "move the examples to another intent"))
                continue
            if not isinstance(block.get("examples"), str):
                problems.append(Problem(name, block.line_of("examples"), f"the examples of '{intent}' are not a block of text", "write examples: | and each one on a line of its own after '- '"))
                continue
            first = block.line_of("examples") + 1
            for at, raw in enumerate(block["examples"].split("\n"), first):
                if raw.strip() and not raw.startswith("-"):
                    problems.append(Problem(name, at, f"'{raw.strip()[:60]}' does not start with '- ', so Rasa would skip it", "write '- ' before it, or join it to the line above"))
                text = raw.removeprefix("-").strip()
                if not text or not raw.startswith("-"):
                    continue
                counts[intent] += 1
                key = " ".join(text.lower().split())
                if key in owner:
                    problems.append(Problem(name, at, f"the example '{text[:60]}' stands twice ({owner[key]})", "keep one of the two"))
                owner[key] = f"{name}:{at}"
    for intent, count in sorted(counts.items()):
        if intent not in SET_INTENTS and count < MIN_EXAMPLES:
            problems.append(Problem("data/nlu", 0, f"the intent '{intent}' has {count} examples", f"write at least {MIN_EXAMPLES}, in people's own words"))
    return problems


def _check_turns(training: dict[str, Mapping], domain: Mapping, knowledge: Knowledge) -> list[Problem]:
    """Stories and rules: known intents and actions, no text past the reply builder, no story that changes a ruled turn."""
    problems: list[Problem] = []
    intents = set(_names(domain.get("intents")))
    actions = set(_names(domain.get("actions"))) | {f"say_{i}" for i in knowledge.entries} | SILENT_ACTIONS
    titles: dict[str, str] = {}
    ruled: set[str] = set()
    for key, one in (("rules", "rule"), ("stories", "story")):
        for name, data in training.items():
            for block in _blocks(data, key):
                title = str(block.get(one) or "")
                if not title:
                    problems.append(Problem(name, block.line, f"a {one} has no title", f"write '- {one}: what it does, as a sentence'"))
                elif title in titles:
                    problems.append(Problem(name, block.line, f"'{title}' stands twice ({titles[title]})", "give one of the two another title"))
                titles[title] = f"{name}:{block.line}"
                steps = block.get("steps")
                if not isinstance(steps, Sequence) or not steps:
                    problems.append(Problem(name, block.line_of("steps"), f"'{title}' has no steps", "write steps: and below it '- intent:' and '- action:' lines"))
                    continue
                for step, line in steps.lined():
                    problems += _check_step(name, line, one, step, intents, actions)
                    if one == "rule":
                        ruled.update(_intents_of(step))
                if one == "story":
                    problems += _check_ruled(name, steps)
    for intent in sorted({*RULED, *(i for i in intents if i.startswith(LIMIT_INTENT))} - ruled):
        problems.append(Problem("data/rules", 0, f"no rule decides what happens at '{intent}'", "restore its rule from git"))
    return problems


def _check_reach(root: Path, training: dict[str, Mapping], knowledge: Knowledge) -> list[Problem]:
    """Entries that nothing leads to: no name, no intent, no button, no story, and no action that says them."""
    reached = {i for e in knowledge.entries.values() for i in (*e.related, *e.offers)}
    for data in training.values():
        for block in _blocks(data, "stories") + _blocks(data, "rules"):
            steps = block.get("steps")
            reached |= {str(s["action"]).removeprefix("say_") for s in (steps if isinstance(steps, list) else ()) if isinstance(s, Mapping) and "action" in s}
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((_CODE / "actions").glob("*.py")))
    return [
        Problem(e.file, e.line, f"{e.id}: nothing can reach it", "give it an intent: with examples, or offer it from another entry (related:, offers:) or a story")
        for e in knowledge.entries.values()
        if not e.is_thing and not e.intent_name and e.id not in reached and f'"{e.id}"' not in code
    ]


def _check_coverage(root: Path, knowledge: Knowledge) -> list[Problem]:
    """Items of the evidence base that no entry says."""
    items, _ = read_items(root / "data" / "evidence.yml", root)
    return [
        Problem("data/evidence.yml", 0, f"no entry says {item}: {items[item].title}", "add it to the evidence: of the entry that says it, or write one")
        for item, entries in coverage(items, knowledge).items() if not entries
    ]


def _intents_of(step: Any) -> list[str]:
    """The intent of a step, or each of those under its `or`."""
    if not isinstance(step, Mapping):
        return []
    choices = step.get("or")
    nested = [intent for choice in choices for intent in _intents_of(choice)] if isinstance(choices, Sequence) else []
    return [str(step["intent"]), *nested] if "intent" in step else nested


def ruled_action(intent: str) -> str | None:
    """The action that a rule gives at this intent, None where stories decide."""
    return LIMIT_ACTION if intent.startswith(LIMIT_INTENT) else RULED.get(intent)


def _check_ruled(name: str, steps: Sequence) -> list[Problem]:
    """A story that goes through a turn of a rule does what the rule does."""
    out = []
    for (step, line), after in zip(steps.lined(), [*steps[1:], None], strict=True):
        for intent in _intents_of(step):
            ruled = ruled_action(intent)
            if ruled and not (isinstance(after, Mapping) and after.get("action") == ruled):
                out.append(
                    Problem(name, line, f"a story cannot change what happens at '{intent}': a rule decides it",
                            f"write '- action: {ruled}' after it, or remove this turn from the story")
                )
    return out


def _check_step(name: str, line: int, one: str, step: Any, intents: set[str], actions: set[str]) -> list[Problem]:
    if not isinstance(step, Mapping):
        return [Problem(name, line, f"the step '{step}' is not understood", f"start it with one of: {', '.join(f'- {k}:' for k in _STEP_KEYS)}")]
    out = []
    for key in step:
        if key not in (*_STEP_KEYS, "entities", "bot"):
            out.append(Problem(name, step.line_of(key), f"a step has no '{key}'", f"use one of: {', '.join(_STEP_KEYS)}"))
    if "intent" in step:
        out += _check_intent(name, step.line_of("intent"), step["intent"], intents)
    if "action" in step:
        out += _check_action(name, step.line_of("action"), step["action"], actions)
    if "bot" in step:
        out.append(Problem(name, step.line_of("bot"), f"a {one} may not hold the assistant's words (guarantee G1)", _SAY))
    choices = step.get("or")
    for choice, at in choices.lined() if isinstance(choices, Sequence) else ():
        out += _check_step(name, at, one, choice, intents, actions)
    return out


def _check_intent(name: str, line: int, intent: Any, intents: set[str]) -> list[Problem]:
    if not isinstance(intent, str) or intent not in intents:
        return [Problem(name, line, f"the intent '{intent}' is not in domain.yml", "correct its name, or add it under intents:")]
    return []


def _check_action(name: str, line: int, action: Any, actions: set[str]) -> list[Problem]:
    if isinstance(action, str) and action.startswith("utter_"):
        return [Problem(name, line, f"'{action}' would say something past the reply builder (guarantee G1)", _SAY)]
    if not isinstance(action, str) or action not in actions:
        return [Problem(name, line, f"the action '{action}' does not exist", "use one of domain.yml's actions or say_<entry id>")]
    return []


def _check_strays(root: Path) -> list[Problem]:
    """Files that Rasa would take for its own, or that nothing reads."""
    problems = []
    data = root / "data"
    for path in sorted(p for p in data.rglob("*") if p.is_file()):
        folder, *below = path.relative_to(data).parts
        if path.suffix == ".json":
            problems.append(Problem(shown(path, root), 0, "Rasa may take a .json file under data/ for its own", "move it out of data/"))
        if path.suffix not in _SUFFIXES or folder in _TRAINED:
            continue
        if folder == "knowledge" and (path.suffix != ".yml" or len(below) > 1):
            problems.append(Problem(shown(path, root), 0, "nothing reads this file", "put it into data/knowledge itself, with a name that ends in .yml"))
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # the reader of the file has said so
        match = _RASA_KEYS.search(text)
        if match:
            line = text[: match.start(1)].count("\n") + 1
            problems.append(Problem(shown(path, root), line, f"the key '{match.group(1)}:' makes Rasa take this file for its own", "use another word for the key"))
    return problems


def _check_config(root: Path) -> list[Problem]:
    """Components of config.yml that need TensorFlow, where it is not installed."""
    config, found = read_yaml(root / "config.yml", root)
    if found or not isinstance(config, Mapping) or notf.has_tensorflow():
        return found
    needing = notf.components_that_need_tensorflow(plain(config))
    return [Problem("config.yml", 0, str(notf.TensorFlowNeeded(name)), "remove it from config.yml, or install TensorFlow") for name in needing]
