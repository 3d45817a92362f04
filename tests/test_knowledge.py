"""data/knowledge: loading, the compiled form, and every rule that `make check` holds it to, each broken once in a copy."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace as with_fields
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.content.clinic import NEUTRAL
from askfirst.content.knowledge import HEALTH_KINDS, Knowledge, Limit, load_knowledge, read_knowledge
from askfirst.content.lint import asks, banned_words, longest_sentence, words
from askfirst.content.problems import ContentError, Problem
from askfirst.content.validate import MAX_ALWAYS, MAX_FACTS, MAX_SENTENCE, MAX_SHORT, check_knowledge
from tests.edits import append, expect, line_of, replace, set_field
from tests.harness import ROOT

REAL = ROOT / "data" / "knowledge"
KNOWLEDGE = load_knowledge(REAL, ROOT)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project's root with a copy of the real knowledge base."""
    shutil.copytree(REAL, tmp_path / "data" / "knowledge")
    return tmp_path


def folder(root: Path) -> Path:
    return root / "data" / "knowledge"


def findings(root: Path, mode: str = "demo") -> list[Problem]:
    return check_knowledge(folder(root), root, mode == "production")[1]


def told(problems: list[Problem]) -> str:
    return "\n".join(str(problem) for problem in problems)


# the real data


@pytest.mark.parametrize("mode", ["demo", "pilot", None])
def test_the_real_knowledge_base_gives_no_findings(mode: str | None) -> None:
    knowledge, problems = check_knowledge(REAL, ROOT, mode == "production")
    assert not problems, told(problems)
    assert knowledge == KNOWLEDGE


def test_production_refuses_each_entry_that_no_clinician_has_signed(root: Path) -> None:
    unsigned = {e.id for e in KNOWLEDGE.entries.values() if e.is_health and not e.reviewed}
    problems = findings(root, "production")
    assert {p.message.split(":")[0] for p in problems if "no clinician has signed it" in p.message} == unsigned
    assert len(problems) == len(unsigned)


def test_every_entry_knows_its_file_and_line() -> None:
    for entry in KNOWLEDGE.entries.values():
        lines = (ROOT / entry.file).read_text(encoding="utf-8").split("\n")
        assert lines[entry.line - 1] == f"- id: {entry.id}"


# loading


def test_an_entry_is_read_as_it_stands(root: Path) -> None:
    entry = KNOWLEDGE.entry("blood_thinners")
    assert (entry.kind, entry.phrase, entry.verdict) == ("drug", "blood thinners", "ASK")
    assert entry.limits == (Limit("firmness", "firm", "NO"), Limit("where", "clot_limb", "NO"))
    assert "warfarin" in entry.names and entry.is_thing and entry.is_state and entry.is_health
    assert entry.limits[0].as_dict() == {"firmness": "firm", "code": "NO"}


def test_a_fever_on_treatment_is_urgent_and_names_its_red_flag() -> None:
    when = KNOWLEDGE.entry("fever_infection").when
    assert [(w.facts, w.verdict, w.red_flag) for w in when] == [(("on_treatment",), "URGENT", "R20"), (("weak_immunity",), "URGENT", "R20")]


def test_a_text_over_several_lines_is_one_line(root: Path) -> None:
    set_field(folder(root) / "faq.yml", "pain", "facts", ">-\n    One\n    line.\n\n    Two.")
    assert load_knowledge(folder(root)).entry("pain").facts == ("One line. Two.",)


def test_every_intent_leads_to_its_own_entry() -> None:
    for entry in KNOWLEDGE.entries.values():
        if entry.intent_name:
            assert KNOWLEDGE.by_intent(entry.intent_name) == entry
    assert KNOWLEDGE.entry("general_safe").intent_name == "ask_safety"
    assert KNOWLEDGE.entry("pain").intent_name == "ask_pain" and KNOWLEDGE.entry("results").intent_name == "limit_results"
    assert KNOWLEDGE.entry("low_platelets").intent_name == "" and KNOWLEDGE.by_intent("no_such_intent") is None


def test_only_sources_seen_on_the_publishers_page_are_shown() -> None:
    keys = tuple(KNOWLEDGE.sources)
    assert {s.key for s in KNOWLEDGE.shown_sources(keys)} == {k for k in keys if KNOWLEDGE.source_status[k] == "V"}
    assert KNOWLEDGE.shown_sources(("no such key",)) == ()


