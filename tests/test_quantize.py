"""Quantized networks: layers by hand, and every kind of detector, trained, saved, and as a trigger."""

import keras
import numpy as np
import pytest
from keras import layers
from small_design import INPUTS, events

import offshell
from offshell import models
from offshell.compress import Learned, Uniform, quantize
from offshell.compress.quantize import quantized_network
from offshell.compress.ranges import AtLeast, Margin
from offshell.errors import InputError
from offshell.firmware import Fixed
from offshell.firmware.detectors import trigger_of
from offshell.firmware.rtl import compiler
from offshell.models import PCA, networks
from offshell.models.build import build

DENSE = networks.DenseSettings(hidden=[4])
RESIDUAL = networks.ResidualSettings(
    filters=[2, 2], blocks=[1, 1], squeeze=2, decoder_filters=[2, 2], decoder_blocks=[1, 1]
)


def dense(kernel, bias, **options):
    inputs = keras.Input((len(kernel),))
    layer = layers.Dense(len(bias), **options)
    network = keras.Model(inputs, layer(inputs))
    layer.set_weights([np.float32(kernel), np.float32(bias)])
    return network


def test_a_layer_by_hand():
    network = dense([[0.3, -1.9], [0.55, 7.0]], [0.26, -0.1])
    x = np.array([[3.99, -0.3], [0.6, 1.0]], np.float32)  # range 4, with a sign
    quantized = quantized_network(network, Uniform(6), x, margin=Margin(1, 2))
    layer = quantized.layers[1]
    # Weights reach 8 and get steps of a quarter; biases reach a half and get steps of 1/64.
    kernel, bias = np.array([[0.25, -2.0], [0.5, 7.0]]), np.array([17, -6]) / 64
    np.testing.assert_array_equal(layer.qkernel, kernel)
    np.testing.assert_array_equal(layer.qbias, bias)
    lane = Fixed(signed=True, integer=2, fraction=3)
    # The outputs reach -9.8 in the float network, 4 bits, and 1 of margin; 6 + 3 bits leave 3 for the fraction.
    output = Fixed(signed=True, integer=5, fraction=3)
    expected = output.rounded(lane.rounded(x) @ kernel + bias)
    np.testing.assert_array_equal(quantized(x), expected)


def test_uniform_with_integers_is_ap_fixed():
    network = dense([[0.3]], [0.0])
    quantized = quantized_network(network, Uniform(16, 6), np.array([[-1.0], [1.0]], np.float32))
    x = np.array([[1.00049], [31.9999], [40.0], [-40.0]], np.float32)
    lane = Fixed(signed=True, integer=5, fraction=10)  # ap_fixed<16, 6, AP_RND, AP_SAT>
    np.testing.assert_allclose(quantized(x), lane.rounded(x) * lane.rounded(np.array([0.3])), rtol=1e-6)


@pytest.mark.parametrize("precision", [Uniform(6), Learned(4)])
def test_a_lane_saturates_and_is_monotone(precision):
    network = dense([[0.75]], [0.0])
    background = np.linspace(-1, 3, 50, dtype=np.float32)[:, np.newaxis]
    quantized = quantized_network(network, precision, background)
    x = np.concatenate([np.linspace(-40, 40, 1001), [1e4, 1e30]]).astype(np.float32)[:, np.newaxis]
    found = np.asarray(quantized(x))[:, 0] / 0.75
    assert (np.diff(found) >= 0).all()
    assert found[0] == -4
    assert found[-1] == found.max() > 3
    inside = np.abs(x[:, 0]) < 3
    assert np.abs(found - x[:, 0])[inside].max() < 0.15


def test_numbers_that_are_never_negative_have_no_sign():
    network = dense([[1.0]], [0.0])
    x = np.array([[0.0], [3.0]], np.float32)
    lane = quantized_network(network, Uniform(4), x).layers[1].iq
    assert [int(np.squeeze(part)) for part in lane.quantizer.kif] == [0, 2, 2]


def test_at_least():
    rule = AtLeast([[1.0, 2.0]])
    np.testing.assert_array_equal(rule(np.array([[0.0, 5.0]], np.float32)), [[1, 5]])
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(rule))
    assert again.least == rule.least


def test_learned_ranges_do_not_shrink_below_those_of_background():
    network = dense([[1.0], [1.0]], [0.0])
    x = np.array([[-7.0, 0.5], [3.0, 0.2]], np.float32)
    quantizer = quantized_network(network, Learned(4), x).layers[1].iq.quantizer
    np.testing.assert_array_equal(np.ravel(quantizer._i), [3, -1])
    assert quantizer._i.constraint.least == [[3.0, -1.0]]


@pytest.mark.parametrize(
    "layer", [layers.BatchNormalization(), layers.Activation("tanh"), layers.LeakyReLU(), layers.Softmax()]
)
def test_a_layer_without_quantized_form_is_one_line(layer):
    inputs = keras.Input((3,))
    network = keras.Model(inputs, layer(layers.Dense(2)(inputs)))
    with pytest.raises(InputError, match=rf"Layer {layer.name} has no quantized form") as caught:
        quantized_network(network, Uniform(), np.ones((2, 3), np.float32))
    assert "\n" not in str(caught.value)


def test_a_detector_without_quantized_form_is_one_line():
    with pytest.raises(InputError, match=r"no quantized form of this detector.*Received: PCA"):
        quantize(PCA(2, shape=(6,)), Uniform(), np.ones((4, 6), np.float32))


