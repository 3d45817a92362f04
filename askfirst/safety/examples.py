"""Reads data/safety/examples: messages that are urgent, by red flag, and messages that only look so, by kind.

    urgent: {R21: ["text", ...], ...}      files urgent_*.yml: red flag -> messages
    calm: {negated: [...], past: [...]}    files calm_*.yml: kind -> messages

The second stage of the screen is trained on them (askfirst/safety/learned.py).
"""

from __future__ import annotations

from pathlib import Path

import yaml

from askfirst.content.problems import Problem, shown
from askfirst.content.yaml_file import PARSER
from askfirst.safety.learned import CALM
from askfirst.safety.validate import FLAG_IDS

# With fewer the second stage hardly learns a red flag.
MIN_FOR_A_FLAG = 20
MIN_WORDS, MAX_CHARS = 2, 2000


def read_examples(folder: Path, root: Path | None = None) -> tuple[list[tuple[str, str]], list[Problem]]:
    """All examples of a folder.

    Returns: (text, label) with a red flag's id or CALM for label; and every finding. Never raises for what the files hold.
    """
    found: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    for path in sorted(p for p in folder.glob("*") if not p.name.startswith(".")):
        name = shown(path, root)
        urgent = path.name.startswith("urgent_")
        if path.suffix != ".yml" or not (urgent or path.name.startswith("calm_")):
            problems.append(Problem(name, 0, "nothing reads a file of this name", "name it urgent_....yml or calm_....yml, or remove it"))
            continue
        try:
            top = yaml.compose(path.read_text(encoding="utf-8"), PARSER)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
            problems.append(Problem(name, line, "the file cannot be read as YAML", "put each message in double quotes"))
            continue
        if top is not None and not isinstance(top, yaml.MappingNode):
            problems.append(Problem(name, 1, "the messages stand under no group", "write a red flag or a kind, a colon, and the messages under it"))
            continue
        for key, texts in top.value if top is not None else ():
            group, line = str(key.value), key.start_mark.line + 1
            if urgent and group not in FLAG_IDS:
                problems.append(Problem(name, line, f"'{group}' is no red flag", "use R01 to R36 or A35"))
                continue
            if not urgent and group in FLAG_IDS:
                problems.append(Problem(name, line, f"the red flag {group} stands among calm messages", "move it to a file urgent_....yml"))
                continue
            if not isinstance(texts, yaml.SequenceNode):
                problems.append(Problem(name, line, f"{group} has no list of messages", "begin each message with '- ' on a line of its own"))
                continue
            for node in texts.value:
                text = node.value if isinstance(node, yaml.ScalarNode) else None
                finding = _finding(text, urgent, found)
                if finding:
                    problems.append(Problem(name, node.start_mark.line + 1, f"{group}: {finding[0]}", finding[1]))
                else:
                    found[_key(node.value)] = (node.value, group if urgent else CALM)
    counts = {flag: sum(label == flag for _, label in found.values()) for flag in FLAG_IDS}
    few = [f"{flag} ({count})" for flag, count in counts.items() if count < MIN_FOR_A_FLAG]
    if few:
        problems.append(Problem(shown(folder, root), 0, f"fewer than {MIN_FOR_A_FLAG} examples: {', '.join(few)}", "write more for them"))
    return list(found.values()), problems


def _finding(text: str | None, urgent: bool, found: dict[str, tuple[str, str]]) -> tuple[str, str] | None:
    """What is wrong with one message and what to do, or None."""
    if not isinstance(text, str):
        return "a line is not a text", "put the message in double quotes"
    if not len(text.split()) >= MIN_WORDS or len(text) > MAX_CHARS:
        return f"'{text[:60]}' is too short or too long", f"write {MIN_WORDS} words to {MAX_CHARS} characters"
    other = found.get(_key(text))
    if other is not None:
        same = (other[1] != CALM) == urgent
        return (f"'{text[:60]}' stands twice", "keep it once") if same else (f"'{text[:60]}' is urgent in one file and calm in another", "decide which")
    return None


def _key(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
