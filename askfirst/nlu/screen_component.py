"""The urgent screen as a pipeline component, so that Rasa's own tools (shell, test, parse) see what the server sees.

In the server the screen has already run in the Agent, on the raw text and without a model (askfirst/agent.py). What stands
later in the pipeline may add to it, never take it away: this component sets the intent to `urgent`, and the head and the gate
leave such a message alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from askfirst.content.yaml_file import plain, read_yaml
from askfirst.nlu.dense_head import INTENT_RANKING
from askfirst.nlu.gate import GATE
from askfirst.nlu.stored import intact
from askfirst.safety.screen import Screen
from askfirst.settings import settings

SCREEN = "screen"
# Where what the screen has learnt says of a message (askfirst/nlu/second_look.py): {red_flag, score, calm}.
SECOND_LOOK = "second_look"
URGENT_INTENT = "urgent"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class UrgentScreen(GraphComponent):
    """Stands last in the pipeline and overrides every other intent when the raw text holds a red flag."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`file`: red_flags.yml, from the project's root; '' for none (a project that has no red flags)."""
        return {"file": "data/safety/red_flags.yml"}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, data: dict[str, Any] | None) -> None:
        """Args: data, the content of red_flags.yml as it was when the model was trained; None screens nothing."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._screen = Screen(data) if data else None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> UrgentScreen:
        """Rasa's factory."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def _path(cls, config: dict[str, Any]) -> Path | None:
        file = {**cls.get_default_config(), **config}["file"]
        return settings().root / file if file else None

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A change of the red flags is a change of the model."""
        path = cls._path(config)
        return path.read_text(encoding="utf-8") if path and path.exists() else None

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the red flags with the model, so that a release never mixes two versions of them."""
        path = self._path(self._config)
        data = plain(read_yaml(path)[0]) if path else None
        with self._storage.write_to(self._resource) as folder:
            (folder / "red_flags.json").write_text(json.dumps(data), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UrgentScreen:
        """Read the red flags that the model was trained with. Errors: ModelDamagedError."""
        try:
            with model_storage.read_from(resource) as folder, intact("UrgentScreen"):
                data = json.loads((folder / "red_flags.json").read_text(encoding="utf-8"))
        except ValueError:
            data = None
        return cls(config, model_storage, resource, data)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `screen` ({red_flag, tier, variant}) and the intent `urgent` where the raw text holds a red flag."""
        for message in messages:
            text = message.get(TEXT)
            if not text or self._screen is None:
                continue
            hit = self._screen.check(text).urgent
            if hit is None or message.get(SCREEN) or (message.get(SECOND_LOOK) or {}).get("calm"):
                continue
            mark_urgent(message, hit.red_flag, hit.tier, self._screen.variant(hit), stage=1)
        return messages


def mark_urgent(message: Message, red_flag: str, tier: int, variant: str | None, stage: int) -> None:
    """Make a message urgent: `screen` says why, and the intent overrides every other."""
    urgent = {INTENT_NAME_KEY: URGENT_INTENT, PREDICTED_CONFIDENCE_KEY: 1.0}
    message.set(SCREEN, {"red_flag": red_flag, "tier": tier, "variant": variant, "stage": stage}, add_to_output=True)
    message.set(INTENT, urgent, add_to_output=True)
    message.set(INTENT_RANKING, [urgent], add_to_output=True)
    message.set(GATE, None, add_to_output=True)
