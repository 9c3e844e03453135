"""Images against a pixel by pixel drawing, closed forms and jetnet; symmetries; what is refused."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from offshell.errors import InputError
from offshell.inputs import images

N_PARTICLES = 12


def massless(pt, eta, phi):
    """Jets (n, particles, 4) in float32 from float64 coordinates."""
    pt, eta, phi = (np.asarray(x, dtype=np.float64) for x in (pt, eta, phi))
    return np.stack(
        [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1
    ).astype(np.float32)


def toy_jets(n_jets, *, seed=0, n_particles=N_PARTICLES, n_padding=5):
    rng = np.random.default_rng(seed)
    pt = -np.sort(-rng.exponential(30, (n_jets, n_particles)))
    eta = rng.uniform(-1.5, 1.5, (n_jets, 1)) + rng.normal(0, 0.2, pt.shape)
    phi = rng.uniform(-4, 4, (n_jets, 1)) + rng.normal(0, 0.3, pt.shape)
    return np.pad(massless(pt, eta, phi), ((0, 0), (0, n_padding), (0, 0)))


def image_of(pt, eta, phi, grid):
    """One jet on the grid by NumPy's own histogram."""
    edges = [size * (np.arange(n + 1) - n / 2) for n, size in zip(grid.shape, grid.pixel, strict=True)]
    return np.histogram2d(eta, phi, bins=edges, weights=pt)[0]


def test_relative_directions_of_two_equal_constituents_are_opposite():
    pt, eta, phi = images.relative(massless([[100, 100]], [[0.1, -0.1]], [[np.pi - 0.2, -np.pi + 0.2]]))
    np.testing.assert_allclose(pt, [[100, 100]], rtol=1e-6)
    np.testing.assert_allclose(eta, [[0.1, -0.1]], atol=1e-6)
    np.testing.assert_allclose(phi, [[-0.2, 0.2]], atol=1e-6)


def test_center_moves_the_centroid_to_the_origin():
    pt, eta, phi = np.array([[3.0, 1.0, 0.0]]), np.array([[0.4, 0.8, 99.0]]), np.array([[-1.0, 1.0, 99.0]])
    centered = images.center(pt, eta, phi)
    np.testing.assert_allclose([x[0, :2] for x in centered], [[-0.1, 0.3], [-0.5, 1.5]])


@pytest.mark.parametrize("angle", np.linspace(-3, 3, 7))
def test_rotate_lays_a_line_along_phi(angle):
    along = np.array([[-0.3, -0.1, 0.4]])
    eta, phi = images.rotate(np.array([[5.0, 3.0, 2.0]]), along * np.sin(angle), along * np.cos(angle))
    np.testing.assert_allclose(eta, 0, atol=1e-15)
    np.testing.assert_allclose(np.abs(phi), np.abs(along))


def test_rotate_keeps_a_jet_without_a_longest_axis():
    pt, eta, phi = np.ones((1, 4)), np.array([[0.2, 0.0, -0.2, 0.0]]), np.array([[0.0, 0.2, 0.0, -0.2]])
    np.testing.assert_array_equal(images.rotate(pt, eta, phi), (eta, phi))


def test_flip_brings_the_harder_half_to_the_positive_side():
    pt, eta, phi = np.array([[5.0, 1.0]]), np.array([[-0.1, 0.5]]), np.array([[0.2, -0.4]])
    np.testing.assert_array_equal(images.flip(pt, eta, phi), ([[0.1, -0.5]], [[0.2, -0.4]]))


def test_normalize_gives_fractions_and_leaves_nothing_as_nothing():
    np.testing.assert_array_equal(
        images.normalize(np.array([[3.0, 1.0], [0.0, 0.0]])), [[0.75, 0.25], [0, 0]]
    )


@pytest.mark.parametrize("axis", [0, 1])
def test_a_lower_edge_belongs_to_its_pixel_and_the_upper_edge_of_the_grid_to_none(axis):
    grid = images.Grid(shape=(4, 6), pixel=(0.5, 0.25))
    edges = grid.pixel[axis] * (np.arange(grid.shape[axis] + 1) - grid.shape[axis] / 2)
    places = np.zeros((2, len(edges), 1))
    places[axis, :, 0] = edges
    drawn = images.pixelate(np.ones((len(edges), 1)), *places, grid=grid)[..., 0]
    expected = np.zeros_like(drawn)
    for step in range(grid.shape[axis]):
        expected[step, *((step, 3) if axis == 0 else (2, step))] = 1
    np.testing.assert_array_equal(drawn, expected)
    places[axis, :, 0] -= 1e-9
    below = images.pixelate(np.ones((len(edges), 1)), *places, grid=grid)
    assert below.sum(axis=(1, 2, 3)).tolist() == [0, *[1] * grid.shape[axis]]


