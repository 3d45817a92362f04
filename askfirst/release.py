"""Releases: a trained model with its content, all or nothing, and a pointer that says which one is current.

    models/<version>/manifest.json   what it is made of, with the SHA-256 of each file, of the encoder and of our code
    models/<version>/model.tar.gz    the Rasa model
    models/<version>/knowledge.json  the compiled knowledge base
    models/<version>/red_flags.json  the compiled red flags
    models/<version>/languages.json  the compiled languages
    models/<version>/open_words.json  words with two readings
    models/current                   the version that is current (one line); written last, by rename

A release is made in a temporary folder and renamed, so that a crash leaves no half of one. Servers read content only from the
release that the pointer names; they watch it and swap in place. Undo moves the pointer to `previous`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from askfirst import __version__
from askfirst.content.clinic import write_text_safely
from askfirst.content.knowledge import Knowledge, load_knowledge
from askfirst.content.problems import ContentError
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.nlu.open_words import OpenWords, read_open_words
from askfirst.nlu.urgent_reader import shared_reader
from askfirst.runtime import Content
from askfirst.safety.languages import Languages, read_languages
from askfirst.safety.learned import load_learned, screen_with
from askfirst.safety.must_find import promised
from askfirst.settings import settings

POINTER = "current"
MANIFEST = "manifest.json"
MODEL = "model.tar.gz"
KNOWLEDGE = "knowledge.json"
RED_FLAGS = "red_flags.json"
LANGUAGES = "languages.json"
OPEN_WORDS = "open_words.json"
# What the screen has learnt, kept beside the content too: the screen runs before the model is asked.
LEARNED = ("second_look.json", "second_look.npz")
# What a release is made from. data/clinic.yml is live and no part of it.
CONTENT_FILES = ("config.yml", "domain.yml", "data/spelling.yml", "data/open_words.yml")
CONTENT_FOLDERS = ("data/nlu", "data/rules", "data/stories", "data/knowledge", "data/safety")
CODE_FOLDERS = ("askfirst/content", "askfirst/nlu", "askfirst/safety")


class ReleaseError(RuntimeError):
    """A release cannot be made, found or loaded; the message says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a release is made of. `files`: name -> SHA-256; `inputs`, `code`, `encoder`: SHA-256; `made`: UTC, ISO 8601."""

    version: str
    made: str
    inputs: str
    code: str
    encoder: str
    files: dict[str, str]
    previous: str | None
    askfirst: str = __version__
    reason: str = ""


@dataclass(frozen=True)
class Release:
    """One release on disk, its hashes checked."""

    folder: Path
    manifest: Manifest

    @property
    def version(self) -> str:
        """The version, which is also the folder's name and the `content_version` of its replies."""
        return self.manifest.version

    @property
    def model(self) -> Path:
        """The Rasa model file."""
        return self.folder / MODEL

    def content(self) -> Content:
        """Read the compiled content. Errors: ReleaseError for a file that does not fit this code."""
        try:
            knowledge = Knowledge.from_json(_read_json(self.folder / KNOWLEDGE))
            red_flags = _read_json(self.folder / RED_FLAGS)
            languages = Languages(_read_json(self.folder / LANGUAGES))
            learned = load_learned(self.folder, shared_reader())
            return Content(knowledge, red_flags, screen_with(red_flags, learned), self.version, languages, OpenWords(_read_json(self.folder / OPEN_WORDS)))
        except (KeyError, TypeError, ValueError) as error:
            raise ReleaseError(
                f"the content of release {self.version} does not fit this version of AskFirst ({type(error).__name__}): "
                "run `make train`, or `make undo`"
            ) from error


def inputs_hash(root: Path) -> str:
    """SHA-256 over everything that a release is made from (names and bytes), so that nothing is trained twice."""
    paths = [root / name for name in CONTENT_FILES]
    for folder in CONTENT_FOLDERS:
        paths += sorted(p for p in (root / folder).rglob("*") if p.is_file() and not p.name.startswith("."))
    return _hash_of(paths, root)


def code_hash() -> str:
    """SHA-256 over the code that training and reading content depend on."""
    package = Path(__file__).resolve().parent.parent
    paths: list[Path] = []
    for folder in CODE_FOLDERS:
        paths += sorted(p for p in (package / folder).rglob("*") if p.is_file() and p.suffix in (".py", ".txt", ".npz"))
    return _hash_of(paths, package)


