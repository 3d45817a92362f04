"""Choices: what a button stands for is kept in the state store; the button itself carries only an opaque id.

An id counts in the conversation to which it was offered and nowhere else; one that was never offered there is refused.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from askfirst import logs
from askfirst.content.reply import Button, Reply
from askfirst.state import StateStore, StateUnavailable, conversation_key

log = logs.get_logger("askfirst.channels.choices")
NAMESPACE = "choice"
TTL_SECONDS = 24 * 3600.0


async def offer(state: StateStore | None, sender_id: str, reply: Reply) -> Reply:
    """Give each button of a reply an id. Without a working state store the reply goes out without buttons."""
    if not reply.buttons:
        return reply
    if state is None:
        return replace(reply, buttons=())
    buttons = []
    try:
        for button in reply.buttons:
            choice_id = secrets.token_urlsafe(9)
            await state.put(NAMESPACE, f"{conversation_key(sender_id)}:{choice_id}", {"choice": button.choice, "title": button.title}, TTL_SECONDS)
            buttons.append(Button(button.title, choice_id))
    except StateUnavailable:
        log.error("choices_not_stored")
        return replace(reply, buttons=())
    return replace(reply, buttons=tuple(buttons))


async def chosen(state: StateStore | None, sender_id: str, choice_id: str) -> tuple[str, str] | None:
    """What an id stands for in this conversation: (payload, title), or None when it was never offered there.

    Errors: StateUnavailable.
    """
    if state is None or not choice_id or len(choice_id) > 64:
        return None
    value = await state.get(NAMESPACE, f"{conversation_key(sender_id)}:{choice_id}")
    return (value["choice"], value["title"]) if value else None
