"""Quantization-aware networks: a detector whose layers compute in fixed point, in training as in firmware.

The layers are those of HGQ2 (C. Sun and others, arXiv:2405.00645). Every data lane saturates: an anomaly lies outside the
range that background events fill, and a number that wraps around would make the largest one look like nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import layers

from offshell.compress.ranges import AtLeast, Margin, reach, shared_axes
from offshell.compress.rebuilt import again, copy_weights, values_of, without_rescaling
from offshell.errors import InputError, MissingDependencyError
from offshell.models.autoencoders.bottlenecks import GaussianLatent
from offshell.models.autoencoders.deterministic import Deterministic
from offshell.models.autoencoders.variational import Variational
from offshell.models.detector import Detector
from offshell.models.one_class.student import Student
from offshell.models.one_class.vicreg import VICReg

try:
    import hgq.layers as quantized_layers
    from hgq.quantizer import QuantizerConfig
except ImportError as error:
    raise MissingDependencyError(
        f"HGQ2 is not installed. Expected: pip install 'offshell[compress]'. Received: {error}."
    ) from None

__all__ = ["Learned", "Precision", "Uniform", "quantize", "quantized_network"]

Events = Float[np.ndarray, "n ..."]

# One fixed width for all numbers.
_EVERYWHERE: dict[str, Any] = {"heterogeneous_axis": (), "homogeneous_axis": None, "trainable": False}

# What layers between the quantized ones may do: rearrange numbers, or choose among them.
_EXACT = (layers.Flatten, layers.Reshape, layers.MaxPooling2D, layers.Permute)


@dataclass(frozen=True)
class Uniform:
    """The same number of bits for every weight and every activation.

    Attributes:
        bits: In total, with the sign where there is one.
        integer: Of these, bits before the binary point (with the sign), as in `ap_fixed<bits, integer>`; `None` takes
            for each layer what its weights and the background events need.
    """

    bits: int = 8
    integer: int | None = None


@dataclass(frozen=True)
class Learned:
    """A number of bits of its own for every weight and every activation, learned by gradient; zero bits prune it.

    Attributes:
        bits: To begin with, after what the range needs.
    """

    bits: int = 6


Precision = Uniform | Learned


def quantize(detector: Detector, precision: Precision, x: Events) -> Detector:
    """The same detector with quantized networks, to be trained on (`offshell.fit`).

    Networks that only training needs (the decoder of a variational autoencoder, the expander of VICReg) stay as they are.

    Args:
        detector: a trained detector.
        precision: how many bits.
        x: background events of shape `(n, ...)`, from which the ranges of the activations are taken.

    Raises:
        InputError: if there is no quantized form of the detector, or of one of its layers.
    """
    config = {key: value for key, value in detector.get_config().items() if key != "name"}
    scaled = np.asarray(detector.scaled(np.asarray(x, np.float32)))
    return type(detector)(**{**config, **_networks(detector, precision, scaled)})


_NO_MARGIN = Margin(integer=0, fraction=0)
# Latent means are squared, and each further bit of them costs; the score of a student is compared and nothing else.
_LATENT = Margin(integer=1, fraction=0)
_SCORE = Margin(integer=2, fraction=2)


def quantized_network(
    network: keras.Model, precision: Precision, x: Events, *, margin: Margin | None = None
) -> keras.Model:
    """A network with the same weights and HGQ2 layers.

    Args:
        network: functional, of dense or convolutional layers, sums and (capped) ReLUs.
        precision: how many bits.
        x: inputs of background events.
        margin: rounds the outputs as well, because no further layer does.
    """
    network = without_rescaling(network)
    values = values_of(network, x)
    last = network.layers[-1].name

    def replaced(layer: layers.Layer) -> layers.Layer:
        return _quantized(layer, precision, values, margin=margin if layer.name == last else None)

    clone = keras.models.clone_model(network, clone_function=replaced)
    for old, new in zip(network.layers, clone.layers, strict=True):
        copy_weights(old, new)
    return clone


@singledispatch
def _networks(detector: Detector, precision: Precision, scaled: Events) -> dict[str, Any]:
    """The quantized networks of a detector by name of the constructor's argument."""
    del precision, scaled
    raise InputError(
        "There is no quantized form of this detector. Expected: an autoencoder, a variational autoencoder, VICReg or a "
        f"student. Received: {type(detector).__name__}."
    )


@_networks.register
def _(detector: Deterministic, precision: Precision, scaled: Events) -> dict[str, Any]:
    encoder = quantized_network(detector.encoder, precision, scaled)
    codes = detector.encoder.predict(scaled, verbose=0)
    return {
        "encoder": encoder,
        "decoder": quantized_network(detector.decoder, precision, codes, margin=_LATENT),
    }


@_networks.register
def _(detector: VICReg, precision: Precision, scaled: Events) -> dict[str, Any]:
    embeddings = detector.embedder.predict(scaled, verbose=0)
    codes = detector.encoder.predict(embeddings, verbose=0)
    return {
        "embedder": quantized_network(detector.embedder, precision, scaled, margin=_LATENT),
        "encoder": quantized_network(detector.encoder, precision, embeddings),
        "decoder": quantized_network(detector.decoder, precision, codes, margin=_LATENT),
    }


