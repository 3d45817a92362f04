"""data/knowledge: loading, the compiled form, and every rule that `make check` holds it to, each broken once in a copy."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from dataclasses import replace as with_fields
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.content.clinic import NEUTRAL, Clinic, Phone, load_clinic
from askfirst.content.evidence import coverage, listed, read_items
from askfirst.content.knowledge import (
    HEALTH_KINDS,
    SPECIAL_FILES,
    Knowledge,
    Limit,
    Watch,
    load_knowledge,
    read_knowledge,
)
from askfirst.content.lint import asks, banned_words, figures, grade, long_sentences, words
from askfirst.content.problems import ContentError, Problem
from askfirst.content.validate import MAX_ALWAYS, MAX_FACTS, MAX_GRADE, MAX_SENTENCE, MAX_SHORT, check_knowledge
from tests.edits import append, expect, line_of, replace, set_field
from tests.harness import ROOT

# Beside data/knowledge: the list of the evidence base's items and the table of spellings, which entries are held to.
BESIDE = ("evidence.yml", "spelling.yml")
# One copy of the content as it stands now, so that an edit while the tests run cannot make them disagree.
_TEMPORARY = tempfile.TemporaryDirectory(prefix="askfirst-knowledge-")
NOW = Path(_TEMPORARY.name)
REAL = NOW / "data" / "knowledge"
shutil.copytree(ROOT / "data", NOW / "data")
KNOWLEDGE = load_knowledge(REAL, NOW)
# Its words fill the slots when sentences are measured, as in `make check`.
CLINIC = load_clinic(NOW / "data" / "clinic.yml", NOW)


def copied(target: Path) -> Path:
    """A copy of the real knowledge base and of what stands beside it. Returns: the copy's root."""
    shutil.copytree(REAL, target / "data" / "knowledge")
    for name in BESIDE:
        shutil.copy(NOW / "data" / name, target / "data" / name)
    return target


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path)


def folder(root: Path) -> Path:
    return root / "data" / "knowledge"


def file_of(root: Path, entry: str) -> Path:
    """The file of the copy in which an entry stands."""
    return root / KNOWLEDGE.entry(entry).file


def findings(root: Path, mode: str = "demo", clinic: Clinic | None = CLINIC) -> list[Problem]:
    return check_knowledge(folder(root), root, mode == "production", clinic)[1]


def told(problems: list[Problem]) -> str:
    return "\n".join(str(problem) for problem in problems)


# the real data


@pytest.mark.parametrize("mode", ["demo", "pilot", None])
def test_the_real_knowledge_base_gives_no_findings(mode: str | None) -> None:
    knowledge, problems = check_knowledge(REAL, NOW, mode == "production", CLINIC)
    assert not problems, told(problems)
    assert knowledge == KNOWLEDGE


@pytest.mark.parametrize("clinic", [None, Clinic("Riverbank", "pilot", "", "en-GB", "Europe/London"), Clinic("Riverbank", "pilot", "US", "en-US", "America/New_York")])
def test_our_texts_suit_every_clinic_that_may_be_set_up(clinic: Clinic | None) -> None:
    """`make setup` takes a clinic that leaves every phone empty; what it then cannot change must not be its finding."""
    problems = check_knowledge(REAL, NOW, False, clinic)[1]
    assert not problems, told(problems)


def test_every_item_of_the_evidence_base_is_said_and_every_reference_to_one_leads_somewhere() -> None:
    items, problems = read_items(NOW / "data" / "evidence.yml", NOW)
    assert not problems and {item.split(".")[0].split(" ")[0] for item in items} == {"1", "2", "4", "5"}
    assert [item for item, entries in coverage(items, KNOWLEDGE).items() if not entries] == []
    assert [(e.id, r) for e in KNOWLEDGE.entries.values() for r in e.evidence if listed(r) and r not in items] == []


def test_what_a_reviewer_signs_has_a_block_to_be_signed_in() -> None:
    """`askfirst review` lists the boundaries too; without the block a list that is signed throughout is refused as a whole."""
    signed = [e for e in KNOWLEDGE.entries.values() if e.is_health or e.kind == "boundary"]
    assert [e.id for e in signed if not {"reviewed_by", "reviewed_on", "next_review"} <= set(e.review)] == []


def test_an_emergency_is_never_remembered_and_never_offered() -> None:
    flagged = [e for e in KNOWLEDGE.entries.values() if e.red_flag]
    assert flagged and all(e.verdict == "URGENT" and not e.is_state for e in flagged)
    offered = {i for e in KNOWLEDGE.entries.values() for i in (*e.related, *e.offers)}
    assert not offered & {e.id for e in flagged}


def test_production_refuses_each_entry_that_no_clinician_has_signed(root: Path) -> None:
    unsigned = {e.id for e in KNOWLEDGE.entries.values() if e.is_health and not e.reviewed}
    problems = findings(root, "production")
    assert {p.message.split(":")[0] for p in problems if "no clinician has signed it" in p.message} == unsigned
    assert len(problems) == len(unsigned)


def test_every_entry_knows_its_file_and_line() -> None:
    for entry in KNOWLEDGE.entries.values():
        lines = (NOW / entry.file).read_text(encoding="utf-8").split("\n")
        assert lines[entry.line - 1] == f"- id: {entry.id}"


# loading


def test_an_entry_is_read_as_it_stands(root: Path) -> None:
    entry = KNOWLEDGE.entry("blood_thinners")
    assert (entry.kind, entry.phrase, entry.verdict, entry.red_flag, entry.certainty) == ("drug", "blood thinners", "ASK", "", "")
    assert entry.limits == (Limit("firmness", "firm", "NO"), Limit("where", "clot_limb", "NO"))
    assert "warfarin" in entry.names and entry.is_thing and entry.is_state and entry.is_health
    assert entry.limits[0].as_dict() == {"firmness": "firm", "code": "NO"}


def test_a_fever_on_treatment_is_urgent_and_names_its_red_flag() -> None:
    when = KNOWLEDGE.entry("fever_infection").when
    assert [(w.facts, w.verdict, w.red_flag) for w in when] == [(("on_treatment",), "URGENT", "R20"), (("weak_immunity",), "URGENT", "R20")]


def test_a_text_over_several_lines_is_one_line(root: Path) -> None:
    set_field(file_of(root, FAQ), FAQ, "facts", ">-\n    One\n    line.\n\n    Two.")
    assert load_knowledge(folder(root)).entry(FAQ).facts == ("One line. Two.",)


def test_whom_to_call_about_what_is_read_block_by_block(root: Path) -> None:
    set_field(file_of(root, COND), COND, "watch", "\n    - {call: your team, signs: [new bruises, ' spots '], how_soon: today}\n    - text: >-\n        Tell your\n        team.\n    - {call: '{clinic_phone}', signs: [bleeding]}")
    assert load_knowledge(folder(root)).entry(COND).watch == (
        Watch("your team", ("new bruises", "spots"), "today"), Watch(text="Tell your team."), Watch("{clinic_phone}", ("bleeding",), "now"),
    )  # fmt: skip
    assert findings(root) == []


@pytest.mark.parametrize(("kind", "value", "code"), [("movement", "stretch", "NO"), ("product", "oil", "ASK"), ("position", "face_down", "NO"), ("heat", "heat", "NO")])
def test_limits_may_be_about_movements_products_heat_and_positions(root: Path, kind: str, value: str, code: str) -> None:
    set_field(file_of(root, TREAT), TREAT, "limits", f"[{{{kind}: {value}, code: '{code}'}}]")
    set_field(file_of(root, TREAT), TREAT, "facts", f"'No {KNOWLEDGE.limit_words[kind][value].heard_as[0]} for now.'")
    assert findings(root) == []
    assert load_knowledge(folder(root)).entry(TREAT).limits == (Limit(kind, value, code),)


def test_every_intent_leads_to_its_own_entry() -> None:
    for entry in KNOWLEDGE.entries.values():
        if entry.intent_name:
            assert KNOWLEDGE.by_intent(entry.intent_name) == entry
    assert KNOWLEDGE.entry("general_safe").intent_name == "ask_safety"
    assert KNOWLEDGE.entry("pain").intent_name == "ask_pain" and KNOWLEDGE.entry("results").intent_name == "limit_results"
    assert KNOWLEDGE.entry("low_platelets").intent_name == "" and KNOWLEDGE.by_intent("no_such_intent") is None


def test_only_sources_seen_on_the_publishers_page_are_shown() -> None:
    keys = tuple(KNOWLEDGE.sources)
    assert {s.key for s in KNOWLEDGE.shown_sources(keys)} == {k for k in keys if KNOWLEDGE.source_status[k] in ("V", "checked")}
    assert KNOWLEDGE.shown_sources(("no such key",)) == ()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{title: New, status: V}", True),
        ("{title: New, status: C}", False),
        ("{title: New, status: M}", False),
        ("{title: New, status: C, checked_by: Dr A, checked_on: '2026-11-01'}", True),
        ("{title: New, status: M, checked_by: Dr A, checked_on: 2026-11-01}", True),
        ("{title: New, status: C, checked_by: Dr A}", False),
        ("{title: New, status: C, checked_on: '2026-11-01'}", False),
        ("{title: New, status: C, checked_by: Dr A, checked_on: soon}", False),
    ],
)
def test_a_source_is_shown_once_somebody_has_looked_at_it_and_said_when(root: Path, source: str, shown: bool) -> None:
    append(folder(root) / SOURCES, f"S-NEW: {source}")
    knowledge = read_knowledge(folder(root), root)[0]
    assert [s.key for s in knowledge.shown_sources(("S-NEW",))] == (["S-NEW"] if shown else [])


