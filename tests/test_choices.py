"""Choices: a button carries an opaque id; pressing it is understood without the model."""

from __future__ import annotations

import pytest

from tests.harness import Server, conversation

pytestmark = pytest.mark.slow


def test_a_button_leads_to_its_topic(server: Server) -> None:
    sender = conversation()
    reply = server.say("can massage help my pain", sender)[-1]
    assert reply["buttons"], "an answer offers next questions"
    for button in reply["buttons"]:
        assert ":" not in button["choice"] and len(button["choice"]) >= 12, "the id tells nothing"
    chosen = next(b for b in reply["buttons"] if "hand" in b["title"].lower())
    answer = server.choose(chosen["choice"], sender)[-1]
    assert answer["kind"] == "answer" and answer["topics"] == ["hand_foot_head"]


def test_looking_at_a_topic_is_not_having_it(server: Server) -> None:
    sender = conversation()
    reply = server.say("I take warfarin", sender)[-1]
    clot = next(b for b in reply["buttons"] if "clot" in b["title"].lower())
    assert "blood_clot" in server.choose(clot["choice"], sender)[-1]["topics"]
    later = server.say("can I have a massage", sender)[-1]
    assert "blood_thinners" in later["topics"] and "blood_clot" not in later["topics"]


def test_after_an_urgent_reply_only_the_three_ways_on_are_offered(server: Server) -> None:
    sender = conversation()
    urgent = server.say("my leg is swollen, hot and sore since yesterday", sender)[-1]
    assert [b["title"] for b in urgent["buttons"]] == ["I have called", "I need the number again", "I pressed this by mistake"]
    again = server.choose(urgent["buttons"][1]["choice"], sender)[-1]
    assert (again["kind"], again["red_flag"], again["text"]) == ("urgent", "R21", urgent["text"])
    carried_on = server.say("but can I have a foot massage", sender)[-1]
    assert carried_on["kind"] == "urgent" and carried_on["text"] == urgent["text"], "the route once more"
    short = server.say("just a little one please", sender)[-1]
    assert short["kind"] == "urgent" and len(short["text"].split()) < 30
    done = server.choose(urgent["buttons"][0]["choice"], sender)[-1]
    assert done["kind"] == "smalltalk"
    assert server.say("can massage help my pain", sender)[-1]["topics"] == ["pain"], "safety mode has ended"


@pytest.mark.parametrize("words", ["it was a mistake", "sorry, wrong alarm", "I have called them", "called"])
def test_words_end_safety_mode_too(server: Server, words: str) -> None:
    sender = conversation()
    assert server.say("my leg is swollen, hot and sore since yesterday", sender)[-1]["kind"] == "urgent"
    assert server.say(words, sender)[-1]["kind"] == "smalltalk"
    assert server.say("can massage help my pain", sender)[-1]["kind"] == "answer"


def test_a_new_red_flag_in_safety_mode_gets_its_own_reply(server: Server) -> None:
    sender = conversation()
    server.say("my leg is swollen, hot and sore since yesterday", sender)
    assert server.say("I want to kill myself", sender)[-1]["red_flag"] == "R15"


def test_an_emergency_that_only_the_conversation_shows_starts_safety_mode_too(server: Server) -> None:
    """A fever is urgent for somebody who told of chemo before; nothing about massage is answered until a way out is taken."""
    sender = conversation()
    server.say("I am having chemo", sender)
    assert server.say("i have got an infection", sender)[-1]["kind"] == "urgent"
    assert server.say("can massage help my pain", sender)[-1]["kind"] == "urgent", "the route is given again"
    assert server.say("I called", sender)[-1]["topics"] == ["urgent_called"]
    assert server.say("can massage help my pain", sender)[-1]["kind"] == "answer"


def test_an_emergency_that_is_named_but_over_is_no_emergency(server: Server) -> None:
    assert server.say("I had cellulitis in my arm two years ago, can I have a massage", conversation())[-1]["kind"] != "urgent"
