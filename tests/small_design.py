"""A small detector in hardware units, from which designs are made in seconds: it looks at six of the 57 inputs."""

import keras
import numpy as np
from event_files import toy_events

from offshell import firmware, models, settings
from offshell.compress.quantize import Uniform, quantize
from offshell.inputs.prepare import prepare
from offshell.models import networks
from offshell.models.build import build

INPUTS = settings.Objects(units="hardware")
UNIFORM = Uniform(6)
SEEN = (0, 3, 4, 27, 28, 30)


def events(n, *, seed=0, harder=1):
    """What the detector sees of toy events; their momenta can be larger."""
    return prepare(toy_events(n, seed) * np.float32([harder, 1, 1, 1]), INPUTS)


def detector(precision=UNIFORM, **changes):
    """A variational autoencoder 57-4-2, quantized, with log-variances that move."""
    network = networks.DenseSettings(hidden=[4])
    model = build(
        models.VAESettings(size=2, scaling="power-of-two", network=network, **changes), (57,), seed=1
    )
    model.adapt(events(500))
    rng, gaussian = np.random.default_rng(1), model.bottlenecks["gaussian"]
    kernel = np.zeros((57, 4), np.float32)
    kernel[list(SEEN)] = rng.normal(0, 0.5, (len(SEEN), 4))
    model.encoder.layers[1].kernel.assign(kernel)
    gaussian.log_var.kernel.assign(rng.normal(0, 0.3, gaussian.log_var.kernel.shape))
    return quantize(model, precision, events(500))


def request(score, **target):
    """A rate of an event in 28, of the detector's events."""
    return firmware.Request(score, INPUTS, settings.Firmware(place=False, rate_hz=1e6, **target), 28.6e6)


def flip(network, layer):
    """The lowest bit of a weight of a saved network."""
    model = keras.models.load_model(network)
    kernel = np.array(model.get_layer(layer).kernel.value)
    place = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    kernel[place] -= np.sign(kernel[place]) * 2.0**-4
    model.get_layer(layer).kernel.assign(kernel)
    model.save(network)
