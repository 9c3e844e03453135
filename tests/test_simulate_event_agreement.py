"""Simulated events against real Delphes; tests/data/make_delphes_event_reference.py made the reference numbers."""

from pathlib import Path

import numpy as np
import pytest
from quantiles import ks_distance

from offshell.datasets.observables import event_observables
from offshell.simulate import EVENT_PROCESSES
from offshell.simulate.level1 import production as event_production
from offshell.simulate.level1.production import simulate_event_chunk

REFERENCE = np.load(Path(__file__).parent / "data" / "delphes_events.npz")

OBSERVABLES = ("met", "lepton_pt", "sum_pt", "n_electrons", "n_muons", "n_jets")

# Multijets of the reference are biased to soft collisions, see docs/simulation_events.md; of top pairs it has 23.
AGREEING = [name for name in EVENT_PROCESSES if name not in ("qcd-lepton", "ttbar")]
# With this number a mean of the missing momentum or the sum of pt is known to 3 per cent.
EVERYDAY = {"w-lnu": 400}
THOROUGH = dict.fromkeys(AGREEING, 4000)


@pytest.fixture
def small_library(monkeypatch):
    whole = event_production.pileup_library
    monkeypatch.setattr(event_production, "pileup_library", lambda seed: whole(seed, n_collisions=200))


def compare(process, n_events):
    chunk = simulate_event_chunk(process, n_events, 21, 0, 20.0)
    # Events that share a collision are no independent ones: of these, and of the reference's, the parents count.
    n, n_reference = len(np.unique(chunk.parent)), int(REFERENCE[f"{process}_n_parents"])
    found = event_observables(chunk.events)
    for name, values in ((name, found[name]) for name in OBSERVABLES):
        spread = REFERENCE[f"{process}_{name}_std"] * np.sqrt(1 / n + 1 / n_reference)
        assert abs(values.mean() - REFERENCE[f"{process}_{name}_mean"]) < 4 * spread, name
        if not name.startswith("n_"):
            # 1.95 is the 0.1 % point of Kolmogorov's distribution; 0.005 for the reference's interpolated quantiles.
            allowed = 1.95 * np.sqrt(1 / n + 1 / n_reference) + 0.005
            assert ks_distance(values, REFERENCE[f"{process}_{name}_quantiles"]) < allowed, name


@pytest.mark.usefixtures("small_library")
@pytest.mark.parametrize("process", EVERYDAY)
def test_events_look_as_those_of_real_delphes(process):
    compare(process, EVERYDAY[process])


@pytest.mark.slow
@pytest.mark.parametrize("process", THOROUGH)
def test_many_events_look_as_those_of_real_delphes(process):
    compare(process, THOROUGH[process])
