"""Terms of clouds against closed forms."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from offshell.errors import InputError
from offshell.models import terms
from offshell.models.terms import clouds as cloud_terms

TERMS = (
    cloud_terms.chamfer,
    cloud_terms.mse,
    cloud_terms.sliced,
    cloud_terms.minkowski,
    cloud_terms.pair_mass,
    cloud_terms.jet_mass,
    cloud_terms.jet_pt,
)
COMPILED = {term: jax.jit(term) for term in TERMS}
every_term = pytest.mark.parametrize("term", TERMS, ids=lambda term: term.__name__)


def four_vectors(*momenta):
    """One jet of massless particles; those without momentum are padding."""
    p = np.array(momenta, np.float64)
    energy = np.linalg.norm(p, axis=1, keepdims=True)
    return np.concatenate([energy, p, energy > 0], axis=1)[None]


def relative(rng, n=2, particles=6):
    """Jets in relative coordinates, the last particle of each is padding."""
    x = rng.normal(scale=0.3, size=(n, particles, 4))
    x[..., 2], x[..., 3] = rng.uniform(0.01, 0.5, size=(n, particles)), 1
    x[:, -1] = 0
    return x


def padded(x, more):
    return np.pad(x, [(0, 0), (0, more), (0, 0)])


def value(term, x, x_hat):
    return np.asarray(COMPILED[term](x, x_hat)).tolist()


def test_momenta_of_relative_coordinates_are_those_of_the_vector_library():
    x = relative(np.random.default_rng(1))
    eta, phi, pt = x[..., 0], x[..., 1], x[..., 2]
    expected = np.stack([pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1)
    np.testing.assert_allclose(cloud_terms.momenta(x), expected, rtol=1e-6)


def test_momenta_refuse_clouds_of_another_layout_in_one_line():
    with pytest.raises(InputError, match="Received: 6 columns") as caught:
        cloud_terms.momenta(np.zeros((1, 2, 6)))
    assert "\n" not in str(caught.value)


def test_chamfer_of_two_points_a_known_distance_apart():
    x, x_hat = four_vectors((1, 0, 0), (0, 0, 0)), four_vectors((1, 0.3, 0.4), (0, 0, 0))
    assert value(cloud_terms.chamfer, x, x_hat) == pytest.approx([0.5 + 0.5])


def test_chamfer_counts_a_lost_particle_and_lets_one_without_momentum_be_absent():
    two = four_vectors((1, 0, 0), (0, 0.5, 0))
    one = four_vectors((1, 0, 0), (0, 0, 0))
    none = four_vectors((0, 0, 0), (0, 0, 0))
    # The lost particle is nearest to the one without momentum.
    assert value(cloud_terms.chamfer, two, one) == pytest.approx([0.5])
    # The invented one is nearest to the origin, though the jet has no particle there.
    assert value(cloud_terms.chamfer, one, two) == pytest.approx([0.5])
    assert value(cloud_terms.chamfer, one, none) == pytest.approx([1.0])
    assert value(cloud_terms.chamfer, none, none) == [0.0]


def test_mse_is_the_sum_over_particles_in_their_order():
    first, second = four_vectors((1, 0, 0), (0, 2, 0)), four_vectors((0, 2, 0), (1, 0, 0))
    assert value(cloud_terms.mse, first, second) == pytest.approx([10.0])
    assert value(cloud_terms.mse, first, first) == [0.0]


def test_jet_mass_and_jet_pt_are_those_of_two_massless_particles():
    # Two particles (1, y, 0) and (1, -y, 0) have the mass 2 y and the pT 2.
    x, x_hat = four_vectors((1, 0.1, 0), (1, -0.1, 0)), four_vectors((1.5, 0.3, 0), (1.5, -0.3, 0))
    assert value(cloud_terms.jet_mass, x, x_hat) == pytest.approx([2.0], rel=1e-4)
    assert value(cloud_terms.jet_pt, x, x_hat) == pytest.approx([0.5])


def test_relative_errors_of_a_jet_without_mass_stay_finite():
    x, x_hat = four_vectors((1, 0, 0), (0, 0, 0)), four_vectors((1, 0.1, 0), (1, -0.1, 0))
    assert value(cloud_terms.jet_mass, x, x_hat) == pytest.approx([0.2 / 0.01], rel=1e-4)


def test_sliced_distance_is_scipys_along_each_direction():
    rng = np.random.default_rng(2)
    x, x_hat = relative(rng), relative(rng)
    directions = cloud_terms._half_sphere(16)
    expected = [
        np.mean([6 * wasserstein_distance(p @ u, q @ u) for u in directions])
        for p, q in zip(cloud_terms.momenta(x), cloud_terms.momenta(x_hat), strict=True)
    ]
    assert value(cloud_terms.sliced, x, x_hat) == pytest.approx(expected, rel=1e-4)


def test_directions_are_evenly_spread_so_that_a_shift_counts_about_half():
    directions = cloud_terms._half_sphere(16)
    assert np.linalg.norm(directions, axis=1) == pytest.approx(np.ones(16))
    for shift in np.eye(3):
        assert np.abs(directions @ shift).mean() == pytest.approx(0.5, abs=0.03)


@every_term
def test_a_cloud_is_no_distance_from_itself_and_padding_counts_for_nothing(term):
    rng = np.random.default_rng(3)
    x, x_hat = relative(rng), relative(rng)
    assert value(term, x, x) == [0.0, 0.0]
    assert min(value(term, x, x_hat)) > 0
    assert value(term, padded(x, 4), padded(x_hat, 4)) == pytest.approx(value(term, x, x_hat), rel=1e-5)


@given(st.permutations(range(6)))
def test_terms_that_do_not_pair_particles_are_blind_for_the_order(order):
    rng = np.random.default_rng(4)
    x, x_hat = relative(rng), relative(rng)
    for term in (cloud_terms.chamfer, cloud_terms.sliced, cloud_terms.jet_mass, cloud_terms.jet_pt):
        assert value(term, x, x_hat[:, order]) == pytest.approx(value(term, x, x_hat), rel=1e-4)
        assert value(term, x, x[:, order]) == pytest.approx([0.0, 0.0], abs=2e-6)


@every_term
def test_gradients_are_finite_where_clouds_agree_and_where_there_is_nothing(term):
    x = relative(np.random.default_rng(5))
    gradient = jax.jit(jax.grad(lambda x_hat, x: jnp.sum(term(x, x_hat))))
    for x_hat in (x, np.zeros_like(x)):
        assert np.isfinite(gradient(x_hat, x)).all()


def test_reconstructions_of_clouds_are_compared_by_these_terms():
    x = relative(np.random.default_rng(6))
    found = jax.jit(terms.reconstruction)(x, 0.9 * x)
    assert set(found) == {"chamfer", "mse", "sliced", "minkowski", "pair_mass", "jet_mass", "jet_pt"}
    for term in TERMS:
        assert np.asarray(found[term.__name__]) == pytest.approx(value(term, x, 0.9 * x), rel=1e-4)


def test_pair_mass_sees_the_angle_of_a_particle_and_its_reconstruction_and_not_their_energies():
    x = four_vectors((0.6, 0, 0), (0, 0, 0))
    assert value(cloud_terms.pair_mass, x, four_vectors((0.9, 0, 0), (0, 0, 0))) == pytest.approx([0])
    across = value(cloud_terms.pair_mass, x, four_vectors((0, 0, 0.5), (0, 0, 0)))
    assert across == pytest.approx([np.sqrt(2 * 0.6 * 0.5)])


def test_minkowski_is_the_square_of_the_difference_of_massless_particles():
    rng = np.random.default_rng(6)
    x, x_hat = (four_vectors(*rng.normal(size=(5, 3))) for _ in range(2))
    difference = (x - x_hat)[..., :4]
    squares = np.square(difference[..., 1:]).sum(axis=-1) - difference[..., 0] ** 2
    assert value(cloud_terms.minkowski, x, x_hat) == pytest.approx(squares.sum(axis=1), rel=1e-5)
    assert value(cloud_terms.pair_mass, x, x_hat) == pytest.approx(np.sqrt(squares).sum(axis=1), rel=1e-5)


@pytest.mark.parametrize("angle", [1e-1, 1e-2, 3e-4, 1e-5])
def test_masses_do_not_cancel_at_small_angles(angle):
    # 2 E^2 (1 - cos) = (2 E sin(angle / 2))^2, along an axis where the angle is one component of the momentum
    pair = four_vectors((0.7, 0, 0)), four_vectors((0.7 * np.cos(angle), 0.7 * np.sin(angle), 0))
    mass = 2 * 0.7 * np.sin(angle / 2)
    inputs = [np.asarray(cloud, np.float32) for cloud in pair]
    assert value(cloud_terms.pair_mass, *inputs) == pytest.approx([mass], rel=1e-3)
    assert value(cloud_terms.minkowski, *inputs) == pytest.approx([mass**2], rel=2e-3)
    jet = np.concatenate(inputs, axis=1)
    assert np.asarray(jax.jit(cloud_terms._mass)(jet[..., 1:4])) == pytest.approx([mass], rel=1e-3)


def test_mass_of_a_jet_is_that_of_float64():
    p = np.random.default_rng(8).normal(size=(20, 30, 3)) * [1e-3, 1e-3, 0] + [0.03, 0, 0]
    energy = np.linalg.norm(p, axis=-1).sum(axis=1)
    expected = np.sqrt(energy**2 - np.square(p.sum(axis=1)).sum(axis=1))
    found = np.asarray(jax.jit(cloud_terms._mass)(p.astype(np.float32)))
    np.testing.assert_allclose(found, expected, rtol=1e-4)
