"""The leading jet of each event and its constituents, where the answer is known."""

import numpy as np

from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.large_radius.leading_jets import leading_jets, padded_constituents


def massless(pt, eta, phi):
    return np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1)


def two_jets(rng, pt):
    """Two narrow clusters far apart in azimuth, the second of them softer."""
    share = rng.dirichlet(np.ones(10), 2) * [[pt], [0.7 * pt]]
    eta = rng.normal(0, 0.1, (2, 10))
    phi = rng.normal(0, 0.1, (2, 10)) + np.array([[0.5], [-2.5]])
    return massless(share.ravel(), eta.ravel(), phi.ravel())


def test_the_leading_jet_is_the_harder_cluster_and_events_do_not_mix():
    rng = np.random.default_rng(1)
    events = {3: two_jets(rng, 600.0), 1: two_jets(rng, 500.0), 7: two_jets(rng, 80.0)}
    momentum = np.concatenate(list(events.values()))
    event = np.repeat(list(events), 20)
    order = rng.permutation(len(event))
    found = leading_jets(
        EnergyFlow(event[order], momentum[order], np.zeros(len(event), dtype=int)), radius=0.8, pt_min=100.0
    )
    assert found.event.tolist() == [1, 3]  # the third is too soft
    for row, number in enumerate(found.event):
        np.testing.assert_allclose(found.momentum[row], events[number][:10].sum(axis=0))
    assert found.n_constituents.tolist() == [10, 10]
    np.testing.assert_allclose(padded_constituents(found, 200).sum(axis=1), found.momentum, rtol=1e-5)


def test_only_the_hardest_constituents_are_kept_when_there_are_too_many():
    pt = np.arange(1.0, 13.0)
    momentum = massless(pt, np.zeros(12), np.linspace(-0.2, 0.2, 12))
    found = leading_jets(
        EnergyFlow(np.zeros(12, dtype=int), momentum, np.zeros(12, dtype=int)), radius=0.8, pt_min=10.0
    )
    padded = padded_constituents(found, 5)
    np.testing.assert_allclose(np.hypot(padded[0, :, 1], padded[0, :, 2]), [12, 11, 10, 9, 8], rtol=1e-6)
    wide = padded_constituents(found, 20)
    assert np.count_nonzero(wide[0, :, 0]) == 12
    assert np.all(wide[0, 12:] == 0)


def test_a_batch_without_jets_gives_none():
    soft = EnergyFlow(
        np.array([0, 1]), massless(np.ones(2), np.zeros(2), np.zeros(2)), np.zeros(2, dtype=int)
    )
    found = leading_jets(soft, radius=0.8, pt_min=500.0)
    assert len(found.event) == 0
    assert padded_constituents(found, 200).shape == (0, 200, 4)
