"""The real server with one part broken on purpose: `python -m tests.broken_server <what>`, for tests/test_failures.py."""

from __future__ import annotations

import sys
import time
from typing import Any

from askfirst import notf

notf.install()


def break_actions() -> None:
    """Every custom action raises; the message holds what the person wrote, which must not reach a log."""
    from actions.registry import Executor

    original = Executor.run

    async def run(self: Executor, action_call: dict[str, Any]) -> Any:
        if action_call["sender_id"] == "self-test":  # a defect that shows later: the release would be refused otherwise
            return await original(self, action_call)
        raise RuntimeError(f"broken on purpose: {action_call['tracker']['latest_message']['text']}")

    Executor.run = run  # type: ignore[method-assign]


def break_understanding() -> None:
    """Understanding hangs, but for the self-test at the start."""
    from askfirst.nlu.things import ThingExtractor

    original = ThingExtractor.process

    def process(self: ThingExtractor, messages: list[Any]) -> list[Any]:
        if any("hang" in (m.get("text") or "") for m in messages):
            time.sleep(30)
        return original(self, messages)

    ThingExtractor.process = process  # type: ignore[method-assign]


def break_understanding_loudly() -> None:
    """Understanding raises for some messages."""
    from askfirst.nlu.dense_head import DenseHead

    original = DenseHead.process

    def process(self: DenseHead, messages: list[Any]) -> list[Any]:
        if any("explode" in (m.get("text") or "") for m in messages):
            raise ValueError("broken on purpose: " + messages[0].get("text"))
        return original(self, messages)

    DenseHead.process = process  # type: ignore[method-assign]


def break_speech() -> None:
    """Actions run but say nothing."""
    from actions.registry import Executor

    original = Executor.run

    async def run(self: Executor, action_call: dict[str, Any]) -> Any:
        if action_call["sender_id"] == "self-test":
            return await original(self, action_call)
        return {"events": [{"event": "followup", "name": "action_listen"}], "responses": []}

    Executor.run = run  # type: ignore[method-assign]


def break_self_test_of_new_releases() -> None:
    """A release whose test message is not answered."""
    from askfirst.agent import AskFirstAgent

    original = AskFirstAgent._self_test

    async def self_test(self: AskFirstAgent, processor: Any, content: Any) -> None:
        if self.release is not None:
            raise RuntimeError("the release did not answer the test message")
        await original(self, processor, content)

    AskFirstAgent._self_test = self_test  # type: ignore[method-assign]


def main() -> int:
    """Break one part, then serve."""
    what = sys.argv[1]
    globals()[f"break_{what}"]()
    from askfirst.cli import main as cli

    return cli(["serve"])


if __name__ == "__main__":
    sys.exit(main())
