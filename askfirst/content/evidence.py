"""The items of the evidence base that must be covered: data/evidence.yml, and which entries cover them.

The evidence base itself is no part of the project; this list of its items is, so that `askfirst coverage` and `make check`
can say what is missing without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from askfirst.content.knowledge import Knowledge
from askfirst.content.problems import Problem, shown
from askfirst.content.reply import VERDICTS
from askfirst.content.yaml_file import Mapping, Sequence, read_yaml

# Where the table stands in docs/content.md.
BEGIN, END = "<!-- coverage begins -->", "<!-- coverage ends -->"
# Sections whose items are listed: claims, situations, questions, refusals. Entries may name other sections too (6.1, 8.2).
SECTIONS = ("1", "2", "4", "5")


@dataclass(frozen=True)
class EvidenceItem:
    """One item. `verdicts`: those that an entry of this row may have for the whole person, () where the row gives none;
    `from_memory`: the evidence base names no source for it."""

    id: str
    title: str
    verdicts: tuple[str, ...] = ()
    from_memory: bool = False


def listed(reference: str) -> bool:
    """Does a reference of an entry ('2.1-4', '6.1') point into a section whose items are listed?"""
    return reference.split(" ")[0].split(".")[0] in SECTIONS


def read_items(path: Path, root: Path | None = None) -> tuple[dict[str, EvidenceItem], list[Problem]]:
    """Read data/evidence.yml. Returns: items by id in the order of the evidence base, and every finding; never raises."""
    data, problems = read_yaml(path, root)
    name = shown(path, root)
    if not isinstance(data, Sequence):
        return {}, problems or [Problem(name, 0, "the list of the evidence base's items is missing", "restore it from git")]
    items: dict[str, EvidenceItem] = {}
    for block, line in data.lined():
        fits = isinstance(block, Mapping) and isinstance(block.get("item"), str) and isinstance(block.get("title"), str)
        verdicts = block.get("verdicts") or [] if fits else []
        known = isinstance(verdicts, list) and all(v in VERDICTS for v in verdicts if isinstance(v, str)) and all(isinstance(v, str) for v in verdicts)
        if not fits or set(block) - {"item", "title", "verdicts", "from_memory"} or not known:
            problems.append(Problem(name, line, "this item is not complete", "write {item: '2.1-4', title: what it is, verdicts: [ASK]}"))
            continue
        items[block["item"]] = EvidenceItem(block["item"], block["title"], tuple(verdicts), block.get("from_memory") is True)
    return items, problems


def coverage(items: dict[str, EvidenceItem], knowledge: Knowledge) -> dict[str, list[str]]:
    """For each item the ids of the entries that cover it, [] where none does."""
    covered: dict[str, list[str]] = {item: [] for item in items}
    for entry in knowledge.entries.values():
        for reference in entry.evidence:
            if reference in covered:
                covered[reference].append(entry.id)
    return covered


def with_table(page: str, table: str) -> str:
    """A page with the table between its two marks. Errors: ValueError when the marks are not there."""
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise ValueError(f"docs/content.md needs one line {BEGIN} and one line {END}: restore them from git")
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table}\n{END}{rest.partition(END)[2]}"


def coverage_table(items: dict[str, EvidenceItem], knowledge: Knowledge) -> str:
    """The table of docs/content.md: each item, what it is, the entries that say it and their verdicts."""
    heads = {"1": "Claims of the two source articles", "2.1": "Situations: blood, clots, infection",
             "2.2": "Situations: skin, surgery, devices, bones, nerves, organs, life stage",
             "4": "Frequent questions", "5": "Refusals and hand-overs"}
    lines: list[str] = []
    before = ""
    for item, entries in coverage(items, knowledge).items():
        section = next(s for s in sorted(heads, key=len, reverse=True) if item.startswith(s))
        if section != before:
            lines += ["", f"### {section}: {heads[section]}", "", "| item | what it is | entries |", "|---|---|---|"]
            before = section
        shown_entries = ", ".join(f"`{i}`" + (f" ({v})" if (v := knowledge.entries[i].verdict) else "") for i in entries)
        lines.append(f"| {item} | {items[item].title.replace('|', '/')} | {shown_entries or '**missing**'} |")
    return "\n".join(lines).strip() + "\n"
