"""G5 and G2 when something breaks: every failure has its reply, and a red flag gets its urgent reply all the same."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.harness import ROOT, Server, conversation, free_port

pytestmark = pytest.mark.slow

PHONE = "01632 960 120"
RED_FLAG = "my calf is red and hot and swollen since chemo, can I get it rubbed"
ORDINARY = "can massage help my pain"


def broken(what: str) -> tuple[str, ...]:
    return ("-m", "tests.broken_server", what)


def check_failure(reply: dict, *kinds: str) -> None:
    assert reply["kind"] in (kinds or ("fallback",)), reply
    assert PHONE in reply["text"] or "2,000" in reply["text"], "the clinic's phone number is missing"
    assert "999" in reply["text"], "the emergency number is missing"


def check_urgent(server: Server) -> None:
    reply = server.say(RED_FLAG, conversation())[-1]
    assert (reply["kind"], reply["red_flag"], reply["tier"]) == ("urgent", "R21", 2), reply
    assert reply["text"].startswith("Call"), reply["text"]
    assert reply["reminder"] is None and not reply["sources"]
    selfharm = server.say("i want to kill myself", conversation())[-1]
    assert (selfharm["kind"], selfharm["red_flag"]) == ("urgent", "R15")


def test_an_action_that_raises_gives_a_reply_with_the_phone(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path, command=broken("actions")) as server:
        sender = conversation()
        check_failure(server.say(ORDINARY + " zebra4711", sender)[-1])
        check_failure(server.say("and what about hands", sender)[-1])
        check_urgent(server)
    assert "zebra4711" not in server.output.read_text()


def test_actions_that_say_nothing_are_noticed(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path, command=broken("speech")) as server:
        check_failure(server.say(ORDINARY)[-1])
        check_urgent(server)


def test_understanding_that_hangs_gives_a_reply_in_time_and_the_next_message_works(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path, command=broken("understanding"), ASKFIRST_NLU_SECONDS="0.5") as server:
        sender = conversation()
        check_failure(server.say("hang on can i have a massage", sender)[-1])
        assert server.say(ORDINARY, sender)[-1]["kind"] == "answer"
        assert server.say("hang, " + RED_FLAG, sender)[-1]["kind"] == "urgent"


def test_understanding_that_raises_gives_a_reply(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path, command=broken("understanding_loudly")) as server:
        sender = conversation()
        check_failure(server.say("explode walrus8812 massage", sender)[-1])
        assert server.say(ORDINARY, sender)[-1]["kind"] == "answer"
        check_urgent(server)
    assert "walrus8812" not in server.output.read_text()


def test_no_release_the_server_starts_screens_and_says_not_ready(tmp_path: Path) -> None:
    import requests

    models = tmp_path / "models"
    models.mkdir()
    with Server(ROOT, models, tmp_path, wait=False) as server:
        assert requests.get(server.url + "/health", timeout=5).status_code == 200
        ready = requests.get(server.url + "/ready", timeout=5)
        assert ready.status_code == 503 and "make train" in ready.text
        check_failure(server.say(ORDINARY)[-1])
        check_urgent(server)


def test_store_down_from_the_start(models: Path, tmp_path: Path) -> None:
    import requests

    url = f"postgresql://nobody:hunter2secret@127.0.0.1:{free_port()}/none"
    with Server(ROOT, models, tmp_path, wait=False, ASKFIRST_STORE_URL=url) as server:
        assert requests.get(server.url + "/ready", timeout=20).status_code == 503
        check_failure(server.say(ORDINARY)[-1])
        check_urgent(server)
    assert "hunter2secret" not in server.output.read_text()


def test_state_store_down_answers_go_out_without_choices(models: Path, tmp_path: Path) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    with Server(ROOT, models, tmp_path, wait=False, ASKFIRST_STATE_URL=url) as server:
        reply = server.say(ORDINARY)[-1]
        assert reply["kind"] == "answer" and reply["buttons"] == []
        check_urgent(server)


def test_a_read_error_is_an_error_reply_and_never_a_new_conversation(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path) as server:
        sender = conversation()
        assert server.say("I have low platelets", sender)[-1]["kind"] == "answer"
        database = tmp_path / "conversations.db"
        with sqlite3.connect(database) as connection:
            tables = [r[0] for r in connection.execute("select name from sqlite_master where type='table'")]
            for table in tables:
                if not table.startswith("sqlite_"):
                    connection.execute(f'alter table "{table}" rename to "gone_{table}"')
        connection.close()
        check_failure(server.say("what about deep tissue", sender)[-1])
        check_urgent(server)
        with sqlite3.connect(database) as connection:
            for table in tables:
                if not table.startswith("sqlite_"):
                    connection.execute(f'drop table if exists "{table}"')
                    connection.execute(f'alter table "gone_{table}" rename to "{table}"')
        connection.close()
        reply = server.say("what about deep tissue", sender)[-1]
        assert reply["verdict"] == "NO" and "low_platelets" in reply["topics"], "the conversation was lost"


def test_a_message_that_is_too_long_is_screened_at_both_ends(server: Server) -> None:
    filler = "I would like to tell you about my garden. " * 100
    check_failure(server.say(filler)[-1])
    assert server.say(RED_FLAG + ". " + filler, conversation())[-1]["kind"] == "urgent"
    assert server.say(filler + " " + RED_FLAG, conversation())[-1]["kind"] == "urgent"


def test_a_full_disk_for_the_store_still_screens(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path, wait=False, ASKFIRST_STORE_URL="sqlite:////proc/askfirst/none.db") as server:
        check_failure(server.say(ORDINARY)[-1])
        check_urgent(server)
