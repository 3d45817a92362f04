"""What the urgent screen has learnt, as a pipeline component: trained here, and its second stage run here (askfirst/safety/learned.py).

It stands before UrgentScreen, which takes over what is decided here and otherwise asks the rules. A release keeps the weights beside
its content as well, for the screen that runs before everything else.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from askfirst.content.problems import ContentError
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.nlu.encoder import encoder_fingerprint, shared_encoder
from askfirst.nlu.screen_component import SECOND_LOOK, URGENT_INTENT, mark_urgent
from askfirst.nlu.stored import intact
from askfirst.safety import learned
from askfirst.safety.examples import read_examples
from askfirst.safety.learned import CALM, Learned, load_learned, save_learned
from askfirst.safety.must_find import read_must_find
from askfirst.safety.screen import Screen
from askfirst.settings import settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SecondLook(GraphComponent):
    """Makes a message urgent that the rules leave alone, and tells UrgentScreen where a rule's find is clearly no emergency of now."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`folder`, `red_flags`: from the project's root; folder '' for none. `border`: score from which a message is urgent: 0 is as
        likely as not, and a red flag that is a close second wins, so it stands below. `embedding_weight`: of the embedding's score."""
        return {"folder": "data/safety/examples", "red_flags": "data/safety/red_flags.yml", "border": 0.0, "embedding_weight": 0.1}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, learnt: Learned | None = None, red_flags: str = ""
    ) -> None:
        """Args: learnt, None adds nothing; red_flags, as JSON, that it was trained with. Errors: ValueError for a border that is no number."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._learned = learnt
        self._red_flags = red_flags
        self._weighed = Screen(json.loads(red_flags), learnt.is_calm) if learnt and red_flags else None
        try:
            self._border = float(self._config["border"])
        except (TypeError, ValueError):
            raise ValueError(f"config.yml, SecondLook: border is {self._config['border']}; write a number") from None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SecondLook:
        """Rasa's factory."""
        return cls(config, model_storage, resource)

    @classmethod
    def _files(cls, config: dict[str, Any]) -> list[Path]:
        merged = {**cls.get_default_config(), **config}
        if not merged["folder"]:
            return []
        root = settings().root
        flags = root / merged["red_flags"]
        return [flags, flags.with_name("must_find.yml"), *sorted((root / merged["folder"]).glob("*.yml"))]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A change of the examples, of the red flags or of how they are read is a change of the model (Rasa's cache does not look at code)."""
        code = sorted(Path(learned.__file__).parent.glob("*.py")) if cls._files(config) else []
        return encoder_fingerprint() + "".join(p.read_text(encoding="utf-8") for p in (*cls._files(config), *code) if p.exists())

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on data/safety/examples; what the assistant is asked every day counts as calm. Errors: ContentError for bad examples."""
        files = self._files(self._config)
        if any(f.parent != files[0].parent for f in files) and files[0].exists():
            root = settings().root
            examples, problems = read_examples(root / self._config["folder"], root)
            must_find = files[0].with_name("must_find.yml")
            told = {text for text, _ in examples}
            examples += [(t, flag) for flag, ts in (read_must_find(must_find) if must_find.exists() else {}).items() for t in ts if t not in told]
            if problems:
                raise ContentError(problems)
            self._red_flags = json.dumps(plain(read_yaml(files[0])[0]))
            screen = screen_of(self._red_flags)
            known = {text for text, _ in examples}
            everyday = {t: None for t in _everyday(training_data) if t not in known and not screen.check(t).urgent}
            texts, labels = [*(t for t, _ in examples), *everyday], [*(label for _, label in examples), *[CALM] * len(everyday)]
            weight = float(self._config["embedding_weight"])
            self._learned = Learned.train(texts, labels, shared_encoder().embed_many, screen, weight)
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `second_look` ({red_flag, score}) and, from the border on, `screen` and the intent `urgent`."""
        for message in messages:
            text = message.get(TEXT)
            if not text or self._learned is None:
                continue
            screen = screen_of(self._red_flags)
            found = screen.check(text)
            weighed = found if found.urgent is None or self._weighed is None else self._weighed.check(text)
            look = self._learned.look(text, shared_encoder().embed(text), screen)
            said = {"red_flag": look.red_flag, "score": round(look.score, 3)}
            if found.urgent:
                said["calm"] = weighed.urgent is None
            message.set(SECOND_LOOK, said, add_to_output=True)
            if found.urgent is None and look.score >= self._border:
                mark_urgent(message, look.red_flag, screen.tier(look.red_flag), None, stage=2)
        return messages

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            (folder / "red_flags.json").write_text(self._red_flags, encoding="utf-8")
            if self._learned:
                save_learned(self._learned, folder)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SecondLook:
        """Read a trained second stage. Errors: ModelDamagedError."""
        learnt, red_flags = None, ""
        try:
            with model_storage.read_from(resource) as folder, intact("SecondLook"):
                red_flags = (folder / "red_flags.json").read_text(encoding="utf-8")
                learnt = load_learned(folder)
        except ValueError:
            pass
        return cls(config, model_storage, resource, learnt, red_flags)


@lru_cache(maxsize=2)
def screen_of(red_flags: str) -> Screen:
    """The first stage of a release, made once. Args: red_flags, the content of red_flags.yml as JSON."""
    return Screen(json.loads(red_flags))


def _everyday(training_data: TrainingData) -> list[str]:
    """What the assistant is asked every day: the intents' examples, and how people describe what they have."""
    said = [m.get(TEXT) for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT) != URGENT_INTENT]
    described = [t for table in training_data.lookup_tables if table["name"].endswith(".said_like") for t in table["elements"]]
    return [*said, *described]
