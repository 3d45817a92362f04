"""What the urgent screen has learnt (askfirst/safety/examples.py and learned.py, askfirst/nlu/screen_component.py): it adds, and takes nothing away."""

from __future__ import annotations

import json
import math
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from askfirst import release
from askfirst.check import check_all
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.nlu.urgent_reader import UrgentReader, prepare, shared_reader
from askfirst.safety.examples import MAX_CHARS, MIN_FOR_A_FLAG, read_examples
from askfirst.safety.learned import CALM, Learned, load_learned, save_learned
from askfirst.safety.screen import Screen
from askfirst.safety.text import HEAD
from askfirst.safety.validate import FLAG_IDS
from tests import edits
from tests.harness import ROOT, copy_root
from tests.test_pipeline import BANK, Parser, train

FOLDER = ROOT / "data" / "safety" / "examples"
RED_FLAGS: dict[str, Any] = plain(read_yaml(ROOT / "data" / "safety" / "red_flags.yml")[0]) or {}
SCREEN = Screen(RED_FLAGS)
PATTERN_EXAMPLES = [pattern["example"] for flag in RED_FLAGS["flags"] for pattern in flag["patterns"] if pattern.get("example")]


# ---------------------------------------------------------------------------------------------------- the examples
@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str]]:
    return read_examples(FOLDER, ROOT)[0]


