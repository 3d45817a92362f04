"""data/spelling.yml: texts in the clinic's spelling, names understood in both, and nothing else changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.content.clinic import SLOTS, Clinic, load_clinic
from askfirst.content.compose import Question, compose, talk
from askfirst.content.knowledge import Entry
from askfirst.content.reply import Reply
from askfirst.content.spelling import Spelling, read_spelling
from askfirst.content.urgent import urgent_reply
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.nlu.importer import KnowledgeImporter
from askfirst.nlu.names import GAP, NameFinder
from askfirst.nlu.things import PREFIX
from askfirst.pages.topics import has_page, topic_reply
from tests.harness import ROOT

# It reads data/knowledge once: an edit while the tests run cannot make them disagree.
IMPORTER = KnowledgeImporter(config_file=str(ROOT / "config.yml"))
KNOWLEDGE = IMPORTER._knowledge()
TABLE, PROBLEMS = read_spelling(ROOT / "data" / "spelling.yml", ROOT)
SMALL = Spelling({"tumour": "tumor", "tumours": "tumors", "oedema": "edema", "line": "lyne", "crisis": "krisis"}, {"jab": "shot", "physio": "physical therapist"})

# the table


def test_the_projects_table_has_no_findings_and_holds_words_that_patients_use() -> None:
    assert not PROBLEMS
    assert TABLE.pairs["tumour"] == "tumor" and TABLE.pairs["lymphoedema"] == "lymphedema" and TABLE.words["jab"] == "shot"


def test_no_word_of_the_table_is_the_other_spelling_of_another() -> None:
    """Else a text would change again each time it is read."""
    british, american = {*TABLE.pairs, *TABLE.words}, {*TABLE.pairs.values(), *TABLE.words.values()}
    assert not british & american
    assert not set(TABLE.pairs) & set(TABLE.words)
    assert len(set(TABLE.pairs.values())) == len(TABLE.pairs)


@pytest.mark.parametrize("content", [None, "", "- a\n", "text\n", "spelling: [\n"])
def test_a_table_that_cannot_be_read_is_empty_and_told(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "spelling.yml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    table, problems = read_spelling(path, tmp_path)
    assert len(problems) == 1 and problems[0].file == "spelling.yml"
    assert (table.american("a tumour"), table.british("a tumor"), table.variants("tumour")) == ("a tumour", "a tumor", ("tumour",))


def test_one_bad_line_of_the_table_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "spelling.yml"
    path.write_text("spelling:\n  tumour: tumor\n  Oedema: edema\n  grey: 5\nwords:\n  jab: shot\nmore: {}\n", encoding="utf-8")
    table, problems = read_spelling(path, tmp_path)
    assert (table.pairs, table.words) == ({"tumour": "tumor"}, {"jab": "shot"})
    assert [p.line for p in problems] == [3, 4, 7]


# both ways


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("a tumour", "a tumor"),
        ("tumours, oedema", "tumors, edema"),
        ("Tumour", "Tumor"),
        ("TUMOUR", "TUMOR"),
        ("Oedema of the arm. OEDEMA!", "Edema of the arm. EDEMA!"),
        ("the tumour's edge", "the tumor's edge"),
        ("tumour-like (oedema)", "tumor-like (edema)"),
        ("tumour/oedema", "tumor/edema"),
        ("tumour\noedema", "tumor\nedema"),
        ("", ""),
        ("nothing here", "nothing here"),
    ],
)
def test_a_text_is_said_in_either_spelling_with_its_capitals(british: str, american: str) -> None:
    assert SMALL.american(british) == american
    assert SMALL.british(american) == british


@pytest.mark.parametrize("text", ["tumourous", "lymphoedema", "supertumour", "tumour1", "1tumour", "my_tumour", "tumour_line", "outline", "liner"])
def test_a_word_inside_another_is_left_alone(text: str) -> None:
    assert SMALL.american(text) == text


@pytest.mark.parametrize(("text", "shown"), [("a jab", "a shot"), ("Jab?", "Shot?"), ("JAB", "SHOT"), ("my physio", "my physical therapist"), ("Physio", "Physical therapist")])
def test_another_word_for_the_same_thing_is_shown_but_never_read_back(text: str, shown: str) -> None:
    """A shot may be many things: who writes it does not mean a jab."""
    assert SMALL.american(text) == shown
    assert SMALL.british(shown) == shown
    assert SMALL.variants(text) == (text,)


@pytest.mark.parametrize("slot", ["{line}", "{crisis_line}", "{crisis}", "{line_of_crisis}", "{clinic_phone}"])
def test_a_slot_is_never_spelt(slot: str) -> None:
    assert SMALL.american(f"The crisis: call {slot} or the line.") == f"The krisis: call {slot} or the lyne."
    assert SMALL.british(f"The krisis: call {slot} or the lyne.") == f"The crisis: call {slot} or the line."


@pytest.mark.parametrize(
    ("name", "variants"),
    [
        ("tumour", ("tumour", "tumor")),
        ("tumor", ("tumor", "tumour")),
        ("tumour with oedema", ("tumour with oedema", "tumor with edema")),
        ("tumour with edema", ("tumour with edema", "tumor with edema", "tumour with oedema")),
        ("biopsy", ("biopsy",)),
        ("massage * tumour", ("massage * tumour", "massage * tumor")),
    ],
)
def test_a_name_has_a_variant_for_each_spelling_and_itself_first(name: str, variants: tuple[str, ...]) -> None:
    assert SMALL.variants(name) == variants


CASES = st.sampled_from([str, str.capitalize, str.upper])
# What may stand between the words of a text; a hyphen makes one word of two, each of which is still looked up.
BETWEEN = st.sampled_from([" ", ", ", ". ", "\n", "-", "/", " (", ") ", " {clinic_phone} ", " {crisis_line}, ", " the ", " 12 ", "'s ", " é "])


@st.composite
def texts(draw: st.DrawFn, words: list[str]) -> str:
    """A text of words of the table, each in small letters, in capitals, or with a capital."""
    parts = [draw(CASES)(word) for word in draw(st.lists(st.sampled_from(words), max_size=8))]
    out = ""
    for number, part in enumerate(parts):
        out += part + (draw(BETWEEN) if number < len(parts) - 1 else "")
    return out


@settings(max_examples=400, deadline=None)
@given(texts(sorted(TABLE.pairs)))
def test_american_then_british_gives_the_first_text_back(text: str) -> None:
    assert TABLE.british(TABLE.american(text)) == text


@settings(max_examples=400, deadline=None)
@given(texts(sorted(TABLE.pairs.values())))
def test_british_then_american_gives_the_first_text_back(text: str) -> None:
    assert TABLE.american(TABLE.british(text)) == text


@settings(max_examples=300, deadline=None)
@given(texts([*TABLE.pairs, *TABLE.words]))
def test_a_text_in_american_spelling_holds_no_british_word_and_stays_as_it_is(text: str) -> None:
    american = TABLE.american(text)
    assert not british_words(american), american
    assert TABLE.american(american) == american


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from([f"{{{slot}}}" for slot in SLOTS]), st.sampled_from(sorted(TABLE.pairs))), max_size=8).map(" ".join))
def test_every_slot_of_a_text_stays(text: str) -> None:
    slots = re.findall(r"\{[^}]*\}", text)
    assert re.findall(r"\{[^}]*\}", TABLE.american(text)) == slots
    assert re.findall(r"\{[^}]*\}", TABLE.british(text)) == slots


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_can_be_spelt(text: str) -> None:
    """Whatever it holds; where none of the table's words stands, nothing changes."""
    assert isinstance(TABLE.american(text), str) and isinstance(TABLE.british(text), str)
    if not british_words(text):
        assert TABLE.american(text) == text


