"""Scaling of clouds: mean zero, width one, padding zero, and back again."""

import keras
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.models.scaling.clouds import StandardizeClouds


def clouds(n=300, particles=6, *, jet_pt=False, seed=0):
    """Jets of one to all particles, `eta_rel, phi_rel, pt_rel[, jet_pt], mask`."""
    rng = np.random.default_rng(seed)
    mask = np.arange(particles) < rng.integers(1, particles + 1, size=(n, 1))
    angles = rng.normal([0.1, -0.05], [0.2, 0.1], size=(n, particles, 2))
    pt = np.sort(rng.lognormal(-3, 1, size=(n, particles, 1)), axis=1)[:, ::-1]
    ones = np.ones_like(pt)
    columns = [angles, pt, 600 * ones, ones] if jet_pt else [angles, pt, ones]
    return (np.concatenate(columns, axis=2) * mask[..., None]).astype(np.float32)


@pytest.fixture(params=[False, True], ids=["relative", "relative-pt"])
def x(request):
    return clouds(jet_pt=request.param)


@pytest.fixture
def layer(x):
    layer = StandardizeClouds()
    layer.adapt(x)
    return layer


def test_particles_have_mean_zero_and_width_one_and_padding_stays_zero(layer, x):
    scaled, present = np.asarray(layer(x)), x[..., -1] == 1
    np.testing.assert_allclose(scaled[present][:, :3].mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled[present][:, :3].std(axis=0), 1, atol=1e-5)
    assert (scaled[~present] == 0).all()
    np.testing.assert_array_equal(scaled[..., 3:], x[..., 3:])


def test_the_third_coordinate_is_the_logarithm_of_pt(layer, x):
    scaled, present = np.asarray(layer(x)), x[..., -1] == 1
    log_pt = np.log(x[present][:, 2])
    np.testing.assert_allclose(scaled[present][:, 2], (log_pt - log_pt.mean()) / log_pt.std(), atol=1e-5)


def test_inverse_gives_the_clouds_back(layer, x):
    np.testing.assert_allclose(layer.inverse(layer(x)), x, rtol=1e-5, atol=1e-6)


def test_a_coordinate_that_never_varies_keeps_its_unit():
    x = clouds()
    x[..., 0] = 0
    layer = StandardizeClouds()
    layer.adapt(x)
    assert np.isfinite(layer(x)).all()
    assert layer.width[0] == 1


def test_it_is_saved_and_loaded(layer, x, tmp_path):
    model = keras.Sequential([keras.Input(x.shape[1:]), layer])
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.keras")(x), layer(x))


def test_other_columns_are_refused_in_one_line():
    x = clouds(jet_pt=False)
    four_vectors = np.concatenate([x[..., :2], -x[..., 2:3], x[..., 3:]], axis=-1)
    percent = x * [1, 1, 1, 100]
    for wrong in (four_vectors, percent, np.zeros_like(x), x[..., :3], x[0]):
        with pytest.raises(InputError, match="Expected: ") as caught:
            StandardizeClouds().adapt(wrong)
        assert "\n" not in str(caught.value)


def test_without_the_logarithm_pt_is_linear_comes_back_and_stays_positive(x):
    layer = StandardizeClouds(log_pt=False)
    layer.adapt(x)
    scaled, present = np.array(layer(x)), x[..., -1] == 1
    pt = x[present][:, 2]
    np.testing.assert_allclose(scaled[present][:, 2], (pt - pt.mean()) / pt.std(), atol=1e-4)
    np.testing.assert_allclose(np.asarray(layer.inverse(scaled)), x, atol=1e-5)
    scaled[..., 2] = -100
    assert (np.asarray(layer.inverse(scaled))[present][:, 2] > 0).all()
    assert not StandardizeClouds.from_config(layer.get_config()).log_pt
