"""Safety mode: what follows an urgent reply, until the person has called, is safe or pressed by mistake (evidence base 3 and 5.20, 5.21)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from askfirst.content.clinic import Clinic, load_clinic
from askfirst.content.knowledge import load_knowledge
from askfirst.content.urgent import CALL_ANYWAY, NEXT_STEPS, call_anyway, urgent_reply, waiting_reply
from askfirst.content.yaml_file import plain, read_yaml
from tests.harness import ROOT, Server, conversation

RED_FLAGS: dict[str, Any] = plain(read_yaml(ROOT / "data" / "safety" / "red_flags.yml")[0]) or {}
KNOWLEDGE = load_knowledge(ROOT / "data" / "knowledge", ROOT)
CLINIC = load_clinic(ROOT / "data" / "clinic.yml")
CLOT = "my calf is red and hot and swollen since chemo, can I get it rubbed"
# A word that nothing of ours says: wherever it comes back, the patient's words were echoed.
MARK = "zebra4711"
CARRY_ON = ("can massage help my pain", "and a foot massage", "does massage help me sleep", "what about deep tissue with low platelets", "ok", "I have a PICC line")
TITLES = [button.title for button in NEXT_STEPS]


def full(flag: str, variant: str | None = None) -> str:
    return urgent_reply(RED_FLAGS, flag, CLINIC, variant=variant).text


def short(flag: str) -> str:
    return waiting_reply(urgent_reply(RED_FLAGS, flag, CLINIC), CLINIC).text


class Talk:
    """One conversation with the real server; every reply is held to what every reply of safety mode must be."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.sender = conversation()
        self.last: dict[str, Any] = {}

    def say(self, text: str) -> dict[str, Any]:
        return self._one(self.server.say(text, self.sender))

    def urgent(self, text: str) -> str:
        """The text of a reply that must be urgent, and nothing but the way to help."""
        return self._held(self.say(text))

    def press(self, title: str) -> dict[str, Any]:
        """Press a button of the last reply."""
        choice = next(button["choice"] for button in self.last["buttons"] if button["title"] == title)
        return self._one(self.server.choose(choice, self.sender))

    def _one(self, replies: list[dict[str, Any]]) -> dict[str, Any]:
        assert len(replies) == 1, replies
        self.last = replies[0]
        assert MARK not in json.dumps(self.last)
        return self.last

    def _held(self, reply: dict[str, Any]) -> str:
        assert reply["kind"] == "urgent" and reply["verdict"] == "URGENT", reply
        assert reply["red_flag"] and reply["tier"] in (1, 2, 3)
        assert (reply["reminder"], reply["team_question"], reply["certainty"]) == (None, None, None), "whom to ask comes later"
        assert not (reply["sources"] or reply["topics"] or reply["limits"]), "no massage content"
        assert [button["title"] for button in reply["buttons"]] == TITLES
        assert any(link["href"].startswith("tel:") for link in reply["phone_links"])
        return reply["text"]


@pytest.fixture
def talk(server: Server) -> Talk:
    return Talk(server)


# ---------------------------------------------------------------------------------------------------- the course
@pytest.mark.slow
def test_the_route_comes_again_once_and_then_one_short_line(talk: Talk) -> None:
    assert talk.urgent(f"{CLOT} {MARK}") == full("R21")
    assert talk.urgent(f"{CARRY_ON[0]} {MARK}") == full("R21"), "the first time that somebody carries on"
    for text in CARRY_ON[1:]:
        assert talk.urgent(f"{text} {MARK}") == short("R21")
    line = talk.last["text"]
    assert "\n" not in line and len(line.split()) <= 30 and "01632 960 247" in line
    assert all(way in line for way in ("I called", "the number again", "mistake"))
    assert "massage" not in line and "rub" not in line


