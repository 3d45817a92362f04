"""Logs without anybody's words in them: no message, name, number or conversation id, at any level.

Rasa and the libraries under it put texts into log messages, exceptions and tracebacks. So nothing of theirs below
WARNING is written, and of the rest only where it happened and the class of the exception. Our own code says what
happened by an event's name and a few listed keys (`ALLOWED`); any other key is dropped. Every entry point calls
`configure` first.

    log = logs.get_logger(__name__)
    log.info("turn.done", channel="website", duration_ms=12)
"""

from __future__ import annotations

import contextlib
import json as _json
import logging
import re
import sys
import threading
import time
import warnings
from collections.abc import Callable, MutableMapping
from pathlib import PurePath
from types import FrameType, TracebackType
from typing import Any

import structlog

from askfirst.privacy import MASK

_CODES = """
    action causes channel component content_version error intent kind lang level logger method mode path policy reason
    red_flag release store topic topics trace verdict version where
"""  # words of our own making: names of things, ids of entries, classes, places in the code
_NUMBERS = frozenset(
    [
        *("attempt", "bytes", "conversations", "count", "duration_ms", "entries", "events", "limit", "line", "pid"),
        *("port", "queue", "rows", "score", "seconds", "skipped", "status", "tier", "workers"),
    ]
)
ALLOWED = _NUMBERS.union(_CODES.split(), ["event", "timestamp"])

_EVENT = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
_CODE = re.compile(r"[A-Za-z0-9_</][A-Za-z0-9_.:/<>*+-]{0,159}")
_LONG_NUMBER = re.compile(r"[0-9]{5}")  # a telephone number, an id
_LONG_NUMBER_OK = frozenset(["content_version", "release", "trace", "version", "where"])
_FRAMES = 12  # of a traceback, innermost last

_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
_METHODS = {name.lower(): number for name, number in _LEVELS.items()} | {"warn": 30, "exception": 40, "fatal": 50}

_configure_structlog = structlog.configure
_library_names = structlog.stdlib.LoggerFactory(ignore_frame_names=[__name__])


class _State:
    level = _LEVELS["INFO"]
    json = False


def configure(level: str = "INFO", json: bool = False) -> None:
    """Send all logs of this process, and its unhandled errors, to stderr in the reduced form. May be called again.

    Args: `level`, of our own logs: DEBUG, INFO, WARNING, ERROR or CRITICAL; `json`, one JSON object a line.
    Errors: ValueError for another level. Later attempts by others to configure structlog are ignored (Rasa's command
    line makes one), and handlers that others add to stdlib loggers (Sanic does) get the reduced records.
    """
    if level.upper() not in _LEVELS:
        raise ValueError(f"unknown log level: write one of {', '.join(_LEVELS)}")
    _State.level, _State.json = _LEVELS[level.upper()], json

    _configure_structlog(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),
        context_class=dict,
        logger_factory=_library_logger,
        cache_logger_on_first_use=True,
    )
    structlog.configure = structlog.configure_once = _ignore

    logging.disable(_library_level() - 1)
    logging.raiseExceptions = False  # else a broken logging call prints its arguments
    logging.setLogRecordFactory(_Record)
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
    logging.root.handlers[:] = [_Handler()]
    logging.root.setLevel(logging.NOTSET)
    logging.captureWarnings(True)  # so that a later call of it does not undo the next line
    warnings.showwarning = _show_warning

    sys.excepthook = _unhandled
    sys.unraisablehook = lambda info: _unhandled(info.exc_type, info.exc_value, info.exc_traceback)
    threading.excepthook = lambda info: _unhandled(info.exc_type, info.exc_value, info.exc_traceback)


def get_logger(name: str) -> Any:
    """A structlog logger for our own code. It keeps to this module's rules even where nobody called `configure`."""
    return structlog.wrap_logger(
        _Line(name, own=True),
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),
        context_class=dict,
        cache_logger_on_first_use=True,
    )


def drop_text(logger: Any, name: str, event_dict: MutableMapping[str, Any]) -> dict[str, Any]:
    """The structlog processor that keeps only what is listed in `ALLOWED` and looks like a name, an id or a number.

    An event must be a name such as "turn.done": anything else becomes "unnamed", since it may have been built from a
    message. A listed key with a value of another form becomes `[…]`.
    """
    kept: dict[str, Any] = {}
    for key, value in event_dict.items():
        if key == "event":
            kept[key] = value if isinstance(value, str) and _EVENT.fullmatch(value) else "unnamed"
        elif key == "timestamp":
            kept[key] = value if isinstance(value, str) and re.fullmatch(r"[0-9TZ:.+-]{1,40}", value) else MASK
        elif key in ALLOWED:
            kept[key] = [_safe(key, v) for v in value] if isinstance(value, (list, tuple)) else _safe(key, value)
    return kept


