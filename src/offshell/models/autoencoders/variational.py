"""What the variational autoencoders share: bottlenecks side by side between one encoder and one decoder."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.models import terms
from offshell.models.autoencoders.bottlenecks import CategoricalLatent, GaussianLatent, Latent
from offshell.models.batch import events_at_once
from offshell.models.detector import Detector, check_number
from offshell.models.networks.normalized_output import sums_to_one

__all__ = ["Bottlenecks", "Variational"]

Bottlenecks: TypeAlias = Mapping[str, GaussianLatent | CategoricalLatent]
"""Latent variables by name."""


class Variational(Detector):
    """An autoencoder whose code joins the codes of one or more stochastic bottlenecks.

    Abstract: `VAE` and `JointVAE` choose the bottlenecks.

    Args:
        encoder: network from events to features of shape `(n, features)`; the latent heads are added here.
        decoder: network from codes to events.
        bottlenecks: latent variables by name, in the order in which the decoder sees them.

    Raises:
        InputError: if the code is empty, or the decoder takes codes of another size.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        bottlenecks: Bottlenecks,
        **options: Any,
    ) -> None:
        super().__init__(shape=encoder.input_shape[1:], **options)
        _check_code(decoder, sum(bottleneck.size for bottleneck in bottlenecks.values()))
        for bottleneck in bottlenecks.values():
            if not bottleneck.built:
                bottleneck.build(encoder.output_shape)
        self.encoder, self.decoder, self.bottlenecks = encoder, decoder, dict(bottlenecks)

    @property
    def default_loss(self) -> str:
        """The evidence lower bound with a Gaussian likelihood: squared error plus the KL term of each bottleneck."""
        return " + ".join(["mse", *(f"kl_{name}" for name in self.bottlenecks)])

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`; without `training` the code is its expectation."""
        x = self.scaled(x)
        latents = self._encode(x, training=training)
        x_hat = self._decode(latents, training=training)
        compared = terms.reconstruction(x, x_hat, fixed_sum=sums_to_one(self.decoder))
        latent_terms = (latent.terms for latent in latents.values())
        return {name: term for group in (compared, *latent_terms) for name, term in group.items()}

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """Means and class probabilities of a batch of events by name of the bottleneck, each `(n, size)`."""
        return {name: latent.mean for name, latent in self._encode(self.scaled(x), training=False).items()}

    def reconstruct(self, x: KerasTensor) -> KerasTensor:
        """The reconstructions of a batch of scaled events, of the same shape."""
        return self._decode(self._encode(self.scaled(x), training=False), training=False)

    def generate(self, n_events: int, *, seed: int) -> Float[np.ndarray, "n_events ..."]:
        """Events that the decoder makes of codes drawn from the prior, float32 in the units of the input.

        A decoder that was trained with a squared error gives the mean of what fits a code, so that the events vary less
        than real ones; objects that most events lack are near their mean and not padding, and particles that most jets
        lack have hardly any momentum, but a mask of 1.

        Args:
            n_events: how many events, at least one.
            seed: the same seed gives the same events.

        Raises:
            InputError: if there are no events to make.
        """
        check_number(n_events)
        rng = np.random.default_rng(seed)
        codes = [bottleneck.drawn(n_events, rng) for bottleneck in self.bottlenecks.values()]
        code = np.concatenate(codes, axis=1).astype(np.float32)
        x = self.decoder.predict(code, batch_size=events_at_once(self.shape), verbose=0)
        return x if self.scaling is None else np.asarray(self.scaling.inverse(x))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        networks = {"encoder": self.encoder, "decoder": self.decoder}
        return {**super().get_config(), **networks, "bottlenecks": self.bottlenecks}

    def _encode(self, x: KerasTensor, *, training: bool) -> dict[str, Latent]:
        features = self.encoder(x, training=training)
        return {
            name: bottleneck(features, training=training) for name, bottleneck in self.bottlenecks.items()
        }

    def _decode(self, latents: dict[str, Latent], *, training: bool) -> KerasTensor:
        code = ops.concatenate([latent.code for latent in latents.values()], axis=-1)
        return self.decoder(code, training=training)


def _check_code(decoder: keras.Model, size: int) -> None:
    expected = decoder.input_shape[-1]
    if size != expected or size == 0:
        raise InputError(
            f"The latent code does not fit the decoder. Expected: {expected or 'at least one'} numbers. "
            f"Received: {size} from Gaussian dimensions plus categorical variables times classes."
        )
