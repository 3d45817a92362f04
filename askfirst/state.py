"""Small shared state: a key-value store with expiry and an atomic "first one wins".

For what several processes must agree on for a while: ids of messages already seen and their replies, delivery ids,
offered choices, rate limits, the outbox, safety mode. Three backends, chosen by a URL:

    sqlite:///var/state.db       one machine, any number of processes (four slashes for an absolute path)
    postgresql://user:password@host/db
    redis://:password@host:6379/0    (rediss:// for TLS; set `maxmemory-policy noeviction`, else Redis forgets early)

SQLite keeps what it was given when a process dies; a power cut may cost the last writes. Nothing here logs.
"""

from __future__ import annotations

import abc
import asyncio
import contextlib
import functools
import hashlib
import json
import math
import os
import re
import selectors
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

CALL_SECONDS = 4.5  # no call takes longer, whatever the backend does: then StateUnavailable
WAIT_SECONDS = 3.0  # connecting; one statement; a lock that another process holds
MAX_TTL = 100 * 365 * 86400.0  # seconds; Redis refuses times it cannot add to its clock

_NAMESPACE = re.compile(r"[A-Za-z0-9._:/-]{1,64}")
_COUNTER = re.compile(r"-?[0-9]{1,18}")  # JSON of a whole number that stays within 64 bits when added to
_T = TypeVar("_T")

# What a driver says may hold pieces of a mistyped URL, hence of a password: only our own words leave this module.
_CAUSES = {
    r"password authentication|no password|authentication required|username-password": "the password was refused",
    r"does not exist|no such table|index is out of range": "the database, the user or the table does not exist",
    r"permission denied|noperm": "this user lacks the right to do it",
    r"support ssl|ssl off|ssl error|certificate": "the server and the URL do not agree on TLS",
    r"translate host|name or service|name resolution": "the host name was not found",
    r"refused|no such file|unable to open": "it could not be opened or reached",
    r"timed out|timeout|canceling": "it did not answer in time",
    r"locked": "another process kept it locked",
    r"is full|no space|oom command|misconf": "its disk or memory is full",
    r"read.?only": "it is read-only",
    r"malformed|not a database": "the file is damaged or is not an SQLite database",
    r"returning": "SQLite 3.35 or later is needed",
    r"too many|connection slots|max number of clients": "it has too many connections",
    r"starting up|shutting down|terminating|closed|reset|loading": "it is starting, stopping or was restarted",
}


class StateUnavailable(RuntimeError):
    """The backend failed or did not answer. The message says what to check and never holds a password, key or value.

    After this error, or when the waiting task is cancelled, a write may or may not have happened.
    """


