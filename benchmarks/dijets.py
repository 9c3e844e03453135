"""Selected pairs of jets a second, against Pythia alone with the same settings, making as many collisions.

The collisions of QCD that come to nothing are dropped early in the shower, so that ours can be faster than Pythia alone.
"""

from functools import cache

import numpy as np
import pythia8mc

from offshell.simulate import DIJET_PROCESSES
from offshell.simulate.dijets.production import simulate_dijet_chunk
from offshell.simulate.dijets.selection import DijetSelection
from offshell.simulate.generator.lifetimes import lifetimes
from offshell.simulate.shares import Share

UNIT = "selected events/s"
PACKAGES = ("offshell", "pythia8mc", "fastjet", "awkward", "numpy")
N_EVENTS = 100
SEED = 1

_OURS = "collisions, detector, clustering, selection, constituents; start of the generator included"
_PYTHIA = "as many collisions by next(), without the early veto; start of the generator included"
NAMES = ("qcd", "xy", "tt")
TIMED = {f"{who} {name}": what for name in NAMES for who, what in (("offshell", _OURS), ("Pythia", _PYTHIA))}
RATIOS = tuple((f"offshell {name}", f"Pythia {name}") for name in NAMES)


def cases():
    work = {"offshell": lambda name: len(simulated(name)), "Pythia": generated}
    return {case: lambda case=case: work[case.split()[0]](case.split()[1]) for case in TIMED}


def simulated(name):
    share = Share(N_EVENTS, np.random.SeedSequence(SEED), SEED)
    return simulate_dijet_chunk(DIJET_PROCESSES[name], share, DijetSelection())


def generated(name):
    process = DIJET_PROCESSES[name]
    generator = pythia8mc.Pythia(xmlDir="", printBanner=False)
    own = (*process.beam.settings, *lifetimes(process.lifetime_max), *process.settings)
    for setting in ("Print:quiet = on", "Random:setSeed = on", f"Random:seed = {SEED}", *own):
        generator.readString(setting)
    generator.init()
    for _ in range(n_tried(name)):
        generator.next()
    return N_EVENTS


@cache
def n_tried(name):
    return simulated(name).n_tried