def test_what_is_told_precisely_takes_the_place_of_what_is_told_in_general(root: Path) -> None:
    set_field(file_of(root, COND), COND, "broader_than", f"[{DRUG}, {LINE}]")
    knowledge = load_knowledge(folder(root))
    assert knowledge.precise((COND, TREAT)) == (COND, TREAT)
    assert knowledge.precise((COND, TREAT, LINE)) == (TREAT, LINE)
    assert knowledge.precise((DRUG, COND)) == (DRUG,) and knowledge.precise(()) == ()


def test_in_the_real_data_what_is_general_never_hides_what_is_general_the_other_way_round() -> None:
    """Two entries that each take the other's place would both be lost, and their limits with them (G3)."""
    broader = {e.id: set(e.broader_than) for e in KNOWLEDGE.entries.values() if e.broader_than}
    assert not [(a, b) for a, others in broader.items() for b in others if a == b or a in broader.get(b, ())]


@pytest.mark.parametrize("pairs", [[("low_platelets", "low_platelets")], [("low_platelets", "lines_ports"), ("lines_ports", "low_platelets")]])
def test_an_entry_that_would_hide_itself_is_told(root: Path, pairs: list[tuple[str, str]]) -> None:
    for entry, other in pairs:
        set_field(file_of(root, entry), entry, "broader_than", f"[{other}]")
    assert findings(root)


def test_an_unknown_entry_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="no_such_entry"):
        KNOWLEDGE.entry("no_such_entry")


@pytest.mark.parametrize(
    ("review", "read", "signed"),
    [
        ("{reviewed_by: Dr A, reviewed_on: '2026-11-01', next_review: null, of: THIS}", {"reviewed_by": "Dr A", "reviewed_on": "2026-11-01"}, True),
        ("{reviewed_by: Dr A, reviewed_on: 2026-11-01, next_review: 2027-11-01, of: THIS}", {"reviewed_by": "Dr A", "reviewed_on": "2026-11-01"}, True),
        ("{reviewed_by: Dr A, reviewed_on: '2026-11-01', next_review: null}", None, True),
        ("{reviewed_by: Dr A, reviewed_on: '2026-11-01', next_review: null, of: x0123456789a}", None, True),
        ("{reviewed_by: null, reviewed_on: '2026-11-01', next_review: null, of: THIS}", None, False),
        ("{reviewed_by: Dr A, reviewed_on: null, next_review: null, of: THIS}", None, False),
        ("{reviewed_by: null, reviewed_on: null, next_review: null, of: THIS}", None, False),
        ("{reviewed_by: '  ', reviewed_on: '2026-11-01', next_review: null, of: THIS}", None, False),
    ],
)
def test_an_entry_is_reviewed_only_with_a_person_a_date_and_the_text_that_was_signed(root: Path, review: str, read: dict[str, str] | None, signed: bool) -> None:
    set_field(file_of(root, FAQ), FAQ, "review", review.replace("THIS", KNOWLEDGE.entry(FAQ).fingerprint))
    entry = load_knowledge(folder(root)).entry(FAQ)
    assert (entry.reviewed, entry.signed) == (read, signed)


# What a clinician signs: each of these fields is part of what is said, or of what follows from it.
SIGNED = {
    "title": "Another title", "short": "Another text.", "facts": "Another text.", "verdict": "ASK", "certainty": "weak", "reminder": "general",
    "ask": "{who: your nurse, question: 'Is it OK?'}", "watch": "[{call: your nurse, signs: [pain]}]", "limits": "[{where: head, code: 'NO'}]",
    "when": "[{recent: true, verdict: 'NO'}]", "always": "Another text.", "gives": "[recent]", "sources": "[S-MAC]", "phrase": "another phrase",
    "kind": "boundary", "attributes": "{firm: true}", "red_flag": "R21",
}  # fmt: skip
# What it is found by and what it leads to says nothing to a patient about massage.
UNSIGNED = {"broader_than": "[low_platelets]", "names": "[another]", "said_like": "[another one]", "not_in": "[another]", "related": "[why_ask, who_to_ask]", "offers": "[why_ask]", "evidence": "['6.1']",
            "group": "team", "intent": "ask_pain"}  # fmt: skip


@pytest.mark.parametrize("field", [*SIGNED, *UNSIGNED])
def test_the_fingerprint_changes_with_what_is_signed_and_with_nothing_else(root: Path, field: str) -> None:
    before = KNOWLEDGE.entry(FAQ).fingerprint
    set_field(file_of(root, FAQ), FAQ, field, {**SIGNED, **UNSIGNED}[field])
    after = read_knowledge(folder(root), root)[0].entry(FAQ).fingerprint
    assert (after != before) == (field in SIGNED)
    assert after.startswith("x") and len(after) == 12


@pytest.mark.parametrize(("file", "old", "new"), [("limits.yml", "say: deep or firm massage", "say: deep or firm rubbing"), ("reminders.yml", "Ask {who} before any massage, even a light one.", "Ask {who} before any massage.")])
def test_words_of_limits_and_reminders_are_no_part_of_what_is_signed(root: Path, file: str, old: str, new: str) -> None:
    """docs/content.md says so: else one word of a reminder would undo the reviews of a hundred entries."""
    replace(folder(root) / file, old, new)
    assert load_knowledge(folder(root)).entry(COND).fingerprint == KNOWLEDGE.entry(COND).fingerprint


def test_the_fingerprint_is_the_same_however_the_entry_is_written(root: Path) -> None:
    entry = KNOWLEDGE.entry(FAQ)
    set_field(file_of(root, FAQ), FAQ, "facts", f">-\n    {entry.facts[0].replace('. ', '.' + chr(10) + '    ')}")
    set_field(file_of(root, FAQ), FAQ, "sources", "\n" + "\n".join(f"    - {key}" for key in entry.sources))
    assert load_knowledge(folder(root)).entry(FAQ).fingerprint == entry.fingerprint
    compiled = Knowledge.from_json(json.loads(json.dumps(KNOWLEDGE.as_json())))
    assert all(compiled.entry(i).fingerprint == e.fingerprint for i, e in KNOWLEDGE.entries.items())


def test_loading_refuses_what_reading_finds(root: Path) -> None:
    set_field(file_of(root, FAQ), FAQ, "colour", "blue")
    with pytest.raises(ContentError, match="an entry has no 'colour'"):
        load_knowledge(folder(root), root)
    assert "pain" in read_knowledge(folder(root), root)[0].entries


# the compiled form


def test_the_compiled_form_reads_back_the_same() -> None:
    compiled = json.loads(json.dumps(KNOWLEDGE.as_json()))
    assert Knowledge.from_json(compiled) == KNOWLEDGE
    assert Knowledge.from_json({**compiled, "version": "v7"}) == with_fields(KNOWLEDGE, version="v7")


def test_the_compiled_form_keeps_what_the_real_data_do_not_use_yet(root: Path) -> None:
    path = file_of(root, "low_platelets")
    set_field(path, "low_platelets", "when", "[{recent: true, weak_immunity: true, verdict: 'NO', limits: [{where: line, code: ASK}]}]")
    set_field(path, "low_platelets", "not_in", "[platelet rich plasma]")
    set_field(path, "low_platelets", "attributes", "{areas: [hands, feet], deep: {more: [1, 2]}}")
    set_field(path, "low_platelets", "watch", "[{call: your team, signs: [a, b], how_soon: today}, {text: Call.}]")
    set_field(path, "low_platelets", "certainty", "weak")
    set_field(path, "low_platelets", "red_flag", "R22")
    knowledge = load_knowledge(folder(root))
    entry = Knowledge.from_json(json.loads(json.dumps(knowledge.as_json()))).entry("low_platelets")
    assert entry == knowledge.entry("low_platelets")
    assert entry.watch == (Watch("your team", ("a", "b"), "today"), Watch(text="Call.")) and (entry.certainty, entry.red_flag) == ("weak", "R22")
    assert entry.when[0].limits == (Limit("where", "line", "ASK"),) and entry.not_in == ("platelet rich plasma",)


def test_the_compiled_form_keeps_the_order_of_the_entries() -> None:
    assert list(Knowledge.from_json(KNOWLEDGE.as_json()).entries) == list(KNOWLEDGE.entries)


@pytest.mark.parametrize("key", list(KNOWLEDGE.as_json()))
def test_a_compiled_form_that_lacks_a_part_is_refused(key: str) -> None:
    compiled = KNOWLEDGE.as_json()
    del compiled[key]
    with pytest.raises(KeyError):
        Knowledge.from_json(compiled)


def test_a_compiled_form_of_another_version_of_the_program_is_refused() -> None:
    compiled = json.loads(json.dumps(KNOWLEDGE.as_json()))
    compiled["entries"][0]["colour"] = "blue"
    with pytest.raises(TypeError, match="colour"):
        Knowledge.from_json(compiled)


