"""Collisions, a parametric detector and jets, without any download."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.simulate.detector.cards import ATLAS, ATLAS_FINE, CMS
    from offshell.simulate.detector.response import Detector
    from offshell.simulate.dijets.processes import DIJET_PROCESSES, dijet_resonance, xy_resonance
    from offshell.simulate.dijets.production import dijets, iter_dijets
    from offshell.simulate.generator.beam import Beam
    from offshell.simulate.generator.dark_showers import dark_shower
    from offshell.simulate.generator.event_processes import EVENT_PROCESSES, EventProcess
    from offshell.simulate.generator.given import given_process
    from offshell.simulate.generator.process import Process, TruthMatch
    from offshell.simulate.generator.processes import PROCESSES, process_named
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
        "generator.event_processes": ["EVENT_PROCESSES", "EventProcess"],
        "generator.dark_showers": ["dark_shower"],
        "generator.given": ["given_process"],
        "generator.process": ["Process", "TruthMatch"],
        "generator.processes": ["PROCESSES", "process_named"],
        "large_radius.conditions": ["SoftDrop"],
        "large_radius.production": ["iter_jets", "jets"],
        "level1.production": ["events", "iter_events"],
    },
)
