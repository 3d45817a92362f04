"""Words and scripts that decide the intent by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from askfirst.nlu.gate import GATE, SURE
from askfirst.nlu.word_rule import WordRule, share_of_other_scripts

ROOT = Path(__file__).resolve().parent.parent
OURS = next(c for c in yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"] if c["name"].endswith("WordRule"))
RULE = WordRule({"rules": [{"intent": "spam", "words": ["Buy Now", "출장안마"]}, {"intent": "late", "words": ["now"]}], "other_script": "language"})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("please buy  now!", "spam"),  # case and spaces make no difference
        ("ｂｕｙ ｎｏｗ", "spam"),  # full-width letters neither
        ("서울 출장안마 24시", "spam"),  # the first rule that fits counts, before the script
        ("what now", "late"),
        ("유방암 수술 후에 마사지 받아도 되나요?", "language"),
        ("هل التدليك آمن", "language"),
        ("my Großmutter, naïve café", ""),  # Latin with marks is Latin
        ("PICC 라인 massage ok please tell me", ""),  # mostly Latin
        ("12345 !!! 😀", ""),
        ("", ""),
    ],
)
def test_the_intent_that_a_rule_gives(text: str, intent: str) -> None:
    assert RULE.intent_of(text) == intent


def test_it_sets_the_intent_and_says_that_a_rule_did() -> None:
    (message,) = RULE.process([Message({TEXT: "buy now", INTENT: {"name": "greet", "confidence": 0.9}})])
    assert message.get(INTENT)["name"] == "spam"
    assert message.get(GATE) == {"outcome": SURE, "candidates": ["spam"], "rule": "words"}


def test_it_leaves_other_messages_alone() -> None:
    messages = [Message({TEXT: "hello", INTENT: {"name": "greet", "confidence": 0.9}}), Message({})]
    assert [m.get(INTENT) for m in RULE.process(messages)] == [{"name": "greet", "confidence": 0.9}, None]
    assert WordRule({}).intent_of("유방암") == ""


@pytest.mark.parametrize("rules", [[{"words": ["a"]}], [{"intent": "spam"}], ["spam"]])
def test_a_rule_without_intent_or_words_is_refused(rules: list) -> None:
    with pytest.raises(ValueError, match="WordRule: a rule needs an intent and words"):
        WordRule({"rules": rules})


@given(st.text(max_size=200))
def test_any_text_has_a_share_and_an_answer(text: str) -> None:
    assert 0 <= share_of_other_scripts(text) <= 1
    assert RULE.intent_of(text) in ("spam", "late", "language", "")


def test_the_injected_adverts_are_spam_and_korean_written_plainly_is_a_language() -> None:
    """Evidence base 1 ("Spam in the seeds"), 5.9 and 5.11."""
    ours = WordRule(OURS)
    assert {ours.intent_of(t) for t in ("후불제출장", "강남 출장안마 문의", "출장마사지")} == {"limit_sexual_spam"}
    assert {ours.intent_of(t) for t in ("스웨디시 받아도 되나요", "마사지")} == {"limit_other_language"}