# every rule, broken once. (what, file, entry, field, value, line of what, findings); None as value removes the field, and a
# finding stands at the field's own line ("field") or at the first line of the entry ("entry")

DRUG, COND, FAQ, TYPE, TALK, BOUND, TREAT, LINE = "blood_thinners", "low_platelets", "pain", "hand_foot_head", "greet", "results", "during_chemo", "lines_ports"
FLAGGED = "clot_signs"
NO_ASK = "does not say whom to ask and what"
SHAPE = [
    ("a field that does not exist", FAQ, "colour", "blue", "field", "an entry has no 'colour'"),
    ("a list that is one text", TALK, "offers", "why_ask", "field", "'offers' must be a list of texts"),
    ("a list with an empty item", TALK, "offers", "[why_ask, ' ']", "field", "'offers' must be a list of texts"),
    ("a list with a number", TALK, "offers", "[why_ask, 5]", "field", "'offers' must be a list of texts"),
    ("a text that is a number", FAQ, "group", "5", "field", "'group' must be a text"),
    ("a text that is a list", DRUG, "always", "[a, b]", "field", "'always' must be a text"),
    ("a verdict that is a list", FAQ, "verdict", "[ASK]", "field", "'verdict' must be a text"),
    ("a value that readers disagree on", FAQ, "group", "NO", "field", "NO without quotes means different things"),
    ("limits that are one text", LINE, "limits", "line", "field", "'limits' must be a list of blocks"),
    ("limits that are a number", LINE, "limits", "5", "field", "'limits' must be a list of blocks"),
    ("a limit that is a text", LINE, "limits", "[line]", "field", "a limit must look like"),
    ("a limit without code", LINE, "limits", "[{where: line}]", "field", "this limit is not complete"),
    ("a limit without place", LINE, "limits", "[{code: ASK}]", "field", "this limit is not complete"),
    ("a limit with an unknown code", LINE, "limits", "[{where: line, code: MAYBE}]", "field", "this limit is not complete"),
    ("a limit with two places", LINE, "limits", "[{where: line, heat: hot, code: ASK}]", "field", "this limit is not complete"),
    ("a limit with a list as code", LINE, "limits", "[{where: line, code: [ASK]}]", "field", "this limit is not complete"),
    ("a 'when' that is one block", COND, "when", "{recent: true}", "field", "'when' must be a list of blocks"),
    ("a 'when' with a text", COND, "when", "[recent]", "field", "a 'when' must be a block"),
    ("a 'when' with an unknown word", COND, "when", "[{recent: true, colour: blue}]", "field", "'when' knows no colour"),
    ("a 'when' without condition", COND, "when", "[{verdict: ASK}]", "field", "'when' knows no condition here"),
    ("a 'when' that is false", COND, "when", "[{recent: false, verdict: ASK}]", "field", "'when' knows no condition here"),
    ("a red flag that is a list", COND, "when", "[{recent: true, verdict: ASK, red_flag: [R20]}]", "field", "'red_flag' must be a text"),
    ("attributes that are a list", TREAT, "attributes", "[firm]", "field", "'attributes' must be a block"),
    ("a watch that is a text", COND, "watch", "call your team", "field", "'watch' must be a list of blocks"),
    ("a watch that is one block", COND, "watch", "{call: your team, signs: [bleeding]}", "field", "'watch' must be a list of blocks"),
    ("a watch with a text", COND, "watch", "[call your team]", "field", "a 'watch' must be a block such as"),
    ("a watch with a misspelt line", LINE, "watch", "[{call: your team, signs: [swelling], sings: [more]}]", "field", "'watch' has no 'sings'"),
    ("signs to watch that are one text", LINE, "watch", "[{text: Call your team., signs: swelling}]", "field", "'signs' must be a list of texts"),
    ("whom to call as a list", LINE, "watch", "[{text: Call your team., call: [your team]}]", "field", "'call' must be a text"),
    ("a text to watch that is a number", LINE, "watch", "[{text: 5, call: your team, signs: [swelling]}]", "field", "'text' must be a text"),
    ("how soon that is neither now nor today", LINE, "watch", "[{call: your team, signs: [swelling], how_soon: tomorrow}]", "field", "how_soon 'tomorrow' is not known"),
    ("how soon that is a number", LINE, "watch", "[{call: your team, signs: [swelling], how_soon: 5}]", "field", "'how_soon' must be a text"),
    ("a red flag of the entry that is a list", TALK, "red_flag", "[R21]", "field", "'red_flag' must be a text"),
    ("a certainty that is a list", COND, "certainty", "[weak]", "field", "'certainty' must be a text"),
    ("an ask with a misspelt line", FAQ, "ask", "{who: your team, question: 'Is it OK?', quesion: 'Is it?'}", "field", "'ask' has no 'quesion'"),
    ("a review with a line too many", FAQ, "review", "{reviewed_by: null, reviewed_on: null, next_review: null, by: me}", "field", "'review' has no 'by'"),
]
RULES = [
    ("no title", FAQ, "title", None, "entry", "it has no title"),
    ("no place in the evidence base", FAQ, "evidence", None, "entry", "it does not say where in the evidence base it stands"),
    ("no facts", TALK, "facts", None, "entry", "it says nothing"),
    ("an unknown verdict", FAQ, "verdict", "MAYBE", "entry", "the verdict 'MAYBE' is not known"),
    ("an item that the evidence base does not have", FAQ, "evidence", "['1 A-01', '2.1-999']", "entry", "'2.1-999' is no item of the evidence base"),
    ("a verdict that is not the evidence base's", COND, "verdict", "ADJUST", "entry", "the verdict ADJUST is not that of 2.1-4"),
    ("an urgent verdict without red flag", FAQ, "verdict", "URGENT", "entry", "an urgent verdict and its red_flag go together"),
    ("a red flag without urgent verdict", "healing", "red_flag", "R21", "entry", "an urgent verdict and its red_flag go together"),
    ("a thing without verdict", TREAT, "verdict", None, "entry", "it has no verdict"),
    ("an unknown verdict under 'when'", COND, "when", "[{recent: true, verdict: MAYBE}]", "entry", "the verdict 'MAYBE' under when is not known"),
    ("an urgent 'when' without red flag", COND, "when", "[{recent: true, verdict: URGENT}]", "entry", "an urgent 'when' and its red_flag go together"),
    ("a red flag without urgency", COND, "when", "[{recent: true, verdict: ASK, red_flag: R20}]", "entry", "an urgent 'when' and its red_flag go together"),
    ("an unknown state that it gives", TREAT, "gives", "[on_holiday]", "entry", "gives 'on_holiday' is not known"),
    ("a related entry that does not exist", FAQ, "related", "[why_ask, no_such_entry]", "entry", "'no_such_entry' under related or offers does not exist"),
    ("an emergency as a next question", FAQ, "related", f"[why_ask, {FLAGGED}]", "entry", f"'{FLAGGED}' cannot be offered here"),
    ("an emergency as an offer", TALK, "offers", f"[{FLAGGED}]", "entry", f"'{FLAGGED}' cannot be offered here"),
    ("itself as a next question", FAQ, "related", f"[why_ask, {FAQ}]", "entry", f"'{FAQ}' cannot be offered here"),
    ("itself as an offer", TALK, "offers", f"[{TALK}]", "entry", f"'{TALK}' cannot be offered here"),
    ("more precisely what does not exist", COND, "broader_than", "[no_such_entry]", "entry", "'no_such_entry' under broader_than is no thing"),
    ("more precisely what is no thing", COND, "broader_than", f"[{FAQ}]", "entry", f"'{FAQ}' under broader_than is no thing"),
    ("no thing that has something more precise", FAQ, "broader_than", f"[{COND}]", "entry", f"'{COND}' under broader_than is no thing"),
    ("no next question", FAQ, "related", None, "entry", "it has 0 next questions"),
    ("one next question", FAQ, "related", "[why_ask]", "entry", "it has 1 next questions"),
    ("four next questions", FAQ, "related", "[why_ask, who_to_ask, during_chemo, lines_ports]", "entry", "it has 4 next questions"),
    ("an offer that does not exist", TALK, "offers", "[no_such_entry]", "entry", "'no_such_entry' under related or offers does not exist"),
    ("a source that is not listed", FAQ, "sources", "[S-NOWHERE]", "entry", "the source 'S-NOWHERE' is not in sources.yml"),
    ("no source", FAQ, "sources", "[]", "entry", "it names no source"),
    ("no short text", FAQ, "short", None, "entry", "it has no short text"),
    ("no names", COND, "names", None, "entry", "nothing can reach it: it has no names"),
    ("no phrase", COND, "phrase", None, "entry", "it has no phrase"),
    ("a massage that does not say if it is firm", TYPE, "attributes", "{areas: [hands]}", "entry", "must say if it is firm"),
    ("a massage that is firm in words", TYPE, "attributes", "{firm: 'not'}", "entry", "must say if it is firm"),
    ("an unknown slot in facts", TALK, "facts", "['Call {no_such_slot}.']", "entry", "the slot {no_such_slot} does not exist"),
    ("an unknown slot in short", FAQ, "short", "'Call {Clinic_phone}.'", "entry", "the slot {Clinic_phone} does not exist"),
    ("an unknown slot in always", DRUG, "always", "'Call {phone}.'", "entry", "the slot {phone} does not exist"),
    ("an unknown slot in the question", FAQ, "ask", "{who: your team, question: 'Is it {thing}?'}", "entry", "the slot {thing} does not exist"),
    ("an unknown slot in whom to call", COND, "watch", "[{call: '{the_ward}', signs: [bleeding]}]", "entry", "the slot {the_ward} does not exist"),
    ("an unknown slot in the signs", COND, "watch", "[{call: your team, signs: ['{blood}']}]", "entry", "the slot {blood} does not exist"),
    ("a slot of reminders in an answer", FAQ, "short", "'Tell {who}.'", "entry", "the slot {who} does not exist here"),
    ("an unknown slot in the phrase", COND, "phrase", "'low {cells}'", "entry", "the slot {cells} does not exist"),
    ("a slot in a title", TALK, "title", "'Call {clinic_phone}'", "entry", "the slot {clinic_phone} does not exist here"),
    ("opening hours in a health answer", FAQ, "short", "'Open: {clinic_hours}'", "entry", "the slot {clinic_hours} does not exist here"),
    ("opening hours in what the assistant cannot do", BOUND, "facts", "'I cannot judge results. {clinic_hours}'", "entry", "{clinic_hours} does not exist here"),
    ("half a slot", FAQ, "short", "'Call {clinic_phone now.'", "entry", "a { or } stands alone"),
    ("a banned word in facts", TALK, "facts", "['That is fine.']", "entry", "'fine' may not stand in an answer (reads as permission)"),
    ("a banned word in short", FAQ, "short", "Massage heals.", "entry", "'heals' may not stand in an answer"),
    ("a banned word in always", DRUG, "always", "It cures.", "entry", "'cures' may not stand"),
    ("a banned word in the question", FAQ, "ask", "{who: your team, question: 'Is it risk-free?'}", "entry", "'risk-free' may not stand"),
    ("a banned word in the signs", COND, "watch", "[{call: your team, signs: [what this could be]}]", "entry", "'this could be' may not stand"),
    ("a banned word in whom to call", COND, "watch", "[{call: your curable team, signs: [bleeding]}]", "entry", "'curable' may not stand"),
    ("a banned word in the text to watch", COND, "watch", "[{text: Do not worry.}]", "entry", "'Do not worry' may not stand"),
    ("a brand in an answer", FAQ, "short", "Rub it with tiger balm.", "entry", "'tiger balm' may not stand in an answer (no brand or oil is named as advice)"),
    ("a number that decides", FAQ, "short", "Below 50 is low.", "entry", "the figure '50' may not be shown to patients"),
    ("a number that decides, in facts", FAQ, "facts", "Below 20,000 is low.", "entry", "the figure '20,000' may not be shown"),
    ("a number that decides, in always", DRUG, "always", "Not above 3.5.", "entry", "the figure '3.5.' may not be shown"),
    ("a number that decides, in the signs", COND, "watch", "[{call: your team, signs: [a pulse of 120]}]", "entry", "the figure '120' may not be shown"),
    ("a number that decides, in the text to watch", COND, "watch", "[{text: Call at 39 degrees.}]", "entry", "the figure '39' may not be shown"),
    ("a banned word in the phrase", COND, "phrase", "perfectly safe platelets", "entry", "'perfectly safe' may not stand"),
    ("a banned word in a title", TALK, "title", "Massage boosts you", "entry", "'boosts' may not stand"),
    ("facts too long", TALK, "facts", f"['{'A word here. ' * (MAX_FACTS // 3 + 1)}']", "entry", f"facts has {MAX_FACTS + 3} words, more than {MAX_FACTS}"),
    ("a sentence too long", TALK, "facts", f"['{'word ' * (MAX_SENTENCE + 1)}.']", "entry", f"a sentence of {MAX_SENTENCE + 2} words is too long"),
    ("a sentence too long in short", FAQ, "short", "word " * (MAX_SENTENCE + 1), "entry", f"a sentence of {MAX_SENTENCE + 1} words is too long: 'word word"),
    ("a sentence too long in the question", FAQ, "ask", f"{{who: your team, question: '{'word ' * MAX_SENTENCE}OK?'}}", "entry", f"a sentence of {MAX_SENTENCE + 1} words is too long"),
    ("a sentence too long in the text to watch", COND, "watch", f"[{{text: '{'word ' * MAX_SENTENCE}now.'}}]", "entry", f"a sentence of {MAX_SENTENCE + 1} words is too long"),
    ("a sentence too long with the clinic's words in it", TALK, "facts", f"['{'word ' * (MAX_SENTENCE - 2)}{{clinic_phone}} or {{clinic_phone}}.']", "entry", f"a sentence of {MAX_SENTENCE + 1} words is too long"),
    ("hard words", FAQ, "facts", "Physical comfort during medical procedures necessitates authorisation.", "entry", f"above {MAX_GRADE:g}"),
    ("hard words in what is no health information", TALK, "facts", "[Physical comfort during medical procedures necessitates authorisation.]", "entry", f"above {MAX_GRADE:g}"),
    ("short too long", FAQ, "short", "Word. " * (MAX_SHORT + 1), "entry", f"short has {MAX_SHORT + 1} words, more than {MAX_SHORT}"),
    ("an always that holds without massage too, begun as if it did not", DRUG, "always", "No candles near oxygen.", "entry", "always begins with 'No'"),
    ("always too long", DRUG, "always", "word " * (MAX_ALWAYS + 1), "entry", f"always has {MAX_ALWAYS + 1} words, more than {MAX_ALWAYS}"),
    ("a limit nobody has named", LINE, "limits", "[{where: the_moon, code: 'NO'}]", "entry", "the limit where: the_moon is not in limits.yml"),
    ("a limit of a 'when' nobody has named", COND, "when", "[{recent: true, limits: [{heat: hot, code: 'NO'}]}]", "entry", "heat: hot is not in limits.yml"),
    ("a limit that facts do not say", LINE, "facts", "Keep oil away from it.", "entry", "facts does not say the limit 'a line or port'"),
    ("a limit heard only inside another word", LINE, "facts", "Keep oil, support and guidelines away.", "entry", "facts does not say the limit"),
    ("two texts where one is said", FAQ, "facts", "[One., Two.]", "entry", "only the first of its texts under facts would be said"),
    ("a watch without signs", COND, "watch", "[{call: your team}]", "entry", "its watch does not say whom to call about what"),
    ("a watch without anybody", COND, "watch", "[{signs: [bleeding]}]", "entry", "its watch does not say whom to call about what"),
    ("one watch of two without anything", COND, "watch", "[{call: your team, signs: [bleeding]}, {}]", "entry", "its watch does not say whom to call about what"),
    ("a benefit that does not say how sure", FAQ, "certainty", None, "entry", "it does not say how sure the evidence is"),
    ("a benefit that is as sure as advice", FAQ, "certainty", "advice", "entry", "it does not say how sure the evidence is"),
    ("a benefit that calls itself unsourced", FAQ, "certainty", "unsourced", "entry", "it does not say how sure the evidence is"),
    ("a benefit with an unknown certainty", FAQ, "certainty", "certain", "entry", "it does not say how sure the evidence is"),
    ("a myth that does not say how sure", "healing", "certainty", None, "entry", "it does not say how sure the evidence is"),
    ("an unknown certainty elsewhere", COND, "certainty", "certain", "entry", "the certainty 'certain' is not known"),
    ("no ask", FAQ, "ask", None, "entry", NO_ASK),
    ("an ask without question", FAQ, "ask", "{who: your team}", "entry", NO_ASK),
    ("an ask without anybody", FAQ, "ask", "{question: 'Is it OK?'}", "entry", NO_ASK),
    ("what the assistant cannot do, without its ask", BOUND, "ask", None, "entry", NO_ASK),
    ("a reminder that does not exist", FAQ, "reminder", "no_such_family", "entry", "its reminder family 'no_such_family' does not exist"),
    ("no reminder", FAQ, "reminder", None, "entry", "its reminder family '' does not exist"),
    ("a second ask in facts", FAQ, "facts", "Please ask your doctor.", "entry", "holds an ask of its own: 'Please ask your doctor'"),
    ("a second ask in short", FAQ, "short", "Talk to the nurse.", "entry", "holds an ask of its own: 'Talk to the nurse'"),
    ("a second ask in always", DRUG, "always", "Ask your GP.", "entry", "holds an ask of its own: 'Ask your GP'"),
    ("a second ask in the signs", COND, "watch", "[{call: your team, signs: [what to ask your nurse]}]", "entry", "holds an ask of its own: 'ask your nurse'"),
    ("a second ask in what to watch", COND, "watch", "[{text: Check with your team.}]", "entry", "holds an ask of its own: 'Check with your team'"),
    ("no review block", FAQ, "review", None, "entry", "its review block is missing or not complete"),
    ("half a review block", FAQ, "review", "{reviewed_by: null, reviewed_on: null}", "entry", "its review block is missing or not complete"),
    ("a review without a date", FAQ, "review", "{reviewed_by: Dr A, reviewed_on: null, next_review: null}", "entry", "names a person without a date"),
    ("a review without a person", FAQ, "review", "{reviewed_by: null, reviewed_on: '2026-11-01', next_review: null}", "entry", "or a date without a person"),
    ("a review on no date", FAQ, "review", "{reviewed_by: Dr A, reviewed_on: 1 May, next_review: null}", "entry", "reviewed_on '1 May' is not a date"),
    ("a next review on no date", FAQ, "review", "{reviewed_by: null, reviewed_on: null, next_review: soon}", "entry", "next_review 'soon' is not a date"),
    ("a name that another entry has", TREAT, "names", "[chemo, Warfarin]", "entry", "the name 'Warfarin' belongs to blood_thinners too"),
    ("a name that another entry has with a hyphen", TREAT, "names", "[chemo, 'Blood-Thinners']", "entry", "the name 'Blood-Thinners' belongs to blood_thinners too"),
    ("a name that another entry has in British spelling", TREAT, "names", "[chemo, anemia]", "entry", "the name 'anemia' belongs to anaemia too"),
    ("a name that another entry has in American spelling", TREAT, "names", "[chemo, anaemic]", "entry", "the name 'anaemic' belongs to anaemia too"),
    ("a title that another entry has", TREAT, "title", f"'{KNOWLEDGE.entry(COND).title.upper()}'", "entry", "is that of low_platelets too"),
]
ALL = SHAPE + RULES


