"""Autoencoders of particle clouds on simulated jets: reconstruction, and QCD against top, W, Z and all three in equal shares.

    python docs/numbers/measure/clouds.py RESULT SAMPLES 20000 [900-1100]

Each network is trained on that many QCD jets and on a tenth of them, with the same seed and stopping rule. All see the
16 leading particles, have a code of 12 numbers (the Lorentz-equivariant one, of four vectors, 24) and minimize the squared error and
that of the mass; the convolutional one sees pixels. Rows
that the result already holds are not made again. The last argument is the range of pt in GeV. Jets are simulated into the
folder of samples when they are not there.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

import offshell
from offshell import evaluate
from offshell.evaluate.description.reconstruction import compression_rate, reconstruction
from offshell.inputs import clouds as cloud_inputs
from offshell.inputs import images
from offshell.models import networks
from offshell.models.autoencoders.autoencoder import Autoencoder
from offshell.models.autoencoders.cloud import CloudAutoencoder
from offshell.models.networks import clouds
from offshell.samples.samples import samples_of
from offshell.samples.settings import JetSamples

import keras  # isort: skip - Offshell chooses the backend

SIGNALS = ["top", "w", "z"]
N_TEST, N_SIGNAL, N_RECONSTRUCTED = 10_000, 3_000, 2_000
SEED = 1
RATES = {"1e-1": 1e-1, "1e-2": 1e-2, "1e-3": 1e-3}
SIZE, N_PARTICLES = 12, 16
# The error across the particles is a few percent of that along them, and says where they are.
LOSS = "mse + 20 * minkowski + jet_mass"
GRID = images.Grid(shape=(40, 40), pixel=(0.04, 0.04))  # all of a jet of R = 0.8
# The small sample has half as many steps as the large one.
TRAINING = {1: {"epochs": 10}, 10: {"epochs": 50}}


def lorentz(shape):
    options = {"hidden": 32, "layers": 1, "vectors": 4}
    size = 2 * SIZE  # four vectors have sixteen numbers
    return CloudAutoencoder(
        clouds.lorentz_encoder(shape, size=size, **options),
        clouds.lorentz_decoder(size, shape=shape, **options),
    )


def deep_sets(shape):
    options = {"hidden": 32, "layers": 2}
    return CloudAutoencoder(
        clouds.deep_sets_encoder(shape, size=SIZE, **options),
        clouds.deep_sets_decoder(SIZE, shape=shape, **options),
    )


def message_passing(shape):
    options = {"hidden": 16, "layers": 1}
    return CloudAutoencoder(
        clouds.message_passing_encoder(shape, size=SIZE, **options),
        clouds.message_passing_decoder(SIZE, shape=shape, **options),
    )


def convolutional(shape):
    filters = (16, 16)
    return Autoencoder(
        networks.conv_encoder(shape, filters=filters, size=SIZE),
        networks.conv_decoder(SIZE, shape=shape, filters=filters),
    )


def pixels(jets):
    """The leading particles as an image that sums to one."""
    eta, phi, pt, _ = np.moveaxis(cloud_inputs.relative(jets, n_particles=N_PARTICLES), -1, 0)
    return images.pixelate(images.normalize(images.crop(pt, eta, phi, grid=GRID)), eta, phi, grid=GRID)


NETWORKS = {
    "lorentz": (lorentz, partial(cloud_inputs.four_vectors, n_particles=N_PARTICLES)),
    "deep sets": (deep_sets, partial(cloud_inputs.relative, n_particles=N_PARTICLES)),
    "message passing": (message_passing, partial(cloud_inputs.relative, n_particles=N_PARTICLES)),
    "convolutional": (convolutional, pixels),
}


def main(result, folder, n_train, pt="550-650"):
    result, n_train = Path(result), int(n_train)
    found = json.loads(result.read_text()) if result.exists() else {}
    wanted = JetSamples(background="qcd", signals=SIGNALS, pt=tuple(map(float, pt.split("-"))))
    background, *signals = samples_of(wanted, Path(folder), seed=1)
    jets = {signal.name: signal.read(0, N_SIGNAL) for signal in signals}
    qcd = background.read(0, N_TEST + n_train)
    jets["qcd"], training = qcd[:N_TEST], qcd[N_TEST:]
    for title, (make, prepare) in NETWORKS.items():
        prepared = {name: prepare(of_kind) for name, of_kind in jets.items()}
        for share, options in TRAINING.items():
            key = f"{title}, {n_train // share} jets"
            if key not in found:
                found[key] = measured(make, prepared, prepare(training[: n_train // share]), options)
                result.write_text(json.dumps(found, indent=1) + "\n")
                print(
                    key,
                    {score: of["all-signals"]["auc"] for score, of in found[key]["scores"].items()},
                    flush=True,
                )


def measured(make, prepared, training, options):
    keras.utils.set_random_seed(SEED)
    model, began = make(training.shape[1:]), time.process_time()
    loss = LOSS if isinstance(model, CloudAutoencoder) else "mse"
    history = offshell.fit(
        model, training, loss=loss, batch_size=64, learning_rate=2e-3, seed=SEED, progress=False, **options
    )
    seconds = time.process_time() - began
    size = model.decoder.input_shape[-1]
    return {
        "n_train": len(training),
        "loss": loss,
        "parameters": model.count_params(),
        "latent": size,
        "compression": compression_rate(size, n_particles=N_PARTICLES),
        "epochs": len(history["loss"]),
        "cpu_seconds": seconds,
        "reconstruction": reconstructed(model, prepared["qcd"][:N_RECONSTRUCTED]),
        "scores": detection({name: offshell.score(model, x) for name, x in prepared.items()}),
    }


def reconstructed(model, x):
    x_hat = np.asarray(model.reconstruct(x))
    return {"jets": image_errors(x, x_hat)} if isinstance(model, Autoencoder) else reconstruction(x, x_hat)


def image_errors(x, x_hat):
    """Relative errors of the mass and the pt of the jets that the pixels of two images make."""
    (mass, pt), (found_mass, found_pt) = mass_pt(x), mass_pt(x_hat)
    relative = {"mass": (found_mass - mass) / mass, "pt": (found_pt - pt) / pt}
    return {name: median_iqr(values[np.isfinite(values)]) for name, values in relative.items()}


def mass_pt(pixels):
    eta, phi = ((np.arange(n) + 0.5 - n / 2) * step for n, step in zip(GRID.shape, GRID.pixel, strict=True))
    eta, phi = np.meshgrid(eta, phi, indexing="ij")
    unit = np.stack([np.cosh(eta), np.cos(phi), np.sin(phi), np.sinh(eta)])
    energy, px, py, pz = np.einsum("nij,cij->cn", pixels[..., 0].astype(float), unit)
    return np.sqrt(np.maximum(energy**2 - px**2 - py**2 - pz**2, 0)), np.hypot(px, py)


def median_iqr(values):
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75])
    return {"median": float(median), "iqr": float(high - low)}


def detection(scores):
    background = scores.pop("qcd")
    return {
        name: {
            **{signal: numbers(background[name], of[name]) for signal, of in scores.items()},
            "all-signals": numbers(background[name], np.concatenate([of[name] for of in scores.values()])),
        }
        for name in background
    }


def numbers(background, signal):
    area = evaluate.auc(background, signal)
    rates = {key: evaluate.tpr_at_fpr(background, signal, rate) for key, rate in RATES.items()}
    return {
        "auc": [area.value, area.low, area.high],
        "tpr": {key: [rate.value, rate.low, rate.high] for key, rate in rates.items()},
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