# names, through the real importer and finder


def finder() -> NameFinder:
    """What a release finds names with: the lookup tables of data/knowledge."""
    names: dict[str, list[str]] = {}
    not_in: dict[str, list[str]] = {}
    for table in IMPORTER.get_nlu_data().lookup_tables:
        _, thing, what = table["name"].removeprefix(PREFIX).split(".")
        if what in ("names", "not_in"):
            (names if what == "names" else not_in)[thing] = table["elements"]
    return NameFinder(names, not_in)


def test_every_name_is_found_in_either_spelling_and_in_capitals() -> None:
    found_by = finder()
    lost, spelt = [], 0
    for entry in KNOWLEDGE.things():
        for name in entry.names:
            plain_name = name.replace(GAP, "my")
            for written in {plain_name, TABLE.american(plain_name) if not words_only(plain_name) else plain_name, TABLE.british(plain_name)}:
                spelt += written != plain_name
                lost += [(entry.id, said) for said in (written, written.upper()) if entry.id not in [f.key for f in found_by.find(said)]]
    assert lost == []
    assert spelt > 20, "the table must matter, or nothing is tested here"


@pytest.mark.parametrize(("british", "american"), [("lymphoedema", "lymphedema"), ("anaemia", "anemia"), ("leukaemia", "leukemia")])
def test_a_patient_is_understood_in_either_spelling_exactly_and_not_by_forgiveness(british: str, american: str) -> None:
    found_by = finder()
    one, other = ([(f.key, f.fuzzy) for f in found_by.find(f"I have {word}")] for word in (british, american))
    assert one == other and one and not one[0][1]


