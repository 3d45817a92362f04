"""The plain page at /chat: forms only, no JavaScript, no cookie. The conversation is on the server; a signed token in the form
names it. It is the fallback of the widget, so it stays complete by itself."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from askfirst import logs
from askfirst.agent import MAX_CHARS
from askfirst.channels.base import TOKEN_SECONDS, BadRequest, ask, new_token, read_token
from askfirst.content.clinic import clinic_view
from askfirst.content.reply import Reply
from askfirst.pages.render import ChatView, Turn, chat_page, message_page
from askfirst.privacy import mask
from askfirst.state import StateUnavailable, conversation_key
from askfirst.store import StoreUnavailable

log = logs.get_logger("askfirst.channels.page")
# A person reads and types; a program does not wait. Counted for each conversation.
MESSAGES_A_MINUTE = 20
SUGGESTIONS = ("Is massage OK for me?", "Can massage help with pain?", "I have a port or PICC line", "Can I have deep tissue massage on chemo?")
_IS_OFF = "The chat is off: this server has no ASKFIRST_SECRET, which it needs outside demo mode. Please call the clinic."


class PageChannel(InputChannel):
    """GET and POST /chat."""

    @classmethod
    def name(cls) -> str:
        """Its name in logs and trackers."""
        return "page"

    @classmethod
    def url_prefix(cls) -> str:
        """An absolute path: the page is not a webhook."""
        return "/chat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Routes: GET a new conversation; POST a message, a choice, `do=restart` or `do=erase`."""
        routes = Blueprint("page_channel")

        @routes.route("/", methods=["GET"], strict_slashes=False)
        async def open_page(request: Request) -> HTTPResponse:
            if not request.app.ctx.secret:
                return _off(request)
            _, token = new_token(request.app.ctx.secret)
            return html(chat_page(_view(request, token, ())))

        @routes.route("/", methods=["POST"], strict_slashes=False)
        async def receive(request: Request) -> HTTPResponse:
            if not request.app.ctx.secret:
                return _off(request)
            return await _turn(request)

        return routes


def _off(request: Request) -> HTTPResponse:
    clinic = clinic_view(request.app.ctx.clinic())
    return html(message_page("The chat is off", _IS_OFF, clinic, request.app.ctx.settings.base_path), status=503)


def _view(request: Request, token: str, turns: tuple[Turn, ...], **more: Any) -> ChatView:
    last = next((t.reply for t in reversed(turns) if t.reply), None)
    choices = tuple((b["choice"], b["title"]) for b in (last or {}).get("buttons", ())) if turns and turns[-1].reply else ()
    return ChatView(
        clinic=clinic_view(request.app.ctx.clinic()),
        turns=turns,
        token=token,
        nonce=secrets.token_urlsafe(9),
        choices=choices,
        suggestions=() if turns else SUGGESTIONS,
        max_chars=MAX_CHARS,
        base_path=request.app.ctx.settings.base_path,
        **more,
    )


