"""Custom actions in a server of their own, by one setting: the same conversations give the same replies."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.harness import ROOT, Server, conversation, free_port
from tests.scenarios import load, play

pytestmark = pytest.mark.slow


class ActionServer(Server):
    """`askfirst actions` in a process of its own."""

    def __init__(self, root: Path, models: Path, work: Path) -> None:
        port = free_port()
        super().__init__(root, models, work, wait=False, command=("actions", "--port", str(port)), PORT=str(port))


def test_the_same_scenarios_with_a_separate_action_server(models: Path, tmp_path: Path) -> None:
    chosen = [s for s in load() if s.file in ("single.yml", "combinations.yml") and not s.known_miss][::3]
    (tmp_path / "a").mkdir()
    (tmp_path / "s").mkdir()
    with ActionServer(ROOT, models, tmp_path / "a") as actions, Server(
        ROOT, models, tmp_path / "s", ASKFIRST_ACTIONS_URL=f"{actions.url}/webhook"
    ) as server:
        findings = {s.title: found for s in chosen if (found := play(server, s.turns))}
        assert not findings, findings
        assert len(chosen) > 20
        sender = conversation()
        server.say("I have low platelets", sender)
        assert server.say("what about deep tissue", sender)[-1]["verdict"] == "NO", "slots come back from the action server"
        actions.stop()
        down = server.say("can massage help my pain", sender)[-1]
        assert down["kind"] == "fallback" and "01632 960 120" in down["text"], "no silence when the action server is down"
        urgent = server.say("my calf is red, hot and swollen", sender)[-1]
        assert urgent["kind"] == "urgent"


def test_a_failing_action_shows_neither_the_conversation_nor_its_error(models: Path, tmp_path: Path) -> None:
    with ActionServer(ROOT, models, tmp_path) as actions:
        call = {"next_action": "say_no_such_entry", "sender_id": "x", "tracker": {"sender_id": "x", "slots": {}, "latest_message": {"text": "quokka5521", "entities": [], "intent": {}}, "events": [], "paused": False}}
        answer = requests.post(f"{actions.url}/webhook", json=call, timeout=20)
        assert answer.status_code == 500 and "quokka5521" not in answer.text
        assert requests.post(f"{actions.url}/webhook", json={**call, "next_action": "none"}, timeout=20).status_code == 404
        assert "quokka5521" not in actions.output.read_text()