class StateStore(abc.ABC):
    """One store of expiring entries, shared by all processes that open the same URL. Make it with `open_state`.

    `ns` is a namespace: 1 to 64 letters, digits or `._:/-`. `key` is any str. `value` is anything JSON can hold, except
    None (None means "absent"); it comes back as JSON gives it (tuples as lists). `ttl` is in seconds, above 0, from the
    moment of the call. An expired entry is as good as absent, purged or not.

    Every method raises StateUnavailable when the backend fails, within 5 seconds (`purge` and `delete_prefix` of Redis:
    for each of their steps), and ValueError or TypeError for arguments that no backend would take. None blocks the
    event loop. Open one store per process, after any fork.
    """

    def __init__(self, where: str, check: str, errors: tuple[type[Exception], ...], threads: int) -> None:
        self._where, self._check = where, check
        self._errors: tuple[type[Exception], ...] = (*errors, OSError)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="askfirst-state")
        self._pid, self._closed = os.getpid(), False

    # The API.

    async def put_if_absent(self, ns: str, key: str, value: Any, ttl: float) -> bool:
        """Store unless an unexpired entry is there: True for exactly one of any number of callers."""
        return await self._call(self._put, _raw(ns, key), _dump(value), _ms(ttl), True)

    async def get(self, ns: str, key: str) -> Any | None:
        """The value, or None."""
        return (await self.get_many(ns, [key])).get(key)

    async def get_many(self, ns: str, keys: Iterable[str]) -> dict[str, Any]:
        """{key: value} of those that are there."""
        raws = {key: _raw(ns, key) for key in keys}
        found = await self._call(self._read, list(raws.values())) if raws else {}
        return {key: self._load(found[raw]) for key, raw in raws.items() if raw in found}

    async def put(self, ns: str, key: str, value: Any, ttl: float) -> None:
        """Store, replacing value and expiry of what was there."""
        await self._call(self._put, _raw(ns, key), _dump(value), _ms(ttl))

    async def take(self, ns: str, key: str) -> Any | None:
        """Get and delete: exactly one caller gets the value, the others None."""
        text = await self._call(self._pop, _raw(ns, key))
        return None if text is None else self._load(text)

    async def compare_and_set(self, ns: str, key: str, expected: Any, new: Any, ttl: float) -> bool:
        """Replace `expected` by `new` (with a new expiry) if it is what is stored: True for exactly one caller.

        Compared is the JSON with sorted keys, so 1, 1.0 and True differ. To expect nothing, use `put_if_absent`.
        """
        return await self._call(self._swap, _raw(ns, key), _dump(expected), _dump(new), _ms(ttl))

    async def delete(self, ns: str, key: str) -> None:
        """Delete; nothing happens when it is not there."""
        await self._call(self._pop, _raw(ns, key))

    async def delete_prefix(self, ns: str, prefix: str) -> int:
        """Delete every key of `ns` that starts with exactly `prefix` (no wildcards; "" is all): how many there were.

        Entries written while it runs may stay. Redis looks through all its keys for this.
        """
        return await self._sweep(_raw(ns, prefix))

    async def increment(self, ns: str, key: str, ttl: float, by: int = 1) -> int:
        """Add `by` (at most 1e9 either way) to a counter that starts at 0: the new count.

        The increment that creates the counter sets its expiry; later ones leave it. ValueError if the entry holds
        something other than a whole number.
        """
        if isinstance(by, bool) or not isinstance(by, int) or abs(by) > 10**9:
            raise ValueError("by must be a whole number of at most 1e9")
        count = await self._call(self._count, _raw(ns, key), by, _ms(ttl))
        if count is None:
            raise ValueError("this entry is not a counter: increment needs a whole number")
        return count

    async def purge(self) -> int:
        """Remove expired entries for good, in short steps: how many. Redis does so itself: 0. Run it now and then."""
        return await self._sweep(None)

    async def ping(self) -> None:
        """Return if the backend can be written to."""
        await self._call(self._put, _raw("ping", ""), "1", 60_000)

    async def close(self) -> None:
        """Give connections and threads back. May be called again; every other call then raises StateUnavailable."""
        if not self._closed:
            self._closed = True
            with contextlib.suppress(StateUnavailable):  # gone already: nothing to give back
                await self._run(self._disconnect)
            self._threads.shutdown(wait=False)

    # What a backend does, in a worker thread. `raw`: namespace and key as bytes; texts: JSON; `ms`: ttl.

    @abc.abstractmethod
    def _put(self, raw: bytes, text: str, ms: int, if_absent: bool = False) -> bool: ...
    @abc.abstractmethod
    def _read(self, raws: list[bytes]) -> dict[bytes, str | bytes]: ...
    @abc.abstractmethod
    def _pop(self, raw: bytes) -> str | bytes | None: ...
    @abc.abstractmethod
    def _swap(self, raw: bytes, expected: str, new: str, ms: int) -> bool: ...
    @abc.abstractmethod
    def _count(self, raw: bytes, by: int, ms: int) -> int | None:
        """None: not a counter."""

    @abc.abstractmethod
    def _drop(self, prefix: bytes | None, cursor: int) -> tuple[int, int]:
        """Delete a part of what starts with `prefix` (None: of what expired): how many, where to go on (0: done)."""

    @abc.abstractmethod
    def _disconnect(self) -> None: ...

    async def _sweep(self, prefix: bytes | None) -> int:
        total, cursor = await self._call(self._drop, prefix, 0)
        while cursor:
            count, cursor = await self._call(self._drop, prefix, cursor)
            total += count
        return total

    async def _call(self, work: Callable[..., _T], *args: Any) -> _T:
        if self._closed:
            raise self._unavailable("it was closed in this process")
        if os.getpid() != self._pid:
            # Threads do not survive a fork, and a shared connection would mix up two processes' answers.
            raise RuntimeError("open the state store in the process that uses it, after the fork")
        return await self._run(work, *args)

    async def _run(self, work: Callable[..., _T], *args: Any) -> _T:
        future = asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        try:
            # Waiting for a free thread counts too, so a burst against a dead backend does not add up.
            return await asyncio.wait_for(future, CALL_SECONDS)
        except asyncio.TimeoutError:
            cause = "it did not answer in time"
        except self._errors as error:
            cause = self._cause(error)
        # Raised out here so that the driver's error, with what it may tell, is not chained to ours.
        raise self._unavailable(cause)

    def _unavailable(self, cause: str) -> StateUnavailable:
        return StateUnavailable(f"The state store ({self._where}) cannot be used: {cause}. {self._check}")

    def _cause(self, error: BaseException) -> str:
        text = str(error).lower()
        known = (words for pattern, words in _CAUSES.items() if re.search(pattern, text))
        return next(known, " ".join(filter(None, [type(error).__name__, getattr(error, "pgcode", None)])))

    def _load(self, text: str | bytes) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            pass
        raise self._unavailable("it holds an entry that AskFirst did not write")


