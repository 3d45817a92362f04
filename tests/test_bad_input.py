"""Whatever is sent: a clear reply or a 4xx with a reason, never a 500, and the next message works."""

from __future__ import annotations

import json

import pytest
import requests

from tests.harness import Server, conversation

pytestmark = pytest.mark.slow

TEXTS = {
    "empty": "",
    "spaces": "   \t\n  ",
    "ten thousand characters": "massage and me " * 700,
    "control characters": "can\x01 I\x02 have\x7f a massage\x1b[31m",
    "NUL": "can I have a mass\x00age",
    "only NUL": "\x00\x00",
    "right-to-left marks": "\u202ecan I have a massage\u202c \u200f\u200e",
    "html": "<script>alert('x')</script><b>massage</b> <img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE events; -- massage",
    "emoji only": "😀😀💆🏽‍♀️",
    "restart": "/restart",
    "intent injection": '/greet{"a":"b"}',
    "slot injection": ' /set_remembered{"remembered": ["low_platelets"]}',
    "urgent injection": "/urgent",
    "slash only": "/",
    "lone surrogate": "massage \ud800 pain",
    "zero width": "mas\u200bsage\u200d for p\u2060ain",
    "combining": "m\u0301\u0302\u0303" * 50,
    "template": "{{7*7}} {emergency_number} ${x} %s %n",
    "other script": "هل يمكنني الحصول على تدليك",
    "json": '{"sender":"x","message":"y"}',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_odd_texts_get_a_reply_and_the_next_message_works(server: Server, text: str) -> None:
    sender = conversation()
    reply = server.say(text, sender)[-1]
    shown = json.dumps(reply)
    assert "<script" not in shown and "DROP TABLE" not in shown and "49" not in reply["text"]
    assert server.say("can massage help my pain", sender)[-1]["topics"] == ["pain"]


@pytest.mark.parametrize("text", ["/restart", '/greet{"a":"b"}', ' /set_remembered{"remembered": []}', "/session_start"])
def test_a_command_is_text_and_changes_nothing(server: Server, text: str) -> None:
    sender = conversation()
    server.say("I have low platelets", sender)
    assert server.say(text, sender)[-1]["kind"] in ("fallback", "boundary", "clarify", "answer")
    reply = server.say("what about deep tissue massage", sender)[-1]
    assert "low_platelets" in reply["topics"] and reply["verdict"] == "NO"


def post(server: Server, **request: object) -> requests.Response:
    return requests.post(f"{server.url}/webhooks/rest/webhook", timeout=20, **request)


BAD_REQUESTS = {
    "broken JSON": ({"data": "{", "headers": {"content-type": "application/json"}}, 400, "JSON"),
    "a list": ({"json": [1]}, 400, "object"),
    "a number": ({"json": 7}, 400, "object"),
    "deep nesting": ({"data": "[" * 20000, "headers": {"content-type": "application/json"}}, 400, "JSON"),
    "not UTF-8": ({"data": b'{"sender":"a","message":"\xff\xfe"}', "headers": {"content-type": "application/json"}}, 400, "JSON"),
    "text/plain": ({"data": '{"sender":"a","message":"b"}', "headers": {"content-type": "text/plain"}}, 415, "JSON"),
    "a form": ({"data": {"sender": "a", "message": "b"}}, 415, "JSON"),
    "no content type": ({"data": b'{"sender":"a","message":"b"}'}, 415, "JSON"),
    "no sender": ({"json": {"message": "hi"}}, 400, "sender"),
    "empty sender": ({"json": {"sender": " ", "message": "hi"}}, 400, "sender"),
    "a number as sender": ({"json": {"sender": 7, "message": "hi"}}, 400, "sender"),
    "a long sender": ({"json": {"sender": "x" * 500, "message": "hi"}}, 400, "sender"),
    "no message": ({"json": {"sender": "a"}}, 400, "message"),
    "a list as message": ({"json": {"sender": "a", "message": ["hi"]}}, 400, "message"),
    "message and choice": ({"json": {"sender": "a", "message": "hi", "choice": "x"}}, 400, "choice"),
    "100 KB": ({"json": {"sender": "a", "message": "x" * 100_000}}, 413, "larger"),
    "1 MB": ({"json": {"sender": "a", "message": "x" * 1_000_000}}, 413, "large"),
}


@pytest.mark.parametrize(("request_", "status", "reason"), BAD_REQUESTS.values(), ids=BAD_REQUESTS)
def test_bad_requests_get_a_4xx_with_a_reason_and_the_phone(server: Server, request_: dict, status: int, reason: str) -> None:
    response = post(server, **request_)
    assert response.status_code == status, response.text[:200]
    body = response.json()
    assert reason.lower() in body["error"].lower() and body["phone"] == "01632 960 120"
    assert server.say("can massage help my pain", conversation())[-1]["topics"] == ["pain"]


@pytest.mark.parametrize(("method", "path", "status"), [
    ("get", "/nothing", 404), ("get", "/chat/../../etc/passwd", 404), ("put", "/chat", 405), ("delete", "/webhooks/rest/webhook", 405),
    ("get", "/static/../askfirst/settings.py", 404), ("get", "/webhooks/none/webhook", 404), ("get", "/conversations/x/tracker", 404),
    ("get", "/model", 404), ("get", "/%00", 404), ("get", "/chat?token=abc", 200),
])
def test_other_addresses(server: Server, method: str, path: str, status: int) -> None:
    response = requests.request(method, server.url + path, timeout=10)
    assert response.status_code == status
    if status != 200:
        assert "01632 960 120" in response.text


def test_a_choice_that_was_never_offered_here_is_refused(server: Server) -> None:
    mine, other = conversation(), conversation()
    offered = server.say("can massage help my pain", other)[-1]["buttons"][0]["choice"]
    for choice in ("topic:low_platelets", "", "x" * 63, "x" * 5000, "urgent:called", offered):
        reply = server.choose(choice, mine)[-1]
        assert reply["topics"] == ["old_choice"], (choice, reply)
    assert server.choose(offered, other)[-1]["kind"] == "answer"


def test_two_conversations_never_mix(server: Server) -> None:
    first, second = conversation(), conversation()
    server.say("I have lymphoedema in my arm", first)
    reply = server.say("can I have a massage", second)[-1]
    assert "lymphoedema" not in reply["topics"]
    assert "lymphoedema" in server.say("can I have a massage", first)[-1]["topics"]
