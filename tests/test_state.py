"""The state store's contract, on each backend for real: SQLite files, a PostgreSQL and a Redis server of our own."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from askfirst import state as state_module
from askfirst.state import StateStore, StateUnavailable, open_state
from tests.servers import (  # noqa: F401
    PASSWORD,
    free_port,
    postgres_url,
    redis_url,
    running_postgres,
    running_redis,
)

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
SERVERS = [pytest.param("postgres", marks=pytest.mark.slow), pytest.param("redis", marks=pytest.mark.slow)]


@pytest.fixture(params=["sqlite", *SERVERS])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state.db"
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def ns() -> str:
    return f"test:{uuid.uuid4().hex}"  # the servers are shared by all tests


def contract(test: Callable[[StateStore, str], Awaitable[None]]) -> Callable[[str, str], None]:
    """Makes `async def test(state, ns)` a test that runs on every backend."""

    def on_backend(url: str, ns: str) -> None:
        async def go() -> None:
            state = open_state(url)
            try:
                await test(state, ns)
            finally:
                await state.close()

        asyncio.run(go())

    on_backend.__doc__ = test.__doc__
    return on_backend


async def until_gone(state: StateStore, ns: str, key: str) -> None:
    stop = time.monotonic() + 8
    while await state.get(ns, key) is not None:
        assert time.monotonic() < stop, "the entry did not expire"
        await asyncio.sleep(0.05)


async def unavailable(call: Awaitable[object]) -> StateUnavailable:
    """The error that `call` ends with, in time; and the event loop stayed free meanwhile."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.02)
            ticks += 1

    ticking = asyncio.create_task(tick())
    start = time.monotonic()
    with pytest.raises(StateUnavailable) as caught:
        await call
    seconds = time.monotonic() - start
    ticking.cancel()
    assert seconds < 5.5  # what is promised is 5; the rest is for a busy machine
    assert ticks >= seconds / 0.02 / 10 - 1, "the event loop was blocked"
    # Nothing of the driver's own words is chained either: they may repeat the URL.
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    told = "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in told and "secret-key" not in told and "secret-value" not in told
    assert "Check" in str(caught.value)
    return caught.value


# Single operations


@contract
async def test_put_get_take_delete(state: StateStore, ns: str) -> None:
    assert await state.get(ns, "k") is None
    assert await state.take(ns, "k") is None
    await state.delete(ns, "k")
    await state.put(ns, "k", {"a": [1, 2.5, "x", None, True]}, 60)
    assert await state.get(ns, "k") == {"a": [1, 2.5, "x", None, True]}
    await state.put(ns, "k", "second", 60)
    assert await state.get_many(ns, ["k", "other", "k"]) == {"k": "second"}
    assert await state.get_many(ns, []) == {}
    assert await state.get(ns + ".other", "k") is None
    assert await state.take(ns, "k") == "second"
    assert await state.get(ns, "k") is None
    await state.put(ns, "k", 0, 60)
    assert await state.get(ns, "k") == 0
    await state.delete(ns, "k")
    assert await state.get(ns, "k") is None
    await state.ping()


@contract
async def test_put_if_absent_and_compare_and_set(state: StateStore, ns: str) -> None:
    assert await state.put_if_absent(ns, "k", "first", 60) is True
    assert await state.put_if_absent(ns, "k", "second", 60) is False
    assert await state.get(ns, "k") == "first"
    assert await state.compare_and_set(ns, "k", "other", "x", 60) is False
    assert await state.compare_and_set(ns, "absent", "first", "x", 60) is False
    assert await state.get_many(ns, ["k", "absent"]) == {"k": "first"}
    # The order of keys, and what JSON makes of keys that are numbers, must not matter.
    assert await state.compare_and_set(ns, "k", "first", {10: "a", 9: ("b",)}, 60) is True
    assert await state.get(ns, "k") == {"10": "a", "9": ["b"]}
    assert await state.compare_and_set(ns, "k", {"9": ["b"], "10": "a"}, 1, 60) is True
    assert await state.compare_and_set(ns, "k", True, 2, 60) is False
    assert await state.compare_and_set(ns, "k", 1, 2, 60) is True
    await state.delete(ns, "k")
    assert await state.put_if_absent(ns, "k", "third", 60) is True


