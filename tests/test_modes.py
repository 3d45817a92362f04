"""Modes and secrets: demo on loopback only, everything else closed until its secret is set."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from askfirst.content.knowledge import load_knowledge
from tests.harness import ROOT, Server, copy_root, environment

pytestmark = pytest.mark.slow
SECRET = "s" * 40


@pytest.fixture()
def pilot(tmp_path: Path) -> Path:
    """A root whose clinic is in pilot mode."""
    root = copy_root(tmp_path / "root")
    clinic = root / "data" / "clinic.yml"
    clinic.write_text(clinic.read_text().replace("mode: demo ", "mode: pilot "))
    return root


def command(*words: str, root: Path = ROOT, models: Path | None = None, work: Path, stdin: str = "", **env: str) -> subprocess.CompletedProcess:
    own = environment(root, models or work / "none", work, **env)
    return subprocess.run([sys.executable, "-m", "askfirst", *words], env=own, cwd=work, input=stdin, capture_output=True, text=True, timeout=120)


def test_outside_demo_everything_is_off_without_its_secret(pilot: Path, models: Path, tmp_path: Path) -> None:
    with Server(pilot, models, tmp_path) as server:
        page = requests.get(server.url + "/chat", timeout=10)
        assert page.status_code == 503 and "ASKFIRST_SECRET" in page.text and "01632 960 120" in page.text
        assert requests.post(server.url + "/chat", data={"token": "x", "text": "hi"}, timeout=10).status_code == 503
        rest = server.post("hello")
        assert rest.status_code == 403 and "ASKFIRST_REST_SECRET" in rest.json()["error"]


def test_with_secrets_the_page_and_rest_are_on_for_those_who_know_them(pilot: Path, models: Path, tmp_path: Path) -> None:
    with Server(pilot, models, tmp_path, ASKFIRST_SECRET=SECRET, ASKFIRST_REST_SECRET=SECRET[::-1] + "r") as server:
        assert "chatbot" in requests.get(server.url + "/chat", timeout=10).text
        assert server.post("hello").status_code == 401
        url, body = f"{server.url}/webhooks/rest/webhook", {"sender": "a", "message": "can massage help my pain"}
        wrong = requests.post(url, json=body, headers={"authorization": f"Bearer {SECRET}x"}, timeout=10)
        assert wrong.status_code == 401
        right = requests.post(url, json=body, headers={"authorization": f"Bearer {SECRET[::-1]}r"}, timeout=10)
        assert right.status_code == 200 and right.json()[0]["custom"]["topics"] == ["pain"]
    assert SECRET not in server.output.read_text()


def test_demo_mode_listens_on_this_machine_only(models: Path, tmp_path: Path) -> None:
    result = command("serve", work=tmp_path, models=models, ASKFIRST_HOST="0.0.0.0")
    assert result.returncode == 1 and "demo mode listens on this machine only" in result.stderr


def test_production_refuses_unreviewed_content(tmp_path: Path) -> None:
    root = copy_root(tmp_path / "root")
    clinic = root / "data" / "clinic.yml"
    clinic.write_text(clinic.read_text().replace("mode: demo ", "mode: production "))
    result = command("train", root=root, work=tmp_path)
    assert result.returncode == 1
    assert "no clinician has signed it" in result.stderr and "invented numbers" in result.stderr
    assert "What to do" in result.stderr and "Traceback" not in result.stderr


def test_production_does_not_start_without_its_secret_and_does_not_serve_unreviewed_content(models: Path, tmp_path: Path) -> None:
    root = copy_root(tmp_path / "root")
    clinic = root / "data" / "clinic.yml"
    text = clinic.read_text().replace("mode: demo ", "mode: production ").replace("fictional: true", "fictional: false")
    clinic.write_text(text)
    result = command("serve", root=root, work=tmp_path, models=models)
    assert result.returncode == 1 and "production mode needs ASKFIRST_SECRET" in result.stderr
    with Server(root, models, tmp_path, wait=False, ASKFIRST_SECRET=SECRET, ASKFIRST_REST_SECRET=SECRET) as server:
        ready = requests.get(server.url + "/ready", timeout=20)
        assert ready.status_code == 503 and "no clinician has signed" in ready.text
        headers = {"authorization": f"Bearer {SECRET}"}
        ask = lambda text: requests.post(  # noqa: E731
            f"{server.url}/webhooks/rest/webhook", json={"sender": "a", "message": text}, headers=headers, timeout=20
        ).json()[0]["custom"]
        assert ask("can massage help my pain")["topics"] == ["not_ready"]
        assert ask("my calf is red and hot and swollen")["red_flag"] == "R21", "the screen works all the same"


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"PORT": "abc"}, "PORT is 'abc'"),
        ({"PORT": "99999999"}, "PORT is 99999999"),
        ({"ASKFIRST_SECRET": "short"}, "ASKFIRST_SECRET is too short"),
        ({"ASKFIRST_LOG_LEVEL": "LOUD"}, "ASKFIRST_LOG_LEVEL is 'LOUD'"),
        ({"ASKFIRST_BASE_PATH": "askfirst"}, "start it with /"),
        ({"ASKFIRST_NLU_SECONDS": "-1"}, "ASKFIRST_NLU_SECONDS is -1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_clear_message(tmp_path: Path, env: dict[str, str], words: str) -> None:
    result = command("serve", work=tmp_path, **env)
    assert result.returncode == 1 and words in result.stderr and "Traceback" not in result.stderr


def test_settings_lists_every_variable_and_no_secret(tmp_path: Path) -> None:
    result = command("settings", work=tmp_path, ASKFIRST_SECRET=SECRET)
    assert result.returncode == 0 and SECRET not in result.stdout
    for name in ("PORT", "ASKFIRST_STORE_URL", "ASKFIRST_ACTIONS_URL", "ASKFIRST_SECRET"):
        assert name in result.stdout


def test_chat_in_the_terminal(models: Path, tmp_path: Path) -> None:
    said = "hello\ndeep tissue with low platelets\n1\nmy calf is red and hot and swollen\n\n"
    result = command("chat", work=tmp_path, models=models, stdin=said)
    assert result.returncode == 0, result.stderr
    for words in ("I am a chatbot", "No deep or firm massage", "To take along", "Not yet reviewed by a clinician", "*** URGENT ***", "What you wrote is deleted"):
        assert words in result.stdout, words


def test_rasas_own_server_is_refused_and_its_other_commands_run(models: Path, tmp_path: Path) -> None:
    refused = command("rasa", "run", work=tmp_path, models=models)
    assert refused.returncode == 2 and "make run" in refused.stderr
    valid = command("rasa", "data", "validate", work=tmp_path, models=models)
    assert valid.returncode == 0 and "No story structure conflicts" in valid.stdout + valid.stderr
    shell = command("rasa", "shell", work=tmp_path, models=models, stdin="can massage help my pain\n/stop\n")
    pain = load_knowledge(ROOT / "data" / "knowledge").entry("pain")
    assert pain.facts[0].split(". ")[0] in " ".join(shell.stdout.split())


def test_a_rule_and_a_story_that_contradict_each_other_are_refused_before_training(tmp_path: Path) -> None:
    root = copy_root(tmp_path / "root")
    (root / "data" / "stories" / "bad.yml").write_text(
        'version: "3.1"\nstories:\n  - story: results are said\n    steps:\n      - intent: limit_results\n      - action: say_pain\n'
    )
    result = command("check", root=root, work=tmp_path)
    assert result.returncode == 1 and "bad.yml:5" in result.stdout and "a rule decides it" in result.stdout


def test_a_path_prefix_behind_a_proxy(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path, ASKFIRST_BASE_PATH="/askfirst") as server:
        page = requests.get(server.url + "/chat", timeout=10).text
        assert 'href="/askfirst/static/askfirst.css"' in page and 'action="/askfirst/chat' in page
