"""Reads misspelt words as the words that the training data use: "massge" as massage, "antibotics" as antibiotics.

Only words that are neither English nor known to the training data are touched, only those of five letters or more, and only
when a known word is one edit away (two swapped letters count as one). The text itself stays as it was written; what is read
goes into `reading`, which the encoder and the descriptions look at. Names have their own, stricter reader (names.py).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from askfirst.nlu.names import MIN_FUZZY, english_words, one_edit_apart, shortened
from askfirst.nlu.stored import intact

# Where the text stands as it is read; the same as the text when nothing was misspelt.
READING = "reading"
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")


class Speller:
    """Known words, and the one that a misspelt word is nearest to."""

    def __init__(self, counts: dict[str, int]) -> None:
        """Args: counts, known words (lower case) with how often they occur."""
        self.counts = counts
        self._near: dict[str, list[str]] = {}
        for word in counts:
            if len(word) >= MIN_FUZZY:
                for variant in (*shortened(word), word):
                    self._near.setdefault(variant, []).append(word)

    def read(self, text: str) -> str:
        """The text with misspelt words read as known ones. Case of the rest is kept."""
        return _WORD.sub(lambda m: self._word(m.group(0)), text)

    def _word(self, word: str) -> str:
        lower = word.lower()
        if len(lower) < MIN_FUZZY or lower in self.counts or lower in english_words() or "'" in lower or "’" in lower:
            return word
        found = {w for v in (*shortened(lower), lower) for w in self._near.get(v, ()) if one_edit_apart(lower, w)}
        return max(sorted(found), key=lambda w: self.counts[w]) if found else word


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingReader(GraphComponent):
    """Sets `reading` on each message, from the words of the training data."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`min_count`: how often a word that is not English must occur to be known."""
        return {"min_count": 2}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, counts: dict[str, int] | None = None) -> None:
        """Args: Rasa's own; counts, the known words of a trained reader."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._speller = Speller(counts or {})

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SpellingReader:
        """Rasa's factory."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words: English ones of the examples, others that occur often enough, and all of the lookup tables."""
        texts = [m.get(TEXT) or "" for m in training_data.training_examples]
        seen = Counter(w.lower() for t in texts for w in _WORD.findall(t))
        counts = {w: n for w, n in seen.items() if w in english_words() or n >= self._config["min_count"]}
        for table in training_data.lookup_tables:
            elements = table.get("elements")
            for phrase in elements if isinstance(elements, list) else ():
                for word in _WORD.findall(phrase.lower()):
                    counts[word] = counts.get(word, 0) + 1
        self._speller = Speller(counts)
        with self._storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps(counts), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `reading` on messages with text."""
        for message in messages:
            if message.get(TEXT):
                message.set(READING, self._speller.read(message.get(TEXT)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for the training examples."""
        self.process(training_data.training_examples)
        return training_data

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpellingReader:
        """Read a trained reader. A resource that does not exist gives one that changes nothing. Errors: ModelDamagedError."""
        counts = {}
        try:
            with model_storage.read_from(resource) as folder, intact("SpellingReader"):
                counts = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        except ValueError:
            pass
        return cls(config, model_storage, resource, counts)
