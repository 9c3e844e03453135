"""Detectors come back from their files, whatever has been imported before, and other files are refused in one line."""

import subprocess
import sys

import keras
import numpy as np
import pytest

import offshell
from offshell.compress.quantize import Uniform, quantize
from offshell.errors import InputError
from offshell.models import VAE, CloudAutoencoderSettings, PCASettings, networks
from offshell.models.build import build

LOADED = """
import sys, {imports}
for path in sys.argv[1:]:
    print(type({load}(path)).__name__)
"""
WAYS = {
    "offshell": LOADED.format(imports="offshell", load="offshell.load"),
    "keras": LOADED.format(imports="offshell, keras", load="keras.saving.load_model"),
    "keras-first": LOADED.format(
        imports="os; os.environ['KERAS_BACKEND'] = 'jax'; import keras, offshell",
        load="keras.saving.load_model",
    ),
}


@pytest.fixture
def small():
    """A trained-looking autoencoder of four features."""
    return offshell.models.Autoencoder(
        networks.dense_encoder(4, hidden=(3,), size=2), networks.dense_decoder(2, hidden=(3,), features=4)
    )


def saved(model, path):
    model.prepare(model.shape)
    model.save(path)
    return path


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(way, id=name, marks=pytest.mark.slow if name == "keras-first" else ())
        for name, way in WAYS.items()
    ],
)
def test_a_fresh_interpreter_needs_nothing_but_the_file(way, tmp_path, small):
    clouds = CloudAutoencoderSettings(size=16, network=networks.LorentzSettings(layers=1))
    x = np.random.default_rng(1).normal(size=(20, 4)).astype(np.float32)
    models = {
        "vae": VAE(
            networks.conv_encoder((4, 4, 1), filters=(2,)),
            networks.unet_decoder(2, shape=(4, 4, 1), filters=(2,)),
        ),
        "cloud": build(clouds, (5, 5), seed=1),
        "quantized": quantize(small, Uniform(), x),
    }
    paths = [saved(model, tmp_path / f"{name}.keras") for name, model in models.items()]
    done = subprocess.run([sys.executable, "-c", way, *paths], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["VAE", "CloudAutoencoder", "Autoencoder"], done.stderr


def test_scores_are_the_same(tmp_path, small):
    x = np.random.default_rng(1).normal(size=(20, 4)).astype(np.float32)
    loaded = offshell.load(str(saved(small, tmp_path / "model.keras")))
    np.testing.assert_array_equal(offshell.score(loaded, x)["mse"], offshell.score(small, x)["mse"])


def damaged(path, damage):
    match damage:
        case "missing":
            return path
        case "folder":
            path.mkdir()
        case "another suffix":
            path = path.with_suffix(".h5")
            path.write_bytes(b"")
        case "no archive":
            path.write_bytes(b"PK and so on")
        case "cut":
            saved(build(PCASettings(components=1), (4,), seed=1), path)
            path.write_bytes(path.read_bytes()[:-300])
        case "a network":
            networks.dense_encoder(4, hidden=(3,)).save(path)
        case "a class of somebody else":
            somebody_else().save(path)
    return path


def somebody_else():
    class Elsewhere(keras.Model):
        """Nobody registered it."""

    model = Elsewhere()
    model.built = True
    return model


@pytest.mark.parametrize(
    ("damage", "received"),
    [
        ("missing", "No such file or directory"),
        ("folder", "Is a directory"),
        ("another suffix", "not a zip file"),
        ("no archive", "not a zip file"),
        ("cut", "not a zip file"),
        ("a network", "a Keras model without terms, Functional"),
        ("a class of somebody else", "Could not locate class 'Elsewhere'"),
    ],
)
def test_what_is_no_detector_is_refused_in_one_line(damage, received, tmp_path):
    path = damaged(tmp_path / "model.keras", damage)
    with pytest.raises(
        InputError, match=rf"^Cannot load .*\. Expected: a detector .* Received: .*{received}\.$"
    ):
        offshell.load(path)
