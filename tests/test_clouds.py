"""Clouds by hand, there and back, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from offshell.errors import InputError
from offshell.inputs import clouds

EPS = np.finfo(np.float32).eps
LAYOUTS = {
    "relative": clouds.relative,
    "relative-pt": lambda jets, **options: clouds.relative(jets, jet_pt=True, **options),
    "four-vectors": clouds.four_vectors,
}


def jets_of(*particles):
    """One jet of massless particles, given as pt, eta, phi."""
    pt, eta, phi = np.array(particles, dtype=np.float64).T
    four = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
    return np.stack(four, axis=-1)[np.newaxis].astype(np.float32)


# Eight particles somewhere within a jet; float32 as in files.
directions = arrays.arrays(np.float32, (8, 2), elements=st.floats(-0.5, 0.5, width=32))
# Different by more than rounding, so that there is one order of falling pt.
momenta = st.lists(st.integers(1, 100), min_size=8, max_size=8, unique=True)
axes = st.tuples(st.floats(-2, 2), st.floats(-3, 3))


@st.composite
def random_jets(draw):
    eta, phi = draw(axes)
    around, pt = draw(directions), draw(momenta)
    return jets_of(*zip(pt, around[:, 0] + eta, around[:, 1] + phi, strict=True))


# By hand


def test_two_equal_particles_lie_opposite_to_each_other_and_share_the_pt():
    cloud = clouds.relative(jets_of((100, 1.1, 0.2), (100, 0.9, -0.2)), n_particles=3)
    pt_rel = 1 / (2 * np.cos(0.2))
    eta_jet = np.arcsinh((np.sinh(1.1) + np.sinh(0.9)) * pt_rel)
    expected = [[1.1 - eta_jet, 0.2, pt_rel, 1], [0.9 - eta_jet, -0.2, pt_rel, 1], [0, 0, 0, 0]]
    np.testing.assert_allclose(cloud, [expected], atol=2e-7)


def test_phi_has_no_seam_at_pi():
    cloud = clouds.relative(jets_of((50, 0, 3.1), (50, 0, -3.1)))
    np.testing.assert_allclose(cloud[0, :2, 1], [3.1 - np.pi, np.pi - 3.1], atol=1e-6)


def test_the_jet_is_the_sum_of_all_particles_not_only_of_those_kept():
    cloud = clouds.relative(jets_of((60, 0, 0), (30, 0, 0), (10, 0, 0)), n_particles=2, jet_pt=True)
    np.testing.assert_allclose(cloud, [[[0, 0, 0.6, 100, 1], [0, 0, 0.3, 100, 1]]], rtol=1e-6)


def test_the_leading_particles_are_kept_whatever_their_order():
    jets = jets_of((10, 0.1, 0), (0, 0, 0), (60, 0.2, 0), (30, 0.3, 0))
    np.testing.assert_allclose(clouds.relative(jets, n_particles=2)[0, :, 2], [0.6, 0.3], rtol=1e-6)


def test_four_vectors_are_massless_and_seen_from_the_jet_axis():
    (first, second, padding) = clouds.four_vectors(jets_of((100, 2, 1), (100, 2, 1)), n_particles=3)[0]
    np.testing.assert_allclose(first, [0.5, 0.5, 0, 0, 1], atol=1e-6)
    np.testing.assert_array_equal(first, second)
    assert not padding.any()


def test_a_particle_along_the_beam_is_padding():
    jets = jets_of((100, 0, 0), (0, 0, 0))
    jets[0, 1] = [5, 0, 0, 5]
    assert clouds.relative(jets, n_particles=2)[0, :, -1].tolist() == [1, 0]


def test_particles_along_an_axis_have_its_momentum():
    cloud = np.array([[[0, np.pi / 2, 1, 1], [1.5, 0, 2, 1], [0, 0, 0, 0]]])
    expected = [[[0, 1, 0], [2, 0, 2 * np.sinh(1.5)], [0, 0, 0]]]
    np.testing.assert_allclose(clouds.momenta(cloud), expected, atol=1e-15)
    np.testing.assert_array_equal(clouds.momenta(np.array(expected)), expected)


# There and back


def axis_of(jets):
    """Eta and phi of the sum of all particles."""
    _, px, py, pz = jets.sum(axis=1, dtype=np.float64).T
    return {"eta": np.arcsinh(pz / np.hypot(px, py)), "phi": np.arctan2(py, px)}


@given(random_jets())
def test_jets_come_back_from_their_clouds(jets):
    cloud = clouds.relative(jets, n_particles=9, jet_pt=True)
    order = np.argsort(-np.hypot(jets[0, :, 1], jets[0, :, 2]), kind="stable")
    back = clouds.to_jets(cloud, **axis_of(jets))
    # Directions of up to 4 are known to 4 eps, and so is each component as a part of the energy.
    energies = jets[:, order, :1]
    np.testing.assert_allclose(back[:, :8] / energies, jets[:, order] / energies, atol=8 * EPS)
    assert not back[:, 8:].any()


@given(random_jets(), st.floats(50, 5000), st.floats(-10, 10))
def test_clouds_come_back_from_jets_of_any_pt_and_phi(jets, pt, phi):
    cloud = clouds.relative(jets)
    again = clouds.relative(clouds.to_jets(cloud, pt=pt, eta=axis_of(jets)["eta"], phi=phi))
    # The phi of a particle, of up to 14, is rounded once more.
    np.testing.assert_allclose(again, cloud, atol=14 * EPS)


def test_the_pseudorapidity_of_a_light_jet_moves_with_it():
    # With a mass it does so only nearly: by 0.5 (m / pt)^2 between the middle and far forward.
    cloud = clouds.relative(jets_of((100, 0.1, 0.1), (80, 0, 0)))
    np.testing.assert_allclose(clouds.relative(clouds.to_jets(cloud, pt=1.0, eta=3.0)), cloud, atol=0.003)


@given(random_jets(), st.floats(0, 6))
def test_clouds_do_not_change_when_the_jet_is_turned_about_the_beam(jets, angle):
    turned = jets.copy()
    cosine, sine = np.cos(angle), np.sin(angle)
    turned[..., 1] = cosine * jets[..., 1] - sine * jets[..., 2]
    turned[..., 2] = sine * jets[..., 1] + cosine * jets[..., 2]
    # Directions of up to 4 are known to 4 eps in both; momenta are parts of the pt of the jet.
    np.testing.assert_allclose(
        clouds.momenta(clouds.relative(turned)).sum(axis=1),
        clouds.momenta(clouds.relative(jets)).sum(axis=1),
        atol=8 * EPS,
    )


@given(random_jets())
def test_both_layouts_have_the_same_momenta(jets):
    # Directions of up to 4 are known to 4 eps, once in each layout.
    np.testing.assert_allclose(
        clouds.momenta(clouds.relative(jets)), clouds.momenta(clouds.four_vectors(jets)), atol=8 * EPS
    )


@pytest.mark.parametrize(("layout", "columns"), [("relative", 4), ("relative-pt", 5), ("four-vectors", 5)])
def test_every_layout_has_its_columns_and_zeros_for_padding(layout, columns):
    jets = np.pad(jets_of((60, 0, 0), (30, 0.1, 0.1)), ((0, 0), (0, 198), (0, 0)))
    cloud = LAYOUTS[layout](jets)
    assert (cloud.shape, cloud.dtype) == ((1, 30, columns), np.float32)
    assert cloud[0, :2].any(axis=1).all()
    assert not cloud[0, 2:].any()
    assert clouds.checked(cloud, layout=layout) is cloud


def test_every_jet_may_have_its_own_pt_and_axis():
    cloud = np.tile(np.array([[[0, 0, 1, 1]]], np.float32), (2, 1, 1))
    jets = clouds.to_jets(cloud, pt=[100, 200], eta=[0, 1], phi=[np.pi / 2, 0])
    expected = [[[100, 0, 100, 0]], [[200 * np.cosh(1), 200, 0, 200 * np.sinh(1)]]]
    np.testing.assert_allclose(jets, expected, atol=1e-4)


# What is refused


def refusal(function, *arguments, **options):
    with pytest.raises(InputError) as error:
        function(*arguments, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_jets_that_are_none_are_refused(layout):
    make, jets = LAYOUTS[layout], jets_of((60, 0, 0), (30, 0, 0))
    broken = {name: jets.copy() for name in ("nan", "negative", "beam")}
    broken["nan"][0, 1, 2] = np.nan
    broken["negative"][0, 0, 0] = -1
    broken["beam"][0] = [5, 0, 0, 5]
    assert "(n, particles, 4)" in refusal(make, jets[0])
    assert "not a number" in refusal(make, broken["nan"])
    assert "negative energy" in refusal(make, broken["negative"])
    assert "perhaps MeV" in refusal(make, 1000 * jets)
    assert "1 jets without pt" in refusal(make, broken["beam"])
    assert "Received: n_particles=0" in refusal(make, jets, n_particles=0)


def test_clouds_that_are_none_are_refused():
    cloud = clouds.relative(jets_of((60, 0, 0), (30, 0.1, 0)))
    broken = {name: cloud.copy() for name in ("nan", "negative", "mask", "forward")}
    broken["nan"][0, 1, 2] = np.inf
    broken["negative"][0, 1, 2] = -0.1
    broken["mask"][0, 1, 3] = 0.5
    broken["forward"][0, 1, 0] = 100
    said = {name: refusal(clouds.to_jets, wrong, pt=1.0) for name, wrong in broken.items()}
    assert "1 clouds with NaN or inf" in said["nan"]
    assert "Received: pt_rel=-0.1" in said["negative"]
    assert "0 or 1 in the last column. Received: 0.5" in said["mask"]
    assert "|eta| below 80. Received: |eta|=100" in said["forward"]
    for wrong in (cloud[0], cloud[:0], cloud[..., :3], cloud.astype(np.int64)):
        assert f"{wrong.dtype} of shape {wrong.shape}" in refusal(clouds.to_jets, wrong, pt=1.0)


def test_momenta_of_what_is_no_cloud_are_refused():
    cloud = clouds.relative(jets_of((60, 0, 0), (30, 0.1, 0)))
    for wrong in (cloud[0], cloud[:0], cloud[..., :2]):
        assert f"Received: shape {wrong.shape}" in refusal(clouds.momenta, wrong)
    cloud[0, 1, 2] = np.nan
    assert "1 clouds with NaN or inf" in refusal(clouds.momenta, cloud)


def test_what_a_jet_needs_besides_its_cloud_is_refused_when_missing_or_wrong():
    cloud = clouds.relative(jets_of((60, 0, 0), (30, 0.1, 0)))
    assert "The pt of the jets is missing" in refusal(clouds.to_jets, cloud)
    assert "(1,) of them. Received: shape (3,)" in refusal(clouds.to_jets, cloud, pt=np.ones(3))
    assert "Wrong eta of jets" in refusal(clouds.to_jets, cloud, pt=1.0, eta=np.nan)