def test_an_unknown_entry_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="no_such_entry"):
        KNOWLEDGE.entry("no_such_entry")


@pytest.mark.parametrize(
    ("review", "read"),
    [
        ("{reviewed_by: Dr A, reviewed_on: '2026-11-01', next_review: null}", {"reviewed_by": "Dr A", "reviewed_on": "2026-11-01"}),
        ("{reviewed_by: Dr A, reviewed_on: 2026-11-01, next_review: 2027-11-01}", {"reviewed_by": "Dr A", "reviewed_on": "2026-11-01"}),
        ("{reviewed_by: null, reviewed_on: null, next_review: null}", None),
        ("{reviewed_by: '  ', reviewed_on: '2026-11-01', next_review: null}", None),
    ],
)
def test_an_entry_is_reviewed_only_with_a_person_and_a_date(root: Path, review: str, read: dict[str, str] | None) -> None:
    set_field(folder(root) / "faq.yml", "pain", "review", review)
    assert load_knowledge(folder(root)).entry("pain").reviewed == read


def test_loading_refuses_what_reading_finds(root: Path) -> None:
    set_field(folder(root) / "faq.yml", "pain", "colour", "blue")
    with pytest.raises(ContentError, match="an entry has no 'colour'"):
        load_knowledge(folder(root), root)
    assert "pain" in read_knowledge(folder(root), root)[0].entries


# the compiled form


def test_the_compiled_form_reads_back_the_same() -> None:
    compiled = json.loads(json.dumps(KNOWLEDGE.as_json()))
    assert Knowledge.from_json(compiled) == KNOWLEDGE
    assert Knowledge.from_json({**compiled, "version": "v7"}) == with_fields(KNOWLEDGE, version="v7")


def test_the_compiled_form_keeps_what_the_real_data_do_not_use_yet(root: Path) -> None:
    path = folder(root) / "conditions.yml"
    set_field(path, "low_platelets", "when", "[{recent: true, weak_immunity: true, verdict: 'NO', limits: [{where: line, code: ASK}]}]")
    set_field(path, "low_platelets", "not_in", "[platelet rich plasma]")
    set_field(path, "low_platelets", "attributes", "{areas: [hands, feet], deep: {more: [1, 2]}}")
    knowledge = load_knowledge(folder(root))
    entry = Knowledge.from_json(json.loads(json.dumps(knowledge.as_json()))).entry("low_platelets")
    assert entry == knowledge.entry("low_platelets")
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