def test_pixelate_is_a_histogram():
    rng = np.random.default_rng(1)
    pt, eta, phi = rng.exponential(1, (3, 50)), *rng.normal(0, 0.4, (2, 3, 50))
    expected = [image_of(*jet, images.ALIGNED) for jet in zip(pt, eta, phi, strict=True)]
    drawn = images.pixelate(pt, eta, phi, grid=images.ALIGNED)
    np.testing.assert_allclose(drawn[..., 0], expected, rtol=1e-6)


def test_crop_and_normalize_commute_with_pixelate():
    rng = np.random.default_rng(2)
    pt, eta, phi = rng.exponential(1, (3, 50)), *rng.normal(0, 0.4, (2, 3, 50))
    wide = images.pixelate(pt, eta, phi, grid=images.Grid(shape=(80, 80), pixel=images.ALIGNED.pixel))
    window = wide[:, 20:60, 20:60]
    cropped = images.normalize(images.crop(pt, eta, phi, grid=images.ALIGNED))
    drawn = images.pixelate(cropped, eta, phi, grid=images.ALIGNED)
    np.testing.assert_allclose(drawn, window / window.sum(axis=(1, 2, 3), keepdims=True), rtol=1e-5)


def test_aligned_composes_the_steps():
    jets = toy_jets(4)
    pt, eta, phi = images.relative(jets)
    eta, phi = images.flip(pt, *images.rotate(pt, *images.center(pt, eta, phi)))
    pt = images.normalize(images.crop(pt, eta, phi, grid=images.ALIGNED))
    expected = [image_of(*jet, images.ALIGNED) for jet in zip(pt, eta, phi, strict=True)]
    np.testing.assert_allclose(images.aligned(jets)[..., 0], expected, atol=1e-6)


@pytest.mark.parametrize(("draw", "side"), [(images.aligned, 40), (images.plain, 16)])
def test_images_are_normalized_float32(draw, side):
    drawn = draw(toy_jets(50))
    assert drawn.shape == (50, side, side, 1)
    assert drawn.dtype == np.float32
    assert drawn.min() >= 0
    np.testing.assert_allclose(drawn.sum(axis=(1, 2, 3)), 1, rtol=1e-5)


@pytest.mark.parametrize("draw", [images.aligned, images.plain])
def test_a_jet_is_drawn_alike_alone_and_among_others(draw, monkeypatch):
    monkeypatch.setattr(images, "_JETS_PER_BLOCK", 16)
    monkeypatch.setattr(images, "_JETS_PER_CHUNK", 5)
    jets = toy_jets(37)
    jets[::3, 7:] = 0
    np.testing.assert_allclose(draw(jets), np.concatenate([draw(jet[np.newaxis]) for jet in jets]), atol=1e-6)


# jetnet 0.2.5: to_image(cartesian_to_relEtaPhiPt(toy_jets(2, seed=7)), 16, maxR=0.8), each divided by its sum:
# the five brightest pixels of both jets as row, column, content.
BRIGHTEST = [
    (0, 8, 9, 0.2993813),
    (0, 5, 7, 0.2478426),
    (0, 7, 5, 0.1390963),
    (0, 7, 9, 0.09044838),
    (0, 6, 11, 0.0789709),
    (1, 7, 11, 0.2777038),
    (1, 5, 4, 0.1663967),
    (1, 8, 5, 0.1080523),
    (1, 10, 10, 0.09481772),
    (1, 4, 2, 0.07945804),
]


@pytest.mark.parametrize(("jet", "row", "column", "content"), BRIGHTEST)
def test_plain_has_the_pixels_of_jetnet(jet, row, column, content):
    assert images.plain(toy_jets(2, seed=7))[jet, row, column, 0] == pytest.approx(content, rel=1e-5)


@pytest.mark.parametrize("draw", [images.aligned, images.plain])
def test_a_single_constituent_is_a_single_pixel(draw):
    drawn = draw(toy_jets(20, n_particles=1))
    middle = drawn.shape[1] // 2
    np.testing.assert_allclose(drawn[:, middle, middle, 0], 1, rtol=1e-6)


@pytest.mark.parametrize("angle", np.linspace(-3, 3, 13))
def test_constituents_in_a_line_lie_on_one_row_however_they_are_turned(angle):
    along = np.array([[0.1, -0.3, 0.5]])
    drawn = images.aligned(massless([[300, 150, 30]], along * np.sin(angle) + 0.7, along * np.cos(angle) + 2))
    assert np.flatnonzero(drawn.sum(axis=(2, 3))).tolist() == [20]
    # The centroid is at 0 already: columns 20 + floor(along / 0.035).
    assert np.flatnonzero(drawn.sum(axis=(1, 3))).tolist() == [11, 22, 34]


@pytest.mark.parametrize("draw", [images.aligned, images.plain])
def test_jets_without_constituents_in_the_window_are_dark(draw):
    jets = toy_jets(3)
    jets[1] = 0
    jets[2] = 0
    jets[2, :2] = massless([100, 100], [1.5, -1.5], [0, 0])
    drawn = draw(jets)
    assert drawn[0].sum() == pytest.approx(1, rel=1e-5)
    assert not drawn[1:].any()


