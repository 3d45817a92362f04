"""Real PostgreSQL and Redis servers for tests, on loopback, with a password, kept in a temporary folder.

    from tests.servers import postgres_url, redis_url  # noqa: F401

gives a test file two session fixtures. Where a server program is missing their tests are skipped with one line saying
what to install; with CI=true in the environment they fail instead, so that CI cannot skip them unnoticed.
`running_postgres()` and `running_redis()` give a server of its own to a test that stops it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

PASSWORD = "pass-4a5f"  # no secret: it lets tests see that a password is asked for, and never shown
START_SECONDS = 20.0


def free_port() -> int:
    """A loopback TCP port on which nothing listens (at this moment)."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A server process that can be stopped and started again on the same port, with the same data folder.

    `url` is what a client connects to. `answers()` says whether it is ready for clients.
    """

    def __init__(
        self, url: str, command: list[str], folder: str, user: str | None, stop_signal: int, answers: Callable[[], bool]
    ) -> None:
        self.url, self._command, self._folder, self._user = url, command, folder, user
        self._stop_signal, self._answers = stop_signal, answers
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return once it answers."""
        with open(os.path.join(self._folder, "log"), "ab") as log:
            self.process = _popen(self._command, self._folder, self._user, stdout=log, stderr=log)
        stop = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > stop:
                self.stop()
                log_text = Path(self._folder, "log").read_text("utf-8", "replace")
                raise RuntimeError(f"{os.path.basename(self._command[0])} did not start:\n{log_text[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop at once, as a crash would, and return once it is gone."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            process.send_signal(self._stop_signal)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def running_postgres() -> Iterator[Server]:
    """A PostgreSQL server, stopped and removed at the end. Skips the test (fails it in CI) when there is none."""
    programs = _postgres_programs()
    if programs is None:
        _unavailable("PostgreSQL server programs not found: apt-get install postgresql")
    import psycopg2

    user = None
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        user = next((name for name in ("postgres", "nobody") if _known(name)), None)
        if user is None:
            _unavailable("PostgreSQL does not run as root: run the tests as another user, or add a user 'postgres'")
    with _folder("askfirst-pg-", user) as folder:
        secret = Path(folder, "password")
        secret.write_text(PASSWORD)
        data = os.path.join(folder, "data")
        init = [str(programs / "initdb"), "-D", data, "-U", "askfirst", "-A", "scram-sha-256", "--pwfile", str(secret)]
        init += ["-E", "UTF8", "--locale", "C", "--no-sync"]
        with _popen(init, folder, user, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            output, _ = process.communicate(timeout=60)
        if process.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{output.decode(errors='replace')[-2000:]}")

        port = free_port()
        url = f"postgresql://askfirst:{PASSWORD}@127.0.0.1:{port}/postgres"
        command = [str(programs / "postgres"), "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1"]
        command += ["-c", "fsync=off", "-c", "max_connections=60"]

        def answers() -> bool:
            try:
                psycopg2.connect(url, connect_timeout=2).close()
            except psycopg2.OperationalError:
                return False
            return True

        yield from _run(Server(url, command, folder, user, signal.SIGQUIT, answers))


@contextlib.contextmanager
def running_redis() -> Iterator[Server]:
    """A Redis server without persistence, ended like `running_postgres`."""
    program = shutil.which("redis-server")
    if program is None:
        _unavailable("redis-server not found: apt-get install redis-server")
    import redis

    with _folder("askfirst-redis-", None) as folder:
        port = free_port()
        url = f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--requirepass", PASSWORD]
        command += ["--save", "", "--appendonly", "no", "--dir", folder]

        def answers() -> bool:
            try:
                with redis.Redis.from_url(url, socket_timeout=2) as client:
                    return bool(client.ping())
            except redis.RedisError:
                return False

        yield from _run(Server(url, command, folder, None, signal.SIGKILL, answers))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of an empty PostgreSQL database, shared by the session's tests."""
    with running_postgres() as server:
        yield server.url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of an empty Redis database, shared by the session's tests."""
    with running_redis() as server:
        yield server.url


def _run(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _unavailable(message: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def _postgres_programs() -> Path | None:
    """The folder with `postgres` and `initdb`: from PATH (which may hold a link), else Debian's newest."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    folders += sorted(versions, key=lambda path: -int(path.parent.name))
    return next((path for path in folders if (path / "postgres").exists() and (path / "initdb").exists()), None)


def _known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@contextlib.contextmanager
def _folder(prefix: str, user: str | None) -> Iterator[str]:
    # Not pytest's tmp_path: only its owner may enter that, and a socket's path must be short.
    folder = tempfile.mkdtemp(prefix=prefix)
    try:
        if user is not None:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _popen(command: list[str], folder: str, user: str | None, **streams: object) -> subprocess.Popen[bytes]:
    # Settings such as PGDATA or PGPORT of whoever runs the tests are not meant for this server.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    if sys.platform == "linux":
        streams["preexec_fn"] = _end_with_parent
    if user is not None:
        streams |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    return subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, **streams)  # type: ignore[call-overload]


def _end_with_parent() -> None:
    # Tests that are killed clean nothing up: the kernel then sends the server a SIGINT (PR_SET_PDEATHSIG is 1).
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
