"""Words and scripts that decide the intent by themselves, where a sentence encoder for English has nothing to go by.

The rules are configuration (config.yml), so the component knows no subject by itself. It stands after the gate and before the
urgent screen, which overrides it.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from askfirst.nlu.gate import GATE, SURE


def share_of_other_scripts(text: str) -> float:
    """Share of the letters that are not Latin, 0 to 1; 0 for a text without letters."""
    letters = [c for c in text if c.isalpha()]
    return sum("LATIN" not in unicodedata.name(c, "") for c in letters) / len(letters) if letters else 0.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class WordRule(GraphComponent):
    """Sets an intent where one of its words stands in the message, or where most of it is written in another script."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`rules`: [{intent, words: [..]}], looked for anywhere in the text, the first that fits counts; `other_script`: the
        intent of a message in another script than Latin, '' for none; `share`: of its letters from which it is one."""
        return {"rules": [], "other_script": "", "share": 0.5}

    def __init__(self, config: dict[str, Any]) -> None:
        """Args: the component's block of config.yml. Errors: ValueError for a rule without intent or words."""
        self._config = {**self.get_default_config(), **config}
        self._rules: list[tuple[str, tuple[str, ...]]] = []
        for rule in self._config["rules"]:
            if not isinstance(rule, dict) or not rule.get("intent") or not rule.get("words"):
                raise ValueError("config.yml, WordRule: a rule needs an intent and words; compare it with the others")
            self._rules.append((rule["intent"], tuple(_plain(str(w)) for w in rule["words"])))

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> WordRule:
        """Rasa's factory."""
        return cls(config)

    def intent_of(self, text: str) -> str:
        """The intent that a rule gives, '' where none does."""
        plain = _plain(text)
        for intent, words in self._rules:
            if any(word in plain for word in words):
                return intent
        return self._config["other_script"] if share_of_other_scripts(text) >= self._config["share"] else ""

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent where a rule holds."""
        for message in messages:
            intent = self.intent_of(message.get(TEXT) or "")
            if intent:
                message.set(INTENT, {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
                message.set(GATE, {"outcome": SURE, "candidates": [intent], "rule": "words"}, add_to_output=True)
        return messages


def _plain(text: str) -> str:
    """Compatibility forms folded, lower case, single spaces: full-width letters and odd spaces hide nothing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
