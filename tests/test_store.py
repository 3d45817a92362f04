"""The conversation store's contract, on SQLite files and a PostgreSQL server of our own, with Rasa's real trackers."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import sqlite3
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from askfirst import notf

notf.install()

import numpy as np  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from rasa.core.tracker_store import check_if_tracker_store_async, create_tracker_store  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AgentUttered,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    EntitiesAdded,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    StoryExported,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.utils.endpoints import read_endpoint_config  # noqa: E402

from askfirst import store as store_module  # noqa: E402
from askfirst.store import AskFirstTrackerStore, StoreUnavailable  # noqa: E402
from tests.servers import PASSWORD, free_port, postgres_url, running_postgres  # noqa: E402, F401

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [ask_safety]
    entities: [condition]
    slots:
      named: {type: any, mappings: [{type: custom}]}
      turn: {type: any, mappings: [{type: custom}]}
      pending_offer: {type: any, initial_value: none, mappings: [{type: custom}]}
    actions: [action_answer]
    forms:
      feedback_form: {required_slots: [named]}
    """
)
TEXT = "hi i'm margaret hill, 07700 900123, m.hill@example.com, platelets forty five, can i have a massage"
PLANTED = ["margaret", "hill", "07700", "900123", "example.com", "forty five", "tall willow"]


def begin() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def said(text: str = "can i have a massage", **more: Any) -> UserUttered:
    return UserUttered(text, {"name": "ask_safety", "confidence": 0.9}, **more)


def turn(*events: Event, text: str = "can i have a massage", reply: str = "Ask your team first.") -> list[Event]:
    answer = [ActionExecuted("action_answer"), *events, BotUttered(None, {"custom": {"text": reply}})]
    return [said(text), *answer, FollowupAction("action_listen"), ActionExecuted("action_listen")]


BEGIN, TURN = len(begin()), len(turn())


def add(tracker: DialogueStateTracker, *events: Event) -> DialogueStateTracker:
    for event in events:
        tracker.update(event)
    return tracker


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/conversations.db"
    import psycopg2

    address = request.getfixturevalue("postgres_url")
    connection = psycopg2.connect(address)
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS askfirst_events, askfirst_conversations")
    connection.close()
    return address


@pytest.fixture
def stores() -> Iterator[Callable[..., AskFirstTrackerStore]]:
    opened: list[AskFirstTrackerStore] = []

    def make(url: str, **more: Any) -> AskFirstTrackerStore:
        opened.append(AskFirstTrackerStore(DOMAIN, url, **more))
        return opened[-1]

    yield make
    for one in opened:
        asyncio.run(one.close())


@pytest.fixture
def store(url: str, stores: Callable[..., AskFirstTrackerStore]) -> AskFirstTrackerStore:
    return stores(url)


def run(work: Awaitable[Any]) -> Any:
    async def main() -> Any:
        return await work

    return asyncio.run(main())


