"""Reading what a component keeps with the model: .json and .npz only, nothing pickled."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager


class ModelDamagedError(RuntimeError):
    """A file of the trained model is there and cannot be read; the message says what to do."""


@contextmanager
def intact(component: str) -> Iterator[None]:
    """Around reading a component's files. An unreadable one stops the load; only "was never trained", which Rasa says with
    a ValueError, may be passed over.

    Errors: ModelDamagedError.
    """
    try:
        yield
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelDamagedError(
            f"the part of the trained model that belongs to {component} is damaged ({type(error).__name__}): "
            "run `make train`"
        ) from error
