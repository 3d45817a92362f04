"""Shared by all tests: Rasa without TensorFlow, one trained release for the session, and real servers."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

from askfirst import notf

notf.install()
notf.quiet_warnings()

import pytest  # noqa: E402

from tests.harness import ROOT, Server, trained_models  # noqa: E402


@pytest.fixture(scope="session")
def models() -> Path:
    """A models folder with a release of the checkout, trained once and reused until content or code change."""
    return trained_models()


@pytest.fixture(scope="session")
def server(models: Path, tmp_path_factory: pytest.TempPathFactory):
    """A real server on the checkout's content, for tests that only talk to it."""
    with Server(ROOT, models, tmp_path_factory.mktemp("server")) as running:
        yield running
