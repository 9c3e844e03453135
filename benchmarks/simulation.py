"""Every process of Offshell, from collision to jets or events, beside plain Pythia with the same settings.

Pythia makes as many collisions as Offshell has tried, its own event loop and nothing else: no detector, no jets, nothing kept.
So a ratio of 0.8 means that detector, clustering and selection cost a quarter more than the collisions; above one, collisions
that are dropped while they shower, and decays that are repeated, save more than the detector costs.
"""

import functools

import pythia8mc

from offshell.simulate import EVENT_PROCESSES, PROCESSES, iter_events, iter_jets
from offshell.simulate.generator.lifetimes import lifetimes

UNIT = "collisions/s"
PACKAGES = ("offshell", "pythia8mc", "fastjet", "numpy")
N_JETS, N_EVENTS = 40, 60
PLAIN_AT_ONCE = 200


def cases():
    made = {f"offshell jets {name}": functools.partial(offshell_jets, name) for name in PROCESSES}
    made |= {f"offshell events {name}": functools.partial(offshell_events, name) for name in EVENT_PROCESSES}
    tables = {"jets": PROCESSES, "events": EVENT_PROCESSES}
    for kind, table in tables.items():
        made |= {f"pythia {kind} {name}": plain_pythia(process) for name, process in table.items()}
    return made


def offshell_jets(name):
    return sum(chunk.n_tried for chunk in iter_jets(name, N_JETS, seed=1, workers=1))


def offshell_events(name):
    return sum(chunk.n_tried for chunk in iter_events(name, N_EVENTS, seed=1, workers=1))


def plain_pythia(process):
    pythia = pythia8mc.Pythia(xmlDir="", printBanner=False)
    window = getattr(process, "pt_hat", None)
    pt_hat = (
        () if window is None else (f"PhaseSpace:pTHatMin = {window[0]}", f"PhaseSpace:pTHatMax = {window[1]}")
    )
    for setting in (
        "Print:quiet = on",
        *process.beam.settings,
        *lifetimes(process.lifetime_max),
        *process.settings,
        *pt_hat,
    ):
        pythia.readString(setting)
    pythia.init()

    def work():
        for _ in range(PLAIN_AT_ONCE):
            pythia.next()
        return PLAIN_AT_ONCE

    return work


_NAMES = (*(f"jets {name}" for name in PROCESSES), *(f"events {name}" for name in EVENT_PROCESSES))
TIMED = {
    f"offshell {name}": "collisions tried until 40 jets or 60 events are accepted, with the start"
    for name in _NAMES
} | {f"pythia {name}": f"{PLAIN_AT_ONCE} collisions of a generator that has started" for name in _NAMES}
RATIOS = tuple((f"offshell {name}", f"pythia {name}") for name in _NAMES)
