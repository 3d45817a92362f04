"""Every environment variable of AskFirst, in one place. `python -m askfirst settings` lists them.

Secrets come from the environment only. A missing one turns its feature off with a clear message, never open.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the variable and what to write."""


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, default, and what it is for. `secret` values are never shown."""

    name: str
    default: str
    meaning: str
    secret: bool = False


VARIABLES = (
    Variable("ASKFIRST_ROOT", "", "folder that holds data/, config.yml and models/; empty: the checkout itself"),
    Variable("ASKFIRST_MODELS", "models", "folder of the releases"),
    Variable("ASKFIRST_ENCODER", "models/encoder/minilm-int8.onnx", "the built sentence encoder"),
    Variable("PORT", "8000", "port of the server"),
    Variable("ASKFIRST_HOST", "127.0.0.1", "address to listen on; demo mode listens on loopback only"),
    Variable("ASKFIRST_STORE_URL", "sqlite:///var/askfirst.db", "conversations: sqlite:///... or postgresql://..."),
    Variable("ASKFIRST_STATE_URL", "sqlite:///var/state.db", "short-lived state: sqlite:///..., postgresql://... or redis://..."),
    Variable("ASKFIRST_LOCK_URL", "", "redis://... or postgresql://... when several server processes share conversations; empty: in-process locks"),
    Variable("ASKFIRST_ACTIONS_URL", "", "http://host:5055/webhook of a separate action server; empty: actions run in the server"),
    Variable("ASKFIRST_SECRET", "", "signs conversation tokens; at least 32 characters; needed outside demo mode", secret=True),
    Variable("ASKFIRST_REST_SECRET", "", "bearer secret of the REST channel outside demo mode; empty: REST is off", secret=True),
    Variable("ASKFIRST_BASE_PATH", "", "path prefix behind a clinic's proxy, such as /askfirst"),
    Variable("ASKFIRST_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR; message texts are logged at none of them"),
    Variable("ASKFIRST_LOG_JSON", "", "1: log lines as JSON"),
    Variable("ASKFIRST_NLU_SECONDS", "5", "time limit of understanding one message, seconds"),
    Variable("ASKFIRST_TURN_SECONDS", "15", "time limit of one whole turn, seconds"),
    Variable("ASKFIRST_RETENTION_HOURS", "24", "conversations are deleted this long after their last message, hours"),
)


@dataclass(frozen=True)
class Settings:
    """The settings as values. Paths are absolute; times in the unit of their name."""

    root: Path
    models: Path
    encoder: Path
    port: int
    host: str
    store_url: str
    state_url: str
    lock_url: str
    actions_url: str
    secret: str
    rest_secret: str
    base_path: str
    log_level: str
    log_json: bool
    nlu_seconds: float
    turn_seconds: float
    retention_hours: float

    @property
    def data(self) -> Path:
        """The folder data/."""
        return self.root / "data"

    @property
    def clinic_file(self) -> Path:
        """data/clinic.yml."""
        return self.data / "clinic.yml"

    @property
    def red_flags_file(self) -> Path:
        """data/safety/red_flags.yml."""
        return self.data / "safety" / "red_flags.yml"


def _raw(name: str) -> str:
    default = next(v.default for v in VARIABLES if v.name == name)
    return os.environ.get(name, "").strip() or default


def _number(name: str, low: float, high: float) -> float:
    text = _raw(name)
    try:
        value = float(text)
    except ValueError:
        raise SettingsError(f"{name} is '{text}': write a number from {low:g} to {high:g}") from None
    if not low <= value <= high:
        raise SettingsError(f"{name} is {text}: write a number from {low:g} to {high:g}")
    return value


def _url(name: str, root: Path) -> str:
    """A store's URL, with a relative SQLite path read from the project's root."""
    text = _raw(name)
    if text.startswith("sqlite:///"):
        path = text.removeprefix("sqlite:///")
        if path and not path.startswith("/"):
            return f"sqlite:///{root / path}"
    return text


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the environment once. Errors: SettingsError names the variable and what to write."""
    root = Path(_raw("ASKFIRST_ROOT") or ROOT).resolve()
    base = _raw("ASKFIRST_BASE_PATH").rstrip("/")
    if base and not base.startswith("/"):
        raise SettingsError(f"ASKFIRST_BASE_PATH is '{base}': start it with /")
    secret = _raw("ASKFIRST_SECRET")
    if secret and len(secret) < 32:
        raise SettingsError("ASKFIRST_SECRET is too short: write at least 32 random characters")
    rest_secret = _raw("ASKFIRST_REST_SECRET")
    if rest_secret and len(rest_secret) < 32:
        raise SettingsError("ASKFIRST_REST_SECRET is too short: write at least 32 random characters")
    level = _raw("ASKFIRST_LOG_LEVEL").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingsError(f"ASKFIRST_LOG_LEVEL is '{level}': write DEBUG, INFO, WARNING or ERROR")
    return Settings(
        root=root,
        models=(root / _raw("ASKFIRST_MODELS")).resolve(),
        encoder=(root / _raw("ASKFIRST_ENCODER")).resolve(),
        port=int(_number("PORT", 1, 65535)),
        host=_raw("ASKFIRST_HOST"),
        store_url=_url("ASKFIRST_STORE_URL", root),
        state_url=_url("ASKFIRST_STATE_URL", root),
        lock_url=_raw("ASKFIRST_LOCK_URL"),
        actions_url=_raw("ASKFIRST_ACTIONS_URL"),
        secret=secret,
        rest_secret=rest_secret,
        base_path=base,
        log_level=level,
        log_json=_raw("ASKFIRST_LOG_JSON") == "1",
        nlu_seconds=_number("ASKFIRST_NLU_SECONDS", 0.05, 120),
        turn_seconds=_number("ASKFIRST_TURN_SECONDS", 0.1, 300),
        retention_hours=_number("ASKFIRST_RETENTION_HOURS", 0.01, 24 * 365),
    )


def describe() -> str:
    """The variables with their meaning and what is set, for `askfirst settings`. Secrets show only whether they are set."""
    lines = []
    for variable in VARIABLES:
        value = os.environ.get(variable.name, "")
        shown = ("set" if value else "not set") if variable.secret else (value or f"{variable.default or '(empty)'}  [default]")
        lines.append(f"{variable.name:26} {shown}\n{'':26} {variable.meaning}")
    return "\n".join(lines)