LONG = "word " * 30
DRUG, COND, FAQ, TYPE, TALK, BOUND, TREAT = "blood_thinners", "low_platelets", "pain", "hand_foot_head", "greet", "results", "during_chemo"
FILE_OF = {
    DRUG: "conditions.yml", COND: "conditions.yml", "lines_ports": "conditions.yml", "fever_infection": "conditions.yml", FAQ: "faq.yml",
    TYPE: "massage_types.yml", TALK: "talk.yml", "thank": "talk.yml", BOUND: "boundaries.yml", TREAT: "treatments.yml",
}
NO_ASK = "does not say whom to ask and what"
SHAPE = [
    ("a field that does not exist", FAQ, "colour", "blue", "field", "an entry has no 'colour'"),
    ("a list that is one text", FAQ, "related", "why_ask", "field", "'related' must be a list of texts"),
    ("a list with an empty item", FAQ, "related", "[why_ask, ' ']", "field", "'related' must be a list of texts"),
    ("a list with a number", FAQ, "related", "[why_ask, 5]", "field", "'related' must be a list of texts"),
    ("a text that is a number", FAQ, "group", "5", "field", "'group' must be a text"),
    ("a text that is a list", DRUG, "always", "[a, b]", "field", "'always' must be a text"),
    ("a verdict that is a list", FAQ, "verdict", "[ASK]", "field", "'verdict' must be a text"),
    ("a value that readers disagree on", FAQ, "group", "NO", "field", "NO without quotes means different things"),
    ("limits that are one text", "lines_ports", "limits", "line", "field", "'limits' must be a list of blocks"),
    ("limits that are a number", "lines_ports", "limits", "5", "field", "'limits' must be a list of blocks"),
    ("a limit that is a text", "lines_ports", "limits", "[line]", "field", "a limit must look like"),
    ("a limit without code", "lines_ports", "limits", "[{where: line}]", "field", "this limit is not complete"),
    ("a limit without place", "lines_ports", "limits", "[{code: ASK}]", "field", "this limit is not complete"),
    ("a limit with an unknown code", "lines_ports", "limits", "[{where: line, code: MAYBE}]", "field", "this limit is not complete"),
    ("a limit with two places", "lines_ports", "limits", "[{where: line, heat: hot, code: ASK}]", "field", "this limit is not complete"),
    ("a limit with a list as code", "lines_ports", "limits", "[{where: line, code: [ASK]}]", "field", "this limit is not complete"),
    ("a 'when' that is one block", COND, "when", "{recent: true}", "field", "'when' must be a list of blocks"),
    ("a 'when' with a text", COND, "when", "[recent]", "field", "a 'when' must be a block"),
    ("a 'when' with an unknown word", COND, "when", "[{recent: true, colour: blue}]", "field", "'when' knows no colour"),
    ("a 'when' without condition", COND, "when", "[{verdict: ASK}]", "field", "'when' knows no condition here"),
    ("a 'when' that is false", COND, "when", "[{recent: false, verdict: ASK}]", "field", "'when' knows no condition here"),
    ("a red flag that is a list", COND, "when", "[{recent: true, verdict: ASK, red_flag: [R20]}]", "field", "'red_flag' must be a text"),
    ("attributes that are a list", TREAT, "attributes", "[firm]", "field", "'attributes' must be a block"),
    ("a watch that is a text", COND, "watch", "call your team", "field", "'watch' must be a block"),
    ("a watch with a misspelt line", "lines_ports", "watch", "{call: your team, signs: swelling, sings: more}", "field", "'watch' has no 'sings'"),
    ("an ask with a misspelt line", FAQ, "ask", "{who: your team, question: 'Is it OK?', quesion: 'Is it?'}", "field", "'ask' has no 'quesion'"),
    ("a review with a line too many", FAQ, "review", "{reviewed_by: null, reviewed_on: null, next_review: null, by: me}", "field", "'review' has no 'by'"),
]
RULES = [
    ("no title", FAQ, "title", None, "entry", "it has no title"),
    ("no place in the evidence base", FAQ, "evidence", None, "entry", "it does not say where in the evidence base it stands"),
    ("no facts", TALK, "facts", None, "entry", "it says nothing"),
    ("an unknown verdict", FAQ, "verdict", "MAYBE", "entry", "the verdict 'MAYBE' is not known"),
    ("an urgent verdict without 'when'", FAQ, "verdict", "URGENT", "entry", "only a 'when' with a red_flag can be urgent"),
    ("a thing without verdict", COND, "verdict", None, "entry", "it has no verdict"),
    ("an unknown verdict under 'when'", COND, "when", "[{recent: true, verdict: MAYBE}]", "entry", "the verdict 'MAYBE' under when is not known"),
    ("an urgent 'when' without red flag", COND, "when", "[{recent: true, verdict: URGENT}]", "entry", "an urgent 'when' and its red_flag go together"),
    ("a red flag without urgency", COND, "when", "[{recent: true, verdict: ASK, red_flag: R20}]", "entry", "an urgent 'when' and its red_flag go together"),
    ("an unknown state that it gives", TREAT, "gives", "[on_holiday]", "entry", "gives 'on_holiday' is not known"),
    ("a related entry that does not exist", FAQ, "related", "[no_such_entry]", "entry", "'no_such_entry' under related or offers does not exist"),
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
    ("an unknown slot in what to watch", COND, "watch", "{call: '{the_ward}', signs: bleeding}", "entry", "the slot {the_ward} does not exist"),
    ("an unknown slot in the phrase", COND, "phrase", "'low {cells}'", "entry", "the slot {cells} does not exist"),
    ("a slot in a title", TALK, "title", "'Call {clinic_phone}'", "entry", "the slot {clinic_phone} does not exist here"),
    ("opening hours in a health answer", FAQ, "short", "'Open: {clinic_hours}'", "entry", "the slot {clinic_hours} does not exist here"),
    ("opening hours in what the assistant cannot do", BOUND, "facts", "'I cannot judge results. {clinic_hours}'", "entry", "{clinic_hours} does not exist here"),
    ("half a slot", FAQ, "short", "'Call {clinic_phone now.'", "entry", "a { or } stands alone"),
    ("a banned word in facts", TALK, "facts", "['That is fine.']", "entry", "'fine' may not stand in an answer (reads as permission)"),
    ("a banned word in short", FAQ, "short", "Massage heals.", "entry", "'heals' may not stand in an answer"),
    ("a banned word in always", DRUG, "always", "It cures.", "entry", "'cures' may not stand"),
    ("a banned word in the question", FAQ, "ask", "{who: your team, question: 'Is it risk-free?'}", "entry", "'risk-free' may not stand"),
    ("a banned word in the signs", COND, "watch", "{call: your team, signs: what this could be}", "entry", "'this could be' may not stand"),
    ("a banned word in whom to call", COND, "watch", "{call: '111', signs: bleeding}", "entry", "'111' may not stand"),
    ("a banned word in the text to watch", COND, "watch", "{text: Do not worry.}", "entry", "'Do not worry' may not stand"),
    ("a banned word in the phrase", COND, "phrase", "perfectly safe platelets", "entry", "'perfectly safe' may not stand"),
    ("a banned word in a title", TALK, "title", "Massage boosts you", "entry", "'boosts' may not stand"),
    ("facts too long", TALK, "facts", f"['{'Word. ' * (MAX_FACTS + 1)}']", "entry", f"facts has {MAX_FACTS + 1} words, more than {MAX_FACTS}"),
    ("a sentence too long", TALK, "facts", f"['{'word ' * (MAX_SENTENCE + 1)}.']", "entry", f"a sentence of {MAX_SENTENCE + 2} words is too long"),
    ("short too long", FAQ, "short", "word " * (MAX_SHORT + 1), "entry", f"short has {MAX_SHORT + 1} words, more than {MAX_SHORT}"),
    ("always too long", DRUG, "always", "word " * (MAX_ALWAYS + 1), "entry", f"always has {MAX_ALWAYS + 1} words, more than {MAX_ALWAYS}"),
    ("a limit nobody has named", "lines_ports", "limits", "[{where: the_moon, code: 'NO'}]", "entry", "the limit where: the_moon is not in limits.yml"),
    ("a limit of a 'when' nobody has named", COND, "when", "[{recent: true, limits: [{heat: hot, code: 'NO'}]}]", "entry", "heat: hot is not in limits.yml"),
    ("a limit that facts do not say", "lines_ports", "facts", "Keep away from it.", "entry", "facts does not say the limit 'a line or port'"),
    ("a limit heard only inside another word", "lines_ports", "facts", "Keep support and guidelines away.", "entry", "facts does not say the limit"),
    ("two texts where one is said", FAQ, "facts", "[One., Two.]", "entry", "only the first of its texts under facts would be said"),
    ("a watch without signs", COND, "watch", "{call: your team}", "entry", "its watch does not say whom to call about what"),
    ("a watch without anybody", COND, "watch", "{signs: bleeding}", "entry", "its watch does not say whom to call about what"),
    ("no ask", FAQ, "ask", None, "entry", NO_ASK),
    ("an ask without question", FAQ, "ask", "{who: your team}", "entry", NO_ASK),
    ("an ask without anybody", FAQ, "ask", "{question: 'Is it OK?'}", "entry", NO_ASK),
    ("what the assistant cannot do, without its ask", BOUND, "ask", None, "entry", NO_ASK),
    ("a reminder that does not exist", FAQ, "reminder", "no_such_family", "entry", "its reminder family 'no_such_family' does not exist"),
    ("no reminder", FAQ, "reminder", None, "entry", "its reminder family '' does not exist"),
    ("a second ask in facts", FAQ, "facts", "Please ask your doctor.", "entry", "holds an ask of its own: 'Please ask your doctor'"),
    ("a second ask in short", FAQ, "short", "Talk to the nurse.", "entry", "holds an ask of its own: 'Talk to the nurse'"),
    ("a second ask in always", DRUG, "always", "Ask your GP.", "entry", "holds an ask of its own: 'Ask your GP'"),
    ("a second ask in what to watch", COND, "watch", "{text: Check with your team.}", "entry", "holds an ask of its own: 'Check with your team'"),
    ("no review block", FAQ, "review", None, "entry", "its review block is missing or not complete"),
    ("half a review block", FAQ, "review", "{reviewed_by: null, reviewed_on: null}", "entry", "its review block is missing or not complete"),
    ("a review without a date", FAQ, "review", "{reviewed_by: Dr A, reviewed_on: null, next_review: null}", "entry", "names a person without a date"),
    ("a review without a person", FAQ, "review", "{reviewed_by: null, reviewed_on: '2026-11-01', next_review: null}", "entry", "or a date without a person"),
    ("a review on no date", FAQ, "review", "{reviewed_by: Dr A, reviewed_on: 1 May, next_review: null}", "entry", "reviewed_on '1 May' is not a date"),
    ("a next review on no date", FAQ, "review", "{reviewed_by: null, reviewed_on: null, next_review: soon}", "entry", "next_review 'soon' is not a date"),
    ("a name that another entry has", TREAT, "names", "[chemo, Warfarin]", "entry", "the name 'Warfarin' belongs to blood_thinners too"),
]
ALL = SHAPE + RULES


