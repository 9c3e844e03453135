"""Metrics of generation: closed forms, what must hold, and the numbers of jetnet on the same clouds."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_clouds import toy_clouds

from offshell.errors import InputError
from offshell.evaluate.generation import comparison, coverage, energy_flow
from offshell.evaluate.generation.cloud_features import cloud_features
from offshell.evaluate.generation.frechet import frechet_distance, frechet_physics_distance, normalized
from offshell.evaluate.generation.kernel_distance import kernel_physics_distance, squared_discrepancy
from offshell.evaluate.generation.wasserstein import wasserstein

EPS = np.finfo(float).eps
JETNET = json.loads((Path(__file__).parent / "data" / "jetnet_metrics.json").read_text())
FIRST, SECOND = toy_clouds(400, seed=1), toy_clouds(400, seed=2, width=0.18)


def rng(seed=0):
    return np.random.default_rng(seed)


def as_features(values):
    """Numbers of jets, one feature, as `wasserstein` takes them."""
    return np.reshape(values, (len(values), -1, 1)).astype(float)


def particles(clouds):
    return np.stack([cloud_features(clouds)[name] for name in ("eta_rel", "phi_rel", "pt_rel")], axis=-1)


def masses(clouds):
    return as_features(cloud_features(clouds)["mass"])


@settings(max_examples=settings.default.max_examples // 5)
@given(st.floats(-3, 3), st.integers(2, 30))
def test_a_shift_is_as_far_as_it_shifts(shift, n):
    values = np.linspace(-1, 1, n)
    distance, resampled = wasserstein(as_features(values), as_features(values + shift), rng=rng())
    assert distance == pytest.approx(abs(shift), abs=8 * EPS)  # of numbers up to 4
    assert resampled.shape == (20, 1)


def test_the_distance_of_gaussians_of_two_widths():
    # W1 = |s - t| E|z| = |s - t| sqrt(2 / pi) for equal means.
    first, second = rng().normal(0, 1, 20_000), rng(1).normal(0, 1.5, 20_000)
    distance, _ = wasserstein(as_features(first), as_features(second), rng=rng())
    assert distance == pytest.approx(0.5 * np.sqrt(2 / np.pi), rel=0.04)  # known to 2 %


def test_the_error_is_that_of_the_mean_where_the_distance_is_a_shift():
    shifted = wasserstein(
        as_features(rng().normal(size=2000)), as_features(rng(1).normal(9, 1, 2000)), rng=rng()
    )
    assert shifted[1].std(ddof=1) == pytest.approx(np.sqrt(2 / 2000), rel=0.4)  # of 20: 16 % known


def test_whole_jets_are_drawn_because_their_particles_go_together():
    # 30 copies of one number know no more than one.
    first, second = (np.repeat(rng(i).normal(9 * i, 1, 500), 30).reshape(500, 30) for i in range(2))
    together = wasserstein(as_features(first), as_features(second), rng=rng())[1].std(ddof=1)
    alone = wasserstein(as_features(first[:, :1]), as_features(second[:, :1]), rng=rng())[1].std(ddof=1)
    assert together == pytest.approx(alone)


def test_particles_that_a_jet_does_not_have_do_not_count():
    first, second = np.array([[1.0, np.nan], [2.0, 3.0]]), np.array([[1.0, 2.0], [np.nan, 3.0]])
    assert wasserstein(as_features(first), as_features(second), rng=rng())[0] == pytest.approx(0)


def test_the_features_of_two_particles():
    # Back to back in phi at 0.3: m^2 = 2 pt^2 (1 - cos 0.6), here in units of the pt of both.
    cloud = np.array([[[0, 0.3, 0.5, 1], [0, -0.3, 0.5, 1], [0, 0, 0, 0]]])
    features = cloud_features(cloud)
    assert features["mass"].item() == pytest.approx(0.5 * np.sqrt(2 * (1 - np.cos(0.6))), rel=1e-6)
    assert features["n_particles"].item() == 2
    np.testing.assert_array_equal(features["phi_rel"], [[0.3, -0.3, np.nan]])


def test_a_column_of_jet_pt_changes_nothing():
    with_pt = np.insert(FIRST, 3, 500 * FIRST[..., 3], axis=-1)
    for name, values in cloud_features(FIRST).items():
        np.testing.assert_array_equal(cloud_features(with_pt)[name], values)


def test_polynomials_of_two_particles():
    # sum_ij z_i z_j theta_ij^k = 2 z_1 z_2 theta^k
    cloud = np.array([[[0.3, 0, 0.75, 1], [-0.1, 0.3, 0.25, 1], [0, 0, 0, 0]]])
    found = energy_flow.polynomials(cloud)[0]
    assert found.shape == (36,)
    np.testing.assert_allclose(found[:5], [1, *(2 * 0.75 * 0.25 * 0.5**k for k in (1, 2, 3, 4))])
    assert energy_flow.prime_of_four().sum() == 5


@settings(max_examples=settings.default.max_examples // 5)
@given(st.integers(1, 6), st.floats(-2, 2), st.floats(0.1, 3))
def test_the_distance_of_shifted_and_scaled_gaussians(n_features, shift, scale):
    # |d|^2 + tr(C + s^2 C - 2 s C) for x -> s (x - mean) + mean + d
    sample = rng(n_features).normal(size=(50, n_features)) * np.arange(1, n_features + 1)
    mean = sample.mean(axis=0)
    expected = n_features * shift**2 + (1 - scale) ** 2 * np.trace(
        np.atleast_2d(np.cov(sample, rowvar=False))
    )
    moved = scale * (sample - mean) + mean + shift
    # Traces of both are subtracted, and the root of a product of matrices is known to the root of their rounding at worst.
    tolerance = EPS * 100 * (1 + scale**2) * np.square(sample).sum()
    assert frechet_distance(sample, moved) == pytest.approx(expected, abs=tolerance)
    assert frechet_distance(moved, sample) == pytest.approx(expected, abs=tolerance)


def test_gaussians_along_different_axes():
    # diag(1, 4) and diag(4, 1): tr(5) - 2 (2 + 2) more than once: 10 - 8 = 2
    sample = rng().normal(size=(100_000, 2)) * [1, 2]
    assert frechet_distance(sample, sample[:, ::-1]) == pytest.approx(2, rel=0.02)


def test_the_extrapolation_takes_the_size_of_the_sample_away():
    samples = [rng(i).normal(size=(500, 10)) / 5 for i in range(2)]
    plain = frechet_distance(*normalized(*samples))
    distance, error = frechet_physics_distance(*samples, rng=rng())
    assert 0 <= distance < plain + error
    batches = [
        frechet_distance(*(s[rng(i).choice(500, 500)] for s in normalized(*samples))) for i in range(10)
    ]
    assert distance < 0.7 * np.mean(batches)
    assert error == pytest.approx(np.std(batches), rel=1)


def test_the_discrepancy_of_two_points_and_its_bias():
    # k(0, y) = 1 and k(y, y) = (1 + |y|^2 / d)^4: for one value each, 1 + 16 - 2
    first, second = np.zeros((3, 1)), np.ones((4, 1))
    assert squared_discrepancy(first, second) == pytest.approx(15)
    one = rng()
    same = [squared_discrepancy(one.normal(size=(20, 2)), one.normal(size=(20, 2))) for _ in range(2000)]
    assert abs(np.mean(same)) < 4 * np.std(same) / np.sqrt(2000)


def test_kernel_distance_of_equal_and_of_shifted_samples():
    first, second = (rng(i).normal(size=(400, 3)) / 4 for i in range(2))
    value, error = kernel_physics_distance(first, second, rng=rng())
    assert abs(value) < 3 * error
    value, error = kernel_physics_distance(first, second + 0.25, rng=rng())
    assert value > 5 * error


def test_coverage_of_distances_in_a_line():
    # Generated at 0, 1.1 and 5, real at 0, 2, 3, 4: the nearest real ones are those at 0, 2 and 4.
    distances = np.abs(np.array([0, 1.1, 5])[:, np.newaxis] - np.array([0, 2, 3, 4]))
    assert coverage.coverage(distances) == 3 / 4
    assert coverage.matching_distance(distances) == pytest.approx((0 + 0.9 + 1.9 + 1) / 4)


def test_a_mode_that_was_dropped_is_not_covered():
    narrow, wide = ({"width": width, "particles": 5} for width in (0.02, 0.6))
    real = np.concatenate([toy_clouds(20, seed=1, **narrow), toy_clouds(20, seed=2, **wide)])
    both = np.concatenate([toy_clouds(20, seed=3, **narrow), toy_clouds(20, seed=4, **wide)])
    whole, one = (coverage.distances_between(made, real) for made in (both, toy_clouds(40, seed=5, **narrow)))
    assert coverage.coverage(one) < 0.7 * coverage.coverage(whole)
    assert coverage.matching_distance(one) > 1.2 * coverage.matching_distance(whole)


def test_clouds_are_those_that_jetnet_saw():
    assert [FIRST.sum(), SECOND.sum()] == pytest.approx(JETNET["sum_of_clouds"], rel=1e-12)


def test_features_of_jets_as_jetnet():
    assert cloud_features(FIRST)["mass"][:5, 0] == pytest.approx(JETNET["mass"], rel=1e-5)
    np.testing.assert_allclose(energy_flow.polynomials(FIRST[:3]), JETNET["polynomials"], rtol=1e-10)


def test_wasserstein_distances_as_jetnet():
    assert wasserstein(masses(FIRST), masses(SECOND), rng=rng())[0] == pytest.approx(JETNET["w1m"], rel=1e-5)
    assert wasserstein(particles(FIRST), particles(SECOND), rng=rng())[0] == pytest.approx(JETNET["w1p"])
    prime = [energy_flow.polynomials(x)[:, np.newaxis, energy_flow.prime_of_four()] for x in (FIRST, SECOND)]
    assert wasserstein(*prime, rng=rng())[0] == pytest.approx(JETNET["w1efp"])


def test_physics_distances_as_jetnet():
    found = [energy_flow.polynomials(clouds) for clouds in (FIRST, SECOND)]
    scaled = normalized(*found)
    assert frechet_distance(*scaled) == pytest.approx(JETNET["frechet_distance"], rel=1e-6)
    assert squared_discrepancy(*scaled) == pytest.approx(JETNET["squared_discrepancy"], rel=1e-9)
    # The same batches as jetnet's, from the same seed.
    assert frechet_physics_distance(*found, rng=rng(42))[0] == pytest.approx(JETNET["fpd"], rel=1e-4)
    value, error = kernel_physics_distance(*found, rng=rng(42))
    assert value == pytest.approx(JETNET["kpd"][0], abs=3 * max(error, JETNET["kpd"][1]))


def test_coverage_and_matching_as_jetnet():
    distances = coverage.distances_between(SECOND[:40], FIRST[:40])
    assert coverage.coverage(distances) == JETNET["coverage_of_40"]
    assert coverage.matching_distance(distances) == pytest.approx(JETNET["mmd_of_40"], rel=1e-5)


@pytest.fixture(scope="module")
def small_batches():
    """Batches of 10 jets, for speed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage, "_JETS_PER_BATCH", 10)
        yield