def _hash_of(paths: list[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.exists():
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _file_hash(path: Path) -> str:
    from askfirst.nlu.encoder import sha256_of

    return sha256_of(path)


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def current_version(models: Path | None = None) -> str | None:
    """The version that the pointer names, None when there is no pointer."""
    pointer = (models or settings().models) / POINTER
    try:
        return pointer.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReleaseError(f"the pointer {pointer.name} cannot be read ({error.strerror}): check the rights of models/") from error


def load_release(version: str, models: Path | None = None) -> Release:
    """Find one release and check the hash of each of its files.

    Errors: ReleaseError for one that is missing, incomplete or altered.
    """
    folder = (models or settings().models) / version
    if "/" in version or version.startswith(".") or not folder.is_dir():
        raise ReleaseError(f"there is no release '{version}': run `make train`")
    try:
        manifest = Manifest(**_read_json(folder / MANIFEST))
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(f"the manifest of release {version} cannot be read: run `make train` or `make undo`") from error
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file() or _file_hash(path) != expected:
            raise ReleaseError(f"{name} of release {version} is missing or altered: run `make train` or `make undo`")
    return Release(folder, manifest)


def current_release(models: Path | None = None) -> Release:
    """The release that the pointer names. Errors: ReleaseError."""
    version = current_version(models)
    if version is None:
        raise ReleaseError("no release has been trained yet: run `make train`")
    return load_release(version, models)


def releases(models: Path | None = None) -> list[Manifest]:
    """All complete releases, newest first."""
    found = []
    folder = models or settings().models
    for path in folder.glob(f"*/{MANIFEST}"):
        try:
            found.append(Manifest(**_read_json(path)))
        except (OSError, ValueError, TypeError):
            continue
    return sorted(found, key=lambda m: m.made, reverse=True)


def up_to_date(models: Path | None = None, root: Path | None = None) -> str | None:
    """The newest release made from exactly today's content, code and encoder; None when training is needed."""
    from askfirst.nlu.encoder import BUILT_SHA256

    inputs, code = inputs_hash(root or settings().root), code_hash()
    for manifest in releases(models):
        if (manifest.inputs, manifest.code, manifest.encoder) == (inputs, code, BUILT_SHA256):
            return manifest.version
    return None


def activate(version: str, models: Path | None = None) -> None:
    """Make a release current, after checking its hashes. Errors: ReleaseError."""
    folder = models or settings().models
    load_release(version, folder)
    write_text_safely(folder / POINTER, version + "\n")


def undo(models: Path | None = None) -> tuple[str, str]:
    """Go back to the release before the current one. Returns: (from, to). Errors: ReleaseError when there is none."""
    now = current_release(models)
    before = now.manifest.previous
    if not before:
        raise ReleaseError(f"{now.version} is the first release: there is nothing to go back to")
    activate(before, models)
    return now.version, before


def train(
    *,
    models: Path | None = None,
    root: Path | None = None,
    say: Callable[[str], None] = print,
    make_current: bool = True,
    force: bool = False,
    reason: str = "",
) -> Release:
    """Check the content, train, and make a release of it.

    Args: models and root, other folders than the settings'; say, told about each step; make_current, write the pointer;
    force, train even when a release of exactly this content exists; reason, kept in the manifest.
    Returns: the release. Errors: ContentError lists what is wrong with the content, ReleaseError what went wrong otherwise.
    """
    root, models = root or settings().root, models or settings().models
    models.mkdir(parents=True, exist_ok=True)
    existing = up_to_date(models, root)
    if existing and not force:
        say(f"Release {existing} is up to date: nothing to train.")
        if make_current and current_version(models) != existing:
            activate(existing, models)
        return load_release(existing, models)
    started = time.monotonic()
    say("Checking the content ...")
    from askfirst.check import check_all

    problems = check_all(root)
    if problems:
        raise ContentError(problems)
    say("Preparing the sentence encoder ...")
    from askfirst.nlu.encoder import BUILT_SHA256
    from askfirst.nlu.urgent_reader import prepare

    prepare()
    inputs, code = inputs_hash(root), code_hash()
    version = f"{datetime.now(timezone.utc):%Y%m%d-%H%M%S}-{hashlib.sha256((inputs + code).encode()).hexdigest()[:8]}"
    work = Path(tempfile.mkdtemp(dir=models, prefix=".making-"))
    try:
        say("Training understanding and dialogue ...")
        _train_rasa(root, work)
        knowledge = load_knowledge(root / "data" / "knowledge", root)
        compiled = {**knowledge.as_json(), "version": version}
        _write_json(work / KNOWLEDGE, compiled)
        flags, found = read_yaml(root / "data" / "safety" / "red_flags.yml", root)
        if found:
            raise ContentError(found)
        _write_json(work / RED_FLAGS, plain(flags))
        _write_json(work / LANGUAGES, read_languages(root / "data" / "safety" / "languages.yml", root)[0])
        _write_json(work / OPEN_WORDS, read_open_words(root / "data" / "open_words.yml", knowledge, root)[0])
        _unpack_learned(work)
        _must_find(root, work)
        manifest = Manifest(
            version=version,
            made=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            inputs=inputs,
            code=code,
            encoder=BUILT_SHA256,
            files={name: _file_hash(work / name) for name in (MODEL, KNOWLEDGE, RED_FLAGS, LANGUAGES, OPEN_WORDS, *LEARNED) if (work / name).is_file()},
            previous=current_version(models),
            reason=reason,
        )
        _write_json(work / MANIFEST, asdict(manifest))
        folder = models / version
        if folder.exists():
            raise ReleaseError(f"release {version} exists already: wait a second and train again")
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    if make_current:
        activate(version, models)
    say(f"Release {version} is ready ({time.monotonic() - started:.0f} s).")
    return load_release(version, models)


def _train_rasa(root: Path, work: Path) -> None:
    """Run Rasa's training into `work`. Errors: ReleaseError with Rasa's own words for a story or rule that does not fit."""
    from askfirst import notf

    notf.install()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    import rasa.model_training
    from rasa.shared.exceptions import RasaException

    # Rasa reads config.yml's importers and data relative to the working folder of the process.
    before = Path.cwd()
    os.chdir(root)
    told = io.StringIO()  # Rasa's bars and banners; shown only when there is something wrong
    try:
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            result = rasa.model_training.train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=[str(root / "data")],
                output=str(work),
                fixed_model_name=MODEL.removesuffix(".tar.gz"),
            )
    except RasaException as error:
        raise ReleaseError(f"Rasa refused the stories, rules or configuration:\n{error}") from error
    finally:
        os.chdir(before)
    if result.code != 0 or not (work / MODEL).is_file():
        raise ReleaseError(f"training ended without a model:\n{told.getvalue()[-4000:]}")


def _must_find(root: Path, work: Path) -> None:
    """No release whose screen, with what it has learnt, lowers what its rules promise to find. Errors: ReleaseError."""
    learned = load_learned(work, shared_reader())
    if learned is None:
        return
    red_flags = _read_json(work / RED_FLAGS)
    screen = screen_with(red_flags, learned)
    missed = [f"{flag}: {text}" for flag, text in promised(red_flags, root / "data" / "safety" / "must_find.yml") if not screen.check(text).urgent]
    if missed:
        raise ReleaseError(
            "with what it has learnt the screen misses what red_flags.yml and must_find.yml promise to find; look at the calm examples that "
            "are like these (data/safety/examples):\n" + "\n".join(missed[:20])
        )


def _unpack_learned(work: Path) -> None:
    """Take what the screen has learnt out of the model, so that it can be read without Rasa. Nothing for a config that learns none."""
    with tarfile.open(work / MODEL) as model:
        for member in model.getmembers():
            name = Path(member.name).name
            if name in LEARNED and member.isfile():
                file = model.extractfile(member)
                if file is not None:
                    (work / name).write_bytes(file.read())


def _write_json(path: Path, value: Any) -> None:
    write_text_safely(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


_followed: tuple[str, Content] | None = None
_followed_lock = threading.Lock()


def followed_content() -> Content:
    """The content of the current release, read again when the pointer has moved. For processes without turns (actions).

    Errors: ReleaseError.
    """
    global _followed
    version = current_version()
    with _followed_lock:
        if _followed is None or _followed[0] != version:
            release = current_release()
            _followed = (release.version, release.content())
        return _followed[1]
