"""Observables of jets whose answer is known; symmetries; what is refused."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offshell.errors import InputError
from offshell.inputs import substructure
from offshell.inputs.subjets import clustered, n_subjettiness, splitting_scales


def massless(pt, eta, phi, *, n_padding=3):
    """Jets (n, particles, 4) in float32 from float64 coordinates."""
    pt, eta, phi = np.broadcast_arrays(
        *(np.atleast_2d(np.asarray(x, dtype=np.float64)) for x in (pt, eta, phi))
    )
    components = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
    return np.pad(np.stack(components, axis=-1).astype(np.float32), ((0, 0), (0, n_padding), (0, 0)))


def toy_jets(n_jets, *, seed=0, n_particles=20):
    rng = np.random.default_rng(seed)
    pt = -np.sort(-rng.exponential(30, (n_jets, n_particles)))
    return massless(pt, rng.normal(0.5, 0.2, pt.shape), rng.normal(2, 0.2, pt.shape))


def observed(jets):
    return dict(zip(substructure.OBSERVABLES, substructure.observables(jets).T, strict=True))


def test_mass_of_two_massless_constituents():
    # m^2 = 2 pt1 pt2 (cosh d_eta - cos d_phi)
    expected = np.sqrt(2 * 300 * 200 * (np.cosh(0.3) - np.cos(0.4)))
    np.testing.assert_allclose(
        substructure.mass(massless([300, 200], [0.2, -0.1], [1.0, 1.4])), expected, rtol=1e-5
    )


def test_mass_is_summed_in_double_precision():
    jets = massless(np.linspace(20, 1, 200), 2 + np.linspace(-0.02, 0.02, 200), 0)
    energy, px, py, pz = np.sum(jets[0].tolist(), axis=0)
    np.testing.assert_allclose(substructure.mass(jets), np.sqrt(energy**2 - px**2 - py**2 - pz**2), rtol=1e-9)


def test_mass_of_collinear_constituents_is_no_nan():
    assert substructure.mass(massless(np.full(9, 77.7), 1.234, 0.567))[0] < 1


def test_pt_is_that_of_the_vector_sum():
    np.testing.assert_allclose(substructure.pt(massless([30, 40], 0.5, [1.0, 1 + np.pi / 2])), 50, rtol=1e-6)


def test_n_constituents_leaves_padding_out():
    jets = np.concatenate([massless([3, 2, 1], [0, 1, 2], 0, n_padding=1), massless([3], 0, 0)])
    np.testing.assert_array_equal(substructure.n_constituents(jets), [3, 1])


def test_width_of_two_equal_constituents_is_their_distance_from_the_axis():
    np.testing.assert_allclose(observed(massless([100, 100], 0, [1.2, 0.8]))["width"], 0.2, rtol=1e-5)


@pytest.mark.parametrize("angle", [0, 0.4, 1.2])
def test_eccentricity_of_a_line_is_one(angle):
    along = np.array([0.3, -0.1, -0.4])
    jets = massless([30, 20, 10], along * np.sin(angle), along * np.cos(angle))
    np.testing.assert_allclose(observed(jets)["eccentricity"], 1, atol=1e-5)


def test_eccentricity_of_a_ring_is_zero():
    angle = np.arange(12) * np.pi / 6
    np.testing.assert_allclose(
        observed(massless(10, 0.3 * np.cos(angle), 0.3 * np.sin(angle)))["eccentricity"], 0, atol=1e-5
    )


def test_eccentricity_of_an_ellipse_is_that_of_its_squared_axes():
    angle = np.arange(12) * np.pi / 6
    jets = massless(10, 0.1 * np.cos(angle), 0.2 * np.sin(angle))
    np.testing.assert_allclose(observed(jets)["eccentricity"], 1 - 0.1**2 / 0.2**2, rtol=1e-5)


@pytest.mark.parametrize("n_particles", [1, 4, 9])
def test_equal_constituents_share_the_pt(n_particles):
    jets = massless(10, np.linspace(0, 0.5, n_particles), 0)
    np.testing.assert_allclose(observed(jets)["pt_dispersion"], 1 / np.sqrt(n_particles), rtol=1e-5)
    np.testing.assert_allclose(observed(jets)["leading_3"], min(3 / n_particles, 1), rtol=1e-5)


@pytest.mark.parametrize("n_prongs", [1, 2, 3])
def test_as_many_subjets_as_constituents_leave_no_n_subjettiness(n_prongs):
    jets = massless([300, 200, 100][:n_prongs], [0, 0.3, -0.2][:n_prongs], [0, 0.2, 0.4][:n_prongs])
    tau = n_subjettiness(clustered(jets), n_subjets=[1, 2, 3, 4])[0]
    np.testing.assert_allclose(tau[n_prongs - 1 :], 0, atol=1e-6)
    assert (tau[: n_prongs - 1] > 0.01).all()


@pytest.mark.parametrize("pt", [1000, 1])
def test_tau1_of_two_constituents_however_soft(pt):
    # Both distances from the pt-weighted axis in phi, over R0 = 0.8; the axis of massless momenta is close to it.
    tau1 = observed(massless([0.3 * pt, 0.1 * pt], 0, [0.01, -0.03]))["tau1"]
    np.testing.assert_allclose(tau1, (0.3 * 0.01 + 0.1 * 0.03) / 0.4 / 0.8, rtol=1e-3)


def test_splitting_scales_of_three_constituents():
    # The soft pair merges first at 50 * 0.1; then with the hard one at the distance of its pt-weighted phi. Vector
    # sums are a little shorter than sums of pt.
    jets = massless([300, 100, 50], 0, [0.6, 0.1, 0.0])
    scales = splitting_scales(clustered(jets), n_subjets=[1, 2, 3])
    np.testing.assert_allclose(scales, [[150 * (0.6 - 0.1 * 100 / 150), 50 * 0.1, 0]], rtol=2e-3, atol=1e-9)


def test_tau32_is_the_ratio():
    seen = observed(toy_jets(5))
    np.testing.assert_allclose(seen["tau32"], seen["tau3"] / seen["tau2"], rtol=1e-5)


def test_observables_are_finite_float32_columns():
    jets = toy_jets(7)
    jets[1, 1:] = 0
    jets[2, 2:] = 0
    jets[3] = 0
    values = substructure.observables(jets)
    assert values.shape == (7, len(substructure.OBSERVABLES))
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    assert not values[3].any()


def test_observables_repeat_mass_and_number():
    seen, jets = observed(toy_jets(5)), toy_jets(5)
    np.testing.assert_allclose(seen["mass"], substructure.mass(jets), rtol=1e-6)
    np.testing.assert_array_equal(seen["n_constituents"], substructure.n_constituents(jets))


def test_blocks_do_not_show(monkeypatch):
    whole = substructure.observables(toy_jets(11))
    monkeypatch.setattr(substructure, "_JETS_PER_BLOCK", 4)
    np.testing.assert_allclose(substructure.observables(toy_jets(11)), whole, rtol=1e-5)


@settings(max_examples=settings.default.max_examples // 5)
@given(turn=st.floats(-3, 3), boost=st.floats(-1, 1))
def test_shapes_do_not_change_when_the_event_is_turned_and_boosted(turn, boost):
    rng = np.random.default_rng(3)
    pt, eta, phi = -np.sort(-rng.exponential(30, (2, 15))), *rng.normal(0, 0.2, (2, 2, 15))
    before, after = observed(massless(pt, eta, phi)), observed(massless(pt, eta + boost, phi + turn))
    for name in substructure.OBSERVABLES:
        # The jet axis in pseudorapidity moves a little under a boost, because a jet has a mass.
        tolerance = 0.05 if name == "width" or name.startswith("tau") else 1e-3
        np.testing.assert_allclose(after[name], before[name], rtol=tolerance)


def test_fastjet_keeps_stdout_clean():
    # FastJet prints its banner once a process, hence a new one.
    program = (
        "import numpy as np; from offshell.inputs.subjets import clustered; clustered(np.ones((1, 2, 4)))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (printed.stdout, printed.stderr) == (b"", b"")


FUNCTIONS = [substructure.observables, substructure.mass, substructure.pt, substructure.n_constituents]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "jets", [np.zeros((0, 5, 4)), np.zeros((5, 4)), np.zeros((2, 5, 3)), np.array(["a"])]
)
def test_what_has_not_the_shape_of_jets_is_refused(function, jets):
    with pytest.raises(InputError, match=r"^jets: not an array of jets. Expected: .* Received: "):
        function(jets)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_a_number_is_refused(function, value):
    jets = toy_jets(2)
    jets[1, 3, 0] = value
    with pytest.raises(InputError, match="not a number"):
        function(jets)