# One table and the same statements for SQLite and PostgreSQL. `:now` is SQLite's parameter, PostgreSQL's own clock.
# Bytes, not text: PostgreSQL takes no NUL in text, and prefixes must not depend on a collation.
_MAKE = (
    "CREATE TABLE IF NOT EXISTS askfirst_state"
    " (k {bytes} PRIMARY KEY, whole {bytes}, value TEXT NOT NULL, n BIGINT, expires DOUBLE PRECISION NOT NULL)",
    "CREATE INDEX IF NOT EXISTS askfirst_state_expires ON askfirst_state (expires)",
)
_INSERT = (
    "INSERT INTO askfirst_state AS s (k, whole, value, n, expires) VALUES (:k, :whole, :value, :n, :now + :ttl)"
    " ON CONFLICT (k) DO UPDATE SET"
)
_PUT = _INSERT + " value = excluded.value, n = excluded.n, expires = excluded.expires"
_PUT_IF_ABSENT = _PUT + " WHERE s.expires <= :now RETURNING 1"
_GET = "SELECT k, value FROM askfirst_state WHERE expires > :now AND k IN ({keys})"
_TAKE = "DELETE FROM askfirst_state WHERE k = :k RETURNING value, expires > :now"
_SWAP = (
    "UPDATE askfirst_state SET value = :value, n = :n, expires = :now + :ttl"
    " WHERE k = :k AND value = :expected AND expires > :now RETURNING 1"
)
_COUNT = _INSERT + (
    " value = CASE WHEN s.expires > :now THEN CAST(s.n + excluded.n AS TEXT) ELSE excluded.value END,"
    " n = CASE WHEN s.expires > :now THEN s.n + excluded.n ELSE excluded.n END,"
    " expires = CASE WHEN s.expires > :now THEN s.expires ELSE excluded.expires END"
    " WHERE s.expires <= :now OR s.n IS NOT NULL RETURNING n"
)
_DROP = (
    "DELETE FROM askfirst_state WHERE k >= :low AND k < :high"
    " AND substr(COALESCE(whole, k), 1, :size) = :prefix RETURNING expires > :now"
)
# `expires` is asked again outside: an entry may be renewed between the two.
_PURGE = (
    "DELETE FROM askfirst_state WHERE expires <= :now AND k IN"
    " (SELECT k FROM askfirst_state WHERE expires <= :now LIMIT 1000 {lock}) RETURNING 1"
)