@pytest.mark.parametrize(("entry", "field", "value", "where", "message"), [row[1:] for row in ALL], ids=[row[0] for row in ALL])
def test_one_rule_broken_gives_exactly_its_finding(root: Path, entry: str, field: str, value: str | None, where: str, message: str) -> None:
    path = folder(root) / FILE_OF[entry]
    line = set_field(path, entry, field, value)
    expect(findings(root), f"data/knowledge/{path.name}", line if where == "field" else line_of(path, f"- id: {entry}"), message)


def test_a_kind_of_massage_without_attributes_must_say_if_it_is_firm(root: Path) -> None:
    path = folder(root) / "massage_types.yml"
    set_field(path, TYPE, "attributes", "[light]")
    messages = [p.message for p in findings(root)]
    assert len(messages) == 2 and "'attributes' must be a block" in messages[0] and "must say if it is firm" in messages[1]


# entries that cannot be read at all

GOOD = "- id: {id}\n  kind: {kind}\n  title: Thanks\n  evidence: ['6.1']\n  facts: [You are welcome.]"


@pytest.mark.parametrize("entry_id", ["Thanks", "two words", "ärger", "a-b", "''", "_a", "5"])
def test_an_id_that_cannot_be_one_is_a_finding(root: Path, entry_id: str) -> None:
    line = append(folder(root) / "talk.yml", GOOD.format(id=entry_id, kind="smalltalk"))
    problems = [p for p in findings(root) if "'id' must be a text" not in p.message]
    expect(problems, "data/knowledge/talk.yml", line, "cannot be an id")


