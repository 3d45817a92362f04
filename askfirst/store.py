"""Conversations on disk: masked as they are written, read back at a cost that does not grow, gone when erased or old.

One Rasa tracker store for SQLite and PostgreSQL. endpoints.yml:

    tracker_store:
      type: askfirst.store.AskFirstTrackerStore
      url: postgresql://user:password@host/database   # or sqlite:///...; left out: ASKFIRST_STORE_URL
      max_events: 80                                   # how much of a conversation later turns see
      retention_hours: 24                              # left out: ASKFIRST_RETENTION_HOURS

Rows are events, appended; nothing stored is rewritten. The first event of each turn also carries what the conversation
had remembered until then (slots, form): so a reader may begin at any turn and lose nothing but the older events
themselves. A failed read raises: a tracker store that returns None for it makes Rasa greet the patient as new. Rasa's
`Agent` wraps its store in a `FailSafeTrackerStore` that does just this, so ours must be used unwrapped.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import json
import numbers
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from askfirst import logs, notf
from askfirst.privacy import MASK, mask
from askfirst.settings import settings

notf.install()  # Rasa's modules below import TensorFlow

from rasa.core.brokers.broker import EventBroker  # noqa: E402
from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.shared.core import events as rasa_events  # noqa: E402
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import Event, SessionStarted, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.shared.exceptions import RasaException  # noqa: E402
from rasa.shared.utils.common import all_subclasses  # noqa: E402

CALL_SECONDS = 4.5  # no call takes longer, whatever the database does
WAIT_SECONDS = 3.0  # connecting; one statement; a lock that another process holds
CLEAN_BYTES = 128_000_000  # the largest SQLite file that is rewritten after a deletion: about a second for this size
PURGE_ROWS = 500  # a step of a purge, so that a long neglected one cannot run into the time limit

log = logs.get_logger("askfirst.store")
_T = TypeVar("_T")


class StoreUnavailable(RasaException):
    """The database failed or did not answer in time. The message holds no password, id or text.

    After this error a write may or may not have happened.
    """


# Times are in milliseconds since 1970.
_metadata = sa.MetaData()
_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # only INTEGER counts up by itself in SQLite
_conversations = sa.Table(
    "askfirst_conversations",
    _metadata,
    sa.Column("id", _id, primary_key=True, autoincrement=True),  # a new one when it was erased and begins anew
    sa.Column("key", sa.String(32), nullable=False, unique=True),  # hash of the sender id
    sa.Column("sender_id", sa.Text, nullable=False),
    sa.Column("last_ms", sa.BigInteger, nullable=False, index=True),  # its last event
    sa.Column("session_ms", sa.BigInteger, nullable=False),  # the start of its latest session
    sqlite_autoincrement=True,
)
_events = sa.Table(
    "askfirst_events",
    _metadata,
    sa.Column("id", _id, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.BigInteger, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
    sa.Column("before", sa.Text),  # JSON of what was remembered before this event, where a reader may begin; else NULL
    sa.Column("data", sa.Text, nullable=False),  # JSON of the masked event
    sa.Index("askfirst_events_of", "conversation", "id"),
    sqlite_autoincrement=True,
)


@dataclass
class _Mark:
    """What a tracker remembers of the store: which of its events are stored, and the state they lead to.

    `conversation` is the row's id; None before it is known, 0 after it was erased.
    """

    stored: int = 0
    conversation: int | None = None
    state: dict[str, Any] = field(default_factory=dict)


class AskFirstTrackerStore(TrackerStore):
    """Rasa's tracker store for this product; also erases, purges and exports. Connects at the first call, not here.

    Every method raises StoreUnavailable within 5 seconds when the database fails, and none blocks the event loop.
    Open one per process, after any fork.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        max_events: int = 80,
        retention_hours: float | None = None,
        known_words: Iterable[str] = frozenset(),
        **unknown: Any,
    ) -> None:
        """Args: `url` (Rasa hands the url of endpoints.yml over as `host`); `max_events`, how many of the newest events
        a turn sees; `retention_hours`, after a conversation's last event; `known_words` for `privacy.mask`. A url or a
        retention time that is not given comes from the settings.

        Errors: ValueError for a setting that cannot be used. Never AttributeError or ImportError: these would make
        Rasa use a store in memory instead, with a mere warning.
        """
        super().__init__(domain, event_broker)
        if unknown:
            raise ValueError(f"tracker_store in endpoints.yml: unknown {', '.join(sorted(unknown))}")
        hours = settings().retention_hours if retention_hours is None else retention_hours
        self.max_events, self.retention_hours = int(max_events), float(hours)
        if self.max_events < 1 or not self.retention_hours > 0:
            raise ValueError("tracker_store in endpoints.yml: max_events and retention_hours must be above 0")
        self.known_words = frozenset(known_words)
        self._database = _Database(url or host or settings().store_url)
        self._threads = ThreadPoolExecutor(_Database.CONNECTIONS, thread_name_prefix="askfirst-store")

    # What Rasa calls.

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """A tracker without events. Reads are capped here, so the tracker itself need not forget events."""
        return DialogueStateTracker(sender_id, self.domain.slots)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session, its newest `max_events` events from a turn's start, with all slots; None if unknown."""
        return await self._run("read", self._read, sender_id, self.max_events)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All that is stored of all sessions; the time grows with it. None if unknown."""
        return await self._run("read", self._read, conversation_id, None)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new since this tracker was retrieved or saved; all of it for a tracker that never was.

        The tracker itself stays as it is, unmasked. Nothing is written for a conversation that was erased since.
        """
        mark: _Mark = getattr(tracker, "_askfirst_mark", None) or _Mark()
        new = list(itertools.islice(tracker.events, mark.stored, None))
        if not new:
            return
        stored, conversation = await self._run("write", self._write, tracker.sender_id, new, mark)
        tracker._askfirst_mark = _Mark(len(tracker.events), conversation, _state_of(tracker))
        if self.event_broker is not None:
            for event in stored:
                self.event_broker.publish({"sender_id": tracker.sender_id, **event})

    async def keys(self) -> list[str]:
        """The ids of all conversations."""
        return await self._run("read", self._keys)

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything is stored of this conversation."""
        return await self._run("read", self._exists, conversation_id)

    # What the rest of the product calls.

    async def erase(self, sender_id: str) -> int:
        """Remove a conversation at once, for good: how many rows. A turn that is running will not bring it back."""
        return await self._run("erase", self._erase, sender_id)

    async def purge(self, now: float | None = None) -> int:
        """Remove what is older than the retention time: how many conversations.

        A conversation goes as a whole, so long after its last event; earlier sessions of one that goes on, too.
        `now` is in unix seconds.
        """
        before = _ms((time.time() if now is None else now) - self.retention_hours * 3600)
        while await self._run("erase", self._purge_events, before):
            pass
        return await self._run("erase", self._purge_conversations, before)

    async def export(self, sender_id: str) -> list[dict[str, Any]]:
        """All events of a conversation as they are stored, oldest first."""
        return await self._run("read", self._export, sender_id)

    async def transcript(self, sender_id: str) -> list[dict[str, Any]]:
        """What was said, oldest first: {who: 'patient', text, at} and {who: 'assistant', reply, at}.

        `text` is masked; `reply` is what our actions put under `custom`, or {"text"} of a plain response; `at` is in
        unix seconds.
        """
        said: list[dict[str, Any]] = []
        for event in await self.export(sender_id):
            at = event.get("timestamp")
            if event.get("event") == "user" and event.get("text"):
                said.append({"who": "patient", "text": event["text"], "at": at})
            elif event.get("event") == "bot":
                reply = (event.get("data") or {}).get("custom") or {"text": event.get("text")}
                said.append({"who": "assistant", "reply": reply, "at": at})
        return said

    async def ping(self) -> None:
        """Return if the database can be written to and has our tables."""
        await self._run("write", self._try)

    async def close(self) -> None:
        """Give connections and threads back. Every later call raises StoreUnavailable."""
        with contextlib.suppress(StoreUnavailable):
            await self._run("close", self._database.close)
        self._threads.shutdown(wait=False)

    # In a worker thread.

    async def _run(self, what: str, work: Callable[..., _T], *args: Any) -> _T:
        try:
            future = asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
            # Waiting for a free thread counts too, so a burst against a dead database does not add up.
            return await asyncio.wait_for(future, CALL_SECONDS)
        except asyncio.TimeoutError:
            cause, kind = "it did not answer in time", "TimeoutError"
        except Exception as error:
            cause, kind = _cause(error), type(error).__name__
        log.error("store.failed", reason=what, error=kind)
        # Raised out here so that the driver's error, with what it may tell, is not chained to ours.
        raise StoreUnavailable(f"The conversation store ({self._database.where}) failed to {what}: {cause}.")

    def _read(self, sender_id: str, most: int | None) -> DialogueStateTracker | None:
        mine = sa.select(_events.c.before, _events.c.data, _events.c.at_ms)
        with self._database.connect() as connection:
            conversation = _find(connection, sender_id)
            if conversation is None:
                return None
            mine = mine.where(_events.c.conversation == conversation)
            rows = connection.execute(mine.order_by(_events.c.id.desc()).limit(most)).all()[::-1]
            if most is not None and rows and not any(row.before is not None for row in rows):
                # A turn with more events than the cap: the whole turn.
                starts = mine.with_only_columns(sa.func.max(_events.c.id)).where(_events.c.before.is_not(None))
                first = connection.scalar(starts) or 0
                rows = connection.execute(mine.where(_events.c.id >= first).order_by(_events.c.id)).all()
        loaded = [(row, _event(row.data)) for row in rows]
        start, before = _begin(loaded) if most is not None else (0, {})
        tracker = self.init_tracker(sender_id)
        if before:
            for event in _restore(before, loaded[start][0].at_ms / 1000, tracker):
                tracker.update(event)
        known = [event for _, event in loaded[start:] if event is not None]
        for event in known:
            tracker.update(event)
        if len(known) < len(loaded) - start:
            log.warning("store.events_unknown", skipped=len(loaded) - start - len(known))
        tracker._askfirst_mark = _Mark(len(tracker.events), conversation, _state_of(tracker))
        return tracker

    def _write(self, sender_id: str, new: list[Event], mark: _Mark) -> tuple[list[dict[str, Any]], int]:
        stored = [_stored(event, self.known_words) for event in new]
        begins = {0: mark.state}
        if sum(isinstance(event, UserUttered) for event in new) > 1:
            begins |= dict(self._states(sender_id, new, mark.state))  # many turns at once
        at = [_ms(event.timestamp) for event in new]
        sessions = [at[i] for i, event in enumerate(new) if isinstance(event, SessionStarted)]
        times = {"last_ms": max(at)} | ({"session_ms": sessions[-1]} if sessions else {})
        rows = [
            {"at_ms": at[i], "before": _dumps(begins[i]) if i in begins else None, "data": _dumps(data)}
            for i, data in enumerate(stored)
        ]
        with self._database.begin() as connection:
            conversation = self._touch(connection, sender_id, mark.conversation, times)
            if conversation:
                connection.execute(_events.insert(), [{"conversation": conversation, **row} for row in rows])
        self._database.clean(wait=0.05)
        return (stored if conversation else []), conversation

    def _touch(self, connection: Any, sender_id: str, conversation: int | None, times: dict[str, int]) -> int:
        """Update the conversation's row, or make it: its id; 0 when it was erased since the tracker was read."""
        if conversation is not None:
            update = sa.update(_conversations).where(_conversations.c.id == conversation).values(times)
            return conversation if connection.execute(update).rowcount else 0
        row = {"key": _key(sender_id), "sender_id": sender_id, "session_ms": times["last_ms"], **times}
        insert = self._database.insert(_conversations).values(row)
        connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_=times))
        return _find(connection, sender_id) or 0

    def _states(self, sender_id: str, new: list[Event], state: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The state before each message of `new`, found by playing the events."""
        shadow = self.init_tracker(sender_id)
        for event in _restore(state, new[0].timestamp, shadow):
            shadow.update(event)
        for i, event in enumerate(new):
            if i and isinstance(event, UserUttered):
                yield i, _state_of(shadow)
            shadow.update(event)

    def _keys(self) -> list[str]:
        with self._database.connect() as connection:
            return list(connection.scalars(sa.select(_conversations.c.sender_id)))

    def _exists(self, sender_id: str) -> bool:
        with self._database.connect() as connection:
            return _find(connection, sender_id) is not None

    def _try(self) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.delete(_conversations).where(_conversations.c.key == ""))

    def _export(self, sender_id: str) -> list[dict[str, Any]]:
        mine = sa.select(_events.c.data).order_by(_events.c.id)
        with self._database.connect() as connection:
            mine = mine.where(_events.c.conversation == _find(connection, sender_id))
            return [json.loads(data) for data in connection.scalars(mine)]

    def _erase(self, sender_id: str) -> int:
        with self._database.begin() as connection:
            conversation = _find(connection, sender_id)
            # In the order of a write, so that the two cannot lock each other.
            delete = sa.delete(_conversations).where(_conversations.c.id == conversation)
            rows = connection.execute(delete).rowcount
            rows += connection.execute(sa.delete(_events).where(_events.c.conversation == conversation)).rowcount
        if rows:
            self._database.deleted()
        self._database.clean()
        return rows

    def _purge_events(self, before: int) -> int:
        """Remove some old events; 0 when there are no more."""
        over = sa.or_(_conversations.c.last_ms < before, _events.c.at_ms < _conversations.c.session_ms)
        old = sa.select(_events.c.id).join(_conversations, _conversations.c.id == _events.c.conversation)
        old = old.where(_events.c.at_ms < before, over).limit(PURGE_ROWS)
        with self._database.begin() as connection:
            return connection.execute(sa.delete(_events).where(_events.c.id.in_(old))).rowcount

    def _purge_conversations(self, before: int) -> int:
        with self._database.begin() as connection:
            count = connection.execute(sa.delete(_conversations).where(_conversations.c.last_ms < before)).rowcount
        self._database.deleted()  # also by another process, or by one that ended before it had cleaned up
        self._database.clean()
        return count


def _key(sender_id: str) -> str:
    return hashlib.sha256(sender_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _find(connection: Any, sender_id: str) -> int | None:
    return connection.scalar(sa.select(_conversations.c.id).where(_conversations.c.key == _key(sender_id)))


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


class _Database:
    """One SQLite file or PostgreSQL database, opened at the first use and again whenever that failed."""

    CONNECTIONS = 8

    def __init__(self, url: str) -> None:
        """Errors: ValueError, which does not repeat the url: it may hold a password."""
        parsed = None
        with contextlib.suppress(Exception):
            parsed = sa.engine.make_url(re.sub("^postgres://", "postgresql://", url))
        kind = parsed.get_backend_name() if parsed is not None else ""
        if parsed is None or kind not in ("sqlite", "postgresql") or not parsed.database or ":memory:" in url:
            raise ValueError(
                "The conversation store's url (ASKFIRST_STORE_URL) must be sqlite:///var/askfirst.db or "
                "postgresql://user:password@host/database"
            )
        self._url, self.where = parsed, {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
        self.insert: Any = sqlite.insert if kind == "sqlite" else postgresql.insert
        self._lock = threading.Lock()
        self._engine = self._make_engine()
        self._ready = self._closed = False
        self._cleaning = threading.Lock()
        self._unclean: list[str] = []  # what is left to do after a deletion

    def _make_engine(self) -> sa.engine.Engine:
        common: dict[str, Any] = {"pool_size": self.CONNECTIONS, "max_overflow": 0, "pool_timeout": WAIT_SECONDS}
        common["hide_parameters"] = True  # in SQLAlchemy's messages
        milliseconds = _milliseconds(WAIT_SECONDS)
        if self.where == "SQLite":
            common["connect_args"] = {"timeout": WAIT_SECONDS, "check_same_thread": False}
            engine = sa.create_engine(self._url, poolclass=sa.pool.QueuePool, **common)
            sa.event.listen(engine, "do_connect", lambda *args: _private_file(Path(self._url.database or "")))
            sa.event.listen(engine, "connect", _pragmas)
            return engine
        common["connect_args"] = {
            "connect_timeout": int(WAIT_SECONDS),
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
            # A server that went away without a word: the driver waits in a read that no statement time-out ends.
            "tcp_user_timeout": milliseconds,
            "keepalives_idle": 2,
            "keepalives_interval": 1,
            "keepalives_count": 3,
        }
        try:
            return sa.create_engine(self._url, pool_pre_ping=True, **common)
        except ImportError:
            pass
        raise ValueError("The conversation store's driver psycopg2 is not installed.")  # an ImportError would be hidden

    def connect(self) -> Any:
        """A connection, as a context manager."""
        return self._opened().connect()

    def begin(self) -> Any:
        """A connection with a transaction, committed at the end, as a context manager."""
        return self._opened().begin()

    def _opened(self) -> sa.engine.Engine:
        if self._closed:
            raise RuntimeError("closed")
        if not self._ready:
            with self._lock:
                if not self._ready:
                    self._make_tables()
                    self._ready = True
        return self._engine

    def _make_tables(self) -> None:
        with self._engine.begin() as connection:
            if self.where == "PostgreSQL":
                # Processes that start together: IF NOT EXISTS alone fails in one of them.
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(4711200)"))
            for table in _metadata.sorted_tables:
                connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))

    def deleted(self) -> None:
        """Note that SQLite's files still hold pieces of deleted rows, until `clean`."""
        if self.where == "SQLite":
            self._unclean = ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]

    def clean(self, wait: float = 2.0) -> None:
        """Make SQLite's files forget deleted rows, if there were any. What another process holds back, a later call does.

        `secure_delete` alone leaves copies behind where SQLite had moved rows between pages: only a rewritten file has
        none (sqlite.org, VACUUM). Then the write-ahead log, which holds the old pages, is emptied.
        Args: `wait`, seconds for another process to let go.
        """
        if not self._unclean or not self._cleaning.acquire(timeout=wait):
            return
        try:
            todo = self._unclean  # a deletion from now on makes a new list
            size = Path(self._url.database or "").stat().st_size
            if size > CLEAN_BYTES and "VACUUM" in todo:
                log.warning("store.file_too_large_to_clean", bytes=size)
                todo.remove("VACUUM")
            with self.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(wait)}")
                try:
                    while todo and not _held_back(connection, todo[0]):
                        todo.pop(0)
                finally:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(WAIT_SECONDS)}")
        finally:
            self._cleaning.release()

    def close(self) -> None:
        self._closed = True
        self._engine.dispose()


