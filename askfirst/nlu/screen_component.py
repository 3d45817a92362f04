"""The urgent screen as a pipeline component: Rasa's own tools (shell, test, parse) see what the server sees, and its second stage runs here.

In the server the screen has already run in the Agent, on the raw text and without this model (askfirst/agent.py). What stands
later in the pipeline may add to it, never take it away: this component sets the intent to `urgent`, and the head and the gate
leave such a message alone. What the screen learns from data/safety/examples is trained here; a release keeps it beside its content too.
"""

from __future__ import annotations

import contextlib
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

from askfirst.content.problems import ContentError
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.nlu.dense_head import INTENT_RANKING
from askfirst.nlu.encoder import EncoderError
from askfirst.nlu.gate import GATE
from askfirst.nlu.stored import intact
from askfirst.nlu.urgent_reader import reader_fingerprint, shared_reader
from askfirst.safety import screen as screen_module
from askfirst.safety.examples import read_examples
from askfirst.safety.learned import CALM, Learned, load_learned, save_learned, screen_with
from askfirst.safety.must_find import promised
from askfirst.safety.screen import Screen

SCREEN = "screen"
# What the second stage makes of a message, for staff and for the evaluation: {red_flag, score}.
SECOND_LOOK = "second_look"
URGENT_INTENT = "urgent"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class UrgentScreen(GraphComponent):
    """Stands last in the pipeline and overrides every other intent when the message holds a red flag."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`file`: red_flags.yml, from the working folder; '' for none (a project that has no red flags). `examples`: the folder that the
        second stage learns from, '' for no second stage. `border`: score from which it makes a message urgent; 0 is as likely as not."""
        return {"file": "data/safety/red_flags.yml", "examples": "data/safety/examples", "border": 0.0}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, data: dict[str, Any] | None, learned: Learned | None = None
    ) -> None:
        """Args: data, the content of red_flags.yml as it was when the model was trained; None screens nothing; learned, None has no
        second stage. Errors: ValueError for a border that is no number."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._learned = learned
        self._screen = screen_with(data, learned) if data else None
        try:
            self._border = float(self._config["border"])
        except (TypeError, ValueError):
            raise ValueError(f"config.yml, UrgentScreen: border is {self._config['border']}; write a number") from None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> UrgentScreen:
        """Rasa's factory."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def _files(cls, config: dict[str, Any]) -> tuple[Path | None, list[Path]]:
        """(red_flags.yml, what the second stage learns from); nothing for what config.yml leaves out or what is not there. From the working
        folder, as Rasa reads config.yml and data/: a project that is trained in place of another never learns from that one."""
        merged = {**cls.get_default_config(), **config}
        if not merged["file"]:
            return None, []
        path = Path.cwd() / merged["file"]
        examples = sorted((Path.cwd() / merged["examples"]).glob("*.yml")) if merged["examples"] else []
        return path, [path.with_name("must_find.yml"), *examples] if examples else []

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A change of the red flags, of the examples or of how they are read is a change of the model (Rasa's cache sees no code)."""
        path, learnt_from = cls._files(config)
        if path is None:
            return None
        code = sorted(Path(screen_module.__file__).parent.glob("*.py")) if learnt_from else []
        return reader_fingerprint() + "".join(p.read_text(encoding="utf-8") for p in (path, *learnt_from, *code) if p.exists())

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the red flags with the model, so that a release never mixes two versions of them, and learn the second stage; what the
        assistant is asked every day counts as calm. Errors: ContentError for bad examples, or red flags that cannot be read."""
        path, learnt_from = self._files(self._config)
        content, problems = read_yaml(path, Path.cwd()) if path else (None, [])
        if problems:
            raise ContentError(problems)
        data = plain(content)
        learned = self._learn(data, learnt_from[0], training_data) if data and learnt_from else None
        with self._storage.write_to(self._resource) as folder:
            (folder / "red_flags.json").write_text(json.dumps(data), encoding="utf-8")
            if learned:
                save_learned(learned, folder)
        return self._resource

    def _learn(self, data: dict[str, Any], must_find: Path, training_data: TrainingData) -> Learned:
        labels = labelled(Path.cwd() / self._config["examples"], must_find, data, training_data)
        return Learned.train(list(labels), list(labels.values()), Screen(data), {text for _, text in promised(data, must_find)})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UrgentScreen:
        """Read the red flags that the model was trained with, and what was learnt. Errors: ModelDamagedError."""
        data, learned = None, None
        try:
            with model_storage.read_from(resource) as folder, intact("UrgentScreen"):
                data = json.loads((folder / "red_flags.json").read_text(encoding="utf-8"))
                learned = load_learned(folder, shared_reader())
            if learned:
                _warm()
        except ValueError:
            pass
        return cls(config, model_storage, resource, data, learned)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `screen` ({red_flag, tier, variant, stage}) and the intent `urgent` where the raw text holds a red flag, by the rules
        (stage 1) or else by what was learnt (stage 2). A find that the screen itself weighed and lowered stays lowered."""
        for message in messages:
            text = message.get(TEXT)
            if not text or self._screen is None:
                continue
            result = self._screen.check(text)
            if result.urgent:
                hit = result.urgent
                _mark(message, hit.red_flag, hit.tier, self._screen.variant(hit), stage=1)
            elif self._learned and (look := self._learned.second_look(text, result, self._screen)):
                message.set(SECOND_LOOK, {"red_flag": look.red_flag, "score": round(look.score, 3)}, add_to_output=True)
                if look.score >= self._border:
                    _mark(message, look.red_flag, self._screen.tier(look.red_flag), None, stage=2)
        return messages


def _warm() -> None:
    """Load the reader with the model instead of with somebody's message. Where it cannot be used the screen says so and goes on."""
    with contextlib.suppress(EncoderError, OSError):
        shared_reader().load()


def labelled(examples: Path, must_find: Path, red_flags: dict[str, Any], training_data: TrainingData) -> dict[str, str]:
    """All that the second stage learns from, text -> red flag or CALM.

    Args: examples, their folder; must_find, must_find.yml; red_flags, what red_flags.yml holds; training_data, what the assistant is
    asked every day counts as calm, unless a rule finds it urgent. Errors: ContentError for bad examples.
    """
    found, problems = read_examples(examples, Path.cwd())
    if problems:
        raise ContentError(problems)
    rules = Screen(red_flags)
    labels = {text: flag for flag, text in promised(red_flags, must_find)} | dict(found)
    return labels | {text: CALM for text in _everyday(training_data) if text not in labels and not rules.check(text).urgent}


def _mark(message: Message, red_flag: str, tier: int, variant: str | None, stage: int) -> None:
    """Make a message urgent: `screen` says why, and the intent overrides every other."""
    urgent = {INTENT_NAME_KEY: URGENT_INTENT, PREDICTED_CONFIDENCE_KEY: 1.0}
    message.set(SCREEN, {"red_flag": red_flag, "tier": tier, "variant": variant, "stage": stage}, add_to_output=True)
    message.set(INTENT, urgent, add_to_output=True)
    message.set(INTENT_RANKING, [urgent], add_to_output=True)
    message.set(GATE, None, add_to_output=True)


def _everyday(training_data: TrainingData) -> list[str]:
    """What the assistant is asked every day: the intents' examples, and how people describe what they have."""
    said = [m.get(TEXT) for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT) != URGENT_INTENT]
    described = [t for table in training_data.lookup_tables if table["name"].endswith(".said_like") for t in table["elements"]]
    return [*said, *described]
