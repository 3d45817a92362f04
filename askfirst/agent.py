"""Rasa's Agent with the urgent screen before everything else, and a reply for every way in which a turn can fail.

One of the three places where Rasa itself is extended. The order in `handle_message` is guarantee G2: the screen looks at the
raw text before lock, store and model, and its reply comes out when all three are missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
import unicodedata
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.utils.endpoints import EndpointConfig

from actions.registry import Executor
from askfirst import logs
from askfirst.content.clinic import Clinic
from askfirst.content.failures import failure_reply
from askfirst.content.reply import Reply
from askfirst.content.urgent import LAST_RESORT_ID, call_anyway, foreign_reply, urgent_reply, waiting_reply
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.locks import SharedLocks
from askfirst.processor import AskFirstProcessor, UnderstandingTimeout
from askfirst.release import Release
from askfirst.runtime import Content, use_content
from askfirst.safety import reaction
from askfirst.safety.languages import Languages, read_languages, sentence
from askfirst.safety.screen import Hit, Screen
from askfirst.state import StateStore, StateUnavailable, conversation_key
from askfirst.store import StoreUnavailable

log = logs.get_logger("askfirst.agent")
MAX_CHARS = 2000
# Safety mode lasts as long as a session without a message (domain.yml, session_expiration_time).
SAFETY_SECONDS = 3600.0
# How long an urgent turn may last beyond its reply so that safety mode is known to every process.
SAFETY_WAIT_SECONDS = 0.5
RECORD_SECONDS = 3.0
SELF_TEST = "Can I have a massage?"
# A single word behind a slash is a command of Rasa's; here it is a text that nobody understands.
_COMMAND = re.compile(r"^\s*/+\s*\w+\s*(?:\{.*\})?\s*$", re.S)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.I)

class AskFirstAgent(Agent):
    """Screens, then answers. Holds the content of the current release and swaps it in place."""

    def __init__(
        self,
        *,
        tracker_store: TrackerStore,
        state: StateStore | None,
        clinic: Callable[[], Clinic],
        red_flags_file: Path,
        shared_locks: SharedLocks | None = None,
        action_endpoint: EndpointConfig | None = None,
        nlu_seconds: float = 5.0,
        turn_seconds: float = 15.0,
    ) -> None:
        """Args: the stores; shared_locks, when several processes share conversations; clinic, gives the live settings; red_flags_file, screened with while no release is loaded;
        action_endpoint, of a separate action server, None for in-process actions; limits in seconds."""
        self.content: Content | None = None
        self.release: Release | None = None
        self.state = state
        self.clinic = clinic
        self._nlu_seconds = nlu_seconds
        self._turn_seconds = turn_seconds
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="understanding")
        self._executor = Executor()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._pending: dict[str, asyncio.Task] = {}
        self._own_safety: dict[str, tuple[float, dict[str, Any]]] = {}
        data = read_yaml(red_flags_file)[0]
        self._base_flags: dict[str, Any] = plain(data) if data else {}
        self._base_screen = _screen_or_none(self._base_flags)
        self._base_languages = Languages(read_languages(red_flags_file.with_name("languages.yml"))[0])
        self._shared_locks = shared_locks
        super().__init__(tracker_store=tracker_store, action_endpoint=action_endpoint)

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Any) -> TrackerStore:
        """The store itself: Rasa's FailSafeTrackerStore takes a read error for a new conversation (G5 forbids that)."""
        if store is None:
            return InMemoryTrackerStore(domain)
        store.domain = domain
        return store

    # Loading and swapping

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a bare model file (Rasa's own commands do this): content comes from the release that the pointer names."""
        self.processor = self._make_processor(Path(model_path), self.content, self.tracker_store)
        self._adopt()

    async def load_release(self, release: Release) -> None:
        """Load a release, try it with one message, and swap it in. The one before stays when this fails.

        Errors: ReleaseError, or whatever the model raises; nothing has changed then.
        """
        loop = asyncio.get_running_loop()
        content = await loop.run_in_executor(None, release.content)
        probe_store = InMemoryTrackerStore(self.domain)
        processor = await loop.run_in_executor(None, self._make_processor, release.model, content, probe_store)
        probe_store.domain = processor.domain
        await self._self_test(processor, content)
        processor.tracker_store = self.tracker_store
        self.content, self.release, self.processor = content, release, processor
        self._adopt()

    def _make_processor(self, model: Path, content: Content | None, store: TrackerStore) -> AskFirstProcessor:
        return AskFirstProcessor(
            model_path=model,
            tracker_store=store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            content=content,
            clinic=self.clinic,
            executor=self._executor,
            pool=self._pool,
            nlu_seconds=self._nlu_seconds,
        )

    def _adopt(self) -> None:
        assert self.processor is not None
        self.domain = self.processor.domain
        self.tracker_store.domain = self.domain

    async def _self_test(self, processor: AskFirstProcessor, content: Content) -> None:
        use_content(content)
        channel = _Counting(CollectingOutputChannel())
        await processor.handle_message(UserMessage(SELF_TEST, channel, "self-test", input_channel="self-test"))
        said = [m for m in channel.messages if (m.get("custom") or {}).get("kind") == "answer"]
        if not said:
            raise RuntimeError("the release did not answer the test message")

    async def self_test(self) -> bool:
        """Does understanding work now? For /ready; parses one message, writes nothing."""
        if self.processor is None:
            return False
        try:
            parsed = await self.processor.parse_message(UserMessage(SELF_TEST, None, "self-test"))
        except Exception as error:
            log.error("self_test_failed", error=type(error).__name__)
            return False
        return bool(parsed["intent"]["name"])

    # One message

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Answer one message on its output channel. Always at least one reply; never raises for what a patient sends.

        `message.metadata` may hold {"refuse": "slow_down"}: said instead of an answer, after the screen.
        """
        inner = message.output_channel or CollectingOutputChannel()
        channel = _Counting(inner)
        message.output_channel = channel
        message.metadata = message.metadata or {}
        started = time.monotonic()
        content = self.content
        try:
            await self._answer(message, channel, content)
        except StoreUnavailable:
            await self._fail(message, channel, "failed", "store")
        except (asyncio.TimeoutError, UnderstandingTimeout):
            await self._fail(message, channel, "busy", "time_limit")
        except Exception as error:
            await self._fail(message, channel, "failed", type(error).__name__)
        log.info(
            "turn", channel=message.input_channel, kinds=channel.kinds, duration_ms=round((time.monotonic() - started) * 1000)
        )
        return inner.messages if isinstance(inner, CollectingOutputChannel) else None

    async def _answer(self, message: UserMessage, channel: _Counting, content: Content | None) -> None:
        chosen = bool(message.parse_data)
        raw = message.text or ""
        hit = None if chosen else self.screened(raw, content)
        if hit:
            await self._urgent(message, channel, hit, content)
            return
        pending = self._pending.get(message.sender_id)
        if pending is not None:
            await asyncio.wait([pending], timeout=2 * RECORD_SECONDS)
        if await self._in_safety_mode(message, channel, raw, content):
            return
        if message.metadata.get("refuse"):
            await self._say(message, channel, str(message.metadata["refuse"]))
            return
        if len(raw) > MAX_CHARS:
            await self._say(message, channel, "too_long")
            return
        if not chosen:
            message.text = readable(raw)
            if _COMMAND.match(raw):
                message.parse_data = not_understood(message.text)
            if not message.text:
                await self._say(message, channel, "nothing_written")
                return
        if self.processor is None or content is None:
            await self._say(message, channel, "not_ready")
            return
        use_content(content)
        processor = self.processor
        async with self._one_at_a_time(message.sender_id):
            await asyncio.wait_for(self._turn(processor, message), self._turn_seconds)
            if not channel.kinds:
                log.error("nothing_said")
                await self._say(message, channel, "failed")
            if channel.red_flag:
                # What the second stage found, or only the dialogue could know (a fever on treatment told earlier), starts safety mode too.
                log.info("urgent", red_flag=channel.red_flag, stage=2, channel=message.input_channel)
                await self._quietly(self._set_safety(message.sender_id, {"flag": channel.red_flag, "variant": None, "told": 0}))
            if channel.erase:
                await self.erase(message.sender_id)

    async def _turn(self, processor: Any, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            await processor.handle_message(message)

    @contextlib.asynccontextmanager
    async def _one_at_a_time(self, sender_id: str) -> AsyncIterator[None]:
        """Hold this conversation in this process and, with several processes, in all of them."""
        async with contextlib.AsyncExitStack() as held:
            await held.enter_async_context(self._own_lock(sender_id))
            if self._shared_locks is not None:
                await held.enter_async_context(self._shared_locks.lock(sender_id))
            yield

    def _own_lock(self, sender_id: str) -> asyncio.Lock:
        """A lock of this process for one conversation: waiting on it costs nothing, while Rasa's polls once a second."""
        lock = self._locks.get(sender_id)
        if lock is None:
            lock = asyncio.Lock()
            self._locks[sender_id] = lock
        return lock

    # Emergencies

    def screened(self, text: str, content: Content | None = None) -> Hit | None:
        """Stage 1: the red flag in a raw text, or None. Works without a release, a model and a store."""
        screen = (content.screen if content else None) or self._base_screen
        if screen is None:
            return None
        try:
            hit = screen.check(text).urgent
            if hit is None:
                code = (content.languages if content else self._base_languages).urgent(text)
                hit = Hit(LAST_RESORT_ID, 1, "urgent", code) if code else None
            return hit
        except Exception as error:  # a defect of the screen must not silence the assistant
            log.error("screen_failed", error=type(error).__name__)
            return None

    def _variant(self, hit: Hit, content: Content | None) -> str | None:
        """The id of another wording of the same flag, where the pattern asks for one; of R00, the language."""
        if hit.red_flag == LAST_RESORT_ID:
            return hit.why
        screen = (content.screen if content else None) or self._base_screen
        return screen.variant(hit) if screen else None

    def _urgent_reply(self, red_flag: str, variant: str | None, content: Content | None) -> Reply:
        """The full reply to a red flag, or to an emergency word of another language."""
        version = content.version if content else ""
        clinic = self.clinic()
        if red_flag == LAST_RESORT_ID and variant:
            language = (content.languages if content else self._base_languages).get(variant)
            return foreign_reply(sentence(language, clinic.mode), clinic, version)
        flags = content.red_flags if content else self._base_flags
        return urgent_reply(flags, red_flag, clinic, variant=variant, content_version=version)

    async def _urgent(self, message: UserMessage, channel: _Counting, hit: Hit, content: Content | None) -> None:
        variant = self._variant(hit, content)
        reply = self._urgent_reply(hit.red_flag, variant, content)
        await channel.send_reply(message.sender_id, reply)
        log.info("urgent", red_flag=hit.red_flag, tier=hit.tier, stage=1, channel=message.input_channel)
        mode = {"flag": hit.red_flag, "variant": variant, "told": 0}
        screen = {"red_flag": hit.red_flag, "tier": hit.tier}
        # The reply is out. Another process may get the next message at once, so safety mode is waited for, but not for long.
        safety = asyncio.get_running_loop().create_task(self._quietly(self._set_safety(message.sender_id, mode)))
        await asyncio.wait([safety], timeout=SAFETY_WAIT_SECONDS)
        self._afterwards(message.sender_id, safety, self._record(message, reply, screen))

    async def _set_safety(self, sender_id: str, mode: dict[str, Any] | None) -> None:
        # Kept in this process as well: safety mode must not end because the state store is down.
        key = conversation_key(sender_id)
        now = time.monotonic()
        self._own_safety = {k: v for k, v in self._own_safety.items() if v[0] > now and k != key}
        if mode is not None:
            self._own_safety[key] = (now + SAFETY_SECONDS, mode)
        if self.state is None:
            return
        if mode is None:
            await self.state.delete("safety", conversation_key(sender_id))
        else:
            await self.state.put("safety", conversation_key(sender_id), mode, SAFETY_SECONDS)

    async def _safety_mode(self, sender_id: str) -> dict[str, Any] | None:
        """The safety mode of a conversation as the state store has it; as this process knows it while the store is down."""
        key = conversation_key(sender_id)
        if self.state is not None:
            try:
                return await self.state.get("safety", key)
            except StateUnavailable:
                log.error("safety_mode_from_memory")
        until, mode = self._own_safety.get(key, (0.0, None))
        return mode if until > time.monotonic() else None

    async def _in_safety_mode(self, message: UserMessage, channel: _Counting, raw: str, content: Content | None) -> bool:
        """After an urgent reply: the number again, until the person says that they called or that it was a mistake."""
        mode = await self._safety_mode(message.sender_id)
        if not mode:
            return False
        choice = next((e.get("value") for e in (message.parse_data or {}).get("entities", ()) if e.get("entity") == "choice"), "")
        full = self._urgent_reply(mode["flag"], mode.get("variant"), content)
        said = choice.removeprefix("urgent:") if choice.startswith("urgent:") else None if choice else reaction.reaction(raw)
        if said in (reaction.MISTAKE, reaction.CALLED):
            await self._quietly(self._set_safety(message.sender_id, None))
            if content is None:
                await self._say(message, channel, "not_ready")
                return True
            message.parse_data = choice_data(f"urgent:{said}")
            return False
        if said in (reaction.WILL_WAIT, reaction.CANNOT_CALL, reaction.NO_ANSWER):
            reply = call_anyway(full, said, self.clinic(), content.knowledge if content else None)
        else:
            reply = full if mode["told"] == 0 or said == reaction.NUMBER else waiting_reply(full, self.clinic())
        await channel.send_reply(message.sender_id, reply)
        if said is None:  # the first time that somebody carries on, the route comes again; later one short line
            mode = {**mode, "told": mode["told"] + 1}
        self._afterwards(message.sender_id, self._set_safety(message.sender_id, mode), self._record(message, reply, None))
        return True

    async def _record(self, message: UserMessage, reply: Reply, screen: dict[str, Any] | None) -> None:
        """Add an urgent turn to the stored conversation, so that staff and the page's history see it."""
        if self.processor is None:
            return
        async with self._one_at_a_time(message.sender_id), self.lock_store.lock(message.sender_id):
            tracker = await self.processor.fetch_tracker_and_update_session(message.sender_id, message.output_channel)
            parsed = {"intent": {"name": "urgent", "confidence": 1.0}, "entities": [], "text": message.text, "screen": screen}
            tracker.update_with_events(
                [
                    UserUttered(message.text or "", parsed["intent"], [], parsed, input_channel=message.input_channel),
                    ActionExecuted("action_urgent"),
                    BotUttered(None, {"custom": reply.as_dict()}),
                    ActionExecuted("action_listen"),
                ],
                self.domain,
            )
            await self.tracker_store.save(tracker)

    def _afterwards(self, sender_id: str, *works: Any) -> None:
        """Keep the books of an urgent turn without delaying its reply. The person's next message waits for it, briefly."""
        before = self._pending.get(sender_id)

        async def run() -> None:
            if before is not None:
                await asyncio.wait([before], timeout=RECORD_SECONDS)
            for work in works:
                await self._quietly(work)
            if self._pending.get(sender_id) is task:
                del self._pending[sender_id]

        task = asyncio.get_running_loop().create_task(run())
        self._pending[sender_id] = task

    async def _quietly(self, work: Any) -> None:
        """Do something that must not stop or delay an urgent reply."""
        try:
            await asyncio.wait_for(work, RECORD_SECONDS)
        except Exception as error:
            log.error("urgent_bookkeeping_failed", error=type(error).__name__)

    # Failures and endings

    async def _say(self, message: UserMessage, channel: _Counting, which: str) -> None:
        reply = failure_reply(which, self.clinic(), self.content.version if self.content else "")
        await channel.send_reply(message.sender_id, reply)

    async def _fail(self, message: UserMessage, channel: _Counting, which: str, error: str) -> None:
        log.error("turn_failed", error=error, channel=message.input_channel)
        if not channel.kinds:  # what was said already stands; a second, contrary message would confuse
            try:
                await self._say(message, channel, which)
            except Exception as send_error:
                log.error("reply_not_sent", error=type(send_error).__name__)

    async def erase(self, sender_id: str) -> None:
        """Delete a conversation and its short-lived state. Errors: StoreUnavailable, StateUnavailable."""
        erase = getattr(self.tracker_store, "erase", None)
        if erase is not None:
            await erase(sender_id)
        self._own_safety.pop(conversation_key(sender_id), None)
        if self.state is not None:
            await self.state.delete("safety", conversation_key(sender_id))
            await self.state.delete_prefix("choice", f"{conversation_key(sender_id)}:")

    def close(self) -> None:
        """Stop the worker threads (those that hang are left behind)."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Counting(OutputChannel):
    """Passes replies on and remembers which kinds were sent, so that a silent turn is noticed (G5)."""

    def __init__(self, inner: OutputChannel) -> None:
        self.inner = inner
        self.kinds: list[str] = []
        self.erase = False
        self.red_flag: str | None = None

    def name(self) -> str:  # type: ignore[override]
        """Name of the channel that is wrapped."""
        return self.inner.name()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What a collecting channel has collected."""
        return getattr(self.inner, "messages", [])

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Rasa's way in: one bot message. Only Replies are known; a plain text (a stray response) is sent as smalltalk."""
        custom = message.get("custom")
        reply = Reply.from_dict(custom) if custom else Reply(kind="smalltalk", text=str(message.get("text") or "…"))
        await self.send_reply(recipient_id, reply)

    async def send_reply(self, recipient_id: str, reply: Reply) -> None:
        """Send one reply."""
        own = getattr(self.inner, "send_reply", None)
        if own is not None:
            await own(recipient_id, reply)
        else:
            await self.inner.send_custom_json(recipient_id, reply.as_dict())
        self.kinds.append(reply.kind)
        self.red_flag = self.red_flag or reply.red_flag
        if reply.topics == ("erased",):
            self.erase = True


def readable(raw: str) -> str:
    """A patient's text as the pipeline may see it: no control characters, no web address, no command.

    Rasa takes text that begins with '/' (after spaces) for a command on every channel; here it is text and nothing else.
    Invisible marks (zero-width, right-to-left) are left out, so that they part no word.
    """
    text = "".join(
        " " if (kind := unicodedata.category(c)) in ("Cc", "Zl", "Zp") and c not in "\n\t" else "" if kind in ("Cf", "Cs", "Co", "Cn") else c
        for c in raw
    )
    return _ADDRESS.sub(" ", text).strip().lstrip("/ \t\n")


def not_understood(text: str) -> dict[str, Any]:
    """The parse data of a text that is known not to be understood: a command of Rasa's, another script."""
    return {"text": text, "intent": {"name": "nlu_fallback", "confidence": 1.0}, "entities": []}


def choice_data(choice: str) -> dict[str, Any]:
    """The parse data of a choice (a button): understood without the model."""
    return {
        "text": "",
        "intent": {"name": "choice", "confidence": 1.0},
        "entities": [{"entity": "choice", "value": choice, "start": 0, "end": 0}],
    }


def _screen_or_none(data: dict[str, Any]) -> Screen | None:
    try:
        return Screen(data) if data else None
    except Exception as error:
        log.error("screen_not_loaded", error=type(error).__name__)
        return None
