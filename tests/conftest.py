"""What holds for the whole suite."""

import offshell  # noqa: F401 - chooses the backend of Keras, which must happen before a test imports Keras
