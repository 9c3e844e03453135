"""What holds for the whole suite."""

import os
import tempfile

# A test runs what JAX has compiled for seconds at most, so that optimizing it costs more time than it saves.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")

# Tests make the same detectors again and again. What a worker has compiled it does not compile twice, nor do the commands
# that it starts; workers do not share, because JAX may read what another one is still writing.
COMPILED = tempfile.TemporaryDirectory(prefix="offshell-compiled-")
os.environ.update(
    JAX_COMPILATION_CACHE_DIR=COMPILED.name,
    JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS="0",
    JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES="-1",
)

import pytest

import offshell  # noqa: F401 - chooses the backend of Keras, which must happen before a test imports Keras

# A minute of one core each, or nearly. Workers that take whole files start with these, lest one of them comes last.
LONGEST = {"contract", "design", "pipeline", "quantize", "readme", "simulate_agreement", "trigger_pipeline"}


def pytest_configure(config):
    config.option.loadscopereorder = False  # xdist would start with the files of most tests


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.stem.removeprefix("test_") not in LONGEST)


@pytest.fixture
def without_figures(monkeypatch):
    """Reports of tables alone, where a test is not about figures: they take most of the time of a small run."""
    monkeypatch.setattr("offshell.report.html.sections", lambda _: [])