def test_the_examples_are_good_and_many(examples: list[tuple[str, str]]) -> None:
    assert read_examples(FOLDER, ROOT)[1] == []
    labels = [label for _, label in examples]
    assert set(labels) == {*FLAG_IDS, CALM}
    assert min(labels.count(flag) for flag in FLAG_IDS) >= MIN_FOR_A_FLAG
    assert labels.count(CALM) > 1000 < len(labels) - labels.count(CALM)
    texts = [" ".join("".join(c if c.isalnum() else " " for c in text.lower()).split()) for text, _ in examples]
    assert len(texts) == len(set(texts))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A few good examples: enough of each red flag, and calm ones."""
    folder = tmp_path / "examples"
    folder.mkdir()
    urgent = "".join(f"{flag}:\n" + "".join(f'- "{flag} message number {n}"\n' for n in range(MIN_FOR_A_FLAG)) for flag in FLAG_IDS)
    (folder / "urgent_all.yml").write_text(urgent, encoding="utf-8")
    (folder / "calm_past.yml").write_text('past:\n- "all is well today"\n- "all was well then"\n', encoding="utf-8")
    assert read_examples(folder, tmp_path) == (read_examples(folder)[0], [])
    return folder


@pytest.mark.parametrize(
    ("file", "lines", "at", "message", "remedy"),
    [
        ("urgent_all.yml", '- "R21 message, number 3!"', 0, "A35: 'R21 message, number 3!' stands twice", "keep it once"),
        ("calm_past.yml", '- "All is WELL today."', 0, "past: 'All is WELL today.' stands twice", "keep it once"),
        ("urgent_all.yml", '- "all is well today"', 0, "'all is well today' is urgent in one file and calm in another", "decide which"),
        ("urgent_zz.yml", 'R99:\n- "some words here"', 0, "'R99' is no red flag", "R01 to R36"),
        ("urgent_zz.yml", 'self_harm:\n- "some words here"', 0, "'self_harm' is no red flag", "R01 to R36"),
        ("calm_past.yml", "- [two, texts]", 0, "past: a line is not a text", "double quotes"),
        ("calm_past.yml", "- pain: in my leg", 0, "past: a line is not a text", "double quotes"),
        ("calm_past.yml", '- "short"', 0, "past: 'short' is too short or too long", "2 words"),
        ("calm_past.yml", "-", 0, "past: '' is too short or too long", "2 words"),
        ("calm_past.yml", f'- "{"long " * (MAX_CHARS // 5)} text"', 0, "too short or too long", f"{MAX_CHARS} characters"),
        ("calm_past.yml", '- "no" end of the quotes', 0, "cannot be read as YAML", "double quotes"),
        ("calm_zz.yml", 'past:\n- "fine words"\n - "one too far in"', 2, "cannot be read as YAML", "double quotes"),
    ],
)
def test_a_fault_is_told_with_file_line_and_remedy(copy: Path, tmp_path: Path, file: str, lines: str, at: int, message: str, remedy: str) -> None:
    path = copy / file
    first = edits.append(path, lines) if path.exists() else 1
    if not path.exists():
        path.write_text(lines + "\n", encoding="utf-8")
    found, problems = read_examples(copy, tmp_path)
    told = [p for p in problems if "fewer than" not in p.message]
    edits.expect(told, f"examples/{file}", first + at, message)
    assert remedy in told[0].remedy
    assert len(found) >= 2, "the other files still count"


def test_words_that_stand_in_both_are_told_at_the_second(copy: Path, tmp_path: Path) -> None:
    """Files are read by name: calm first."""
    line = edits.append(copy / "urgent_all.yml", '- "All was well... then"')
    found, problems = read_examples(copy, tmp_path)
    edits.expect(problems, "examples/urgent_all.yml", line, "A35: 'All was well... then' is urgent in one file and calm in another")
    assert ("all was well then", CALM) in found


def test_too_few_of_a_red_flag_are_told(copy: Path, tmp_path: Path) -> None:
    path = copy / "urgent_all.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('- "R21 message number 3"\n', "").replace('- "R15 message number 0"\n- "R15 message number 1"\n', ""), encoding="utf-8")
    edits.expect(read_examples(copy, tmp_path)[1], "examples", 0, f"fewer than {MIN_FOR_A_FLAG} examples: R15 ({MIN_FOR_A_FLAG - 2}), R21 ({MIN_FOR_A_FLAG - 1})")


def test_bytes_that_are_no_text_are_told(copy: Path, tmp_path: Path) -> None:
    (copy / "calm_zz.yml").write_bytes(b'past:\n- "\xff\xfe words"\n')
    edits.expect(read_examples(copy, tmp_path)[1], "examples/calm_zz.yml", 0, "cannot be read")


def test_no_examples_at_all(tmp_path: Path) -> None:
    found, problems = read_examples(tmp_path / "none", tmp_path)
    assert found == []
    edits.expect(problems, "none", 0, "fewer than")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param("urgent_zz.yml", '- "a list without its red flag"\n', id="no red flag above the list"),
        pytest.param("urgent_zz.yml", 'R21: "one text and no list"\n', id="a text, no list"),
        pytest.param("calm_zz.yml", 'R15:\n- "I am going to do it tonight"\n', id="a red flag in a calm file"),
        pytest.param("harm_urgent.yml", 'R15:\n- "I am going to do it tonight"\n', id="a file of another name"),
        pytest.param("urgent_zz.yaml", 'R15:\n- "I am going to do it tonight"\n', id="another ending"),
    ],
)
def test_a_slip_that_loses_examples_or_turns_them_round_is_told(copy: Path, tmp_path: Path, file: str, text: str) -> None:
    (copy / file).write_text(text, encoding="utf-8")
    problems = read_examples(copy, tmp_path)[1]
    assert [p for p in problems if p.file == f"examples/{file}" and p.remedy]


def test_make_check_reads_the_examples(tmp_path: Path) -> None:
    root = copy_root(tmp_path / "root")
    folder = root / "data" / "safety" / "examples"
    if not folder.exists():
        shutil.copytree(FOLDER, folder)
    (folder / "urgent_zz.yml").write_text('R99:\n- "some words here"\n', encoding="utf-8")
    found = [p for p in check_all(root) if p.file.startswith("data/safety/examples")]
    edits.expect(found, "data/safety/examples/urgent_zz.yml", 1, "'R99' is no red flag")
    shutil.rmtree(folder)
    assert not [p for p in check_all(root) if p.file.startswith("data/safety/examples")], "a project may have none"


# ---------------------------------------------------------------------------------------------------- learning
@pytest.fixture(scope="module")
def small(examples: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """About 600 examples of every red flag and of every kind of calm ones."""
    prepare()
    of_a_flag = [one for flag in FLAG_IDS for one in [e for e in examples if e[1] == flag][:12]]
    calm = [e for e in examples if e[1] == CALM]
    chosen = [*of_a_flag, *calm[:: len(calm) // 160]]
    assert 550 <= len(chosen) <= 650
    texts = [text for text, _ in chosen]
    return texts, [label for _, label in chosen]


@pytest.fixture(scope="module")
def learned(small: tuple[list[str], list[str]]) -> Learned:
    texts, labels = small
    fitted = Learned.train(texts, labels, SCREEN)
    return Learned(fitted.arrays(), fitted.flags, fitted.seen, shared_reader())


def test_training_twice_gives_the_same_arrays(small: tuple[list[str], list[str]], learned: Learned) -> None:
    texts, labels = small
    again = Learned.train(texts, labels, SCREEN)
    assert learned.about() == again.about() and set(learned.flags) == set(FLAG_IDS)
    assert set(learned.arrays()) == set(again.arrays()) >= {"find", "find_bias", "name", "name_bias"}
    for name, array in learned.arrays().items():
        assert array.dtype == again.arrays()[name].dtype and np.array_equal(array, again.arrays()[name]), name


def test_it_learns_what_it_is_shown(small: tuple[list[str], list[str]], learned: Learned) -> None:
    texts, labels = small
    looks = [learned.look(text, SCREEN) for text in texts]
    right = [(look.score >= 0) == (label != CALM) for look, label in zip(looks, labels, strict=True)]
    assert np.mean(right) > 0.9
    named = [look.red_flag == label for look, label in zip(looks, labels, strict=True) if label != CALM]
    assert np.mean(named) > 0.8


def test_unseen_examples_are_told_better_than_by_chance(
    examples: list[tuple[str, str]], learned: Learned, small: tuple[list[str], list[str]]
) -> None:
    known = set(small[0])
    unseen = [e for e in examples if e[0] not in known]
    some = unseen[:: len(unseen) // 300]
    score = [learned.look(text, SCREEN).score for text, _ in some]
    urgent = [s for s, (_, label) in zip(score, some, strict=True) if label != CALM]
    calm = [s for s, (_, label) in zip(score, some, strict=True) if label == CALM]
    assert np.mean([u > c for u in urgent for c in calm]) > 0.75


def test_the_arrays_survive_save_and_load(learned: Learned, small: tuple[list[str], list[str]], tmp_path: Path) -> None:
    save_learned(learned, tmp_path)
    loaded = load_learned(tmp_path, shared_reader())
    assert loaded is not None and loaded.about() == learned.about()
    for name, array in learned.arrays().items():
        assert array.dtype == loaded.arrays()[name].dtype and np.array_equal(array, loaded.arrays()[name]), name
    for text in small[0][::20]:
        assert loaded.look(text, SCREEN) == learned.look(text, SCREEN)
    assert set(json.loads((tmp_path / "second_look.json").read_text(encoding="utf-8"))) == {"flags", "seen"}
    assert not [name for name in learned.arrays() if learned.arrays()[name].dtype == object], "arrays of numbers: nothing is unpickled"


def test_nothing_was_learnt_and_a_damaged_file(learned: Learned, tmp_path: Path) -> None:
    assert load_learned(tmp_path) is None
    save_learned(learned, tmp_path)
    whole = (tmp_path / "second_look.npz").read_bytes()
    (tmp_path / "second_look.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Exception, match=r"."):
        load_learned(tmp_path)


def test_the_score_depends_on_the_message_alone(learned: Learned, small: tuple[list[str], list[str]]) -> None:
    texts = small[0][::15]
    first = [learned.look(text, SCREEN) for text in texts]
    backwards = [learned.look(text, SCREEN) for text in reversed(texts)][::-1]
    fresh = Learned(learned.arrays(), learned.flags, learned.seen, UrgentReader())
    assert first == backwards == [fresh.look(text, Screen(RED_FLAGS)) for text in texts]


def test_the_middle_of_a_long_text_is_not_looked_at_and_its_ends_are(learned: Learned) -> None:
    head, tail = ("my garden is lovely " * 200)[:HEAD], ("and so is my cat " * 200)[:HEAD]
    looks = [learned.look(f"{head}{middle}{tail}", SCREEN) for middle in ("a" * 50, "I want to kill myself " * 500, "x" * 100_000)]
    assert looks[0] == looks[1] == looks[2]
    calm = looks[0].score
    flooded = "she cannot breathe and her lips are blue " * 20
    assert learned.look(f"{flooded}{head}{tail}", SCREEN).score > calm
    assert learned.look(f"{head}{tail}{flooded}", SCREEN).score > calm


ODD = ("", " ", "\n", "?", "\u0000", "\U0001f600", "\ufdfa" * 5000, "a" * 300_000, "no " * 50_000, "胸痛", "1 2 3")


@pytest.mark.parametrize("text", ODD, ids=[ascii(text[:10]) for text in ODD])
def test_any_text_gets_a_finite_score_soon(learned: Learned, text: str) -> None:
    begun = time.perf_counter()
    look = learned.look(text, SCREEN)
    assert math.isfinite(look.score) and look.red_flag in FLAG_IDS
    assert time.perf_counter() - begun < 1.0


class Reads:
    """A reader of a known mind: for what no real reader does when asked, to fail or to be sure."""

    def __init__(self, score: float | None) -> None:
        self.score = score

    def read(self, text: str) -> tuple[float, dict[str, float]]:
        if self.score is None:
            raise RuntimeError("the file is gone")
        return self.score, {}


def test_a_reader_that_fails_lowers_nothing_and_leaves_letters_and_words(learned: Learned, small: tuple[list[str], list[str]], caplog: pytest.LogCaptureFixture) -> None:
    alone, broken, calm, sure = (Learned(learned.arrays(), learned.flags, learned.seen, reader) for reader in (None, Reads(None), Reads(-6.0), Reads(6.0)))
    text = small[0][0]
    assert alone.look(text, SCREEN) == broken.look(text, SCREEN)
    assert calm.look(text, SCREEN).score < alone.look(text, SCREEN).score < sure.look(text, SCREEN).score
    quiet = next(t for t, label in zip(*small, strict=True) if label == CALM and len(t.split()) > 8 and calm.is_calm(t, SCREEN.seen(t), SCREEN))
    assert not any(one.is_calm(quiet, SCREEN.seen(quiet), SCREEN) for one in (alone, broken, sure))
    short = f"Nan is havng a mini stroke! {quiet}"
    assert SCREEN.check("Nan is havng a mini stroke!").urgent, "the rules find it, and a slip makes it new to what was learnt"
    assert not calm.is_calm(short, SCREEN.seen(short), SCREEN), "calm words around a short sign never hide it"
    assert caplog.text.count("the urgent reader cannot be used") == 1 and text not in caplog.text and quiet not in caplog.text


@pytest.mark.parametrize(
    ("text", "wish", "leads"),
    [
        ("my lips are swelling and I can't breathe", "R01", "R01"),
        ("my leg is swollen and red since yesterday", "R02", "R02"),
        ("my leg is swollen and red since yesterday", "R30", None),  # a lower tier
        ("my wife cannot breathe, she is gasping for air", "R09", "R09"),  # both send to the emergency number
        ("my wife cannot breathe, she is gasping for air", "R13", None),  # of the same tier, and calls another number first
        ("my leg is swollen and red since yesterday", "R15", None),  # its reply hurts where it does not belong
        ("my leg is swollen and red since yesterday", "A35", None),
        ("my leg is swollen and red since yesterday", "R99", None),
        ("I want to kill myself", "R01", None),  # nothing takes the place of the reply to dark thoughts
        ("my leg is not swollen", "R01", None),  # a find that was lowered is no find to rename
    ],
)
def test_another_red_flag_may_lead_but_never_a_lower_one_nor_dark_thoughts(text: str, wish: str, leads: str | None) -> None:
    screen = Screen(RED_FLAGS, better_name=lambda *_: wish)
    alone, renamed = SCREEN.check(text), screen.check(text)
    if leads is None:
        assert renamed == alone
    else:
        assert renamed.urgent and renamed.urgent.red_flag == leads
        assert renamed.urgent.tier <= alone.urgent.tier  # type: ignore[union-attr]
        assert {h.red_flag for h in alone.hits} <= {h.red_flag for h in renamed.hits}, "what the rules found is still known"


def test_a_name_that_cannot_be_judged_stays_what_the_rules_said(learned: Learned, small: tuple[list[str], list[str]]) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError

    text = "my leg is swollen and red since yesterday"
    assert Screen(RED_FLAGS, better_name=broken).check(text) == SCREEN.check(text)
    assert learned.better_name(text, "R21", SCREEN) == "R21", "without the reader nothing is renamed"


@pytest.mark.parametrize("labels", [[CALM] * 4, ["R01"] * 4, ["R01", "R01", CALM, CALM]])
def test_too_little_to_learn_from_is_refused(labels: list[str]) -> None:
    texts = ["my chest hurts", "it hurts here", "all is well", "thank you all"]
    with pytest.raises(ValueError, match="two red flags"):
        Learned.train(texts, labels, SCREEN)


# ---------------------------------------------------------------------------------------------------- in the trained model
@pytest.fixture(scope="module")
def parse(models: Path) -> Parser:
    """The current release's model as Rasa loads it."""
    return Parser(models / str(release.current_version(models)) / "model.tar.gz")