@_networks.register
def _(detector: Variational, precision: Precision, scaled: Events) -> dict[str, Any]:
    features = detector.encoder.predict(scaled, verbose=0)
    gaussian = detector.bottlenecks["gaussian"]
    heads = {name: _head(getattr(gaussian, name), precision, features) for name in ("mean", "log_var")}
    bottleneck = GaussianLatent(gaussian.size, heads=heads)
    return {
        "encoder": quantized_network(detector.encoder, precision, scaled),
        "bottlenecks": {**detector.bottlenecks, "gaussian": bottleneck},
    }


@_networks.register
def _(detector: Student, precision: Precision, scaled: Events) -> dict[str, Any]:
    return {"network": quantized_network(detector.network, precision, scaled, margin=_SCORE)}


def _head(head: layers.Dense, precision: Precision, features: Events) -> layers.Layer:
    """One latent head as a layer of its own, quantized on both sides."""
    inputs, copy = keras.Input(features.shape[1:]), head.from_config(head.get_config())
    alone = keras.Model(inputs, copy(inputs))
    copy.set_weights(head.get_weights())
    return quantized_network(alone, precision, features, margin=_LATENT).layers[-1]


def _quantized(
    layer: layers.Layer, precision: Precision, values: Mapping[str, Events], *, margin: Margin | None
) -> layers.Layer:
    inputs = [_lane(values[tensor.name], precision) for tensor in keras.tree.flatten(layer.input)]
    output: dict[str, Any] = {}
    if margin:
        output = {"enable_oq": True, "oq_conf": _lane(values[layer.output.name], precision, margin)}
    options = {**layer.get_config(), **output, "beta0": 0.0}
    match layer:
        case layers.Add():
            return quantized_layers.QAdd(iq_confs=inputs, **options)
        case layers.Dense():
            return quantized_layers.QDense(iq_conf=inputs[0], **_weights(layer, precision), **_known(options))
        case layers.Conv2D():
            return quantized_layers.QConv2D(iq_conf=inputs[0], **_weights(layer, precision), **options)
    if isinstance(layer, layers.ReLU) and not layer.negative_slope:
        return layers.ReLU(name=layer.name)  # what follows saturates, so that there is no need of a cap
    if isinstance(layer, _EXACT) or getattr(layer, "activation", None) is keras.activations.relu:
        return again(layer)
    raise InputError(
        f"Layer {layer.name} has no quantized form. Expected: dense or convolutional layers, sums and (capped) ReLUs. "
        f"Received: {type(layer).__name__}."
    )


def _known(options: Mapping[str, Any]) -> dict[str, Any]:
    """HGQ2's dense layer sets these itself."""
    return {
        name: value for name, value in options.items() if name not in ("lora_rank", "quantization_config")
    }


def _lane(values: Events, precision: Precision, margin: Margin = _NO_MARGIN) -> QuantizerConfig:
    """A quantizer of data: the range is that of background events, and what lies outside saturates."""
    signed, bits = bool(values.min() < 0), precision.bits + margin.integer + margin.fraction
    options: dict[str, Any] = {"round_mode": "RND", "overflow_mode": "SAT", "k0": signed}
    if isinstance(precision, Learned):
        least = (reach(values, axis=shared_axes(values)) + margin.integer).tolist()
        # The price of bits would shrink the range, until what is anomalous looks like what is not.
        range_ = {"i0": keras.initializers.Constant(least), "ic": AtLeast(least)}
        width = {"f0": keras.initializers.Constant((bits - np.asarray(least)).tolist())}
        return QuantizerConfig(
            "kif", "datalane", homogeneous_axis=shared_axes(values), **range_, **width, **options
        )
    needed = int(reach(values)) if precision.integer is None else precision.integer - signed
    integer = needed + margin.integer
    return QuantizerConfig(
        "kif", "datalane", i0=integer, f0=bits - signed - integer, **_EVERYWHERE, **options
    )


def _weights(layer: layers.Layer, precision: Precision) -> dict[str, QuantizerConfig]:
    """The quantizers of kernel and bias, whose range is that of the trained weights."""
    kernel, bias = (np.asarray(variable) for variable in (layer.kernel, layer.bias))
    return {
        "kq_conf": _constant(kernel, precision, "weight"),
        "bq_conf": _constant(bias, precision, "bias"),
    }


def _constant(values: Float[np.ndarray, "..."], precision: Precision, place: str) -> QuantizerConfig:
    integer = int(reach(values))
    options: dict[str, Any] = {"round_mode": "RND", "overflow_mode": "SAT_SYM", "k0": True}
    if isinstance(precision, Learned):
        return QuantizerConfig("kbi", place, b0=precision.bits, i0=integer, homogeneous_axis=(), **options)
    integer = integer if precision.integer is None else precision.integer - 1
    return QuantizerConfig("kbi", place, b0=precision.bits - 1, i0=integer, **_EVERYWHERE, **options)
