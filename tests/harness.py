"""Starts the real program in a process of its own and talks to it over HTTP."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ("config.yml", "domain.yml", "credentials.yml", "endpoints.yml", "data")
PATIENCE = 60.0


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def trained_models() -> Path:
    """var/test-models with an up-to-date release; trains when there is none. Returns: the folder."""
    from askfirst import release
    from askfirst.nlu.urgent_reader import prepare

    folder = ROOT / "var" / "test-models"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:  # several test processes start together; one trains
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepare()
        fresh = release.up_to_date(folder, ROOT)
        if fresh is None:
            release.train(models=folder, root=ROOT, say=lambda _: None)
        elif release.current_version(folder) != fresh:
            release.activate(fresh, folder)
    return folder


def copy_root(target: Path, *, whole: bool = False) -> Path:
    """A copy of everything that staff may edit, for tests that change it; without the examples of the urgent screen, which take
    most of a training's time and are tested by themselves. `whole`: with them, and with what Rasa keeps of the last training, so that
    only what is changed is trained again. Returns: the copy."""
    target.mkdir(parents=True, exist_ok=True)
    for name in CONTENT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=None if whole else shutil.ignore_patterns("examples"))
        else:
            shutil.copy(source, target / name)
    if whole and (ROOT / ".rasa").is_dir():
        shutil.copytree(ROOT / ".rasa", target / ".rasa")
    return target


def environment(root: Path, models: Path, work: Path, **extra: str) -> dict[str, str]:
    """The environment of a server on `root` with its data in `work`."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("ASKFIRST_") and k != "PORT"}
    return {
        **own,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "ASKFIRST_ROOT": str(root),
        "ASKFIRST_MODELS": str(models),
        "ASKFIRST_ENCODER": str(ROOT / "models" / "encoder" / "minilm-int8.onnx"),
        "ASKFIRST_STORE_URL": f"sqlite:///{work}/conversations.db",
        "ASKFIRST_STATE_URL": f"sqlite:///{work}/state.db",
        **extra,
    }


class Server:
    """The real server in a process of its own; a context manager."""

    def __init__(self, root: Path, models: Path, work: Path, wait: bool = True, command: tuple[str, ...] = ("serve",), **env: str) -> None:
        self.port = int(env.pop("PORT", "0")) or free_port()
        self.work = work
        self.output = work / "output.txt"
        self._wait = wait
        self._env = environment(root, models, work, PORT=str(self.port), **env)
        self._command = ("-m", "askfirst", *command) if command[0] != "-m" else command
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        self.start()
        return self

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self._command],
            env=self._env,
            cwd=self.work,
            stdout=self.output.open("a"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server stopped:\n{self.output.read_text()[-3000:]}")
            try:
                path = "/ready" if self._wait else "/health"
                if requests.get(self.url + path, timeout=5).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"the server was not ready in {PATIENCE:.0f} s:\n{self.output.read_text()[-3000:]}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def post(self, text: str | None = None, sender: str = "t", **more: Any) -> requests.Response:
        """One REST message, as stock Rasa takes it."""
        body = {"sender": sender, **({"message": text} if text is not None else {}), **more}
        return requests.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=30)

    def say(self, text: str, sender: str = "t") -> list[dict[str, Any]]:
        """The replies to one message. Fails on anything but 200 with at least one reply."""
        response = self.post(text, sender)
        assert response.status_code == 200, (response.status_code, response.text[:300])
        replies = [item["custom"] for item in response.json()]
        assert replies, f"silence after {text!r}"
        return replies

    def choose(self, choice: str, sender: str = "t") -> list[dict[str, Any]]:
        """The replies to a choice."""
        response = self.post(None, sender, choice=choice)
        assert response.status_code == 200, (response.status_code, response.text[:300])
        return [item["custom"] for item in response.json()]


def conversation() -> str:
    """A new conversation's name."""
    return f"test-{uuid.uuid4().hex[:12]}"


def told(reply: dict[str, Any]) -> str:
    """All words of a reply that a patient reads as its message."""
    return "\n".join(t for t in (reply["text"], reply.get("reminder"), reply.get("team_question")) if t)
