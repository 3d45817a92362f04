"""The default: answers from the knowledge base every turn that no rule and no story describes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Turn, answer, answer_signs, ask_which, remember, say, turn_of, utter
from askfirst.content.failures import failure_reply
from askfirst.content.reply import Reply
from askfirst.content.urgent import urgent_reply

# A bare "yes" or "no" that answers nothing.
_SHORT_ANSWERS = ("affirm", "deny")
# Further questions of one message that are answered with the main one; more would not fit into one reply.
MAX_ALSO = 1
# What follows an urgent reply (askfirst/content/urgent.py).
_AFTER_URGENT = {"called": "urgent_called", "mistake": "urgent_mistake"}


class ActionAnswer(Action):
    """Chooses the entries that the message is about and has the reply built."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """One reply, always."""
        turn = turn_of(tracker)
        kind, _, value = (turn.choice or "").partition(":")
        if kind == "means" and value in turn.knowledge.entries and turn.knowledge.entries[value].is_thing:
            turn = replace(turn, things=(value,), choice=None, intent="")  # said in answer to "which do you mean": it counts from now on
        reply = (None if turn.choice else ask_which(turn, _asked_topics(turn))) or reply_to(turn)
        utter(dispatcher, turn, reply)
        # What is still open is not remembered as something that the person has.
        still_open = {button.choice.removeprefix("means:") for button in reply.buttons if button.choice.startswith("means:")}
        return remember(replace(turn, things=tuple(i for i in turn.things if i not in still_open)), reply)


def _asked_topics(turn: Turn) -> tuple[str, ...]:
    """Ids of the health topics that the message asks about, beside what it names."""
    entry = turn.knowledge.by_intent(turn.intent)
    return (entry.id,) if entry is not None and entry.is_health and entry.id != "general_safe" else ()


def reply_to(turn: Turn) -> Reply:
    """The reply to a turn whose topic was understood, by a choice, by its intent or by the things it names."""
    if turn.choice:
        return _to_choice(turn, turn.choice)
    if turn.intent in _SHORT_ANSWERS and not turn.things:
        return say(turn, "nothing_offered")
    entry = turn.knowledge.by_intent(turn.intent)
    also = also_asked(turn)
    asks_signs = (turn.lowered or {}).get("by") == "hypothetical" and not (turn.things or turn.remembered or also)
    if asks_signs and (entry is None or entry.id == "general_safe"):
        return answer_signs(turn)
    if entry is not None and not entry.is_health and entry.kind != "boundary" and not turn.things:
        return say(turn, entry.id)
    if entry is not None and (entry.is_health or entry.reminder):
        return answer(turn, (entry.id, *also))
    if turn.things or also:
        return answer(turn, also)
    # "Can I have one?", "when?", "how firm?" with nothing named in this message: what was named before, else in general.
    return answer(turn, ("general_safe",))


def also_asked(turn: Turn) -> tuple[str, ...]:
    """Ids of the entries that further clauses of the message ask about ("and does it help me sleep?")."""
    entries = [turn.knowledge.by_intent(i) for i in turn.gate.get("also") or ()]
    return tuple(e.id for e in entries if e is not None and e.is_health)[:MAX_ALSO]


def _to_choice(turn: Turn, choice: str) -> Reply:
    kind, _, value = choice.partition(":")
    if kind == "topic" and value in turn.knowledge.entries:
        entry = turn.knowledge.entries[value]
        if entry.is_thing:
            # A topic that was only looked at is not something the person has: `things` of the message stay as they are.
            return answer(turn, (), (value,))
        if entry.is_health or entry.reminder:
            return answer(turn, (value,), ())
        return say(turn, value)
    if kind == "means":
        meant = turn.knowledge.entries.get(value)
        return say(turn, value) if meant is not None and not meant.is_health else answer(turn, ("general_safe",), ())
    if kind == "urgent" and value in _AFTER_URGENT:
        return say(turn, _AFTER_URGENT[value])
    if kind == "urgent":
        red_flag = value.removeprefix("number_") or ""
        return urgent_reply(turn.content.red_flags, red_flag, turn.clinic, content_version=turn.content.version)
    return failure_reply("old_choice", turn.clinic, turn.content.version)


class SayEntry(Action):
    """`say_<entry id>`: lets a story answer with one entry. What is named or remembered still counts (G3)."""

    def __init__(self, entry_id: str) -> None:
        """Args: the entry that is said."""
        self._entry_id = entry_id

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"say_{self._entry_id}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """One reply about the entry."""
        turn = turn_of(tracker)
        entry = turn.knowledge.entry(self._entry_id)
        if entry.is_thing:
            reply = answer(turn, (), tuple(dict.fromkeys((*turn.things, entry.id))))
        elif entry.is_health or entry.reminder:
            reply = answer(turn, (entry.id,))
        else:
            reply = say(turn, entry.id)
        utter(dispatcher, turn, reply)
        return remember(turn, reply)
