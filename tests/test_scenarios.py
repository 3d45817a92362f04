"""Every scenario file, over HTTP, against the real server with in-process actions."""

from __future__ import annotations

import pytest

from tests.harness import Server
from tests.scenarios import Scenario, load, play

pytestmark = pytest.mark.slow
ALL = load()


@pytest.mark.parametrize("scenario", ALL, ids=[f"{s.file}: {s.title}" for s in ALL])
def test_scenario(server: Server, scenario: Scenario, request: pytest.FixtureRequest) -> None:
    findings = play(server, scenario.turns)
    if scenario.known_miss and not findings:
        pytest.fail("it is answered as asked now: take known_miss: out of the file")
    if scenario.known_miss:
        pytest.xfail(scenario.known_miss)
    assert not findings, "\n".join(findings)


def test_there_are_scenarios_of_each_kind() -> None:
    files = {s.file for s in ALL}
    assert {"single.yml", "combinations.yml", "urgent.yml", "conversation.yml", "hostile.yml"} <= files
    assert len([f for f in files if f.startswith("content_")]) == 5
    assert len(ALL) >= 790
