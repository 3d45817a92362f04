"""How often so much is named that one stricter sentence takes the place of the limits: `python -m bench.combinations`.

Prints for pairs (all of them) and for random threes to eights of what people have: the share answered with "no massage anywhere
for now", and how many answers are longer than 90 words (none may be); at last the same for up to two topics, six things named now and six remembered, for every clinic of the tests.
"""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

from askfirst.content.clinic import load_clinic
from askfirst.content.compose import MAX_WORDS, NOTHING_FOR_NOW, Question, compose
from askfirst.content.knowledge import load_knowledge
from askfirst.content.yaml_file import plain, read_yaml

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = 1500
MANY = 40000


def main() -> None:
    """Print a line for each size."""
    knowledge = load_knowledge(ROOT / "data" / "knowledge", ROOT)
    clinic = load_clinic(ROOT / "data" / "clinic.yml")
    red_flags = plain(read_yaml(ROOT / "data" / "safety" / "red_flags.yml")[0])
    states = [e.id for e in knowledge.things() if e.is_state]
    draw = random.Random(1)
    for size in (2, 3, 4, 5, 6, 8):
        things = list(combinations(states, 2)) if size == 2 else [tuple(draw.sample(states, size)) for _ in range(SAMPLES)]
        general = long = 0
        for named in things:
            reply = compose(Question(things=named), knowledge, clinic, red_flags)
            general += NOTHING_FOR_NOW in reply.text.lower()
            long += reply.kind != "urgent" and len(f"{reply.text} {reply.reminder}".split()) > MAX_WORDS
        print(f"{size} of {len(states)} things, {len(things)} combinations: {100 * general / len(things):.1f} % with one stricter sentence, {long} over {MAX_WORDS} words")
    from tests.test_guarantees import CLINICS

    long, clinics = 0, list(CLINICS.values())
    everything = [e.id for e in knowledge.things()]
    asked = [e.id for e in knowledge.entries.values() if e.kind == "faq" or (e.kind == "boundary" and e.reminder)]
    for number in range(MANY):
        question = Question(
            topics=tuple(draw.sample(asked, draw.choice((0, 0, 1, 1, 2)))), things=tuple(draw.sample(everything, draw.randint(0, 6))),
            remembered=tuple(draw.sample(states, draw.randint(1, 6))),
        )
        reply = compose(question, knowledge, clinics[number % len(clinics)], red_flags)
        long += reply.kind != "urgent" and len(f"{reply.text} {reply.reminder}".split()) > MAX_WORDS
    print(f"up to two topics, six things of now and six remembered, {MANY} questions: {long} over {MAX_WORDS} words")


if __name__ == "__main__":
    main()
