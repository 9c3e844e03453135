"""Collisions that are dropped early are replaced by weights, and what is kept has what was asked for."""

from dataclasses import replace

import numpy as np
import pytest

from offshell.simulate import EVENT_PROCESSES
from offshell.simulate.generator.processes.of_events import PartonNeed, Thinning
from offshell.simulate.generator.pythia import event_collisions
from offshell.simulate.generator.vetoes import PartonVeto, _has

HARD_QCD = replace(
    EVENT_PROCESSES["qcd-lepton"], settings=("HardQCD:all = on", "PhaseSpace:pTHatMin = 60"), redecays=1
)


def passing(thinning, n_batches):
    """Weights of collisions with a hard heavy quark after the shower, and how many were tried."""
    batches = event_collisions(replace(HARD_QCD, thinning=thinning), seed=3)
    made = [next(batches) for _ in range(n_batches)]
    return np.concatenate([batch.weight for batch in made]), sum(batch.n_tried for batch in made)


def test_thinned_collisions_weigh_as_much_as_all_of_them():
    rates = []
    for thinning, n_batches in ((Thinning(), 3), (Thinning(hard={0: 2, 4: 3}, late=6), 4)):
        weight, n_tried = passing(thinning, n_batches)
        rates.append((weight.sum() / n_tried, np.sqrt((weight**2).sum()) / n_tried))
    (plain, error), (thinned, other) = rates
    assert abs(plain - thinned) < 3 * np.hypot(error, other)
    assert np.hypot(error, other) < 0.15 * plain  # without the weights it would be less than half


def test_weights_are_the_products_of_what_was_dropped():
    weight, _ = passing(Thinning(hard={0: 2, 4: 3}, late=6), 2)
    assert set(weight) <= {1, 2, 3, 6, 12, 18}
    assert {1, 2, 3} <= set(weight)


@pytest.mark.parametrize(("one_in", "kept"), [(1, 1.0), (4, 0.25)])
def test_one_in_so_many_is_kept(one_in, kept):
    veto = PartonVeto(PartonNeed({5: 3.5}, pt_min=28), Thinning(late=one_in), 1)
    dropped = [veto._is_dropped(one_in) for _ in range(20_000)]
    assert 1 - np.mean(dropped) == pytest.approx(kept, abs=0.012)


class Quark:
    def __init__(self, code, pt, eta, *, final=True):
        self.code, self.pt, self.place, self.final = code, pt, eta, final

    def idAbs(self):
        return self.code

    def isFinal(self):
        return self.final

    def pT(self):
        return self.pt

    def eta(self):
        return self.place


@pytest.mark.parametrize(
    ("quark", "found"),
    [
        (Quark(5, 29, -3.4), True),
        (Quark(5, 27, 0), False),
        (Quark(5, 29, 3.6), False),
        (Quark(4, 29, 0), False),
        (Quark(5, 29, 0, final=False), False),
    ],
)
def test_what_is_needed_is_final_hard_and_central(quark, found):
    class Event(list):
        def size(self):
            return len(self)

    record = Event([Quark(90, 0, 0), Quark(21, 99, 0), quark, Quark(21, 99, 0)])
    assert _has(record, PartonNeed({5: 3.5}, pt_min=28), 28) is found