@pytest.mark.parametrize(("entry", "field", "value", "where", "message"), [row[1:] for row in ALL], ids=[row[0] for row in ALL])
def test_one_rule_broken_gives_exactly_its_finding(root: Path, entry: str, field: str, value: str | None, where: str, message: str) -> None:
    path = file_of(root, entry)
    line = set_field(path, entry, field, value)
    expect(findings(root), f"data/knowledge/{path.name}", line if where == "field" else line_of(path, f"- id: {entry}"), message)


ALLOWED_FIELDS = [
    ("a section of the evidence base that is not listed", FAQ, "evidence", "['1 A-01', '6.1', '8.2']"),
    ("another verdict of a kind of massage", TYPE, "evidence", "['2.1-7']"),
    ("another verdict of an answer that is no thing", FAQ, "evidence", "['2.1-7']"),
    ("figures that the evidence base allows", FAQ, "short", "A 24-hour line. 20 minutes or 48 hours. 1 in 10. At 38 C."),
    ("numbers of the clinic", FAQ, "short", "'Call {clinic_phone}.'"),
    ("two next questions", FAQ, "related", "[why_ask, who_to_ask]"),
    ("three next questions", FAQ, "related", "[why_ask, who_to_ask, during_chemo]"),
    ("a sentence just short enough", FAQ, "short", "word " * MAX_SENTENCE),
    ("a sentence as long as can be with the clinic's words in it", TALK, "facts", f"['{'word ' * (MAX_SENTENCE - 1)}{{clinic_phone}}.']"),
    ("a question as title that would claim too much as a sentence", TREAT, "title", "'Does massage boost chemo?'"),
    ("a thing that another says more precisely", COND, "broader_than", f"[{DRUG}, {LINE}]"),
    ("no watch", COND, "watch", None),
    ("a watch of its own words", COND, "watch", "[{text: 'Call {cancer_helpline_24h} now.'}]"),
    ("a known certainty elsewhere", COND, "certainty", "weak"),
    ("the fingerprint of a review", FAQ, "review", "{reviewed_by: null, reviewed_on: null, next_review: null, of: null}"),
    ("a review of an older text", FAQ, "review", "{reviewed_by: Dr A, reviewed_on: '2026-11-01', next_review: null, of: x0123456789a}"),
    ("names of one entry in both spellings", "anaemia", "names", "[anaemia, anemia, Anaemia]"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "field", "value"), [row[1:] for row in ALLOWED_FIELDS], ids=[row[0] for row in ALLOWED_FIELDS])