def on_disk(url: str) -> str:
    """Everything that the database's files (SQLite) or rows (PostgreSQL) hold."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        files = [p for p in path.parent.iterdir() if p.name.startswith(path.name)]
        return b"".join(p.read_bytes() for p in files).decode("latin-1")
    import psycopg2

    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        rows: list[Any] = []
        for table in ("askfirst_events", "askfirst_conversations"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    connection.close()
    return repr(rows)


async def talk(store: AskFirstTrackerStore, sender: str, *turns: list[Event]) -> DialogueStateTracker:
    """What Rasa's processor does: fetch, add a turn's events, save; for each turn."""
    tracker = None
    for events in turns:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        add(tracker, *([] if tracker.events else begin()), *events)
        await store.save(tracker)
    assert tracker is not None
    return tracker


# How Rasa makes it


def test_rasa_makes_it_from_endpoints_yml(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.yml"
    file.write_text(
        "tracker_store:\n  type: askfirst.store.AskFirstTrackerStore\n"
        f"  url: sqlite:///{tmp_path}/a.db\n  max_events: 12\n  retention_hours: 2\n"
    )
    store = create_tracker_store(read_endpoint_config(str(file), "tracker_store"), DOMAIN)
    assert type(store) is AskFirstTrackerStore  # neither in memory nor wrapped
    assert (store.max_events, store.retention_hours) == (12, 2.0)
    assert check_if_tracker_store_async(store)
    assert not (tmp_path / "a.db").exists()  # connects at the first call
    run(talk(store, "u", turn()))
    assert (tmp_path / "a.db").stat().st_mode & 0o077 == 0  # for this user only
    run(store.close())


def test_without_a_url_the_settings_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from askfirst import settings as settings_module

    monkeypatch.setenv("ASKFIRST_STORE_URL", f"sqlite:///{tmp_path}/b.db")
    monkeypatch.setenv("ASKFIRST_RETENTION_HOURS", "3")
    settings_module.settings.cache_clear()
    try:
        store = AskFirstTrackerStore(DOMAIN)
        run(store.ping())
        assert (tmp_path / "b.db").exists() and store.retention_hours == 3
        run(store.close())
    finally:
        settings_module.settings.cache_clear()


@pytest.mark.parametrize(
    "arguments",
    [
        {"url": f"mysql://u:{PASSWORD}@h/d"},
        {"url": f"postgresql://u:{PASSWORD}@h:port/d"},
        {"url": f"postgresql://u:{PASSWORD}@h"},
        {"url": "sqlite://"},
        {"url": "sqlite:///:memory:"},
        {"url": f"nonsense {PASSWORD}"},
        {"url": "sqlite:///x.db", "max_event": 5},
        {"url": "sqlite:///x.db", "max_events": 0},
        {"url": "sqlite:///x.db", "retention_hours": 0},
    ],
)
def test_a_setting_that_cannot_be_used_is_a_plain_error(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as caught:
        AskFirstTrackerStore(DOMAIN, **arguments)
    assert PASSWORD not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb)[-1:])
    assert PASSWORD not in repr(caught.value.__cause__) + repr(caught.value.__context__)


def test_a_missing_driver_is_no_import_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg2", None)
    with pytest.raises(ValueError, match="psycopg2"):  # Rasa answers an ImportError with a store in memory
        AskFirstTrackerStore(DOMAIN, "postgresql://u:p@h/d")


# Masking


def test_what_is_written_is_masked_and_the_running_tracker_is_not(store: AskFirstTrackerStore, url: str) -> None:
    entities = [
        {"entity": "condition", "value": "low_platelets", "start": 3, "end": 9, "negated": True, "text": "tall willow",
         "confidence_entity": np.float32(0.5), "extractor": "Things", "spoken": "Tall Willow", "id": "low_platelets"},
        {"entity": "person", "value": "Margaret Hill"},
        {"entity": "phone", "value": "07700900123"},
        {"entity": "number", "value": 45},
    ]  # fmt: skip
    parse_data = {
        "text": TEXT, "intent": {"name": "ask_safety", "confidence": np.float32(0.75), "id": "tall willow"},
        "entities": entities, "text_tokens": [(0, 8)], "intent_ranking": [{"name": TEXT}],
        "gate": {"outcome": "sure", "candidates": ["ask_safety"], "probability": 0.8, "why": TEXT, "value": 45.5},
        "screen": {"red_flag": "R21", "tier": 1, "matched": TEXT, "tall willow": "x"},
        "response_selector": {"default": {"response": {"text": TEXT}}},
    }  # fmt: skip
    metadata = {
        "channel": "website", "choice": "c_1", "client_msg_id": "9f-1", "ip": "tall willow", "from": TEXT,
        "raw": {"a": TEXT},
    }  # fmt: skip
    message = UserUttered(TEXT, parse_data["intent"], entities, parse_data, 1e9, "website", "mid-1", metadata)
    tracker = store.init_tracker("sender-1")
    metadata_slot = SlotSet("session_started_metadata", {"channel": "website", "ip": TEXT})
    add(tracker, *begin(), metadata_slot, message)
    add(tracker, EntitiesAdded([{"entity": "person", "value": "margaret hill", "text": TEXT}], metadata={"x": TEXT}))
    add(tracker, BotUttered(None, {"custom": {"text": "Ask 3 people"}}, {"utter_action": "utter_x", "model_id": TEXT}))
    add(tracker, AgentUttered(TEXT, {"note": TEXT}), SlotSet("named", ["low_platelets"]))
    tracker.events.append(StoryExported(TEXT))  # not applied: it writes that file
    run(store.save(tracker))
    run(store.save(add(tracker, *turn())))  # writes down what was remembered until then

    raw = on_disk(url).lower()
    assert [word for word in PLANTED if word in raw] == []
    assert "low_platelets" in raw and "ask_safety" in raw and "ask 3 people" in raw

    assert message.text == TEXT and message.parse_data["text"] == TEXT
    assert message.entities[1]["value"] == "Margaret Hill" and message.metadata["from"] == TEXT
    assert message.parse_data["text_tokens"] == [(0, 8)]

    stored = run(store.export("sender-1"))
    [user, _] = [event for event in stored if event["event"] == "user"]
    assert user["text"] == "hi i'm […], platelets […], can i have a massage"
    assert set(user["parse_data"]) == {"intent", "entities", "gate", "screen"}
    assert user["parse_data"]["intent"] == {"name": "ask_safety", "confidence": 0.75}
    assert user["parse_data"]["entities"][0] == {
        "entity": "condition", "value": "low_platelets", "start": 3, "end": 9, "negated": True,
        "confidence_entity": 0.5, "extractor": "Things", "id": "low_platelets",
    }  # fmt: skip
    assert [e["value"] for e in user["parse_data"]["entities"][1:]] == ["[…]"] * 4
    assert user["parse_data"]["gate"]["outcome"] == "sure" and user["parse_data"]["gate"]["value"] is None
    assert user["parse_data"]["gate"]["candidates"] == ["ask_safety"]
    assert user["parse_data"]["screen"]["red_flag"] == "R21" and user["parse_data"]["screen"]["tier"] == 1
    assert user["metadata"] == {"channel": "website", "choice": "c_1", "client_msg_id": "9f-1"}
    assert (user["message_id"], user["input_channel"], user["timestamp"]) == ("mid-1", "website", 1e9)
    assert stored[BEGIN]["value"] == {"channel": "website"}
    [bot, _] = [event for event in stored if event["event"] == "bot"]
    assert bot["data"] == {"custom": {"text": "Ask 3 people"}} and bot["metadata"] == {"utter_action": "utter_x"}

    loaded = run(store.retrieve("sender-1"))
    [message_again, _] = [event for event in loaded.events if isinstance(event, UserUttered)]
    assert message_again.text == user["text"] and message_again.intent["name"] == "ask_safety"
    assert loaded.get_slot("named") == ["low_platelets"]


def test_known_words_reach_the_mask(url: str, stores: Callable[..., AskFirstTrackerStore]) -> None:
    store = stores(url, known_words=["zorpimab"])
    run(talk(store, "u", turn(text="I take Zorpimab and Blixomab")))
    assert run(store.transcript("u"))[0]["text"] == "I take Zorpimab and […]"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@example(0, "", [{"start": float("inf"), "end": 10**400, "x": 10**400, "entity": 1}, {"start": float("nan")}])
@given(JSON, st.text(), st.lists(st.dictionaries(st.sampled_from(["entity", "value", "start", "role", "x"]), JSON)))
def test_any_parse_data_can_be_written(anything: Any, text: str, entities: list[Any]) -> None:
    data = {"intent": {"name": text, "confidence": anything}, "gate": anything, "screen": {"m": anything}}
    event = UserUttered(text, None, entities, {**data, "entities": entities}, metadata={"choice": anything})
    written = store_module._dumps(store_module._stored(event, frozenset()))
    assert "@" not in json.dumps(json.loads(written)["parse_data"])


# Saving and reading


def test_what_is_read_back_is_what_was_said(store: AskFirstTrackerStore) -> None:
    kept = run(talk(store, "u", turn(SlotSet("named", ["picc"])), turn(SlotSet("pending_offer", "print"))))
    loaded = run(store.retrieve("u"))
    assert isinstance(loaded.events[0], SessionStarted) and list(loaded.events) == list(kept.events)
    assert loaded.current_slot_values() == kept.current_slot_values()
    assert loaded.latest_action_name == "action_listen" and loaded.latest_bot_utterance == kept.latest_bot_utterance
    assert run(store.retrieve("nobody")) is None and run(store.retrieve_full_tracker("nobody")) is None
    assert run(store.exists("u")) and not run(store.exists("nobody"))
    assert run(store.keys()) == ["u"]


def test_only_what_is_new_is_written(store: AskFirstTrackerStore) -> None:
    tracker = run(talk(store, "u", turn()))
    count = len(tracker.events)
    run(store.save(tracker))
    assert len(run(store.export("u"))) == count
    run(store.save(add(tracker, *turn())))  # the same object goes on
    assert len(run(store.export("u"))) == count + TURN
    run(store.save(add(run(store.retrieve("u")), *turn())))
    run(store.save(add(run(store.retrieve_full_tracker("u")), *turn())))
    assert len(run(store.export("u"))) == count + 3 * TURN
    fresh = add(store.init_tracker("u"), *turn())  # never loaded: all of it is new
    run(store.save(fresh))
    assert len(run(store.export("u"))) == count + 4 * TURN
    run(store.save(store.init_tracker("empty")))
    assert not run(store.exists("empty"))


def test_the_same_event_object_twice_is_written_twice(store: AskFirstTrackerStore) -> None:
    constant = FollowupAction("action_listen")  # an action in this process may return the same object each time
    tracker = run(talk(store, "u", [said(), constant]))
    run(store.save(add(tracker, said(), constant)))
    assert [e["event"] for e in run(store.export("u"))].count("followup") == 2


def test_a_failed_save_can_be_repeated(store: AskFirstTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = add(store.init_tracker("u"), *begin(), *turn())
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "_find", lambda *args: 1 / 0)  # after the conversation's row, before the events
        with pytest.raises(StoreUnavailable):
            run(store.save(tracker))
    assert not run(store.exists("u"))  # nothing of a failed write stays
    run(store.save(tracker))
    assert len(run(store.export("u"))) == BEGIN + TURN


def test_two_processes_append_to_one_conversation(url: str, stores: Callable[..., AskFirstTrackerStore]) -> None:
    first, second = stores(url), stores(url)
    run(talk(first, "u", turn()))
    run(talk(second, "u", turn(SlotSet("named", ["picc"]))))
    assert run(first.retrieve("u")).get_slot("named") == ["picc"]


def test_processes_that_start_together_make_the_tables_once(
    url: str, stores: Callable[..., AskFirstTrackerStore]
) -> None:
    async def main() -> None:
        await asyncio.gather(*(talk(store, f"u{i}", turn()) for i, store in enumerate(many)))

    many = [stores(url) for _ in range(6)]
    run(main())
    assert len(run(many[0].keys())) == 6


def test_ids_and_texts_of_any_characters(store: AskFirstTrackerStore) -> None:
    for sender in ("", "ü '; DROP TABLE askfirst_events; --", "a" * 5000):
        run(talk(store, sender, turn(text="half \ud83d a \x00 smile", reply="\x00\ud83d")))
        assert len(run(store.transcript(sender))) == 2


# The cap


def test_a_long_conversation_is_read_from_a_turns_start_with_all_slots(
    url: str, stores: Callable[..., AskFirstTrackerStore]
) -> None:
    store = stores(url, max_events=20)
    first = turn(SlotSet("named", ["low_platelets"]), SlotSet("pending_offer", "print"))
    turns = [first, *(turn(SlotSet("turn", i)) for i in range(50))]
    kept_in_all = [*begin(), *(event for events in turns for event in events)]
    kept = run(talk(store, "u", *turns))
    loaded = run(store.retrieve("u"))
    events = list(loaded.events)
    stored = [e for e in events if e.timestamp > events[0].timestamp or isinstance(e, UserUttered)]
    assert isinstance(stored[0], UserUttered)
    assert len(stored) == 3 * (TURN + 1) and sum(isinstance(e, UserUttered) for e in events) == 3
    assert loaded.current_slot_values() == kept.current_slot_values()
    # Rasa gives actions a copy that is built from the events alone, and policies the states along them.
    assert loaded.copy().current_slot_values() == kept.current_slot_values()
    first_message = next(i for i, e in enumerate(events) if isinstance(e, UserUttered))
    then = add(store.init_tracker("u"), *events[:first_message])
    assert (then.get_slot("turn"), then.get_slot("named")) == (46, ["low_platelets"])  # of then, not of now
    assert then.latest_action_name == "action_listen"
    # All of it is still there, and a save adds its own events only.
    assert len(run(store.export("u"))) == len(kept_in_all)
    run(store.save(add(loaded, *turn())))
    assert len(run(store.export("u"))) == len(kept_in_all) + TURN
    full = run(store.retrieve_full_tracker("u"))
    assert [e.type_name for e in full.events] == [e.type_name for e in [*kept_in_all, *turn()]]


def test_a_form_and_a_pause_outlive_the_cap(url: str, stores: Callable[..., AskFirstTrackerStore]) -> None:
    store = stores(url, max_events=12)
    form = [said(), ActionExecuted("feedback_form"), ActiveLoop("feedback_form"), SlotSet("named", "x")]
    form += [ActionExecuted("action_listen"), said(), ActionExecutionRejected("feedback_form"), ConversationPaused()]
    run(talk(store, "u", form, *(turn() for _ in range(5))))
    loaded = run(store.retrieve("u"))
    assert (loaded.active_loop_name, loaded.is_paused(), loaded.get_slot("named")) == ("feedback_form", True, "x")
    assert loaded.is_active_loop_rejected
    assert (loaded.copy().active_loop_name, loaded.copy().is_paused()) == ("feedback_form", True)
    run(talk(store, "u", turn(ActiveLoop(None), SlotSet("named", None)), *(turn() for _ in range(5))))
    assert run(store.retrieve("u")).active_loop is None and run(store.retrieve("u")).get_slot("named") is None


def test_a_turn_longer_than_the_cap_is_read_whole(url: str, stores: Callable[..., AskFirstTrackerStore]) -> None:
    store = stores(url, max_events=5)
    run(talk(store, "u", turn(SlotSet("named", 1)), turn(*(SlotSet("turn", i) for i in range(30)))))
    loaded = run(store.retrieve("u"))
    assert [e.value for e in loaded.events if isinstance(e, SlotSet) and e.key == "turn"] == list(range(30))
    assert loaded.get_slot("named") == 1 and loaded.latest_message.text == "can i have a massage"


def test_many_turns_saved_at_once_can_be_cut_anywhere(url: str, stores: Callable[..., AskFirstTrackerStore]) -> None:
    store = stores(url, max_events=10)
    tracker = add(store.init_tracker("u"), *begin(), *turn(SlotSet("named", "old")))
    for i in range(30):
        add(tracker, *turn(SlotSet("turn", i)))
    add(tracker, *turn(AllSlotsReset(), SlotSet("turn", "new")))
    run(store.save(tracker))
    loaded = run(store.retrieve("u"))
    assert loaded.current_slot_values() == tracker.current_slot_values()
    assert (loaded.get_slot("turn"), loaded.get_slot("named")) == ("new", None)
    events = list(loaded.events)
    first_message = next(i for i, e in enumerate(events) if isinstance(e, UserUttered))
    assert add(store.init_tracker("u"), *events[:first_message]).get_slot("named") == "old"


def test_the_cost_does_not_grow_with_the_conversation(
    store: AskFirstTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: statements, events read, and the steps that SQLite's machine takes for them."""
    count = {"statements": 0, "events": 0, "steps": 0}

    def add_one(what: str) -> None:
        count[what] += 1

    read = store_module._event
    monkeypatch.setattr(store_module, "_event", lambda data: add_one("events") or read(data))
    engine = store._database._engine
    sa.event.listen(engine, "before_cursor_execute", lambda *args: add_one("statements"))
    if engine.name == "sqlite":
        handler = lambda connection, record: connection.set_progress_handler(lambda: add_one("steps"), 10)  # noqa: E731
        sa.event.listen(engine, "connect", handler)

    async def main() -> list[dict[str, int]]:
        costs = []
        others = add(store.init_tracker("others"), *(event for _ in range(500) for event in turn()))
        for i in range(300):
            if i == 299:
                await store.save(others)
            before = dict(count)
            tracker = await talk(store, "u", turn(SlotSet("turn", i)))
            costs.append({what: count[what] - before[what] for what in count})
            assert len(tracker.events) <= 80 + TURN + 6
        return costs

    costs = run(main())
    early, late = costs[30], costs[-1]
    assert late["events"] == early["events"] == 80 and late["statements"] == early["statements"] <= 6
    assert late["steps"] <= 1.5 * early["steps"] + 10


