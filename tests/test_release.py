"""Releases: made whole or not at all, checked by hash, swapped in place, undone by moving the pointer."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from pathlib import Path

import pytest

from askfirst import release
from askfirst.content.knowledge import load_knowledge
from askfirst.content.problems import ContentError
from tests.edits import append, set_field
from tests.harness import ROOT, Server, conversation, copy_root

pytestmark = pytest.mark.slow
# Staff change the texts, so the tests take what is there: the answer on pain, and the same with its first sentences swapped.
PAIN = load_knowledge(ROOT / "data" / "knowledge", ROOT).entry("pain")
OLD = PAIN.facts[0]
_FIRST, _SECOND, *_MORE = re.split(r"(?<=[.!?]) ", OLD)
NEW = " ".join([_SECOND, _FIRST, *_MORE])


@pytest.fixture()
def own(models: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A root and a models folder of one's own, with the checkout's release as the first one."""
    root, folder = copy_root(tmp_path / "root", whole=True), tmp_path / "models"
    folder.mkdir()
    version = release.current_version(models)
    assert version
    shutil.copytree(models / version, folder / version)
    manifest = json.loads((folder / version / "manifest.json").read_text())
    (folder / version / "manifest.json").write_text(json.dumps({**manifest, "previous": None}))
    release.activate(version, folder)
    return root, folder


def edit(root: Path) -> None:
    set_field(root / PAIN.file, "pain", "facts", json.dumps(NEW))


def quiet(_: str) -> None:
    pass


def wait_for(server: Server, version: str, seconds: float = 20) -> None:
    import requests

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if requests.get(server.url + "/ready", timeout=10).json().get("release") == version:
            return
        time.sleep(0.2)
    raise AssertionError(f"the server did not take {version}: {requests.get(server.url + '/ready', timeout=10).text}")


def test_nothing_is_trained_twice_and_a_change_is_noticed(own: tuple[Path, Path]) -> None:
    root, folder = own
    first = release.current_version(folder)
    assert release.up_to_date(folder, root) == first
    assert release.train(models=folder, root=root, say=quiet).version == first
    (root / "data" / "clinic.yml").write_text((root / "data" / "clinic.yml").read_text() + "\n# a note\n")
    assert release.up_to_date(folder, root) == first, "clinic.yml is live and no part of a release"
    append(root / "data" / "evidence.yml", "# a note")
    assert release.up_to_date(folder, root) == first, "the list of items checks the content and is no part of it"
    before = (root / "data" / "spelling.yml").read_text()
    append(root / "data" / "spelling.yml", "  zyx: zix")
    assert release.up_to_date(folder, root) is None, "names are trained in both spellings"
    (root / "data" / "spelling.yml").write_text(before)
    assert release.up_to_date(folder, root) == first
    edit(root)
    assert release.up_to_date(folder, root) is None


def test_publish_swap_and_undo_without_dropping_a_conversation(own: tuple[Path, Path], tmp_path: Path) -> None:
    root, folder = own
    first = release.current_version(folder)
    assert first
    with Server(root, folder, tmp_path) as server:
        sender = conversation()
        before = server.say("can massage help my pain", sender)[-1]
        assert OLD in before["text"] and before["content_version"] == first
        server.say("I have low platelets", sender)
        edit(root)
        second = release.train(models=folder, root=root, say=quiet, reason="plainer words").version
        wait_for(server, second)
        assert NEW in server.say("can massage help my pain", conversation())[-1]["text"]
        after = server.say("what about deep tissue", sender)[-1]
        assert after["verdict"] == "NO" and after["content_version"] == second, "the conversation goes on over the swap"
        assert release.undo(folder) == (second, first)
        wait_for(server, first)
        assert OLD in server.say("can massage help my pain", conversation())[-1]["text"]
        with pytest.raises(release.ReleaseError, match="first release"):
            release.undo(folder)


