"""What holds for the whole suite."""

import math
import os
from functools import wraps

# A test runs what JAX has compiled for seconds at most, so that optimizing it costs more time than it saves.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")

import jax
import numpy as np
import pytest

import offshell  # noqa: F401 - chooses the backend of Keras, which must happen before a test imports Keras


def of_few_shapes(draw):
    """The same random numbers, cut from a row of more: JAX, which counts through them, compiles their drawing for each shape."""

    @wraps(draw)
    def cut(key, *args, shape=(), **options):
        size = math.prod(shape)
        if isinstance(key, jax.core.Tracer) or args:
            return draw(key, *args, shape=shape, **options)
        row = draw(key, shape=(max(1024, 16 ** math.ceil(math.log(size, 16))),), **options)
        return jax.numpy.asarray(np.asarray(row)[:size].reshape(shape))

    return cut


# What the weights of a new network are drawn from; it takes a network longer than all that a test does with it.
for name in ("uniform", "normal", "truncated_normal"):
    setattr(jax.random, name, of_few_shapes(getattr(jax.random, name)))

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