def test_a_rescaling_goes_into_the_weights(rng):
    inputs = keras.Input((4, 4, 1))
    hidden = layers.Conv2D(2, 3)(layers.Rescaling(0.25)(layers.Conv2D(1, 1)(inputs)))
    network = keras.Model(inputs, layers.Dense(1)(layers.Rescaling(4.0)(layers.Flatten()(hidden))))
    x = rng.random((20, 4, 4, 1), np.float32)
    quantized = quantized_network(network, Uniform(20), x)
    assert not any(isinstance(layer, layers.Rescaling) for layer in quantized.layers)
    np.testing.assert_allclose(quantized(x), network(x), atol=1e-3)


def test_a_rescaling_before_no_weights_is_one_line():
    inputs = keras.Input((4, 4, 1))
    network = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(layers.Rescaling(4.0)(inputs))))
    with pytest.raises(InputError, match=r"no weights to go into.*Received: flatten"):
        quantized_network(network, Uniform(), np.ones((2, 4, 4, 1), np.float32))


def test_the_original_is_left_alone():
    network = dense([[0.3]], [0.1])
    x = np.ones((3, 1), np.float32)
    quantized_network(network, Uniform(4), x).predict(x, verbose=0)
    assert float(network(x)[0, 0]) == pytest.approx(0.4)  # `predict` gave no shared weights away


MODELS = {
    "vae": (models.VAESettings(size=2, scaling="power-of-two", network=DENSE), "mu2"),
    "autoencoder": (models.AutoencoderSettings(size=2, scaling="shift", network=DENSE), "mse"),
    "vicreg": (
        models.VICRegSettings(hidden=[4], embedding=3, expander=[4], size=2, scaling="shift", network=DENSE),
        "mse",
    ),
    "student": (models.AutoencoderSettings(size=1, scaling="shift", network=DENSE), "student"),
    "joint-vae": (models.JointVAESettings(gaussian=2, classes=3, network=RESIDUAL), "mu2"),
}


def made(kind):
    """A detector, background, and a score that firmware has."""
    model_settings, score = MODELS[kind]
    images = np.random.default_rng(1).random((64, 16, 16, 1), np.float32)
    x = images if kind == "joint-vae" else events(128)
    detector = build(model_settings, x.shape[1:], seed=1)
    if kind == "student":
        detector = offshell.models.Student(detector.encoder, scaling=detector.scaling)
    detector.adapt(x)
    return detector, x, score


SLOW = {"vicreg", "student", "joint-vae"}  # each compiles for ten seconds


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=[pytest.mark.slow] if kind in SLOW else []) for kind in MODELS],
)
def case(request):
    """A detector and its quantized form, trained for an epoch."""
    detector, x, score = made(request.param)
    quantized = quantize(detector, Uniform(12 if request.param == "joint-vae" else 8), x)
    before, untrained = offshell.score(quantized, x), quantized.get_weights()
    if request.param != "student":  # which learns from a teacher, in the tests of compression
        offshell.fit(quantized, x, epochs=1, batch_size=32, learning_rate=1e-2, progress=False)
    return request.param, detector, quantized, before, untrained, x, score


def test_every_detector_keeps_nearly_its_scores(case):
    kind, detector, _, before, _, x, score = case
    float_scores = offshell.score(detector, x)[score]
    # The ReLUs of the untrained residual encoder cut off a fifth of its values, and lose their caps.
    least = 0.8 if kind == "joint-vae" else 0.95
    assert np.corrcoef(float_scores, before[score])[0, 1] > least


def test_every_detector_trains_with_quantized_layers(case):
    kind, _, quantized, before, untrained, x, score = case
    if kind == "student":
        pytest.skip("learns from a teacher, in the tests of compression")
    # Each of 128 events takes part in a step of Adam of 0.01: every kernel moves by as much, and none by more than all steps.
    kernels = [
        np.abs(new - old).max()
        for weight, new, old in zip(quantized.weights, quantized.get_weights(), untrained, strict=True)
        if weight.name == "kernel"
    ]
    assert len(kernels) >= 2
    assert all(1e-3 < moved < 0.1 for moved in kernels)
    assert np.abs(offshell.score(quantized, x)[score] - before[score]).max() > 0


def test_every_detector_is_saved_and_loaded(case, tmp_path):
    _, _, quantized, *_, x, score = case
    quantized.save(tmp_path / "small.keras")
    loaded = offshell.load(tmp_path / "small.keras")
    np.testing.assert_array_equal(offshell.score(loaded, x)[score], offshell.score(quantized, x)[score])


def test_every_detector_is_a_trigger_on_its_own_score(case):
    kind, _, quantized, *_, x, score = case
    if kind == "joint-vae":
        pytest.skip("jet images of another size are tried with the compiler")
    trigger = trigger_of(quantized, score, INPUTS, x)
    integers = trigger.integers(x)
    found = trigger.scores(integers) * 2.0**-trigger.fraction
    tolerance = {"mse": 0.1}.get(score, 1e-5)  # residuals are rounded
    np.testing.assert_allclose(found, offshell.score(quantized, x)[score], rtol=tolerance, atol=tolerance)
    program = compiler.trace(trigger)
    np.testing.assert_array_equal(compiler.interpret(program, trigger, integers), trigger.decisions(integers))