def test_only_the_latest_session_counts(store: AskFirstTrackerStore) -> None:
    run(talk(store, "u", turn(SlotSet("named", ["picc"])), turn()))
    run(talk(store, "u", [*begin(), *turn(SlotSet("turn", 2))], turn()))
    loaded = run(store.retrieve("u"))
    assert sum(isinstance(e, SessionStarted) for e in loaded.events) == 1
    assert (loaded.get_slot("named"), loaded.get_slot("turn")) == (None, 2)
    full = run(store.retrieve_full_tracker("u"))
    assert sum(isinstance(e, SessionStarted) for e in full.events) == 2
    # Also where the cut lies in the latest session.
    run(talk(store, "u", *(turn() for _ in range(20))))
    assert run(store.retrieve("u")).get_slot("named") is None and run(store.retrieve("u")).get_slot("turn") == 2


def test_restart_and_rewind(store: AskFirstTrackerStore) -> None:
    run(talk(store, "u", turn(SlotSet("named", ["picc"])), turn(SlotSet("turn", 1)), [said(), UserUtteranceReverted()]))
    loaded = run(store.retrieve("u"))
    assert (loaded.get_slot("named"), loaded.get_slot("turn")) == (["picc"], 1)
    run(talk(store, "u", [said("/restart"), ActionExecuted("action_restart"), Restarted()]))
    loaded = run(store.retrieve("u"))
    assert loaded.get_slot("named") is None and loaded.followup_action == "action_session_start"
    run(talk(store, "u", *(turn() for _ in range(20))))
    assert run(store.retrieve("u")).get_slot("named") is None


