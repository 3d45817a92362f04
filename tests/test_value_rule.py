"""A number beside a listed word sets the intent."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from askfirst.nlu.gate import GATE, SURE
from askfirst.nlu.value_rule import ValueRule, value_beside

WORDS = frozenset({"balance", "platelet", "count", "hb", "inr", "score"})


def beside(text: str, window: int = 4) -> bool:
    return value_beside(text, WORDS, window)


@pytest.mark.parametrize(
    "text",
    [
        "platelets 45",
        "45 platelets",
        "my PLATELETS are 45",
        "platelets: 45, is that ok",
        "platelets=45",
        "platelet count is down to 45",
        "hb 9.8",
        "hb was 9,8 last week",
        "Hb98",
        "inr of 2.5",
        "platelets 45-50",
        "platelets between 45 and 50",
        "platelets went from 120 to 45",
        "platelets forty five",
        "platelets about a hundred",
        "platelets 45 for 3 weeks",
        "platelets 45 three weeks ago",
        "platelets 45k",
        "platelets 45 x10^9",
        "platelets ٤٥",
        "for 3 weeks platelets 45",
    ],
)
def test_a_reading(text: str) -> None:
    assert beside(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "45",
        "platelets",
        "my platelets are low",
        "platelets low for 3 weeks",
        "platelets low for 2-3 weeks",
        "platelets low for 2 or 3 weeks",
        "platelets low for 2 to 3 weeks",
        "platelets low for 10 days",
        "platelets checked on day 10",
        "platelets checked at 10 am",
        "platelets on the 12th",
        "platelets in cycle 3",
        "platelets, aged 60",
        "platelets low, had 2 sessions",
        "platelets low twenty years",
        "platelets low 2 times",
        "I am 45 and a long way further down I ask about platelets",  # too far away
        "scoreboard 45",
        "two platelets",  # small number words are not readings
    ],
)
def test_no_reading(text: str) -> None:
    assert not beside(text)


@pytest.mark.parametrize("window, expected", [(0, False), (1, False), (2, False), (3, True), (9, True)])
def test_the_window_counts_words_either_way(window: int, expected: bool) -> None:
    assert beside("platelets are now 45", window) == expected
    assert beside("45 are now platelets", window) == expected


def test_no_words_no_reading() -> None:
    assert not value_beside("platelets 45", frozenset(), 4)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200), st.integers(0, 10))
def test_any_text_is_read_without_error(text: str, window: int) -> None:
    assert beside(text, window) in (True, False)
    assert beside(f"{text} . platelets 45")


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9999), st.sampled_from(["hello", "please", "what about my", "привет", "👍"]), st.sampled_from(["", "?", " thanks", "!!"]))
def test_any_number_right_beside_is_seen(number: int, before: str, after: str) -> None:
    assert beside(f"{before} hb {number}{after}")
    assert beside(f"{before} hb is {number}{after}")


# --- as a component


def rule(**config: object) -> ValueRule:
    return ValueRule({"words": ["Balance", "score"], "window": 3, "intent": "limit_results", **config})


def test_it_sets_the_intent_and_says_so() -> None:
    message = Message(data={TEXT: "my balance is 30", INTENT: {"name": "greet", "confidence": 0.9}})
    rule().process([message])
    assert message.get(INTENT) == {"name": "limit_results", "confidence": 1.0}
    assert message.get(GATE) == {"outcome": SURE, "candidates": ["limit_results"], "rule": "value"}
    assert GATE in message.as_dict(only_output_properties=True)


def test_it_leaves_other_messages_alone() -> None:
    before = {"name": "greet", "confidence": 0.9}
    messages = [Message(data={TEXT: t, INTENT: dict(before)}) for t in ("my balance is low", "30", "")]
    rule().process([*messages, Message(data={INTENT: dict(before)})])
    assert all(m.get(INTENT) == before and m.get(GATE) is None for m in messages)


def test_without_words_it_does_nothing() -> None:
    message = Message(data={TEXT: "my balance is 30"})
    ValueRule({}).process([message])
    assert message.get(INTENT) is None


def test_words_without_an_intent_are_refused() -> None:
    with pytest.raises(ValueError, match="ValueRule: has words and no intent"):
        ValueRule({"words": ["balance"]})
