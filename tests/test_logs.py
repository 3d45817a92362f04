"""No text in the logs, whoever writes them: a process of its own uses Rasa's real loggers with planted texts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from askfirst import logs

ROOT = Path(__file__).resolve().parents[1]
PLANTED = ("PLANTED-margaret", "07700900123", "margaret@example.com", "sender-4711-8822", "platelets forty")

# Each of these puts every planted text somewhere a library of ours, or our own code, could.
BODY = """
import asyncio, gc, logging, sys, threading, warnings
from askfirst import notf
notf.install()
from askfirst import logs
T = {text!r}
import structlog
{before}
logs.configure({level!r}, json={json})
{after}

import rasa.core.processor as processor, rasa.core.channels.rest as rest, rasa.shared.utils.io as rasa_io
import rasa.core.agent, rasa.core.actions.action, rasa.core.tracker_store

def fail():
    secret = T
    raise ValueError(T) from KeyError(T)

for module in (processor, rest, rasa.core.agent, rasa.core.actions.action, rasa.core.tracker_store):
    for logger in (getattr(module, "logger", None), getattr(module, "structlogger", None)):
        if logger is not None:
            for level in ("debug", "info", "warning", "error", "critical", "exception"):
                try:
                    fail()
                except ValueError:
                    getattr(logger, level)(f"Handling {{T}}")
                    if isinstance(logger, logging.Logger):
                        getattr(logger, level)("Handling %s %s", T, {{"text": T}}, exc_info=True, stack_info=True)
                        getattr(logger, level)("broken %s %d %d", T)
                    else:
                        getattr(logger, level)("processor.message.parse", text=T, rasa_event={{"t": T}}, exc_info=True)
                        logger.bind(text=T).warning("bound", user_message=T, topics=[T], path="/" + T)
for name in ("rasa.core.channels.channel", "sanic.root", "sanic.error", "sanic.access", "sqlalchemy.engine",
             "asyncio", "apscheduler.executors", "new.library", "py.warnings", ""):
    logger = logging.getLogger(name)
    logger.setLevel(logging.DEBUG)
    for level in (5, 10, 15, 20, 25, 30, 40, 50):
        logger.log(level, f"text {{T}}")
    logger.info("", extra={{"request": T, "host": T, "status": 200, "byte": 1}})  # as Sanic's access log does
    logger.handle(logging.makeLogRecord({{"name": name, "levelno": 40, "levelname": "ERROR", "msg": T, "args": (),
                                            "exc_info": (ValueError, ValueError(T), None)}}))

warnings.simplefilter("always")
warnings.warn(T)
rasa_io.raise_warning(T)

structlog.contextvars.bind_contextvars(text=T, sender_id=T)
own = logs.get_logger("askfirst.test")
own.info("turn.done", channel="website", duration_ms=12, topics=["low_platelets"], text=T, sender_id=T, reason=T)
own.warning(f"got {{T}}", count=3)
own.debug("turn.debug", text=T)
try:
    fail()
except ValueError:
    own.exception("turn.failed", status=500, error=T)

async def main():
    task = asyncio.create_task(later())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
    asyncio.get_running_loop().call_soon(fail)
    await own.ainfo("turn.async", text=T)

async def later():
    fail()

asyncio.run(main(), debug={debug})

class Bad:
    def __del__(self):
        fail()
Bad()
thread = threading.Thread(target=fail)
thread.start(); thread.join()
fail()
"""

SANIC = """
import sanic
app = sanic.Sanic("leak")  # puts handlers of its own on the stdlib loggers
logging.getLogger("other").addHandler(logging.StreamHandler(sys.stdout))
logging.getLogger("other").error(T, exc_info=ValueError(T))
logging.basicConfig(format="%(message)s", stream=sys.stdout, level=logging.DEBUG)
structlog.configure(processors=[structlog.processors.KeyValueRenderer()], logger_factory=structlog.PrintLoggerFactory())
structlog.configure_once(processors=[structlog.processors.KeyValueRenderer()])

class BadFormatter(logging.Formatter):
    def format(self, record):
        raise ValueError(T)
