"""Rasa without TensorFlow, each time in a process of its own: what is imported once cannot be taken back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from askfirst.notf import NEEDS_TENSORFLOW, TensorFlowNeeded, components_that_need_tensorflow

ROOT = Path(__file__).resolve().parents[1]
NO_TENSORFLOW = "import importlib.util as u; assert u.find_spec('tensorflow') is None, 'TensorFlow is installed here'\n"


def run(code: str, cwd: Path | None = None) -> str:
    """Standard output of a new Python that has the stand-ins only where the code installs them."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_without_the_stand_ins_rasa_cannot_be_imported_here() -> None:
    """Else the next test would prove nothing."""
    out = run("try:\n  import rasa.core.agent\nexcept ImportError as e: print(e.name)")
    assert out.split(".")[0].strip() in ("tensorflow", "keras", "jax", "tensorflow_hub", "tensorflow_text")


@pytest.mark.slow
def test_every_rasa_module_that_touches_tensorflow_can_be_imported() -> None:
    run(
        NO_TENSORFLOW
        + """
from askfirst import notf
assert notf.install() is True
import rasa.core.agent, rasa.model_training, rasa.core.policies.ted_policy, rasa.core.policies.unexpected_intent_policy
import rasa.nlu.classifiers.diet_classifier, rasa.nlu.selectors.response_selector, rasa.utils.tensorflow.models
import rasa.utils.tensorflow.layers, rasa.utils.tensorflow.rasa_layers, rasa.utils.tensorflow.transformer
import rasa.utils.tensorflow.crf, rasa.utils.tensorflow.metrics, rasa.utils.tensorflow.environment, rasa.utils.train_utils
import tensorflow, sys
assert tensorflow.__version__ == "0.0.0"
assert not any(getattr(m, "__file__", None) for n, m in sys.modules.items() if n.split(".")[0] == "tensorflow")
"""
    )


def test_install_twice_leaves_one_finder_and_keeps_saying_that_tensorflow_is_missing() -> None:
    run(
        """
import sys
from askfirst import notf
assert notf.has_tensorflow() is False
assert notf.install() is True
before = list(sys.meta_path)
assert notf.install() is True
assert sys.meta_path == before
assert notf.has_tensorflow() is False
"""
    )


def test_a_real_tensorflow_wins(tmp_path: Path) -> None:
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").write_text("REAL = True\n")
    run(
        """
import sys
sys.path.insert(0, ".")
from askfirst import notf
assert notf.has_tensorflow() is True
assert notf.install() is False
assert not any(isinstance(f, notf._Finder) for f in sys.meta_path)
import tensorflow
assert tensorflow.REAL
""",
        cwd=tmp_path,
    )


def test_what_imports_do_works() -> None:
    run(
        """
from askfirst import notf
notf.install()
import tensorflow as tf
import tensorflow.keras.layers as layers
from tensorflow.keras.utils import Sequence
from tensorflow.python.keras.utils import tf_utils
import tensorflow_addons as tfa, keras, jax, tensorflow_hub

class Layer(layers.Layer, Sequence):
    x: "tf.Tensor | None"

@tf.function
def plain(): return 1

@tf.function(experimental_relax_shapes=True)
def with_options(): return 2

assert plain() == 1 and with_options() == 2
assert not isinstance(3, tf.Tensor)
tf.Tensor | None
None | tf.Tensor
"""
    )


USES = [
    "tf.constant(1).numpy()",
    "tf.constant(1) + 1",
    "1 - tf.constant(1)",
    "tf.constant([1])[0]",
    "len(tf.constant([1]))",
    "list(tf.data.Dataset.from_tensors([1]))",
    "float(tf.reduce_sum([1]))",
    "tf.constant(1) < 2",
    "np.asarray(tf.constant(1))",
    "tf.GradientTape().__enter__()",
    "exec('with tf.GradientTape(): pass')",
    "tf.float32 + 1",
    "tf.shape[0]",
    "list(tf.range)",
    "Layer()",
    "Layer(units=3)",
    "keras.Sequential([]).fit()",
    "tensorflow_hub.load('x')(['text'], 3)",
]