@pytest.mark.slow
def test_the_number_can_be_asked_for_as_often_as_wanted(talk: Talk) -> None:
    talk.urgent(CLOT)
    for text in ("what was the number again", "number please", "who do I call?"):
        assert talk.urgent(text) == full("R21")
    assert talk.urgent(CARRY_ON[0]) == full("R21"), "asking for the number is no carrying on"
    assert talk.urgent(CARRY_ON[1]) == short("R21")
    assert talk.urgent("what was the number again") == full("R21")
    talk.press("I need the number again")
    assert talk.last["kind"] == "urgent" and talk.last["text"] == full("R21")
    assert talk.urgent(CARRY_ON[2]) == short("R21")


WILL_WAIT = "Please call now. You are not bothering anyone, and this is what the line is for, day and night. If no one answers, call 999 or 112."
CANNOT_CALL = (
    "Ask someone near you to call, or go to the nearest emergency department now. Emergency calls are free in many places."
    " You can ask for an interpreter. You can also use a text or relay service."
)
NO_ANSWER = "If no one answers, call 999 or 112 now."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I'll wait till Monday", WILL_WAIT),
        ("I don't want to bother them", WILL_WAIT),
        ("it's the weekend", WILL_WAIT),
        ("can I just wait until tomorrow?", WILL_WAIT),
        ("I can't call", CANNOT_CALL),
        ("I have no phone", CANNOT_CALL),
        ("I am deaf", CANNOT_CALL),
        ("no one answers", NO_ANSWER),
        ("I called but nobody answered", NO_ANSWER),
    ],
)
def test_who_waits_or_cannot_call_hears_what_helps_and_has_not_carried_on(talk: Talk, text: str, said: str) -> None:
    talk.urgent(CLOT)
    assert talk.urgent(text) == said
    assert talk.urgent(text) == said, "as often as it is said"
    assert talk.urgent(CARRY_ON[0]) == full("R21"), "the first time that somebody carries on"
    assert talk.urgent(text) == said
    assert talk.urgent(CARRY_ON[1]) == short("R21")
    assert talk.urgent(text) == said


@pytest.mark.slow
@pytest.mark.parametrize("before", [(), CARRY_ON[:3]], ids=["at once", "after the short line"])
@pytest.mark.parametrize(("text", "flag"), [("now I have chest pain", "R01"), ("I have new bruises all over me", "R22"), ("i want to kill myself", "R15")])
def test_a_new_red_flag_gets_its_own_full_reply_and_starts_anew(talk: Talk, text: str, flag: str, before: tuple[str, ...]) -> None:
    talk.urgent(CLOT)
    for carry_on in before:
        talk.urgent(carry_on)
    assert talk.urgent(f"{text} {MARK}") == full(flag)
    assert talk.last["red_flag"] == flag
    assert talk.urgent(CARRY_ON[0]) == full(flag)
    assert talk.urgent(CARRY_ON[1]) == short(flag)
    assert talk.urgent("the number again") == full(flag)


@pytest.mark.slow
def test_the_same_sign_told_again_gets_the_full_reply_again(talk: Talk) -> None:
    talk.urgent(CLOT)
    talk.urgent(CARRY_ON[0])
    assert talk.urgent(CARRY_ON[1]) == short("R21")
    assert talk.urgent(CLOT) == full("R21")


# ---------------------------------------------------------------------------------------------------- the ways out
def check_ended(talk: Talk, topic: str) -> None:
    reply = talk.last
    assert (reply["kind"], reply["topics"], reply["red_flag"]) == ("smalltalk", [topic], None), reply
    assert not reply["sources"] and reply["reminder"] is None and "999" in reply["text"], "what to do if it gets worse"
    assert talk.say("can massage help my pain")["kind"] == "answer", "massage is answered again"


