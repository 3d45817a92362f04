"""The places where Rasa is extended. Each test fails when a later Rasa changes a method that we override or rely on."""

from __future__ import annotations

import hashlib
import inspect

import pytest
import rasa
from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore

from askfirst.agent import AskFirstAgent
from askfirst.processor import AskFirstProcessor
from askfirst.store import AskFirstTrackerStore

# SHA-256 (first 12) of the source of each Rasa method that ours replaces or wraps, in Rasa 3.6.21.
KNOWN: dict[tuple[type, str], str] = {}


def digest(cls: type, name: str) -> str:
    return hashlib.sha256(inspect.getsource(getattr(cls, name)).encode()).hexdigest()[:12]


OVERRIDDEN = [
    (Agent, AskFirstAgent, "handle_message", "@handle_message@"),
    (Agent, AskFirstAgent, "load_model", "@load_model@"),
    (Agent, AskFirstAgent, "_create_tracker_store", "@_create_tracker_store@"),
    (MessageProcessor, AskFirstProcessor, "_get_action", "@_get_action@"),
    (MessageProcessor, AskFirstProcessor, "predict_next_with_tracker_if_should", "@predict_next_with_tracker_if_should@"),
    (MessageProcessor, AskFirstProcessor, "parse_message", "@parse_message@"),
    (TrackerStore, AskFirstTrackerStore, "retrieve", "@retrieve@"),
    (TrackerStore, AskFirstTrackerStore, "save", "@save@"),
]
RELIED_ON = [
    (MessageProcessor, "_run_action", "@_run_action@"),
    (MessageProcessor, "_handle_message_with_tracker", "@_handle_message_with_tracker@"),
    (MessageProcessor, "handle_message", "@p_handle_message@"),
    (MessageProcessor, "_parse_message_with_graph", "@_parse_message_with_graph@"),
    (MessageProcessor, "_send_bot_messages", "@_send_bot_messages@"),
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
