"""Plays all scenario files against a running server and prints what differs: `python -m tests.play_scenarios [port] [file]`."""

from __future__ import annotations

import sys

from tests.scenarios import load, play


class Running:
    """A server that somebody else started."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    from tests.harness import Server as _Server

    post, say, choose = _Server.post, _Server.say, _Server.choose


def main() -> int:
    """Returns: the number of scenarios with findings, at most 100."""
    server = Running(int(sys.argv[1]) if len(sys.argv) > 1 else 8000)
    bad = 0
    scenarios = [s for s in load() if len(sys.argv) < 3 or s.file == sys.argv[2]]
    for scenario in scenarios:
        findings = play(server, scenario.turns)  # type: ignore[arg-type]
        if findings:
            bad += 1
            print(f"{scenario.file}: {scenario.title}{' (known)' if scenario.known_miss else ''}")
            for finding in findings:
                print("   ", finding)
    print(f"{len(scenarios) - bad} of {len(scenarios)} scenarios as asked")
    return min(bad, 100)


if __name__ == "__main__":
    sys.exit(main())
