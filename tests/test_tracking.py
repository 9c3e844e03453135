"""Flight paths against closed forms and stepwise integration; tracks against the tables of the cards."""

import dataclasses

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from offshell.inputs.momenta import pt_eta_phi
from offshell.simulate.detector.cards import ATLAS, ATLAS_FINE, CMS
from offshell.simulate.detector.phase2 import CMS_PHASE2
from offshell.simulate.detector.response import TrackerSpecies, TrackResolution
from offshell.simulate.detector.tracking import (
    efficiency,
    find_tracks,
    log_normal,
    propagate,
    track_resolution,
)
from offshell.simulate.generator.particles import Particles

TRACKER = ATLAS.tracker
PION, ELECTRON, MUON, PHOTON, PROTON = 211, 11, 13, 22, 2212
MASS = {PION: 0.13957, ELECTRON: 0.000511, MUON: 0.10566, PHOTON: 0.0, PROTON: 0.93827}


def particles(codes, pt, eta, phi, vertex=None):
    pt, eta, phi = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in (pt, eta, phi)))
    codes = np.broadcast_to(codes, pt.shape)
    mass = np.array([MASS[abs(code)] for code in codes.tolist()])
    energy = np.sqrt((pt * np.cosh(eta)) ** 2 + mass**2)
    momentum = np.stack([energy, pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=1)
    vertex = np.zeros((len(pt), 3)) if vertex is None else np.broadcast_to(vertex, (len(pt), 3))
    return Particles(np.zeros(len(pt), dtype=int), codes, momentum, vertex)


def mass_of(momentum):
    return np.sqrt(np.maximum(momentum[:, 0] ** 2 - np.sum(momentum[:, 1:] ** 2, axis=1), 0))


@pytest.mark.parametrize("code", [PION, -PION])
@pytest.mark.parametrize("tracker", [ATLAS.tracker, CMS.tracker])
def test_a_track_from_the_beam_turns_by_half_the_arc_it_flies(code, tracker):
    pt = np.array([0.8, 1.0, 5.0, 100.0])
    impacts = propagate(particles(code, pt, 0.3, 1.0), tracker)
    # Chord of a circle through the origin: sin(turn) = R / (2 r), clockwise for a positive charge and field.
    radius = pt / (0.299792458 * tracker.field)
    turn = np.sign(code) * np.arcsin(tracker.radius / (2 * radius))
    np.testing.assert_allclose(impacts.phi, 1.0 - turn, atol=1e-12)
    z = np.sinh(0.3) * 2 * radius * np.arcsin(tracker.radius / (2 * radius))
    np.testing.assert_allclose(impacts.eta, np.arcsinh(z / tracker.radius), atol=1e-12)


def test_a_soft_track_curls_until_the_end_of_the_cylinder():
    soft = particles(PION, 0.2, 1.0, 0.0)
    impacts = propagate(soft, TRACKER)
    radius, path = 0.2 / (0.299792458 * 2.0), 3.51 / np.sinh(1.0)
    # Turning by path / radius from the origin: the chord 2 r sin(turn / 2) at half the angle.
    chord = abs(2 * radius * np.sin(path / (2 * radius)))
    assert np.sinh(impacts.eta[0]) == pytest.approx(3.51 / chord)


def test_neutral_particles_from_the_beam_keep_their_direction():
    eta, phi = np.array([-2.0, 0.0, 0.7, 2.5]), np.array([3.0, -1.0, 0.2, -3.1])
    impacts = propagate(particles(PHOTON, 20.0, eta, phi), TRACKER)
    np.testing.assert_allclose(impacts.eta, eta, atol=1e-12)
    np.testing.assert_allclose(impacts.phi, phi, atol=1e-12)


@pytest.mark.parametrize("eta", [2.3, -2.3])
@pytest.mark.parametrize("code", [PION, -PION])
def test_a_forward_track_turns_until_the_end_cap(code, eta):
    impacts = propagate(particles(code, 2.0, eta, 0.0), TRACKER)
    radius, path = 2.0 / (0.299792458 * TRACKER.field), TRACKER.half_length / np.sinh(2.3)
    # The chord lies at half the angle by which the track has turned; 0.107, and not the 0.173 of the barrel.
    assert impacts.phi[0] == pytest.approx(-np.sign(code) * path / (2 * radius), rel=1e-12)
    assert abs(impacts.phi[0]) == pytest.approx(0.1066, abs=1e-4)
    chord = 2 * radius * np.sin(path / (2 * radius))
    assert np.sinh(impacts.eta[0]) == pytest.approx(np.sign(eta) * TRACKER.half_length / chord, rel=1e-12)


def flown(code, pt, eta, phi, vertex):
    """Where an integration of the equations of motion leaves the cylinder: x, y, z in metres."""
    charge = 0 if code == PHOTON else np.sign(code)

    def motion(_, state):
        return [np.cos(state[3]), np.sin(state[3]), np.sinh(eta), -charge * 0.299792458 * TRACKER.field / pt]

    def side(_, state):
        return np.hypot(state[0], state[1]) - TRACKER.radius

    def end(_, state):
        return abs(state[2]) - TRACKER.half_length

    side.terminal = end.terminal = True
    start = [*np.divide(vertex, 1000), phi]
    way = solve_ivp(motion, (0, 1000), start, events=(side, end), rtol=1e-10, atol=1e-12, max_step=0.1)
    return way.y[:3, -1]


@pytest.mark.parametrize("code", [PHOTON, PION, -PROTON])
@pytest.mark.parametrize(
    ("pt", "eta", "phi", "vertex"),
    [
        (3.0, 0.4, 2.2, [150.0, -220.0, 80.0]),
        (3.0, 0.0, 2.2, [150.0, -220.0, -80.0]),
        (0.9, 2.3, -1.0, [20.0, 30.0, -1500.0]),
        (0.9, -2.3, -1.0, [20.0, 30.0, -1500.0]),
        (2.0, 1.5, 0.3, [-300.0, 100.0, 2000.0]),
        (2.0, -1.5, 0.3, [-300.0, 100.0, 2000.0]),
        (1.0, 0.5, np.pi, [-50.0, 2.0, 0.0]),
        (1.0, 0.5, -np.pi, [-50.0, -2.0, 0.0]),
        (1.0, -0.5, 3.1, [400.0, 300.0, 0.0]),
        (1.0, -0.5, -3.1, [400.0, -300.0, 0.0]),
        (0.2, 0.9, 3.0, [100.0, 200.0, 500.0]),
        (0.2, -0.9, -3.0, [-100.0, 200.0, 500.0]),
        (5.0, 0.1, 0.0, [-1100.0, 0.0, 0.0]),
    ],
)
def test_particles_end_where_an_integration_of_their_motion_ends(code, pt, eta, phi, vertex):
    impacts = propagate(particles(code, pt, eta, phi, np.array(vertex)), TRACKER)
    x, y, z = flown(code, pt, eta, phi, vertex)
    # Angles have a seam at pi; the integration is exact to 1e-9.
    assert np.exp(1j * impacts.phi[0]) == pytest.approx(np.exp(1j * np.arctan2(y, x)), abs=1e-7)
    assert np.sinh(impacts.eta[0]) == pytest.approx(z / np.hypot(x, y), rel=1e-6, abs=1e-7)


def test_the_momentum_of_a_displaced_track_points_along_its_closest_approach():
    impacts = propagate(particles(PION, 2.0, 0.0, 0.3, [100.0, 50.0, 0.0]), TRACKER)
    _, px, py, _ = impacts.particles.momentum[0]
    radius = 2.0 / (0.299792458 * TRACKER.field)
    center = np.array([0.1 + radius * np.sin(0.3), 0.05 - radius * np.cos(0.3)])
    # On a circle the tangent at the point nearest to the origin is normal to the line from origin to center.
    assert np.array([px, py]) @ center == pytest.approx(0.0, abs=1e-12)
    assert np.hypot(px, py) == pytest.approx(2.0)


def test_particles_made_outside_the_tracker_are_lost():
    far = [[1.2e3, 0, 0], [0, -1.2e3, 0], [0.9e3, 0.9e3, 0], [0, 0, 3.6e3], [0, 0, -3.6e3]]
    near = [[0, 1.0e3, 0], [0, 0, -3.4e3], [-1.1e3, 0, 3.4e3]]
    found = propagate(particles(PHOTON, np.full(8, 5.0), 0.0, 0.0, far + near), TRACKER).particles
    np.testing.assert_array_equal(found.vertex, near)


def test_a_particle_along_the_beam_is_lost():
    along = particles(PHOTON, [5.0, 5.0], 0.0, 0.0)
    along.momentum[0] = [5, 0, 0, 5]
    assert len(propagate(along, TRACKER).particles) == 1


def test_efficiency_is_the_step_the_card_gives():
    table = TRACKER.hadrons.efficiency
    eta = np.array([0.0, -1.4, 1.6, 2.4, 2.6, 0.0])
    pt = np.array([0.5, 2.0, 0.9, 50.0, 50.0, 0.05])
    np.testing.assert_array_equal(efficiency(table, eta, pt), [0.70, 0.95, 0.60, 0.85, 0.0, 0.0])


def test_an_edge_of_the_efficiency_belongs_to_the_step_below():
    # As in the cards: abs(eta) <= 1.5 and pt <= 1.0 have 0.70; pt > 0.1 is asked for.
    eta, pt = np.array([1.5, -1.5, 2.5, 0.0]), np.array([1.0, 1.001, 1.001, 0.1])
    np.testing.assert_array_equal(efficiency(TRACKER.hadrons.efficiency, eta, pt), [0.70, 0.95, 0.85, 0.0])


@pytest.mark.parametrize(
    ("code", "pt", "expected"),
    [(PION, 10.0, 0.95), (PION, 0.5, 0.70), (ELECTRON, 200.0, 0.99), (MUON, 10.0, 0.99)],
)
def test_the_share_of_found_tracks_is_the_efficiency(code, pt, expected):
    n = 20_000
    tracks = find_tracks(
        propagate(particles(code, np.full(n, pt), 0.1, 0.0), TRACKER), TRACKER, np.random.default_rng(1)
    )
    assert abs(len(tracks.impact) / n - expected) < 4 * np.sqrt(expected * (1 - expected) / n)


def test_photons_make_no_tracks():
    impacts = propagate(particles(PHOTON, np.full(100, 10.0), 0.0, 0.0), TRACKER)
    assert len(find_tracks(impacts, TRACKER, np.random.default_rng(1)).impact) == 0


@pytest.mark.parametrize(
    ("code", "pt", "eta"), [(PION, 50.0, 0.2), (PION, 50.0, 2.0), (MUON, 100.0, 1.0), (ELECTRON, 30.0, 1.0)]
)
def test_smeared_pt_has_the_width_of_the_card_and_no_bias(code, pt, eta):
    n = 40_000
    impacts = propagate(particles(code, np.full(n, pt), eta, 0.4), TRACKER)
    tracks = find_tracks(impacts, TRACKER, np.random.default_rng(2))
    measured = np.hypot(tracks.momentum[:, 1], tracks.momentum[:, 2])
    species = TRACKER.muons if code == MUON else TRACKER.hadrons
    width = track_resolution(species.resolution, np.array([eta]), np.array([pt]))[0]
    assert measured.mean() == pytest.approx(pt, rel=4 * width / np.sqrt(n))
    assert measured.std() / pt == pytest.approx(width, rel=0.03)
    np.testing.assert_allclose(mass_of(tracks.momentum), MASS[code], rtol=1e-4)
    assert np.ptp(np.arctan2(tracks.momentum[:, 2], tracks.momentum[:, 1])) < 1e-12


def test_track_resolution_adds_in_quadrature_and_stops_at_one():
    table = TRACKER.hadrons.resolution
    pt = np.array([10.0, 1e6])
    np.testing.assert_allclose(track_resolution(table, np.zeros(2), pt), [np.hypot(0.06, 0.013), 1.0])


def test_log_normal_keeps_mean_and_width_and_sign():
    drawn = log_normal(np.full(100_000, 2.0), np.full(100_000, 1.5), np.random.default_rng(3))
    assert drawn.min() > 0
    assert drawn.mean() == pytest.approx(2.0, rel=0.01)
    assert drawn.std() == pytest.approx(1.5, rel=0.03)
    np.testing.assert_array_equal(log_normal(np.zeros(3), np.ones(3), np.random.default_rng(3)), 0.0)


def test_the_cards_differ_and_are_frozen():
    assert CMS.tracker.field > ATLAS.tracker.field
    with pytest.raises(dataclasses.FrozenInstanceError):
        ATLAS.tracker.field = 0.0


def test_of_two_tracks_in_one_cell_of_the_pixels_only_the_harder_is_seen():
    tracker = CMS_PHASE2.tracker
    # Straight enough to share a cell of 0.003, and half a cell from its edges; the third is two cells away.
    pair = particles(MUON, [500.0, 501.0, 500.0], [0.6015, 0.6015, 0.6075], 0.2 * np.ones(3))
    assert propagate(pair, tracker).told_apart.tolist() == [False, True, True]
    assert propagate(pair, CMS.tracker).told_apart.all()
    apart = dataclasses.replace(pair, event=np.array([0, 1, 1]))
    assert propagate(apart, tracker).told_apart.all()
    tracks = find_tracks(propagate(pair, tracker), tracker, np.random.default_rng(1))
    assert tracks.impact.tolist() == [1, 2]


def test_a_charged_particle_made_beyond_the_pixels_leaves_no_track():
    made = [[0, 0, 0], [290, 0, 0], [310, 0, 0], [0, 0, 690], [0, 0, -710], [500, 0, 0]]
    codes = [PION] * 5 + [PHOTON]
    found = propagate(
        particles(codes, np.full(6, 5.0), 0.3, np.linspace(0, 3, 6), np.array(made, float)),
        CMS_PHASE2.tracker,
    )
    assert len(found.particles) == 6
    assert found.told_apart[:5].tolist() == [True, True, False, True, False]


def test_the_direction_behind_pixels_is_smeared_and_pt_and_mass_are_not():
    n = 20_000
    # One event each, so that none hides another.
    alone = dataclasses.replace(particles(PION, np.full(n, 20.0), 0.5, 0.3), event=np.arange(n))
    tracker = dataclasses.replace(
        CMS_PHASE2.tracker,
        hadrons=TrackerSpecies(
            CMS_PHASE2.tracker.hadrons.efficiency, TrackResolution((5.0,), (0.0,), (0.0,))
        ),
    )
    momentum = find_tracks(propagate(alone, tracker), tracker, np.random.default_rng(1)).momentum
    pt, eta, phi = pt_eta_phi(momentum)
    np.testing.assert_allclose(pt, 20.0)
    np.testing.assert_allclose(mass_of(momentum), MASS[PION], rtol=1e-4)
    for angle, true in ((eta, 0.5), (phi, 0.3)):
        assert angle.mean() == pytest.approx(true, abs=4 * 0.003 / np.sqrt(n))
        assert angle.std() == pytest.approx(0.003, rel=0.03)


def test_muon_tracks_of_cms_fade_above_a_tev():
    table = CMS.tracker.muons.efficiency
    pt = np.array([900.0, 1000.0, 2000.0, 4000.0])
    expected = 0.99 * np.exp(np.minimum(0.5 - 5e-4 * pt, 0))
    np.testing.assert_allclose(efficiency(table, np.zeros(4), pt), expected)
    np.testing.assert_array_equal(efficiency(ATLAS_FINE.tracker.muons.efficiency, np.zeros(4), pt), 0.99)


@pytest.mark.parametrize(
    ("card", "species", "eta", "constant", "slope"),
    [
        (ATLAS, "hadrons", 0.2, 0.06, 1.3e-3),
        (ATLAS, "electrons", 2.0, 0.25, 3.1e-3),
        (ATLAS, "muons", 1.0, 0.03, 3.0e-4),
        (ATLAS_FINE, "hadrons", 2.0, 0.25, 3.1e-3),
        (ATLAS_FINE, "electrons", 2.0, 0.15, 3.1e-3),
        (ATLAS_FINE, "muons", 1.0, 0.015, 1.5e-4),
        (CMS, "hadrons", 1.0, 0.10, 1.7e-3),
        (CMS, "electrons", 1.0, 0.05, 1.7e-3),
        (CMS, "muons", 2.0, 0.025, 3.5e-4),
    ],
)
def test_resolutions_are_those_of_the_releases_of_delphes(card, species, eta, constant, slope):
    """Read off the cards that `detector.cards` names."""
    table, pt = getattr(card.tracker, species).resolution, 40.0
    found = track_resolution(table, np.array([eta]), np.array([pt]))
    np.testing.assert_allclose(found, np.hypot(constant, slope * pt))
