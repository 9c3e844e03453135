"""Collisions, a parametric detector and jets, without any download."""

from importlib import import_module
from typing import Any

__all__ = [
    "ATLAS",
    "CMS",
    "PROCESSES",
    "Detector",
    "JetChunk",
    "Process",
    "iter_jets",
    "jets",
    "process_named",
]

_HOMES = {
    "ATLAS": "cards",
    "CMS": "cards",
    "PROCESSES": "processes",
    "Process": "processes",
    "process_named": "processes",
    "Detector": "detector",
    "JetChunk": "production",
    "iter_jets": "production",
    "jets": "production",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  any public name
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
