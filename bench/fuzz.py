"""Hides urgent phrases in noise and slips and looks whether both stages of the screen still find them: `python -m bench.fuzz [20000] [--seed 1] [--show]`.

The phrases stand in data/safety/must_find.yml, at least ten for each red flag, the noise below. Prints misses by red flag and by disguise. Returns 1 for
a crash, a phrase that is missed as it stands, or a disguised one that is missed. docs/safety/fuzz.md keeps the last result.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import yaml

from askfirst import notf

notf.install()
notf.quiet_warnings()

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = ROOT / "data" / "safety" / "must_find.yml"
BEFORE = (
    "Hello there.", "Hi, hope you are well.", "Thanks for the leaflet.", "I have a booking on Friday at two.", "Sorry to bother you.", "My daughter set up this phone for me.",
    "I came in on the bus this morning.", "We love the new room.", "Quick question please.", "I was told to ask here.", "It is my third visit.", "The weather is lovely today.",
)
AFTER = (
    "Can I still have my massage?", "Is it ok to come on Friday?", "thanks", "What oil do you use?", "Please advise.", "Would a gentle foot rub be nice?", "Sent from my phone.",
    "My husband can drive me.", "Do you have parking?", "I like lavender.", "x", "The nurse knows about the booking.",
)
EMOJI = ("😢", "🙏", "😊", "❤️", "😷", "🤷‍♀️", "👍🏽")
LIKE = str.maketrans("aeopcxyi", "аеорсхуі")


def as_it_is(text: str, r: random.Random) -> str:
    """Nothing changed."""
    return text


def casing(text: str, r: random.Random) -> str:
    """Capitals all over, or at random."""
    return text.upper() if r.random() < 0.5 else "".join(c.upper() if r.random() < 0.3 else c for c in text)


def slip(text: str, r: random.Random) -> str:
    """One slip of the keyboard in one word of six letters or more: two letters swapped, one dropped or doubled."""
    words = text.split()
    long = [i for i, w in enumerate(words) if len(w) >= 6 and w.isalpha()]
    if long:
        i = r.choice(long)
        w = words[i]
        k = r.randrange(1, len(w) - 2)
        words[i] = r.choice((w[:k] + w[k + 1] + w[k] + w[k + 2 :], w[:k] + w[k + 1 :], w[:k] + w[k] + w[k:]))
    return " ".join(words)


def emoji(text: str, r: random.Random) -> str:
    """Emoji between the words and at the end."""
    words = text.split()
    words.insert(r.randrange(len(words) + 1), r.choice(EMOJI))
    return " ".join(words) + r.choice(EMOJI)


def look_alikes(text: str, r: random.Random) -> str:
    """Letters of another script that look the same, zero-width marks, wide letters."""
    how = r.randrange(3)
    if how == 0:
        return text.translate(LIKE)
    if how == 1:
        return "".join(c + ("\u200b" if r.random() < 0.2 else "") for c in text)
    return "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in text)


def punctuation(text: str, r: random.Random) -> str:
    """Curly quotes, dots, line breaks, no apostrophes."""
    return r.choice((text.replace("'", "\u2019") + "...", text.replace("'", "") + "!!!", text + "\n\n", "- " + text + " -"))


DISGUISES: tuple[Callable[[str, random.Random], str], ...] = (as_it_is, casing, slip, emoji, look_alikes, punctuation)


def noise(text: str, r: random.Random) -> str:
    """The text alone, or with one or two everyday sentences before and after it."""
    before = " ".join(r.sample(BEFORE, r.choice((0, 0, 1, 2))))
    after = " ".join(r.sample(AFTER, r.choice((0, 1, 1, 2))))
    middle = text if not before and not after else text[0].upper() + text[1:] + r.choice((".", ".", "!"))
    return " ".join(p for p in (before, middle, after) if p)


def screen(models: Path | None = None) -> Callable[[str], int]:
    """Both stages of the current release of a folder without Rasa: text -> 0 not urgent, 1 or 2 the stage that found it."""
    from askfirst.nlu.urgent_reader import shared_reader
    from askfirst.release import current_release
    from askfirst.safety.learned import load_learned

    release = current_release(models)
    content, learned = release.content(), load_learned(release.folder, shared_reader())
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    border = next((float(c["border"]) for c in config["pipeline"] if c["name"].endswith("UrgentScreen")), 0.0)

    def find(text: str) -> int:
        result = content.screen.check(text)
        if result.urgent:
            return 1
        look = learned.second_look(text, result, content.screen) if learned else None
        return 2 if look and look.score >= border else 0

    return find


def main() -> int:
    """Command line. Returns: 0, or 1 when something was missed."""
    arguments = sys.argv[1:]
    count = int(next((a for a in arguments if a.isdigit()), "20000"))
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else 1
    families = [(flag, text) for flag, texts in yaml.safe_load(FAMILIES.read_text(encoding="utf-8")).items() for text in texts]
    find, r = screen(), random.Random(seed)
    bare = [(flag, text) for flag, text in families if not find(text)]
    for flag, text in bare:
        print(f"missed as it stands: {flag}: {text}")
    missed: Counter[str] = Counter()
    by: Counter[str] = Counter()
    stages: Counter[int] = Counter()
    for number in range(count):
        flag, text = families[number % len(families)] if number < len(families) else r.choice(families)
        disguise = r.choice(DISGUISES)
        message = noise(disguise(text, r), r)
        stage = find(message)
        stages[stage] += 1
        if not stage:
            missed[flag] += 1
            by[disguise.__name__] += 1
            if "--show" in arguments:
                print(f"missed: {flag}, {disguise.__name__}: {message}")
        if (number + 1) % 2000 == 0:
            print(f"{number + 1} of {count}, missed so far {sum(missed.values())}", file=sys.stderr)
    print(f"{len(families)} phrases of {len({f for f, _ in families})} red flags, {len(bare)} missed as they stand")
    print(f"{count} messages, {sum(missed.values())} missed ({100 * sum(missed.values()) / count:.2f} %), {stages[1]} found by the rules, {stages[2]} by the second stage")
    print("by red flag:", ", ".join(f"{flag} {n}" for flag, n in missed.most_common()) or "none")
    print("by disguise:", ", ".join(f"{name} {n}" for name, n in by.most_common()) or "none")
    return 1 if bare or missed else 0


if __name__ == "__main__":
    sys.exit(main())
