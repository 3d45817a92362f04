"""Scores the urgent screen on messages that nobody used to write it: `python -m bench.safety tuning|locked [--rules] [--misses] [--curve] [--parts] [--write]`.

Each message goes through both stages as in the server, without a conversation around it. Prints: urgent messages found (recall), by
stage, with the right red flag, with a tier as high or higher; messages that only look urgent and got the urgent reply (false
alarms), by kind; how the others that only look so are meant. `--rules`: the first stage alone, no release needed. `--misses`: each message that went wrong. `--curve`: recall and false alarms over
the border of the second stage (tuning half only), and how many everyday questions (the scenarios' and the tuning questions) are taken for urgent. `--parts`: what letters and words, and
the reader, bring by themselves (tuning half only). `--write`: keeps all of it in docs/safety/evaluation-<half>.md.
The locked half is scored once for each step; docs/safety/evaluation.md keeps its first-look figures.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from askfirst import notf

notf.install()
notf.quiet_warnings()

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "tests" / "safety"


def messages(half: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(urgent messages, messages that only look so) of a half."""
    urgent, near = ((SETS / f"{name}_{half}.yml").read_text(encoding="utf-8") for name in ("urgent", "near"))
    return yaml.load(urgent, Loader=yaml.CSafeLoader), yaml.load(near, Loader=yaml.CSafeLoader)


def by_rules(text: str) -> dict[str, Any]:
    """What the first stage alone makes of a message: {red_flag, tier, stage, score, lowered}."""
    result = _rules().check(text)
    hit = result.urgent
    return {"red_flag": hit and hit.red_flag, "tier": hit and hit.tier, "stage": 1, "score": None, "lowered": [h.lowered_by for h in result.lowered]}


@lru_cache(maxsize=1)
def _rules() -> Any:
    from askfirst.safety.screen import Screen

    return Screen.load(ROOT / "data" / "safety" / "red_flags.yml")


def by_release(texts: list[str]) -> list[dict[str, Any]]:
    """What both stages of the current release make of each message, as `by_rules`."""
    from rasa.core.channels.channel import UserMessage

    from bench.questions import processor

    release = processor()

    async def all_of_them() -> list[dict[str, Any]]:
        out = []
        for text in texts:
            parsed = await release.parse_message(UserMessage(text, None, "bench"))
            screen = parsed.get("screen") or {}
            out.append({
                "red_flag": screen.get("red_flag"), "tier": screen.get("tier"), "stage": screen.get("stage", 1),
                "score": (parsed.get("second_look") or {}).get("score"), "lowered": [(parsed.get("lowered") or {}).get("by")],
            })
        return out

    return asyncio.run(all_of_them())


def share(part: int, whole: int) -> str:
    """'97.1 % (34 of 35)'"""
    return f"{100 * part / whole:.1f} % ({part} of {whole})" if whole else "-"


def report(half: str, urgent: list[dict[str, Any]], near: list[dict[str, Any]], found: list[dict[str, Any]], misses: bool) -> list[str]:
    """The figures as lines of Markdown."""
    from askfirst.safety.validate import TIER_OF

    told, quiet = found[: len(urgent)], found[len(urgent) :]
    hits = [(m, f) for m, f in zip(urgent, told, strict=True) if f["red_flag"]]
    missed = [(m, f) for m, f in zip(urgent, told, strict=True) if not f["red_flag"]]
    alarms = [(m, f) for m, f in zip(near, quiet, strict=True) if f["red_flag"]]
    lines = [
        f"- urgent messages found: {share(len(hits), len(urgent))}, {sum(f['stage'] == 1 for _, f in hits)} of them by the rules",
        f"- with the red flag of the list: {share(sum(m['flag'] == f['red_flag'] for m, f in hits), len(urgent))}",
        f"- with its tier or a higher one: {share(sum(f['tier'] <= TIER_OF[m['flag']] for m, f in hits), len(urgent))}",
        f"- false alarms: {share(len(alarms), len(near))}, {sum(f['stage'] == 1 for _, f in alarms)} of them by the rules",
    ]
    kinds = Counter(m["kind"] for m in near)
    by_kind = Counter(m["kind"] for m, _ in alarms)
    lines.append("- false alarms by kind: " + ", ".join(f"{kind} {by_kind[kind]} of {kinds[kind]}" for kind in sorted(kinds)))
    wants = Counter(m["want"] for m in near)
    meant = Counter(m["want"] for m, f in zip(near, quiet, strict=True) if not f["red_flag"] and {"if": "hypothetical", "net": "negated"}.get(m["want"]) in f["lowered"])
    lines.append("- what only looks urgent: " + ", ".join(f"{name} in {meant[want]} of {wants[want]}" for want, name in (("if", 'the "if" form'), ("net", "a safety net"))))
    lines += ["", "| red flag | messages | found | as (where not itself) |", "|---|---|---|---|"]
    for flag in sorted({m["flag"] for m in urgent}):
        rows = [f for m, f in zip(urgent, told, strict=True) if m["flag"] == flag]
        others = Counter(f["red_flag"] for f in rows if f["red_flag"] not in (None, flag))
        lines.append(f"| {flag} | {len(rows)} | {sum(bool(f['red_flag']) for f in rows)} | {', '.join(f'{k} {v}' for k, v in others.most_common())} |")
    if misses:
        lines += ["", f"### Missed ({half})", ""] + [f"- {m['flag']} ({', '.join(m['kind'])}): {m['text']}" for m, _ in missed]
        lines += ["", f"### False alarms ({half})", ""] + [f"- {m['kind']}, taken for {f['red_flag']} by stage {f['stage']}: {m['text']}" for m, f in alarms]
    return lines


