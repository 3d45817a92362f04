"""A fast intent classifier over dense sentence features: logistic regression with its own C, kept as plain arrays.

Rasa's LogisticRegressionClassifier turns dense features into sparse ones (9 s of training instead of under 1 s) and fixes C
at 1 (80.7 % instead of about 85 % on BANKING77, 10 examples an intent). Nothing is pickled: the model is an .npz and a .json.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from askfirst.nlu.featurizer import CLAUSES
from askfirst.nlu.stored import intact

# Where the head leaves how near the message is to the nearest known example, for the gate.
NEARNESS = "nearness"
INTENT_RANKING = "intent_ranking"
# What each clause of a longer message asks by itself: [{name, confidence}], for several questions in one message.
CLAUSE_INTENTS = "clause_intents"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DenseHead(IntentClassifier, GraphComponent):
    """Intents from the dense sentence features of the featurizers before it."""

    @classmethod
    def required_components(cls) -> list[type]:
        """A featurizer must stand before it."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be installed."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: inverse regularisation; `max_iter`; `ranking_length`: intents listed in the output; `balance`: how far intents
        with many examples are held back, from 0 (not at all) to 1 (each intent weighs the same)."""
        return {"C": 20.0, "max_iter": 1000, "ranking_length": 10, "random_state": 42, "balance": 0.5}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """An untrained head."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self.labels: list[str] = []
        self.weights = np.zeros((0, 0), dtype=np.float32)
        self.bias = np.zeros(0, dtype=np.float32)
        self.examples = np.zeros((0, 0), dtype=np.float32)

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> DenseHead:
        """Rasa's factory."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples. With fewer than two intents nothing is fitted, and `process` gives no intent."""
        messages = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        labels = [m.get(INTENT) for m in messages]
        if len(set(labels)) < 2:
            self.labels = sorted(set(labels))
            self._persist()
            return self._resource
        from sklearn.linear_model import LogisticRegression

        features = np.stack([_vector(m) for m in messages])
        counts = Counter(labels)
        even = len(labels) / len(counts)
        model = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], random_state=self._config["random_state"],
            class_weight={label: (even / n) ** float(self._config["balance"]) for label, n in counts.items()},
        )
        model.fit(features, labels)
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        self.labels = [str(c) for c in model.classes_]
        self.weights, self.bias = weights.astype(np.float32), bias.astype(np.float32)
        self.examples = features.astype(np.float32)
        self._persist()
        return self._resource

    def probabilities(self, vector: np.ndarray) -> np.ndarray:
        """Probability of each label for one sentence vector: shape (number of labels,), sums to 1."""
        scores = self.weights @ vector + self.bias
        scores = np.exp(scores - scores.max())
        return scores / scores.sum()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking` and `nearness` (cosine with the nearest training example, -1 to 1)."""
        for message in messages:
            if not message.get(TEXT) or not self.labels:
                message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, add_to_output=True)
                continue
            if len(self.labels) == 1:
                ranking, nearness = [{INTENT_NAME_KEY: self.labels[0], PREDICTED_CONFIDENCE_KEY: 1.0}], 1.0
            else:
                vector = _vector(message)
                probabilities = self.probabilities(vector)
                order = np.argsort(-probabilities)[: self._config["ranking_length"]]
                ranking = [
                    {INTENT_NAME_KEY: self.labels[i], PREDICTED_CONFIDENCE_KEY: float(probabilities[i])} for i in order
                ]
                nearness = float((self.examples @ vector).max())
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING, ranking, add_to_output=True)
            message.set(NEARNESS, nearness, add_to_output=True)
            message.set(CLAUSE_INTENTS, self._of_clauses(message.get(CLAUSES) or []))
        return messages

    def _of_clauses(self, parts: list[tuple[str, np.ndarray]]) -> list[dict[str, Any]]:
        """The likeliest intent of each clause, where the features of a clause are the only ones of a message."""
        found = []
        for _, vector in parts if self.weights.size else ():
            if vector.shape[-1] == self.weights.shape[1]:
                probabilities = self.probabilities(np.asarray(vector, dtype=np.float32))
                best = int(probabilities.argmax())
                found.append({INTENT_NAME_KEY: self.labels[best], PREDICTED_CONFIDENCE_KEY: float(probabilities[best])})
        return found

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            (folder / "labels.json").write_text(json.dumps(self.labels), encoding="utf-8")
            np.savez(folder / "head.npz", weights=self.weights, bias=self.bias, examples=self.examples)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DenseHead:
        """Read a trained head. A resource that does not exist gives an untrained one. Errors: ModelDamagedError."""
        head = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder, intact("DenseHead"):
                head.labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
                with np.load(folder / "head.npz", allow_pickle=False) as arrays:
                    head.weights, head.bias, head.examples = arrays["weights"], arrays["bias"], arrays["examples"]
        except ValueError:
            pass
        return head


def _vector(message: Message) -> np.ndarray:
    """The dense sentence features of a message, those of several featurizers side by side: float32, one row."""
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("DenseHead needs a dense featurizer before it in config.yml")
    return np.asarray(sentence.features, dtype=np.float32).reshape(-1)
