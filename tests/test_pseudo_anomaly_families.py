"""What each family of pseudo-anomalies promises; dressed in needles, its partons are seen as they are."""

from dataclasses import replace

import awkward as ak
import fastjet
import numpy as np
import pytest
from scipy import stats
from toy_jets import massless, needles, toy_jets

from offshell.errors import InputError
from offshell.inputs.clustering import clustered
from offshell.pseudo_anomalies.assembly import assembled
from offshell.pseudo_anomalies.configurations import Configurations, configurations
from offshell.pseudo_anomalies.dressing import dressed_in_cores, dressed_in_subjets
from offshell.pseudo_anomalies.families.blobs import blobs
from offshell.pseudo_anomalies.families.fragmented import fragmented
from offshell.pseudo_anomalies.families.n_prong import cores, matched, resolved
from offshell.pseudo_anomalies.families.partly_seen import partly_seen
from offshell.pseudo_anomalies.families.splittings import shower, splittings
from offshell.pseudo_anomalies.partons import between, invariant_mass, within
from offshell.pseudo_anomalies.phase_space import phase_space
from offshell.pseudo_anomalies.pool import pool_of
from offshell.pseudo_anomalies.prior import Prior

LEAST_P = 1e-3  # of a test of a distribution; the numbers are the same on each day


@pytest.fixture(scope="module")
def sharp():
    return pool_of(needles(20), radius=0.8)


@pytest.fixture(scope="module")
def toys():
    return pool_of(toy_jets(300), radius=0.8)


def partons_of(draft):
    """Of a jet dressed in needles, whose two particles have half a parton each."""
    first, second = draft.particles[:, ::2, :3], draft.particles[:, 1::2, :3]
    np.testing.assert_allclose(first, second, atol=1e-6)
    return first * [2, 1, 1]


@pytest.mark.parametrize("family", [matched, resolved, cores])
def test_prongs_and_masses_are_spread_as_the_prior_says(family, sharp, rng):
    draft = family(sharp, 2000, Prior(prongs=(2, 3), mass=(100, 300)), rng)
    assert stats.kstest(draft.mass, stats.uniform(100, 200).cdf).pvalue > LEAST_P
    assert stats.binomtest(int((draft.n_prongs == 2).sum()), 2000).pvalue > LEAST_P
    np.testing.assert_allclose(invariant_mass(partons_of(draft)), draft.mass, rtol=1e-5)


@pytest.mark.parametrize("family", [matched, resolved, cores])
def test_all_prongs_lie_in_the_jet(family, sharp, rng):
    partons = partons_of(family(sharp, 300, Prior(), rng))
    assert (within(partons, 0.8) | (partons[..., 0] == 0)).all()


def test_resolved_prongs_are_neither_soft_nor_close(sharp, rng):
    partons = partons_of(resolved(sharp, 500, Prior(), rng))
    pt = partons[..., 0]
    assert (pt[pt > 0] > 0.0499 * 600).all()
    assert between(partons).min() > 0.0999
    usual = partons_of(matched(sharp, 500, Prior(), rng))
    assert between(usual).min() < 0.0999


def test_a_mass_that_does_not_fit_into_light_jets_is_given_to_hard_ones(rng):
    pool = pool_of(np.concatenate([needles(10, pt=200.0), needles(10, pt=600.0)]), radius=0.8)
    draft = matched(pool, 500, Prior(mass=(130, 350)), rng)
    assert draft.jet.min() >= 10
    assert matched(pool, 500, Prior(mass=(30, 350)), rng).jet.min() < 10


def test_what_fits_nowhere_is_refused(sharp, rng):
    with pytest.raises(
        InputError, match=r"^mass does not fit into the jets\. Expected: masses below 384 GeV"
    ):
        matched(sharp, 5, Prior(mass=(400, 500)), rng)
    with pytest.raises(InputError, match=r"^These decays do not fit into the jets\. Expected: other prongs"):
        configurations(
            sharp, 5, Prior(), rng, decay=phase_space, fits=lambda partons: np.zeros(len(partons), bool)
        )


def test_subjets_have_the_pt_around_their_axis_and_the_distance_to_the_next():
    # Three particles in a line, 0.3 and 0.4 apart: kT takes the soft one in the middle to the hard one beside it first.
    jets = massless(np.array([[300, 200, 100]]), 0.0, np.array([[-0.3, 0.4, 0.0]]))
    subjets = pool_of(jets, radius=0.8).subjets
    np.testing.assert_array_equal(subjets.n_axes, [1, 2, 2, 3, 3, 3])
    np.testing.assert_allclose(np.sort(np.exp(subjets.log_pt)[1:3]), [200, 400], rtol=1e-6)
    np.testing.assert_allclose(np.exp(subjets.log_distance)[:3], [0.8, 0.7, 0.7], rtol=1e-6)
    by_pt = np.argsort(subjets.log_pt[3:])
    np.testing.assert_allclose(np.exp(subjets.log_distance[3:][by_pt]), [0.3, 0.4, 0.3], rtol=1e-6)


