"""Words with two readings: which is meant is asked, with the limits of both, and the answer counts from then on (evidence base 8.3, item 3)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from askfirst.check import check_all
from askfirst.content.knowledge import load_knowledge
from askfirst.nlu.open_words import MAX_ASK_WORDS, NONE, OpenWords, read_open_words
from tests.edits import append, expect, replace
from tests.harness import ROOT, Server, conversation, copy_root

KNOWLEDGE = load_knowledge(ROOT / "data" / "knowledge", ROOT)
FILE = ROOT / "data" / "open_words.yml"
BLOCKS = read_open_words(FILE, KNOWLEDGE, ROOT)[0]
WORDS = OpenWords(BLOCKS)

# message | a reading that it is open between, "-" where the message or what was named before settles it
OPEN = """
can they massage round my shunt | brain_shunt
he has a stoma, is a back rub ok | tracheostomy
my blood is fine but I have low blood, massage? | low_blood_pressure
there is a patch on my back, rub it? | medicine_patch
shunt in my head since I was a baby, massage? | -
dialysis shunt in my arm, massage? | -
the stoma in my neck needs care | -
my stoma bag leaks in massage | -
I like a glass of port after a massage | -
can I have a massage | -
"""


@pytest.mark.parametrize("line", OPEN.strip().splitlines())
def test_which_words_are_open(line: str) -> None:
    text, reading = line.split(" | ")
    word = WORDS.find(text, set())
    assert (word is None) if reading == "-" else (word is not None and reading in word.readings), word
    if word is not None:
        assert WORDS.find(text, {word.readings[0]}) is None, "what was named before settles it"


def test_the_file_is_good() -> None:
    blocks, problems = read_open_words(FILE, KNOWLEDGE, ROOT)
    assert not problems and len(blocks) >= 10
    assert read_open_words(ROOT / "data" / "none.yml", KNOWLEDGE, ROOT) == ([], []), "a project may have none"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("readings: [brain_shunt, kidney_dialysis]", "readings: [brain_shunt]", "readings needs at least two"),
        ("readings: [brain_shunt, kidney_dialysis]", "readings: [brain_shunt, brain_shnt]", "'brain_shnt' is no entry"),
        ("ask: Is your shunt in your head, or in your arm for dialysis?", "ask: Say where it is.", f"no question of at most {MAX_ASK_WORDS} words"),
        ("words: [shunt, shunts]", "word: [shunt, shunts]", "'words:' is missing"),
    ],
)
def test_faults_are_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    root = copy_root(tmp_path / "root")
    replace(root / "data" / "open_words.yml", old, new)
    assert message in "\n".join(str(p) for p in check_all(root))


@pytest.mark.slow
def test_it_is_asked_over_the_limits_of_both_and_the_answer_is_remembered(server: Server) -> None:
    sender = conversation()
    reply = server.say("can they massage round my shunt", sender)[-1]
    assert reply["kind"] == "answer" and reply["reminder"] and reply["text"].split("\n")[0].endswith("?")
    assert {"brain_shunt", "kidney_dialysis"} <= set(reply["topics"])
    limits = {(limit.kind, limit.value) for i in ("brain_shunt", "kidney_dialysis") for limit in KNOWLEDGE.entry(i).limits}
    assert limits <= {(key, value) for limit in reply["limits"] for key, value in limit.items() if key != "code"}, "a limit of one reading is lost"
    titles = [b["title"] for b in reply["buttons"]]
    assert len(titles) == 2
    chosen = server.choose(reply["buttons"][1]["choice"], sender)[-1]
    assert "kidney_dialysis" in chosen["topics"] and "brain_shunt" not in chosen["topics"]
    later = server.say("can I have a foot massage", sender)[-1]
    assert "kidney_dialysis" in later["topics"] and "brain_shunt" not in later["topics"], "the answer counts, the other reading does not"


@pytest.mark.slow
def test_something_else_is_no_condition(server: Server) -> None:
    sender = conversation()
    open_with_none = next(b for b in BLOCKS if NONE in b["readings"] and b["words"] == ["port"])
    reply = server.say("is port ok before a massage", sender)[-1]
    assert reply["text"].startswith(open_with_none["ask"])
    other = next(b for b in reply["buttons"] if b["title"] == "Something else")
    assert "lines_ports" not in server.choose(other["choice"], sender)[-1]["topics"]
    assert "lines_ports" not in server.say("can I have a massage", sender)[-1]["topics"]


# What the rules promise to find (data/safety/must_find.yml) stands beside: an edit that loses a phrase is refused.


def test_an_edit_that_loses_an_urgent_phrase_is_refused(tmp_path: Path) -> None:
    root = copy_root(tmp_path / "root")
    append(root / "data" / "safety" / "must_find.yml", '  - "the kettle is singing a quiet song"')
    found = check_all(root)
    expect(found, "data/safety/must_find.yml", 0, "'the kettle is singing a quiet song' is not found any more")
    shutil.copy(ROOT / "data" / "safety" / "must_find.yml", root / "data" / "safety" / "must_find.yml")
    flags = root / "data" / "safety" / "red_flags.yml"
    replace(flags, "words: [jaundice*, jaundise*, jondice, jaundis*", "words: [jondice")
    assert [p for p in check_all(root) if p.file.endswith("must_find.yml") and "jaundice" in p.message]
