"""From `git clone` into an empty folder to the first answer, with the commands of the README."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
import requests

from tests.harness import ROOT, free_port

pytestmark = [pytest.mark.slow, pytest.mark.clone]


def start(folder: Path, port: int) -> tuple[subprocess.Popen, Path]:
    output = folder / "run.txt"
    own = {k: v for k, v in os.environ.items() if not k.startswith(("ASKFIRST_", "PYTHON", "VIRTUAL_ENV")) and k != "PORT"}
    process = subprocess.Popen(["make", "run"], cwd=folder, env={**own, "PORT": str(port)}, stdout=output.open("w"), stderr=subprocess.STDOUT, start_new_session=True)
    return process, output


def stop(process: subprocess.Popen) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def first_answer(process: subprocess.Popen, output: Path, port: int, seconds: float) -> dict:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, output.read_text()[-3000:]
        try:
            answer = requests.post(f"http://127.0.0.1:{port}/webhooks/rest/webhook", json={"sender": "a", "message": "can massage help my pain"}, timeout=5)
            if answer.status_code == 200 and answer.json()[-1]["custom"]["kind"] == "answer":
                return answer.json()[-1]["custom"]
        except requests.RequestException:
            pass
        time.sleep(0.3)
    raise AssertionError(f"no answer in {seconds:.0f} s:\n{output.read_text()[-3000:]}")


def test_from_an_empty_folder_to_the_first_answer(tmp_path: Path) -> None:
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    if changed.strip():
        pytest.skip("the checkout has changes that are not committed: a clone would test something else")
    port = free_port()
    process, output = start(folder, port)
    try:
        reply = first_answer(process, output, port, 420)  # alone about 200 s; beside the other tests the two processors are shared
        assert reply["topics"] == ["pain"] and reply["reminder"]
        said = output.read_text()
        assert f"http://localhost:{port}/chat" in said and "Training" in said
        page = requests.get(f"http://127.0.0.1:{port}/chat", timeout=10)
        assert page.status_code == 200 and "chatbot" in page.text
    finally:
        stop(process)
    started = time.monotonic()
    process, output = start(folder, port)
    try:
        first_answer(process, output, port, 60)
        said = output.read_text()
        assert "Installing" not in said and "Training" not in said, "a second run installs and trains nothing"
        assert time.monotonic() - started < 60
        taken, taken_output = start(folder, port)
        taken.wait(60)
        assert taken.returncode != 0 and f"Port {port} is taken" in taken_output.read_text()
    finally:
        stop(process)