def test_a_good_new_entry_gives_no_finding(root: Path) -> None:
    append(folder(root) / "talk.yml", GOOD.format(id="thanks_2", kind="smalltalk"))
    knowledge, problems = check_knowledge(folder(root), root)
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
    assert f"data/knowledge/faq.yml:{line_of(folder(root) / 'faq.yml', '- id: pain')}" in problems[0].remedy


def test_a_field_written_twice_is_a_finding(root: Path) -> None:
    path = folder(root) / "faq.yml"
    replace(path, "  kind: faq\n", "  kind: faq\n  kind: faq\n")
    expect(findings(root), "data/knowledge/faq.yml", line_of(path, "kind: faq", 2), "'kind' stands twice")


def test_a_file_that_is_no_list_of_entries_is_a_finding(root: Path) -> None:
    (folder(root) / "notes.yml").write_text("a: b\n", encoding="utf-8")
    expect(findings(root), "data/knowledge/notes.yml", 1, "the file is not a list of entries")


def test_an_empty_file_of_entries_is_no_finding(root: Path) -> None:
    (folder(root) / "notes.yml").write_text("# later\n", encoding="utf-8")
    assert findings(root) == []


# limits.yml, reminders.yml, sources.yml

LIMITS, REMINDERS, SOURCES = "limits.yml", "reminders.yml", "sources.yml"
WORDINGS = "fam:\n  wordings: [Ask your team., Ask a nurse., {}]"
SPECIAL = [
    ("an unknown kind of limit", LIMITS, "smell:\n  oil: {say: oil, heard_as: [oil]}", 0, "'smell' is not a kind of limit"),
    ("a kind of limit that is a text", LIMITS, "heat: hot", 0, "'heat' is not a kind of limit"),
    ("a limit without heard_as", LIMITS, "heat:\n  hot: {say: hot stones}", 1, "the limit 'hot' lacks say or heard_as"),
    ("a limit without say", LIMITS, "heat:\n  hot: {heard_as: [hot]}", 1, "the limit 'hot' lacks say or heard_as"),
    ("a limit that is a text", LIMITS, "heat:\n  hot: hot stones", 1, "the limit 'hot' lacks say or heard_as"),
    ("a limit that does not hear itself", LIMITS, "heat:\n  hot: {say: warm stones, heard_as: [hot]}", 1, "hot: none of its heard_as stands in 'warm stones'"),
    ("a banned word in a limit", LIMITS, "heat:\n  hot: {say: hot detox, heard_as: [hot]}", 1, "hot: 'detox' may not stand"),
    ("an unknown slot in a limit", LIMITS, "heat:\n  hot: {say: 'hot {x}', heard_as: [hot]}", 1, "hot: the slot {x} does not exist"),
    ("a family with two wordings", REMINDERS, "fam:\n  wordings: [Ask your team., Ask a nurse.]", 0, "'fam' has fewer than three wordings"),
    ("a family that says one thing three times", REMINDERS, "fam:\n  wordings: [Ask your team., Ask your team., Ask your team.]", 0, "fewer than three"),
    ("a family that is a text", REMINDERS, "fam: Ask your team.", 0, "'fam' has fewer than three wordings"),
    ("a reminder that names nobody", REMINDERS, WORDINGS.format("Please wait."), 1, "fam: 'Please wait.' names no one to ask"),
    ("a reminder that names nobody, on a line of its own", REMINDERS, "fam:\n  wordings:\n    - Ask your team.\n    - Please wait.\n    - Ask a nurse.", 3,
     "fam: 'Please wait.' names no one to ask"),
    ("a banned word in a reminder", REMINDERS, WORDINGS.format("Ask your team if it is fine."), 1, "fam: 'fine' may not stand"),
    ("an unknown slot in a reminder", REMINDERS, WORDINGS.format("'Ask your team on {ward}.'"), 1, "fam: the slot {ward} does not exist"),
    ("opening hours in a reminder", REMINDERS, WORDINGS.format("'Ask your team. {clinic_hours}'"), 1, "{clinic_hours} does not exist here"),
    ("a source without status", SOURCES, "S-NEW: {title: New}", 0, "the source 'S-NEW' lacks a title or a status"),
    ("a source with an unknown status", SOURCES, "S-NEW: {title: New, status: seen}", 0, "the source 'S-NEW' lacks a title or a status"),
    ("a source without title", SOURCES, "S-NEW: {status: V}", 0, "the source 'S-NEW' lacks a title or a status"),
    ("a source that is a text", SOURCES, "S-NEW: https://example.org", 0, "the source 'S-NEW' lacks a title or a status"),
    ("a source listed twice", SOURCES, "S-MAC: {title: Again, status: V}", 0, "'S-MAC' stands twice"),
]


