"""Leptons, isolation, jets and missing momentum from objects put by hand."""

import numpy as np
import pytest

from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.detector.phase2 import CMS_PHASE2, ELECTRON_ID, MUON_ID
from offshell.simulate.detector.pileup import Overlaid
from offshell.simulate.detector.suppression import without_pileup
from offshell.simulate.detector.tracking import efficiency
from offshell.simulate.level1.objects import Leptons, event_rows, identified_leptons, isolation

ELECTRON, MUON, PION, NEUTRAL = 11, 13, 211, 0


def flow(*rows):
    """Rows of event, code, pt, eta, phi."""
    event, code, pt, eta, phi = (np.array(column) for column in zip(*rows, strict=True))
    momentum = np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=1)
    return EnergyFlow(event, momentum, code)


def leptons(*rows):
    """Rows of event, whether a muon, pt, eta, phi."""
    return Leptons(*(np.array(column) for column in zip(*rows, strict=True)))


def test_leptons_are_found_as_often_as_identified_and_inside_the_acceptance():
    n = 4000
    rows = [(0, ELECTRON, 40.0, 0.2, 0.1)] * n + [(0, MUON, 40.0, 0.2, 0.1)] * n
    outside = [(0, ELECTRON, 40.0, 3.05, 0.0), (0, MUON, 40.0, 2.2, 0.0), (0, PION, 40.0, 0.0, 0.0)]
    soft = [(0, ELECTRON, 3.9, 0.0, 0.0), (0, MUON, 2.9, 0.0, 0.0)]
    found = identified_leptons(flow(*rows, *outside, *soft), np.random.default_rng(1))
    assert np.count_nonzero(~found.is_muon) / n == pytest.approx(0.97, abs=0.012)
    assert np.count_nonzero(found.is_muon) / n == pytest.approx(0.991, abs=0.007)
    np.testing.assert_allclose(found.pt, 40.0)


def test_electrons_have_a_gap_between_barrel_and_endcap():
    eta = np.array([1.4, 1.5, 1.6])
    values = efficiency(ELECTRON_ID, eta, np.full(3, 40.0))
    np.testing.assert_array_equal(values, [0.97, 0.45, 0.95])
    np.testing.assert_array_equal(efficiency(MUON_ID, np.zeros(2), np.array([2.9, 3.1])), [0.0, 1.0])


def test_isolation_sums_what_is_within_the_cone_but_the_lepton_itself():
    around = flow(
        (0, PION, 5.0, 0.0, 0.0),
        (1, ELECTRON, 50.0, 0.0, 0.0),
        (1, MUON, 10.0, 0.0, 0.1),
        (1, PION, 3.0, 0.0, 0.29),
        (1, NEUTRAL, 2.0, 0.2, 0.2),
        (1, PION, 9.0, 0.0, 0.31),
        (2, PION, 7.0, 0.0, -3.1),
        (2, MUON, 20.0, 0.0, 3.1),
    )
    asked = leptons((1, False, 50.0, 0.0, 0.0), (1, True, 10.0, 0.0, 0.1), (2, True, 20.0, 0.0, 3.1))
    np.testing.assert_allclose(isolation(asked, around), [15.0 / 50.0, 64.0 / 10.0, 7.0 / 20.0])


def test_hard_leptons_stay_and_those_of_pile_up_go():
    events = Overlaid(
        flow((0, MUON, 30.0, 0.0, 0.0), (0, -MUON, 30.0, 0.0, 2.0), (0, PION, 8.0, 1.0, 1.0)),
        np.array([False, True, True]),
        np.array([2]),
    )
    kept = without_pileup(events)
    assert kept.pdg_id.tolist() == [MUON]


def test_rows_are_missing_momentum_electrons_muons_and_jets():
    objects = flow(
        (0, MUON, 30.0, 0.5, 0.0),
        (0, NEUTRAL, 40.0, -1.0, np.pi / 2),
        (1, ELECTRON, 25.0, 0.0, 1.0),
    )
    found = leptons((0, True, 30.0, 0.5, 0.0), (1, False, 25.0, 0.0, 1.0))
    rows = event_rows(objects, found, 2)
    assert rows.shape == (2, 19, 4)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows[0, 0], [50.0, 0.0, np.arctan2(-40, -30), 1], rtol=1e-6)
    np.testing.assert_allclose(rows[0, 5], [30.0, 0.5, 0.0, 3], atol=1e-6)
    # Each object is a jet of its own: the muon too.
    np.testing.assert_allclose(rows[0, 9], [40.0, -1.0, np.pi / 2, 4], rtol=1e-5)
    np.testing.assert_allclose(rows[0, 10], [30.0, 0.5, 0.0, 4], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(rows[1, 1], [25.0, 0.0, 1.0, 2], atol=1e-6)
    used = rows[..., 3] > 0
    assert used.sum() == 7
    assert np.all(rows[~used] == 0)


def test_only_the_hardest_objects_have_rows_in_falling_order():
    pt = np.array([3.0, 9.0, 5.0, 8.0, 7.0, 6.0])
    found = leptons(*((0, True, value, 0.0, 0.0) for value in pt))
    directions = [(0, NEUTRAL, 16.0 + i, 0.5 * (i % 3) - 0.5, 0.5 * i) for i in range(12)]
    rows = event_rows(flow(*directions), found, 1)
    np.testing.assert_array_equal(rows[0, 5:9, 0], [9, 8, 7, 6])
    assert np.all(np.diff(rows[0, 9:, 0]) < 0)
    assert rows[0, 18, 0] == pytest.approx(18.0)


def test_jets_have_fifteen_gev_and_lie_inside():
    objects = flow((0, NEUTRAL, 14.9, 0.0, 0.0), (0, NEUTRAL, 15.1, 0.0, 2.0), (0, NEUTRAL, 30.0, 4.1, -2.0))
    rows = event_rows(objects, leptons((0, True, 24.0, 0.0, 0.0)), 1)
    assert np.count_nonzero(rows[0, 9:, 0]) == 1
    assert rows[0, 9, 0] == pytest.approx(15.1)


def test_neighbors_within_the_radius_make_one_jet():
    objects = flow((0, PION, 20.0, 0.0, 0.0), (0, NEUTRAL, 20.0, 0.0, 0.3), (0, NEUTRAL, 20.0, 0.0, 1.0))
    jets = event_rows(objects, leptons((0, True, 24.0, 0.0, 0.0)), 1)[0, 9:]
    np.testing.assert_allclose(jets[:2, 0], [40.0 * np.cos(0.15), 20.0], rtol=1e-5)


def test_grids_of_the_card_have_no_holes():
    for calorimeter in CMS_PHASE2.calorimeters:
        edges = np.array(calorimeter.grid.eta_edges)
        assert (edges[0], edges[-1]) == (-5.0, 5.0)
        # The lists for barrel and endcap of the hadronic part overlap: between 1.6356 and 1.65 is a narrow ring.
        assert np.diff(edges).min() > 0.014
        assert np.diff(edges).max() < 0.31
