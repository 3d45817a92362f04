"""The urgent reader: made the same each time, refused when altered, and telling apart what the plain encoder cannot."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.nlu import urgent_reader as module
from askfirst.nlu.encoder import EncoderError, sha256_of
from askfirst.nlu.urgent_reader import (
    UrgentReader,
    build_reader,
    prepare,
    reader_fingerprint,
    reader_path,
    shared_reader,
)
from askfirst.safety.validate import FLAG_IDS


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    prepare()


def test_the_record_is_that_of_the_files() -> None:
    record = json.loads(module.RECORD.read_text(encoding="utf-8"))
    assert record == {"weights": sha256_of(module.WEIGHTS), "built": sha256_of(reader_path())}
    assert reader_fingerprint() == record["built"]


def test_making_it_again_gives_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "encoder_path", lambda: tmp_path / "made" / "minilm-int8.onnx")
    assert sha256_of(build_reader()) == reader_fingerprint()
    assert sorted(p.name for p in (tmp_path / "made").iterdir()) == ["urgent-reader-int8.onnx"], "nothing is left behind"


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "urgent_reader.npz"
    other.write_bytes(module.WEIGHTS.read_bytes()[:-1] + b"x")
    monkeypatch.setattr(module, "WEIGHTS", other)
    monkeypatch.setattr(module, "encoder_path", lambda: tmp_path / "minilm-int8.onnx")
    with pytest.raises(EncoderError, match=r"urgent_reader\.npz is altered.*repository"):
        build_reader()
    assert not (tmp_path / "urgent-reader-int8.onnx").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"weights": "x"}'])
def test_a_damaged_record_is_told(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "urgent_reader.json"
    other.write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "RECORD", other)
    with pytest.raises(EncoderError, match=r"urgent_reader\.json is damaged"):
        reader_fingerprint()


@pytest.mark.parametrize("content", [None, b"nothing that runs"])
def test_a_missing_or_altered_file_is_not_used(content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "encoder_path", lambda: tmp_path / "minilm-int8.onnx")
    if content is not None:
        (tmp_path / "urgent-reader-int8.onnx").write_bytes(content)
    reader = UrgentReader()
    with pytest.raises(EncoderError, match=r"make train"):
        reader.read("I cannot breathe")
    with pytest.raises(EncoderError):
        reader.read("I cannot breathe")


@pytest.mark.parametrize(("urgent", "calm"), [
    ("my left leg is swollen and hot since this morning", "my leg was swollen last year, the clot is long gone now"),
    ("dad's mouth has dropped on one side and he is talking rubbish", "what are the signs of a stroke that we should know about"),
    ("i am shivery and hot and had chemo on monday", "if I get a fever on chemo who do I call"),
    ("there is blood all over the toilet and I feel faint", "they took blood on monday and all was fine"),
])
def test_it_tells_apart_what_is_now_from_what_is_not(urgent: str, calm: str) -> None:
    assert shared_reader().read(urgent)[0] > 0 > shared_reader().read(calm)[0]


def test_it_knows_every_red_flag_and_its_scores_are_limited() -> None:
    score, names = shared_reader().read("she took all of her tablets")
    assert -6 <= score <= 6 and set(names) == set(FLAG_IDS) and all(math.isfinite(n) for n in names.values())


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud83d", "no " * 20_000, "胸痛"])
def test_odd_texts_have_a_finite_score(text: str) -> None:
    assert math.isfinite(shared_reader().read(text)[0])


@given(st.text(max_size=300))
def test_any_text_has_a_score(text: str) -> None:
    score, names = shared_reader().read(text)
    assert math.isfinite(score) and len(names) == len(FLAG_IDS)


def test_several_threads_load_it_once_and_read_alike() -> None:
    reader = UrgentReader()
    with ThreadPoolExecutor(4) as pool:
        scores = list(pool.map(lambda _: reader.read("my chest feels tight and heavy")[0], range(8)))
    assert len(set(scores)) == 1


def test_the_changes_are_whole_numbers_whose_products_are_exact() -> None:
    with np.load(module.WEIGHTS, allow_pickle=False) as weights:
        lefts = [name for name in weights.files if name.endswith(".left")]
        assert len(lefts) == 36, "six matrices in each of six layers"
        for name in lefts:
            left, right = weights[name], weights[name.removesuffix("left") + "right"]
            assert left.dtype == right.dtype == np.int16
            assert left.shape[1] * int(abs(left.astype(np.int64)).max()) * int(abs(right.astype(np.int64)).max()) < 2**53
