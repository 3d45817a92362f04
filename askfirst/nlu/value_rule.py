"""A number beside a listed word decides the intent: "platelets 45" asks to judge a result, however it is put.

The words and the intent are configuration (config.yml), so the component knows no subject by itself. It stands after the gate
and before the urgent screen, which overrides it.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from askfirst.nlu.gate import GATE, SURE

# A range is one number: "2-3 weeks" counts weeks as a whole.
_TOKEN = re.compile(r"\d+(?:(?:[.,–-]|\s+(?:to|or)\s+)\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*", re.UNICODE)
_NUMBER_WORDS = frozenset(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fourty fifty sixty "
    "seventy eighty ninety hundred thousand point".split()
)
# A number of these is no reading: "platelets low for 3 weeks", "on day 10".
_COUNTED = frozenset(
    "week weeks wk wks day days month months year years yr yrs hour hours hr hrs minute minutes min mins time times cycle cycles "
    "session sessions dose doses st nd rd th am pm oclock people patients therapists scans "
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_COUNTING_BEFORE = frozenset("day cycle week session round stage grade age aged".split())


def value_beside(text: str, words: frozenset[str], window: int) -> bool:
    """Does a number stand within `window` words of one of `words`, other than a count of days, cycles and the like?"""
    tokens = _TOKEN.findall(text.lower())
    places = [i for i, t in enumerate(tokens) if t in words or (t.endswith("s") and t[:-1] in words)]
    for i in places:
        for j in range(max(0, i - window), min(len(tokens), i + window + 1)):
            number = tokens[j][0].isdigit() or tokens[j] in _NUMBER_WORDS
            if not number:
                continue
            after = tokens[j + 1] if j + 1 < len(tokens) else ""
            before = tokens[j - 1] if j else ""
            if after not in _COUNTED and before not in _COUNTING_BEFORE:
                return True
    return False


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ValueRule(GraphComponent):
    """Sets one intent where a number stands beside a listed word."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`words`: single words, lower case; `window`: words between them and the number; `intent`: what is set."""
        return {"words": [], "window": 4, "intent": ""}

    def __init__(self, config: dict[str, Any]) -> None:
        """Args: the component's block of config.yml. Errors: ValueError for words without an intent."""
        self._config = {**self.get_default_config(), **config}
        if self._config["words"] and not self._config["intent"]:
            raise ValueError("config.yml, ValueRule: has words and no intent; write the intent that they lead to")
        self._words = frozenset(str(w).lower() for w in self._config["words"])

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ValueRule:
        """Rasa's factory."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent where the rule holds."""
        for message in messages:
            text = message.get(TEXT)
            if text and self._words and value_beside(text, self._words, self._config["window"]):
                intent = self._config["intent"]
                message.set(INTENT, {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
                message.set(GATE, {"outcome": SURE, "candidates": [intent], "rule": "value"}, add_to_output=True)
        return messages
