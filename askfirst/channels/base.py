"""What all channels share: collecting replies, ids of choices, tokens, and requests read with clear errors."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

import jwt
from rasa.core.channels.channel import OutputChannel, UserMessage
from sanic.request import Request

from askfirst.agent import AskFirstAgent, choice_data
from askfirst.channels.choices import chosen, offer
from askfirst.content.failures import failure_reply
from askfirst.content.reply import Reply
from askfirst.state import StateStore, StateUnavailable

TOKEN_SECONDS = 12 * 3600


class BadRequest(Exception):
    """A request that cannot be taken: HTTP status and a reason that says what to do."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class CollectingReplies(OutputChannel):
    """Collects the replies of one turn, with an id for each choice."""

    def __init__(self, name: str, state: StateStore | None) -> None:
        """Args: name of the channel; state, where the choices are kept."""
        self._name = name
        self._state = state
        self.replies: list[Reply] = []

    def name(self) -> str:  # type: ignore[override]
        """Name of the channel."""
        return self._name

    async def send_reply(self, recipient_id: str, reply: Reply) -> None:
        """Keep one reply."""
        self.replies.append(await offer(self._state, recipient_id, reply))


async def ask(
    agent: AskFirstAgent,
    sender_id: str,
    channel: str,
    *,
    text: str = "",
    choice_id: str | None = None,
    refuse: str | None = None,
) -> tuple[str, list[Reply]]:
    """One turn: hand a text or a choice to the agent and collect its replies.

    Args: sender_id, the conversation; channel, its name; text or choice_id; refuse, a key of failures.TEXTS that is said
    instead of an answer unless the text is urgent.
    Returns: what the person said (a choice's title for a choice), and at least one reply.
    """
    out = CollectingReplies(channel, agent.state)
    message = UserMessage(text, out, sender_id, input_channel=channel, metadata={"refuse": refuse} if refuse else {})
    if choice_id is not None:
        try:
            choice = await chosen(agent.state, sender_id, choice_id)
        except StateUnavailable:
            return "", [failure_reply("failed", agent.clinic())]
        if choice is None:
            return "", [failure_reply("old_choice", agent.clinic())]
        message.parse_data = choice_data(choice[0])
        message.text = text = choice[1]
    await agent.handle_message(message)
    return text, out.replies or [failure_reply("failed", agent.clinic())]


def new_token(secret: str, sender_id: str | None = None, now: float | None = None) -> tuple[str, str]:
    """A signed, expiring token for a conversation whose id the server makes. Returns: (id, token)."""
    sender_id = sender_id or secrets.token_urlsafe(18)
    issued = int(now if now is not None else time.time())
    return sender_id, jwt.encode({"sub": sender_id, "exp": issued + TOKEN_SECONDS}, secret, algorithm="HS256")


def read_token(secret: str, token: str) -> str:
    """The conversation's id of a token. Errors: BadRequest 401 for one that is missing, expired or not ours."""
    if not token:
        raise BadRequest(401, "The conversation's token is missing. Open the page again to start a new conversation.")
    try:
        return str(jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["sub", "exp"]})["sub"])
    except jwt.ExpiredSignatureError:
        raise BadRequest(401, "This conversation has ended. Open the page again to start a new one.") from None
    except jwt.InvalidTokenError:
        raise BadRequest(401, "The conversation's token is not valid. Open the page again to start a new conversation.") from None


def json_body(request: Request, limit: int) -> dict[str, Any]:
    """The JSON object of a request. Errors: BadRequest 415, 413 or 400 with a reason."""
    if request.content_type.split(";")[0].strip().lower() != "application/json" if request.content_type else True:
        raise BadRequest(415, "Send JSON: the content type must be application/json.")
    if len(request.body) > limit:
        raise BadRequest(413, f"The request is larger than {limit} bytes.")
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadRequest(400, "The body is not valid JSON.") from None
    if not isinstance(data, dict):
        raise BadRequest(400, "The body must be a JSON object.")
    return data
