"""Simple triggers: sums and maxima that can be done by hand."""

import numpy as np
import pytest

import offshell
from offshell.models import Observables
from offshell.models.scaling.events import Standardize


def event(met, electrons, muons, jets):
    """The 57 features of an event with the given pt, and angles that no observable may see."""
    x = np.zeros((19, 3), np.float32)
    for first, pts in ((0, [met]), (1, electrons), (5, muons), (9, jets)):
        for row, pt in enumerate(pts, start=first):
            x[row] = pt, 1.5, -3.0
    return x.reshape(1, 57)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (event(20, [30, 10], [25], [60, 40, 15]), {"ht": 115, "met": 20, "lepton_pt": 30}),
        (event(20, [], [25, 5], [17] * 10), {"ht": 170, "met": 20, "lepton_pt": 25}),
        (event(0, [], [], []), {"ht": 0, "met": 0, "lepton_pt": 0}),
    ],
)
def test_simple_triggers_of_an_event(x, expected):
    scores = offshell.score(Observables(), x)
    assert {name: scores[name].item() for name in expected} == pytest.approx(expected)


def test_norm_is_that_of_the_scaled_event_and_triggers_are_not_scaled():
    x = np.concatenate([event(10 + i, [30 + i], [], [50 + 2 * i]) for i in range(5)])
    model = Observables(scaling=Standardize())
    model.adapt(x)
    scores = offshell.score(model, x)
    assert scores["norm"] == pytest.approx(np.square(np.asarray(model.scaled(x))).sum(axis=1), rel=1e-5)
    assert scores["ht"] == pytest.approx([50, 52, 54, 56, 58])