def _form(request: Request) -> dict[str, str]:
    """The form's fields. Errors: BadRequest 415, 400."""
    kind = (request.content_type or "").split(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise BadRequest(415, "Send the form of the page: its content type is application/x-www-form-urlencoded.")
    try:
        fields = request.form
        return {name: str(values[0]) for name, values in (fields or {}).items() if values}
    except (ValueError, UnicodeError):
        raise BadRequest(400, "The form could not be read.") from None


async def _turn(request: Request) -> HTTPResponse:
    app = request.app
    form = _form(request)
    sender = read_token(app.ctx.secret, form.get("token", ""))
    conversation = f"page:{sender}"
    agent = app.ctx.agent
    if form.get("do") in ("restart", "erase"):
        return await _end(request, conversation, form["do"])
    text, choice = form.get("text", "").replace("\r\n", "\n"), form.get("choice") or None
    nonce = form.get("nonce", "")
    before = await _transcript(request, conversation)
    # The same form sent twice (a double click, "back" and "send", a reload) is one message.
    if nonce and not await _first_time(agent.state, conversation, nonce):
        turns = before or (Turn("assistant", reply=_nothing_new(request).as_dict()),)
        return html(chat_page(_view(request, form["token"], turns)))
    if choice is None and not text.strip() and before:
        return html(chat_page(_view(request, form["token"], before, error="I did not see any words. Please write a few words.")))
    refuse = "slow_down" if await _too_many(agent.state, conversation) else None
    said, replies = await ask(agent, conversation, "page", text=text, choice_id=choice, refuse=refuse)
    if any(r.topics == ("erased",) for r in replies):
        before = ()
        shown = ""
    else:
        shown = said if choice else mask(said)
    own = (Turn("patient", text=shown),) if shown.strip() else ()
    turns = (*before, *own, *(Turn("assistant", reply=r.as_dict()) for r in replies))
    draft = text if any(r.topics and r.topics[0] in ("busy", "failed", "not_ready", "slow_down", "too_long") for r in replies) else ""
    # The conversation goes on with a fresh token, so that it does not end in the middle.
    _, token = new_token(app.ctx.secret, sender)
    return html(chat_page(_view(request, token, turns, draft=draft[:MAX_CHARS])))


def _nothing_new(request: Request) -> Reply:
    return Reply(kind="fallback", text="This message was sent already. Please write a new one.", topics=("sent_already",))


async def _transcript(request: Request, conversation: str) -> tuple[Turn, ...]:
    """What was said so far, as stored (masked). Nothing when the store cannot be read: the turn itself says so."""
    transcript = getattr(request.app.ctx.agent.tracker_store, "transcript", None)
    if transcript is None:
        return ()
    try:
        stored = await transcript(conversation)
    except StoreUnavailable:
        log.error("transcript_not_read")
        return ()
    turns = []
    for item in stored:
        if item["who"] == "patient":
            turns.append(Turn("patient", text=item.get("text") or ""))
        elif item.get("reply"):
            turns.append(Turn("assistant", reply={**item["reply"], "buttons": []}))
    return tuple(turns)


async def _first_time(state: Any, conversation: str, nonce: str) -> bool:
    """True unless this form was taken already. Without a state store every form counts as new: asking twice beats silence."""
    if state is None:
        return True
    try:
        return await state.put_if_absent("page", f"{conversation_key(conversation)}:{nonce[:64]}", 1, TOKEN_SECONDS)
    except StateUnavailable:
        return True


async def _too_many(state: Any, conversation: str) -> bool:
    if state is None:
        return False
    try:
        return await state.increment("rate", conversation_key(conversation), 60.0) > MESSAGES_A_MINUTE
    except StateUnavailable:
        return False


async def _end(request: Request, conversation: str, do: str) -> HTTPResponse:
    """Start again, or delete and start again: a new conversation either way; only 'erase' deletes the old one."""
    app = request.app
    title = ""
    if do == "erase":
        try:
            await app.ctx.agent.erase(conversation)
            title = "erased"
        except (StoreUnavailable, StateUnavailable):
            clinic = app.ctx.clinic()
            contact = clinic.privacy_contact or clinic.slot("clinic_phone")
            text = (
                "Sorry, what you wrote could not be deleted now. Please try again in a minute. "
                f"It is deleted by itself after {app.ctx.settings.retention_hours:g} hours. You can also ask {contact}."
            )
            return html(message_page("Not deleted yet", text, clinic_view(clinic), app.ctx.settings.base_path), status=503)
    _, token = new_token(app.ctx.secret)
    turns: tuple[Turn, ...] = ()
    if title:
        erased = Reply(kind="smalltalk", text="What you wrote is deleted. You can start again at any time.", topics=("erased",))
        turns = (Turn("assistant", reply=erased.as_dict()),)
    return html(chat_page(_view(request, token, turns)))
