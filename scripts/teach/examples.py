"""Writes what the urgent reader is taught on as JSON, text -> red flag or "calm": `python scripts/teach/examples.py FILE` (serving environment).

The same messages that `make train` gives to the second stage: data/safety/examples, what the rules promise to find, and the intents' examples
and descriptions as calm ones. Nothing from tests/.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from askfirst import notf

notf.install()
notf.quiet_warnings()

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Command line. Returns: 0."""
    import onnx
    from rasa.shared.importers.importer import TrainingDataImporter

    from askfirst.content.yaml_file import plain, read_yaml
    from askfirst.nlu.encoder import fold
    from askfirst.nlu.screen_component import labelled
    from askfirst.nlu.urgent_reader import save_matrices

    target = Path(sys.argv[1])
    red_flags = plain(read_yaml(ROOT / "data" / "safety" / "red_flags.yml")[0])
    data = TrainingDataImporter.load_from_config(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]).get_nlu_data()
    labels = labelled(ROOT / "data" / "safety" / "examples", ROOT / "data" / "safety" / "must_find.yml", red_flags, data)
    target.write_text(json.dumps(labels), encoding="utf-8")
    folded = target.with_suffix(".onnx")
    fold(folded)
    save_matrices(onnx.load(str(folded)), target.with_suffix(".npz"))
    folded.unlink()
    print(f"{len(labels)} messages, {len(set(labels.values()))} labels", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
