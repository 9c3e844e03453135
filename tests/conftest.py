"""What holds for the whole suite."""

import os

# A test runs what JAX has compiled for seconds at most, so that optimizing it costs more time than it saves.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")

import offshell  # noqa: F401 - chooses the backend of Keras, which must happen before a test imports Keras