def test_what_lies_just_inside_a_rule_gives_no_finding(root: Path, entry: str, field: str, value: str | None) -> None:
    set_field(file_of(root, entry), entry, field, value)
    assert findings(root) == []


def test_an_emergency_must_stay_urgent_and_as_the_evidence_base_has_it(root: Path) -> None:
    line = line_of(file_of(root, FLAGGED), f"- id: {FLAGGED}")
    set_field(file_of(root, FLAGGED), FLAGGED, "verdict", "ASK")
    expect(findings(root), KNOWLEDGE.entry(FLAGGED).file, line, "the verdict ASK is not that of 2.1-1", "an urgent verdict and its red_flag go together")
    set_field(file_of(root, FLAGGED), FLAGGED, "verdict", "URGENT")
    set_field(file_of(root, FLAGGED), FLAGGED, "red_flag", None)
    expect(findings(root), KNOWLEDGE.entry(FLAGGED).file, line, "an urgent verdict and its red_flag go together")


def test_a_bare_111_as_whom_to_call_is_told_as_a_number_and_as_banned(root: Path) -> None:
    set_field(file_of(root, COND), COND, "watch", "[{call: '111', signs: [bleeding]}]")
    expect(findings(root), KNOWLEDGE.entry(COND).file, line_of(file_of(root, COND), f"- id: {COND}"), "'111' may not stand", "the figure '111' may not be shown")


def test_an_answer_may_do_without_sources_only_where_the_evidence_base_has_none(root: Path) -> None:
    items, _ = read_items(NOW / "data" / "evidence.yml")
    without = next(i.id for i in items.values() if i.from_memory and not i.verdicts)
    sourced = next(i.id for i in items.values() if not i.from_memory and not i.verdicts)
    path, line = file_of(root, FAQ), line_of(file_of(root, FAQ), f"- id: {FAQ}")
    set_field(path, FAQ, "sources", "[]")
    set_field(path, FAQ, "evidence", f"['{without}']")
    assert findings(root) == []
    set_field(path, FAQ, "evidence", f"['{without}', '{sourced}']")
    expect(findings(root), KNOWLEDGE.entry(FAQ).file, line, "it names no source")


def test_an_answer_from_sections_that_are_not_listed_needs_its_sources_too(root: Path) -> None:
    path = file_of(root, FAQ)
    set_field(path, FAQ, "evidence", "['6.1']")
    line = set_field(path, FAQ, "sources", "[]")
    assert line and "it names no source" in told(findings(root))


def test_sentences_are_measured_with_the_words_of_this_clinic(root: Path) -> None:
    """A long label before a number may make a sentence too long for this clinic's patients."""
    path = file_of(root, COND)
    line = line_of(path, f"- id: {COND}")
    set_field(path, COND, "short", f"'{'word ' * (MAX_SENTENCE - 4)}{{crisis_line}}.'")
    assert findings(root, clinic=Clinic("A", "pilot", "GB", "en-GB", "UTC", {**CLINIC.phones, "crisis_line": Phone("116 123")})) == []
    wordy = Clinic("A", "pilot", "GB", "en-GB", "UTC", {**CLINIC.phones, "crisis_line": Phone("116 123", "the line for this town")})
    expect(findings(root, clinic=wordy), KNOWLEDGE.entry(COND).file, line, "words is too long")


def test_a_kind_of_massage_without_attributes_must_say_if_it_is_firm(root: Path) -> None:
    set_field(file_of(root, TYPE), TYPE, "attributes", "[light]")
    messages = [p.message for p in findings(root)]
    assert len(messages) == 2 and "'attributes' must be a block" in messages[0] and "must say if it is firm" in messages[1]


# entries that cannot be read at all

GOOD = "- id: {id}\n  kind: {kind}\n  title: Thanks again\n  evidence: ['6.1']\n  facts: [You are welcome.]"


@pytest.mark.parametrize("entry_id", ["Thanks", "two words", "ärger", "a-b", "''", "_a", "5"])
def test_an_id_that_cannot_be_one_is_a_finding(root: Path, entry_id: str) -> None:
    line = append(folder(root) / "talk.yml", GOOD.format(id=entry_id, kind="smalltalk"))
    problems = [p for p in findings(root) if "'id' must be a text" not in p.message]
    expect(problems, "data/knowledge/talk.yml", line, "cannot be an id")


def test_a_good_new_entry_gives_no_finding(root: Path) -> None:
    append(folder(root) / "talk.yml", GOOD.format(id="thanks_2", kind="smalltalk"))
    knowledge, problems = check_knowledge(folder(root), root, clinic=CLINIC)
    assert not problems and knowledge.entry("thanks_2").facts == ("You are welcome.",)


def test_an_unknown_kind_is_a_finding_on_its_line(root: Path) -> None:
    line = append(folder(root) / "talk.yml", GOOD.format(id="thanks_2", kind="joke"))
    expect(findings(root), "data/knowledge/talk.yml", line + 1, "'joke' is not a kind of entry")


def test_words_between_the_entries_are_a_finding_on_their_line(root: Path) -> None:
    line = append(folder(root) / "talk.yml", "- just some words")
    expect(findings(root), "data/knowledge/talk.yml", line, "this is not an entry")


def test_two_entries_with_one_id_are_a_finding_that_names_the_first(root: Path) -> None:
    line = append(folder(root) / "talk.yml", GOOD.format(id="pain", kind="smalltalk"))
    problems = findings(root)
    expect(problems, "data/knowledge/talk.yml", line, "two entries with the id 'pain'")
    # Files are read in the order of their names: the first of the two is the one that counts.
    assert f"{KNOWLEDGE.entry(FAQ).file}:{line_of(file_of(root, FAQ), '- id: pain')}" in problems[0].remedy


