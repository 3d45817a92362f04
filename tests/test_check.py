"""`make check` over a whole project: each mistake that staff can make in domain, stories, rules and examples, in a copy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.check import LIMIT_ACTION, MIN_EXAMPLES, RULED, SET_INTENTS, check_all, ruled_action
from askfirst.check_texts import BUILDERS, is_health_text, stray_texts
from askfirst.content.evidence import read_items
from askfirst.content.knowledge import load_knowledge
from askfirst.content.problems import Problem
from askfirst.content.yaml_file import read_yaml
from askfirst.safety.sense import CUES
from askfirst.safety.validate import FLAG_IDS, TIER_OF
from tests.edits import append, expect, line_of, replace, set_field
from tests.harness import ROOT, copy_root
from tests.test_knowledge import garbled

# One copy of the content as it stands now, so that an edit while the tests run cannot make them disagree.
_TEMPORARY = tempfile.TemporaryDirectory(prefix="askfirst-check-")
NOW = copy_root(Path(_TEMPORARY.name) / "root")
KNOWLEDGE = load_knowledge(NOW / "data" / "knowledge", NOW)
RULES, STORIES, BENEFITS, TALK = "data/rules/rules.yml", "data/stories/offers.yml", "data/nlu/benefits.yml", "data/nlu/talk.yml"
FLAGS = "data/safety/red_flags.yml"
DOMAIN, CLINIC = "domain.yml", "data/clinic.yml"
# Files with the entries that the tests change.
PAIN, PLATELETS, CLOT = (KNOWLEDGE.entry(i).file for i in ("pain", "low_platelets", "clot_signs"))
TRAINING = sorted(str(p.relative_to(NOW)) for folder in ("nlu", "rules", "stories") for p in (NOW / "data" / folder).rglob("*.yml"))
LIMITS = sorted(e.intent_name for e in KNOWLEDGE.entries.values() if e.intent_name.startswith("limit_"))
# Turns that belong to a rule, and the rule's action.
ALL_RULED = {**RULED, **dict.fromkeys(LIMITS, LIMIT_ACTION)}


def few_red_flags() -> str:
    """The smallest file of red flags that is valid: the real one has its own tests, and takes half a second to check."""
    cues = [f"  {name}:\n    title: a cue\n    kind: cue\n    words: [cue {number}]" for number, name in enumerate(CUES)]
    words = {flag: f"zebra {chr(97 + number // 26)}{chr(97 + number % 26)}zq" for number, flag in enumerate(FLAG_IDS)}
    signs = [f"  sign_{flag.lower()}:\n    title: a sign\n    words: [{word}]" for flag, word in words.items()]
    flags = [
        f"- id: {flag}\n  name: a flag\n  tier: {TIER_OF[flag]}\n  title: A flag\n  evidence: '3'\n  say: Call {{emergency_number}} now.\n"
        f"  sources: [S-MAC]\n  patterns:\n    - name: the word\n      together: [sign_{flag.lower()}]\n      example: {words[flag]}"
        for flag in FLAG_IDS
    ]
    return "words:\n" + "\n".join(signs + cues) + "\nflags:\n" + "\n".join(flags) + "\n"


def copied(target: Path) -> Path:
    """A copy of the project with few red flags."""
    root = shutil.copytree(NOW, target, dirs_exist_ok=True)
    (root / FLAGS).parent.mkdir(exist_ok=True)
    (root / FLAGS).write_text(few_red_flags(), encoding="utf-8")
    (root / "data" / "safety" / "must_find.yml").unlink()
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path)


def told(problems: list[Problem]) -> str:
    return "\n".join(str(problem) for problem in problems)


# no findings


def test_the_project_itself_gives_no_findings() -> None:
    problems = check_all(ROOT)
    assert not problems, told(problems)


def test_a_copy_with_few_red_flags_gives_no_findings(root: Path) -> None:
    problems = check_all(root)
    assert not problems, told(problems)


# stories and rules

STORY = "  - story: A new story\n    steps:\n"
RULE = "  - rule: A new rule\n    steps:\n"
TURNS = [
    ("bot text in a story", STORIES, STORY + "      - intent: greet\n      - bot: You can have a massage.", 3, "a story may not hold the assistant's words"),
    ("bot text in a rule", RULES, RULE + "      - intent: greet\n      - bot: You can have a massage.", 3, "a rule may not hold the assistant's words"),
    ("a response in a story", STORIES, STORY + "      - intent: greet\n      - action: utter_greet", 3, "'utter_greet' would say something past the reply builder"),
    ("a response in a rule", RULES, RULE + "      - intent: greet\n      - action: utter_greet", 3, "'utter_greet' would say something past the reply builder"),
    ("an unknown intent in a story", STORIES, STORY + "      - intent: gret\n      - action: say_greet", 2, "the intent 'gret' is not in domain.yml"),
    ("an unknown intent in a rule", RULES, RULE + "      - intent: gret\n      - action: say_greet", 2, "the intent 'gret' is not in domain.yml"),
    ("an intent that is a list", STORIES, STORY + "      - intent: [greet]\n      - action: say_greet", 2, "the intent '['greet']' is not in domain.yml"),
    ("an intent that is empty", STORIES, STORY + "      - intent:\n      - action: say_greet", 2, "the intent 'None' is not in domain.yml"),
    ("an unknown action", STORIES, STORY + "      - intent: greet\n      - action: action_dance", 3, "the action 'action_dance' does not exist"),
    ("an action of an entry that does not exist", STORIES, STORY + "      - intent: greet\n      - action: say_gone", 3, "the action 'say_gone' does not exist"),
    ("an action that is a block", STORIES, STORY + "      - intent: greet\n      - action: {name: say_greet}", 3, "does not exist"),
    ("an action of Rasa that speaks", STORIES, STORY + "      - intent: greet\n      - action: action_default_fallback", 3, "'action_default_fallback' does not exist"),
    ("a story without title", STORIES, "  - story:\n    steps:\n      - intent: greet\n      - action: say_greet", 0, "a story has no title"),
    ("a rule without title", RULES, "  - rule: ''\n    steps:\n      - intent: greet\n      - action: say_greet", 0, "a rule has no title"),
    ("a story without steps", STORIES, "  - story: A new story", 0, "'A new story' has no steps"),
    ("a story with empty steps", STORIES, "  - story: A new story\n    steps: []", 1, "'A new story' has no steps"),
    ("steps that are a text", STORIES, "  - story: A new story\n    steps: greet", 1, "'A new story' has no steps"),
    ("a step that is a text", STORIES, STORY + "      - intent greet\n      - action: say_greet", 2, "the step 'intent greet' is not understood"),
    ("a misspelt step", STORIES, STORY + "      - intnet: greet\n      - action: say_greet", 2, "a step has no 'intnet'"),
    ("a patient's words in a story", STORIES, STORY + "      - user: hello\n      - action: say_greet", 2, "a step has no 'user'"),
    ("an unknown intent among several", STORIES, STORY + "      - or:\n          - intent: greet\n          - intent: gret\n      - action: say_greet", 4, "the intent 'gret' is not in domain.yml"),
    ("words between the stories", STORIES, "  - just some words", 0, "this is no block of stories:"),
    ("words between the rules", RULES, "  - just some words", 0, "this is no block of rules:"),
]


@pytest.mark.parametrize(("file", "text", "below", "message"), [row[1:] for row in TURNS], ids=[row[0] for row in TURNS])
def test_one_mistake_in_a_story_or_rule_gives_exactly_its_finding(root: Path, file: str, text: str, below: int, message: str) -> None:
    line = append(root / file, text)
    expect(check_all(root), file, line + below, message)


@pytest.mark.parametrize("step", ["- action: say_greet", "- action: action_restart", "- or:\n          - intent: greet\n          - intent: thank\n      - action: say_greet"])
def test_a_story_may_use_entries_and_silent_actions(root: Path, step: str) -> None:
    append(root / STORIES, STORY + f"      - intent: affirm\n      {step}")
    assert check_all(root) == []


def test_every_limit_belongs_to_a_rule_and_no_question_does() -> None:
    assert LIMITS and {ruled_action(intent) for intent in LIMITS} == {LIMIT_ACTION}
    assert all(ruled_action(intent) == action for intent, action in RULED.items())
    asked = {e.intent_name for e in KNOWLEDGE.entries.values() if e.kind == "faq" and e.intent_name}
    assert asked and {ruled_action(intent) for intent in asked} == {None}


@pytest.mark.parametrize("intent", sorted(ALL_RULED))
def test_a_story_may_not_change_what_a_rule_decides(root: Path, intent: str) -> None:
    line = append(root / STORIES, STORY + f"      - intent: {intent}\n      - action: say_greet")
    expect(check_all(root), STORIES, line + 2, f"a story cannot change what happens at '{intent}'")


@pytest.mark.parametrize("intent", sorted(ALL_RULED))
def test_a_story_may_go_through_a_turn_as_its_rule_has_it(root: Path, intent: str) -> None:
    append(root / STORIES, STORY + f"      - intent: {intent}\n      - action: {ALL_RULED[intent]}")
    assert check_all(root) == []


def test_a_story_may_not_end_on_a_ruled_turn_nor_hide_it_among_others(root: Path) -> None:
    line = append(root / STORIES, STORY + "      - or:\n          - intent: greet\n          - intent: erase\n      - action: say_greet")
    expect(check_all(root), STORIES, line + 2, "a story cannot change what happens at 'erase'")
    replace(root / STORIES, "      - action: say_greet\n", "")
    expect(check_all(root), STORIES, line + 2, "a story cannot change what happens at 'erase'")


def test_a_title_that_stands_twice_names_the_other(root: Path) -> None:
    text = STORY + "      - intent: greet\n      - action: say_greet"
    first = append(root / STORIES, text)
    second = append(root / STORIES, text)
    expect(check_all(root), STORIES, second, f"'A new story' stands twice ({STORIES}:{first})")


def test_a_story_may_not_have_the_title_of_a_rule(root: Path) -> None:
    line = append(root / STORIES, "  - story: Results are never judged\n    steps:\n      - intent: greet\n      - action: say_greet")
    expect(check_all(root), STORIES, line, "'Results are never judged' stands twice")


@pytest.mark.parametrize("intent", sorted(ALL_RULED))
def test_every_turn_that_belongs_to_a_rule_needs_its_rule(root: Path, intent: str) -> None:
    path = root / RULES
    path.write_text(path.read_text(encoding="utf-8").replace(f"- intent: {intent}\n", "- intent: greet\n"), encoding="utf-8")
    expect(check_all(root), "data/rules", 0, f"no rule decides what happens at '{intent}'")


def test_a_new_limit_needs_a_rule_of_its_own(root: Path) -> None:
    replace(root / DOMAIN, "intents:\n", "intents:\n  - limit_zyx: {use_entities: []}\n")
    append(root / TALK, "\n- intent: limit_zyx\n  examples: |\n" + "\n".join(f"    - zyx {n}" for n in range(MIN_EXAMPLES)))
    expect(check_all(root), "data/rules", 0, "no rule decides what happens at 'limit_zyx'")
    append(root / RULES, RULE + "      - intent: limit_zyx\n      - action: action_limit")
    assert check_all(root) == []


HIDDEN = [
    ("in a folder below", "data/stories/more/new.yml", "stories:\n" + STORY + "      - intent: greet\n      - action: utter_yes\n", 5),
    ("with another ending", "data/stories/new.yaml", "stories:\n" + STORY + "      - intent: greet\n      - action: utter_yes\n", 5),
    ("among the rules", "data/rules/new.yml", "stories:\n" + STORY + "      - intent: greet\n      - action: utter_yes\n", 5),
    ("among the examples", "data/nlu/new.yml", "rules:\n" + RULE + "      - intent: greet\n      - action: utter_yes\n", 5),
    ("beside examples", TALK, None, 4),
]


@pytest.mark.parametrize(("file", "text", "line"), [row[1:] for row in HIDDEN], ids=[row[0] for row in HIDDEN])
def test_a_turn_is_checked_wherever_rasa_would_read_it(root: Path, file: str, text: str | None, line: int) -> None:
    path = root / file
    path.parent.mkdir(exist_ok=True)
    if text is None:
        line += append(path, "stories:\n" + STORY + "      - intent: greet\n      - action: utter_yes")
    else:
        path.write_text(text, encoding="utf-8")
    expect(check_all(root), file, line, "'utter_yes' would say something past the reply builder")


# the domain


def test_responses_in_the_domain_are_refused(root: Path) -> None:
    line = append(root / DOMAIN, "responses:\n  utter_yes:\n    - text: You can have a massage.")
    expect(check_all(root), DOMAIN, line, "responses: would say something past the reply builder")


@pytest.mark.parametrize("file", [BENEFITS, RULES, STORIES])
def test_responses_in_training_data_are_refused(root: Path, file: str) -> None:
    line = append(root / file, "responses:\n  utter_yes:\n    - text: You can have a massage.")
    expect(check_all(root), file, line, "responses: would say something past the reply builder")


def test_an_intent_that_is_missing_in_the_domain_is_told_wherever_it_is_used(root: Path) -> None:
    replace(root / DOMAIN, "  - ask_pain: {use_entities: []}\n", "")
    problems = check_all(root)
    examples = line_of(root / BENEFITS, "- intent: ask_pain")
    entry = line_of(root / PAIN, "- id: pain")
    assert [(p.file, p.line) for p in problems] == [(PAIN, entry), (BENEFITS, examples)]
    assert all("ask_pain" in p.message and "is not in domain.yml" in p.message for p in problems)
    assert "add '- ask_pain: {use_entities: []}' under intents:" in problems[0].remedy


def test_a_kind_of_thing_that_is_no_entity_is_told_once(root: Path) -> None:
    replace(root / DOMAIN, "  - condition\n", "")
    expect(check_all(root), DOMAIN, line_of(root / DOMAIN, "entities:"), "the kind 'condition' is not an entity")


def test_an_intent_may_lead_to_one_entry_only(root: Path) -> None:
    path = root / "data/knowledge/talk.yml"
    set_field(path, "thank", "intent", "greet")
    expect(check_all(root), "data/knowledge/talk.yml", line_of(path, "- id: thank"), "the intent greet leads to greet already")


@pytest.mark.parametrize("key", ["intents", "entities", "actions"])
@pytest.mark.parametrize("value", ["5", "text", "{a: b}", ""])
def test_a_list_of_the_domain_that_is_none_is_told_first(root: Path, key: str, value: str) -> None:
    path = root / DOMAIN
    text = path.read_text(encoding="utf-8")
    start = text.index(f"\n{key}:") + 1
    end = next((i for i in range(start + 1, len(text)) if text[i - 1] == "\n" and text[i].isalpha()), len(text))
    path.write_text(f"{text[:start]}{key}: {value}\n{text[end:]}", encoding="utf-8")
    found = [p for p in check_all(root) if p.file == DOMAIN]
    assert f"{key}: is missing or is not a list" in found[0].message and found[0].line == line_of(path, f"{key}: {value}")


@pytest.mark.parametrize("content", ["", "- a\n", "text\n"])
def test_a_domain_that_is_none_gives_one_finding(root: Path, content: str) -> None:
    (root / DOMAIN).write_text(content, encoding="utf-8")
    expect(check_all(root), DOMAIN, 1, "the file holds no domain")


# examples

MORE = "\n- intent: greet\n  examples: |\n"
EXAMPLES = [
    ("an example that stands twice", MORE + "    - zyx one\n    - zyx one", 4, "the example 'zyx one' stands twice (data/nlu/talk.yml:"),
    ("an example in other letters", MORE + "    - zyx one\n    - ZYX  One", 4, "the example 'ZYX  One' stands twice"),
    ("an example of another intent", MORE + "    - goodbye", 3, "the example 'goodbye' stands twice (data/nlu/talk.yml:"),
    ("an unknown intent", "\n- intent: gret\n  examples: |\n    - zyx", 1, "the intent 'gret' is not in domain.yml"),
    ("an intent that is a list", "\n- intent: [greet]\n  examples: |\n    - zyx", 1, "the intent '['greet']' is not in domain.yml"),
    ("an intent set by the program", "\n- intent: urgent\n  examples: |\n    - zyx", 1, "'urgent' is set by the program and has no examples"),
    ("examples that are a list", "\n- intent: greet\n  examples:\n    - zyx one\n    - zyx two", 2, "the examples of 'greet' are not a block of text"),
    ("no examples", "\n- intent: greet", 1, "the examples of 'greet' are not a block of text"),
    ("a line without dash", MORE + "    - zyx one\n    zyx two", 4, "'zyx two' does not start with '- '"),
    ("words between the intents", "- just some words", 0, "this is no block of nlu:"),
    ("a part that nothing reads", "lookups:\n  - a", 0, "nothing reads 'lookups:'"),
]


@pytest.mark.parametrize(("text", "below", "message"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES])
def test_one_mistake_in_the_examples_gives_exactly_its_finding(root: Path, text: str, below: int, message: str) -> None:
    line = append(root / TALK, text)
    expect(check_all(root), TALK, line + below, message)


def test_synonyms_and_lookups_beside_the_intents_are_no_finding(root: Path) -> None:
    append(root / TALK, "\n- synonym: chemo\n  examples: |\n    - kemo\n    - kemo")
    assert check_all(root) == []


def test_an_example_of_another_file_that_stands_twice_names_that_file(root: Path) -> None:
    line = append(root / TALK, "\n- intent: greet\n  examples: |\n    - zyx one")
    (root / "data/nlu/zzz.yml").write_text("nlu:\n- intent: thank\n  examples: |\n    - zyx one\n", encoding="utf-8")
    expect(check_all(root), "data/nlu/zzz.yml", 4, f"the example 'zyx one' stands twice ({TALK}:{line + 3})")


@pytest.mark.parametrize("count", [0, 1, MIN_EXAMPLES - 1])
def test_an_intent_with_too_few_examples_is_told_with_their_number(root: Path, count: int) -> None:
    replace(root / DOMAIN, "intents:\n", "intents:\n  - zyx\n")
    append(root / TALK, "\n- intent: zyx\n  examples: |\n" + "\n".join(f"    - zyx {n}" for n in range(count)) if count else "")
    expect(check_all(root), "data/nlu", 0, f"the intent 'zyx' has {count} examples")


def test_an_intent_with_just_enough_examples_is_no_finding(root: Path) -> None:
    replace(root / DOMAIN, "intents:\n", "intents:\n  - zyx\n")
    append(root / TALK, "\n- intent: zyx\n  examples: |\n" + "\n".join(f"    - zyx {n}" for n in range(MIN_EXAMPLES)))
    assert check_all(root) == []


def test_every_intent_that_the_program_sets_is_in_the_domain() -> None:
    domain, _ = read_yaml(ROOT / DOMAIN)
    assert {next(iter(i)) for i in domain["intents"]} >= SET_INTENTS | set(RULED)


@pytest.mark.parametrize("value", ["nlu: 5", "nlu: text", "nlu: {a: b}", "stories: true", "rules: 9"])
def test_a_part_that_is_no_list_is_told(root: Path, value: str) -> None:
    (root / "data/nlu/zzz.yml").write_text(f"version: '3.1'\n{value}\n", encoding="utf-8")
    expect(check_all(root), "data/nlu/zzz.yml", 2, f"{value.split(':')[0]}: is not a list")


@pytest.mark.parametrize("content", ["- a\n", "text\n"])
def test_a_training_file_without_any_part_is_told(root: Path, content: str) -> None:
    (root / "data/stories/zzz.yml").write_text(content, encoding="utf-8")
    expect(check_all(root), "data/stories/zzz.yml", 1, "the file has no nlu:, rules: or stories:")


# files that Rasa would take for its own, or that nothing reads


@pytest.mark.parametrize("key", ["rules", "stories", "nlu", "responses", "intents", "slots", "forms", "actions", "entities"])
def test_a_key_of_rasa_outside_its_folders_is_told(root: Path, key: str) -> None:
    path = root / "data" / "notes.yml"
    path.write_text(f"# notes\na: b\n{key}: []\n", encoding="utf-8")
    expect(check_all(root), "data/notes.yml", 3, f"the key '{key}:' makes Rasa take this file for its own")


def test_a_line_of_a_text_that_begins_like_a_key_of_rasa_is_told(root: Path) -> None:
    path = root / "data/knowledge/talk.yml"
    set_field(path, "thank", "facts", ">-\n    You are welcome, and the\n    actions: they help.")
    expect(check_all(root), "data/knowledge/talk.yml", line_of(path, "actions:"), "the key 'actions:' makes Rasa take this file for its own")


def test_a_key_of_rasa_as_a_field_of_an_entry_is_told_by_both_rules(root: Path) -> None:
    line = set_field(root / PAIN, "pain", "responses", "[a]")
    expect(check_all(root), PAIN, line, "an entry has no 'responses'", "the key 'responses:' makes Rasa take")


def test_a_word_that_only_contains_a_key_is_no_finding(root: Path) -> None:
    (root / "data" / "notes.yml").write_text("# rules: none\nmy_rules: 1\nrules_of: [stories]\n", encoding="utf-8")
    assert check_all(root) == []


@pytest.mark.parametrize("name", ["more.yaml", "below/more.yml"])
def test_a_knowledge_file_that_nothing_reads_is_told(root: Path, name: str) -> None:
    path = root / "data/knowledge" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("- id: x\n", encoding="utf-8")
    expect(check_all(root), f"data/knowledge/{name}", 0, "nothing reads this file")


def test_a_json_file_that_rasa_might_take_is_told(root: Path) -> None:
    (root / "data/nlu/old.json").write_text('{"rasa_nlu_data": {}}', encoding="utf-8")
    expect(check_all(root), "data/nlu/old.json", 0, "Rasa may take a .json file")


def test_a_folder_with_the_name_of_a_file_is_no_traceback(root: Path) -> None:
    (root / "data/nlu/folder.yml").mkdir()
    (root / "data/knowledge/folder.yml").mkdir()
    assert {p.file for p in check_all(root)} <= {"data/knowledge/folder.yml"}


# red flags


def test_a_red_flag_that_does_not_exist_is_told_at_the_entry(root: Path) -> None:
    path = root / PLATELETS
    set_field(path, "low_platelets", "when", "[{recent: true, verdict: URGENT, red_flag: R99}]")
    expect(check_all(root), PLATELETS, line_of(path, "- id: low_platelets"), "the red flag R99 is not in red_flags.yml")


def test_a_red_flag_of_an_entry_itself_that_does_not_exist_is_told(root: Path) -> None:
    path = root / CLOT
    set_field(path, "clot_signs", "red_flag", "R99")
    expect(check_all(root), CLOT, line_of(path, "- id: clot_signs"), "the red flag R99 is not in red_flags.yml")


@pytest.mark.parametrize(
    ("content", "line"),
    [(None, 1), ("", 1), ("- a\n", 1), ("flags: []\n", 1), ("words: {}\nflags: [\n", None), ("words: {}\nflags: &a []\n", None), ("flags: 5\nwords: 5\n", None)],
)
def test_red_flags_that_cannot_be_used_are_told_without_a_traceback(root: Path, content: str | None, line: int | None) -> None:
    path = root / FLAGS
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    problems = check_all(root)
    assert problems and {p.file for p in problems} == {FLAGS}
    assert all(p.message and p.remedy for p in problems) and (line is None or problems[0].line == line)


def test_missing_red_flags_are_told_once(root: Path) -> None:
    (root / FLAGS).unlink()
    expect(check_all(root), FLAGS, 1, "the file is missing")


# missing and broken files

FILES = [DOMAIN, CLINIC, RULES, BENEFITS, PAIN]
BESIDE = ("limits.yml", "reminders.yml", "sources.yml", "certainty.yml", "clinical_questions.yml")


@pytest.mark.parametrize("file", [DOMAIN, CLINIC, "data/evidence.yml", "data/spelling.yml", *(f"data/knowledge/{name}" for name in BESIDE)])
def test_a_missing_file_is_told_once(root: Path, file: str) -> None:
    (root / file).unlink()
    # The family and the levels that everything needs are missing then too, and say so.
    about = [p for p in check_all(root) if p.file == file and not ("any_massage" in p.message or "the level" in p.message)]
    assert [(p.line, p.message) for p in about] == [(0, "the file is missing")] and "git" in about[0].remedy


def test_missing_rules_are_told_by_the_turns_they_decide(root: Path) -> None:
    shutil.rmtree(root / "data/rules")
    assert [p.message for p in check_all(root)] == [f"no rule decides what happens at '{intent}'" for intent in sorted(ALL_RULED)]


def test_missing_examples_are_told_by_the_intents_they_teach(root: Path) -> None:
    shutil.rmtree(root / "data/nlu")
    problems = check_all(root)
    assert problems and all("has 0 examples" in p.message for p in problems)


def test_stories_are_not_needed(root: Path) -> None:
    shutil.rmtree(root / "data/stories")
    assert check_all(root) == []


def test_an_empty_folder_gives_findings_and_no_traceback(tmp_path: Path) -> None:
    problems = check_all(tmp_path)
    assert {DOMAIN, CLINIC, FLAGS} <= {p.file for p in problems}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("text", "message"),
    [('zyx: "no end', "YAML:"), ("zyx: &anchor b", "anchors (&)"), ("zyx: *alias", "anchors (&)"), ("zyx: !tag b", "anchors (&)"), ("\tzyx: b", "YAML:")],
)
def test_yaml_that_is_broken_or_not_plain_is_told_once_with_its_line(root: Path, file: str, text: str, message: str) -> None:
    line = append(root / file, text)
    about = [p for p in check_all(root) if p.file == file and ("YAML" in p.message or "anchors" in p.message)]
    assert len(about) == 1 and (message in about[0].message or "YAML" in about[0].message)
    assert abs(about[0].line - line) <= 1 and about[0].remedy


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_not_utf_8_is_told_once(root: Path, file: str) -> None:
    (root / file).write_bytes("name: Zürich".encode("latin-1"))
    about = [p for p in check_all(root) if p.file == file and "any_massage" not in p.message]
    assert [p.message.split(" (")[0] for p in about] == ["the file is not UTF-8 text"]


def test_a_word_that_readers_disagree_on_is_told_in_training_data(root: Path) -> None:
    line = append(root / STORIES, STORY + "      - slot_was_set:\n          - pending_offer: no\n      - intent: deny\n      - action: say_greet")
    expect(check_all(root), STORIES, line + 3, "no without quotes means different things")


def test_the_clinics_mode_decides_about_reviews(root: Path) -> None:
    replace(root / CLINIC, "mode: demo", "mode: pilot")
    assert check_all(root) == []
    replace(root / CLINIC, "mode: pilot", "mode: production")
    messages = [p.message for p in check_all(root)]
    assert any("invented numbers" in m for m in messages)


def test_production_refuses_unsigned_entries_of_a_clinic_that_is_in_order(root: Path) -> None:
    replace(root / CLINIC, "mode: demo", "mode: production")
    replace(root / CLINIC, "fictional: true\n", "")
    messages = [p.message for p in check_all(root)]
    assert messages and all("no clinician has signed it" in m for m in messages)


def test_findings_of_every_part_come_together(root: Path) -> None:
    replace(root / CLINIC, "mode: demo", "mode: live")
    append(root / DOMAIN, "responses: {utter_a: []}")
    append(root / STORIES, STORY + "      - intent: greet\n      - action: utter_a")
    set_field(root / PAIN, "pain", "short", "It is fine.")
    append(root / TALK, "\n- intent: gret\n  examples: |\n    - zyx")
    set_field(root / PLATELETS, "low_platelets", "evidence", "['2.1-10']")
    plant(root, "actions/extra.py", 'TEXT = "Massage may ease your pain."\n')
    # A clinic that cannot be used has no words to measure our sentences with; those findings are not ours here.
    files = [p.file for p in check_all(root) if not ("words is too long" in p.message or "reads at US grade" in p.message)]
    assert files == [CLINIC, PAIN, DOMAIN, STORIES, TALK, "data/evidence.yml", "actions/extra.py"]


def test_a_mistake_in_the_clinics_file_gives_its_finding_and_no_others(root: Path) -> None:
    replace(root / CLINIC, "mode: demo", "mode: live")
    expect(check_all(root), CLINIC, line_of(root / CLINIC, "mode:"), "mode is 'live'")


def test_a_pilot_clinic_that_leaves_everything_empty_gives_no_findings(root: Path) -> None:
    (root / CLINIC).write_text("name: Riverbank\nmode: pilot\nspelling: en-GB\ntimezone: Europe/London\n", encoding="utf-8")
    assert check_all(root) == []


# entries that nothing reaches, items that nothing says

NEW = "- id: zyx\n  kind: smalltalk\n  title: A new entry\n  evidence: ['6.1']\n  facts: [You are welcome.]"


def test_an_entry_that_nothing_leads_to_is_told(root: Path) -> None:
    line = append(root / "data/knowledge/talk.yml", NEW)
    expect(check_all(root), "data/knowledge/talk.yml", line, "zyx: nothing can reach it")


REACHED = {
    "an intent": lambda root: (
        append(root / "data/knowledge/talk.yml", "  intent: zyx"), replace(root / DOMAIN, "intents:\n", "intents:\n  - zyx: {use_entities: []}\n"),
        append(root / TALK, "\n- intent: zyx\n  examples: |\n" + "\n".join(f"    - zyx {n}" for n in range(MIN_EXAMPLES))),
    ),
    "an offer": lambda root: set_field(root / "data/knowledge/talk.yml", "greet", "offers", "[zyx]"),
    "a next question": lambda root: set_field(root / PAIN, "pain", "related", "[why_ask, zyx]"),
    "a story": lambda root: append(root / STORIES, STORY + "      - intent: greet\n      - action: say_zyx"),
    "a rule": lambda root: append(root / RULES, RULE + "      - intent: greet\n      - action: say_zyx"),
}  # fmt: skip


@pytest.mark.parametrize("way", REACHED)
def test_an_entry_is_reached_by(root: Path, way: str) -> None:
    append(root / "data/knowledge/talk.yml", NEW)
    REACHED[way](root)
    assert check_all(root) == []


def test_a_new_limit_without_its_intent_in_the_domain_is_told_there(root: Path) -> None:
    line = append(root / "data/knowledge/talk.yml", NEW.replace("smalltalk", "boundary"))
    expect(check_all(root), "data/knowledge/talk.yml", line, "zyx: its intent limit_zyx is not in domain.yml")


def test_an_entry_that_an_action_says_by_its_id_is_reached() -> None:
    """These have no intent, and nothing offers them: the code says them, and `make check` reads the code."""
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "actions").glob("*.py"))
    said = [e.id for e in KNOWLEDGE.entries.values() if not e.is_thing and not e.intent_name and f'"{e.id}"' in code]
    assert {"unclear", "clarify", "nothing_offered"} <= set(said)


def test_an_item_of_the_evidence_base_that_no_entry_says_is_told(root: Path) -> None:
    append(root / "data/evidence.yml", "- {item: '2.1-99', title: A new situation}")
    problems = check_all(root)
    expect(problems, "data/evidence.yml", 0, "no entry says 2.1-99: A new situation")
    set_field(root / PAIN, "pain", "evidence", "['1 A-01', '1 B-03', '4.1 pain', '2.1-99']")
    assert check_all(root) == []


def test_every_item_that_an_entry_alone_says_is_missed_without_it(root: Path) -> None:
    items, _ = read_items(root / "data/evidence.yml")
    alone = [i for i in KNOWLEDGE.entry("low_platelets").evidence if i in items and not any(i in e.evidence for e in KNOWLEDGE.entries.values() if e.id != "low_platelets")]
    assert alone
    set_field(root / PLATELETS, "low_platelets", "evidence", "['2.1-10']")
    assert [p.message.split(":")[0] for p in check_all(root)] == [f"no entry says {item}" for item in items if item in alone]


# health information outside the knowledge base

CLAIM = "Massage may ease your pain."
ACTION, TEMPLATE = "actions/answer.py", "askfirst/pages/templates/topic.html"


def plant(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def planted(root: Path, name: str, text: str) -> tuple[list[Problem], int]:
    """The findings on a copy of one of our files with a text at its end, and the text's line."""
    path = plant(root, name, (ROOT / name).read_text(encoding="utf-8"))
    line = append(path, text)
    return stray_texts(root), line