def curve(urgent: list[dict[str, Any]], near: list[dict[str, Any]], found: list[dict[str, Any]], usual: list[dict[str, Any]]) -> list[str]:
    """Recall, false alarms and everyday questions taken for urgent (`usual`, what the release makes of them) for each border of the second stage."""

    def at(border: float, some: list[dict[str, Any]]) -> int:
        return sum((f["stage"] == 1 and bool(f["red_flag"])) or (f["score"] is not None and f["score"] >= border) for f in some)

    lines = ["", f"| border | urgent found | false alarms | of {len(usual)} everyday questions |", "|---|---|---|---|"]
    for step in range(-12, 17):
        border = step / 20
        told, quiet = at(border, found[: len(urgent)]), at(border, found[len(urgent) :])
        lines.append(f"| {border:.2f} | {share(told, len(urgent))} | {share(quiet, len(near))} | {share(at(border, usual), len(usual))} |")
    return lines


def everyday() -> dict[str, str]:
    """What patients ask in the scenarios and the tuning questions, but for what is urgent there: message -> where it stands."""
    import tests.scenarios

    asked = {turn["patient"]: "scenarios" for s in tests.scenarios.load() for turn in s.turns if (turn.get("reply") or {}).get("kind") != "urgent"}
    for name in ("tuning", "patients_tuning"):
        questions = yaml.load((ROOT / "tests" / "questions" / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        asked = {question["text"]: f"{name}.yml" for question in questions} | asked
    return {text: where for text, where in asked.items() if isinstance(text, str)}


def everyday_alarms(asked: dict[str, str], found: list[dict[str, Any]]) -> str:
    """A line: how many everyday questions are taken for urgent, by the rules and by where they stand."""
    taken = [(f["stage"], where) for f, where in zip(found, asked.values(), strict=True) if f["red_flag"]]
    by_place = Counter(where for _, where in taken)
    places = ", ".join(f"{where} {share(by_place[where], total)}" for where, total in Counter(asked.values()).items())
    return f"- everyday questions taken for urgent: {share(len(taken), len(asked))}, {sum(stage == 1 for stage, _ in taken)} of them by the rules; {places}"


def names(urgent: list[dict[str, Any]]) -> str:
    """A line: what naming the rules' finds by what was learnt brings."""
    from askfirst.nlu.urgent_reader import shared_reader
    from askfirst.release import current_release
    from askfirst.safety.learned import load_learned, screen_with
    from askfirst.safety.screen import Screen

    release = current_release()
    learned, red_flags = load_learned(release.folder, shared_reader()), release.content().red_flags
    if learned is None:
        return ""
    alone, both = Screen(red_flags, learned.is_calm), screen_with(red_flags, learned)
    pairs = [(m["flag"], a.red_flag, b.red_flag) for m in urgent if (a := alone.check(m["text"]).urgent) and (b := both.check(m["text"]).urgent)]
    better, worse = sum(was != flag == now for flag, was, now in pairs), sum(was == flag != now for flag, was, now in pairs)
    return f"- rules' finds with the red flag of the list: {share(sum(flag == was for flag, was, _ in pairs), len(pairs))} as the rules name them; {better} more by what was learnt, {worse} fewer"


def parts(urgent: list[dict[str, Any]], near: list[dict[str, Any]]) -> list[str]:
    """The second stage by itself, without the rules' own finds: false alarms at 98 and 99 % recall, by what it goes by."""
    from askfirst.nlu.urgent_reader import shared_reader
    from askfirst.release import current_release
    from askfirst.safety.learned import Learned, load_learned
    from askfirst.safety.text import plain

    release = current_release()
    both, screen, reader = load_learned(release.folder, shared_reader()), release.content().screen, shared_reader()
    if both is None:
        return []
    words = Learned(both.arrays(), both.flags, both.seen)
    ways = {
        "letters and words": lambda text: words.look(text, screen).score,
        "the reader": lambda text: reader.read(plain(text))[0],
        "both": lambda text: both.look(text, screen).score,
    }
    asked = list(everyday())
    lines = ["", f"| by | at recall | false alarms | of {len(asked)} everyday questions |", "|---|---|---|---|"]
    for name, way in ways.items():
        found, quiet, usual = (sorted(map(way, texts)) for texts in ([m["text"] for m in urgent], [m["text"] for m in near], asked))
        for recall in (98, 99):
            at = found[len(found) * (100 - recall) // 100]
            lines.append(f"| {name} | {recall} % | {share(sum(s >= at for s in quiet), len(quiet))} | {share(sum(s >= at for s in usual), len(usual))} |")
    named = [both.look(m["text"], screen).red_flag == m["flag"] for m in urgent]
    return [*lines, "", f"- with the red flag of the list, by both: {share(sum(named), len(named))}", names(urgent)]


def main() -> int:
    """Command line. Returns: 0."""
    arguments = sys.argv[1:]
    half = arguments[0] if arguments and arguments[0] in ("tuning", "locked") else "tuning"
    urgent, near = messages(half)
    texts = [m["text"] for m in (*urgent, *near)]
    found = [by_rules(t) for t in texts] if "--rules" in arguments else by_release(texts)
    lines = report(half, urgent, near, found, "--misses" in arguments or "--write" in arguments)
    if "--curve" in arguments and half == "tuning":
        asked = everyday()
        usual = by_release(list(asked))
        lines += [*curve(urgent, near, found, usual), "", everyday_alarms(asked, usual)]
    if "--parts" in arguments and half == "tuning":
        lines += parts(urgent, near)
    print("\n".join(lines))
    if "--write" in arguments:
        from askfirst.content.clinic import write_text_safely

        head = f"# The urgent screen on the {half} half\nMade by `python -m bench.safety {half} --write` on {date.today()}.\n\n"
        write_text_safely(ROOT / "docs" / "safety" / f"evaluation-{half}.md", head + "\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