class _SqlStore(StateStore):
    """What SQLite and PostgreSQL share: one statement per operation, hence atomic without a transaction of ours."""

    _lock = ""

    @abc.abstractmethod
    def _query(self, statement: str, params: dict[str, Any]) -> Sequence[tuple[Any, ...]]: ...

    @staticmethod
    def _k(raw: bytes) -> bytes:
        # PostgreSQL indexes at most some 2,700 bytes: a longer key is indexed by its head and its hash.
        return raw if len(raw) <= 900 else raw[:900] + hashlib.sha256(raw).digest()

    def _row(self, raw: bytes, text: str, ms: int) -> dict[str, Any]:
        k = self._k(raw)
        number = int(text) if _COUNTER.fullmatch(text) else None
        return {"k": k, "whole": None if k == raw else raw, "value": text, "n": number, "ttl": ms / 1000}

    def _put(self, raw: bytes, text: str, ms: int, if_absent: bool = False) -> bool:
        return bool(self._query(_PUT_IF_ABSENT if if_absent else _PUT, self._row(raw, text, ms)))

    def _read(self, raws: list[bytes]) -> dict[bytes, str | bytes]:
        by_k, found = {self._k(raw): raw for raw in raws}, {}
        ks = list(by_k)
        for start in range(0, len(ks), 500):  # SQLite limits the parameters of a statement
            params = {f"k{i}": k for i, k in enumerate(ks[start : start + 500])}
            for k, value in self._query(_GET.replace("{keys}", ",".join(f":{name}" for name in params)), params):
                found[by_k[bytes(k)]] = value
        return found

    def _pop(self, raw: bytes) -> str | None:
        rows = self._query(_TAKE, {"k": self._k(raw)})
        return rows[0][0] if rows and rows[0][1] else None

    def _swap(self, raw: bytes, expected: str, new: str, ms: int) -> bool:
        return bool(self._query(_SWAP, {**self._row(raw, new, ms), "expected": expected}))

    def _count(self, raw: bytes, by: int, ms: int) -> int | None:
        rows = self._query(_COUNT, self._row(raw, str(by), ms))
        return rows[0][0] if rows else None

    def _drop(self, prefix: bytes | None, cursor: int) -> tuple[int, int]:
        if prefix is None:
            count = len(self._query(_PURGE.replace("{lock}", self._lock), {}))
            return count, int(count == 1000)
        low = prefix[:900]
        high = low[:-1] + bytes([low[-1] + 1])  # never empty (the namespace), never 0xff (UTF-8)
        rows = self._query(_DROP, {"low": low, "high": high, "prefix": prefix, "size": len(prefix)})
        return sum(bool(live) for (live,) in rows), 0


