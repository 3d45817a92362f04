"""What the assistant cannot do, and what it did not understand."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Turn, answer, buttons, in_their_language, remember, say, turn_of, utter

# After this many turns in a row that were not understood, a person is offered.
OFFER_PERSON_AFTER = 2


# What is said to somebody who is sad and says that they are not in danger.
GENTLE_CHECK = "gentle_check"


def sad_not_in_danger(turn: Turn) -> bool:
    """Did the message deny dark thoughts, or tell of such that are past? (evidence base 3.7, "not suicidal, just sad")"""
    told = turn.lowered or {}
    return told.get("red_flag") == "R15" and told.get("by") != "hypothetical"


class ActionLimit(Action):
    """Says a limit: the boundary that belongs to the intent."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_limit"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """The boundary with where to go instead; limits of what was named are kept."""
        turn = turn_of(tracker)
        entry = turn.knowledge.by_intent(turn.intent) or turn.knowledge.entry("out_of_scope")
        if entry.id == "out_of_scope" and sad_not_in_danger(turn):
            entry = turn.knowledge.entry(GENTLE_CHECK)
        if entry.id == "results" and turn.things and turn.gate.get("rule") != "value":
            # "My platelets are low, may I?" names a condition and holds no result to judge.
            reply = answer(turn, ())
        else:
            reply = answer(turn, (entry.id,)) if entry.reminder else in_their_language(turn, say(turn, entry.id))
        utter(dispatcher, turn, reply)
        return remember(turn, reply)


class ActionUnsure(Action):
    """Says that it did not understand; the second time in a row it offers a person."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_unsure"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """A fallback reply with ways on."""
        turn = turn_of(tracker)
        if sad_not_in_danger(turn):
            reply = say(turn, GENTLE_CHECK)
            utter(dispatcher, turn, reply)
            return remember(turn, reply)
        again = turn.unsure_in_a_row + 1 >= OFFER_PERSON_AFTER
        reply = say(turn, "unclear_again" if again else "unclear")
        utter(dispatcher, turn, reply)
        return remember(turn, reply, offer="talk_to_person" if again else None, unsure=True)


class ActionClarify(Action):
    """Asks which of two close topics is meant."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """The titles of both as buttons; without two known topics, the fallback."""
        turn = turn_of(tracker)
        entries = [turn.knowledge.by_intent(i) for i in turn.gate.get("candidates") or ()]
        if turn.things:
            # Something was named: answer with its limits, and with the topic of either candidate, rather than ask back.
            topics = tuple(e.id for e in entries if e is not None and e.kind == "faq")
            reply = answer(turn, topics)
            utter(dispatcher, turn, reply)
            return remember(turn, reply)
        general = turn.knowledge.entry("general_safe")
        shown = list(dict.fromkeys((e or general).id for e in entries))
        if len(shown) < 2:
            reply = say(turn, "unclear")
        else:
            reply = say(turn, "clarify", buttons(turn, (*shown, "talk_to_person")))
        utter(dispatcher, turn, reply)
        return remember(turn, reply, unsure=len(shown) < 2)
