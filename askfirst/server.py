"""`askfirst serve`: our own Sanic application (Rasa's owns GET /), with Rasa's channels on it.

/health says that the process lives; /ready that it can answer: a release is loaded, the store works, a test message was
understood. Rasa's HTTP API is not part of it.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from functools import partial
from typing import Any

from rasa.core.channels.channel import register
from rasa.shared.utils.common import class_from_module_path
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic
from sanic.exceptions import PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw
from sanic.response import json as json_response

from askfirst import logs
from askfirst.agent import AskFirstAgent
from askfirst.channels.base import BadRequest
from askfirst.content.clinic import clinic_view
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.locks import SharedLocks
from askfirst.pages.render import css, demo_page, message_page
from askfirst.pages.topics import has_page, render_index, render_topic
from askfirst.runtime import live_clinic
from askfirst.settings import Settings, SettingsError, settings
from askfirst.state import open_state
from askfirst.store import AskFirstTrackerStore
from askfirst.watcher import ReleaseWatcher

log = logs.get_logger("askfirst.server")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MAX_REQUEST = 512 * 1024
PURGE_SECONDS = 600.0
READY_SECONDS = 5.0
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "interest-cohort=()",
    "X-Robots-Tag": "noindex",
}


def create_app(config: Settings | None = None, name: str = "askfirst") -> Sanic:
    """Build the application. Nothing is loaded before it starts.

    Errors: SettingsError, ContentError (clinic.yml) with what to do.
    """
    config = config or settings()
    logs.configure(config.log_level, config.log_json)
    clinic = partial(live_clinic, config.clinic_file)
    mode = clinic().mode
    demo = mode == "demo"
    if demo and config.host not in LOOPBACK:
        raise SettingsError(
            f"demo mode listens on this machine only, not on {config.host}: set mode: pilot or production in data/clinic.yml, "
            "or leave ASKFIRST_HOST empty"
        )
    if mode == "production" and not config.secret:
        raise SettingsError("production mode needs ASKFIRST_SECRET: at least 32 random characters (docs/operations.md)")
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_REQUEST
    app.config.REQUEST_TIMEOUT = 30
    app.config.RESPONSE_TIMEOUT = 60
    app.config.KEEP_ALIVE_TIMEOUT = 65
    app.config.ACCESS_LOG = False
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.settings, app.ctx.clinic, app.ctx.demo = config, clinic, demo
    # Outside demo mode the secret must be given: with several processes each would otherwise sign with its own.
    app.ctx.secret = config.secret or (secrets.token_urlsafe(32) if demo else "")
    app.ctx.agent = None
    app.ctx.ready = (0.0, {})
    _routes(app)
    _errors(app)
    register(channels(config), app, route="/webhooks/")
    app.register_listener(_start, "before_server_start")
    app.register_listener(_stop, "after_server_stop")
    app.register_middleware(_headers, "response")
    return app


def channels(config: Settings) -> list[Any]:
    """The channels of credentials.yml. Errors: SettingsError names a channel that cannot be made."""
    data, problems = read_yaml(config.root / "credentials.yml", config.root)
    if problems:
        raise SettingsError(str(problems[0]))
    out = []
    for path, credentials in (plain(data) or {}).items():
        try:
            out.append(class_from_module_path(path).from_credentials(credentials))
        except (ImportError, AttributeError, ValueError) as error:
            raise SettingsError(f"credentials.yml: the channel '{path}' cannot be made ({error}); correct its name or remove it") from error
    return out


def make_agent(config: Settings, clinic: Any) -> AskFirstAgent:
    """The agent with the stores of the settings; no release is loaded yet."""
    locks = SharedLocks(open_state(config.lock_url), config.turn_seconds + 10) if config.lock_url else None
    return AskFirstAgent(
        tracker_store=AskFirstTrackerStore(url=config.store_url, retention_hours=config.retention_hours),
        state=open_state(config.state_url),
        clinic=clinic,
        red_flags_file=config.red_flags_file,
        shared_locks=locks,
        action_endpoint=EndpointConfig(config.actions_url) if config.actions_url else None,
        nlu_seconds=config.nlu_seconds,
        turn_seconds=config.turn_seconds,
    )


async def _start(app: Sanic, loop: Any) -> None:
    app.ctx.agent = make_agent(app.ctx.settings, app.ctx.clinic)
    app.ctx.watcher = ReleaseWatcher(app.ctx.agent)
    await app.ctx.watcher.look()
    app.ctx.tasks = [loop.create_task(app.ctx.watcher.follow()), loop.create_task(_purge_for_ever(app))]
    if app.ctx.watcher.problem:
        log.warning("not_ready")


async def _stop(app: Sanic, loop: Any) -> None:
    for task in getattr(app.ctx, "tasks", ()):
        task.cancel()
    agent = app.ctx.agent
    if agent is not None:
        agent.close()
        await agent.tracker_store.close()
        if agent.state is not None:
            await agent.state.close()


async def _purge_for_ever(app: Sanic) -> None:
    """Delete what has expired, every ten minutes, beginning at the start."""
    while True:
        agent = app.ctx.agent
        try:
            gone = await agent.tracker_store.purge()
            if agent.state is not None:
                await agent.state.purge()
            if gone:
                log.info("purged", count=gone)
        except Exception as error:
            log.error("purge_failed", error=type(error).__name__)
        await asyncio.sleep(PURGE_SECONDS)


def _routes(app: Sanic) -> None:
    base = app.ctx.settings.base_path

    @app.route("/", methods=["GET"])
    async def home(request: Request) -> HTTPResponse:
        return html(demo_page(clinic_view(app.ctx.clinic()), base))

    @app.route("/topics", methods=["GET"])
    async def topics(request: Request) -> HTTPResponse:
        content = app.ctx.agent.content
        return html(render_index(content.knowledge, app.ctx.clinic(), base)) if content else _no_topics_yet(request)

    @app.route("/topic/<entry_id:str>", methods=["GET"])
    async def topic(request: Request, entry_id: str) -> HTTPResponse:
        content = app.ctx.agent.content
        if content is None:
            return _no_topics_yet(request)
        entry = content.knowledge.entries.get(entry_id)
        if entry is None or not has_page(entry):
            return _error(request, 404, "Page not found", "There is no topic at this address. All topics stand at /topics.")
        return html(render_topic(entry, content.knowledge, app.ctx.clinic(), content.red_flags, base))

    @app.route("/static/askfirst.css", methods=["GET"])
    async def style(request: Request) -> HTTPResponse:
        return raw(css(), content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"})

    @app.route("/health", methods=["GET"])
    async def health(request: Request) -> HTTPResponse:
        return json_response({"alive": True})

    @app.route("/ready", methods=["GET"])
    async def ready(request: Request) -> HTTPResponse:
        state = await _readiness(app)
        return json_response(state, status=200 if state["ready"] else 503)


async def _readiness(app: Sanic) -> dict[str, Any]:
    """Can this process answer? Worked out at most every five seconds, so that a probe costs nothing."""
    checked, known = app.ctx.ready
    if known and time.monotonic() - checked < READY_SECONDS and known["ready"]:
        return known
    agent, watcher = app.ctx.agent, app.ctx.watcher
    reasons = []
    if agent.release is None:
        reasons.append(watcher.problem or "no release is loaded")
    try:
        await asyncio.wait_for(agent.tracker_store.ping(), 4)
    except Exception as error:
        reasons.append(f"the conversation store does not answer ({type(error).__name__})")
    try:
        if agent.state is not None:
            await asyncio.wait_for(agent.state.ping(), 4)
    except Exception as error:
        reasons.append(f"the state store does not answer ({type(error).__name__})")
    if agent.release is not None and not await agent.self_test():
        reasons.append("a test message was not understood")
    state = {
        "ready": not reasons,
        "reasons": reasons,
        "release": agent.release.version if agent.release else None,
        "mode": app.ctx.clinic().mode,
    }
    app.ctx.ready = (time.monotonic(), state)
    return state


def _wants_page(request: Request) -> bool:
    return not request.path.startswith(("/webhooks/", "/ready", "/health"))


def _no_topics_yet(request: Request) -> HTTPResponse:
    return _error(request, 503, "Not ready yet", "This page is not ready yet. Please try again in a minute, or call the clinic.")


def _error(request: Request, status: int, title: str, reason: str) -> HTTPResponse:
    """An error as a page or as JSON, with the clinic's phone number."""
    clinic = request.app.ctx.clinic()
    if _wants_page(request):
        return html(message_page(title, reason, clinic_view(clinic), request.app.ctx.settings.base_path), status=status)
    phone = clinic.phones.get("clinic_phone")
    return json_response({"error": reason, "phone": phone.number if phone else None}, status=status)


