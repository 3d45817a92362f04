"""The short form of bench/fuzz.py: urgent phrases in noise and disguise are found by the screen of a real release."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from askfirst.safety.must_find import MIN_FOR_A_FLAG, read_must_find
from askfirst.safety.validate import FLAG_IDS
from bench.fuzz import DISGUISES, FAMILIES, noise, screen, slip

pytestmark = pytest.mark.slow
PHRASES = [(flag, text) for flag, texts in read_must_find(FAMILIES).items() for text in texts]
COUNT = 800


@pytest.fixture(scope="module")
def find(models: Path) -> Callable[[str], int]:
    return screen(models)


def test_every_red_flag_has_its_phrases() -> None:
    assert {flag for flag, _ in PHRASES} == set(FLAG_IDS)
    assert all(sum(f == flag for f, _ in PHRASES) >= MIN_FOR_A_FLAG for flag in FLAG_IDS)


def test_every_phrase_is_found_as_it_stands(find: Callable[[str], int]) -> None:
    assert [text for _, text in PHRASES if not find(text)] == []


def test_no_disguise_and_no_chat_around_it_hides_a_phrase(find: Callable[[str], int]) -> None:
    r = random.Random(2)
    disguises = [d for d in DISGUISES if d is not slip]
    messages = [noise(r.choice(disguises)(text, r), r) for _, text in (r.choice(PHRASES) for _ in range(COUNT))]
    assert [m for m in messages if not find(m)] == []


def test_a_slip_in_a_long_word_hides_hardly_any(find: Callable[[str], int]) -> None:
    r = random.Random(3)
    messages = [noise(slip(text, r), r) for _, text in (r.choice(PHRASES) for _ in range(COUNT // 2))]
    missed = [m for m in messages if not find(m)]
    assert len(missed) <= COUNT // 200, missed


def test_the_fuzz_run_can_fail(find: Callable[[str], int]) -> None:
    assert not find("I have a booking on Friday at two. What oil do you use? thanks")