def test_what_really_uses_tensorflow_says_that_it_is_needed_and_what_to_do() -> None:
    out = run(
        f"""
from askfirst import notf
notf.install()
import numpy as np, tensorflow as tf, keras, tensorflow_hub
class Layer(tf.keras.layers.Layer): pass
for use in {USES!r}:
    try:
        eval(use)
    except notf.TensorFlowNeeded as error:
        said = str(error)
        assert "config.yml" in said and "'tensorflow' extra" in said and "docs/operations.md" in said, said
        assert isinstance(error, ImportError)
        continue
    except Exception as error:
        print(use, type(error).__name__, error)
        continue
    print(use, "raised nothing")
"""
    )
    assert out == ""


def test_the_error_names_what_was_used() -> None:
    assert str(TensorFlowNeeded("DIETClassifier")).startswith("DIETClassifier needs TensorFlow")


@pytest.mark.slow
def test_training_with_diet_fails_with_the_remedy_not_with_a_riddle(tmp_path: Path) -> None:
    """What a config.yml with DIETClassifier does when nobody ran `make check`."""
    config = {"recipe": "default.v1", "language": "en", "assistant_id": "x", "pipeline": [
        {"name": "WhitespaceTokenizer"}, {"name": "CountVectorsFeaturizer"}, {"name": "DIETClassifier", "epochs": 1}]}
    (tmp_path / "config.yml").write_text(yaml.safe_dump(config))
    examples = {"version": "3.1", "nlu": [{"intent": i, "examples": f"- {i} one\n- {i} two\n"} for i in ("lend", "return")]}
    (tmp_path / "nlu.yml").write_text(yaml.safe_dump(examples))
    out = run(
        """
from askfirst import notf
notf.install()
import rasa.model_training
try:
    rasa.model_training.train_nlu("config.yml", "nlu.yml", "out")
except Exception as error:
    while error is not None:
        print(type(error).__name__, error)
        error = error.__cause__ or error.__context__
""",
        cwd=tmp_path,
    )
    assert "TensorFlowNeeded" in out
    assert "'tensorflow' extra" in out
    assert "DIETClassifier" in out


def test_our_own_config_needs_no_tensorflow() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    assert config["pipeline"] and config["policies"]
    assert components_that_need_tensorflow(config) == []


@pytest.mark.parametrize("name", sorted(NEEDS_TENSORFLOW))
def test_each_such_component_is_named(name: str) -> None:
    key = "policies" if name.endswith("Policy") else "pipeline"
    config = {"pipeline": [{"name": "WhitespaceTokenizer"}], "policies": [{"name": "RulePolicy"}]}
    config[key].append({"name": name})
    assert components_that_need_tensorflow(config) == [name]


def test_components_by_module_path_are_named_by_their_class_and_each_once() -> None:
    config = {
        "pipeline": [
            {"name": "rasa.nlu.classifiers.diet_classifier.DIETClassifier", "epochs": 5},
            {"name": "ResponseSelector"},
            {"name": "rasa.nlu.selectors.response_selector.ResponseSelector"},
        ],
        "policies": [{"name": "TEDPolicy"}, {"name": "MemoizationPolicy"}],
    }
    assert components_that_need_tensorflow(config) == ["DIETClassifier", "ResponseSelector", "TEDPolicy"]


@pytest.mark.parametrize("empty", [{}, {"pipeline": None, "policies": None}, {"pipeline": [], "policies": []}])
def test_a_config_that_lists_nothing_gets_rasas_defaults_which_need_it(empty: dict) -> None:
    assert components_that_need_tensorflow(empty) == ["DIETClassifier", "ResponseSelector", "UnexpecTEDIntentPolicy", "TEDPolicy"]


def test_rasas_defaults_are_still_the_ones_we_name() -> None:
    import rasa

    path = Path(rasa.__file__).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
    defaults = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert components_that_need_tensorflow(defaults) == components_that_need_tensorflow({})


@pytest.mark.parametrize(
    "odd",
    [{"pipeline": "DIETClassifier", "policies": ["RulePolicy"]}, {"pipeline": ["DIETClassifier"], "policies": [{"name": None}]}],
)
def test_odd_shapes_are_read_all_the_same(odd: dict) -> None:
    """Other checks say that the shape is wrong; this one must not stop them."""
    assert components_that_need_tensorflow(odd) == ["DIETClassifier"]


@pytest.mark.parametrize("odd", [{"pipeline": [None, 3, {}], "policies": 7}])
def test_shapes_that_hold_no_names_give_none(odd: dict) -> None:
    assert components_that_need_tensorflow(odd) == []
