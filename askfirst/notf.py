"""Lets Rasa 3.6 be imported and run without TensorFlow.

Rasa imports TensorFlow in many modules, also where a pipeline never uses it. Nothing in our config.yml needs it, and
leaving it out makes the environment about two gigabytes smaller and the start ten times quicker (docs/design-notes.md).
`install()` puts stand-ins for the TensorFlow family into `sys.modules`: importing them works, subclassing and decorating
work, and using one raises `TensorFlowNeeded` with what to do. When the real packages are installed (the `tensorflow`
extra), `install()` does nothing.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Mapping
from typing import Any

FAMILIES = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "jax")

# Components of config.yml that cannot work without TensorFlow, by the class name that config.yml uses.
NEEDS_TENSORFLOW = frozenset(
    {
        "DIETClassifier",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
        "LanguageModelFeaturizer",
        "ConveRTFeaturizer",
    }
)


# Those of them that Rasa takes by itself where config.yml lists no pipeline or no policies.
_DEFAULTS = {"pipeline": ("DIETClassifier", "ResponseSelector"), "policies": ("UnexpecTEDIntentPolicy", "TEDPolicy")}


class TensorFlowNeeded(ImportError):
    """Something tried to use TensorFlow, which this installation leaves out."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} needs TensorFlow, which AskFirst leaves out. Remove the component that uses it from config.yml, "
            "or install the 'tensorflow' extra (docs/operations.md, \"TensorFlow\")."
        )


class _StandInMeta(type):
    """Lets `tf.keras.layers.Layer`, `tf.Tensor | None` and the like be written on a class that stands in."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__qualname__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__dict__.get("_stand_in"):
            # Used as a decorator (`@tf.function`): hand the decorated thing back unchanged.
            if len(args) == 1 and not kwargs and (callable(args[0]) or isinstance(args[0], type)):
                return args[0]
            return _Deferred(cls.__qualname__)
        raise TensorFlowNeeded(cls.__qualname__)

    def __or__(cls, other: Any) -> Any:
        return Any

    __ror__ = __or__


# What a value would be used for. Importing Rasa needs none of these; `bool` and `==` are left out since imports use them.
_USES = (
    "getitem setitem iter len contains float int index array enter exit neg abs add radd sub rsub mul rmul matmul rmatmul "
    "truediv rtruediv floordiv rfloordiv mod rmod pow rpow lt le gt ge"
).split()


def _refuse(self: Any, *_: Any, **__: Any) -> Any:
    raise TensorFlowNeeded(self.__qualname__ if isinstance(self, type) else self._name)


class _Deferred:
    """The result of calling a stand-in at import time, e.g. `tf.function(...)` with options or a constant."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and callable(args[0]):
            return args[0]
        raise TensorFlowNeeded(self._name)

    def __getattr__(self, name: str) -> Any:
        raise TensorFlowNeeded(f"{self._name}.{name}")


for _use in _USES:
    setattr(_StandInMeta, f"__{_use}__", _refuse)
    setattr(_Deferred, f"__{_use}__", _refuse)


def _stand_in(qualname: str) -> Any:
    return _StandInMeta(qualname.rsplit(".", 1)[-1], (), {"_stand_in": True, "__qualname__": qualname})


class _StandInModule(types.ModuleType):
    """A module whose every attribute exists."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value = _stand_in(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] in FAMILIES:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__dict__["__version__"] = "0.0.0"


def has_tensorflow() -> bool:
    """True when the real TensorFlow is installed."""
    if any(isinstance(f, _Finder) for f in sys.meta_path):
        return False
    return importlib.util.find_spec("tensorflow") is not None


def install() -> bool:
    """Put the stand-ins in place, once, before anything imports Rasa.

    Returns: True when the stand-ins are in place, False when the real TensorFlow is installed.
    """
    if any(isinstance(f, _Finder) for f in sys.meta_path):
        return True
    if has_tensorflow():
        return False
    sys.meta_path.append(_Finder())
    return True


def components_that_need_tensorflow(config: dict[str, Any]) -> list[str]:
    """Components and policies of a config.yml that cannot work without TensorFlow; `TensorFlowNeeded(name)` says what to do.

    Args: config, the content of config.yml. Where it lists no pipeline or no policies, Rasa takes its own, which need it.
    Returns: class names in their order, each once. It does not look whether TensorFlow is installed (`has_tensorflow`).
    """
    found: list[str] = []
    for key, defaults in _DEFAULTS.items():
        listed = config.get(key) or [{"name": name} for name in defaults]
        for item in listed if isinstance(listed, (list, tuple)) else [listed]:
            written = item.get("name") if isinstance(item, Mapping) else item
            found.append(str(written).rsplit(".", 1)[-1])
    return list(dict.fromkeys(name for name in found if name in NEEDS_TENSORFLOW))


def quiet_warnings() -> None:
    """Ignore warnings of the pinned libraries. Sanic switches deprecation warnings on when it is imported, so import it first."""
    import warnings

    import sanic.app  # noqa: F401

    warnings.resetwarnings()
    warnings.simplefilter("ignore")
