"""The three layers: rules, stories, default. A story overrides the default; an unrelated one changes nothing else."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from askfirst import release
from tests.harness import ROOT, Server, conversation, copy_root
from tests.scenarios import load

pytestmark = pytest.mark.slow

OVERRIDE = """
version: "3.1"
stories:
  - story: Pain is answered with whom to ask, and the next turn is as ever
    steps:
      - intent: ask_pain
      - action: say_why_ask
"""
UNRELATED = """
version: "3.1"
stories:
  - story: After a greeting and thanks the menu is shown
    steps:
      - intent: greet
      - action: action_answer
      - intent: thank
      - action: say_what_can_you_do
      - intent: goodbye
      - action: say_goodbye
"""


def trained(tmp_path: Path, story: str) -> tuple[Path, Path]:
    root, folder = copy_root(tmp_path / "root", whole=True), tmp_path / "models"
    (root / "data" / "stories" / "added.yml").write_text(story)
    release.train(models=folder, root=root, say=lambda _: None)
    return root, folder


def test_a_story_that_overrides_the_default_on_one_faq_intent_trains_and_takes_effect(tmp_path: Path) -> None:
    root, folder = trained(tmp_path, OVERRIDE)
    with Server(root, folder, tmp_path) as server:
        sender = conversation()
        assert server.say("can massage help my pain", sender)[-1]["topics"] == ["why_ask"]
        assert server.say("does massage flush out toxins", sender)[-1]["topics"] == ["detox_toxins"], "the default is back"
        assert server.say("could it make my pain less", sender)[-1]["topics"] == ["why_ask"], "wherever the turn occurs"
        with_limits = server.say("I have low platelets, does massage ease pain?", conversation())[-1]
        assert "low_platelets" in with_limits["topics"] and "firm" in with_limits["text"], "a story drops no limit (G3)"


def test_an_unrelated_story_changes_no_other_scenario(server: Server, tmp_path: Path) -> None:
    root, folder = trained(tmp_path, UNRELATED)
    with Server(root, folder, tmp_path) as changed:
        sender = conversation()
        changed.say("hello", sender)
        assert changed.say("thank you", sender)[-1]["topics"] == ["what_can_you_do"], "the story itself works"
        everything = load()  # of the many about single entries every sixth: each is played twice here
        for scenario in [s for s in everything if not s.entry] + [s for s in everything if s.entry][::6]:
            before, after = outcomes(server, scenario.turns), outcomes(changed, scenario.turns)
            if [t["patient"] for t in scenario.turns[:2]] != ["hello", "thank you"]:
                assert before == after, scenario.title


def outcomes(server: Server, turns: list[dict]) -> list[tuple]:
    """What each turn of a scenario leads to."""
    sender = conversation()
    replies = [server.say(turn["patient"], sender)[-1] for turn in turns]
    return [(r["kind"], r["topics"], r["verdict"], r["red_flag"], r["text"]) for r in replies]


def test_a_rule_wins_over_anything(server: Server) -> None:
    reply = server.say("my platelets came back at 45, can I have a massage", conversation())[-1]
    assert reply["kind"] == "boundary" and reply["topics"][0] == "results" and "45" not in reply["text"]


def test_yes_and_no_mean_what_was_offered_and_nothing_else(server: Server) -> None:
    sender = conversation()
    assert server.say("yes", sender)[-1]["topics"] == ["nothing_offered"]
    server.say("asdf", sender)
    offered = server.say("blah blah", sender)[-1]
    assert offered["topics"] == ["unclear_again"]
    handoff = server.say("yes please", sender)[-1]
    assert handoff["kind"] == "handoff" and "01632 960 120" in handoff["text"]
    assert server.say("yes", sender)[-1]["topics"] == ["nothing_offered"], "the offer is used up"
    server.say("asdf", sender)
    server.say("blah blah", sender)
    server.say("can massage help my pain", sender)
    assert server.say("yes", sender)[-1]["topics"] == ["nothing_offered"], "the next topic clears an offer"


def test_the_reminder_changes_from_answer_to_answer(server: Server) -> None:
    sender = conversation()
    said = [server.say(t, sender)[-1]["reminder"] for t in ("can massage help my pain", "does it flush out toxins", "will massage ease aches", "can massage help my pain")]
    assert all(a != b for a, b in pairwise(said))


def test_a_session_that_has_expired_forgets(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path) as server:
        sender = conversation()
        server.say("I have low platelets", sender)
        assert "low_platelets" in server.say("can I have a massage", sender)[-1]["topics"]
        make_older(tmp_path / "conversations.db", hours=2)
        assert "low_platelets" not in server.say("can I have a massage", sender)[-1]["topics"]


def make_older(database: Path, hours: float) -> None:
    """Move everything stored into the past, as if that much time had gone by."""
    import json
    import sqlite3

    with sqlite3.connect(database) as connection:
        rows = connection.execute("select id, data from askfirst_events").fetchall()
        assert rows
        for row_id, data in rows:
            event = json.loads(data)
            event["timestamp"] -= hours * 3600
            connection.execute("update askfirst_events set data = ? where id = ?", (json.dumps(event), row_id))
        gone = int(hours * 3600 * 1000)
        connection.execute("update askfirst_events set at_ms = at_ms - ?", (gone,))
        connection.execute("update askfirst_conversations set last_ms = last_ms - ?, session_ms = session_ms - ?", (gone, gone))
    connection.close()
