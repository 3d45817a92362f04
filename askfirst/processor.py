"""Rasa's MessageProcessor with in-process actions, a reply for every failure, and understanding that cannot block the server.

One of the three places where Rasa itself is extended (agent.py and store.py are the others);
tests/test_rasa_seams.py fails when a Rasa method that is overridden here changes.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, FollowupAction, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from actions.registry import Executor
from askfirst import logs
from askfirst.content.clinic import Clinic
from askfirst.content.failures import failure_reply
from askfirst.content.reply import Reply
from askfirst.content.urgent import urgent_reply
from askfirst.nlu.screen_component import SCREEN, URGENT_INTENT
from askfirst.runtime import Content
from askfirst.safety.screen import Hit

log = logs.get_logger("askfirst.processor")
LISTEN = "action_listen"
# Intents that decline; a red flag in "if" form is answered all the same (evidence base 3.6, rule 3).
_DECLINED = ("out_of_scope", "nlu_fallback")
HYPOTHETICAL_INTENT = "ask_safety"
OTHER_LANGUAGE_INTENT = "limit_other_language"
# Where the code of the language stands that a message is in, when it is not English.
LANGUAGE = "language"


# Where a message's urgent sign that is not there now stands: {red_flag, by, variant}.
LOWERED = "lowered"
# What is said about such a sign (actions/context.py): dark thoughts and harm also when they are past.
_TOLD: dict[str, tuple[str, ...]] = defaultdict(lambda: ("hypothetical", "calm", "negated"), R15=("hypothetical", "negated", "past"), A35=("hypothetical", "negated", "past"))


def _said_first(low: Hit) -> bool:
    """What is asked about is answered before what is denied."""
    return low.lowered_by not in ("hypothetical", "calm")


class UnderstandingTimeout(RuntimeError):
    """Understanding a message took longer than the limit."""


class InProcessAction(Action):
    """A custom action run by rasa_sdk's executor in this process: no HTTP, no second check of a JSON schema (40 ms)."""

    def __init__(self, name: str, executor: Executor) -> None:
        """Args: the action's name and the executor that knows it."""
        self._name = name
        self._executor = executor

    def name(self) -> str:
        """Rasa's name of the action."""
        return self._name

    async def run(
        self, output_channel: OutputChannel, nlg: NaturalLanguageGenerator, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        """Run it on the tracker's state and give back its messages and events."""
        result = await self._executor.run(
            {
                "next_action": self._name,
                "sender_id": tracker.sender_id,
                "tracker": tracker.current_state(EventVerbosity.AFTER_RESTART),
            }
        )
        said = await RemoteAction._utter_responses((result or {}).get("responses", []), output_channel, nlg, tracker)
        return [*said, *deserialise_events((result or {}).get("events", []))]


class GuardedAction(Action):
    """Any custom action; when it fails the patient hears so, with the clinic's phone number (G5)."""

    def __init__(self, action: Action, content: Callable[[], Content | None], clinic: Callable[[], Clinic]) -> None:
        """Args: the action; content and clinic, for the words of the failure."""
        self._action = action
        self._content = content
        self._clinic = clinic

    def name(self) -> str:
        """Name of the action that is guarded."""
        return self._action.name()

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Any:
        """As the guarded action's."""
        return self._action.event_for_successful_execution(prediction)

    async def run(
        self, output_channel: OutputChannel, nlg: NaturalLanguageGenerator, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        """Run it. A rejection passes (forms use it); any other failure becomes a reply."""
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            log.error("action_failed", action=self.name(), error=type(error).__name__)
            return [BotUttered(None, {"custom": self._failure(tracker).as_dict()}), FollowupAction(LISTEN)]

    def _failure(self, tracker: DialogueStateTracker) -> Reply:
        content = self._content()
        version = content.version if content else ""
        parsed = tracker.latest_message.parse_data if tracker.latest_message else {}
        if self.name() == "action_urgent" or (parsed or {}).get("intent", {}).get("name") == URGENT_INTENT:
            screen = (parsed or {}).get(SCREEN) or {}
            return urgent_reply(
                content.red_flags if content else {}, screen.get("red_flag") or "", self._clinic(), content_version=version
            )
        return failure_reply("failed", self._clinic(), version)


class AskFirstProcessor(MessageProcessor):
    """Handles one message: understand, predict, act."""

    def __init__(
        self,
        *args: Any,
        content: Content | None = None,
        clinic: Callable[[], Clinic],
        executor: Executor | None = None,
        pool: ThreadPoolExecutor | None = None,
        nlu_seconds: float = 5.0,
        **kwargs: Any,
    ) -> None:
        """Args: Rasa's own; content, of the release that the model belongs to; clinic, gives the live settings; executor,
        runs the actions in this process (not used when an action endpoint is set); pool, threads for understanding;
        nlu_seconds, time limit of understanding one message."""
        super().__init__(*args, **kwargs)
        self.content = content
        self._clinic = clinic
        self._executor = executor or Executor()
        self._pool = pool
        self._nlu_seconds = nlu_seconds

    def _own(self, name: str) -> bool:
        return name in self.domain.user_actions and not name.startswith("utter_") and name not in self.domain.form_names

    def _guard(self, action: Action | None) -> Action | None:
        if action is None or not self._own(action.name()):
            return action
        inner = action if self.action_endpoint else InProcessAction(action.name(), self._executor)
        return GuardedAction(inner, lambda: self.content, self._clinic)

    def _get_action(self, action_name: str) -> Action | None:
        """As Rasa's; a custom action runs in this process, guarded."""
        return self._guard(super()._get_action(action_name))

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """As Rasa's; a custom action runs in this process, guarded."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return self._guard(action), prediction

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """As Rasa's, in a worker thread and with a time limit; then the screen again with what is remembered.

        Errors: UnderstandingTimeout.
        """
        tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        work = partial(self._parse_message_with_graph, message, tracker, only_output_properties)
        loop = asyncio.get_running_loop()
        try:
            parsed = await asyncio.wait_for(loop.run_in_executor(self._pool, work), self._nlu_seconds)
        except asyncio.TimeoutError as error:
            raise UnderstandingTimeout(f"understanding took longer than {self._nlu_seconds:g} s") from error
        self._screen_again(message.text or "", tracker, parsed)
        return parsed

    def _screen_again(self, text: str, tracker: DialogueStateTracker, parsed: dict[str, Any]) -> None:
        """Feeling unwell is urgent for somebody who said earlier that they are on treatment. May add, never take away."""
        if self.content is None or parsed["intent"]["name"] == URGENT_INTENT:
            return
        result = self.content.screen.check(text, self.known_facts(tracker))
        hit = result.urgent
        over = {low.red_flag for low in result.lowered if low.lowered_by in ("negated", "past")}
        asked = {low.red_flag for low in result.lowered if low.lowered_by == "hypothetical"}
        if hit is None and over | asked:
            # "I had a fever in March" names no fever that the person has, and "if my leg swells up" no clot.
            parsed["entities"] = [e for e in parsed["entities"] if not self._not_now(e.get("value"), over, asked)]
        if asked and parsed["intent"]["name"] in _DECLINED:
            # "What if I get a fever on chemo?" is ours even where nothing else about it is.
            parsed["intent"] = {"name": HYPOTHETICAL_INTENT, "confidence": 1.0}
        told = hit is None and next((low for low in sorted(result.lowered, key=_said_first) if low.lowered_by in _TOLD[low.red_flag]), None)
        if told:
            variant = self.content.screen.variant(told)
            parsed[LOWERED] = {"red_flag": told.red_flag, "by": str(told.lowered_by), "variant": variant or ""}
        ruled = (parsed.get("gate") or {}).get("rule") == "words" and parsed["intent"]["name"] != OTHER_LANGUAGE_INTENT  # adverts in another script
        if hit is None and not (result.hits or result.signs or parsed["entities"] or ruled):
            code = self.content.languages.language(text)
            if code:
                parsed["intent"] = {"name": OTHER_LANGUAGE_INTENT, "confidence": 1.0}
                parsed[LANGUAGE] = code
        if hit:
            parsed["intent"] = {"name": URGENT_INTENT, "confidence": 1.0}
            parsed["intent_ranking"] = [parsed["intent"]]
            parsed[SCREEN] = {"red_flag": hit.red_flag, "tier": hit.tier, "variant": self.content.screen.variant(hit)}

    def _not_now(self, entry_id: Any, over: set[str], asked: set[str]) -> bool:
        """Is an entry found that is over, or an emergency that is only asked about?

        Args: over, red flags that the message denies or puts into the past; asked, those that it only supposes."""
        entry = self.content.knowledge.entries.get(entry_id) if self.content else None
        if entry is None:
            return False
        return bool({entry.red_flag, *(when.red_flag for when in entry.when)} & over or entry.red_flag in asked)

    def known_facts(self, tracker: DialogueStateTracker) -> frozenset[str]:
        """What the things named earlier mean for safety, such as 'on_treatment'."""
        if self.content is None:
            return frozenset()
        entries = self.content.knowledge.entries
        remembered = tracker.get_slot("remembered") if "remembered" in tracker.slots else None
        return frozenset(fact for i in remembered or () if i in entries for fact in entries[i].gives)
