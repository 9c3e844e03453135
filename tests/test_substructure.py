"""Mass, transverse momentum and number of particles of jets; what is refused."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.inputs import substructure


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


FUNCTIONS = [substructure.mass, substructure.pt, substructure.n_constituents]


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
