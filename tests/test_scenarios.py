"""Every scenario file, over HTTP, against the real server with in-process actions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness import Server
from tests.scenarios import load, play

pytestmark = pytest.mark.slow
ALL = load()


@pytest.mark.parametrize("turns", [t for _, _, t in ALL], ids=[f"{f}: {s}" for f, s, _ in ALL])
def test_scenario(server: Server, turns: list[dict[str, Any]]) -> None:
    findings = play(server, turns)
    assert not findings, "\n".join(findings)


def test_there_are_scenarios_of_each_kind() -> None:
    files = {f for f, _, _ in ALL}
    assert {"single.yml", "combinations.yml", "urgent.yml", "conversation.yml", "hostile.yml"} <= files
    assert len(ALL) >= 140
