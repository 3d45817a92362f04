"""G7: what people plant in a conversation is on no disk and in no log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.harness import ROOT, Server, conversation
from tests.test_page import Page

pytestmark = pytest.mark.slow

PLANTED = {
    "a name": ("Hello my name is Margarethe Quillfeather and I have low platelets", ["Margarethe", "Quillfeather"]),
    "a lower-case name": ("my name is tamsin okonjo, can i have a massage", ["tamsin", "okonjo"]),
    "a title": ("Dr Venkataraghavan said massage is OK for my pain", ["Venkataraghavan"]),
    "a phone": ("call me on 07700 900982 about massage", ["07700 900982", "07700900982", "7700900982", "900982", "07700"]),
    "an e-mail": ("write to quill.feather+nhs@example.org about the cost of massage", ["quill.feather", "example.org"]),
    "blood values": ("my platelets are 43.7192 and neutrophils 0.87341, hb 91.5082", ["43.7192", "0.87341", "91.5082"]),
    "a number in words": ("platelets were forty seven on monday", ["forty seven"]),
    "an NHS number": ("nhs number 943 476 591983, massage for lymphoedema?", ["943 476", "591983"]),
    "a postcode": ("I live at 14 Larkspur Close SW1A 1AA, where can I get massage", ["SW1A", "Larkspur"]),
    "in an emergency": ("My name is Bartholomew Zinck and my calf is red hot and swollen", ["Bartholomew", "Zinck"]),
    "too long": ("My name is Ottoline Prewett. " + "I like gardens. " * 200, ["Ottoline", "Prewett"]),
    "a web address": ("see https://quillfeather.example/me?x=1 for my massage story", ["quillfeather.example"]),
}


def everything_on_disk(folder: Path) -> bytes:
    return b"\n".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


def is_in(word: str, disk: bytes) -> bool:
    """Whether a planted word is on disk. Digits inside a longer run of digits are a time or a confidence of the
    machine's own: five digits turn up there by chance in one run of ten."""
    alone = rf"(?<![\d.]){re.escape(word)}(?!\d)" if re.fullmatch(r"[\d. ]+", word) else re.escape(word)
    return re.search(alone.encode(), disk, re.IGNORECASE) is not None


def test_a_planted_number_is_told_from_the_machines_own() -> None:
    assert is_in("07700", b'"text": "call 07700 900982"') and is_in("0.87341", b"neutrophils 0.87341.")
    assert not is_in("07700", b'"timestamp": 1795735.4107700') and not is_in("0.87341", b"0.8734112")


def test_nothing_planted_is_found_on_disk_or_in_the_logs(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path, ASKFIRST_LOG_LEVEL="DEBUG") as server:
        page = Page(server)
        sender = conversation()
        for text, _ in PLANTED.values():
            server.say(text, sender)
            page.send(text)
        disk = everything_on_disk(tmp_path)
        assert b"massage" in disk, "the test looks at the right place: masked texts are there"
        sender_kept = sender.encode() in server.output.read_bytes()
    disk = everything_on_disk(tmp_path)
    log = server.output.read_bytes()
    found = {what: [w for w in words if is_in(w, disk)] for what, (_, words) in PLANTED.items()}
    assert not any(found.values()), {k: v for k, v in found.items() if v}
    for text, _ in PLANTED.values():
        for fragment in (text[:25], text[-25:]):
            assert fragment.encode() not in log
    assert not sender_kept, "conversation ids are secrets and stay out of logs"


def test_deleting_leaves_nothing_on_disk(models: Path, tmp_path: Path) -> None:
    with Server(ROOT, models, tmp_path) as server:
        sender = conversation()
        server.say("I have lymphoedema and I like marmalade sandwiches", sender)
        assert b"marmalade" in everything_on_disk(tmp_path)
        reply = server.say("please delete what I wrote", sender)[-1]
        assert reply["topics"] == ["erased"]
        assert b"marmalade" not in everything_on_disk(tmp_path)
        assert sender.encode() not in everything_on_disk(tmp_path)
        assert "lymphoedema" not in server.say("can I have a massage", sender)[-1]["topics"]