# what a clinic's patients read

RED_FLAGS = plain(read_yaml(ROOT / "data" / "safety" / "red_flags.yml")[0])
BRITISH = load_clinic(ROOT / "data" / "clinic.yml", ROOT)
AMERICAN = replace(BRITISH, region="US", spelling="en-US")
# Right in British English too: the usual spelling of today ("neutropenia"), or the same letters in another sense ("a GP practice").
BOTH = frozenset({"neutropenia", "neutropenic", "thrombocytopenia", "practice", "license", "meter", "meters", "program"})


def words_only(name: str) -> bool:
    """Does a name hold another word for a thing ("flu jab")? Those are shown in America, but not read."""
    return any(w in TABLE.words for w in words_of(name))


def words_of(text: str) -> set[str]:
    """Words as they stand, and the parts of those with a hyphen. A slot's name is none."""
    whole = re.findall(r"[a-z]+(?:-[a-z]+)*", re.sub(r"\{[^}]*\}", " ", text).lower())
    return {*whole, *(part for word in whole for part in word.split("-"))}


def british_words(text: str) -> set[str]:
    return {w for w in (*TABLE.pairs, *TABLE.words) if re.search(rf"(?<![\w{{]){re.escape(w)}(?![\w}}])", text, re.IGNORECASE)}


def american_words(text: str) -> set[str]:
    return words_of(text) & set(TABLE.pairs.values()) - BOTH


def told(reply: Reply) -> Iterator[str]:
    """What is ours in a reply. Titles of sources are their publishers' own and stay as they are."""
    yield from (reply.text, reply.reminder or "", reply.team_question or "", reply.certainty or "")
    yield from (button.title for button in reply.buttons)
    yield from (link["label"] for link in reply.phone_links)


def reply_to(entry: Entry, clinic: Clinic) -> Reply:
    return topic_reply(entry, KNOWLEDGE, clinic, RED_FLAGS) if has_page(entry) else talk(entry, KNOWLEDGE, clinic)


@pytest.mark.parametrize(("clinic", "wrong"), [(AMERICAN, british_words), (BRITISH, american_words)], ids=["American", "British"])
def test_no_entry_is_said_in_the_other_spelling(clinic: Clinic, wrong) -> None:
    found = [
        (entry.id, word, text[:80])
        for entry in KNOWLEDGE.entries.values()
        for text in (*told(reply_to(entry, clinic)), clinic.spell(entry.title), *(clinic.fill(fact.replace("{clinic_hours}", "")) for fact in entry.facts))
        for word in wrong(text)
    ]
    assert found == []


@pytest.mark.parametrize(("clinic", "wrong"), [(AMERICAN, british_words), (BRITISH, american_words)], ids=["American", "British"])
def test_no_emergency_is_said_in_the_other_spelling(clinic: Clinic, wrong) -> None:
    found = [(f["id"], w) for f in RED_FLAGS["flags"] for text in told(urgent_reply(RED_FLAGS, f["id"], clinic)) for w in wrong(text)]
    assert found == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([e.id for e in KNOWLEDGE.things()]), max_size=4, unique=True),
    st.lists(st.sampled_from([e.id for e in KNOWLEDGE.entries.values() if e.kind == "faq"]), min_size=1, max_size=2, unique=True),
)
def test_no_combined_answer_is_said_in_the_other_spelling(things: list[str], topics: list[str]) -> None:
    """The sentences that the reply builder makes itself, of phrases and limits, go the same way."""
    question = Question(topics=tuple(topics), things=tuple(things))
    for clinic, wrong in ((AMERICAN, british_words), (BRITISH, american_words)):
        for text in told(compose(question, KNOWLEDGE, clinic, RED_FLAGS)):
            assert not wrong(text), text


def test_the_two_clinics_do_say_different_words() -> None:
    """Else the tests above would hold for a table that nobody uses."""
    differ = [e.id for e in KNOWLEDGE.entries.values() if BRITISH.spell(" ".join(e.facts)) != AMERICAN.spell(" ".join(e.facts))]
    assert len(differ) > 5
