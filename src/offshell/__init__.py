"""Search for new physics at colliders without assuming a signal."""

__version__ = "0.1.0"