def test_our_own_code_and_templates_hold_no_health_information() -> None:
    assert stray_texts(ROOT) == []
    assert all((ROOT / name).is_file() for name in BUILDERS), "an exception for a file that is gone would hide the next one of its name"


STRAY = [
    ("a sentence in an action", ACTION, f'EXTRA = "{CLAIM}"', 0),
    ("a sentence in a function of an action", ACTION, f'\n\ndef extra() -> str:\n    """What it does."""\n    return "{CLAIM}"', 4),
    ("a sentence in parts", ACTION, 'EXTRA = (\n    "Massage may "\n    "ease your pain."\n)', 1),
    ("a sentence among others", ACTION, f'EXTRA = "Hello. {CLAIM} Goodbye."', 0),
    ("a sentence in a block of values", ACTION, f'EXTRA = {{"say": ["{CLAIM}"]}}', 0),
    ("a ban", ACTION, 'EXTRA = "No deep massage with low platelets."', 0),
    ("a sentence in a template", TEMPLATE, f"<p>{CLAIM}</p>", 0),
    ("a sentence with markup in it", TEMPLATE, "<p>Massage <strong>may</strong> ease your <em>pain</em>.</p>", 0),
    ("a sentence after a question", TEMPLATE, f"<p>Does it help? {CLAIM}</p>", 0),
    ("a sentence that the template computes", TEMPLATE, f'<p>{{{{ "{CLAIM}" }}}}</p>', 0),
    ("a sentence after a comment over several lines", TEMPLATE, f"{{# one\ntwo #}}\n<p>{CLAIM}</p>", 2),
]


