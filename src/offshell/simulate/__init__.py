"""Collisions, a parametric detector and jets, without any download."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.simulate.black_box import Unblinded, unblinded
    from offshell.simulate.cards import ATLAS, CMS
    from offshell.simulate.detector import Detector
    from offshell.simulate.event_processes import EVENT_PROCESSES
    from offshell.simulate.event_production import events, iter_events
    from offshell.simulate.processes import PROCESSES, Process, process_named
    from offshell.simulate.production import iter_jets, jets

__all__ = [
    "ATLAS",
    "CMS",
    "EVENT_PROCESSES",
    "PROCESSES",
    "Detector",
    "Process",
    "Unblinded",
    "events",
    "iter_events",
    "iter_jets",
    "jets",
    "process_named",
    "unblinded",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "black_box": ["Unblinded", "unblinded"],
        "cards": ["ATLAS", "CMS"],
        "detector": ["Detector"],
        "event_processes": ["EVENT_PROCESSES"],
        "event_production": ["events", "iter_events"],
        "processes": ["PROCESSES", "Process", "process_named"],
        "production": ["iter_jets", "jets"],
    },
)