def test_where_a_draft_lies_does_not_matter(toys, rng):
    draft = cores(toys, 50, Prior(), rng)
    moved = replace(draft, particles=draft.particles + np.array([0, 0.4, -0.3, 0]))
    np.testing.assert_allclose(assembled(moved, toys), assembled(draft, toys), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize(
    ("share", "distance"),
    [(np.linspace(0.05, 0.45, 20), np.full(20, 0.4)), (np.full(20, 0.5), np.linspace(0.1, 0.7, 20))],
)
def test_a_prong_is_dressed_in_the_subjet_that_is_most_like_it(share, distance, rng):
    # Twenty jets of two particles, which differ in sharing or distance; energy over momentum tells one from another.
    pt, phi = 600 * np.stack([share, 1 - share], axis=1), np.stack([distance, -distance], axis=1) / 2
    jets = massless(pt, 0.0, phi)
    jets[..., 0] *= 1 + 0.01 * np.arange(20)[:, None]
    decays = Configurations(np.stack([pt, np.zeros_like(pt), phi], axis=-1), np.arange(20))
    particles = dressed_in_subjets(decays, pool_of(jets, radius=0.8), rng).particles
    row, column = np.nonzero(particles[..., 0])
    np.testing.assert_allclose(particles[row, column, 3], 1 + 0.01 * row, rtol=1e-6)
    np.testing.assert_allclose(particles[row, column, 2].reshape(20, 2), phi, rtol=1e-9)


@pytest.mark.parametrize("family", [splittings, blobs])
def test_masses_of_many_partons_are_those_of_what_is_seen(family, sharp, rng):
    draft = family(sharp, 300, Prior(), rng)
    partons = partons_of(draft)
    np.testing.assert_allclose(invariant_mass(partons), draft.mass, rtol=1e-5)
    np.testing.assert_array_equal((partons[..., 0] > 0).sum(axis=1), draft.n_prongs)
    assert draft.n_prongs.min() == 2
    assert draft.n_prongs.max() > 10


def test_in_half_of_the_jets_partons_are_invisible_any_number_as_probable_as_another(sharp, rng):
    # With an even probability any of 0 to 6 of 6 partons are seen alike, in half of the jets; 0 and 1 are drawn again.
    light = Prior(prongs=(6,), mass=(0.1, 0.2))  # so light that nothing lies outside of the jet
    n = 2000
    decays = partly_seen(sharp, n, light, rng, decay=phase_space)
    seen = decays.n_prongs
    assert stats.binomtest(int((seen == 6).sum()), n, (1 / 2 + 1 / 14) / (1 - 2 / 14)).pvalue > LEAST_P
    assert stats.binomtest(int((seen == 3).sum()), n, (1 / 14) / (1 - 2 / 14)).pvalue > LEAST_P
    # Whatever is lost, the rest lies around its own axis.
    pt, eta, phi = np.moveaxis(decays.partons, -1, 0)
    np.testing.assert_allclose(np.vecdot(pt, np.sinh(eta)) / 600, 0, atol=1e-12)
    np.testing.assert_allclose(np.vecdot(pt, np.sin(phi)) / 600, 0, atol=1e-12)


def test_a_shower_has_the_mass_the_pt_and_the_axis_of_what_showers(rng):
    n_prongs, mass, pt = rng.integers(4, 16, 500), rng.uniform(30, 350, 500), rng.uniform(550, 650, 500)
    partons = shower(n_prongs, mass, pt, rng)
    np.testing.assert_array_equal((partons[..., 0] > 0).sum(axis=1), n_prongs)
    np.testing.assert_allclose(partons[..., 0].sum(axis=1), pt, rtol=1e-12)
    np.testing.assert_allclose((partons[..., :1] * partons[..., 1:]).sum(axis=1) / pt[:, None], 0, atol=1e-12)
    # angle^4 / 12 beside angle^2 / 2 in the cosine, for angles around 1
    assert np.median(np.abs(invariant_mass(partons) / mass - 1)) < 0.02


def test_cores_are_spread_by_a_power_of_their_share(rng):
    turn = np.arange(8) * np.pi / 4
    rings = massless(np.full((20, 8), 75), 0.01 * np.cos(turn), 0.01 * np.sin(turn))
    draft = cores(pool_of(rings, radius=0.8), 1000, Prior(prongs=(2,)), rng)
    pt, *direction = np.moveaxis(draft.particles.reshape(1000, 2, 8, 4)[..., :3], -1, 0)
    radius = np.hypot(*(x - x.mean(axis=2, keepdims=True) for x in direction)).mean(axis=2)
    power = np.log(radius / 0.01) / -np.log(pt.sum(axis=2) / 600)
    # float32 knows angles of 0.01 to 1e-5 or so, and the log of a share can be as small as 0.05
    np.testing.assert_allclose(power[:, 0], power[:, 1], atol=5e-3)
    assert stats.kstest(power[:, 0], stats.uniform.cdf).pvalue > LEAST_P


def test_fragmentation_inside_of_subjets_is_a_power_of_pt(toys, rng):
    draft = fragmented(toys, 3000, Prior(), rng)
    whole = draft.n_prongs == 1
    before, after = toys.particles[draft.jet[whole], :, 0], draft.particles[whole, :, 0]
    power = np.log(after[:, 0] / after[:, 5]) / np.log(before[:, 0] / before[:, 5])
    np.testing.assert_allclose(after.sum(axis=1), before.sum(axis=1), rtol=1e-9)
    np.testing.assert_allclose(np.log(after[:, 0] / after[:, 9]), power * np.log(before[:, 0] / before[:, 9]))
    assert stats.kstest(np.log(power), stats.uniform(np.log(0.4), np.log(5)).cdf).pvalue > LEAST_P


def test_fragmentation_changes_momenta_inside_of_subjets_or_their_own_and_no_direction(toys, rng):
    draft = fragmented(toys, 500, Prior(), rng)
    before, after = toys.particles[draft.jet], draft.particles
    np.testing.assert_array_equal(before[..., 1:], after[..., 1:])
    owner = toys.subjets.owner[draft.jet, draft.n_prongs - 1]
    kept, scaled = (np.ones(500, bool) for _ in range(2))
    for axis in range(4):
        old, new = ((x[..., 0] * (owner == axis)) for x in (before, after))
        kept &= np.isclose(old.sum(axis=1), new.sum(axis=1))
        ratio = np.divide(new, old, out=np.full_like(old, np.nan), where=old > 0)
        scaled &= (
            np.nan_to_num(np.nanmax(ratio, axis=1, initial=0) - np.nanmin(ratio, axis=1, initial=9)) < 1e-9
        )
    assert (kept ^ scaled).all()
    assert stats.binomtest(int(kept.sum()), 500).pvalue > LEAST_P


def test_no_family_favors_a_side(toys, rng):
    for family in (matched, cores, splittings):
        draft = family(toys, 500, Prior(), rng)
        eta = (draft.particles[..., 0] * draft.particles[..., 1] ** 3).sum(axis=1)
        assert stats.kstest(eta, -eta).pvalue > LEAST_P


def n_subjettiness(jets, n_subjets):
    """By FastJet, with exclusive kT subjets as axes."""
    present = jets[..., 0] > 0
    definition = fastjet.JetDefinition(fastjet.kt_algorithm, 1000.0)
    taus = clustered(jets[present].astype(np.float64), present.sum(axis=1), definition).njettiness(
        measure_definition="NormalizedMeasure", axes_definition="KT_Axes", njets=n_subjets, beta=1.0, R0=0.8
    )
    return ak.to_numpy(taus)


@pytest.mark.parametrize("n_prongs", [2, 3, 4])
def test_prongs_can_be_counted_in_the_jet(n_prongs, toys, rng):
    draft = resolved(toys, 300, Prior(prongs=(n_prongs,), mass=(150, 250)), rng)
    taus = [
        n_subjettiness(jets, [n_prongs - 1, n_prongs]) for jets in (assembled(draft, toys), toy_jets(300))
    ]
    found, background = (np.median(tau[:, 1] / tau[:, 0]) for tau in taus)
    assert found < 0.75 * background


def test_a_prong_without_momentum_to_speak_of_is_a_core_that_stays_finite(rng):
    """Of a share of 1e-6 the core is that much narrower, so that what lies beyond would be at an angle of 1e5."""
    pool = pool_of(toy_jets(50))
    partons = np.tile([[600.0, 0.0, 0.0], [6e-4, 0.1, 0.1]], (64, 1, 1))
    decays = Configurations(partons, np.zeros(64, int))
    with np.errstate(all="raise"):
        assert np.isfinite(assembled(dressed_in_cores(decays, pool, rng), pool)).all()