@pytest.mark.parametrize(("name", "text", "below"), [row[1:] for row in STRAY], ids=[row[0] for row in STRAY])
def test_health_information_planted_outside_the_knowledge_base_is_found(tmp_path: Path, name: str, text: str, below: int) -> None:
    problems, line = planted(tmp_path, name, text)
    expect(problems, name, line + below, "this tells patients something about massage outside the knowledge base")


NO_STRAY = [
    ("a question in an action", ACTION, 'EXTRA = "May massage ease your pain?"'),
    ("a comment in an action", ACTION, f"# {CLAIM}"),
    ("what a function says of itself", ACTION, f'\n\ndef extra() -> None:\n    """{CLAIM}"""'),
    ("a few words", ACTION, 'EXTRA = "massage pain relieves"'),
    ("words about something else", ACTION, 'EXTRA = "A rule may cause what a story says."'),
    ("words that claim nothing", ACTION, 'EXTRA = "General information about massage in medical care."'),
    ("a question in a template", TEMPLATE, "<p>May massage ease your pain?</p>"),
    ("a comment in a template", TEMPLATE, f"{{# {CLAIM} #}}"),
    ("a comment over several lines", TEMPLATE, f"{{# one\n{CLAIM}\n#}}"),
    ("a comment of the page", TEMPLATE, f"<!-- {CLAIM} -->"),
]


