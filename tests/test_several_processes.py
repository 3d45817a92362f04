"""Several server processes on PostgreSQL and Redis, by configuration alone: one conversation over both."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.harness import ROOT, Server, conversation
from tests.servers import postgres_url, redis_url  # noqa: F401
from tests.test_page import Page

pytestmark = pytest.mark.slow


def test_two_processes_share_conversations_choices_and_locks(
    models: Path, tmp_path: Path, postgres_url: str, redis_url: str  # noqa: F811
) -> None:
    shared = {
        "ASKFIRST_STORE_URL": postgres_url,
        "ASKFIRST_STATE_URL": redis_url,
        "ASKFIRST_LOCK_URL": redis_url,
        "ASKFIRST_SECRET": "a secret that both processes know well",
    }
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with Server(ROOT, models, tmp_path / "a", **shared) as first, Server(ROOT, models, tmp_path / "b", **shared) as second:
        sender = conversation()
        assert first.say("I have low platelets", sender)[-1]["topics"] == ["low_platelets"]
        reply = second.say("what about deep tissue", sender)[-1]
        assert reply["verdict"] == "NO" and "low_platelets" in reply["topics"], "remembered by the other process"
        assert first.choose(reply["buttons"][0]["choice"], sender)[-1]["kind"] == "answer", "a choice counts in both"
        assert second.say("my calf is red and hot and swollen", sender)[-1]["kind"] == "urgent"
        assert first.say("can I have a foot massage", sender)[-1]["kind"] == "urgent", "safety mode holds in both"
        assert second.say("it was a mistake", sender)[-1]["kind"] == "smalltalk"

        other = conversation()
        with ThreadPoolExecutor(4) as pool:
            texts = ["I have lymphoedema", "I take warfarin", "I have a port", "I am on chemo"]
            said = list(pool.map(lambda pair: pair[0].say(pair[1], other)[-1], zip((first, second, first, second), texts)))
        assert [r["kind"] for r in said] == ["answer"] * 4, said
        known = first.say("can I have a massage", other)[-1]["topics"]
        assert {"lymphoedema", "blood_thinners", "lines_ports", "during_chemo"} <= set(known), "no turn was lost"

        page = Page(first)
        page.send("I have lymphoedema")
        page.server = second
        assert "lymphoedema" in page.send("can I have a massage").text.lower(), "a page's token counts in both"
