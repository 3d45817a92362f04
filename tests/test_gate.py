"""The gate's four outcomes."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from askfirst.nlu.dense_head import CLAUSE_INTENTS, INTENT_RANKING, NEARNESS
from askfirst.nlu.gate import GATE, NOT_OURS, SURE, TWO, UNSURE, Gate

BASE = {"sure": 0.5, "margin": 0.15, "pair": 0.6, "near": 0.4}
OUTSIDE = "out_of_scope"


def gate(**config: Any) -> Gate:
    return Gate({**BASE, **config})


def ranking(**probabilities: float) -> list[dict[str, Any]]:
    items = sorted(probabilities.items(), key=lambda i: -i[1])
    return [{"name": name, "confidence": p} for name, p in items]


def decide(probabilities: dict[str, float], nearness: float = 0.9, found: bool = False, **config: Any) -> tuple[str, list[str]]:
    decision = gate(**config).decide(ranking(**probabilities), nearness, found)
    return decision["outcome"], decision["candidates"]


# --- outcomes


@pytest.mark.parametrize(
    "probabilities, nearness, outcome, candidates",
    [
        ({"lend": 0.9, "renew": 0.1}, 0.9, SURE, ["lend"]),
        ({"lend": 0.5, "renew": 0.3}, 0.4, SURE, ["lend"]),  # exactly at the thresholds
        ({"lend": 0.49, "renew": 0.2}, 0.9, UNSURE, ["lend"]),  # too little
        ({"lend": 0.9, "renew": 0.1}, 0.39, UNSURE, ["lend"]),  # near to no example
        ({"lend": 0.5, "renew": 0.4}, 0.9, TWO, ["lend", "renew"]),  # too close together
        ({"lend": 0.35, "renew": 0.3, "pay": 0.2}, 0.9, TWO, ["lend", "renew"]),
        ({"lend": 0.3, "renew": 0.25, "pay": 0.2}, 0.9, UNSURE, ["lend"]),  # two that together are little
        ({"lend": 0.5, "renew": 0.4}, 0.2, UNSURE, ["lend"]),
        ({"lend": 0.45, OUTSIDE: 0.4}, 0.9, UNSURE, ["lend"]),  # "not ours" is never offered
        ({OUTSIDE: 0.6, "lend": 0.55}, 0.9, NOT_OURS, [OUTSIDE]),
        ({OUTSIDE: 0.5, "lend": 0.45}, 0.1, NOT_OURS, [OUTSIDE]),  # exactly at its threshold; nearness does not matter
        ({OUTSIDE: 0.49, "lend": 0.1}, 0.9, UNSURE, [OUTSIDE]),  # a lead alone does not decline anybody
        ({OUTSIDE: 0.4, "lend": 0.35}, 0.9, UNSURE, [OUTSIDE]),
        ({"lend": 1.0}, 1.0, SURE, ["lend"]),  # an assistant with one intent
    ],
)
def test_outcomes(probabilities: dict[str, float], nearness: float, outcome: str, candidates: list[str]) -> None:
    assert decide(probabilities, nearness) == (outcome, candidates)


def test_what_is_not_ours_is_declined_from_a_probability_of_its_own() -> None:
    assert decide({OUTSIDE: 0.4, "lend": 0.35}, outside_sure=0.4)[0] == NOT_OURS
    assert decide({OUTSIDE: 0.9, "lend": 0.1}, outside_sure=0.95)[0] == UNSURE
    assert decide({OUTSIDE: 0.6, "lend": 0.1}, found=True, outside_sure=0.4, outside_when_found=0.7)[0] == UNSURE


def test_where_something_was_found_only_a_clear_refusal_passes_it_over() -> None:
    """"I have a PICC line" limits massage, whatever else is asked in the same message."""
    refusal = {"limit_booking": 0.6, "lend": 0.2}
    told = {"found_intent": "about_thing", "declining": ["limit_*"], "declining_when_found": 0.65}
    assert decide(refusal, found=True, **told) == (SURE, ["about_thing"])
    assert decide(refusal, found=False, **told) == (SURE, ["limit_booking"])
    assert decide({"limit_booking": 0.65, "lend": 0.2}, found=True, **told) == (SURE, ["limit_booking"])
    assert decide({"lend": 0.6, "limit_booking": 0.2}, found=True, **told) == (SURE, ["lend"])


def test_intents_of_one_group_count_together() -> None:
    close = {"when_open": 0.3, "where": 0.28, "hours_today": 0.25, "pay": 0.1}
    assert decide(close)[0] == UNSURE
    assert decide(close, groups=[["when_open", "hours_today"]]) == (SURE, ["when_open"])


def test_the_candidate_of_a_group_is_its_likeliest_intent_whatever_stands_first_in_config() -> None:
    assert decide({"a": 0.2, "b": 0.6, "c": 0.2}, groups=[["a", "b"]]) == (SURE, ["b"])


def test_a_group_may_overtake_the_single_first() -> None:
    assert decide({"pay": 0.4, "a": 0.35, "b": 0.25}, groups=[["a", "b"]]) == (SURE, ["a"])


def test_the_two_offered_come_from_two_groups() -> None:
    assert decide({"a": 0.3, "b": 0.2, "pay": 0.45}, groups=[["a", "b"]]) == (TWO, ["a", "pay"])


def test_a_found_thing_decides_only_a_doubt() -> None:
    doubt = {"lend": 0.3, "renew": 0.25, "pay": 0.2}
    assert decide(doubt, found=True, found_intent="about_thing") == (SURE, ["about_thing"])
    assert decide(doubt, found=False, found_intent="about_thing") == (UNSURE, ["lend"])
    assert decide(doubt, found=True) == (UNSURE, ["lend"])
    assert decide({"lend": 0.9, "renew": 0.1}, found=True, found_intent="about_thing") == (SURE, ["lend"])
    assert decide({"lend": 0.5, "renew": 0.4}, found=True, found_intent="about_thing")[0] == TWO
    assert decide({OUTSIDE: 0.9, "lend": 0.1}, found=True, found_intent="about_thing")[0] == NOT_OURS
    assert decide({OUTSIDE: 0.4, "lend": 0.35}, found=True, found_intent="about_thing") == (SURE, ["about_thing"])


def test_a_found_thing_far_from_every_example_is_still_answered() -> None:
    assert decide({"lend": 0.9, "renew": 0.1}, 0.1, True, found_intent="about_thing") == (SURE, ["about_thing"])


def test_found_floor_is_what_its_group_needs() -> None:
    doubt = {"lend": 0.3, "renew": 0.25, "about_thing": 0.06, "tell_thing": 0.05}
    assert decide(doubt, found=True, found_intent="about_thing", found_floor=0.1)[0] == UNSURE
    groups = [["tell_thing", "about_thing"]]
    assert decide(doubt, found=True, found_intent="about_thing", found_floor=0.1, groups=groups) == (SURE, ["about_thing"])
    assert decide({"lend": 0.3, "renew": 0.25}, found=True, found_intent="about_thing", found_floor=0.1)[0] == UNSURE


def test_figures_are_those_of_groups() -> None:
    decision = gate(groups=[["a", "b"]]).decide(ranking(a=0.4, b=0.3, c=0.2), 0.81234567, False)
    assert (decision["probability"], decision["margin"], decision["nearness"]) == (0.7, 0.5, 0.8123)


# --- configuration


@pytest.mark.parametrize("name", ["sure", "margin", "pair", "near", "found_floor"])
@pytest.mark.parametrize("value", [-0.01, 1.01, 50, math.nan, math.inf, "high", "", None, [0.5]])
def test_thresholds_are_numbers_from_0_to_1(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"config.yml, Gate: {name} is .*write a number from 0 to 1"):
        gate(**{name: value})


@pytest.mark.parametrize("value", [0, 1, 0.0, 1.0, "0.5"])
def test_edges_and_quoted_numbers_are_good(value: Any) -> None:
    for name in ("sure", "margin", "pair", "near", "found_floor"):
        gate(**{name: value}).decide(ranking(a=0.5, b=0.4), 0.5, True)


def test_an_intent_in_two_groups_is_refused() -> None:
    with pytest.raises(ValueError, match="b stands in two groups"):
        gate(groups=[["a", "b"], ["c", "b"]])


def test_empty_groups_are_none() -> None:
    assert decide({"a": 0.9, "b": 0.1}, groups=[[], ["a"]]) == (SURE, ["a"])


# --- in the message


def message(probabilities: dict[str, float], nearness: float | None = 0.9, text: str = "hello", things: bool = False) -> Message:
    made = Message(data={TEXT: text})
    order = ranking(**probabilities)
    made.set(INTENT, dict(order[0]), add_to_output=True)
    made.set(INTENT_RANKING, order)
    made.set(NEARNESS, nearness)
    if things:
        made.set(ENTITIES, [{"entity": "device", "value": "port", "start": 0, "end": 1}])
    return made


@pytest.mark.parametrize(
    "probabilities, intent",
    [
        ({"lend": 0.9, "renew": 0.1}, "lend"),
        ({"lend": 0.5, "renew": 0.4}, "two_candidates"),
        ({"lend": 0.3, "renew": 0.2}, "nlu_fallback"),
        ({OUTSIDE: 0.9, "renew": 0.1}, OUTSIDE),
    ],
)
def test_the_dialogue_sees_the_outcome_as_the_intent(probabilities: dict[str, float], intent: str) -> None:
    made = message(probabilities)
    Gate(BASE).process([made])
    assert made.get(INTENT)["name"] == intent
    assert GATE in made.as_dict(only_output_properties=True)


def test_names_that_the_dialogue_sees_are_configuration() -> None:
    config = {"two_intent": "which", "unsure_intent": "what", "outside": "elsewhere"}
    for probabilities, intent in (({"a": 0.5, "b": 0.4}, "which"), ({"a": 0.3, "b": 0.2}, "what"), ({"elsewhere": 1.0}, "elsewhere")):
        made = message(probabilities)
        gate(**config).process([made])
        assert made.get(INTENT)["name"] == intent


def test_a_thing_in_the_message_counts_as_found() -> None:
    made = message({"lend": 0.3, "renew": 0.2}, things=True)
    gate(found_intent="about_thing").process([made])
    assert made.get(INTENT)["name"] == "about_thing"


def test_a_message_without_nearness_is_near_nothing() -> None:
    made = message({"lend": 0.9, "renew": 0.1}, nearness=None)
    Gate(BASE).process([made])
    assert made.get(GATE)["outcome"] == UNSURE


def test_it_leaves_alone_what_has_no_text_or_no_ranking_and_everything_when_off() -> None:
    empty, bare, off = message({"a": 0.1}, text=""), Message(data={TEXT: "hello"}), message({"a": 0.1})
    Gate(BASE).process([empty, bare])
    gate(enabled=False).process([off])
    for made in (empty, bare, off):
        assert made.get(GATE) is None
    assert off.get(INTENT)["name"] == "a"


# --- properties

NAMES = ["a", "b", "c", "d", "e", OUTSIDE]
PROBABILITY = st.floats(0, 1)
RANKINGS = st.dictionaries(st.sampled_from(NAMES), PROBABILITY, min_size=1).map(lambda d: ranking(**d))
GROUPS = st.sampled_from([[], [["a", "b"]], [["b", "a"], ["c", "d", "e"]], [["a", "b", "c", "d", "e"]]])


@settings(max_examples=500, deadline=None)
@given(RANKINGS, st.floats(-1, 1), st.booleans(), GROUPS, st.sampled_from(["", "a", "x"]), *[PROBABILITY] * 5)
def test_one_of_four_outcomes_whatever_comes(order, nearness, found, groups, found_intent, sure, margin, pair, near, floor) -> None:
    made = Gate({"sure": sure, "margin": margin, "pair": pair, "near": near, "found_floor": floor, "groups": groups, "found_intent": found_intent})
    decision = made.decide(order, nearness, found)
    outcome, candidates = decision["outcome"], decision["candidates"]
    assert outcome in (SURE, TWO, UNSURE, NOT_OURS)
    ranked = {item["name"] for item in order}
    assert len(candidates) == (2 if outcome == TWO else 1) == len(set(candidates))
    for candidate in candidates:
        assert candidate in ranked or (found and outcome == SURE and candidate == found_intent)
    if outcome == NOT_OURS:
        assert candidates == [OUTSIDE]
    if outcome == TWO:
        assert OUTSIDE not in candidates
        assert not any(set(candidates) <= set(group) for group in groups)
    if outcome == SURE and candidates == [OUTSIDE]:
        pytest.fail("what is not ours is never sure")
    if outcome == SURE and not (found and candidates == [found_intent]):
        assert nearness >= near
        assert decision["probability"] >= round(sure, 4) - 1e-4


@settings(max_examples=200, deadline=None)
@given(RANKINGS, st.floats(-1, 1), st.booleans(), GROUPS)
def test_the_order_of_groups_in_config_does_not_matter(order, nearness, found, groups) -> None:
    turned = [list(reversed(g)) for g in reversed(groups)]
    assert gate(groups=groups).decide(order, nearness, found) == gate(groups=turned).decide(order, nearness, found)


def test_something_found_is_declined_only_when_that_is_clear() -> None:
    gate = Gate({"found_intent": "ask_safety", "outside_when_found": 0.6})
    doubtful = [{"name": "out_of_scope", "confidence": 0.5}, {"name": "ask_safety", "confidence": 0.1}]
    clear = [{"name": "out_of_scope", "confidence": 0.7}, {"name": "ask_safety", "confidence": 0.1}]
    assert gate.decide(doubtful, 0.9, True)["candidates"] == ["ask_safety"]
    assert gate.decide(doubtful, 0.9, False)["outcome"] == "not_ours"
    assert gate.decide(clear, 0.9, True)["outcome"] == "not_ours"


# --- many intents, several questions


def test_a_clear_lead_counts_though_the_probability_is_spread_over_many() -> None:
    assert decide({"lend": 0.3, "renew": 0.1}, clear=2.5, clear_floor=0.2)[0] == SURE
    assert decide({"lend": 0.3, "renew": 0.13}, clear=2.5, clear_floor=0.2)[0] == UNSURE
    assert decide({"lend": 0.19, "renew": 0.05}, clear=2.5, clear_floor=0.2)[0] == UNSURE
    assert decide({"lend": 0.3, "renew": 0.1}, nearness=0.1, clear=2.5, clear_floor=0.2)[0] == UNSURE


def test_what_declines_needs_more_where_something_was_found() -> None:
    config = {"declining": ["limit_*"], "declining_when_found": 0.7, "found_intent": "lend"}
    assert decide({"limit_loans": 0.6, "lend": 0.1}, found=True, **config) == (SURE, ["lend"])
    assert decide({"limit_loans": 0.8, "lend": 0.1}, found=True, **config) == (SURE, ["limit_loans"])
    assert decide({"limit_loans": 0.6, "lend": 0.1}, found=False, **config) == (SURE, ["limit_loans"])


def test_the_most_careful_answer_counts_from_its_own_floor() -> None:
    assert decide({"lend": 0.3, "renew": 0.25}, found_intent="lend", default_floor=0.25) == (SURE, ["lend"])
    assert decide({"lend": 0.2, "renew": 0.15}, found_intent="lend", default_floor=0.25)[0] == UNSURE
    assert decide({"renew": 0.3, "lend": 0.25}, found_intent="lend", default_floor=0.25)[0] == UNSURE


def test_further_clauses_ask_questions_of_their_own() -> None:
    asked = [{"name": n, "confidence": p} for n, p in (("renew", 0.6), ("lend", 0.9), ("pay", 0.7), ("limit_loans", 0.99), (OUTSIDE, 0.99), ("extend", 0.9))]
    ours = gate(declining=["limit_*"], groups=[["lend", "extend"]])
    assert ours.also("lend", asked, 0.55) == ["pay", "renew"], "the likeliest first; nothing of the main one's group, nothing that declines"
    assert ours.also("lend", asked, 0.65) == ["pay"]
    assert ours.also("pay", asked, 0.55) == ["lend", "renew"]


def test_a_question_beside_the_main_one_needs_more_where_something_was_found() -> None:
    for entities, expected in (([], ["pay"]), ([{"entity": "book", "value": "b"}], [])):
        message = Message({TEXT: "x", INTENT: {"name": "lend"}, INTENT_RANKING: ranking(lend=0.9, pay=0.1), NEARNESS: 0.9,
                           ENTITIES: entities, CLAUSE_INTENTS: ranking(pay=0.6)})
        gate(also=0.5, also_found=0.8).process([message])
        assert message.get(GATE)["also"] == expected