@pytest.mark.parametrize(("name", "text"), [row[1:] for row in NO_STRAY], ids=[row[0] for row in NO_STRAY])
def test_questions_comments_and_other_words_are_left_alone(tmp_path: Path, name: str, text: str) -> None:
    assert planted(tmp_path, name, text)[0] == []


@pytest.mark.parametrize(("name", "text"), [(TEMPLATE, "<p>Massage during treatment\nmay ease your pain.</p>"), (ACTION, 'EXTRA = f"Massage for {ACTION} may ease your pain."')])
def test_health_information_over_two_lines_or_around_a_value_is_found(tmp_path: Path, name: str, text: str) -> None:
    assert len(planted(tmp_path, name, text)[0]) == 1


def test_a_code_file_that_is_broken_is_a_finding_and_no_traceback(tmp_path: Path) -> None:
    assert len(planted(tmp_path, ACTION, "def (:")[0]) == 1


def test_the_reply_builder_itself_may_say_no_massage(tmp_path: Path) -> None:
    assert planted(tmp_path, BUILDERS[0], 'EXTRA = "No deep massage with low platelets."')[0] == []


def test_a_new_file_of_code_is_read_wherever_it_lies(root: Path) -> None:
    plant(root, "askfirst/some/where/new.py", f'TEXT = "{CLAIM}"\n')
    plant(root, "askfirst/some/where/new.html", f"<p>{CLAIM}</p>\n")
    plant(root, "actions/notes.txt", CLAIM)
    assert [(p.file, p.line) for p in check_all(root)] == [("askfirst/some/where/new.html", 1), ("askfirst/some/where/new.py", 1)]