def test_constituents_along_the_beam_are_left_out():
    jets = toy_jets(1)
    lost = jets.copy()
    lost[0, -1] = [200, 0, 0, 200]
    assert images.plain(lost).sum() == pytest.approx(1, rel=1e-5)


def test_faint_constituents_make_no_denormal_pixels():
    jets = toy_jets(10, n_padding=0)
    jets[:, 6:] *= np.float32(1e-19) * 10.0 ** -np.arange(6, dtype=np.float32)[:, np.newaxis]
    drawn = images.aligned(jets)
    assert not ((drawn > 0) & (drawn < np.finfo(np.float32).tiny)).any()


def test_remap_raises_pixels_to_a_power():
    drawn = images.aligned(toy_jets(5))
    np.testing.assert_array_equal(images.remap(drawn), drawn)
    np.testing.assert_array_equal(images.remap(drawn, power=0.5), np.sqrt(drawn))


def test_remap_flushes_denormal_numbers():
    np.testing.assert_array_equal(images.remap(np.array([1e-20, 0.1], np.float32), power=2)[0], 0)
    smallest = np.finfo(np.float32).tiny  # that is not denormal
    assert images.remap(np.array([smallest, smallest / 2], np.float32)).tolist() == [smallest, 0]


@pytest.mark.parametrize("power", [0, -1, np.nan])
def test_remap_refuses_a_power_that_is_not_positive(power):
    with pytest.raises(InputError, match=r"^power: .* Received: "):
        images.remap(np.ones((1, 2, 2, 1), np.float32), power=power)


def test_remap_refuses_negative_pixels():
    with pytest.raises(InputError, match=r"^images: .* Received: -1"):
        images.remap(np.full((1, 2, 2, 1), -1, np.float32))


def spoiled(component, value):
    jets = toy_jets(3)
    jets[1, 2:4, component] = value
    return jets


@pytest.mark.parametrize("draw", [images.aligned, images.plain])
@pytest.mark.parametrize(
    ("jets", "message"),
    [
        (np.zeros((0, 5, 4), np.float32), "not an array of jets.*shape \\(0, 5, 4\\)"),
        (np.zeros((5, 4), np.float32), "not an array of jets"),
        (np.zeros((2, 5, 3), np.float32), "not an array of jets"),
        (np.array([["a"]]), "not an array of jets"),
        (spoiled(0, np.nan), "not a number"),
        (spoiled(0, np.inf), "not a number"),
        (spoiled(1, np.nan), "not a number"),
        (spoiled(3, -np.inf), "not a number"),
        (spoiled(1, [np.inf, -np.inf]), "not a number"),
        (spoiled(0, -1), "negative energy.*Received: E=-1"),
        (toy_jets(3) * np.float32(1000), "wrong units.*perhaps MeV"),
    ],
)
def test_what_is_no_jet_is_refused_in_one_line(draw, jets, message):
    with pytest.raises(InputError, match=message) as caught:
        draw(jets)
    assert "\n" not in str(caught.value)


SYMMETRIES = {
    "turn": lambda pt, eta, phi, amount: (pt, eta, phi + 2 * amount),
    "boost": lambda pt, eta, phi, amount: (pt, eta + amount, phi),
    "mirror eta": lambda pt, eta, phi, _: (pt, -eta, phi),
    "mirror phi": lambda pt, eta, phi, _: (pt, eta, -phi),
}


def clear_of_edges(pt, eta, phi):
    """Whether rounding in float32 can move no constituent to another pixel and turn no axis."""
    eta, phi = images.center(pt, eta, phi)
    length = np.hypot((pt * (phi**2 - eta**2)).sum(), 2 * (pt * eta * phi).sum())
    eta, phi = images.rotate(pt, eta, phi)
    halves = [abs((pt * np.sign(x)).sum()) / pt.sum() for x in (eta, phi)]
    in_pixels = np.concatenate([eta / images.ALIGNED.pixel[0], phi / images.ALIGNED.pixel[1]])
    return (
        length > 0.1 * (pt * (eta**2 + phi**2)).sum()
        and min(halves) > 1e-4
        and np.abs(in_pixels - np.round(in_pixels)).min() > 1e-3
    )


@pytest.mark.parametrize("symmetry", SYMMETRIES)
@given(seed=st.integers(0, 2**32 - 1), amount=st.floats(-1.5, 1.5))
def test_the_aligned_image_does_not_change(symmetry, seed, amount):
    rng = np.random.default_rng(seed)
    pt = 1 + rng.exponential(30, (1, N_PARTICLES))
    eta, phi = rng.normal(0, [[[0.15]], [[0.25]]], (2, *pt.shape))
    assume(clear_of_edges(pt, eta, phi))
    before = images.aligned(massless(pt, eta, phi))
    after = images.aligned(massless(*SYMMETRIES[symmetry](pt, eta, phi, amount)))
    # A constituent keeps its pixel, so that only parts of the sum of pt are rounded: by 3 eps at worst, the sum being one.
    assert np.abs(after - before).sum() < 3 * N_PARTICLES * np.finfo(np.float32).eps
