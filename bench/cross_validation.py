"""Five-fold cross-validation of the intent head on the training examples: `python -m bench.cross_validation`.

Prints for several values of `balance` (config.yml, DenseHead) the share of held-out examples whose group of intents is right. The
examples are made to differ from each other, so the figures compare settings and say little about real questions.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import yaml

from askfirst.nlu.encoder import shared_encoder

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Print a line for each setting."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    gate = next(c for c in config["pipeline"] if c["name"].endswith("Gate"))
    head = next(c for c in config["pipeline"] if c["name"].endswith("DenseHead"))
    group = {intent: g[0] for g in gate["groups"] for intent in g}
    texts, labels = [], []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found = [line[2:].strip() for line in block["examples"].split("\n") if line.startswith("- ")]
            texts += found
            labels += [block["intent"]] * len(found)
    features, named = shared_encoder().embed_many(texts), np.array(labels)
    print(f"{len(texts)} examples, {len(set(labels))} intents")
    for balance in (0.0, 0.5, 1.0):
        right = 0
        for train, test in StratifiedKFold(5, shuffle=True, random_state=1).split(features, named):
            counts = Counter(named[train])
            even = len(train) / len(counts)
            weights = {label: (even / n) ** balance for label, n in counts.items()}
            model = LogisticRegression(C=head["C"], max_iter=1000, class_weight=weights).fit(features[train], named[train])
            right += sum(group.get(p, p) == group.get(t, t) for p, t in zip(model.predict(features[test]), named[test]))
        print(f"balance {balance:g}: {100 * right / len(texts):.1f} % of held-out examples")


if __name__ == "__main__":
    main()