def test_messages_during_swaps_are_all_answered_from_one_release_each(own: tuple[Path, Path], tmp_path: Path) -> None:
    root, folder = own
    first = release.current_version(folder)
    edit(root)
    second = release.train(models=folder, root=root, say=quiet, make_current=False).version
    assert first and release.current_version(folder) == first
    found: list[str] = []
    stop = threading.Event()
    with Server(root, folder, tmp_path) as server:

        def ask() -> None:
            while not stop.is_set():
                reply = server.say("can massage help my pain", conversation())[-1]
                right = OLD if reply["content_version"] == first else NEW
                found.append("ok" if reply["kind"] == "answer" and right in reply["text"] else json.dumps(reply))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for version in (second, first, second):
            release.activate(version, folder)
            wait_for(server, version)
        stop.set()
        for thread in threads:
            thread.join()
    assert len(found) > 10 and set(found) == {"ok"}


@pytest.mark.parametrize("name", ["model.tar.gz", "knowledge.json", "red_flags.json"])
def test_an_altered_release_is_refused_and_the_last_good_one_serves_on(own: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    root, folder = own
    first = release.current_version(folder)
    assert first
    with Server(root, folder, tmp_path) as server:
        bad = "20990101-000000-badbad00"
        shutil.copytree(folder / first, folder / bad)
        path = folder / bad / name
        path.write_bytes(path.read_bytes()[:-1] + b" ")
        with pytest.raises(release.ReleaseError, match="altered"):
            release.activate(bad, folder)
        assert release.current_version(folder) == first
        (folder / "current").write_text(bad + "\n")  # as if somebody had written the pointer by hand
        time.sleep(2.5)
        reply = server.say("can massage help my pain", conversation())[-1]
        assert reply["kind"] == "answer" and reply["content_version"] == first


def test_a_release_that_does_not_answer_its_test_message_is_refused(own: tuple[Path, Path], tmp_path: Path) -> None:
    root, folder = own
    first = release.current_version(folder)
    edit(root)
    with Server(root, folder, tmp_path, command=("-m", "tests.broken_server", "self_test_of_new_releases")) as server:
        release.train(models=folder, root=root, say=quiet)
        time.sleep(3)
        assert server.say("can massage help my pain", conversation())[-1]["content_version"] == first


def test_bad_content_is_refused_with_every_finding_and_nothing_changes(own: tuple[Path, Path]) -> None:
    root, folder = own
    first = release.current_version(folder)
    set_field(root / PAIN.file, "pain", "short", "It is perfectly safe and boosts healing.")
    before = sorted(p.name for p in folder.iterdir())
    with pytest.raises(ContentError) as error:
        release.train(models=folder, root=root, say=quiet)
    assert len(error.value.problems) >= 2 and all(p.remedy and p.file == PAIN.file for p in error.value.problems)
    assert release.current_version(folder) == first and sorted(p.name for p in folder.iterdir()) == before


def test_a_training_that_fails_leaves_no_half_of_a_release(own: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root, folder = own
    edit(root)
    before = sorted(p.name for p in folder.iterdir())

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release, "_write_json", full_disk)
    with pytest.raises(OSError, match="No space"):
        release.train(models=folder, root=root, say=quiet)
    assert sorted(p.name for p in folder.iterdir()) == before


def test_the_manifest_names_what_the_release_is_made_of(models: Path) -> None:
    from askfirst.nlu.encoder import BUILT_SHA256

    current = release.current_release(models)
    assert set(current.manifest.files) == {
        "model.tar.gz", "knowledge.json", "red_flags.json", "languages.json", "open_words.json", "second_look.json", "second_look.npz"
    }
    assert all(len(h) == 64 for h in (*current.manifest.files.values(), current.manifest.inputs, current.manifest.code))
    assert current.manifest.encoder == BUILT_SHA256
    assert current.content().knowledge.version == current.version


def test_the_clinic_file_is_live(own: tuple[Path, Path], tmp_path: Path) -> None:
    root, folder = own
    clinic = root / "data" / "clinic.yml"
    with Server(root, folder, tmp_path) as server:
        assert "01632 960 120" in server.say("I want to talk to a person", conversation())[-1]["text"]
        clinic.write_text(clinic.read_text().replace("01632 960 120", "01632 960 199"))
        assert "01632 960 199" in server.say("I want to talk to a person", conversation())[-1]["text"]
        good = clinic.read_text()
        clinic.write_text("name: [broken\n")
        assert "01632 960 199" in server.say("I want to talk to a person", conversation())[-1]["text"], "the last good one"
        clinic.write_text(good)
