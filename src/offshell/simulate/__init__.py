"""Collisions, a parametric detector and jets, without any download."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.simulate.detector.cards import ATLAS, ATLAS_FINE, CMS
    from offshell.simulate.detector.response import Detector
    from offshell.simulate.dijets.processes import DIJET_PROCESSES, dijet_resonance, xy_resonance
    from offshell.simulate.dijets.production import dijets, iter_dijets
    from offshell.simulate.generator.beam import Beam
    from offshell.simulate.generator.processes.dark_showers import dark_shower
    from offshell.simulate.generator.processes.given import given_process
    from offshell.simulate.generator.processes.of_events import EVENT_PROCESSES, EventProcess
    from offshell.simulate.generator.processes.of_jets import PROCESSES, process_named
    from offshell.simulate.generator.processes.process import Process, TruthMatch
    from offshell.simulate.large_radius.conditions import SoftDrop
    from offshell.simulate.large_radius.production import iter_jets, jets
    from offshell.simulate.level1.black_box import Unblinded, unblinded
    from offshell.simulate.level1.production import events, iter_events

__all__ = [
    "ATLAS",
    "ATLAS_FINE",
    "CMS",
    "DIJET_PROCESSES",
    "EVENT_PROCESSES",
    "PROCESSES",
    "Beam",
    "Detector",
    "EventProcess",
    "Process",
    "SoftDrop",
    "TruthMatch",
    "Unblinded",
    "dark_shower",
    "dijet_resonance",
    "dijets",
    "events",
    "given_process",
    "iter_dijets",
    "iter_events",
    "iter_jets",
    "jets",
    "process_named",
    "unblinded",
    "xy_resonance",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "detector.cards": ["ATLAS", "ATLAS_FINE", "CMS"],
        "detector.response": ["Detector"],
        "level1.black_box": ["Unblinded", "unblinded"],
        "generator.beam": ["Beam"],
        "dijets.production": ["dijets", "iter_dijets"],
        "dijets.processes": ["DIJET_PROCESSES", "dijet_resonance", "xy_resonance"],
        "generator.processes.of_events": ["EVENT_PROCESSES", "EventProcess"],
        "generator.processes.dark_showers": ["dark_shower"],
        "generator.processes.given": ["given_process"],
        "generator.processes.process": ["Process", "TruthMatch"],
        "generator.processes.of_jets": ["PROCESSES", "process_named"],
        "large_radius.conditions": ["SoftDrop"],
        "large_radius.production": ["iter_jets", "jets"],
        "level1.production": ["events", "iter_events"],
    },
)
