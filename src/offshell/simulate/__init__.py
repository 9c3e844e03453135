"""Collisions, a parametric detector and jets, without any download."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.simulate.detector.cards import ATLAS, ATLAS_FINE, CMS
    from offshell.simulate.detector.response import Detector
    from offshell.simulate.generator.event_processes import EVENT_PROCESSES
    from offshell.simulate.generator.processes import PROCESSES, Process, process_named
    from offshell.simulate.large_radius.production import iter_jets, jets
    from offshell.simulate.level1.black_box import Unblinded, unblinded
    from offshell.simulate.level1.production import events, iter_events

__all__ = [
    "ATLAS",
    "ATLAS_FINE",
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
        "detector.cards": ["ATLAS", "ATLAS_FINE", "CMS"],
        "detector.response": ["Detector"],
        "level1.black_box": ["Unblinded", "unblinded"],
        "generator.event_processes": ["EVENT_PROCESSES"],
        "generator.processes": ["PROCESSES", "Process", "process_named"],
        "large_radius.production": ["iter_jets", "jets"],
        "level1.production": ["events", "iter_events"],
    },
)
