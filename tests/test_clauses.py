"""Splitting a message into clauses."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from askfirst.nlu.clauses import MAX_CLAUSES, MIN_WORDS, WINDOW, clauses


@pytest.mark.parametrize(
    "text, expected",
    [
        ("I lost my card and my flat was flooded", ["I lost my card", "my flat was flooded"]),
        ("My card is gone. It was in my bag!", ["My card is gone", "It was in my bag"]),
        ("my card is gone\nit was in my bag", ["my card is gone", "it was in my bag"]),
        ("my card is gone - it was stolen", ["my card is gone", "it was stolen"]),
        ("my card is gone – it was stolen", ["my card is gone", "it was stolen"]),
        ("I like it because it is warm THOUGH it is old", ["I like it", "it is warm", "it is old"]),
        ("it is a well-known out-of-date thing, is it not", ["it is a well-known out-of-date thing", "is it not"]),
    ],
)
def test_signs_and_joining_words_part_clauses(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "hello", "my card is gone", "  my  card is\tgone ", "yes. no. maybe so", "?!…", "a, b, c and d"])
def test_one_clause_or_none_gives_nothing(text: str) -> None:
    assert clauses(text) == []


def test_words_that_only_contain_a_joining_word_part_nothing() -> None:
    assert clauses("the sandy button was soaked through") == []


def test_short_pieces_are_left_out() -> None:
    assert clauses("Hi there. My card is gone, thanks. Bye now") == ["My card is gone"]


def test_a_clause_said_twice_counts_once() -> None:
    assert clauses("it is gone, it is gone, where is it") == ["it is gone", "where is it"]


def test_without_any_sign_windows_overlap_and_cover_every_word() -> None:
    words = [f"w{i}" for i in range(37)]
    found = clauses(" ".join(words))
    assert {w for c in found for w in c.split()} == set(words)
    assert all(len(c.split()) <= WINDOW for c in found)
    for one, two in pairwise(words):
        assert any(f"{one} {two}" in c for c in found), "no phrase is cut at every window's edge"


@pytest.mark.parametrize("count", range(1, 80))
def test_windows_reach_the_last_word(count: int) -> None:
    words = [f"w{i}" for i in range(count)]
    found = clauses(" ".join(words))
    assert not found or found[-1].split()[-1] == words[-1]
    assert bool(found) == (count > WINDOW + 4)


def test_of_very_many_clauses_the_first_and_the_last_are_kept() -> None:
    found = clauses(". ".join(f"this is number {i}" for i in range(50)))
    assert len(found) == MAX_CLAUSES
    assert found[0] == "this is number 0"
    assert found[-1] == "this is number 49"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=400))
@example("a " * 2000)
@example("," * 2000)
@example("and " * 500)
@example("\ud83d\0 \u202e x y")
def test_clauses_are_pieces_of_any_text(text: str) -> None:
    found = clauses(text)
    assert len(found) <= MAX_CLAUSES
    assert len(set(found)) == len(found)
    whole = " ".join(text.split())
    for clause in found:
        assert len(clause.split()) >= MIN_WORDS
        assert clause != whole
        assert re.sub(r"\s+", " ", clause) in whole


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["my card is gone", "where is the bank", "I paid it twice", "who can help me"]), min_size=2, max_size=4, unique=True),
       st.sampled_from([". ", ", ", "; ", " and ", " but ", "\n", "? ", " - ", "… "]))  # fmt: skip
def test_each_of_several_clauses_comes_back(parts: list[str], sign: str) -> None:
    assert clauses(sign.join(parts)) == parts
