"""The places where Rasa is extended. Each test fails when a later Rasa changes a method that we override or rely on."""

from __future__ import annotations

import asyncio
import hashlib
import inspect

import pytest
import rasa
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore

from askfirst.agent import AskFirstAgent, _Counting
from askfirst.content.reply import Reply
from askfirst.processor import AskFirstProcessor
from askfirst.store import AskFirstTrackerStore


def digest(cls: type, name: str) -> str:
    return hashlib.sha256(inspect.getsource(getattr(cls, name)).encode()).hexdigest()[:12]


# SHA-256 (first 12) of the source of each method in Rasa 3.6.21 that ours replaces or wraps, and of those we rely on.
OVERRIDDEN = [
    (Agent, AskFirstAgent, "handle_message", "ba53507e4d55"),
    (Agent, AskFirstAgent, "load_model", "f4c1ab4c5c7a"),
    (Agent, AskFirstAgent, "_create_tracker_store", "97499b594b45"),
    (MessageProcessor, AskFirstProcessor, "_get_action", "7fbb1ce3c43f"),
    (MessageProcessor, AskFirstProcessor, "predict_next_with_tracker_if_should", "7ef2b933ac1e"),
    (MessageProcessor, AskFirstProcessor, "parse_message", "b98d8e49b9f2"),
    (TrackerStore, AskFirstTrackerStore, "retrieve", "c6d889cbb8bf"),
    (TrackerStore, AskFirstTrackerStore, "save", "0f2f32daf4ee"),
]
RELIED_ON = [
    (MessageProcessor, "_run_action", "6d383d0179ef"),
    (MessageProcessor, "_handle_message_with_tracker", "f42e1ae30393"),
    (MessageProcessor, "handle_message", "0c41d4780d2d"),
    (MessageProcessor, "_parse_message_with_graph", "0bd50a53b5c0"),
    (MessageProcessor, "_send_bot_messages", "154f44b4e1d3"),
]


def test_rasa_is_the_release_that_was_read() -> None:
    assert rasa.__version__ == "3.6.21"


@pytest.mark.parametrize(("base", "ours", "name", "known"), OVERRIDDEN, ids=lambda v: getattr(v, "__name__", str(v)))
def test_an_overridden_method_is_as_it_was_and_really_overridden(base: type, ours: type, name: str, known: str) -> None:
    assert digest(base, name) == known, f"Rasa changed {base.__name__}.{name}: read it again and adapt ours"
    assert getattr(ours, name) is not getattr(base, name)
    theirs, own = inspect.signature(getattr(base, name)), inspect.signature(getattr(ours, name))
    assert list(theirs.parameters) == list(own.parameters)


@pytest.mark.parametrize(("base", "name", "known"), RELIED_ON, ids=lambda v: getattr(v, "__name__", str(v)))
def test_a_method_that_we_rely_on_is_as_it_was(base: type, name: str, known: str) -> None:
    assert digest(base, name) == known, f"Rasa changed {base.__name__}.{name}: read it again"


def test_a_later_reply_of_the_turn_does_not_hide_that_it_was_urgent() -> None:
    channel = _Counting(CollectingOutputChannel())

    async def turn() -> None:
        await channel.send_reply("x", Reply(kind="urgent", text="Call now.", verdict="URGENT", red_flag="R21", tier=2))
        await channel.send_reply("x", Reply(kind="smalltalk", text="Hello."))

    asyncio.run(turn())
    assert (channel.red_flag, channel.kinds) == ("R21", ["urgent", "smalltalk"]), "safety mode would not start"
