"""The content scenarios themselves: one for every entry at least, and none that copies what the assistant was made from."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from askfirst.content.evidence import coverage, coverage_table, read_items, with_table
from askfirst.content.knowledge import load_knowledge
from askfirst.content.yaml_file import PARSER
from tests.scenarios import load

ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE = load_knowledge(ROOT / "data" / "knowledge", ROOT)
CONTENT = [s for s in load() if s.entry]
# Turns of a conversation that other scenario files play; the last ones are reached through the screen or a button only.
ELSEWHERE = {e.id for e in KNOWLEDGE.entries.values() if e.kind in ("smalltalk", "menu", "handoff", "fallback", "clarify")} | {"out_of_scope"}


def plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def examples() -> set[str]:
    found = set()
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=PARSER)["nlu"]:
            found |= {plain(line.removeprefix("- ")) for line in block["examples"].split("\n") if line.startswith("- ")}
    return found


@pytest.mark.parametrize("entry_id", [e for e in KNOWLEDGE.entries if e not in ELSEWHERE])
def test_every_entry_has_a_scenario_that_is_answered_as_asked(entry_id: str) -> None:
    own = [s for s in CONTENT if s.entry == entry_id]
    assert own, "write a scenario for it, by somebody who has not seen its text"
    assert [s for s in own if not s.known_miss], "none of its scenarios is answered as asked"


def test_no_message_is_a_name_a_description_or_a_training_example() -> None:
    taken = examples()
    for entry in KNOWLEDGE.entries.values():
        taken |= {plain(t) for t in (*entry.names, *entry.said_like, entry.title, entry.phrase, *entry.facts)}
    copied = [t["patient"] for s in CONTENT for t in s.turns if plain(t["patient"]) in taken and len(t["patient"].split()) > 1]
    assert not copied


def test_scenarios_name_entries_that_exist() -> None:
    known = set(KNOWLEDGE.entries)
    assert {s.entry for s in CONTENT} <= known
    assert {topic for s in CONTENT for t in s.turns for topic in t["reply"].get("topics") or ()} <= known


def test_known_misses_stay_few_and_say_why() -> None:
    missed = [s for s in CONTENT if s.known_miss]
    assert all(len(str(s.known_miss)) > 10 for s in missed)
    alarms = [s for s in missed if "false alarm" in str(s.known_miss)]
    assert len(missed) - len(alarms) <= len(CONTENT) // 4, "see docs/eval.md"
    assert len(alarms) <= len(CONTENT) // 20, "see docs/safety/evaluation.md"


def test_the_table_of_the_documentation_is_in_step_and_complete() -> None:
    """`python -m askfirst coverage --write` makes it; 42 claims, 112 situations, 125 questions and 23 refusals."""
    items, problems = read_items(ROOT / "data" / "evidence.yml", ROOT)
    assert not problems
    count = Counter(item.split(" ")[0].split(".")[0].split("-")[0] for item in items)
    assert count == {"1": 42, "2": 112, "4": 125, "5": 23}
    assert all(coverage(items, KNOWLEDGE).values())
    page = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")
    assert with_table(page, coverage_table(items, KNOWLEDGE)) == page