class _SqliteStore(_SqlStore):
    """One thread, one connection: SQLite has one writer at a time anyway, and several processes take turns."""

    def __init__(self, url: str) -> None:
        path = url[len("sqlite:///") :]
        if not url.startswith("sqlite:///") or not path or path.startswith(":memory:"):
            raise ValueError(
                "ASKFIRST_STATE_URL with SQLite names a file: sqlite:///var/state.db or sqlite:////absolute/state.db"
            )
        self._path = Path(path).absolute()  # now: a later chdir must not lead to a second file
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        check = "Check that the folder exists, that this user may write in it, and that the disk is not full."
        super().__init__(f"SQLite file {self._path}", check, (sqlite3.Error,), threads=1)

    def _query(self, statement: str, params: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        try:
            if self._db is None or self._identity() != self._file:
                # Replaced or removed under us (a restored backup): others already use what is there now.
                self._disconnect()
                self._connect()
            assert self._db is not None
            return self._db.execute(statement, {**params, "now": _clock()}).fetchall()
        except BaseException:
            self._disconnect()  # also rolls back; the next call starts afresh
            raise

    def _connect(self) -> None:
        self._db = sqlite3.connect(self._path, timeout=WAIT_SECONDS, isolation_level=None)
        pragmas = ("PRAGMA synchronous=NORMAL", "PRAGMA secure_delete=ON", "PRAGMA journal_mode=WAL")
        stop = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                for statement in (*pragmas, *_MAKE):
                    self._db.execute(statement.replace("{bytes}", "BLOB"))
                break
            except sqlite3.OperationalError as error:
                # Processes that start together on a new file: the change to WAL ignores the busy timeout.
                if "locked" not in str(error) or time.monotonic() > stop:
                    raise
                time.sleep(0.02)
        self._file = self._identity()

    def _identity(self) -> tuple[int, int] | None:
        with contextlib.suppress(FileNotFoundError):
            info = self._path.stat()
            return info.st_dev, info.st_ino
        return None

    def _disconnect(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.close()


class _PostgresStore(_SqlStore):
    """A few connections, driven with time limits of our own: libpq alone would wait for a silent server for ever."""

    # Purging must never wait for, nor deadlock with, an erasure.
    _lock = "FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str) -> None:
        import psycopg2

        self._psycopg2, self._url = psycopg2, url
        self._idle: list[Any] = []
        check = "Check that the server runs, and host, user, password and database in ASKFIRST_STATE_URL."
        super().__init__(f"PostgreSQL at {_host(url)}", check, (psycopg2.Error,), threads=4)

    def _query(self, statement: str, params: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        connection = None
        with contextlib.suppress(IndexError):  # none idle
            while connection is None:
                connection = self._idle.pop()
                # A server that stopped has left its farewell to read: seen before anything is sent, so nothing is lost.
                if connection.closed or _ready(connection, selectors.EVENT_READ, 0):
                    connection = connection.close()
        connection = connection or self._connect()
        try:
            rows = self._execute(connection, _for_postgres(statement), params)
        except BaseException:
            connection.close()  # in an unknown state; never tried twice, for the write may have happened
            raise
        if self._closed:
            connection.close()
        else:
            self._idle.append(connection)
        return rows

    def _connect(self) -> Any:
        connection = self._psycopg2.connect(self._url, async_=1, fallback_application_name="askfirst-state")
        try:
            self._wait(connection)
            # Here, not as start-up options: those in the URL stay, and poolers accept it.
            limit = f"SET statement_timeout = {int(WAIT_SECONDS * 1000)};"
            self._execute(connection, limit + "SET default_transaction_isolation = 'read committed'", {})
            # Asked first, for a user who may write but not create; the lock, for processes that start together.
            if self._execute(connection, "SELECT to_regclass('askfirst_state')", {}) == [(None,)]:
                make = ";".join(("SELECT pg_advisory_xact_lock(hashtext('askfirst_state'))", *_MAKE))
                self._execute(connection, make.replace("{bytes}", "BYTEA"), {})
        except BaseException:
            connection.close()
            raise
        return connection

    def _execute(self, connection: Any, statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        cursor = connection.cursor()
        cursor.execute(statement, params)
        self._wait(connection)
        return cursor.fetchall() if cursor.description else []

    def _wait(self, connection: Any) -> None:
        stop = time.monotonic() + WAIT_SECONDS + 0.2  # the server's own limit comes first when it is alive
        while (state := connection.poll()) != self._psycopg2.extensions.POLL_OK:
            reading = state == self._psycopg2.extensions.POLL_READ
            event = selectors.EVENT_READ if reading else selectors.EVENT_WRITE
            if not _ready(connection, event, stop - time.monotonic()):
                raise TimeoutError("timed out")

    def _disconnect(self) -> None:
        while self._idle:
            self._idle.pop().close()


_REDIS_TAKE = "local v = redis.call('GET', KEYS[1]); redis.call('DEL', KEYS[1]); return v"  # GETDEL needs Redis 6.2
_REDIS_SWAP = """if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]); return 1"""
_REDIS_COUNT = """local n = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return n"""


class _RedisStore(StateStore):
    """Every key has a TTL; what takes more than one command is a script, which Redis runs as one."""

    def __init__(self, url: str) -> None:
        import redis

        where = f"Redis at {_host(url)}"
        # redis-py looks for a dead connection before it sends, and by default sends nothing twice: as we need it.
        self._client = redis.Redis.from_url(url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS)
        self._refused = redis.ResponseError
        check = "Check that the server runs, and host, port, password and database number in ASKFIRST_STATE_URL."
        # TypeError: what redis-py says to an option in the URL that it does not know.
        super().__init__(where, check, (redis.RedisError, TypeError), threads=4)

    @staticmethod
    def _key(raw: bytes) -> bytes:
        return b"askfirst:" + raw

    def _put(self, raw: bytes, text: str, ms: int, if_absent: bool = False) -> bool:
        return bool(self._client.set(self._key(raw), text, px=ms, nx=if_absent))

    def _read(self, raws: list[bytes]) -> dict[bytes, str | bytes]:
        texts = self._client.mget([self._key(raw) for raw in raws])
        return {raw: text for raw, text in zip(raws, texts, strict=True) if text is not None}

    def _pop(self, raw: bytes) -> bytes | None:
        return self._client.eval(_REDIS_TAKE, 1, self._key(raw))

    def _swap(self, raw: bytes, expected: str, new: str, ms: int) -> bool:
        return bool(self._client.eval(_REDIS_SWAP, 1, self._key(raw), expected, new, ms))

    def _count(self, raw: bytes, by: int, ms: int) -> int | None:
        try:
            return self._client.eval(_REDIS_COUNT, 1, self._key(raw), by, ms)
        except self._refused as error:
            if "not an integer" in str(error) or "overflow" in str(error):
                return None
            raise

    def _drop(self, prefix: bytes | None, cursor: int) -> tuple[int, int]:
        if prefix is None:
            return 0, 0
        pattern = re.sub(rb"[\\*?\[\]^-]", rb"\\\g<0>", self._key(prefix)) + b"*"
        cursor, keys = self._client.scan(cursor, pattern, 1000)
        return (self._client.unlink(*keys) if keys else 0), cursor

    def _disconnect(self) -> None:
        self._client.connection_pool.disconnect()


def conversation_key(sender_id: str) -> str:
    """How a conversation is named in the state store: a hash, since its id is the key to it and stays out of every file."""
    return hashlib.sha256(sender_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def open_state(url: str) -> StateStore:
    """The store that `url` names (see the top of this module). Connects at the first call, not here.

    ValueError, with what to write instead and without repeating the URL, when the URL cannot be used.
    """
    kinds: dict[str, type[_SqliteStore] | type[_PostgresStore] | type[_RedisStore]] = {
        "sqlite": _SqliteStore, "postgresql": _PostgresStore, "postgres": _PostgresStore,
        "redis": _RedisStore, "rediss": _RedisStore,
    }  # fmt: skip
    scheme = url.partition("://")[0] if "://" in url else "no scheme"
    if scheme not in kinds:
        raise ValueError(
            f"Unknown kind of ASKFIRST_STATE_URL ({scheme}). Write sqlite:///var/state.db, "
            "postgresql://user:password@host/database or redis://:password@host:6379/0"
        )
    return kinds[scheme](url)


_clock = time.time  # SQLite's clock; tests move it


def _raw(ns: str, key: str) -> bytes:
    if not isinstance(ns, str) or not _NAMESPACE.fullmatch(ns):
        raise ValueError("a namespace has 1 to 64 letters, digits or ._:/-")
    if not isinstance(key, str):
        raise TypeError("a key is a str")
    # A namespace has no NUL, so the first one ends it. surrogatepass: half an emoji is a key like any other.
    return ns.encode() + b"\0" + key.encode("utf-8", "surrogatepass")


def _dump(value: Any) -> str:
    if value is None:
        raise ValueError("None means absent and cannot be stored")
    # Twice: only what JSON made of the keys sorts the same way when the value comes back. ASCII: no NUL, no encodings.
    return json.dumps(json.loads(json.dumps(value, allow_nan=False)), sort_keys=True, separators=(",", ":"))


def _ms(ttl: float) -> int:
    if isinstance(ttl, bool) or not isinstance(ttl, (int, float)) or not 0 < ttl <= MAX_TTL:
        raise ValueError("ttl is a number of seconds above 0 and at most 100 years")
    return math.ceil(ttl * 1000)


def _host(url: str) -> str:
    """Host and port, checked to be just that: a password with a bare @ / ? # in it would otherwise show."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        hosts = parts.netloc.rpartition("@")[2]
        plain = all(re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(:\d+)?", host) for host in hosts.split(","))
        if plain and "#" not in url and "@" not in parts.path + parts.query and parts.netloc.count("@") < 2:
            return hosts or "this machine"
    raise ValueError(
        "ASKFIRST_STATE_URL is not scheme://user:password@host:port/name. In a password, write @ : / ? # % as "
        "%40 %3A %2F %3F %23 %25"
    )


def _ready(connection: Any, event: int, seconds: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(connection.fileno(), event)
        return bool(selector.select(max(seconds, 0)))


@functools.lru_cache(maxsize=64)
def _for_postgres(statement: str) -> str:
    # When the statement began, by the server's clock: the same for every machine, and throughout the statement.
    now = "CAST(extract(epoch FROM statement_timestamp()) AS float8)"
    return re.sub(r":(\w+)", r"%(\1)s", statement).replace("%(now)s", now)
