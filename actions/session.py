"""Urgent turns inside Rasa's own tools, and the end of a conversation."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import say, turn_of, utter
from askfirst.content.urgent import urgent_reply

_FORGET = ("remembered", "last_reminder", "pending_offer", "unsure_in_a_row")


class ActionUrgent(Action):
    """The urgent reply, where the pipeline's screen found what the Agent's did not see (a red flag with what is remembered)."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_urgent"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """The action and the number; nothing else."""
        turn = turn_of(tracker)
        screen = (tracker.latest_message or {}).get("screen") or {}
        reply = urgent_reply(
            turn.content.red_flags, turn.red_flag or "", turn.clinic, variant=screen.get("variant"), content_version=turn.content.version
        )
        utter(dispatcher, turn, reply)
        return [SlotSet("pending_offer", None), FollowupAction("action_listen")]


class ActionErase(Action):
    """Deletes what was written: the server erases the stored conversation whenever the reply `erased` has been sent."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_erase"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says so; askfirst/agent.py does it once the turn has ended."""
        turn = turn_of(tracker)
        utter(dispatcher, turn, say(turn, "erased"))
        return [*(SlotSet(s, None) for s in _FORGET), FollowupAction("action_listen")]


class ActionStartAgain(Action):
    """Forgets what was named; what was written stays until it expires or is deleted."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_start_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says so."""
        turn = turn_of(tracker)
        utter(dispatcher, turn, say(turn, "start_again"))
        return [*(SlotSet(s, None) for s in _FORGET), FollowupAction("action_listen")]