@pytest.mark.slow
@pytest.mark.parametrize("carried_on", [0, 1, 3])
@pytest.mark.parametrize(
    ("text", "topic"),
    [("I have called", "urgent_called"), ("I rang the ward", "urgent_called"),
     ("it was a mistake", "urgent_mistake"), ("sorry, false alarm", "urgent_mistake"), ("I am safe now", "urgent_mistake")],
)  # fmt: skip
def test_words_that_end_it(talk: Talk, text: str, topic: str, carried_on: int) -> None:
    talk.urgent(CLOT)
    for carry_on in CARRY_ON[:carried_on]:
        talk.urgent(carry_on)
    talk.say(text)
    check_ended(talk, topic)


@pytest.mark.slow
@pytest.mark.parametrize("carried_on", [0, 1, 3])
@pytest.mark.parametrize(("title", "topic"), [("I have called", "urgent_called"), ("I pressed this by mistake", "urgent_mistake")])
def test_buttons_that_end_it(talk: Talk, title: str, topic: str, carried_on: int) -> None:
    talk.urgent(CLOT)
    for carry_on in CARRY_ON[:carried_on]:
        talk.urgent(carry_on)
    talk.press(title)
    check_ended(talk, topic)


@pytest.mark.slow
@pytest.mark.parametrize("said", ["I'll wait", "I can't call", "no one answers", "the number again"])
def test_the_buttons_of_each_reply_of_safety_mode_work(talk: Talk, said: str) -> None:
    talk.urgent(CLOT)
    talk.urgent(said)
    talk.press("I have called")
    check_ended(talk, "urgent_called")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "I am not safe", "I'm not sure I'm safe", "I don't think I'm safe", "am I safe",
        "I called my sister", "I haven't called", "should I have called?", "I will call",
        "was it a mistake to have a massage", "I took two of my tablets by mistake", "I hit it by accident",
        "it is not a false alarm", "I spoke to my doctor about massage last month",
        "thank you", "yes", "no", "ok I feel better", "start again", "stop",
    ],
)  # fmt: skip
def test_words_that_do_not_end_it(talk: Talk, text: str) -> None:
    talk.urgent(CLOT)
    talk.urgent(text)
    talk.urgent("can massage help my pain")


@pytest.mark.slow
@pytest.mark.parametrize("text", ["/restart", "/urgent", "?", "...", "\u00a0", "\u200b", "hello " * 500, "https://example.org", "😀", "\u0000 x"], ids=ascii)
def test_whatever_is_written_the_way_to_help_comes(talk: Talk, text: str) -> None:
    talk.urgent(CLOT)
    assert talk.urgent(text) == full("R21")
    assert talk.urgent(text) == short("R21")


@pytest.mark.slow
def test_a_topic_that_was_offered_before_is_not_opened_now(talk: Talk) -> None:
    offered = next(button for button in talk.say("does massage help me sleep")["buttons"] if button["choice"])
    assert talk.urgent(CLOT) == full("R21")
    for expected in (full("R21"), short("R21")):
        reply = talk._one(talk.server.choose(offered["choice"], talk.sender))
        assert talk._held(reply) == expected


@pytest.mark.slow
def test_it_holds_one_conversation_and_no_other(server: Server) -> None:
    here, there = Talk(server), Talk(server)
    here.urgent(CLOT)
    assert there.say("can massage help my pain")["kind"] == "answer"
    here.urgent("can massage help my pain")


@pytest.mark.slow
def test_dark_thoughts_have_the_same_course(talk: Talk) -> None:
    assert talk.urgent(f"i want to kill myself {MARK}") == full("R15")
    assert talk.urgent(CARRY_ON[0]) == full("R15")
    line = talk.urgent(CARRY_ON[2])
    assert line == short("R15") and ("999" in line or "116 123" in line)
    talk.urgent("I am not safe")
    talk.say("I am safe now")
    check_ended(talk, "urgent_mistake")