def test_a_field_written_twice_is_a_finding(root: Path) -> None:
    path = file_of(root, FAQ)
    replace(path, "  kind: faq\n", "  kind: faq\n  kind: faq\n")
    expect(findings(root), KNOWLEDGE.entry(FAQ).file, line_of(path, "kind: faq", 2), "'kind' stands twice")


def test_a_file_that_is_no_list_of_entries_is_a_finding(root: Path) -> None:
    (folder(root) / "notes.yml").write_text("a: b\n", encoding="utf-8")
    expect(findings(root), "data/knowledge/notes.yml", 1, "the file is not a list of entries")


def test_an_empty_file_of_entries_is_no_finding(root: Path) -> None:
    (folder(root) / "notes.yml").write_text("# later\n", encoding="utf-8")
    assert findings(root) == []


# limits.yml, reminders.yml, sources.yml, certainty.yml, clinical_questions.yml

LIMITS, REMINDERS, SOURCES, SURE, QUESTIONS = "limits.yml", "reminders.yml", "sources.yml", "certainty.yml", "clinical_questions.yml"
WORDINGS = "fam:\n  wordings: [Ask your team., Ask a nurse., {}]"
# `until` is the one kind of limit that the real file does not use yet: a kind may stand in the file only once.
SPECIAL = [
    ("an unknown kind of limit", LIMITS, "smell:\n  oil: {say: oil, heard_as: [oil]}", 0, "'smell' is not a kind of limit"),
    ("a kind of limit that is a text", LIMITS, "until: healed", 0, "'until' is not a kind of limit"),
    ("a limit without heard_as", LIMITS, "until:\n  healed: {say: hot stones}", 1, "the limit 'healed' lacks say or heard_as"),
    ("a limit without say", LIMITS, "until:\n  healed: {heard_as: [hot]}", 1, "the limit 'healed' lacks say or heard_as"),
    ("a limit that is a text", LIMITS, "until:\n  healed: hot stones", 1, "the limit 'healed' lacks say or heard_as"),
    ("a limit that does not hear itself", LIMITS, "until:\n  healed: {say: warm stones, heard_as: [hot]}", 1, "healed: none of its heard_as stands in 'warm stones'"),
    ("a banned word in a limit", LIMITS, "until:\n  healed: {say: hot detox, heard_as: [hot]}", 1, "healed: 'detox' may not stand"),
    ("an unknown slot in a limit", LIMITS, "until:\n  healed: {say: 'hot {x}', heard_as: [hot]}", 1, "healed: the slot {x} does not exist"),
    ("a limit that covers none", LIMITS, "until:\n  healed: {say: hot, heard_as: [hot], covers: [warm]}", 1, "the limit 'healed' covers 'warm', which is no other limit of until"),
    ("a limit that covers itself", LIMITS, "until:\n  healed: {say: hot, heard_as: [hot], covers: [healed]}", 1, "the limit 'healed' covers 'healed'"),
    ("a limit that covers one of another kind", LIMITS, "until:\n  healed: {say: hot, heard_as: [hot], covers: [firm]}", 1, "covers 'firm', which is no other limit of until"),
    ("a limit that covers a text", LIMITS, "until:\n  healed: {say: hot, heard_as: [hot], covers: warm}\n  warm: {say: hot, heard_as: [hot]}", 1, "'covers' must be a list of texts"),
    ("a family with two wordings", REMINDERS, "fam:\n  wordings: [Ask your team., Ask a nurse.]", 0, "'fam' has fewer than three wordings"),
    ("a family that says one thing three times", REMINDERS, "fam:\n  wordings: [Ask your team., Ask your team., Ask your team.]", 0, "fewer than three"),
    ("a family that is a text", REMINDERS, "fam: Ask your team.", 0, "'fam' has fewer than three wordings"),
    ("a reminder that names nobody", REMINDERS, WORDINGS.format("Please wait."), 1, "fam: 'Please wait.' names no one to ask"),
    ("a reminder that names nobody, on a line of its own", REMINDERS, "fam:\n  wordings:\n    - Ask your team.\n    - Please wait.\n    - Ask a nurse.", 3,
     "fam: 'Please wait.' names no one to ask"),
    ("a banned word in a reminder", REMINDERS, WORDINGS.format("Ask your team if it is fine."), 1, "fam: 'fine' may not stand"),
    ("an unknown slot in a reminder", REMINDERS, WORDINGS.format("'Ask your team on {ward}.'"), 1, "fam: the slot {ward} does not exist"),
    ("opening hours in a reminder", REMINDERS, WORDINGS.format("'Ask your team. {clinic_hours}'"), 1, "{clinic_hours} does not exist here"),
    ("a reminder too long to read", REMINDERS, WORDINGS.format("Ask your team" + " again" * (MAX_SENTENCE - 2)), 1, f"fam: a sentence of {MAX_SENTENCE + 1} words is too long"),
    ("a source without status", SOURCES, "S-NEW: {title: New}", 0, "the source 'S-NEW' lacks a title or a status"),
    ("a source with an unknown status", SOURCES, "S-NEW: {title: New, status: seen}", 0, "the source 'S-NEW' lacks a title or a status"),
    ("a source without title", SOURCES, "S-NEW: {status: V}", 0, "the source 'S-NEW' lacks a title or a status"),
    ("a source that is a text", SOURCES, "S-NEW: https://example.org", 0, "the source 'S-NEW' lacks a title or a status"),
    ("a source listed twice", SOURCES, "S-MAC: {title: Again, status: V}", 0, "'S-MAC' stands twice"),
    ("a source with a misspelt line", SOURCES, "S-NEW: {title: New, status: V, titel: New}", 0, "a source has no 'titel'"),
    ("a check of a source without a day", SOURCES, "S-NEW: {title: New, status: C, checked_by: Dr A}", 0, "the check of the source 'S-NEW' is not complete"),
    ("a check of a source by nobody", SOURCES, "S-NEW: {title: New, status: C, checked_on: '2026-11-01'}", 0, "the check of the source 'S-NEW' is not complete"),
    ("a check of a source on no date", SOURCES, "S-NEW: {title: New, status: C, checked_by: Dr A, checked_on: 1 May}", 0, "the check of the source 'S-NEW' is not complete"),
    ("a certainty that says nothing", SURE, "new:", 0, "the level 'new' says nothing"),
    ("a certainty that stands twice", SURE, "weak: The studies are weak.", 0, "'weak' stands twice"),
    ("a banned word in a certainty", SURE, "new: This is guaranteed.", None, "new: 'guaranteed' may not stand"),
    ("a slot in a certainty", SURE, "new: 'Call {clinic_phone}.'", None, "new: the slot {clinic_phone} does not exist here"),
    ("a certainty too long to read", SURE, "new: " + "word " * (MAX_SENTENCE + 1), None, f"new: a sentence of {MAX_SENTENCE + 1} words is too long"),
    ("a clinical question without number", QUESTIONS, "soon: {question: What now?, entries: [pain]}", 0, "the clinical question 'soon' is not complete"),
    ("a clinical question that is a text", QUESTIONS, "'99': What now?", 0, "the clinical question '99' is not complete"),
    ("a clinical question that asks nothing", QUESTIONS, "'99': {entries: [pain]}", 0, "the clinical question '99' is not complete"),
    ("a clinical question about one text", QUESTIONS, "'99':\n  question: What now?\n  entries: pain", 2, "'entries' must be a list of texts"),
    ("a clinical question about no entry of ours", QUESTIONS, "'99':\n  question: What now?\n  entries: [pain, no_such_entry]", 2, "question 99: 'no_such_entry' does not exist"),
    ("a clinical question whose number is no text", QUESTIONS, "99: {question: What now?, entries: [pain]}", 0, "the name '99' is not text"),
]


@pytest.mark.parametrize(("file", "text", "below", "message"), [row[1:] for row in SPECIAL], ids=[row[0] for row in SPECIAL])
def test_one_mistake_beside_the_entries_gives_exactly_its_finding(root: Path, file: str, text: str, below: int | None, message: str) -> None:
    line = append(folder(root) / file, text)
    # A finding on the words of a certainty stands at no line: the file is short, and the level is named.
    expect(findings(root), f"data/knowledge/{file}", 0 if below is None else line + below, message)


GOOD_SPECIAL = [
    ("a limit that covers others", LIMITS, "until:\n  healed: {say: hot, heard_as: [hot], covers: [warm]}\n  warm: {say: warm, heard_as: [warm]}"),
    ("a reminder whose team the entry names", REMINDERS, WORDINGS.format("'Wait for {who}.'")),
    ("a check of a source", SOURCES, "S-NEW: {title: New, status: M, checked_by: Dr A, checked_on: 2026-11-01}"),
    ("another certainty", SURE, "new: The studies are new."),
    ("another clinical question", QUESTIONS, "'99': {question: What now?, entries: [pain]}"),
    ("a clinical question about everything", QUESTIONS, "'99': {question: What now?}"),
]


@pytest.mark.parametrize(("file", "text"), [row[1:] for row in GOOD_SPECIAL], ids=[row[0] for row in GOOD_SPECIAL])
def test_what_belongs_beside_the_entries_gives_no_finding(root: Path, file: str, text: str) -> None:
    append(folder(root) / file, text)
    assert findings(root) == []