@contract
async def test_increment(state: StateStore, ns: str) -> None:
    assert [await state.increment(ns, "n", 60) for _ in range(3)] == [1, 2, 3]
    assert await state.increment(ns, "n", 60, by=-10) == -7
    assert await state.get(ns, "n") == -7
    assert await state.compare_and_set(ns, "n", -7, 40, 60) is True
    assert await state.increment(ns, "n", 60, by=2) == 42
    await state.put(ns, "n", 7, 60)
    assert await state.increment(ns, "n", 60) == 8
    for value in ("text", "7", 1.5, True, [1]):
        await state.put(ns, "n", value, 60)
        with pytest.raises(ValueError, match="not a counter"):
            await state.increment(ns, "n", 60)
        assert await state.get(ns, "n") == value
        await state.delete(ns, "n")
    assert await state.take(ns, "n") is None


@contract
async def test_any_text_is_a_key_and_a_value(state: StateStore, ns: str) -> None:
    # Random, so that no backend can make it shorter: PostgreSQL's index takes at most 2,700 bytes after packing.
    long = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789äß漢😀", k=6000))
    keys = ["", " ", "a", "A", "a ", "a\0", "a\0b", "\0", "é", "e\u0301", "漢字", "😀", "\ud83d", "\ude00", "'",
            "\uffff", '"', "\\", "%s", ":k", "%(k)s", "{k}", "a:b", "a\nb", long, long + "x", long[:-1],
            long[:450]]  # fmt: skip
    values = {key: f"value of {key}" * 3 for key in keys}
    for key, value in values.items():
        assert await state.put_if_absent(ns, key, value, 60), key[:20]
    assert await state.get_many(ns, [*keys, "absent"]) == values
    for key, value in values.items():
        assert await state.take(ns, key) == value
    assert await state.get_many(ns, keys) == {}
    await state.put(ns, "large", long * 40, 60)
    assert await state.get(ns, "large") == long * 40


@contract
async def test_get_many_of_many(state: StateStore, ns: str) -> None:
    keys = [f"key {i}" for i in range(1203)]
    await asyncio.gather(*(state.put(ns, key, key, 60) for key in keys[::100]))
    assert await state.get_many(ns, keys) == {key: key for key in keys[::100]}


@contract
async def test_delete_prefix_takes_every_character_literally(state: StateStore, ns: str) -> None:
    specials = ["%", "_", "*", "?", "[", "]", "[a-z]", "[^x]", "\\", "\\\\", "^", "-", ".", "\0", "é", "\ud83d", "'"]
    decoys = ["", "a", "aXb", "aXXb", "A%b", "ba%b", "axyz"]
    for special in specials:
        prefix = f"a{special}"
        going = [prefix, prefix + "b", prefix + "\0", prefix + "\U0010ffff", prefix + "*%"]
        staying = [key for key in [*decoys, prefix.upper() + "b", "b" + prefix] if not key.startswith(prefix)]
        for key in {*going, *staying}:
            await state.put(ns, key, 1, 60)
        await state.put(ns + ".x", prefix, 1, 60)  # a namespace that begins like ours
        assert await state.delete_prefix(ns, prefix) == len(going), special
        assert set(await state.get_many(ns, [*going, *staying])) == set(staying), special
        assert await state.get(ns + ".x", prefix) == 1
        assert await state.delete_prefix(ns, prefix) == 0
        await state.delete_prefix(ns, "")
        assert await state.get_many(ns, [*going, *staying]) == {}
        assert await state.get(ns + ".x", prefix) == 1


@contract
async def test_delete_prefix_of_long_and_of_many_keys(state: StateStore, ns: str) -> None:
    head = "é" * 1000  # longer than what the SQL backends index
    keys = [head, head + "a", head + "ab", head[:-1], head[:-1] + "ê", "é" * 450, "é" * 451]
    for key in keys:
        await state.put(ns, key, 1, 60)
    assert await state.delete_prefix(ns, head + "a") == 2
    assert await state.delete_prefix(ns, head) == 1
    assert set(await state.get_many(ns, keys)) == set(keys[3:])
    assert await state.delete_prefix(ns, "é" * 451) == 3
    await asyncio.gather(*(state.put(ns, f"many {i}", i, 60) for i in range(1100)))
    assert await state.delete_prefix(ns, "many ") == 1100
    assert await state.get(ns, "é" * 450) == 1


# Expiry