@pytest.mark.parametrize("text", ["Deep tissue is not safe on treatment.", "Do not rub a sore leg.", "A light touch can help you sleep.", "Hello\nRubbing it relieves pain, says nobody."])
def test_sentences_that_tell_something_about_massage(text: str) -> None:
    assert is_health_text(text)


@pytest.mark.parametrize("text", ["", "Massage", "Is massage safe on treatment?", "Call the clinic now.", "I can answer what you ask about massage.", "Massage\nmay ease pain"])
def test_sentences_that_tell_nothing_about_massage(text: str) -> None:
    assert not is_health_text(text)


def test_a_component_that_needs_tensorflow_is_told(root: Path) -> None:
    replace(root / "config.yml", "pipeline:\n", "pipeline:\n  - name: DIETClassifier\n")
    expect(check_all(root), "config.yml", 0, "DIETClassifier")


def test_a_missing_configuration_is_told_once(root: Path) -> None:
    (root / "config.yml").unlink()
    expect(check_all(root), "config.yml", 0, "the file is missing")


# whatever is done to the files


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("scratch") / "root")


DAMAGE: dict[str, Callable[[list[str], int, int], list[str]]] = {
    "deleted": lambda lines, at, seed: [],
    "doubled": lambda lines, at, seed: [lines[at], lines[at]],
    "garbled": lambda lines, at, seed: [garbled(lines[at], seed)],
    "moved in": lambda lines, at, seed: [f"  {lines[at]}"],
}


@given(file=st.sampled_from([DOMAIN, CLINIC, *TRAINING, FLAGS]), at=st.integers(0, 10_000), what=st.sampled_from(sorted(DAMAGE)), seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.slow
def test_no_line_deleted_doubled_or_garbled_makes_the_check_fail(scratch: Path, file: str, at: int, what: str, seed: int) -> None:
    before = (scratch / file).read_text(encoding="utf-8")
    lines = before.split("\n")
    at %= len(lines)
    lines[at : at + 1] = DAMAGE[what](lines, at, seed)
    try:
        (scratch / file).write_text("\n".join(lines), encoding="utf-8")
        problems = check_all(scratch)
        assert all(p.message and p.remedy and p.line >= 0 and not p.file.startswith("/") for p in problems)
    finally:
        (scratch / file).write_text(before, encoding="utf-8")