def _safe(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        fits = abs(value) < (1e10 if key in _NUMBERS else 1e4)
    else:
        text = value if isinstance(value, str) else ""
        fits = _CODE.fullmatch(text) is not None and (key in _LONG_NUMBER_OK or not _LONG_NUMBER.search(text))
    return value if fits else MASK


# structlog


class _Line:
    """What structlog writes to. Its `own` tells our code's loggers from those of libraries."""

    def __init__(self, name: str, own: bool) -> None:
        self.name, self.own = name, own

    def msg(self, line: str) -> None:
        _write(line)

    log = debug = info = warning = warn = error = exception = critical = fatal = msg


def _library_logger(*args: Any) -> _Line:
    return _Line(_library_names(*args).name, own=False)


def _reduce(logger: Any, name: str, event_dict: MutableMapping[str, Any]) -> dict[str, Any]:
    """Drops what is below the level; adds level, logger, time and the error's class; empties what libraries say."""
    own, level = getattr(logger, "own", False), _METHODS.get(name, 50)
    if level < (_State.level if own else _library_level()):
        raise structlog.DropEvent
    error = _exception(event_dict.pop("exc_info", None))
    fields = dict(event_dict) if own else {"event": "library", "where": _caller()}
    return _stamped(level, getattr(logger, "name", "?"), fields | _of_error(error))


def _render(logger: Any, name: str, event_dict: MutableMapping[str, Any]) -> str:
    return _line(event_dict)


_PROCESSORS: list[Callable[..., Any]] = [structlog.contextvars.merge_contextvars, _reduce, drop_text, _render]


def _ignore(*args: Any, **kwargs: Any) -> None:
    """Stands for structlog.configure once ours is done."""


# stdlib logging, warnings, unhandled errors


def _library_level() -> int:
    return max(_State.level, _LEVELS["WARNING"])


class _Record(logging.LogRecord):
    """A stdlib record that has no message to give: so that no handler, whoever adds it, can write it.

    The properties hide what `logging.makeLogRecord`, used to rebuild a record, puts into `__dict__`.
    """

    def __init__(self, name: str, level: int, path: str, line: int, msg: object, args: Any, exc_info: Any,
                 *more: Any, **kwargs: Any) -> None:  # fmt: skip
        self._error = _of_error(_exception(exc_info))
        super().__init__(name, level, path, line, "", (), None, *more[:1])

    @property
    def fields(self) -> dict[str, Any]:
        """Where it was logged, and the exception's class and places."""
        where = _place(self.pathname, self.lineno, self.funcName)
        return {"where": where} | self._error | _of_error(_exception(self.__dict__.get("exc_info")))

    @property
    def msg(self) -> str:
        return " ".join(f"{key}={_text(value)}" for key, value in self.fields.items())

    @msg.setter
    def msg(self, value: object) -> None:
        """Not kept."""

    def _nothing(self) -> None:
        return None

    args = exc_info = exc_text = stack_info = property(_nothing, lambda self, value: None)


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        # A record that a library made by itself, past the factory, says no more than its place.
        where = {"where": _place(record.pathname, record.lineno, record.funcName)}
        _emit(record.levelno, record.name, {"event": "library", **getattr(record, "fields", where)})


def _exception(exc_info: Any) -> BaseException | None:
    """The exception in what logging calls take as `exc_info`: True, an exception, a tuple, or nothing."""
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    return error if isinstance(error, BaseException) else None


def _show_warning(message: Any, category: type[Warning], filename: str, lineno: int, *args: Any, **kwargs: Any) -> None:
    where = _place(filename, lineno, None)
    _emit(_LEVELS["WARNING"], "warnings", {"event": "warning", "error": category.__name__, "where": where})


def _unhandled(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
    fields = _of_error(error) if error is not None else {"error": getattr(kind, "__name__", "?")}
    _emit(_LEVELS["CRITICAL"], "python", {"event": "unhandled", **fields})


# Lines


def _emit(level: int, name: str, fields: dict[str, Any]) -> None:
    if level >= _library_level():
        _write(_line(drop_text(None, "", _stamped(level, name, fields))))


def _stamped(level: int, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    shown = next((label for label, number in reversed(_LEVELS.items()) if level >= number), "DEBUG")
    return fields | {"timestamp": now, "level": shown, "logger": name}


def _of_error(error: BaseException | None) -> dict[str, Any]:
    """The class of an exception, of those that caused it, and the places of its traceback. Never its message."""
    if error is None:
        return {}
    trace: list[str] = []
    causes: list[str] = []
    seen = {id(error)}
    step = error.__traceback__
    while step is not None:
        trace.append(_place(step.tb_frame.f_code.co_filename, step.tb_lineno, step.tb_frame.f_code.co_name))
        step = step.tb_next
    cause = error.__cause__ or error.__context__
    while cause is not None and id(cause) not in seen and len(causes) < 5:
        seen.add(id(cause))
        causes.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return {"error": type(error).__name__, "trace": trace[-_FRAMES:]} | ({"causes": causes} if causes else {})


def _caller() -> str:
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module != __name__ and not module.startswith("structlog"):
            return _place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        frame = frame.f_back
    return "?"


def _place(path: str | None, line: int | None, function: str | None) -> str:
    """'rasa/core/processor.py:995:_run_action': the last parts of the path only, they say enough."""
    name = "/".join(PurePath(path or "?").parts[-3:]).lstrip("/")
    name = re.sub(r"[^A-Za-z0-9_./<>-]", "_", name)
    return f"{name}:{line or 0}" + (f":{function}" if function else "")


def _line(fields: MutableMapping[str, Any]) -> str:
    first = {key: fields.get(key) for key in ("timestamp", "level", "logger", "event")}
    rest = {key: value for key, value in fields.items() if key not in first}
    if _State.json:
        return _json.dumps(first | rest)
    head = f"{first['timestamp']} {first['level']:<8} {first['logger']} {first['event']}"
    return " ".join([head, *(f"{key}={_text(value)}" for key, value in rest.items())])


def _text(value: Any) -> str:
    return " > ".join(map(str, value)) if isinstance(value, list) else str(value)


def _write(line: str) -> None:
    with contextlib.suppress(Exception):  # a closed stderr must not end a turn
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