@contract
async def test_expired_is_absent(state: StateStore, ns: str) -> None:
    keys = ["get", "take", "again", "swap", "count", "prefix"]
    for key in keys:
        await state.put(ns, key, 1, 0.4)
    await state.put(ns, "stays", 1, 60)
    await until_gone(state, ns, "prefix")
    assert await state.get_many(ns, [*keys, "stays"]) == {"stays": 1}
    assert await state.compare_and_set(ns, "swap", 1, 2, 60) is False
    assert await state.take(ns, "take") is None
    assert await state.increment(ns, "count", 60) == 1
    assert await state.put_if_absent(ns, "again", 2, 60) is True
    assert await state.put_if_absent(ns, "again", 3, 60) is False
    assert await state.delete_prefix(ns, "prefix") == 0
    assert await state.get_many(ns, [*keys, "stays"]) == {"again": 2, "count": 1, "stays": 1}


@contract
async def test_who_sets_the_expiry(state: StateStore, ns: str) -> None:
    """The last put and compare_and_set do; the first increment does; a refused put_if_absent does not."""
    await state.put(ns, "put", 1, 0.6)
    await state.put(ns, "put", 1, 60)
    await state.put(ns, "swap", 1, 0.6)
    await state.compare_and_set(ns, "swap", 1, 2, 60)
    await state.put_if_absent(ns, "first", 1, 0.6)
    assert await state.put_if_absent(ns, "first", 2, 60) is False
    assert await state.increment(ns, "count", 0.6) == 1
    assert await state.increment(ns, "count", 60) == 2
    await until_gone(state, ns, "first")
    await until_gone(state, ns, "count")
    assert await state.get_many(ns, ["put", "swap"]) == {"put": 1, "swap": 2}
    assert await state.increment(ns, "count", 60) == 1
    await state.put(ns, "put", 1, 0.2)
    await until_gone(state, ns, "put")
    assert await state.put_if_absent(ns, "tiny", 1, 0.00001) is True
    await until_gone(state, ns, "tiny")


def test_purge_removes_what_expired_and_nothing_else(url: str, ns: str) -> None:
    async def go() -> None:
        state = open_state(url)
        await state.purge()  # what other tests left
        await asyncio.gather(*(state.put(ns, str(i), i, 0.05) for i in range(2300)))
        await state.put(ns, "stays", 1, 60)
        for i in range(0, 2300, 100):
            await until_gone(state, ns, str(i))
        await asyncio.sleep(0.1)
        assert await state.purge() == (0 if url.startswith("redis") else 2300)
        assert await state.purge() == 0
        assert await state.get(ns, "stays") == 1
        await state.close()

    asyncio.run(go())


# Atomicity


async def race(state: StateStore, ns: str, keys: int, tasks: int) -> dict[str, list[object]]:
    """`tasks` tasks for each key and operation, in random order: who won what."""
    won: dict[str, list[object]] = {"first": [], "took": [], "swapped": [], "counts": []}

    async def first(i: int) -> None:
        if await state.put_if_absent(ns, f"first {i}", os.getpid(), 60):
            won["first"].append(i)

    async def take(i: int) -> None:
        if (value := await state.take(ns, f"take {i}")) is not None:
            won["took"].append(value)

    async def swap(i: int) -> None:
        if await state.compare_and_set(ns, f"swap {i}", "old", "new", 60):
            won["swapped"].append(i)

    async def count(i: int) -> None:
        won["counts"].append(await state.increment(ns, "count", 60))

    calls = [call(i) for call in (first, take, swap, count) for i in range(keys) for _ in range(tasks)]
    random.shuffle(calls)
    await asyncio.gather(*calls)
    return won


async def seed(state: StateStore, ns: str, keys: int) -> None:
    for i in range(keys):
        await state.put(ns, f"take {i}", i, 60)
        await state.put(ns, f"swap {i}", "old", 60)


def check(won: list[dict[str, list[object]]], keys: int, tasks: int) -> None:
    for name in ("first", "took", "swapped"):
        assert sorted(i for one in won for i in one[name]) == list(range(keys)), name
    counts = sorted(n for one in won for n in one["counts"])
    assert counts == list(range(1, keys * tasks * len(won) + 1))


@contract
async def test_one_winner_among_50_tasks(state: StateStore, ns: str) -> None:
    for attempt in range(3):
        await seed(state, f"{ns}.{attempt}", 4)
        check([await race(state, f"{ns}.{attempt}", 4, 50)], 4, 50)


