"""The gate: sure, two candidates, not sure, or not ours. It decides what the dialogue sees as the intent.

Inputs: the head's probabilities, the nearness to a known example, and whether anything in the knowledge base was found.
Intents that lead to the same kind of answer are told to it as groups, so that "can I" and "when can I" do not look like a
doubt. Its verdict stands in the message as `gate` and, where it changes the outcome, in the intent's name.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from askfirst.nlu.dense_head import CLAUSE_INTENTS, INTENT_RANKING, NEARNESS

GATE = "gate"
SURE, TWO, UNSURE, NOT_OURS = "sure", "two", "unsure", "not_ours"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Gate(GraphComponent):
    """Turns a ranking of intents into one of four outcomes."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds come from the tuning curve; docs/design-notes.md says how.

        `sure`: probability from which the first group counts; `margin`: lead over the second group below which both are
        offered; `pair`: what the two must have together for that; `near`: least nearness (cosine) to a known example;
        `groups`: intents with one outcome; `outside`: the intent for what is not ours; `unsure_intent`, `two_intent`: names
        the dialogue sees; `found_intent`: taken when unsure although something of the knowledge base was found, '' for none;
        `found_floor`: probability that its group needs for that; `outside_when_found`: probability from which a message in
        which something was found is declined all the same; `declining`: intents (with * for any ending) that decline too, and
        `declining_when_found`: what they need there; `default_floor`: probability from which the group of `found_intent` counts when it is the likeliest,
        because its answer is the most careful one, 1 for never; `clear`: how many times as likely as the second group the
        first must be to count from `clear_floor` on, 0 for never; `also`: probability from which a clause asks a question of
        its own beside the main one, 1 for never; `also_found`: the same where something of the knowledge base was found;
        `outside_sure`: probability from which what is not ours is declined rather than not understood;
        `enabled`: false leaves the head's choice as it is (for benchmarks on other data).
        """
        return {
            "enabled": True,
            "sure": 0.5,
            "margin": 0.15,
            "pair": 0.6,
            "near": 0.4,
            "groups": [],
            "outside": "out_of_scope",
            "unsure_intent": "nlu_fallback",
            "two_intent": "two_candidates",
            "found_intent": "",
            "found_floor": 0.0,
            "outside_when_found": 0.0,
            "declining": [],
            "declining_when_found": 0.0,
            "default_floor": 1.0,
            "clear": 0.0,
            "clear_floor": 0.2,
            "also": 1.0,
            "also_found": 1.0,
            "outside_sure": 0.5,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Errors: ValueError when a threshold is no number from 0 to 1, or an intent stands in two groups."""
        self._config = {**self.get_default_config(), **config}
        for name in ("sure", "margin", "pair", "near", "found_floor", "outside_when_found", "default_floor", "clear_floor", "also", "also_found", "outside_sure", "declining_when_found"):
            written = self._config[name]
            try:
                self._config[name] = float(written)  # a quoted number is a number
            except (TypeError, ValueError):
                self._config[name] = -1.0
            if not 0 <= self._config[name] <= 1:
                raise ValueError(f"config.yml, Gate: {name} is {written}; write a number from 0 to 1")
        self._group: dict[str, str] = {}
        for group in self._config["groups"]:
            for intent in group:
                if self._group.setdefault(intent, group[0]) != group[0]:
                    raise ValueError(f"config.yml, Gate: the intent {intent} stands in two groups; keep it in one")

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Gate:
        """Rasa's factory."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `gate` ({outcome, candidates, probability, margin, nearness}) and, unless sure, the intent's name."""
        for message in messages:
            if not self._config["enabled"] or not message.get(TEXT) or not message.get(INTENT_RANKING):
                continue
            decision = self.decide(
                message.get(INTENT_RANKING), float(message.get(NEARNESS) or 0.0), bool(message.get(ENTITIES))
            )
            if decision["outcome"] == SURE:
                least = self._config["also_found" if message.get(ENTITIES) else "also"]
                decision["also"] = self.also(decision["candidates"][0], message.get(CLAUSE_INTENTS) or [], least)
            message.set(GATE, decision, add_to_output=True)
            intent = {
                SURE: decision["candidates"][0],
                TWO: self._config["two_intent"],
                UNSURE: self._config["unsure_intent"],
                NOT_OURS: self._config["outside"],
            }[decision["outcome"]]
            if intent != message.get(INTENT, {}).get(INTENT_NAME_KEY):
                message.set(
                    INTENT, {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: decision["probability"]}, add_to_output=True
                )
        return messages

    def decide(self, ranking: list[dict[str, Any]], nearness: float, found: bool) -> dict[str, Any]:
        """The outcome for one message.

        Args: ranking, [{name, confidence}] best first; nearness, cosine to the nearest example; found, whether anything of
        the knowledge base was found in the message.
        Returns: {outcome: sure | two | unsure | not_ours, candidates: intents, probability, margin, nearness}.
        """
        best: dict[str, str] = {}
        mass: dict[str, float] = {}
        for item in ranking:
            name = item[INTENT_NAME_KEY]
            group = self._group.get(name, name)
            best.setdefault(group, name)
            mass[group] = mass.get(group, 0.0) + float(item[PREDICTED_CONFIDENCE_KEY])
        order = sorted(mass, key=lambda g: -mass[g])
        first = order[0]
        second = order[1] if len(order) > 1 else None
        p1, p2 = mass[first], mass[second] if second else 0.0
        outside = self._config["outside"]
        decision = {
            "outcome": UNSURE,
            "candidates": [best[first]],
            "probability": round(p1, 4),
            "margin": round(p1 - p2, 4),
            "nearness": round(nearness, 4),
        }
        near = nearness >= self._config["near"]
        careful = self._group.get(self._config["found_intent"], self._config["found_intent"])
        if found and first != outside and p1 < self._config["declining_when_found"] and self._declines(first):
            # "I have a PICC line" tells something that limits massage; only a clear refusal may pass that over.
            decision["outcome"] = UNSURE
        elif first == outside:
            # What is not ours is declined when that is clear; otherwise it is "not sure", with people to talk to.
            clear = p1 >= self._config["outside_sure"]
            if found and p1 < self._config["outside_when_found"]:
                clear = False
            decision["outcome"] = NOT_OURS if clear else UNSURE
        elif (near and p1 >= self._config["sure"] and p1 - p2 >= self._config["margin"]) or (near and second and self._config["clear"] and p1 >= self._config["clear_floor"] and p1 >= self._config["clear"] * p2):
            decision["outcome"] = SURE
        elif near and first == careful and p1 >= self._config["default_floor"]:
            decision["outcome"] = SURE
            decision["candidates"] = [self._config["found_intent"]]
        elif near and second and second != outside and p1 + p2 >= self._config["pair"] and p1 - p2 < self._config["margin"]:
            decision["outcome"] = TWO
            decision["candidates"] = [best[first], best[second]]
        taken = found and self._config["found_intent"] and mass.get(careful, 0.0) >= self._config["found_floor"]
        if decision["outcome"] == UNSURE and taken:
            decision["outcome"] = SURE
            decision["candidates"] = [self._config["found_intent"]]
        return decision

    def also(self, main: str, clause_intents: list[dict[str, Any]], least: float) -> list[str]:
        """Further questions that clauses ask by themselves, from the probability `least`: none that declines or belongs to the
        main one's group, likeliest first."""
        taken = {self._group.get(main, main), self._config["outside"], self._group.get(self._config["found_intent"], "")}
        out: list[str] = []
        for item in sorted(clause_intents, key=lambda i: -float(i[PREDICTED_CONFIDENCE_KEY])):
            name = item[INTENT_NAME_KEY]
            if float(item[PREDICTED_CONFIDENCE_KEY]) < least or self._declines(name):
                continue
            if self._group.get(name, name) not in taken:
                taken.add(self._group.get(name, name))
                out.append(name)
        return out

    def _declines(self, intent: str) -> bool:
        return any(fnmatchcase(intent, pattern) for pattern in self._config["declining"])
