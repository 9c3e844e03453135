"""Scaling against closed forms: integers in, exact shifts out, padding untouched."""

import keras
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.models.scaling.events import LogStandardize, PowerOfTwo, Standardize

N_OBJECTS = 4


def events(n=500, seed=0):
    """Integers in hardware units, falling multiplicity: the last object is there in one event in twenty."""
    rng = np.random.default_rng(seed)
    pt = rng.integers(1, 400, size=(n, N_OBJECTS))
    angles = rng.integers(-72, 72, size=(n, N_OBJECTS, 2))
    x = np.concatenate([pt[..., None], angles], axis=2).astype(np.float32)
    x[rng.random((n, N_OBJECTS)) > [1.0, 0.7, 0.3, 0.05]] = 0
    x[:, 0, 1] = 0  # missing energy has no pseudorapidity
    return x.reshape(n, -1)


def adapted(layer, x):
    layer.adapt(x)
    return np.asarray(layer(x)).reshape(len(x), N_OBJECTS, 3)


@pytest.mark.parametrize("layer", [Standardize(), LogStandardize(), PowerOfTwo()])
def test_padding_stays_exactly_zero(layer):
    x = events()
    scaled = adapted(layer, x)
    padded = x.reshape(scaled.shape)[..., 0] == 0
    assert padded.any()
    assert (scaled[padded] == 0).all()


@pytest.mark.parametrize("layer", [Standardize(), LogStandardize(), PowerOfTwo(units=(0.5, 0.1, 0.1))])
def test_inverse_gives_the_events_back(layer):
    x = events()
    layer.adapt(x)
    np.testing.assert_allclose(layer.inverse(layer.transform(x)), x, rtol=1e-4, atol=1e-4)


def test_standardize_gives_mean_zero_and_width_one_over_the_objects_that_are_there():
    x = events()
    scaled, present = adapted(Standardize(), x), x.reshape(-1, N_OBJECTS, 3)[..., 0] > 0
    for index in range(3):
        objects = scaled[present[:, index], index]
        np.testing.assert_allclose(objects.mean(axis=0), 0, atol=1e-5)
        np.testing.assert_allclose(objects.std(axis=0), [1, index > 0, 1], atol=1e-5)


def test_log_standardize_sees_the_logarithm_of_pt_and_angles_as_they_are():
    x = events()
    logarithmic = x.copy()
    logarithmic[:, ::3] = np.log1p(x[:, ::3])
    np.testing.assert_allclose(adapted(LogStandardize(), x), adapted(Standardize(), logarithmic), atol=1e-5)


def test_a_rare_object_borrows_from_all_others():
    x = events()
    layer = Standardize()
    layer.adapt(x)
    objects = x.reshape(-1, 3)
    objects = objects[objects[:, 0] > 0]
    np.testing.assert_allclose(layer.mean[-3:], objects.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(layer.width[-3:], objects.std(axis=0), rtol=1e-5)


def test_power_of_two_is_one_subtraction_and_one_shift():
    x = events()
    layer = PowerOfTwo()
    layer.adapt(x)
    fraction_bits = 16
    shifts, offsets = np.asarray(layer.shifts), np.asarray(layer.offsets)
    assert shifts.dtype == offsets.dtype == np.int32
    integers = ((x.astype(np.int64) - offsets) << fraction_bits) >> shifts
    absent = (np.repeat(x[:, ::3], 3, axis=1) == 0) & (offsets != 0)
    expected = np.where(absent, 0, integers / 2**fraction_bits)
    np.testing.assert_array_equal(np.asarray(layer(x)), expected)


def test_power_of_two_puts_the_quantiles_near_one_to_two():
    x = events(4000)
    scaled, present = adapted(PowerOfTwo(), x), x.reshape(-1, N_OBJECTS, 3)[..., 0] > 0
    for index in range(1, N_OBJECTS - 1):
        low, high = np.quantile(scaled[present[:, index], index], (0.05, 0.95), axis=0)
        assert ((high - low) <= 4).all()
        assert ((high - low) > 2).all()
        assert (np.abs(high + low) <= 1.01).all()  # an offset is a multiple of the scale


def test_quantiles_eight_units_apart_are_shifted_by_one():
    pt = np.repeat(np.arange(1, 10), 100)
    layer = PowerOfTwo()
    layer.adapt(np.stack([pt, 2 * pt, np.full_like(pt, 7)], axis=1))
    assert np.asarray(layer.offsets).tolist() == [
        4,
        8,
        7,
    ]  # multiples of 2, 4 and 1 near the centers 5, 10 and 7
    assert np.asarray(layer.shifts).tolist() == [1, 2, 0]


@pytest.mark.parametrize("step", [0.25, 0.5, 2.0])
def test_units_turn_gev_into_the_integers_of_the_hardware(step):
    in_integers, in_gev = PowerOfTwo(), PowerOfTwo(units=(step, step, step))
    np.testing.assert_array_equal(
        adapted(in_integers, events(100)), adapted(in_gev, (step * events(100)).astype(np.float32))
    )


@pytest.mark.parametrize("layer", [Standardize(), LogStandardize(), PowerOfTwo(units=(0.5, 0.1, 0.1))])
def test_saved_and_loaded_layer_scales_alike(layer, tmp_path):
    x = events()
    layer.adapt(x)
    inputs = keras.Input((x.shape[1],))
    keras.Model(inputs, layer(inputs)).save(tmp_path / "scaling.keras")
    loaded = keras.models.load_model(tmp_path / "scaling.keras")
    np.testing.assert_array_equal(loaded(x), layer(x))


def test_events_that_cannot_be_scaled_are_refused():
    with pytest.raises(InputError, match="groups of 3"):
        Standardize().adapt(np.ones((5, 7)))
    with pytest.raises(InputError, match="5 events of padding"):
        Standardize().adapt(np.zeros((5, 6)))