PROCESSES, KEYS, TASKS = 4, 8, 5
WORKER = """
import asyncio, json, sys
from askfirst.state import open_state
from tests.test_state import KEYS, TASKS, race

async def main(url, ns):
    state = open_state(url)
    print("ready", flush=True)
    sys.stdin.readline()
    won = await race(state, ns, KEYS, TASKS)
    await state.close()
    print(json.dumps(won))

asyncio.run(main(*sys.argv[1:]))
"""


def in_processes(url: str, ns: str) -> list[dict[str, list[object]]]:
    command = [sys.executable, "-W", "ignore", "-c", WORKER, url, ns]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, env=ENVIRONMENT, cwd=ROOT, **pipes) for _ in range(PROCESSES)]
    try:
        for worker in workers:
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        return [json.loads(worker.communicate(timeout=30)[0]) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def test_one_winner_among_processes(url: str, ns: str) -> None:
    async def prepare() -> None:
        state = open_state(url)
        await seed(state, ns, KEYS)
        await state.close()

    asyncio.run(prepare())
    check(in_processes(url, ns), KEYS, TASKS)


def _start_together(urls: list[str], barrier: object, won: object) -> None:
    try:
        for i, url in enumerate(urls):
            barrier.wait(20)
            state = open_state(url)
            if asyncio.run(state.put_if_absent("ns", "k", 1, 60)):
                won.put(i)
            asyncio.run(state.close())
    except BaseException as error:
        barrier.abort()
        won.put(f"{type(error).__name__}: {error}")


@pytest.mark.parametrize("url", ["sqlite", SERVERS[0]], indirect=True)  # Redis needs no table
def test_processes_that_start_together_on_an_empty_database(url: str, tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/{i}.db" for i in range(60)]
    if url.startswith("postgresql"):
        import psycopg2

        connection = psycopg2.connect(url)
        connection.autocommit = True
        names = [f"s{uuid.uuid4().hex}" for _ in range(20)]
        connection.cursor().execute(";".join(f"CREATE SCHEMA {name}" for name in names))
        connection.close()
        urls = [f"{url}?options=-csearch_path%3D{name}" for name in names]
    context = multiprocessing.get_context("fork")
    barrier, won = context.Barrier(PROCESSES), context.Queue()
    processes = [context.Process(target=_start_together, args=(urls, barrier, won)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    assert sorted((won.get(timeout=30) for _ in urls), key=str) == sorted(range(len(urls)), key=str)
    for process in processes:
        process.join(10)
        assert process.exitcode == 0
    assert won.empty()


# A backend that is away, stuck, or refuses


@pytest.mark.slow
@pytest.mark.parametrize("running", [running_postgres, running_redis])
def test_a_server_that_is_killed_and_comes_back(running: Callable, ns: str) -> None:
    with running() as server:

        async def go() -> None:
            state = open_state(server.url)
            await asyncio.gather(*(state.put(ns, str(i), i, 60) for i in range(20)))  # several connections
            for _ in range(2):
                server.stop()
                await unavailable(state.put(ns, "secret-key", "secret-value", 60))
                await asyncio.gather(*(unavailable(state.get(ns, "secret-key")) for _ in range(8)))
                server.start()
                # At once, and for all: connections from before the restart must not fail one more call each.
                assert sorted(await asyncio.gather(*(state.increment(ns, "n", 60) for _ in range(20))))[-1] >= 20
            server.stop()
            server.start()  # unnoticed
            await asyncio.gather(*(state.put_if_absent(ns, f"after {i}", i, 60) for i in range(20)))
            await state.close()

        asyncio.run(go())


@pytest.mark.parametrize("scheme", ["postgresql", "redis"])
def test_nothing_listens(scheme: str) -> None:
    async def go() -> None:
        port = free_port()
        state = open_state(f"{scheme}://askfirst:{PASSWORD}@127.0.0.1:{port}/0")
        for call in (state.ping(), state.get("ns", "secret-key"), state.purge() if scheme != "redis" else state.ping()):
            error = await unavailable(call)
            assert f"127.0.0.1:{port}" in str(error) and "could not be opened or reached" in str(error)
        await state.close()

    asyncio.run(go())


async def never_answers(port: str) -> None:
    at = f"askfirst:{PASSWORD}@127.0.0.1:{port}/0"
    states = [open_state(f"postgresql://{at}"), open_state(f"redis://{at}")]
    # More calls than threads: those that wait for one must end in time too.
    calls = [unavailable(state.get("ns", "secret-key")) for state in states for _ in range(12)]
    assert all("did not answer in time" in str(error) for error in await asyncio.gather(*calls))


@pytest.mark.slow
def test_a_server_that_never_answers() -> None:
    """In a process of its own: it must also be able to end while the server still says nothing."""
    program = "import asyncio, sys; from tests.test_state import never_answers as go; asyncio.run(go(sys.argv[1]))"
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        command = [sys.executable, "-W", "ignore", "-c", program, str(silent.getsockname()[1])]
        subprocess.run(command, env=ENVIRONMENT, cwd=ROOT, check=True, timeout=20)


@pytest.mark.slow
def test_postgres_statement_that_waits_too_long(postgres_url: str, ns: str) -> None:  # noqa: F811
    import psycopg2

    async def go() -> None:
        state = open_state(postgres_url)
        await state.ping()
        other = psycopg2.connect(postgres_url)
        other.cursor().execute("LOCK TABLE askfirst_state")
        await unavailable(state.get(ns, "secret-key"))
        other.close()
        assert await state.put_if_absent(ns, "k", 1, 60)
        await state.close()

    asyncio.run(go())


@pytest.mark.slow
def test_redis_that_hangs(ns: str) -> None:
    with running_redis() as server:

        async def go() -> None:
            state = open_state(server.url)
            await state.put(ns, "k", "kept", 60)
            server.process.send_signal(signal.SIGSTOP)
            try:
                await unavailable(state.get(ns, "secret-key"))
            finally:
                server.process.send_signal(signal.SIGCONT)
            assert await state.get(ns, "k") == "kept"  # not the late answer to the call before
            await state.close()

        asyncio.run(go())


@pytest.mark.slow
def test_sqlite_that_another_process_locks(tmp_path: Path, ns: str) -> None:
    async def go() -> None:
        state = open_state(f"sqlite:///{tmp_path}/state.db")
        await state.put(ns, "k", 1, 60)
        other = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert await state.get(ns, "k") == 1  # reading goes on
        errors = await asyncio.gather(*(unavailable(state.put(ns, "secret-key", i, 60)) for i in range(5)))
        assert any("another process kept it locked" in str(error) for error in errors)
        other.execute("ROLLBACK")
        assert await state.put_if_absent(ns, "k2", 1, 60)
        await state.close()

    asyncio.run(go())


def test_sqlite_folder_that_is_missing_or_goes_away(tmp_path: Path, ns: str) -> None:
    async def go() -> None:
        folder = tmp_path / "var"
        state = open_state(f"sqlite:///{folder}/state.db")
        error = await unavailable(state.put(ns, "secret-key", "secret-value", 60))
        assert str(folder) in str(error) and "folder exists" in str(error)
        folder.mkdir()
        await state.put(ns, "k", "kept", 60)
        folder.rename(tmp_path / "away")
        await unavailable(state.get(ns, "secret-key"))
        (tmp_path / "away").rename(folder)
        assert await state.get(ns, "k") == "kept"
        await state.close()

    asyncio.run(go())


def test_sqlite_file_that_is_replaced(tmp_path: Path, ns: str) -> None:
    """A process that kept the old file would win what another has won in the new one."""

    async def go() -> None:
        url = f"sqlite:///{tmp_path}/state.db"
        one = open_state(url)
        assert await one.put_if_absent(ns, "k", 1, 60)
        (tmp_path / "state.db").unlink()
        two = open_state(url)
        assert await two.put_if_absent(ns, "k", 2, 60)
        assert not await one.put_if_absent(ns, "k", 1, 60)
        assert await one.get(ns, "k") == 2
        assert await two.put_if_absent(ns, "k2", 2, 60)
        assert await one.get(ns, "k2") == 2
        await one.close()
        assert await two.get(ns, "k") == 2
        await two.close()

    asyncio.run(go())


def test_sqlite_table_that_was_dropped_is_made_again(tmp_path: Path, ns: str) -> None:
    async def go() -> None:
        state = open_state(f"sqlite:///{tmp_path}/state.db")
        await state.put(ns, "k", 1, 60)
        other = sqlite3.connect(tmp_path / "state.db")
        other.execute("DROP TABLE askfirst_state")
        other.close()
        await unavailable(state.get(ns, "secret-key"))
        assert await state.put_if_absent(ns, "k", 2, 60)
        await state.close()

    asyncio.run(go())


def test_what_sqlite_erases_is_not_in_the_file(tmp_path: Path, ns: str) -> None:
    async def go() -> None:
        state = open_state(f"sqlite:///{tmp_path}/state.db")
        for i in range(50):
            await state.put(ns, f"session:{i}", "my secret-value " * 20, 60)
        assert await state.delete_prefix(ns, "session:") == 50
        await state.put(ns, "other", 1, 60)
        await state.close()

    asyncio.run(go())
    assert [path.name for path in tmp_path.iterdir()] == ["state.db"]
    content = (tmp_path / "state.db").read_bytes()
    assert b"other" in content and b"secret-value" not in content and b"session:" not in content


def test_sqlite_file_that_is_damaged(tmp_path: Path, ns: str) -> None:
    (tmp_path / "state.db").write_bytes(b"certainly no database " * 100)

    async def go() -> None:
        state = open_state(f"sqlite:///{tmp_path}/state.db")
        assert "not an SQLite database" in str(await unavailable(state.get(ns, "secret-key")))
        await state.close()

    asyncio.run(go())


def _ping_as_nobody(url: str, results: multiprocessing.Queue) -> None:
    if os.getuid() == 0:  # root may write everywhere
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    try:
        asyncio.run(open_state(url).ping())
        results.put("no error")
    except BaseException as error:
        results.put(f"{type(error).__name__}: {error}")


@pytest.mark.parametrize("exists", [False, True])
def test_sqlite_folder_that_must_not_be_written(exists: bool, ns: str) -> None:
    folder = tempfile.mkdtemp()  # not tmp_path, which other users may not even enter
    url = f"sqlite:///{folder}/state.db"
    try:
        if exists:
            asyncio.run(open_state(url).put(ns, "k", 1, 60))
        os.chmod(folder, 0o555)
        if exists:
            os.chmod(f"{folder}/state.db", 0o444)
        context = multiprocessing.get_context("fork")
        results = context.Queue()
        process = context.Process(target=_ping_as_nobody, args=(url, results))
        process.start()
        told = results.get(timeout=20)
        process.join()
        assert told.startswith("StateUnavailable") and "may write in it" in told, told
    finally:
        os.chmod(folder, 0o755)
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.parametrize("server", ["postgres_url", "redis_url"])
def test_wrong_password(server: str, request: pytest.FixtureRequest) -> None:
    right = request.getfixturevalue(server)

    async def go() -> None:
        state = open_state(right.replace(PASSWORD, "wrong-5b6c"))
        error = await unavailable(state.ping())
        assert "password was refused" in str(error) and "wrong-5b6c" not in str(error)
        await state.close()

    asyncio.run(go())


@pytest.mark.slow
def test_redis_entry_of_another_program(redis_url: str, ns: str) -> None:  # noqa: F811
    import redis

    async def go() -> None:
        state = open_state(redis_url)
        await state.put(ns, "k", 1, 60)
        with redis.Redis.from_url(redis_url) as client:
            (key,) = client.keys(f"*{ns}*")
            assert 0 < client.pttl(key) <= 60_000
            await state.increment(ns, "n", 60)
            assert all(0 < client.pttl(one) <= 60_000 for one in client.keys(f"*{ns}*"))  # a TTL on every key
            client.set(key, b"secret-value, no JSON", px=60_000)
        await unavailable(state.get(ns, "k"))
        await state.close()

    asyncio.run(go())


# Arguments, URLs, life cycle


@contract
async def test_arguments_that_no_backend_takes(state: StateStore, ns: str) -> None:
    for ttl in (0, -1, float("nan"), float("inf"), 1e12, True, "60", None):
        with pytest.raises(ValueError, match="ttl"):
            await state.put(ns, "k", 1, ttl)
    for bad in (None, float("nan")):
        with pytest.raises(ValueError):
            await state.put(ns, "k", bad, 60)
    with pytest.raises(TypeError):
        await state.put(ns, "k", object(), 60)
    with pytest.raises(TypeError):
        await state.get(ns, b"k")
    for bad in ("", "a b", "a\0b", "x" * 65, None):
        with pytest.raises(ValueError, match="namespace"):
            await state.get(bad, "k")
    for bad in (1.5, True, 10**10):
        with pytest.raises(ValueError, match="by"):
            await state.increment(ns, "k", 60, by=bad)
    assert await state.get(ns, "k") is None
    await state.put(ns, "k", 1, state_module.MAX_TTL)
    assert await state.get(ns, "k") == 1


@pytest.mark.parametrize(
    "url",
    ["", "state.db", "mysql://u:pw-9d/x@host/db", "sqlite://state.db", "sqlite:///", "sqlite:///:memory:",
     "postgresql://u:pw-9d@x@host/db", "postgresql://u:pw-9d/x@host/db", "postgresql://u:pw-9d#x@host/db",
     "postgresql://u:pw-9d?x@host/db", "postgresql://u:pw-9d", "redis://:pw-9d/x@host:6379/0", "redis://:pw-9d:6379/0",
     "redis://u:pw-9d\u2100x@host/0", "redis://u:pw-9d@[host/0"],
)  # fmt: skip
def test_url_that_cannot_be_used(url: str) -> None:
    with pytest.raises(ValueError, match="ASKFIRST_STATE_URL") as caught:
        open_state(url)
    assert "pw-9d" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("scheme", ["postgresql", "redis"])
def test_url_with_an_option_that_the_driver_does_not_know(scheme: str) -> None:
    async def go() -> None:
        state = open_state(f"{scheme}://u:{PASSWORD}@127.0.0.1:1/0?pw-9d=x")  # the driver repeats it
        assert "pw-9d" not in str(await unavailable(state.ping()))
        await state.close()

    asyncio.run(go())


@pytest.mark.parametrize(
    ("url", "where"),
    [("postgresql:///db?host=/tmp&password=pw-9d", "this machine"), ("postgres://u:pw-9d@a:5432,b:5433/db", "a:5432,b"),
     ("postgresql://u:pw%2F9d@[::1]:5432/db", "[::1]:5432"), ("rediss://:pw-9d@host/0", "host")],
)  # fmt: skip
def test_url_that_can_be_used(url: str, where: str) -> None:
    async def go() -> None:
        state = open_state(url)
        await state.close()
        with pytest.raises(StateUnavailable) as caught:
            await state.ping()
        assert where in str(caught.value) and "pw" not in str(caught.value).replace("password", "")

    asyncio.run(go())


def test_sqlite_path_is_relative_to_where_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    state = open_state("sqlite:///state.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    asyncio.run(state.ping())
    assert (tmp_path / "state.db").exists()
    assert sqlite3.connect(tmp_path / "state.db").execute("PRAGMA journal_mode").fetchone() == ("wal",)


@contract
async def test_close(state: StateStore, ns: str) -> None:
    await state.put(ns, "k", 1, 60)
    await state.close()
    await state.close()
    with pytest.raises(StateUnavailable, match="closed"):
        await state.get(ns, "k")


def test_one_store_serves_several_event_loops(url: str, ns: str) -> None:
    state = open_state(url)
    asyncio.run(state.put(ns, "k", 1, 60))
    assert asyncio.run(state.get(ns, "k")) == 1
    asyncio.run(state.close())


def test_a_forked_process_is_told_to_open_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = open_state(f"sqlite:///{tmp_path}/state.db")
    asyncio.run(state.ping())
    monkeypatch.setattr(state_module.os, "getpid", lambda: -1)
    with pytest.raises(RuntimeError, match="after the fork"):
        asyncio.run(state.ping())


@pytest.mark.parametrize("running", [running_postgres, running_redis])
def test_missing_servers_skip_except_in_ci(running: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    for ci, outcome in (("", pytest.skip.Exception), ("true", pytest.fail.Exception)):
        monkeypatch.setenv("CI", ci)
        with pytest.raises(outcome, match="not found: apt-get install"), running():
            pass


# Any sequence of operations gives what a dict would give

KEY = st.sampled_from(["", "a", "a%", "a%b", "a*", "a_", "ab", "aé", "a\0", "A", "é" * 500, "é" * 500 + "b"]) | st.text(
    st.characters(), max_size=4
)
VALUE = st.recursive(
    st.integers(-(10**6), 10**6) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner | st.none(), max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
SMALL = st.integers(0, 2)  # often equal, for compare_and_set and counters


class LikeADict(RuleBasedStateMachine):
    """`rows` holds {key: (JSON, expiry)}, expired ones too until something removes them."""

    url: str
    now: list[float] | None = None  # the clock, where it can be moved

    def __init__(self) -> None:
        super().__init__()
        self.ns, self.rows = f"model:{uuid.uuid4().hex}", {}
        self.loop, self.state = asyncio.new_event_loop(), open_state(self.url)

    def teardown(self) -> None:
        self.do(self.state.delete_prefix(self.ns, ""))
        if self.now:
            self.do(self.state.purge())
        self.do(self.state.close())
        self.loop.close()

    def do(self, call: Awaitable) -> object:
        return self.loop.run_until_complete(call)

    def live(self, key: str) -> str | None:
        text, expires = self.rows.get(key, (None, 0))
        return text if expires > self.time() else None

    def time(self) -> float:
        return self.now[0] if self.now else 0

    def ttl(self, ttl: int) -> int:
        return ttl if self.now else 1000

    @staticmethod
    def text(value: object) -> str:
        return json.dumps(json.loads(json.dumps(value)), sort_keys=True)

    def store(self, key: str, value: object, ttl: int) -> None:
        self.rows[key] = self.text(value), self.time() + self.ttl(ttl)

    def same(self, value: object, text: str | None) -> bool:
        return value is None if text is None else self.text(value) == text

    @rule(key=KEY, value=VALUE | SMALL, ttl=st.integers(1, 9))
    def put(self, key: str, value: object, ttl: int) -> None:
        self.do(self.state.put(self.ns, key, value, self.ttl(ttl)))
        self.store(key, value, ttl)

    @rule(key=KEY, value=VALUE | SMALL, ttl=st.integers(1, 9))
    def put_if_absent(self, key: str, value: object, ttl: int) -> None:
        absent = self.live(key) is None
        assert self.do(self.state.put_if_absent(self.ns, key, value, self.ttl(ttl))) is absent
        if absent:
            self.store(key, value, ttl)

    @rule(key=KEY, expected=SMALL, new=VALUE | SMALL, ttl=st.integers(1, 9))
    def compare_and_set(self, key: str, expected: object, new: object, ttl: int) -> None:
        fits = self.live(key) == self.text(expected)
        assert self.do(self.state.compare_and_set(self.ns, key, expected, new, self.ttl(ttl))) is fits
        if fits:
            self.store(key, new, ttl)

    @rule(key=KEY)
    def get(self, key: str) -> None:
        assert self.same(self.do(self.state.get(self.ns, key)), self.live(key))

    @rule(keys=st.lists(KEY))
    def get_many(self, keys: list[str]) -> None:
        found = self.do(self.state.get_many(self.ns, keys))
        assert set(found) == {key for key in keys if self.live(key) is not None}
        assert all(self.same(value, self.live(key)) for key, value in found.items())

    @rule(key=KEY)
    def take(self, key: str) -> None:
        assert self.same(self.do(self.state.take(self.ns, key)), self.live(key))
        self.rows.pop(key, None)

    @rule(key=KEY)
    def delete(self, key: str) -> None:
        self.do(self.state.delete(self.ns, key))
        self.rows.pop(key, None)

    @rule(prefix=KEY)
    def delete_prefix(self, prefix: str) -> None:
        going = [key for key in self.rows if key.startswith(prefix)]
        live = sum(self.live(key) is not None for key in going)
        assert self.do(self.state.delete_prefix(self.ns, prefix)) == live
        for key in going:
            del self.rows[key]

    @rule(key=KEY, by=st.integers(-3, 3), ttl=st.integers(1, 9))
    def increment(self, key: str, by: int, ttl: int) -> None:
        text = self.live(key)
        if text is not None and type(json.loads(text)) is not int:
            with pytest.raises(ValueError):
                self.do(self.state.increment(self.ns, key, self.ttl(ttl), by))
            return
        count = by + int(text or 0)
        assert self.do(self.state.increment(self.ns, key, self.ttl(ttl), by)) == count
        expires = self.rows[key][1] if text is not None else self.time() + self.ttl(ttl)
        self.rows[key] = self.text(count), expires

    @precondition(lambda self: self.now)
    @rule(seconds=st.integers(1, 5))
    def wait(self, seconds: int) -> None:
        self.now[0] += seconds

    @precondition(lambda self: self.now)
    @rule()
    def purge(self) -> None:
        expired = [key for key in self.rows if self.live(key) is None]
        assert self.do(self.state.purge()) == len(expired)
        for key in expired:
            del self.rows[key]


def test_behaves_like_a_dict(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite = url.startswith("sqlite")
    clock = [1_700_000_000.0] if sqlite else None
    if sqlite:
        monkeypatch.setattr(state_module, "_clock", lambda: clock[0])
    machine = type("Machine", (LikeADict,), {"url": url, "now": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60 if sqlite else 20,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