def test_what_a_limit_covers_and_what_a_question_concerns_are_read_and_compiled(root: Path) -> None:
    append(folder(root) / LIMITS, GOOD_SPECIAL[0][2])
    append(folder(root) / QUESTIONS, GOOD_SPECIAL[4][2])
    append(folder(root) / SURE, GOOD_SPECIAL[3][2])
    knowledge = load_knowledge(folder(root))
    assert knowledge.limit_words["until"]["healed"].covers == ("warm",)
    assert (knowledge.clinical_questions[-1].number, knowledge.clinical_questions[-1].entries) == (99, ("pain",))
    assert knowledge.certainty_words["new"] == "The studies are new."
    assert Knowledge.from_json(json.loads(json.dumps(knowledge.as_json()))) == knowledge


@pytest.mark.parametrize("level", ["advice", "unsourced"])
def test_the_certainties_that_every_answer_needs_may_not_be_missing(root: Path, level: str) -> None:
    replace(folder(root) / SURE, f"{level}:", "another:")
    expect(findings(root), f"data/knowledge/{SURE}", 0, f"the level '{level}' is missing")


@pytest.mark.parametrize("level", ["weak", "myth"])
def test_a_certainty_that_entries_name_may_not_be_missing(root: Path, level: str) -> None:
    replace(folder(root) / SURE, f"{level}:", "another:")
    users = {e.id for e in KNOWLEDGE.entries.values() if e.certainty == level}
    assert users and {p.message.split(":")[0] for p in findings(root)} == users
    assert all("how sure the evidence is" in p.message or f"the certainty '{level}' is not known" in p.message for p in findings(root))


def test_a_certainty_that_is_no_text_is_told_once(root: Path) -> None:
    append(folder(root) / SURE, "new: [a]")
    assert [p.message for p in findings(root) if "must be a text" in p.message] == ["'new' must be a text"]


def test_the_family_that_combined_answers_need_may_not_be_missing(root: Path) -> None:
    replace(folder(root) / REMINDERS, "any_massage:", "some_massage:")
    problems = findings(root)
    assert "the family 'any_massage' is missing" in told(problems)
    users = {e.id for e in KNOWLEDGE.entries.values() if e.reminder == "any_massage"}
    assert {p.message.split(":")[0] for p in problems if "its reminder family" in p.message} == users


@pytest.mark.parametrize("file", sorted(SPECIAL_FILES))
@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "the file is missing"), ("", "is empty or is not a list of names"), ("- a\n", "is empty or is not"), ("a: [\n", "YAML:"), ("a: &b c\n", "anchors")],
)
def test_a_file_beside_the_entries_that_cannot_be_used_is_told_once(root: Path, file: str, content: str | None, message: str) -> None:
    path = folder(root) / file
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    # The families and levels that everything needs are missing then too, and say so.
    about = [p for p in findings(root) if p.file == f"data/knowledge/{file}" and not ("any_massage" in p.message or "the level" in p.message)]
    assert len(about) == 1 and message in about[0].message and about[0].remedy


@pytest.mark.parametrize("file", sorted(p.name for p in REAL.glob("*.yml")))
def test_broken_yaml_in_any_file_is_told_with_its_line(root: Path, file: str) -> None:
    line = append(folder(root) / file, 'broken: "')
    about = [p for p in findings(root) if "YAML:" in p.message]
    assert [(p.file, abs(p.line - line) <= 1) for p in about] == [(f"data/knowledge/{file}", True)]


# evidence.yml and spelling.yml

EVIDENCE, SPELLING = BESIDE
ITEM = "- {{item: '2.1-99', title: A new item{}}}"
TABLES = [
    ("an item that is a text", EVIDENCE, "- a new item", 0, "this item is not complete"),
    ("an item without title", EVIDENCE, "- {item: '2.1-99'}", 0, "this item is not complete"),
    ("an item without name", EVIDENCE, "- {title: A new item}", 0, "this item is not complete"),
    ("an item whose name is a number", EVIDENCE, "- {item: 2.1, title: A new item}", 0, "this item is not complete"),
    ("an item with a misspelt line", EVIDENCE, ITEM.format(", verdict: [ASK]"), 0, "this item is not complete"),
    ("an item with an unknown verdict", EVIDENCE, ITEM.format(", verdicts: [MAYBE]"), 0, "this item is not complete"),
    ("an item whose verdicts are one text", EVIDENCE, ITEM.format(", verdicts: ASK"), 0, "this item is not complete"),
    ("an unknown part of the table", SPELLING, "more:\n  colour: color", 0, "'more' is not a part of the table"),
    ("a part of the table that is a text", SPELLING, "more: colour", 0, "'more' is not a part of the table"),
    ("a word that is a list", SPELLING, "  zyx: [zix]", 0, "'zyx: ['zix']' is not a pair of words"),
    ("a word without its other spelling", SPELLING, "  zyx:", 0, "'zyx: None' is not a pair of words"),
    ("a word in capital letters", SPELLING, "  Zyx: zix", 0, "'Zyx: zix' is not a pair of words"),
    ("a spelling in capital letters", SPELLING, "  zyx: Zix", 0, "'zyx: Zix' is not a pair of words"),
    ("a word that stays as it is", SPELLING, "  zyx: zyx", 0, "'zyx: zyx' is not a pair of words"),
    ("a word with a slot", SPELLING, "  zyx: '{clinic_phone}'", 0, "is not a pair of words"),
    ("a word that stands twice", SPELLING, "  jab: needle", 0, "'jab' stands twice"),
]


