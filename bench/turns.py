"""Time of a turn and turns a second against a running demo server: `python -m bench.turns [port] [turns]`."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import requests

TEXTS = ("can massage help my pain", "deep tissue with a PICC, on apixaban, during chemo", "does it flush out toxins", "what does it cost")


def main() -> int:
    """Print p50, p95 and turns a second with 4 people at once, each in a conversation of their own."""
    port, turns = (int(sys.argv[1]) if len(sys.argv) > 1 else 8000), (int(sys.argv[2]) if len(sys.argv) > 2 else 400)
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"

    run = time.time_ns()

    def person(number: int) -> list[float]:
        times = []
        with requests.Session() as session:
            for i in range(turns // 4):
                started = time.perf_counter()
                body = {"sender": f"bench-{run}-{number}-{i // 8}", "message": TEXTS[i % len(TEXTS)]}
                session.post(url, json=body, timeout=30).raise_for_status()
                times.append(time.perf_counter() - started)
        return times

    person(9)
    one = sorted(person(8))
    started = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        many = sorted(t for times in pool.map(person, range(4)) for t in times)
    seconds = time.perf_counter() - started
    print(f"one person: p50 {1000 * one[len(one) // 2]:.0f} ms, p95 {1000 * one[int(len(one) * 0.95)]:.0f} ms")
    print(f"four people: p50 {1000 * many[len(many) // 2]:.0f} ms, p95 {1000 * many[int(len(many) * 0.95)]:.0f} ms, {len(many) / seconds:.0f} turns a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
