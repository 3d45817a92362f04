"""A reader that was taught to tell an emergency: the sentence encoder with changed weights, and two linear heads on its mean vector.

The plain encoder puts "I had a clot years ago, it is long gone" beside "I have a clot"; on the tuning half of the safety sets its vectors tell
urgent messages from those that only look so less well than letters and words do. Taught on data/safety/examples (`make teach`,
scripts/teach), it halves the false alarms of the second stage at the same recall: docs/safety/second-stage.md has the figures.

urgent_reader.npz holds the change of each weight matrix as the product of two thin matrices of whole numbers, and what is thin anyway as
it is. Whole numbers multiply to the same result on every processor, so the file that `build_reader` makes has one known hash. New examples
reach the second stage at each `make train` through its letters and words; the reader itself changes only with `make teach`.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import numpy as np

from askfirst.nlu.encoder import Encoder, EncoderError, build, encoder_path, make_file, sha256_of

WEIGHTS = Path(__file__).with_name("urgent_reader.npz")
# {weights, built}: SHA-256 of the file beside it and of the encoder made from it; written by `python -m askfirst.nlu.urgent_reader`.
RECORD = Path(__file__).with_name("urgent_reader.json")
# Scores beyond it say no more.
_LIMIT = 6.0


def reader_path() -> Path:
    """Where the built reader lies: beside the encoder."""
    return encoder_path().with_name("urgent-reader-int8.onnx")


def reader_fingerprint() -> str:
    """What depends on the reader adds this to its fingerprint. Errors: EncoderError for a damaged record."""
    return str(_record()["built"])


def prepare() -> Path:
    """Make the encoder's file and the reader's once. Returns: the encoder's path. Errors: EncoderError."""
    path = build()
    build_reader()
    return path


def build_reader() -> Path:
    """Make the reader's file once from the encoder's weights and the changes.

    Returns: its path. Errors: EncoderError for changes or a result that are not the recorded ones.
    """
    record = _record()
    if sha256_of(WEIGHTS) != record["weights"]:
        raise EncoderError(f"{WEIGHTS.name} is altered: get askfirst/nlu/{WEIGHTS.name} back from the repository")
    return make_file(reader_path(), record["built"], _change)


def matrices(model: Any) -> dict[str, tuple[str, bool]]:
    """The trained weights of a folded encoder. Args: model, an onnx.ModelProto. Returns: name as in the original model -> (name in this
    file, whether it is stored transposed)."""
    names = {tensor.name for tensor in model.graph.initializer}
    made_by = {output: node for node in model.graph.node for output in node.output}
    found = {name: (name, False) for name in names if name.startswith("inner.encoder.") or name.startswith("inner.embeddings.LayerNorm.")}
    for node in model.graph.node:
        if node.op_type != "Add":
            continue
        bias = [name for name in node.input if name.startswith("inner.encoder.") and name.endswith(".bias")]
        product = [made_by[name] for name in node.input if name in made_by and made_by[name].op_type == "MatMul"]
        if bias and product:
            found[bias[0].removesuffix("bias") + "weight"] = (product[0].input[1], True)
    return found


def save_matrices(model: Any, target: Path) -> None:
    """Write the weights of a folded encoder as arrays under their original names. Args: model, an onnx.ModelProto; target, an .npz."""
    from onnx import numpy_helper

    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    named = {name: tensors[stored].T if transposed else tensors[stored] for name, (stored, transposed) in matrices(model).items()}
    np.savez(target, **named, **{name: array for name, array in tensors.items() if name.startswith("inner.embeddings.") and name not in named})


def _change(source: Path, target: Path) -> None:
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(source))
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    with np.load(WEIGHTS, allow_pickle=False) as weights:
        for name, (stored, transposed) in matrices(model).items():
            if f"{name}.left" in weights:
                # Products and sums of whole numbers below 2**53: exact, in whatever order they are added.
                change = (weights[f"{name}.left"].astype(np.float64) @ weights[f"{name}.right"].astype(np.float64)) * float(weights[f"{name}.scale"])
            elif f"{name}.change" in weights:
                change = weights[f"{name}.change"].astype(np.float64)
            else:
                continue
            before = numpy_helper.to_array(tensors[stored])
            after = (before.astype(np.float64) + (change.T if transposed else change)).astype(np.float32)
            tensors[stored].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(after), stored))
    onnx.save(model, str(target))


class UrgentReader:
    """Reads one message: how urgent it is, and how likely each red flag. Loads at first use; thread-safe."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._heads: dict[str, np.ndarray] = {}
        self.flags: tuple[str, ...] = ()

    def load(self) -> None:
        """Load the reader now. Errors: EncoderError when its file is missing or altered."""
        with self._lock:
            if self._encoder is None:
                with np.load(WEIGHTS, allow_pickle=False) as weights:
                    self._heads = {name: weights[name].astype(np.float32) for name in ("find", "find_bias", "name", "name_bias")}
                    self.flags = tuple(str(flag) for flag in weights["flags"])
                self._encoder = Encoder(reader_path(), _record()["built"], unit=False)

    def read(self, text: str) -> tuple[float, dict[str, float]]:
        """Judge one message. Returns: (log-odds that it is urgent, at most 6 either way; the log-odds of each red flag if it is).
        Errors: EncoderError."""
        if self._encoder is None:
            self.load()
        assert self._encoder is not None
        vector, heads = self._encoder.embed(text), self._heads
        score = float(np.clip(heads["find"] @ vector + heads["find_bias"][0], -_LIMIT, _LIMIT))
        names = heads["name"] @ vector + heads["name_bias"]
        return score, dict(zip(self.flags, (float(n) for n in names), strict=True))


_shared = UrgentReader()


def shared_reader() -> UrgentReader:
    """The one reader of this process; it loads at first use."""
    return _shared


def _record() -> dict[str, str]:
    try:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        return {"weights": str(record["weights"]), "built": str(record["built"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"{RECORD.name} is damaged: get askfirst/nlu/{RECORD.name} back from the repository") from error


def main() -> int:
    """Build the reader from the weights beside this file and record both hashes; the last step of `make teach`. Returns: 0."""
    from askfirst.content.clinic import write_text_safely

    path = make_file(reader_path(), None, _change)
    write_text_safely(RECORD, json.dumps({"weights": sha256_of(WEIGHTS), "built": sha256_of(path)}, indent=1) + "\n")
    print(f"{path}: {sha256_of(path)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
