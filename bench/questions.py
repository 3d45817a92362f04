"""Scores the question sets against the current release: `python -m bench.questions tuning|locked [--errors]`.

Each question goes through the real pipeline (screen, things, head, gate, rules on values) without a conversation around it.
Prints: topics right, out-of-scope questions that would get a health text, in-scope ones declined, things recalled.
The locked half is scored once for each issue; docs/eval.md keeps its first-look figures.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from askfirst import notf

notf.install()
notf.quiet_warnings()

ROOT = Path(__file__).resolve().parent.parent
SAFETY = {"ask_safety", "tell_condition", "ask_timing", "ask_pressure", "ask_massage_type"}
INTENTS = {
    "pain": {"ask_pain"},
    "detox_toxins": {"ask_detox_toxins"},
    "cost_insurance": {"ask_cost_insurance"},
    "safety": SAFETY,
    "results": {"limit_results"},
    "out_of_scope": {"out_of_scope", "nlu_fallback"},
}


def is_health(intent: str) -> bool:
    """Does this intent lead to a health text? (Limits decline, talk says nothing about health.)"""
    return intent in SAFETY or intent == "why_ask_team" or intent.startswith("ask_")


def processor() -> Any:
    """The processor of the current release, with nothing stored."""
    from rasa.core.lock_store import InMemoryLockStore
    from rasa.core.tracker_store import InMemoryTrackerStore

    from askfirst import logs
    from askfirst.processor import AskFirstProcessor
    from askfirst.release import current_release
    from askfirst.runtime import live_clinic

    logs.configure("ERROR")
    release = current_release()
    return AskFirstProcessor(
        model_path=release.model, tracker_store=InMemoryTrackerStore(None), lock_store=InMemoryLockStore(), generator=None,
        clinic=live_clinic, content=release.content(),
    )


def understood(parsed: dict[str, Any]) -> tuple[set[str], set[str], bool]:
    """(intents it would act on, things, urgent) of one parse. Two candidates count as both offered."""
    gate = parsed.get("gate") or {}
    name = parsed["intent"]["name"]
    things = {e["value"] for e in parsed["entities"]}
    if name == "two_candidates":
        return set(gate["candidates"]) | ({"ask_safety"} if things else set()), things, False
    if name == "limit_results" and things and gate.get("rule") != "value":
        return {"ask_safety", name}, things, False  # answered as what was named (actions/limits.py)
    return {name}, things, name == "urgent"


def main() -> int:
    """Print the figures of one half."""
    half = sys.argv[1]
    questions = yaml.safe_load((ROOT / "tests" / "questions" / f"{half}.yml").read_text(encoding="utf-8"))
    run = processor()
    right, asked, styles, style_right = Counter(), Counter(), Counter(), Counter()
    leaked = declined = urgent = named = missed = extra = two = 0
    errors = []
    for question in questions:
        from rasa.core.channels.channel import UserMessage

        parsed = asyncio.run(run.parse_message(UserMessage(question["text"])))
        intents, things, is_urgent = understood(parsed)
        topic = question["topic"]
        # What is not ours may be declined by the limit that it belongs to ("I only cover massage" for a diet).
        good = bool(intents & INTENTS[topic]) or (topic == "out_of_scope" and all(i.startswith("limit_") for i in intents))
        asked[topic] += 1
        right[topic] += good
        styles[question["style"]] += 1
        style_right[question["style"]] += good
        two += len(intents) > 1
        urgent += is_urgent
        if topic == "out_of_scope":
            leaked += any(map(is_health, intents)) and not good
        else:
            declined += bool(intents <= {"out_of_scope", "nlu_fallback"})
            wanted = set(question.get("things") or ())
            named += len(wanted)
            missed += len(wanted - things)
            extra += len(things - wanted)
            if wanted - things:
                errors.append(f"missed {sorted(wanted - things)}: {question['text'][:120]}")
        if not good:
            errors.append(f"{topic} -> {sorted(intents)}: {question['text'][:120]}")
    total, inside = sum(asked.values()), sum(asked.values()) - asked["out_of_scope"]
    print(f"{half}: {sum(right.values())} of {total} topics right ({100 * sum(right.values()) / total:.1f} %)")
    print("  " + ", ".join(f"{t} {right[t]}/{asked[t]}" for t in asked))
    print("  " + ", ".join(f"{s} {style_right[s]}/{styles[s]}" for s in sorted(styles)))
    print(f"  in scope, wrongly declined: {declined} of {inside}; out of scope, health text: {leaked} of {asked['out_of_scope']}")
    print(f"  things: {named - missed} of {named} found, {extra} found that were not meant; taken for urgent: {urgent}; two offered: {two}")
    if "--errors" in sys.argv:
        print("\n".join(f"    {e}" for e in errors))
    return 0


if __name__ == "__main__":
    sys.exit(main())
