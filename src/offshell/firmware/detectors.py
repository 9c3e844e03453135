"""From a quantized detector to the trigger that computes one of its scores."""

import math
from collections.abc import Sequence
from dataclasses import replace

import keras
import numpy as np
from jaxtyping import Float

from offshell import settings
from offshell.compress.products import is_quantized
from offshell.errors import InputError
from offshell.firmware.rtl.compiler import score_format
from offshell.firmware.trigger.definition import Shift, Trigger
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import (
    Direct,
    GaussianKL,
    Radius,
    ScalarSum,
    Score,
    SquaredDistance,
    SquaredNorm,
)
from offshell.inputs.hardware import SCALES, Scale
from offshell.inputs.objects import FEATURES, JETS
from offshell.inputs.prepare import shape
from offshell.models.autoencoders.deterministic import Deterministic
from offshell.models.autoencoders.variational import Variational
from offshell.models.detector import Detector
from offshell.models.one_class.vicreg import VICReg
from offshell.models.scaling.events import PowerOfTwo

__all__ = ["trigger_of"]

# Pixels are in [0, 1]; eight bits are what the detectors of the trigger give.
_PIXEL = Fixed(signed=False, integer=0, fraction=8)

_PT_OF_JETS = tuple(row * len(FEATURES) for row in range(JETS.start, JETS.stop))

_LATENT_SCORES: dict[str, tuple[type[Score], tuple[str, ...]]] = {
    "mu2": (SquaredNorm, ("mean",)),
    "radius": (Radius, ("mean", "log_var")),
    "kl_gaussian": (GaussianKL, ("mean", "log_var")),
}


def trigger_of(
    detector: Detector, score: str, inputs: settings.Inputs, x: Float[np.ndarray, "n ..."]
) -> Trigger:
    """The trigger that computes a score, with only the part of the network that it needs; its threshold is still zero.

    Args:
        detector: with quantized networks and integer inputs.
        score: a term of the detector, or `ht`.
        inputs: what the detector sees of an event.
        x: background events as the detector sees them, from which the range of residuals is taken.

    Raises:
        InputError: if the inputs are not integers, the networks are not quantized, or firmware has no such score.
    """
    network, found = _network(detector, score)
    if network:
        _refuse_float(network)
        network = _copy(network)
    formats = _formats(inputs)
    scaling = _shift(detector) if len(shape(inputs)) == 1 else None
    draft = Trigger(
        formats=formats,
        shape=shape(inputs),
        scaling=scaling if network else None,
        network=network,
        score=found,
        fraction=0,
        threshold=0,
    )
    integers = draft.integers(x)
    scaled = draft.scaled(integers * 2.0**-draft.fractions)
    fitted = replace(draft, score=found.fitted(scaled, draft.outputs(integers)))
    return replace(fitted, fraction=score_format(fitted).fraction)


def _network(detector: Detector, score: str) -> tuple[keras.Model | None, Score]:
    """What comes between inputs and score, in one network without nested ones."""
    if score == "ht":
        return None, ScalarSum(_PT_OF_JETS)
    if isinstance(detector, Variational) and score in _LATENT_SCORES:
        kind, heads = _LATENT_SCORES[score]
        return _latent_network(detector, heads), kind()
    if score == "mse" and isinstance(detector, Deterministic):
        encoder = detector.encoder
        return keras.Model(encoder.inputs, _followed(encoder.outputs[0], detector.decoder)), SquaredDistance()
    if score == "mse" and isinstance(detector, VICReg):
        embedding = detector.embedder.outputs[0]
        restored = _followed(_followed(embedding, detector.encoder), detector.decoder)
        return keras.Model(detector.embedder.inputs, [embedding, restored]), SquaredDistance()
    if score == "student":
        return detector.network, Direct()
    raise InputError(
        f"Firmware has no such score. Expected: {', '.join(_LATENT_SCORES)} of a variational autoencoder, mse of another "
        f"autoencoder or of VICReg, student, or ht. Received: {score} of {type(detector).__name__}."
    )


def _latent_network(detector: Variational, heads: Sequence[str]) -> keras.Model:
    features, bottleneck = detector.encoder.outputs[0], detector.bottlenecks["gaussian"]
    return keras.Model(detector.encoder.inputs, [getattr(bottleneck, head)(features) for head in heads])


def _followed(x: keras.KerasTensor, network: keras.Model) -> keras.KerasTensor:
    """What a chain of layers makes of a tensor."""
    for layer in network.layers[1:]:
        x = layer(x)
    return x


def _copy(network: keras.Model) -> keras.Model:
    """The same network from layers that nothing else uses, so that each has one input."""
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    return copy


def _refuse_float(network: keras.Model) -> None:
    for layer in network.layers:
        if isinstance(layer, keras.layers.Dense | keras.layers.Conv2D) and not is_quantized(layer):
            raise InputError(
                f"The network computes in floating point. Expected: a compressed run (offshell compress RUN). Received: "
                f"layer {layer.name} of type {type(layer).__name__}."
            )


def _formats(inputs: settings.Inputs) -> tuple[Fixed, ...]:
    match inputs:
        case settings.Images():
            return (_PIXEL,) * math.prod(shape(inputs))
        case settings.Objects(units="hardware"):
            return tuple(form for scale in SCALES for form in _object(scale))
    raise InputError(
        "Firmware takes integers. Expected: a run with inputs.units = hardware, or with jet images. "
        f"Received: {inputs.kind}{' in GeV' if isinstance(inputs, settings.Objects) else ''}."
    )


def _object(scale: Scale) -> tuple[Fixed, ...]:
    """Formats of the objects of one kind: pt, eta and phi of each."""
    pt = Fixed(signed=False, integer=scale.pt_bits, fraction=0)
    eta = Fixed(signed=True, integer=scale.eta_bits - 1, fraction=0)
    phi = Fixed(signed=False, integer=int(scale.phi_steps - 1).bit_length(), fraction=0)
    n_objects: int = scale.rows.stop - scale.rows.start
    return (pt, eta, phi) * n_objects


def _shift(detector: Detector) -> Shift:
    scaling = detector.scaling
    if not isinstance(scaling, PowerOfTwo):
        raise InputError(
            "Firmware scales by subtracting and shifting. Expected: a run with model.scaling = shift or power-of-two. "
            f"Received: {type(scaling).__name__}."
        )
    offsets, shifts = (np.asarray(weight, np.int64) for weight in (scaling.offsets, scaling.shifts))
    return Shift(offsets, shifts, scaling.group)