bad = logging.StreamHandler(sys.stdout)
bad.setFormatter(BadFormatter())
logging.getLogger("bad").addHandler(bad)
logging.getLogger("bad").error(T)
"""
RASA_CLI = """
import rasa.__main__, rasa.utils.io, rasa.utils.common
from rasa.utils.log_utils import configure_structlog
rasa.utils.common.configure_logging_and_warnings(logging.DEBUG, None, True, True)
rasa.utils.io.configure_colored_logging("DEBUG")
configure_structlog(logging.DEBUG)
logging.captureWarnings(True)
"""


def run(level: str = "INFO", *, as_json: bool = False, before: str = "", after: str = "", debug: bool = False) -> str:
    """stdout and stderr of a process that plants the texts everywhere."""
    body = BODY.format(
        text=" ".join(PLANTED), level=level, json=as_json, before=before, after=after, debug=debug,
    )  # fmt: skip
    result = subprocess.run(
        [sys.executable, "-c", body], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
    )  # fmt: skip
    assert result.returncode == 1  # the last line of BODY raises
    return result.stdout + result.stderr


def assert_clean(output: str) -> None:
    lines = [line for line in output.splitlines() if any(text in line for text in PLANTED)]
    assert lines == []
    for piece in ("margaret", "4711", "forty"):
        assert piece not in output


@pytest.mark.slow
def test_info_in_json_says_what_happened_and_no_text() -> None:
    output = run("INFO", as_json=True)
    assert_clean(output)
    rows = [json.loads(line) for line in output.splitlines()]  # nothing but our lines
    assert {row["level"] for row in rows} == {"INFO", "WARNING", "ERROR", "CRITICAL"}
    assert all(row["logger"].startswith("askfirst") for row in rows if row["level"] == "INFO")

    [done] = [row for row in rows if row["event"] == "turn.done"]
    kept = {"channel": "website", "duration_ms": 12, "topics": ["low_platelets"], "reason": "[…]"}
    assert kept.items() <= done.items() and set(done) == {"event", "level", "logger", "timestamp", *kept}
    assert any(row["event"] == "turn.async" for row in rows)
    assert any(row["event"] == "unnamed" and row["count"] == 3 for row in rows)

    [failed] = [row for row in rows if row["event"] == "turn.failed"]
    assert failed["error"] == "ValueError" and failed["causes"] == ["KeyError"] and failed["status"] == 500
    assert failed["trace"][-1].endswith(":fail")

    errors = [row for row in rows if row["logger"] == "rasa.core.processor" and row["level"] == "ERROR"]
    assert any(row.get("error") == "ValueError" and row["where"] and row["trace"] for row in errors)
    loggers = {row["logger"] for row in rows}
    assert loggers >= {"asyncio", "sanic.error", "sqlalchemy.engine", "warnings", "rasa.core.agent"}
    unhandled = [row for row in rows if row["event"] == "unhandled"]
    assert len(unhandled) == 3  # __del__, thread, main
    assert all(row["error"] == "ValueError" and row["trace"][-1].endswith(":fail") for row in unhandled)


@pytest.mark.slow
def test_debug_is_as_clean_also_under_rasas_command_line_and_sanic() -> None:
    output = run("DEBUG", before=RASA_CLI, after=RASA_CLI + SANIC, debug=True)
    assert_clean(output)
    assert "askfirst.test turn.debug" in output
    assert "rasa.core.processor library where=rasa/core/processor.py" not in output.split(" WARNING ")[0]
    # Handlers that Sanic and Rasa added have written too, in the reduced form.
    assert any(not line.startswith("20") for line in output.splitlines())


@pytest.mark.slow
def test_level_error_silences_the_rest() -> None:
    output = run("ERROR", as_json=True, after="logs.configure('ERROR', json=True)")
    assert_clean(output)
    assert {json.loads(line)["level"] for line in output.splitlines()} == {"ERROR", "CRITICAL"}


def test_drop_text_keeps_a_list_of_keys_and_checks_their_values() -> None:
    kept = logs.drop_text(
        None,
        "info",
        {
            "event": "turn.done", "text": "my platelets", "sender_id": "x", "message": "m", "slot_values": {"a": "b"},
            "path": "/webhooks/<channel>/message", "status": 200, "red_flag": "R21", "release": "20240501-abc",
            "topics": ["low_platelets", "my own words"], "channel": "447700900123", "count": 447700900123,
            "error": "StoreUnavailable", "tier": None, "intent": 44770090012, "trace": "a.py:123456:f",
        },
    )  # fmt: skip
    assert kept == {
        "event": "turn.done", "path": "/webhooks/<channel>/message", "status": 200, "red_flag": "R21",
        "release": "20240501-abc", "topics": ["low_platelets", "[…]"], "channel": "[…]", "count": "[…]",
        "error": "StoreUnavailable", "tier": None, "intent": "[…]", "trace": "a.py:123456:f",
    }  # fmt: skip


@pytest.mark.parametrize("event", ["I am Margaret", "", None, 45, "Margaret", "turn.done\n"])
def test_an_event_is_a_name(event: object) -> None:
    assert logs.drop_text(None, "info", {"event": event}) == {"event": "unnamed"}


def test_our_loggers_are_safe_where_nobody_configured() -> None:
    body = "from askfirst import logs; logs.get_logger('askfirst.x').warning('a.b', text='margaret', count=1)"
    result = subprocess.run([sys.executable, "-c", body], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert "askfirst.x a.b count=1" in result.stderr and "margaret" not in result.stderr + result.stdout


def test_an_unknown_level_is_an_error() -> None:
    with pytest.raises(ValueError, match="DEBUG, INFO"):
        logs.configure("LOUD")
