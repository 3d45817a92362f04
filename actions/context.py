"""What an action needs to know of the conversation, and what it leaves behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from askfirst.content.clinic import Clinic
from askfirst.content.compose import Question, buttons_to, compose, signs_reply, talk
from askfirst.content.knowledge import THING_KINDS, Knowledge
from askfirst.content.reply import Button, Reply
from askfirst.content.urgent import asked_about, safety_net
from askfirst.nlu.open_words import NONE
from askfirst.runtime import Content, current_content, live_clinic
from askfirst.safety.languages import sentence

# Red flags whose safety net is more than the emergency number: where to turn with dark thoughts, or when harmed.
OWN_NET = ("R15", "A35")
# Answers of this many things are remembered; the oldest are forgotten first.
MAX_REMEMBERED = 30


@dataclass(frozen=True)
class Turn:
    """One turn as the actions see it: content, clinic, and what the message and the slots hold."""

    content: Content
    clinic: Clinic
    intent: str
    things: tuple[str, ...]
    denied: tuple[str, ...]
    remembered: tuple[str, ...]
    last_reminder: str | None
    choice: str | None
    gate: dict[str, Any]
    red_flag: str | None
    lowered: dict[str, str] | None
    language: str | None
    text: str
    unsure_in_a_row: int
    said: dict[str, int]

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge base of this turn's release."""
        return self.content.knowledge


def turn_of(tracker: Tracker) -> Turn:
    """Read the turn from a tracker. Ids that the knowledge base does not hold (an older conversation) are left out."""
    content = current_content()
    known = content.knowledge.entries
    message = tracker.latest_message or {}
    entities = message.get("entities") or []
    things = [e["value"] for e in entities if e.get("entity") in THING_KINDS and e.get("value") in known]
    choice = next((e.get("value") for e in entities if e.get("entity") == "choice"), None)
    denied = tuple(i for i in message.get("denied_things") or () if i in known)
    remembered = tuple(i for i in tracker.get_slot("remembered") or () if i in known and i not in denied)
    # Told more precisely now ("it is AF"), or in general what is known precisely already.
    told = content.knowledge.precise(tuple(dict.fromkeys([*remembered, *things])))
    remembered = tuple(i for i in remembered if i in told)
    things = [i for i in things if i in told]
    return Turn(
        content=content,
        clinic=live_clinic(),
        intent=(message.get("intent") or {}).get("name") or "",
        things=content.knowledge.precise(tuple(dict.fromkeys(things))),
        denied=denied,
        remembered=remembered,
        last_reminder=tracker.get_slot("last_reminder"),
        choice=choice,
        gate=message.get("gate") or {},
        red_flag=(message.get("screen") or {}).get("red_flag"),
        lowered=message.get("lowered") or None,
        language=message.get("language"),
        text=str(message.get("text") or ""),
        unsure_in_a_row=int(tracker.get_slot("unsure_in_a_row") or 0),
        said=Counter(topic for e in tracker.events if e.get("event") == "bot" for topic in _topics(e)),
    )


def _topics(event: dict[str, Any]) -> list[str]:
    """Ids of the entries that an earlier reply said."""
    return list(((event.get("data") or {}).get("custom") or {}).get("topics") or ())


def answer(turn: Turn, topics: tuple[str, ...], things: tuple[str, ...] | None = None) -> Reply:
    """Have the reply builder answer these topics, with what was named and what is remembered."""
    named = turn.things if things is None else things
    question = Question(topics=topics, things=named, remembered=turn.remembered, last_reminder=turn.last_reminder)
    return compose(question, turn.knowledge, turn.clinic, turn.content.red_flags)