@pytest.mark.parametrize(("file", "text", "below", "message"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_one_mistake_in_the_tables_beside_gives_exactly_its_finding(root: Path, file: str, text: str, below: int, message: str) -> None:
    line = append(root / "data" / file, text)
    expect(findings(root), f"data/{file}", line + below, message)


@pytest.mark.parametrize("verdicts", ["5", "true", "[[ASK]]"])
def test_verdicts_of_an_item_that_are_no_list_of_texts_are_a_finding(root: Path, verdicts: str) -> None:
    line = append(root / "data" / EVIDENCE, ITEM.format(f", verdicts: {verdicts}"))
    expect(findings(root), f"data/{EVIDENCE}", line, "this item is not complete")


def test_two_british_words_may_not_have_one_american_word(root: Path) -> None:
    """Read back, it could be either."""
    line = replace(root / "data" / SPELLING, "  tumour: tumor\n", "  tumour: tumor\n  tumoure: tumor\n")
    expect(findings(root), f"data/{SPELLING}", line + 1, "'tumor' stands twice")


@pytest.mark.parametrize("file", BESIDE)
@pytest.mark.parametrize(("content", "message"), [(None, "the file is missing"), ("", "is missing"), ("text\n", "is missing"), ("a: [\n", "YAML:"), ("a: &b c\n", "anchors")])
def test_a_table_beside_that_cannot_be_used_is_told_once(root: Path, file: str, content: str | None, message: str) -> None:
    path = root / "data" / file
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    problems = findings(root)
    about = [p for p in problems if p.file == f"data/{file}"]
    assert len(about) == 1 and message in about[0].message and about[0].remedy
    # Without the list of items nobody knows where it names no source; nothing else may follow from a missing table.
    assert all("it names no source" in p.message for p in problems if p not in about) and (file == EVIDENCE or problems == about)


def test_a_folder_without_any_knowledge_is_told(tmp_path: Path) -> None:
    knowledge, problems = check_knowledge(tmp_path / "data" / "knowledge", tmp_path)
    assert not knowledge.entries and {p.message for p in problems} >= {"the file is missing"}


# production


@lru_cache(maxsize=4)
def signed_files(by: str, on: str, following: str) -> dict[str, str]:
    """The files of the knowledge base with every health entry signed as it stands: name -> text."""
    with tempfile.TemporaryDirectory() as folder_name:
        root = copied(Path(folder_name))
        for entry in KNOWLEDGE.entries.values():
            if entry.kind in HEALTH_KINDS:
                set_field(root / entry.file, entry.id, "review", review_block(by, on, following, entry.fingerprint))
        return {p.name: p.read_text(encoding="utf-8") for p in folder(root).glob("*.yml")}


def sign(root: Path, by: str = "Dr A", on: str = "2026-11-01", following: str = "2999-01-01") -> None:
    """Sign every health entry of the copy."""
    for name, text in signed_files(by, on, following).items():
        (folder(root) / name).write_text(text, encoding="utf-8")


def review_block(by: str, on: str, following: str, of: str) -> str:
    return f"{{reviewed_by: {by}, reviewed_on: '{on}', next_review: '{following}', of: {of}}}"


def test_production_takes_a_knowledge_base_that_is_signed_throughout(root: Path) -> None:
    sign(root)
    assert findings(root, "production") == []


THIS = KNOWLEDGE.entry("pain").fingerprint


@pytest.mark.parametrize(
    ("review", "message"),
    [
        ("{reviewed_by: null, reviewed_on: null, next_review: null}", "no clinician has signed it"),
        (review_block("Dr A", "2020-01-01", str(date.today() - timedelta(days=1)), THIS), "its review is past its date"),
        (review_block("Dr A", "2026-11-01", "2999-01-01", "x0123456789a"), "its text has changed since it was signed"),
        ("{reviewed_by: Dr A, reviewed_on: '2026-11-01', next_review: '2999-01-01'}", "its text has changed since it was signed"),
        ("{reviewed_by: Dr A, reviewed_on: '2026-11-01', next_review: '2999-01-01', of: null}", "its text has changed since it was signed"),
    ],
)
def test_production_refuses_one_entry_without_a_current_review(root: Path, review: str, message: str) -> None:
    sign(root)
    line = set_field(file_of(root, FAQ), FAQ, "review", review)
    assert findings(root, "pilot") == []
    expect(findings(root, "production"), KNOWLEDGE.entry(FAQ).file, line_of(file_of(root, FAQ), f"- id: {FAQ}"), message)
    assert line


def test_production_refuses_a_text_that_was_changed_after_it_was_signed(root: Path) -> None:
    """Also where the change is as small as a full stop: nobody has read it as it stands (G6)."""
    sign(root)
    entry = KNOWLEDGE.entry(FAQ)
    set_field(file_of(root, FAQ), FAQ, "short", json.dumps(entry.short + " Ok."))
    assert findings(root, "pilot") == []
    expect(findings(root, "production"), entry.file, line_of(file_of(root, FAQ), f"- id: {FAQ}"), "its text has changed since it was signed")


def test_a_review_is_still_current_on_its_last_day(root: Path) -> None:
    sign(root, following=str(date.today()))
    assert findings(root, "production") == []


# words (evidence base 8.4)

BANNED = [
    "It is safe for you.", "Massage is safe for you, so ask for one.", "Ask me about prices, it would be safe for you.", "It is perfectly safe.",
    "We guarantee it.", "It is guaranteed.", "It is risk-free.", "It is risk free.", "There is no risk.", "Don't worry.", "Do not worry.",
    "There is no need to worry.", "You'll be fine.", "It should be fine.", "It should be OK.", "That is fine.", "Massage can cure cancer.",
    "It cures pain.", "A detox massage.", "It clears toxins.", "It flushes waste.", "It boosts you.", "It strengthens your immune system.",
    "It raises natural killer cells.", "It heals.", "It speeds up healing.", "It increases the effect of chemo.", "Use it instead of your medicine.",
    "A curable cancer.", "A curative massage.", "It strengthens our immunity.", "It sped up your healing.", "It is speeding up healing.",
    "It increased the effects of chemo.", "Take it instead of your treatment.", "Use lavender oil.", "Take Tylenol.", "Ask for a Bio-Oil rub.", "A Theragun helps.",
    "Call 111.", "Call 111 now.", "111", "You have an infection.", "You may have a blood clot.", "You have lymphoedema.", "You may have deep bleeding.",
    "This could be a clot.", "It can't hurt.", "It won’t hurt.", "It doesn't.", "It needn't.", "Yes, you can.", "You can have a massage.", "Go ahead.", "It is safe.",
]
ALLOWED = [
    "I cannot say if it is safe for you.", "I cannot say it is safe for you.", "Ask your team what is safe for you.", "Is massage safe for me now?",
    "Massage cannot cure cancer.", "Be careful with people who say they can cure you.", "Massage does not detox the body.", "It does not flush out toxins.",
    "Does massage flush out toxins?", "Call NHS 111.", "Call 01111 111 222.", "Call 111 222.", "If you have an infection, wait.", "You have a team.",
    "These can be signs of a clot.", "The team's nurse can tell you.", "Your team decides if it is safe.", "It is not a defined answer.", "A boost?",
    "Call for sudden flushing.", "Does massage boost you?", "It cannot cure you.", "A calibre of care.", "The librarian knows.",
]


@pytest.mark.parametrize("text", BANNED)
@pytest.mark.parametrize("before", ["", "Massage may help. "])
def test_a_banned_wording_is_found_wherever_it_stands(text: str, before: str) -> None:
    assert banned_words(before + text)


@pytest.mark.parametrize("text", ALLOWED)
def test_a_wording_that_only_looks_like_a_banned_one_is_left_alone(text: str) -> None:
    assert banned_words(text) == []


def test_an_excuse_in_one_sentence_does_not_excuse_the_next() -> None:
    assert [found for found, _ in banned_words("Massage does not detox. It is a detox.")] == ["detox"]


@pytest.mark.parametrize("slot", NEUTRAL)
def test_no_words_for_an_empty_slot_are_banned(slot: str) -> None:
    assert banned_words(NEUTRAL[slot]) == []


ASKS = [
    "Ask your team.", "Please ask your nurse.", "Check with your doctor first.", "Please check this with your medical team.", "Talk to the surgeon.",
    "Speak to your midwife.", "Speak with a pharmacist.", "Ask your physiotherapist.", "Ask your GP.", "Ask the specialist nurse.", "Ask your oncologist.",
    "Please do not have massage until your team has said it is OK.", "Your nurse should say yes first.", "Ask your doctors.",
]
NO_ASKS = ["Call your team now.", "Your team knows your tests.", "Why ask?", "Tell your team now.", "It is a job for a therapist.", "Ask for an urgent GP appointment."]


@pytest.mark.parametrize("text", ASKS)
def test_an_ask_is_recognised(text: str) -> None:
    assert len(asks(text)) == 1


@pytest.mark.parametrize("text", NO_ASKS)
def test_what_asks_nobody_is_no_ask(text: str) -> None:
    assert asks(text) == []


def test_every_reminder_of_the_real_data_holds_an_ask_and_no_banned_word() -> None:
    for wordings in KNOWLEDGE.reminders.values():
        for wording in (w.replace("{who}", "your team") for w in wordings):
            assert "ask" in wording.lower() or asks(wording) or "team" in wording.lower()
            assert banned_words(wording) == []


@pytest.mark.parametrize(("text", "count"), [("", 0), ("One two. Three?", 3), ("a  b\nc d e", 5), ("No. No! No?", 3)])
def test_words_are_counted_as_people_count_them(text: str, count: int) -> None:
    assert words(text) == count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("One two. Three?", []),
        ("One two three. Four?", ["One two three."]),
        ("a b\nc d", []),  # a line ends a sentence
        ("a b c\nd e f", ["a b c", "d e f"]),
        ("a b, c: d e f!", ["a b, c: d e f!"]),
    ],
)
def test_sentences_longer_than_allowed_are_found_each(text: str, found: list[str]) -> None:
    assert long_sentences(text, 2) == found


@pytest.mark.parametrize("text", ["Below 50.", "A count of 20,000.", "39 C", "5 in 10", "12-hour", "1 in 100", "120 minutes", "R21"])
def test_a_figure_is_found(text: str) -> None:
    assert figures(text)


@pytest.mark.parametrize("text", ["", "Two or three.", "A 24-hour line.", "20 minutes", "for 48 hours", "1 in 10 people", "2 days", "38 C", "38C", "100.4 F", "COVID-19", "HIT"])
def test_words_and_the_figures_of_the_evidence_base_are_none(text: str) -> None:
    assert figures(text) == []


def test_hard_words_and_long_sentences_read_at_a_higher_grade() -> None:
    easy, long = "Ask your team. They know you well.", "Ask your team and your nurse and the team that knows you well at your ward now."
    assert grade("") == grade("  ") == 0
    assert grade(easy) < grade(long) < grade("Physiological considerations necessitate professional authorisation.")
    assert grade(easy) <= MAX_GRADE


# whatever is done to the files


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("scratch"))


def garbled(line: str, seed: int) -> str:
    """A line with something done to it that fingers and editors do."""
    chance = random.Random(seed)
    at = chance.randrange(len(line) + 1)
    ways = (
        lambda: line[:at], lambda: line[at:], lambda: " " + line, lambda: line.lstrip(), lambda: line + ":", lambda: "- " + line,
        lambda: line.replace(":", "", 1), lambda: line.split(":")[0] + ": [a, {b: c}]", lambda: line.split(":")[0] + ": 5",
        lambda: line.split(":")[0] + ":", lambda: line[:at] + chance.choice("{}[]'\"#&*!|>%@`\t\x00é😀-?,:") + line[at:], lambda: line[::-1],
        lambda: line.split(":")[0] + ": {}", lambda: line.split(":")[0] + ": [[]]", lambda: line.split(":")[0] + ": yes",
    )
    return chance.choice(ways)()


@given(file=st.sampled_from([*(f"knowledge/{p.name}" for p in sorted(REAL.glob("*.yml"))), *BESIDE]), at=st.integers(0, 10_000), what=st.sampled_from(["deleted", "doubled", "garbled"]),
       seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.slow
def test_no_line_deleted_doubled_or_garbled_makes_the_check_fail(scratch: Path, file: str, at: int, what: str, seed: int) -> None:
    lines = (NOW / "data" / file).read_text(encoding="utf-8").split("\n")
    at %= len(lines)
    lines[at : at + 1] = {"deleted": [], "doubled": [lines[at]] * 2, "garbled": [garbled(lines[at], seed)]}[what]
    try:
        (scratch / "data" / file).write_text("\n".join(lines), encoding="utf-8")
        knowledge, problems = check_knowledge(folder(scratch), scratch, True, CLINIC)
        assert all(p.file.startswith("data/") and p.message and p.remedy and p.line >= 0 for p in problems)
        assert Knowledge.from_json(json.loads(json.dumps(knowledge.as_json()))) == knowledge
    finally:
        shutil.copy(NOW / "data" / file, scratch / "data" / file)
