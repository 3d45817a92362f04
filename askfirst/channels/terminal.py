"""Renders a reply as plain text for a terminal, and reads the number of a choice."""

from __future__ import annotations

import textwrap
from typing import Any

WIDTH = 78


def render(reply: dict[str, Any], width: int = WIDTH) -> str:
    """One reply as lines. Args: Reply.as_dict(); width in characters."""
    out: list[str] = []
    if reply["kind"] == "urgent":
        out.append("*** URGENT ***")
    for paragraph in reply["text"].split("\n"):
        out += textwrap.wrap(paragraph, width)
    if reply.get("reminder"):
        out += ["", *textwrap.wrap(f"-> {reply['reminder']}", width, subsequent_indent="   ")]
    if reply.get("team_question"):
        out += textwrap.wrap(f'   To take along: "{reply["team_question"]}"', width, subsequent_indent="   ")
    if reply.get("sources"):
        out.append("")
        out.append("   Sources:")
        for source in reply["sources"]:
            year = f", {source['year']}" if source.get("year") else ", no year given"
            out += textwrap.wrap(f"   - {source['title']}{'' if source['title'].endswith('?') else '.'} {source['publisher']}{year}", width, subsequent_indent="     ")
    if reply.get("certainty"):
        out += ["", *textwrap.wrap(f"   How sure: {reply['certainty']}", width, subsequent_indent="     ")]
    if reply["kind"] == "answer":
        review = reply.get("reviewed")
        out.append(f"   Checked by {review['reviewed_by']} on {review['reviewed_on']}." if review else "   Not yet reviewed by a clinician.")
    for number, button in enumerate(reply.get("buttons") or (), 1):
        out.append(f"   {number}. {button['title']}")
    return "\n".join(out)


def picked(text: str, buttons: list[dict[str, str]]) -> str | None:
    """The id of the choice that a bare number or title means, None when it means none."""
    said = text.strip().rstrip(".)").lower()
    if said.isdigit() and 1 <= int(said) <= len(buttons):
        return buttons[int(said) - 1]["choice"]
    return next((b["choice"] for b in buttons if b["title"].lower() == said), None)