def ask_which(turn: Turn, topics: tuple[str, ...]) -> Reply | None:
    """Where a word of the message has two readings: the question which is meant, over the limits of all of them. None where all is clear.

    The question stands above the 90 words of a combined answer: no limit gives way for it.
    """
    named = {i for i in (*turn.things, *turn.remembered) if turn.knowledge.entries[i].is_state}
    word = turn.content.open_words.find(turn.text, set(turn.remembered))
    if word is None or len(named & set(word.readings)) == len([r for r in word.readings if r != NONE]) > 1:
        return None
    readings = tuple(i for i in word.readings if i in turn.knowledge.entries and turn.knowledge.entries[i].is_thing)
    if not readings:
        return None
    reply = answer(turn, topics, tuple(dict.fromkeys((*readings, *turn.things))))
    if reply.kind == "urgent":
        return None
    offered = [Button(turn.clinic.spell(turn.knowledge.entries[i].title), f"means:{i}") for i in word.readings if i in turn.knowledge.entries]
    offered += [Button("Something else", f"means:{NONE}")] if NONE in word.readings else []
    return replace(reply, text=f"{turn.clinic.fill(word.ask)}\n{reply.text}", buttons=tuple(offered))


def buttons(turn: Turn, entry_ids: tuple[str, ...]) -> tuple[Button, ...]:
    """Buttons that lead to entries."""
    return buttons_to(entry_ids, turn.knowledge, turn.clinic)


def say(turn: Turn, entry_id: str, buttons: tuple[Button, ...] = ()) -> Reply:
    """A reply that is no health information, in the next of its wordings each time. Errors: KeyError."""
    return talk(turn.knowledge.entry(entry_id), turn.knowledge, turn.clinic, turn.said.get(entry_id, 0), buttons)


def answer_signs(turn: Turn) -> Reply:
    """The reply to a message that asks about an urgent sign and about nothing else."""
    asked = turn.lowered or {}
    return signs_reply(
        asked["red_flag"], turn.knowledge, turn.clinic, turn.content.red_flags, turn.last_reminder, asked.get("variant") or None
    )


def in_their_language(turn: Turn, reply: Reply) -> Reply:
    """The reply with the fixed sentence in the person's language under it, where one may be shown (evidence base 5.11)."""
    said = sentence(turn.content.languages.get(turn.language or ""), turn.clinic.mode)
    return replace(reply, text=f"{reply.text}\n{turn.clinic.fill(said)}") if said else reply


def utter(dispatcher: CollectingDispatcher, turn: Turn, reply: Reply) -> None:
    """Send a reply: as JSON, so that each channel renders it in its own way.

    An urgent sign that was only asked about comes first, in "if" form; one that was denied or is over leaves one line with the
    number (evidence base 3.6, rules 2 and 3). Neither counts towards the 90 words: nothing else may give way for them.
    """
    dispatcher.utter_message(json_message=with_signs(turn, reply).as_dict())


def with_signs(turn: Turn, reply: Reply) -> Reply:
    """The reply with what is owed to an urgent sign that was mentioned and is not there now."""
    mentioned = turn.lowered
    if reply.kind == "urgent" or not mentioned:
        return reply
    flag, by = mentioned["red_flag"], mentioned["by"]
    said = {"red_flag": flag, "by": by}
    if by in ("hypothetical", "calm"):
        text, links = asked_about(turn.content.red_flags, flag, turn.clinic, mentioned.get("variant") or None)
        if text in reply.text:
            return replace(reply, lowered=said)
        return replace(reply, text=f"{text}\n{reply.text}", phone_links=(*links, *reply.phone_links), lowered=said)
    net = safety_net(turn.content.red_flags, flag, turn.clinic)
    if flag not in OWN_NET and turn.clinic.slot("emergency_number") in reply.text:
        return replace(reply, lowered=said)
    return replace(reply, text=f"{reply.text}\n{net}", lowered=said)


def remember(turn: Turn, reply: Reply, *, offer: str | None = None, unsure: bool = False) -> list[dict[str, Any]]:
    """The events after a reply: what was named, which reminder was said, what is offered; then listen.

    `FollowupAction("action_listen")` is needed because a default action is otherwise predicted again, up to ten times.
    """
    states = [i for i in turn.things if turn.knowledge.entries[i].is_state]
    remembered = [i for i in dict.fromkeys([*turn.remembered, *states])][-MAX_REMEMBERED:]
    events: list[dict[str, Any]] = [
        SlotSet("remembered", remembered or None),
        SlotSet("pending_offer", offer),
        SlotSet("unsure_in_a_row", float(turn.unsure_in_a_row + 1) if unsure else 0.0),
    ]
    if reply.reminder_id:
        events.append(SlotSet("last_reminder", reply.reminder_id))
    return [*events, FollowupAction("action_listen")]