def _held_back(connection: Any, command: str) -> bool:
    """Run a command of `clean`. True when another process was in the way."""
    try:
        result = connection.exec_driver_sql(command)
        return bool(result.scalar()) if result.returns_rows else False
    except sa.exc.OperationalError as error:
        log.warning("store.cleaning_delayed", error=type(error).__name__)
        return True


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)


def _pragmas(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_milliseconds(WAIT_SECONDS)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA temp_store = MEMORY")  # else VACUUM leaves a copy of everything in a deleted temporary file
    cursor.close()


def _private_file(path: Path) -> None:
    """Make the database's file, and its folder, for this user only. SQLite's own files take over its rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT, 0o600))


# What a driver says may hold pieces of the url, hence of a password: only our own words leave this module.
_CAUSES = {
    "password|role": "the user name or the password was refused",
    "does not exist": "the database does not exist",
    "translate host|resolution|not known": "the host name was not found",
    "refused|unable to open|not a directory|is a directory": "it could not be opened or reached",
    "timeout|timed out|canceling": "it did not answer in time",
    "locked": "another process kept it locked",
    "full": "its disk is full",
    "read-?only|permission": "this user may not write to it",
    "malformed|not a database": "its file is damaged",
    "terminating|shutting down|starting up|closed": "it is starting, stopping or was restarted",
}


def _cause(error: BaseException) -> str:
    text = str(error).lower()
    return next((words for pattern, words in _CAUSES.items() if re.search(pattern, text)), type(error).__name__)


# What is remembered: slots, form, pause.


def _state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What `_restore` needs to bring a fresh tracker to where this one is; only what differs from a fresh one."""
    state: dict[str, Any] = {}
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
    if SESSION_START_METADATA_SLOT in slots:
        slots[SESSION_START_METADATA_SLOT] = _metadata_of(slots[SESSION_START_METADATA_SLOT])
    if slots:
        state["slots"] = slots
    if tracker.active_loop_name:
        loop = tracker.active_loop
        state["loop"] = {"name": loop.name, "interrupted": loop.is_interrupted, "rejected": loop.rejected}
    if tracker.is_paused():
        state["paused"] = True
    return state


def _restore(state: dict[str, Any], at: float, tracker: DialogueStateTracker) -> Iterator[Event]:
    """Events, at the time `at`, that stand for all those before it. They end with what comes before any message.

    As events, not as values set on the tracker: Rasa builds copies of a tracker from its events alone.
    """
    loop = state.get("loop")
    if loop:
        yield rasa_events.ActionExecuted(loop["name"], timestamp=at)
        yield rasa_events.ActiveLoop(loop["name"], timestamp=at)
    for name, value in state.get("slots", {}).items():
        if name in tracker.slots:  # a later release may have dropped it
            yield rasa_events.SlotSet(name, value, timestamp=at)
    if state.get("paused"):
        yield rasa_events.ConversationPaused(timestamp=at)
    yield rasa_events.ActionExecuted(ACTION_LISTEN_NAME, timestamp=at)
    if loop and loop["interrupted"]:
        yield rasa_events.LoopInterrupted(True, timestamp=at)
    if loop and loop["rejected"]:
        yield rasa_events.ActionExecutionRejected(loop["name"], timestamp=at)


def _begin(loaded: list[tuple[Any, Event | None]]) -> tuple[int, dict[str, Any]]:
    """Where in the newest rows to begin, and the state to begin with: the latest session, else the earliest turn."""
    for i in range(len(loaded) - 1, -1, -1):
        if isinstance(loaded[i][1], SessionStarted):
            return i, {}
    for i, (row, _) in enumerate(loaded):
        if row.before is not None:
            return i, json.loads(row.before)
    return 0, {}


def _event(data: str) -> Event | None:
    """The event of a row; None for a kind that this release does not know, or a row that another program wrote."""
    try:
        parameters = json.loads(data)
        kind = parameters["event"]
        if kind not in _classes:  # Rasa looks through all classes of events for each event: most of the time of a read
            _classes.update({known.type_name: known for known in reversed(all_subclasses(Event))})
        return _classes[kind]._from_parameters(parameters)
    except Exception:
        return None


_classes: dict[str, type[Event]] = {}


# What is written of an event.

_ID = re.compile(r"[a-z0-9_]+")
_NO_ID = re.compile(r"[0-9]{4}|^[0-9_]*$")  # a telephone number has the form of an id, but is none
_TOKEN = re.compile(r"[A-Za-z0-9_.:=+/-]{1,160}")
_METADATA_KEYS = ("channel", "choice", "client_msg_id")
_ENTITY_CODES = ("entity", "role", "group", "extractor")
_PARSE_KEYS = ("gate", "screen")
# Kinds whose data is all our own: what actions and policies decided, and our replies.
_OURS = frozenset(
    [
        *("action", "active_loop", "loop_interrupted", "form", "form_validation", "action_execution_rejected", "slot"),
        *("bot", "session_started", "restart", "rewind", "reset_slots", "undo", "followup", "pause", "resume"),
        "user_featurization",
    ]
)


def _stored(event: Event, known_words: frozenset[str]) -> dict[str, Any]:
    """The event as a dict without the patient's words: a new dict, the event itself stays as it is."""
    data = event.as_dict()
    kind = data.get("event")
    if kind == "user":
        return {
            "event": kind,
            "timestamp": data.get("timestamp"),
            "text": data["text"] if data.get("text") is None else mask(data["text"], known_words),
            "parse_data": _parse_data(data.get("parse_data") or {}, known_words),
            "input_channel": data.get("input_channel"),
            "message_id": _token(data.get("message_id"), known_words),
            "metadata": _metadata_of(data.get("metadata"), known_words),
        }
    keep = {key: value for key, value in data.items() if key != "metadata"}
    if kind == "entities":
        keep["entities"] = _entities(data.get("entities"), known_words)
    elif kind == "slot" and data.get("name") == SESSION_START_METADATA_SLOT:
        keep["value"] = _metadata_of(data.get("value"), known_words)
    elif kind not in _OURS:
        keep |= {key: _masked(keep[key], known_words) for key in keep if key not in ("event", "timestamp")}
    keep["metadata"] = _metadata_of(data.get("metadata"), known_words)
    if kind == "bot" and isinstance(data.get("metadata"), dict) and "utter_action" in data["metadata"]:
        keep["metadata"]["utter_action"] = data["metadata"]["utter_action"]
    return keep


def _parse_data(data: dict[str, Any], known_words: frozenset[str]) -> dict[str, Any]:
    intent = data.get("intent") or {}
    keep: dict[str, Any] = {
        "intent": {"name": _token(intent.get("name"), known_words), "confidence": _score(intent.get("confidence"))},
        "entities": _entities(data.get("entities"), known_words),
    }
    return keep | {key: _masked(data[key], known_words) for key in _PARSE_KEYS if key in data}


def _entities(entities: Any, known_words: frozenset[str]) -> list[dict[str, Any]]:
    """Kind, place and the entry's id of each. Of other keys only what is true or false, or an id."""
    kept = []
    for entity in entities if isinstance(entities, list) else []:
        if not isinstance(entity, dict):
            continue
        keep: dict[str, Any] = {}
        for key, value in entity.items():
            if key == "value":
                keep[key] = value if _is_id(value) else mask(value, known_words) if isinstance(value, str) else MASK
            elif key in ("start", "end"):
                keep[key] = int(value) if isinstance(value, numbers.Integral) and 0 <= int(value) < 10**5 else None
            elif key in _ENTITY_CODES:
                keep[key] = _token(value, known_words)
            elif value is None or isinstance(value, bool) or _is_id(value):
                keep[key] = value
            elif isinstance(value, numbers.Real):
                keep[key] = _score(value)
        kept.append(keep)
    return kept


def _masked(value: Any, known_words: frozenset[str]) -> Any:
    """Any value with its texts masked. Ids, scores, True and False stay; other numbers may be measurements."""
    if isinstance(value, dict):
        names = {key: key if isinstance(key, str) and _TOKEN.fullmatch(key) else MASK for key in value}
        return {names[key]: _masked(item, known_words) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(item, known_words) for item in value]
    if value is None or isinstance(value, bool) or _is_id(value):
        return value
    if isinstance(value, str):
        return value if re.fullmatch(r"[A-Z][0-9]{1,3}", value) else mask(value, known_words)  # R21 is a red flag
    return _score(value)


def _metadata_of(metadata: Any, known_words: frozenset[str] = frozenset()) -> dict[str, Any]:
    if not isinstance(metadata, dict):
        return {}
    return {key: _token(metadata[key], known_words) for key in _METADATA_KEYS if key in metadata}


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None and not _NO_ID.search(value)


def _token(value: Any, known_words: frozenset[str]) -> Any:
    """A name or an id that our code or a client's program made; a text in its place is masked."""
    if value is None or isinstance(value, bool):
        return value
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else mask(str(value), known_words)


def _score(value: Any) -> float | int | None:
    """A plain number that is no measurement: a score from -1 to 1, a rank or tier from 0 to 9. Others are left out."""
    if isinstance(value, numbers.Integral):
        return int(value) if 0 <= int(value) <= 9 else None
    return float(value) if isinstance(value, numbers.Real) and abs(float(value)) <= 1 else None


def _dumps(value: Any) -> str:
    # ASCII: no NUL and no half emoji, which PostgreSQL refuses.
    return json.dumps(value, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    """numpy's numbers and Python's sets as JSON has them. Errors: TypeError for anything else, such as in a slot."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"cannot be stored: {type(value).__name__}")