@pytest.mark.slow
@pytest.mark.parametrize(("text", "flag"), [("the whites of his eyes look like egg yolk", "R34"), ("I can't rouse my wife, she just groans", "R10"), (CLOT, "R21")])
def test_it_begins_whichever_part_found_the_sign(talk: Talk, text: str, flag: str) -> None:
    first = talk.urgent(text)
    assert talk.last["red_flag"] == flag
    assert talk.urgent(CARRY_ON[0]) == first
    assert talk.urgent(CARRY_ON[1]) == short(flag)
    talk.say("I called")
    check_ended(talk, "urgent_called")


@pytest.mark.slow
def test_what_only_the_conversation_makes_urgent_begins_it_too(talk: Talk, server: Server) -> None:
    """Feeling unwell is urgent for somebody who said earlier that they are on treatment."""
    assert Talk(server).say("I feel unwell")["kind"] != "urgent"
    assert talk.say("I am having chemo, may I have a massage?")["kind"] == "answer"
    first = talk.urgent("I feel unwell")
    assert talk.last["red_flag"] == "R20"
    assert talk.urgent(CARRY_ON[0]) == first, "the same route again, in the same words"
    assert talk.urgent(CARRY_ON[1]) == short("R20")


@pytest.mark.slow
def test_without_a_release_the_course_is_the_same(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    with Server(ROOT, models, tmp_path, wait=False) as server:
        talk = Talk(server)
        assert talk.urgent(f"{CLOT} {MARK}") == full("R21")
        assert talk.urgent("I'll wait till Monday") == WILL_WAIT
        assert talk.urgent("I can't call") == CANNOT_CALL
        assert talk.urgent(f"{CARRY_ON[0]} {MARK}") == full("R21")
        assert talk.urgent(CARRY_ON[1]) == short("R21")
        assert talk.urgent("no one answers") == NO_ANSWER
        assert talk.urgent("I am not safe") == short("R21")
        ended = talk.say("I have called")
        assert (ended["kind"], ended["topics"]) == ("fallback", ["not_ready"]) and "999" in ended["text"]
        assert talk.say("can massage help my pain")["kind"] == "fallback", "it has ended"


# ---------------------------------------------------------------------------------------------------- the words, for every flag
CLINICS = {
    "demo": CLINIC,
    "empty": Clinic("A clinic", "pilot", "", "en-GB", "Europe/London"),
    "text route": Clinic("A clinic", "pilot", "GB", "en-GB", "Europe/London", emergency_text_route="text 999 after you have registered"),
}


@pytest.mark.parametrize("name", CLINICS)
@pytest.mark.parametrize("flag", [*(f["id"] for f in RED_FLAGS["flags"]), "R00"])
def test_the_short_line_and_the_three_answers_of_every_flag(flag: str, name: str) -> None:
    clinic = CLINICS[name]
    reply = urgent_reply(RED_FLAGS, flag, clinic)
    line = waiting_reply(reply, clinic)
    number = reply.phone_links[0]["label"] if reply.phone_links else f"Call {clinic.slot('emergency_number')}"
    assert line.text.startswith(f"{number}. Please call now") and "\n" not in line.text and len(line.text.split()) <= 35
    for said in CALL_ANYWAY:
        for knowledge in (KNOWLEDGE, None):
            other = call_anyway(reply, said, clinic, knowledge)
            assert other.text.split("\n")[0] == clinic.fill(CALL_ANYWAY[said]), "the same with and without a release"
            assert ("text 999" in other.text) == (said == "cannot_call" and name == "text route")
            assert "{" not in other.text and "massage" not in other.text
            assert said == "cannot_call" or clinic.slot("emergency_number") in other.text
            kept = ("kind", "red_flag", "tier", "verdict", "buttons", "phone_links", "reminder", "sources")
            assert [getattr(other, key) for key in kept] == [getattr(reply, key) for key in kept]
    assert (line.buttons, line.phone_links, line.red_flag, line.tier) == (NEXT_STEPS, reply.phone_links, reply.red_flag, reply.tier)
