"""Collisions, a parametric detector and jets, without any download."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from offshell.simulate.cards import ATLAS, CMS
    from offshell.simulate.detector import Detector
    from offshell.simulate.processes import PROCESSES, Process, process_named
    from offshell.simulate.production import JetChunk, iter_jets, jets

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
    "Detector": "detector",
    "JetChunk": "production",
    "PROCESSES": "processes",
    "Process": "processes",
    "iter_jets": "production",
    "jets": "production",
    "process_named": "processes",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
