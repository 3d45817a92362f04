"""REST, with stock Rasa's request shape: POST /webhooks/rest/webhook {sender, message | choice}.

It trusts its caller, so it is open in demo mode on loopback only (tests and benchmarks use it so). Elsewhere it needs
`Authorization: Bearer <ASKFIRST_REST_SECRET>`, and is off while that is not set.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from askfirst.channels.base import BadRequest, ask, json_body

MAX_BODY = 64 * 1024
MAX_SENDER = 128


class RestChannel(InputChannel):
    """The REST channel."""

    @classmethod
    def name(cls) -> str:
        """Its name, which is also its place under /webhooks/."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Routes: GET / for a look whether it is on, POST /webhook for a message."""
        routes = Blueprint("rest_channel")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return json_response({"channel": "rest", "on": _is_open(request) or bool(request.app.ctx.settings.rest_secret)})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            _authorise(request)
            data = json_body(request, MAX_BODY)
            sender, text, choice = data.get("sender"), data.get("message"), data.get("choice")
            if not isinstance(sender, str) or not sender.strip() or len(sender) > MAX_SENDER or "\0" in sender:
                raise BadRequest(400, f"'sender' must be a text of 1 to {MAX_SENDER} characters that names the conversation.")
            if choice is not None and (not isinstance(choice, str) or text is not None):
                raise BadRequest(400, "Send 'message' or 'choice' (a text), not both.")
            if choice is None and not isinstance(text, str):
                raise BadRequest(400, "'message' must be a text.")
            _, replies = await ask(request.app.ctx.agent, f"rest:{sender}", "rest", text=text or "", choice_id=choice)
            return json_response([{"recipient_id": sender, "custom": reply.as_dict()} for reply in replies])

        return routes


def _is_open(request: Request) -> bool:
    """Demo mode, which listens on loopback only, and a caller on this machine."""
    return request.app.ctx.demo and request.ip in ("127.0.0.1", "::1")


def _authorise(request: Request) -> None:
    if _is_open(request):
        return
    secret = request.app.ctx.settings.rest_secret
    if not secret:
        raise BadRequest(403, "The REST channel is off: ASKFIRST_REST_SECRET is not set.")
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
        raise BadRequest(401, "Send 'Authorization: Bearer ...' with the shared secret.")