def _errors(app: Sanic) -> None:
    @app.exception(BadRequest)
    async def refused(request: Request, error: BadRequest) -> HTTPResponse:
        return _error(request, error.status, "That did not work", error.reason)

    @app.exception(PayloadTooLarge)
    async def too_large(request: Request, error: PayloadTooLarge) -> HTTPResponse:
        return _error(request, 413, "That is too long", "What was sent is too large. Please send up to 2,000 characters.")

    @app.exception(SanicException)
    async def http_error(request: Request, error: SanicException) -> HTTPResponse:
        status = getattr(error, "status_code", 500) or 500
        if status == 404:
            return _error(request, 404, "Page not found", "There is no page at this address.")
        if status == 405:
            return _error(request, 405, "That did not work", "This address does not take that kind of request.")
        if status >= 500:
            return _unexpected(request, error)
        return _error(request, status, "That did not work", "The request could not be read.")

    @app.exception(Exception)
    async def unexpected(request: Request, error: Exception) -> HTTPResponse:
        return _unexpected(request, error)


def _unexpected(request: Request, error: Exception) -> HTTPResponse:
    log.error("request_failed", error=type(error).__name__, status=503)
    return _error(request, 503, "Something went wrong", "Something went wrong on our side. Please try again, or call the clinic.")


async def _headers(request: Request, response: HTTPResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
