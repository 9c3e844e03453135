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

import hypothesis
import numpy as np
import pytest

import offshell  # noqa: F401 - chooses the backend of Keras, which must happen before Keras is imported

# isort: split
import keras

# The same examples on each day; `--hypothesis-profile=random` draws others, `thorough` ten times as many of them.
# No limit of time for an example: how long one takes depends on what else the machine does.
CALM = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("everyday", derandomize=True, **CALM)
hypothesis.settings.register_profile("random", max_examples=1000, **CALM)
hypothesis.settings.register_profile("thorough", max_examples=10_000, **CALM)
hypothesis.settings.load_profile("everyday")

# A minute of one core each, or nearly. Workers that take whole files start with these, lest one of them comes last.
LONGEST = {"contract", "design", "pipeline", "quantize", "readme", "simulate_agreement", "trigger_pipeline"}


def pytest_fixture_setup():
    """What tests share is the same whichever of them asks for it first."""
    keras.utils.set_random_seed(1)


@pytest.fixture(autouse=True)
def seeded():
    """A test draws the same numbers whichever tests come before it."""
    keras.utils.set_random_seed(1)


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def pytest_configure(config):
    config.option.loadscopereorder = False  # xdist would start with the files of most tests


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.stem.removeprefix("test_") not in LONGEST)


@pytest.fixture
def without_figures(monkeypatch):
    """Reports of tables alone, where a test is not about figures: they take most of the time of a small run."""
    monkeypatch.setattr("offshell.report.html.sections", lambda _: [])
