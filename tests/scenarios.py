"""Scenario files: what a patient says, and what must and must not be in the reply. Played over HTTP against the real server.

    - scenario: a sentence
      entry: id          # the entry that it is written for (content_*.yml)
      known_miss: why    # it is not answered as asked yet; the test says so when it is
      turns:
        - patient: "text"
          reply: {kind: answer | [kinds], topics: [ids], verdict: ASK, red_flag: R21, says: ["a|b"], never: ["c"]}

Besides what a file asks, each reply is held to what every reply must be (`check_always`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from askfirst.content.lint import asks, banned_words
from askfirst.content.reply import KINDS
from askfirst.content.yaml_file import PARSER
from tests.harness import Server, conversation, told

FOLDER = Path(__file__).parent / "scenarios"


class Scenario(NamedTuple):
    """One scenario of a file. `entry`: what it is written for; `known_miss`: why it is not answered as asked yet."""

    file: str
    title: str
    turns: list[dict[str, Any]]
    entry: str | None = None
    known_miss: str | None = None


def load(folder: Path = FOLDER) -> list[Scenario]:
    """All scenarios. Errors: ValueError for a file that does not fit the form."""
    found: list[Scenario] = []
    for path in sorted(folder.glob("*.yml")):
        for item in yaml.load(path.read_text(encoding="utf-8"), Loader=PARSER) or ():
            if set(item) - {"scenario", "entry", "turns", "known_miss"}:
                raise ValueError(f"{path.name}: '{item['scenario']}' has lines that no runner reads")
            for turn in item["turns"]:
                unknown = set(turn["reply"]) - {"kind", "topics", "verdict", "red_flag", "tier", "says", "never"}
                if unknown or set(turn) - {"patient", "reply"}:
                    raise ValueError(f"{path.name}: '{item['scenario']}' asks for {', '.join(unknown)}, which no runner checks")
            found.append(Scenario(path.name, item["scenario"], item["turns"], item.get("entry"), item.get("known_miss")))
    return found


def check_always(reply: dict[str, Any], before: dict[str, Any] | None) -> list[str]:
    """What every reply must be, whatever was asked. Returns: findings."""
    out = []
    text = told(reply)
    if reply["kind"] not in KINDS:
        out.append(f"unknown kind {reply['kind']}")
    if "{" in text or "}" in text:
        out.append("a slot is not filled")
    out += [f"banned: {found}" for found, _ in banned_words(reply["text"])]
    if reply["kind"] == "answer":
        if not reply["reminder"] or not reply["team_question"]:
            out.append("a health answer without its ask")
        if asks(reply["text"]):
            out.append(f"a second ask in the text: {asks(reply['text'])[0]}")
        if before and before.get("reminder") == reply["reminder"]:
            out.append("the same reminder twice in a row")
        # What an urgent sign or an open word is owed stands on top of the 90 words (docs/contracts.md).
        more = reply["lowered"] or any(b["title"] == "Something else" for b in reply["buttons"]) or reply["text"].split("\n")[0].endswith("?")
        if not more and len(f"{reply['text']} {reply['reminder']}".split()) > 90:
            out.append("more than 90 words")
    if reply["kind"] == "urgent":
        if reply["reminder"] or reply["sources"] or reply["team_question"]:
            out.append("an urgent reply with more than the action")
        if not reply["red_flag"] or reply["tier"] not in (1, 2, 3):
            out.append("an urgent reply without its red flag")
        if "call" not in reply["text"].lower() and "contact" not in reply["text"].lower() and "tell your" not in reply["text"].lower():
            out.append("an urgent reply without an action")
    elif reply["red_flag"]:
        out.append("a red flag in a reply that is not urgent")
    return out


def check_turn(reply: dict[str, Any], want: dict[str, Any]) -> list[str]:
    """What a scenario asks of one reply. Returns: findings."""
    out = []
    kinds = want["kind"] if isinstance(want["kind"], list) else [want["kind"]]
    if reply["kind"] not in kinds:
        out.append(f"kind is {reply['kind']}, not {' or '.join(kinds)}")
    for topic in want.get("topics") or ():
        if topic not in reply["topics"]:
            out.append(f"topic {topic} is missing from {reply['topics']}")
    for key in ("verdict", "red_flag", "tier"):
        if key in want and reply[key] != want[key]:
            out.append(f"{key} is {reply[key]}, not {want[key]}")
    text = told(reply).lower()
    for words in want.get("says") or ():
        if not any(w.strip().lower() in text for w in str(words).split("|")):
            out.append(f"does not say '{words}'")
    for words in want.get("never") or ():
        if str(words).lower() in text:
            out.append(f"says '{words}'")
    return out


def play(server: Server, turns: list[dict[str, Any]]) -> list[str]:
    """Play one scenario in a conversation of its own. Returns: findings with the turn's number, text and reply."""
    sender = conversation()
    findings: list[str] = []
    before: dict[str, Any] | None = None
    for number, turn in enumerate(turns, 1):
        replies = server.say(turn["patient"], sender)
        found = check_turn(replies[-1], turn["reply"])
        for reply in replies:
            found += check_always(reply, before)
            before = reply
        shown = turn["patient"] if len(turn["patient"]) < 200 else turn["patient"][:200] + "..."
        findings += [f"turn {number} {shown!r}: {f}\n    got: {replies[-1]['kind']} {replies[-1]['topics']} {replies[-1]['text'][:160]!r}" for f in found]
    return findings
