"""Pruning is really applied: counted zeros, before and after further training, saved and loaded."""

import keras
import numpy as np
import pytest
from hgq.layers import QDense

import offshell
from offshell.errors import InputError
from offshell.models import PCA, Autoencoder, networks
from offshell.train import prune, sparsity
from offshell.train.program import compile_program, install, start

X = np.random.default_rng(0).normal(size=(512, 8)).astype(np.float32)


@pytest.fixture
def model():
    keras.utils.set_random_seed(1)
    encoder = networks.dense_encoder(8, hidden=(20,), size=2)
    model = Autoencoder(encoder, networks.dense_decoder(2, hidden=(20,), features=8))
    offshell.fit(model, X, epochs=1, progress=False)
    return model


def test_the_smallest_weights_of_each_kernel_become_zero(model):
    before = model.encoder.layers[1].kernel.numpy()
    prune(model, fraction=0.25)
    after = model.encoder.layers[1].kernel.numpy()
    smallest = np.abs(before) <= np.sort(np.abs(before), axis=None)[39]
    np.testing.assert_array_equal(after, np.where(smallest, 0, before))


@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.75])
def test_sparsity_survives_training_and_saving(model, fraction, tmp_path):
    prune(model, fraction=fraction)
    kernels = [v.numpy().copy() for v in model.trainable_variables if v.name == "kernel"]
    offshell.fit(model, X, epochs=2, progress=False)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert sparsity(model) == pytest.approx(fraction, abs=0.01)
    assert sparsity(loaded) == sparsity(model)
    trained = [v.numpy() for v in model.trainable_variables if v.name == "kernel"]
    assert all((old != new).any() for old, new in zip(kernels, trained, strict=True))  # it did train


STEPS = 4
ROWS = np.arange(512).reshape(STEPS, 128)


def sparsity_by_epoch(model, n_epochs):
    """Of the states that the compiled, scanned epoch really trains."""
    program = compile_program(model, steps_per_epoch=STEPS)
    states, sparsities = [start(model, {"mse": 1.0}, 1e-3)], []
    for _ in range(n_epochs):
        states = [program.run_epoch(states, X, [ROWS])[0][0]]
        install(states[0], model)
        sparsities.append(sparsity(model))
    return sparsities


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"ramp": 4}, [1 - 0.75**3, 1 - 0.5**3, 1 - 0.25**3, 1, 1, 1]),
        ({"begin": 2, "ramp": 2}, [0, 0, 1 - 0.5**3, 1, 1, 1]),
        ({"begin": 3}, [0, 0, 1, 1, 1, 1]),
    ],
)
def test_sparsity_follows_the_schedule_epoch_by_epoch(model, schedule, expected):
    prune(model, fraction=0.5, **schedule)
    assert sparsity(model) == 0
    measured = sparsity_by_epoch(model, len(expected))
    assert measured == pytest.approx(0.5 * np.array(expected), abs=0.01)


def test_fit_keeps_weights_with_all_the_zeros_though_those_before_were_better(model):
    offshell.fit(model, X, epochs=30, learning_rate=1e-2, progress=False)
    prune(model, fraction=0.75, begin=1, ramp=3)
    history = offshell.fit(model, X, epochs=6, patience=2, plateau=1, progress=False)
    assert np.argmin(history["val_loss"]) < 3
    assert set(history["learning_rate"][:4]) == {history["learning_rate"][0]}
    assert sparsity(model) == pytest.approx(0.75, abs=0.01)
    offshell.fit(model, X, epochs=1, progress=False)  # the schedule does not start again
    assert sparsity(model) == pytest.approx(0.75, abs=0.01)


@pytest.mark.slow
def test_weights_of_quantized_layers_are_pruned_alike():
    encoder = keras.Sequential([keras.Input((8,)), QDense(20, activation="relu"), QDense(2)])
    model = Autoencoder(encoder, networks.dense_decoder(2, hidden=(20,), features=8))
    prune(model, fraction=0.5, ramp=1)
    offshell.fit(model, X, epochs=2, progress=False)
    for layer in encoder.layers:
        pruned = np.asarray(layer.kernel) == 0
        assert pruned.mean() == pytest.approx(0.5, abs=0.02)
        assert not np.asarray(layer.qkernel)[pruned].any()


def test_training_too_short_for_the_schedule(model):
    prune(model, fraction=0.5, begin=2, ramp=3)
    with pytest.raises(InputError, match="at least 5 epochs"):
        offshell.fit(model, X, epochs=4, progress=False)


def test_training_without_pruning_has_no_zeros(model):
    offshell.fit(model, X, epochs=1, progress=False)
    assert sparsity(model) == 0


@pytest.mark.parametrize("fraction", [-0.1, 1.0, float("nan")])
def test_wrong_fraction(model, fraction):
    with pytest.raises(InputError, match="0 <= fraction < 1"):
        prune(model, fraction=fraction)


@pytest.mark.parametrize("epochs", [{"begin": -1}, {"ramp": -1}])
def test_wrong_epochs(model, epochs):
    with pytest.raises(InputError, match="begin >= 0 and ramp >= 0"):
        prune(model, fraction=0.5, **epochs)


def test_nothing_to_prune():
    for function in (sparsity, lambda model: prune(model, fraction=0.5)):
        with pytest.raises(InputError, match="without any"):
            function(PCA(2, shape=(8,)))