class Unheard(AllSlotsReset):
    type_name = "unheard_of"

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "note": TEXT, "name": "kept_id", "numbers": [4512], "set": {"a_b"}}


def test_unknown_events_neither_crash_nor_leak(
    store: AskFirstTrackerStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(talk(store, "u", turn(Unheard(), SlotSet("named", 1))))
    raw = on_disk(url)
    assert "unheard_of" in raw and "kept_id" in raw and [w for w in [*PLANTED, "4512"] if w in raw] == []
    assert any(isinstance(e, Unheard) for e in run(store.retrieve("u")).events)
    # Another release does not know it, and a slot has gone.
    monkeypatch.setattr(store_module, "_classes", {})
    monkeypatch.setattr(store_module, "all_subclasses", lambda kind: [SlotSet, UserUttered, BotUttered])
    loaded = run(store.retrieve("u"))
    assert loaded.get_slot("named") == 1
    store.domain = Domain.empty()
    assert run(store.retrieve("u")).latest_message.text == "can i have a massage"
    before = len(run(store.export("u")))
    run(store.save(add(loaded, *turn())))
    assert len(run(store.export("u"))) == before + TURN


def test_a_broker_gets_what_is_stored_and_no_more(store: AskFirstTrackerStore) -> None:
    class Broker:
        got: list[dict[str, Any]] = []

        def publish(self, event: dict[str, Any]) -> None:
            self.got.append(event)

    store.event_broker = Broker()  # type: ignore[assignment]
    run(talk(store, "u", turn(text=TEXT)))
    assert len(Broker.got) == BEGIN + TURN and Broker.got[3]["text"].startswith("hi i'm […]")
    assert not any(word in repr(Broker.got).lower() for word in PLANTED)


# Failures


def assert_unavailable(work: Awaitable[Any], seconds: float = 5.0) -> None:
    start = time.monotonic()
    with pytest.raises(StoreUnavailable) as caught:
        run(work)
    assert time.monotonic() - start < seconds
    error: BaseException | None = caught.value
    shown = "".join(traceback.format_exception(caught.type, caught.value, caught.tb))
    assert PASSWORD not in shown and PASSWORD not in str(error) and "sender-1" not in str(error)
    assert error is not None and error.__cause__ is None and error.__context__ is None


def every_call(store: AskFirstTrackerStore) -> list[Awaitable[Any]]:
    new = add(store.init_tracker("sender-1"), *begin(), *turn(text=TEXT))
    return [
        store.retrieve("sender-1"), store.retrieve_full_tracker("sender-1"), store.save(new), store.keys(),
        store.exists("sender-1"), store.erase("sender-1"), store.purge(), store.export("sender-1"),
        store.transcript("sender-1"), store.ping(), store.get_or_create_tracker("sender-1"),
    ]  # fmt: skip


def test_sqlite_that_cannot_be_opened_fails_and_works_when_mended(
    tmp_path: Path, stores: Callable[..., AskFirstTrackerStore]
) -> None:
    blocked = tmp_path / "var"
    blocked.write_text("a file where the folder should be")
    store = stores(f"sqlite:///{blocked}/conversations.db")
    for work in every_call(store):
        assert_unavailable(work)
    blocked.unlink()
    run(store.ping())
    run(talk(store, "u", turn()))
    assert run(store.exists("u"))


def test_a_damaged_sqlite_file_fails(tmp_path: Path, stores: Callable[..., AskFirstTrackerStore]) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database" * 1000)
    assert_unavailable(stores(f"sqlite:///{tmp_path}/x.db").retrieve("sender-1"))


@pytest.mark.slow
def test_a_locked_sqlite_file_fails_in_time_and_never_blocks_the_loop(
    tmp_path: Path, stores: Callable[..., AskFirstTrackerStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "WAIT_SECONDS", 0.6)
    store = stores(f"sqlite:///{tmp_path}/x.db")
    tracker = run(talk(store, "sender-1", turn()))

    async def main() -> list[float]:
        gaps, last = [], time.monotonic()
        saves = [asyncio.ensure_future(store.save(add(tracker, *turn()))) for _ in range(20)]
        while not all(save.done() for save in saves):
            await asyncio.sleep(0.005)
            gaps.append(time.monotonic() - last)
            last = time.monotonic()
        assert all(isinstance(save.exception(), StoreUnavailable) for save in saves)
        return gaps

    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert max(run(main())) < 0.25
    finally:
        other.execute("ROLLBACK")
        other.close()
    run(store.save(tracker))


@pytest.mark.slow
def test_a_server_that_never_answers_fails_in_time(stores: Callable[..., AskFirstTrackerStore]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        store = stores(f"postgresql://askfirst:{PASSWORD}@127.0.0.1:{listener.getsockname()[1]}/postgres")
        assert_unavailable(store.retrieve("sender-1"), seconds=3.8)  # by the driver's own limit, so the thread is free


def test_whatever_hangs_is_not_waited_for(store: AskFirstTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "CALL_SECONDS", 0.2)
    monkeypatch.setattr(store_module, "_find", lambda *args: time.sleep(1))
    assert_unavailable(store.retrieve("sender-1"), seconds=0.6)


def test_nobody_listens(stores: Callable[..., AskFirstTrackerStore]) -> None:
    store = stores(f"postgresql://askfirst:{PASSWORD}@127.0.0.1:{free_port()}/postgres")
    for work in every_call(store):
        assert_unavailable(work)


@pytest.mark.slow
def test_postgres_down_at_start_and_later_and_back(stores: Callable[..., AskFirstTrackerStore]) -> None:
    with running_postgres() as server:
        server.stop()
        store = stores(server.url)
        assert_unavailable(store.retrieve("sender-1"))
        server.start()
        tracker = run(talk(store, "sender-1", turn()))
        wrong = stores(server.url.replace(PASSWORD, "wrong"))
        with pytest.raises(StoreUnavailable, match="password was refused"):
            run(wrong.ping())
        server.stop()
        for work in every_call(store):
            assert_unavailable(work)
        assert_unavailable(store.save(add(tracker, *turn())))
        server.start()
        run(store.save(tracker))
        assert len(run(store.export("sender-1"))) == BEGIN + 2 * TURN
        server.stop()
        server.start()  # between two messages: nobody notices
        assert run(store.retrieve("sender-1")) is not None


@pytest.mark.slow
def test_a_postgres_lock_held_by_another_fails_in_time(
    postgres_url: str, stores: Callable[..., AskFirstTrackerStore]  # noqa: F811
) -> None:
    import psycopg2

    store = stores(postgres_url)
    run(store.ping())
    connection = psycopg2.connect(postgres_url)
    try:
        connection.cursor().execute("LOCK TABLE askfirst_events IN ACCESS EXCLUSIVE MODE")
        assert_unavailable(store.save(add(store.init_tracker("sender-1"), *turn())))
    finally:
        connection.close()
    assert not run(store.exists("sender-1"))


# Erasing, expiring, handing out


def test_erase_leaves_nothing(store: AskFirstTrackerStore, url: str) -> None:
    words = "marmalade sandwiches"
    run(talk(store, "sender-gone", *(turn(text=f"i like {words}", reply="your marmalade") for _ in range(30))))
    run(talk(store, "sender-stays", turn(text="i like porridge")))
    assert "marmalade" in on_disk(url) and "sender-gone" in on_disk(url)
    assert run(store.erase("sender-gone")) == 1 + BEGIN + 30 * TURN
    raw = on_disk(url)
    assert "marmalade" not in raw and "sender-gone" not in raw
    assert "porridge" in raw and run(store.exists("sender-stays")) and not run(store.exists("sender-gone"))
    assert run(store.erase("sender-gone")) == 0
    assert run(store.retrieve("sender-gone")) is None and run(store.export("sender-gone")) == []


def test_nothing_of_the_erased_is_left_in_the_sqlite_file_after_much_use(
    tmp_path: Path, stores: Callable[..., AskFirstTrackerStore]
) -> None:
    """secure_delete alone leaves pieces where SQLite moved rows between pages: with this seed, of one conversation."""
    url = f"sqlite:///{tmp_path}/x.db"
    store = stores(url)
    chance = random.Random(1)

    def mark(i: int) -> str:
        return f"sender_marker_{i:03d}_end"

    async def say(i: int) -> None:
        tracker = await store.get_or_create_tracker(mark(i), append_action_listen=False)
        add(tracker, *turn(SlotSet("turn", i), reply="y" * 1800)[: chance.randrange(1, TURN + 2)])
        add(tracker, BotUttered("z", {"custom": {"text": mark(i) * chance.randrange(1, 8)}}))
        for event in tracker.events:
            event.timestamp = 1.7e9 + 0.5  # rows of the same size at each run
        await store.save(tracker)

    async def main() -> None:
        for _ in range(500):
            await say(chance.randrange(80))
        for i in range(0, 80, 2):
            await store.erase(mark(i))
            for _ in range(5):
                await say(chance.randrange(1, 80, 2))

    run(main())
    raw = on_disk(url)
    assert [i for i in range(0, 80, 2) if mark(i)[:-4] in raw] == []
    assert all(mark(i) in raw for i in range(1, 80, 2))


def test_sqlite_is_opened_as_the_erasing_needs_it(tmp_path: Path, stores: Callable[..., AskFirstTrackerStore]) -> None:
    store = stores(f"sqlite:///{tmp_path}/x.db")
    run(store.ping())
    with store._database.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                 ("journal_mode", "secure_delete", "temp_store", "busy_timeout")}  # fmt: skip
    assert found == {"journal_mode": "wal", "secure_delete": 1, "temp_store": 2, "busy_timeout": 3000}


def test_a_file_too_large_to_rewrite_is_still_erased_from(
    tmp_path: Path, stores: Callable[..., AskFirstTrackerStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "CLEAN_BYTES", 1)
    url = f"sqlite:///{tmp_path}/x.db"
    store = stores(url)
    run(talk(store, "a", turn(text="i like marmalade")))
    run(store.erase("a"))
    assert "marmalade" not in on_disk(url) and run(store.purge()) == 0


@pytest.mark.slow
def test_a_reader_that_holds_the_log_back_delays_the_cleaning_only(
    tmp_path: Path, stores: Callable[..., AskFirstTrackerStore]
) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    store = stores(url)
    run(talk(store, "a", turn(text="i like marmalade")))
    reader = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM askfirst_events").fetchall()
    assert run(store.erase("a")) == 1 + BEGIN + TURN
    reader.execute("COMMIT")
    reader.close()
    run(talk(store, "b", turn()))
    assert "marmalade" not in on_disk(url)


def test_a_running_turn_does_not_bring_an_erased_conversation_back(store: AskFirstTrackerStore, url: str) -> None:
    run(talk(store, "u", turn(SlotSet("named", ["picc"]))))
    running = run(store.retrieve("u"))
    run(store.erase("u"))
    run(store.save(add(running, *turn(text="i like marmalade"))))
    run(store.save(add(running, *turn(text="i like marmalade"))))
    assert not run(store.exists("u")) and run(store.export("u")) == [] and "marmalade" not in on_disk(url)
    again = run(talk(store, "u", turn()))  # a new conversation under the same id is one
    assert again.get_slot("named") is None and len(run(store.export("u"))) == BEGIN + TURN
    run(store.save(add(running, *turn(text="i like marmalade"))))
    assert len(run(store.export("u"))) == BEGIN + TURN and "marmalade" not in on_disk(url)


def test_purge_removes_what_is_older_than_the_retention_time(
    url: str, stores: Callable[..., AskFirstTrackerStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "PURGE_ROWS", 7)
    store = stores(url, retention_hours=24)
    run(talk(store, "old", *(turn(text="i like marmalade") for _ in range(3))))
    run(talk(store, "old too", turn()))
    assert run(store.purge()) == 0 and len(run(store.export("old"))) == BEGIN + 3 * TURN
    later = time.time() + 23 * 3600
    young = add(store.init_tracker("young"), *begin(), *turn(text="i like porridge"))
    for event in young.events:
        event.timestamp = later
    run(store.save(young))
    assert run(store.purge(later)) == 0
    assert run(store.purge(later + 2 * 3600)) == 2
    assert run(store.keys()) == ["young"] and "marmalade" not in on_disk(url) and "porridge" in on_disk(url)
    assert run(store.purge(later + 25 * 3600)) == 1 and run(store.keys()) == []
    assert "porridge" not in on_disk(url)


def test_purge_removes_earlier_sessions_of_a_conversation_that_goes_on(store: AskFirstTrackerStore, url: str) -> None:
    now = time.time()
    tracker = store.init_tracker("u")
    for hours, word in ((72, "marmalade"), (30, "porridge"), (0, "honey")):
        # The latest session began long ago, too, and is still the latest: it stays whole.
        events = [] if word == "honey" else begin()
        for event in [*events, *turn(SlotSet("named", word), text=f"i like {word}")]:
            event.timestamp = now - hours * 3600
            add(tracker, event)
    run(store.save(tracker))
    assert run(store.purge()) == 0
    raw = on_disk(url)
    assert "marmalade" not in raw and "porridge" in raw and "honey" in raw
    assert run(store.retrieve("u")).get_slot("named") == "honey" and len(run(store.export("u"))) == BEGIN + 2 * (TURN + 1)


def test_transcript(store: AskFirstTrackerStore) -> None:
    plain = [said(""), ActionExecuted("utter_x"), BotUttered("A plain response"), ActionExecuted("action_listen")]
    run(talk(store, "u", turn(text=TEXT), plain))
    lines = run(store.transcript("u"))
    assert [line["who"] for line in lines] == ["patient", "assistant", "assistant"]
    assert lines[0]["text"] == "hi i'm […], platelets […], can i have a massage"
    assert lines[1]["reply"] == {"text": "Ask your team first."} and lines[2]["reply"] == {"text": "A plain response"}
    assert all(abs(line["at"] - time.time()) < 60 for line in lines)
    assert run(store.transcript("nobody")) == []


def test_closed_is_closed(url: str) -> None:
    store = AskFirstTrackerStore(DOMAIN, url)
    run(store.ping())
    run(store.close())
    run(store.close())
    assert_unavailable(store.retrieve(f"sender-1 {uuid.uuid4()}"))