@pytest.mark.parametrize(("file", "text", "below", "message"), [row[1:] for row in SPECIAL], ids=[row[0] for row in SPECIAL])
def test_one_mistake_beside_the_entries_gives_exactly_its_finding(root: Path, file: str, text: str, below: int, message: str) -> None:
    line = append(folder(root) / file, text)
    expect(findings(root), f"data/knowledge/{file}", line + below, message)


def test_the_family_that_combined_answers_need_may_not_be_missing(root: Path) -> None:
    replace(folder(root) / REMINDERS, "any_massage:", "some_massage:")
    problems = findings(root)
    assert "the family 'any_massage' is missing" in told(problems)
    users = {e.id for e in KNOWLEDGE.entries.values() if e.reminder == "any_massage"}
    assert {p.message.split(":")[0] for p in problems if "its reminder family" in p.message} == users


@pytest.mark.parametrize("file", [LIMITS, REMINDERS, SOURCES])
@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "the file is missing"), ("", "is empty or is not a list of names"), ("- a\n", "is empty or is not"), ("a: [\n", "YAML:"), ("a: &b c\n", "anchors")],
)
def test_a_file_beside_the_entries_that_cannot_be_used_is_told_once(root: Path, file: str, content: str | None, message: str) -> None:
    path = folder(root) / file
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    about = [p for p in findings(root) if p.file == f"data/knowledge/{file}" and "any_massage" not in p.message]
    assert len(about) == 1 and message in about[0].message and about[0].remedy


@pytest.mark.parametrize("file", sorted(p.name for p in REAL.glob("*.yml")))
def test_broken_yaml_in_any_file_is_told_with_its_line(root: Path, file: str) -> None:
    line = append(folder(root) / file, 'broken: "')
    about = [p for p in findings(root) if "YAML:" in p.message]
    assert [(p.file, abs(p.line - line) <= 1) for p in about] == [(f"data/knowledge/{file}", True)]


