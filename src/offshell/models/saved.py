"""Detectors from the files that they were saved to."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import keras

from offshell.errors import InputError, MissingDependencyError
from offshell.models.detector import Detector

__all__ = ["import_classes", "load", "load_network"]

_CONFIG = "config.json"
# Of these the file may name modules to import; Keras itself imports nothing but its own.
_TRUSTED = ("offshell", "hgq")


def load(path: str | Path) -> Detector:
    """The detector that `detector.save(path)` wrote, as it was, also one with quantized layers.

    Args:
        path: file with the suffix `.keras`.

    Raises:
        InputError: if the file is missing or damaged, or holds something else than a detector.
        MissingDependencyError: if the detector is quantized and HGQ2 is not installed.
    """
    loaded = load_network(path)
    if not isinstance(loaded, Detector):
        raise InputError(_complaint(path, f"a Keras model without terms, {type(loaded).__name__}"))
    return loaded


def load_network(path: str | Path) -> keras.Model:
    """Any Keras model made of what Offshell and HGQ2 know; arguments and errors are those of `load`."""
    try:
        with ZipFile(path) as archive:
            import_classes(json.loads(archive.read(_CONFIG)))
        return keras.saving.load_model(path)
    except MissingDependencyError:
        raise
    except (OSError, ValueError, TypeError, KeyError, BadZipFile, ImportError) as error:
        raise InputError(_complaint(path, _reason(error))) from None


def import_classes(config: Any) -> None:
    """Import the modules of the classes that a saved configuration names, which makes these known to Keras.

    Args:
        config: what Keras writes of a model, nested dictionaries and lists.

    Raises:
        MissingDependencyError: if one of them is of HGQ2, which is not installed.
    """
    for module in sorted(set(_modules(config))):
        try:
            import_module(module)
        except ModuleNotFoundError as error:
            if error.name != "hgq":
                raise
            raise MissingDependencyError(
                f"HGQ2 is not installed. Expected: pip install 'offshell[compress]'. Received: {error}."
            ) from None


def _modules(config: Any) -> Iterator[str]:
    match config:
        case {"module": str(module)} if module.partition(".")[0] in _TRUSTED:
            yield module
    parts = config.values() if isinstance(config, dict) else config if isinstance(config, list) else ()
    for part in parts:
        yield from _modules(part)


def _complaint(path: str | Path, received: str) -> str:
    return (
        f"Cannot load {path}. Expected: a detector that `save` wrote, in a file .keras. Received: {received}."
    )


def _reason(error: Exception) -> str:
    """The first sentence; Keras goes on with advice and the whole configuration."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error).strip("'\"").splitlines() or [type(error).__name__])[0].partition(". ")[0].rstrip(".")
