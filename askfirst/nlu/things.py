"""Named and described things: finds what a person has, takes or wants done, as entities whose value is an entry's id.

Two ways in: a name in the text ("apixaban"), or nearness of the message or one of its clauses to a phrase of the kind that
patients use ("I inject something in my tummy so I do not get clots"). Names and phrases come with the training data, as lookup
tables `thing.<entity>.<id>.names` and `thing.<entity>.<id>.said_like` (askfirst/nlu/importer.py), so the component itself
knows no subject, and a project without such tables trains and runs with it all the same.
"""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_CONFIDENCE,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from askfirst.nlu.clauses import clauses
from askfirst.nlu.encoder import Encoder, encoder_fingerprint, shared_encoder
from askfirst.nlu.featurizer import CLAUSES
from askfirst.nlu.names import NameFinder
from askfirst.nlu.spelling import READING
from askfirst.nlu.stored import intact

PREFIX = "thing."
# Where the component leaves the ids of things that the message denies ("I do not have a port").
DENIED = "denied_things"


def table_name(entity: str, thing_id: str, what: str) -> str:
    """Name of the lookup table that hands over one thing's names or phrases. `what`: 'names', 'not_in', 'said_like',
    or 'said_exactly' for phrases that count only when the message is nearly the same."""
    return f"{PREFIX}{entity}.{thing_id}.{what}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ThingExtractor(GraphComponent, EntityExtractorMixin):
    """Finds things by name and by description."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`described_threshold`: cosine from which a description counts (from the tuning curve); `max_described`: at most
        this many described things a message; `described_alone`: cosine from which the nearest one counts where nothing is
        named; `aside`: entities that do not count as named there ("a foot massage, my toes have no feeling"); `min_words`:
        words that a clause needs to be looked at; `described_exactly`: cosine for `said_exactly`."""
        return {"described_threshold": 0.66, "max_described": 2, "described_alone": 0.58, "aside": [], "min_words": 4, "described_exactly": 0.78}

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be installed."""
        return ["onnxruntime", "tokenizers"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """An extractor that knows nothing yet."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._data: dict[str, Any] = {"entity": {}, "names": {}, "said_like": [], "not_in": {}, "exact": []}
        self._phrases = np.zeros((0, 0), dtype=np.float32)
        self._finder = NameFinder({})
        self._encoder: Encoder | None = None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ThingExtractor:
        """Rasa's factory."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the encoder changes: the phrases' vectors come from it."""
        return encoder_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Take the names and phrases out of the lookup tables and embed the phrases."""
        for table in training_data.lookup_tables:
            name, elements = table.get("name", ""), table.get("elements") or []
            if name.startswith(PREFIX) and isinstance(elements, list):
                entity, thing_id, what = name.removeprefix(PREFIX).split(".")
                self._data["entity"][thing_id] = entity
                if what in ("names", "not_in"):
                    self._data[what][thing_id] = list(elements)
                else:
                    self._data["said_like"] += [[thing_id, phrase] for phrase in elements]
                    self._data["exact"] += [thing_id] if what == "said_exactly" else []
        if self._data["said_like"]:
            self._phrases = shared_encoder().embed_many([phrase for _, phrase in self._data["said_like"]])
        self._ready()
        with self._storage.write_to(self._resource) as folder:
            (folder / "things.json").write_text(json.dumps(self._data), encoding="utf-8")
            np.savez(folder / "phrases.npz", phrases=self._phrases)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add an entity for each thing found; `denied_things` lists the ids that the message denies."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            entities, denied = self.find(text, message.get(READING), message.get(CLAUSES))
            if entities:
                message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(entities), add_to_output=True)
            if denied:
                message.set(DENIED, denied, add_to_output=True)
        return messages

    def find(
        self, text: str, reading: str | None = None, parts: list[tuple[str, np.ndarray]] | None = None
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """Things in a text. Args: reading, the text without spelling errors, for descriptions; parts, its clauses with their
        vectors where the featurizer has worked them out.

        Returns: entities (type, value, start, end, confidence), and ids that are denied."""
        entities, seen = [], set()
        denied: dict[str, list[int]] = {}
        for found in self._finder.find(text):
            if found.negated:
                denied.setdefault(found.key, []).append(found.start)
                continue
            seen.add(found.key)
            entities.append(self._entity(found.key, found.start, found.end, 0.9 if found.fuzzy else 1.0))
        alone = all(e[ENTITY_ATTRIBUTE_TYPE] in self._config["aside"] for e in entities)
        for key, similarity, start, end in self._described(reading or text, text, denied, alone, parts):
            if key not in seen:
                seen.add(key)
                entities.append(self._entity(key, start, end, similarity))
        return entities, [key for key in denied if key not in seen]

    def _described(
        self, reading: str, text: str, denied: dict[str, list[int]], alone: bool, parts: list[tuple[str, np.ndarray]] | None
    ) -> list[tuple[str, float, int, int]]:
        """The nearest things: key, similarity, start, end. A clause that denies a thing by name does not describe it.

        Args: alone, whether nothing was named: the nearest one then counts from a lower similarity."""
        if not len(self._phrases):
            return []
        if self._encoder is None:
            self._encoder = shared_encoder()
        best: dict[str, tuple[float, int, int]] = {}
        least = self._config["described_alone"] if alone else self._config["described_threshold"]
        if parts is None:
            parts = [(part, self._encoder.embed(part)) for part in clauses(reading)]
        # "Had it for years" is near to anything: a description needs a few words.
        parts = [(part, vector) for part, vector in parts if len(part.split()) >= self._config["min_words"]]
        for part, vector in [(reading, self._encoder.embed(reading)), *parts]:
            similarities = self._phrases @ vector
            start, end = _place(part, reading, text)
            for i in np.flatnonzero(similarities >= least):
                key = self._data["said_like"][i][0]
                if key in self._data["exact"] and similarities[i] < self._config["described_exactly"]:
                    continue
                if any(start <= at < end for at in denied.get(key, ())):
                    continue
                if key not in best or similarities[i] > best[key][0]:
                    best[key] = (float(similarities[i]), start, end)
        order = sorted(best.items(), key=lambda item: -item[1][0])[: self._config["max_described"]]
        order = [item for i, item in enumerate(order) if i == 0 or item[1][0] >= self._config["described_threshold"]]
        return [(key, *value) for key, value in order]

    def _entity(self, key: str, start: int, end: int, confidence: float) -> dict[str, Any]:
        return {
            ENTITY_ATTRIBUTE_TYPE: self._data["entity"][key],
            ENTITY_ATTRIBUTE_VALUE: key,
            ENTITY_ATTRIBUTE_START: start,
            ENTITY_ATTRIBUTE_END: end,
            ENTITY_ATTRIBUTE_CONFIDENCE: round(confidence, 4),
        }

    def _ready(self) -> None:
        self._finder = NameFinder(self._data["names"], self._data["not_in"])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThingExtractor:
        """Read a trained extractor. A resource that does not exist gives one that finds nothing. Errors: ModelDamagedError."""
        extractor = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder, intact("ThingExtractor"):
                extractor._data = json.loads((folder / "things.json").read_text(encoding="utf-8"))
                with np.load(folder / "phrases.npz", allow_pickle=False) as arrays:
                    extractor._phrases = arrays["phrases"]
        except ValueError:
            pass
        extractor._ready()
        return extractor


def _place(part: str, reading: str, text: str) -> tuple[int, int]:
    """Where a clause of the reading stands in the text as it was written.

    A clause has single spaces where the text may have any white space. Misspelt words may be longer or shorter than as they
    are read, but stand between the same white space: those that the clause touches are counted.
    """
    match = re.search(r"\s+".join(map(re.escape, part.split())), reading)
    if match is None:
        return 0, len(text)
    if reading == text:
        return match.span()
    spans = [m.span() for m in re.finditer(r"\S+", reading)]
    touched = [i for i, (start, end) in enumerate(spans) if start < match.end() and end > match.start()]
    written = [m.span() for m in re.finditer(r"\S+", text)]
    if not touched or len(written) != len(spans):
        return 0, len(text)
    return written[touched[0]][0], written[touched[-1]][1]
