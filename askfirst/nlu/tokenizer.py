"""spaCy's blank tokenizer as a Rasa tokenizer. Stock SpacyNLP refuses blank pipelines; a blank one costs 0.1 ms."""

from __future__ import annotations

import re
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyBlankTokenizer(Tokenizer):
    """Tokens of `spacy.blank(language)`: knows contractions, punctuation and units, needs no model file."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`language`: a spaCy language code. The other keys are Rasa's own for every tokenizer."""
        return {"language": "en", "intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None,
                "prefix_separator_symbol": None}

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be installed."""
        return ["spacy"]

    def __init__(self, config: dict[str, Any]) -> None:
        """Make the tokenizer of one language. Errors: ImportError for a language that spaCy does not have."""
        super().__init__(config)
        self._tokenizer = spacy.blank(self._config["language"]).tokenizer

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SpacyBlankTokenizer:
        """Rasa's factory."""
        return cls(config)

    # Half an emoji, which JSON can carry, stops spaCy: one sign for one sign, so offsets stay.
    _lone_surrogate = re.compile("[\ud800-\udfff]")

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Words and signs of one attribute, in order, without white space; one empty-looking text gives one token."""
        text = message.get(attribute)
        readable = self._lone_surrogate.sub("\ufffd", text)
        tokens = [Token(t.text, t.idx) for t in self._tokenizer(readable) if t.text.strip()]
        return self._apply_token_pattern(tokens or [Token(text, 0)])
