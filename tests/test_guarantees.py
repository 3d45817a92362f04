"""The guarantees of the reply builder as properties: any combination of topics, things and history (G1 to G4)."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.content.clinic import Clinic, Phone, load_clinic
from askfirst.content.compose import Question, compose
from askfirst.content.knowledge import load_knowledge
from askfirst.content.lint import asks, banned_words
from askfirst.content.reply import VERDICTS, Reply, ReplyError
from askfirst.content.yaml_file import plain, read_yaml

ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE = load_knowledge(ROOT / "data" / "knowledge", ROOT)
CLINICS = {
    "demo": load_clinic(ROOT / "data" / "clinic.yml"),
    "empty": Clinic("A clinic", "pilot", "", "en-US", "Europe/London"),
    "wordy": Clinic(
        "A clinic", "pilot", "NZ", "en-GB", "Pacific/Auckland",
        {"cancer_helpline_24h": Phone("0800 000 000", "the regional acute oncology advice line")},
    ),
}
RED_FLAGS = plain(read_yaml(ROOT / "data" / "safety" / "red_flags.yml")[0]) or {}
TOPICS = [e.id for e in KNOWLEDGE.entries.values() if e.kind == "faq" or (e.kind == "boundary" and e.reminder)]
THINGS = [e.id for e in KNOWLEDGE.things()]
STATES = [e.id for e in KNOWLEDGE.things() if e.is_state]
REMINDERS = [None, *(f"{f}:{i}" for f, ws in KNOWLEDGE.reminders.items() for i in range(len(ws))), "gone:7", "general:99", ":", "x"]

questions = st.builds(
    Question,
    topics=st.lists(st.sampled_from(TOPICS), max_size=2, unique=True).map(tuple),
    things=st.lists(st.sampled_from(THINGS), max_size=len(THINGS), unique=True).map(tuple),
    remembered=st.lists(st.sampled_from(STATES), max_size=len(STATES), unique=True).map(tuple),
    last_reminder=st.sampled_from(REMINDERS),
).filter(lambda q: q.topics or q.things or q.remembered)


def expected_verdict(question: Question) -> str | None:
    """Worked out again from the entries alone, another way than the builder does it."""
    entries = [KNOWLEDGE.entries[i] for i in {*question.topics, *question.things, *question.remembered}]
    states = [e for e in entries if e.is_state]
    if any(e.is_thing for e in entries):
        entries = [e for e in entries if e.id != "general_safe"]
    facts = {f for e in states for f in e.gives}
    verdicts = [e.verdict for e in entries if e.verdict]
    verdicts += [w.verdict for e in entries for w in e.when if w.verdict and set(w.facts) <= facts]
    firm = any(KNOWLEDGE.entries[i].attributes.get("firm") for i in question.things)
    if firm and any(x.kind == "firmness" and x.code == "NO" for e in states for x in e.limits):
        verdicts.append("NO")
    return min(verdicts, key=VERDICTS.index) if verdicts else None


def check(question: Question, clinic: Clinic) -> None:
    reply = compose(question, KNOWLEDGE, clinic, RED_FLAGS)
    said = f"{reply.text}\n{reply.reminder or ''}"
    named = {*question.things, *question.remembered}
    assert reply.verdict == expected_verdict(question), "G3: the strictest verdict leads"
    assert "{" not in said and "}" not in said, "a slot is not filled"
    banned = [b for b in banned_words(reply.text) if not (b[0] == "111" and clinic.region == "NZ")]
    assert not banned, "G4: nothing reads as permission"
    if reply.verdict == "URGENT":
        assert reply.kind == "urgent" and reply.red_flag and reply.reminder is None and not reply.sources, "G2"
        assert reply.text.split()[0] in ("Call", "I", "Use", "Keep", "If"), "G2: the action comes first"
        assert "massage ok" not in reply.text.lower()
        return
    assert reply.kind in ("answer", "boundary")
    assert reply.reminder and not asks(reply.text), "G1: exactly one ask, and it is the reminder"
    assert reply.team_question
    assert len(said.split()) <= 90, f"{len(said.split())} words"
    lower = reply.text.lower()
    for entry_id in named:
        for limit in KNOWLEDGE.entries[entry_id].limits:
            word = KNOWLEDGE.limit_words[limit.kind][limit.value]
            assert limit.as_dict() in reply.limits, "G3: no limit is dropped from the reply"
            assert any(h in lower for h in word.heard_as), f"G3: the limit '{word.say}' is not said"
    if reply.verdict in ("NO", "NOT-THERE") and reply.kind == "answer":
        first = reply.text.split(".")[0].lower()
        assert first.startswith(("no ", "do not", "keep ", "blood thinners")) or ": no " in first, f"G3: {first}"
    if last := question.last_reminder:
        family, _, number = last.rpartition(":")
        wordings = KNOWLEDGE.reminders.get(family, ())
        if number.isdigit() and int(number) < len(wordings):
            assert reply.reminder != clinic.fill(wordings[int(number)]), "the same reminder twice in a row"


@given(question=questions, clinic=st.sampled_from(list(CLINICS.values())))
@settings(max_examples=600, deadline=None)
def test_any_combination_keeps_every_guarantee(question: Question, clinic: Clinic) -> None:
    check(question, clinic)


@pytest.mark.parametrize("clinic", CLINICS.values(), ids=CLINICS)
def test_every_combination_of_things_in_one_message(clinic: Clinic) -> None:
    for size in range(1, len(THINGS) + 1):
        for things in combinations(THINGS, size):
            check(Question(things=things), clinic)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_with_every_remembered_combination_after_every_reminder(topic: str) -> None:
    for size in range(len(STATES) + 1):
        for states in combinations(STATES, size):
            for last in REMINDERS:
                check(Question(topics=(topic,), remembered=states, last_reminder=last), CLINICS["wordy" if size > 3 else "demo"])


def test_deep_tissue_with_low_platelets_is_no_and_a_light_hand_massage_is_ask() -> None:
    clinic = CLINICS["demo"]
    assert compose(Question(things=("swedish_deep_sports", "low_platelets")), KNOWLEDGE, clinic).verdict == "NO"
    assert compose(Question(things=("hand_foot_head", "low_platelets")), KNOWLEDGE, clinic).verdict == "ASK"


def test_the_example_of_the_design_keeps_all_three() -> None:
    reply = compose(
        Question(things=("swedish_deep_sports", "lines_ports", "blood_thinners", "during_chemo")), KNOWLEDGE, CLINICS["demo"]
    )
    assert reply.verdict == "NO"
    assert reply.text.startswith("No deep or firm massage with blood thinners.")
    assert "line or port" in reply.text and "Do not stop your medicine" in reply.text


def test_a_fever_is_urgent_for_somebody_who_said_earlier_that_they_are_on_chemo() -> None:
    reply = compose(Question(things=("fever_infection",), remembered=("during_chemo",)), KNOWLEDGE, CLINICS["demo"], RED_FLAGS)
    assert (reply.kind, reply.red_flag, reply.tier) == ("urgent", "R20", 2)


def test_a_remembered_condition_is_named_as_such() -> None:
    reply = compose(Question(topics=("pain",), remembered=("low_platelets",)), KNOWLEDGE, CLINICS["demo"])
    assert "Because you mentioned low platelets" in reply.text


def test_sources_not_seen_on_the_publishers_page_are_not_named() -> None:
    reply = compose(Question(things=("lymphoedema",)), KNOWLEDGE, CLINICS["demo"])
    assert {s.key for s in reply.sources} == {"S-ONCOL", "S-LTS"}


def test_one_unreviewed_entry_makes_the_whole_reply_unreviewed() -> None:
    from dataclasses import replace

    signed = {"reviewed_by": "Dr A", "reviewed_on": "2026-11-01", "next_review": "2027-11-01"}
    entries = dict(KNOWLEDGE.entries)
    entries["low_platelets"] = replace(entries["low_platelets"], review=signed)
    knowledge = replace(KNOWLEDGE, entries=entries)
    clinic = CLINICS["demo"]
    assert compose(Question(things=("low_platelets",)), knowledge, clinic).reviewed == {"reviewed_by": "Dr A", "reviewed_on": "2026-11-01"}
    assert compose(Question(things=("low_platelets", "lymphoedema")), knowledge, clinic).reviewed is None


def test_a_reply_refuses_to_be_built_without_its_ask() -> None:
    with pytest.raises(ReplyError, match="names no one to ask"):
        Reply(kind="answer", text="Massage may help.", topics=("pain",))
    with pytest.raises(ReplyError, match="no reminder"):
        Reply(kind="urgent", text="Call now.", red_flag="R21", tier=2, reminder="Ask your team.")
    with pytest.raises(ReplyError, match="must have the kind"):
        Reply(kind="answer", text="x", reminder="Ask your team.", red_flag="R21", tier=2)


@given(question=questions)
@settings(max_examples=60, deadline=None)
def test_a_reply_reads_back_from_json_as_it_was(question: Question) -> None:
    reply = compose(question, KNOWLEDGE, CLINICS["demo"], RED_FLAGS)
    assert Reply.from_dict(reply.as_dict()).as_dict() == reply.as_dict()
