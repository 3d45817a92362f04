"""Sentence-encoder features for Rasa: one vector for the sentence, one for each token."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS, TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from askfirst.nlu.clauses import clauses
from askfirst.nlu.encoder import encoder_fingerprint, shared_encoder
from askfirst.nlu.spelling import READING

# Where the vectors of a message's clauses stand: [(clause, vector)], for what looks at parts of a message.
CLAUSES = "clause_vectors"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds MiniLM features (384 numbers) to each message."""

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer must stand before it."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be installed."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`words`: also give each token its vector (another encoder run a message; nothing in our config needs it)."""
        return {**DenseFeaturizer.get_default_config(), "words": False}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Load the shared encoder. Errors: EncoderError says what to do."""
        super().__init__(name, {**self.get_default_config(), **config})
        self._encoder = shared_encoder()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceEncoderFeaturizer:
        """Rasa's factory."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the encoder changes."""
        return encoder_fingerprint()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to messages that have text, and the vectors of their clauses."""
        for message in messages:
            self._add(message)
            if message.get(TEXT):
                reading = message.get(READING) or message.get(TEXT)
                message.set(CLAUSES, [(clause, self._encoder.embed(clause)) for clause in clauses(reading)])
        return messages

    def _add(self, message: Message, vector: np.ndarray | None = None) -> None:
        text = message.get(TEXT)
        if text:
            reading = message.get(READING) or text
            alias = self._config[FEATURIZER_CLASS_ALIAS]
            sentence = (self._encoder.embed(reading) if vector is None else vector).reshape(1, -1)
            tokens = message.get(TOKENS_NAMES[TEXT]) or []
            if self._config["words"] and tokens:
                sequence = self._encoder.embed_words(text, [(t.start, t.end) for t in tokens])
            else:
                sequence = sentence.repeat(max(len(tokens), 1), axis=0)
            message.add_features(Features(sequence, FEATURE_TYPE_SEQUENCE, TEXT, alias))
            message.add_features(Features(sentence, FEATURE_TYPE_SENTENCE, TEXT, alias))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to the training examples."""
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        vectors = self._encoder.embed_many([m.get(READING) or m.get(TEXT) for m in messages])
        for message, vector in zip(messages, vectors, strict=True):
            self._add(message, vector)
        return training_data
