"""What one process knows at this moment: the content of its release and the clinic's live settings.

Everything that composes replies takes a `Content` from here. The server sets one for each turn, so that a swap of the release
in mid-turn never mixes two; a separate action server, which has no turn, follows the pointer by itself.
"""

from __future__ import annotations

import threading
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askfirst.content.clinic import Clinic, read_clinic
from askfirst.content.knowledge import Knowledge
from askfirst.nlu.open_words import OpenWords
from askfirst.safety.languages import Languages
from askfirst.safety.screen import Screen


@dataclass(frozen=True)
class Content:
    """The content of one release: knowledge, red flags and the screen built from them, and other languages."""

    knowledge: Knowledge
    red_flags: dict[str, Any]
    screen: Screen
    version: str
    languages: Languages = field(default_factory=lambda: Languages([]))
    open_words: OpenWords = field(default_factory=lambda: OpenWords([]))


_turn: ContextVar[Content | None] = ContextVar("askfirst_content", default=None)


def use_content(content: Content | None) -> None:
    """Make this content the one of the running turn (and of tasks started from it)."""
    _turn.set(content)


def current_content() -> Content:
    """The content of the running turn; without a turn, that of the release that the pointer names.

    Errors: ReleaseError when there is none.
    """
    content = _turn.get()
    if content is not None:
        return content
    from askfirst import release

    return release.followed_content()


class LiveClinic:
    """data/clinic.yml as it is now. A bad edit keeps the last good one; `problems` says what is wrong."""

    def __init__(self, path: Path) -> None:
        """Args: path of clinic.yml. Errors: ContentError when the first reading finds it unusable."""
        from askfirst.content.clinic import load_clinic

        self._path = path
        self._lock = threading.Lock()
        self._clinic = load_clinic(path)
        self._stamp = self._stat()
        self.problems: tuple[str, ...] = ()

    def _stat(self) -> tuple[int, int]:
        try:
            info = self._path.stat()
        except OSError:
            return (0, 0)
        return (info.st_mtime_ns, info.st_size)

    def __call__(self) -> Clinic:
        """The clinic's settings, read again when the file has changed (a stat call, microseconds)."""
        stamp = self._stat()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    clinic, problems = read_clinic(self._path)
                    # A change of mode needs a restart: what is open or closed is decided once (askfirst/server.py).
                    if clinic is not None and clinic.mode == self._clinic.mode:
                        self._clinic, self.problems = clinic, ()
                    else:
                        self.problems = tuple(str(p) for p in problems) or ("a change of mode needs a restart",)
                    self._stamp = stamp
        return self._clinic


_clinics: dict[Path, LiveClinic] = {}


def live_clinic(path: Path | None = None) -> Clinic:
    """This process's clinic settings, live. Errors: ContentError when clinic.yml was never usable."""
    from askfirst.settings import settings

    path = path or settings().clinic_file
    if path not in _clinics:
        _clinics[path] = LiveClinic(path)
    return _clinics[path]()