def test_a_folder_without_any_knowledge_is_told(tmp_path: Path) -> None:
    knowledge, problems = check_knowledge(tmp_path / "data" / "knowledge", tmp_path)
    assert not knowledge.entries and {p.message for p in problems} >= {"the file is missing"}


# production


def sign(root: Path, by: str = "Dr A", on: str = "2026-11-01", following: str = "2999-01-01") -> None:
    """Sign every health entry of the copy."""
    for entry in KNOWLEDGE.entries.values():
        if entry.kind in HEALTH_KINDS:
            set_field(root / entry.file, entry.id, "review", f"{{reviewed_by: {by}, reviewed_on: '{on}', next_review: '{following}'}}")


def test_production_takes_a_knowledge_base_that_is_signed_throughout(root: Path) -> None:
    sign(root)
    assert findings(root, "production") == []


@pytest.mark.parametrize(
    ("review", "message"),
    [
        ("{reviewed_by: null, reviewed_on: null, next_review: null}", "no clinician has signed it"),
        (f"{{reviewed_by: Dr A, reviewed_on: '2020-01-01', next_review: '{date.today() - timedelta(days=1)}'}}", "its review is past its date"),
    ],
)
def test_production_refuses_one_entry_without_a_current_review(root: Path, review: str, message: str) -> None:
    sign(root)
    line = set_field(folder(root) / "faq.yml", "pain", "review", review)
    assert findings(root, "pilot") == []
    expect(findings(root, "production"), "data/knowledge/faq.yml", line_of(folder(root) / "faq.yml", "- id: pain"), message)
    assert line


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
    "Call 111.", "Call 111 now.", "111", "You have an infection.", "You may have a blood clot.", "You have lymphoedema.", "You may have deep bleeding.",
    "This could be a clot.", "It can't hurt.", "It won’t hurt.", "It doesn't.", "It needn't.", "Yes, you can.", "You can have a massage.", "Go ahead.", "It is safe.",
]
ALLOWED = [
    "I cannot say if it is safe for you.", "I cannot say it is safe for you.", "Ask your team what is safe for you.", "Is massage safe for me now?",
    "Massage cannot cure cancer.", "Be careful with people who say they can cure you.", "Massage does not detox the body.", "It does not flush out toxins.",
    "Does massage flush out toxins?", "Call NHS 111.", "Call 01111 111 222.", "Call 111 222.", "If you have an infection, wait.", "You have a team.",
    "These can be signs of a clot.", "The team's nurse can tell you.", "Your team decides if it is safe.", "It is not a defined answer.", "A boost?",
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
        for wording in wordings:
            assert "ask" in wording.lower() or asks(wording) or "team" in wording.lower()
            assert banned_words(wording) == []


@pytest.mark.parametrize(("text", "count", "longest"), [("", 0, 0), ("One two. Three?", 3, 2), ("a  b\nc d e", 5, 3), ("No. No! No?", 3, 1)])
def test_words_and_sentences_are_counted_as_people_count_them(text: str, count: int, longest: int) -> None:
    assert (words(text), longest_sentence(text)) == (count, longest)


# whatever is done to the files


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("scratch")
    shutil.copytree(REAL, target / "data" / "knowledge")
    return target


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


@given(file=st.sampled_from(sorted(p.name for p in REAL.glob("*.yml"))), at=st.integers(0, 10_000), what=st.sampled_from(["deleted", "doubled", "garbled"]),
       seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_line_deleted_doubled_or_garbled_makes_the_check_fail(scratch: Path, file: str, at: int, what: str, seed: int) -> None:
    lines = (REAL / file).read_text(encoding="utf-8").split("\n")
    at %= len(lines)
    lines[at : at + 1] = {"deleted": [], "doubled": [lines[at]] * 2, "garbled": [garbled(lines[at], seed)]}[what]
    try:
        (folder(scratch) / file).write_text("\n".join(lines), encoding="utf-8")
        knowledge, problems = check_knowledge(folder(scratch), scratch, True)
        assert all(p.file.startswith("data/knowledge/") and p.message and p.remedy and p.line >= 0 for p in problems)
        assert Knowledge.from_json(json.loads(json.dumps(knowledge.as_json()))) == knowledge
    finally:
        shutil.copy(REAL / file, folder(scratch) / file)
