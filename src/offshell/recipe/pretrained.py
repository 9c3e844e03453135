"""Trained detectors that come with Offshell, each as the folder of a run without its samples."""

from pathlib import Path

__all__ = ["pretrained_folder", "pretrained_names"]

_TRAINED = Path(__file__).parent / "trained"


def pretrained_names() -> list[str]:
    """The names of all of them."""
    return sorted(path.parent.name for path in _TRAINED.glob("*/model.keras"))


def pretrained_folder(name: str) -> Path | None:
    """The folder of a detector with its recipe, and with `samples.json` and `environment.json`, which say what it was made from.

    Args:
        name: such as `"outlier-exposure"`; None is the answer to any other.
    """
    return _TRAINED / name if name in pretrained_names() else None