@pytest.fixture(scope="module")
def same(small_batches):  # noqa: ARG001 - only has to be there
    return comparison.compare_generated(FIRST, toy_clouds(200, seed=3), seed=1)


def test_jets_of_the_same_kind_are_at_the_floor(same):
    for name, found in same.items():
        apart = abs(found["value"] - found["floor"])
        assert apart < 4 * np.hypot(found["error"], found["floor_error"]), name


@pytest.mark.usefixtures("small_batches")
def test_other_jets_are_above_the_floor():
    other = comparison.compare_generated(FIRST, toy_clouds(200, seed=3, width=0.3), seed=1)
    for name in set(comparison.METRICS) - {"coverage", "w1_pt_rel"}:
        assert other[name]["value"] > other[name]["floor"] + 3 * other[name]["floor_error"], name


@pytest.mark.usefixtures("small_batches")
def test_the_same_seed_gives_the_same_numbers():
    first, again, other = (
        comparison.compare_generated(FIRST[:40], SECOND[:20], seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert all(first[name] != other[name] for name in comparison.METRICS)


def test_the_numbers_go_into_json(same):
    assert json.loads(json.dumps(same)) == same
    assert tuple(same) == comparison.METRICS


@pytest.mark.parametrize(
    ("real", "generated", "message"),
    [
        (FIRST[:39], FIRST, "Too few real jets. Expected: at least 40. Received: 39"),
        (FIRST, FIRST[:19], "Too few generated jets. Expected: at least 20. Received: 19"),
        (FIRST, FIRST * [1, 1, -1, 1], "negative pt_rel"),
        (FIRST, np.where(FIRST == 1, np.nan, FIRST), "NaN"),
        (
            FIRST,
            FIRST * [1, 1, 0, 1],
            "Empty generated jets. Expected: a particle with pt in each. Received: 400",
        ),
        (FIRST[..., :3], FIRST, "shape"),
    ],
)
def test_what_cannot_be_compared_is_refused(real, generated, message):
    with pytest.raises(InputError, match=message):
        comparison.compare_generated(real, generated, seed=1)