SIXTY = PATTERN_EXAMPLES[:: len(PATTERN_EXAMPLES) // 60][:60]


@pytest.mark.slow
@pytest.mark.parametrize("text", SIXTY)
def test_what_the_rules_find_stays_found(parse: Parser, text: str) -> None:
    hit = SCREEN.check(text).urgent
    assert hit is not None
    parsed = parse(text)
    screen = parsed["screen"]
    assert screen["stage"] == 1 and screen["tier"] <= hit.tier, "what was learnt may name another red flag, never a lower one"
    if screen["red_flag"] == hit.red_flag:
        assert screen["variant"] == SCREEN.variant(hit)
    else:
        assert not {screen["red_flag"], hit.red_flag} & {"R15", "A35"}
    assert (parsed["intent"]["name"], parsed["intent"]["confidence"]) == ("urgent", 1.0)


@pytest.mark.slow
def test_the_reader_loads_with_the_model_and_not_with_a_message(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = UrgentReader()
    monkeypatch.setattr("askfirst.nlu.screen_component.shared_reader", lambda: fresh)
    Parser(models / str(release.current_version(models)) / "model.tar.gz")
    assert fresh.flags


@pytest.mark.slow
def test_no_example_of_the_rules_is_lost_by_the_screen_of_the_release(models: Path) -> None:
    """The screen that runs first weighs a find against the rest of the message; what the file promises stays urgent."""
    screen = release.current_release(models).content().screen
    lost = [text for text in PATTERN_EXAMPLES if SCREEN.check(text).urgent != screen.check(text).urgent]
    assert not lost, f"{len(lost)} of {len(PATTERN_EXAMPLES)}"


# What no rule holds, and which red flags may answer it. Written for this test: none is among the examples.
ADDED = """
R01 | squeezing behind my ribs going down my left arm and I'm clammy
R01 | it's as though somebody parked a car on my ribcage
R02 | he's fighting for every breath and his nostrils are flaring
R02 | I sound like a whistle when I breathe and I have to prop myself up to get air
R02 R01 R10 | can't fill my lungs since this afternoon
R04 | my husband's words are coming out like mush all of a sudden
R04 | he woke up and half of him won't do as it's told
R06 | no feeling when I wipe after the toilet since yesterday
R07 | nose has been pouring for forty minutes and pinching does nothing
R07 | my fistula arm is spurting
R10 | I can't rouse my wife, she just groans
R12 | swallowed a whole strip of the sleeping tablets
R12 | I doubled my oxycodone and now I can hardly keep my eyes open
R13 | woke with a bloated face and bulging neck, worse when I bend down
R16 | slipped in the bath and cracked my skull on the tap, I'm on rivaroxaban
R24 | had CAR-T two weeks ago and my handwriting has gone to scribble
R25 | runs twelve times today and I'm like a wrung out rag, on capecitabine
R28 | drinking gallons, peeing gallons and my brain is fog, myeloma
R34 | the whites of his eyes look like egg yolk
A35 | he said it was part of the treatment but he put his fingers where he shouldn't
"""
CASES = [(frozenset(flags.split()), text) for flags, text in (line.split(" | ") for line in ADDED.strip().splitlines())]
# Found by neither stage, or so near the border that the next training may lose them.
MISSED = (
    "my tracheostomy is all gunged up and nothing goes through",
    "toppled off a ladder and bashed my temple, platelets are 20",
    "covered in itchy welts and my voice has gone hoarse after the antibiotic",
)


@pytest.mark.slow
@pytest.mark.parametrize(("flags", "text"), CASES, ids=[text for _, text in CASES])
def test_what_no_rule_holds_is_found_all_the_same(parse: Parser, flags: frozenset[str], text: str) -> None:
    parsed = parse(text)
    assert parsed["intent"]["name"] == "urgent" and parsed["screen"]["red_flag"] in flags, parsed.get("second_look")
    assert parsed["screen"]["tier"] == SCREEN.tier(parsed["screen"]["red_flag"])
    assert parsed["screen"]["stage"] == (1 if SCREEN.check(text).urgent else 2)


@pytest.mark.slow
def test_the_second_stage_adds_at_least_fifteen_of_them(parse: Parser, examples: list[tuple[str, str]]) -> None:
    known = {text.lower() for text, _ in examples}
    assert not [text for _, text in CASES if text.lower() in known]
    added = [text for _, text in CASES if SCREEN.check(text).urgent is None and (parse(text).get("screen") or {}).get("stage") == 2]
    assert len(added) >= 15, added


@pytest.mark.slow
@pytest.mark.parametrize("text", MISSED)
@pytest.mark.xfail(strict=False, reason="found by neither stage, or only just")
def test_emergencies_that_are_missed(parse: Parser, text: str) -> None:
    assert parse(text)["intent"]["name"] == "urgent"


CALM_MESSAGES = """
can I have a massage
what is reflexology
does massage help me sleep
how long after surgery can I have a massage
I had a hip replacement in 2012, is a back rub all right
which oil do you use
my feet are sore from walking all day
I feel a bit low since my diagnosis
do I have to undress
I bruise a bit more easily since I started aspirin last year, my doctor knows
where can I park
the last massage was lovely
my mum is 80, can she have a hand massage
is lymph drainage different from massage
thank you, that is clear
"""


@pytest.mark.slow
@pytest.mark.parametrize("text", CALM_MESSAGES.strip().splitlines())
def test_ordinary_messages_are_not_made_urgent(parse: Parser, text: str) -> None:
    parsed = parse(text)
    assert parsed["intent"]["name"] != "urgent" and not parsed.get("screen"), parsed.get("second_look")


@pytest.mark.slow
def test_one_letter_more_or_another_order_of_messages_changes_no_finding(parse: Parser) -> None:
    texts = [text for _, text in CASES[::3]]
    first = [parse(text).get("second_look") for text in texts]
    assert [parse(text).get("second_look") for text in reversed(texts)][::-1] == first
    for text in texts:
        assert parse(text.upper() + "!!")["intent"]["name"] == "urgent", text


# ---------------------------------------------------------------------------------------------------- without examples
STRANGER = [
    {"name": "askfirst.nlu.tokenizer.SpacyBlankTokenizer"},
    {"name": "askfirst.nlu.featurizer.SentenceEncoderFeaturizer"},
    {"name": "askfirst.nlu.dense_head.DenseHead", "C": 20.0},
]


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["", "data/safety/no_such_folder"])
def test_a_project_without_examples_trains_and_adds_nothing(tmp_path: Path, folder: str) -> None:
    prepare()
    small = {intent: BANK[intent][0] for intent in ("lost_card", "opening_hours", "mortgage")}
    last = [{"name": "askfirst.nlu.screen_component.UrgentScreen", "file": "", "examples": folder}]
    parsed_with = Parser(train(tmp_path / "with", small, pipeline=[*STRANGER, *last]))
    parsed_without = Parser(train(tmp_path / "without", small, pipeline=STRANGER))
    for text in (*[text for _, text in CASES[:5]], "my chest hurts and I cannot breathe", "I lost my card", "when do you open"):
        parsed, alone = parsed_with(text), parsed_without(text)
        assert not parsed.get("second_look") and not parsed.get("screen")
        assert parsed["intent"] == alone["intent"] and parsed["intent"]["name"] in small


def refused(folder: Path, config: dict[str, Any]) -> str:
    """What training says that refuses this configuration of the component."""
    small = {intent: BANK[intent][0] for intent in ("lost_card", "opening_hours")}
    with pytest.raises(Exception) as error:
        train(folder, small, pipeline=[*STRANGER, {"name": "askfirst.nlu.screen_component.UrgentScreen", **config}])
    told, one = "", error.value
    while one is not None:
        told, one = f"{told}\n{one}", one.__cause__ or one.__context__
    return told


@pytest.mark.slow
def test_a_border_that_is_no_number_is_refused_in_words(tmp_path: Path) -> None:
    assert "border is high; write a number" in refused(tmp_path / "project", {"file": "", "border": "high"})


@pytest.mark.slow
def test_training_refuses_bad_examples_and_says_where(copy: Path, tmp_path: Path) -> None:
    line = edits.append(copy / "urgent_all.yml", 'R99:\n- "some words here"')
    told = refused(tmp_path / "project", {"file": str(ROOT / "data" / "safety" / "red_flags.yml"), "examples": str(copy)})
    assert f"urgent_all.yml:{line}: 'R99' is no red flag" in told and "What to do" in told


@pytest.mark.slow
def test_training_refuses_red_flags_that_are_not_there(tmp_path: Path) -> None:
    assert "data/safety/red_flags.yml: the file is missing" in refused(tmp_path / "project", {})
