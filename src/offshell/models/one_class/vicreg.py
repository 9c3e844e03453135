"""VICReg: learn what survives masking and smearing, then how the background is spread in that embedding."""

from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import Field, NonNegativeFloat, PositiveInt

from offshell.models import terms
from offshell.models.autoencoders.corruption import Corruption, corruption_of
from offshell.models.baselines.gaussian_mixture import GaussianMixture
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape, n_features
from offshell.models.networks.dense import DenseSettings, dense_encoder
from offshell.models.one_class.effective_rank import warn_if_collapsed
from offshell.models.one_class.symmetries import Symmetries, symmetries_of
from offshell.models.settings import DetectorSettings

__all__ = ["VICReg", "VICRegSettings", "vicreg"]


@keras.saving.register_keras_serializable(package="offshell")
class VICReg(Detector):
    r"""A density and an autoencoder in an embedding that was trained by variance-invariance-covariance regularization.

    Terms: `nll`, the negative log-likelihood of the embedding $h = \mathrm{embedder}(x)$ under a mixture of Gaussians, which is
    estimated when training ends; `mse`, $\lVert h - \mathrm{decoder}(\mathrm{encoder}(h)) \rVert^2$; in training also `vicreg` of the
    expanded embeddings of two views of each event, which are turned and mirrored and then corrupted. The embedding learns from
    `vicreg` only, the autoencoder from `mse` only, so that both train at once; `loss="vicreg"` and then `loss="mse"` trains
    them one after the other. Epochs are compared by `quality`, `vicreg` plus the share of the variance of the embedding that
    the autoencoder loses: `mse` itself is smallest where the embedding has shrunk.
    Source: Bardes, Ponce and LeCun (arXiv:2105.04906); as the level-1 trigger of CMS uses it since 2025 (AXOL1TL v5:
    embedder 57-29-10, autoencoder 10-9-6-4-6-9-10; github.com/cms-hls4ml/AXOL1TL), whose research code had the mixture.

    Args:
        embedder: network from events to embeddings `(n, size)`.
        expander: network from embeddings to the space where `vicreg` is computed; used in training only.
        encoder: network from embeddings to codes.
        decoder: network from codes to embeddings.
        corruption: how the two views are made, after scaling.
        symmetries: what is done to each of them before scaling, if anything.
        components: number of Gaussians in the embedding.
    """

    default_loss = "vicreg + mse"
    validated_by = "quality"

    def __init__(
        self,
        embedder: keras.Model,
        expander: keras.Model,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        corruption: Corruption,
        symmetries: Symmetries | None = None,
        components: int = 8,
        **options: Any,
    ) -> None:
        super().__init__(shape=embedder.input_shape[1:], **options)
        self.embedder, self.expander = embedder, expander
        self.encoder, self.decoder = encoder, decoder
        self.corruption, self.symmetries, self.components = corruption, symmetries, components
        self.mixture = GaussianMixture(shape=embedder.output_shape[1:], components=components)

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Adapt the scaling, and the symmetries to the units of the events, `(n, *shape)`."""
        super().adapt(x)
        if self.symmetries is not None:
            self.symmetries.adapt(x)

    def conclude(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Find the Gaussians in the embedding of background events `(n, *shape)`, and warn if that has collapsed."""
        x = np.asarray(self.scaled(x))
        embedded = self.embedder.predict(x, verbose=0)
        warn_if_collapsed(embedded, x, detector="VICReg")
        self.mixture.adapt(embedded)

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        embedding = ops.stop_gradient(self.embedder(self.scaled(x)))
        restored = self.decoder(self.encoder(embedding, training=training), training=training)
        found = {**self.mixture(embedding), "mse": terms.mse(embedding, restored)}
        if training:
            found["vicreg"] = vicreg(self._view(x), self._view(x))
            lost = ops.mean(found["mse"]) / (ops.sum(ops.var(embedding, axis=0)) + 1e-12)
            found["quality"] = ops.stop_gradient(found["vicreg"] + lost)
        return found

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """Embeddings and codes of a batch of events, `{"embedding": (n, size), "bottleneck": (n, size)}`."""
        embedding = self.embedder(self.scaled(x))
        return {"embedding": embedding, "bottleneck": self.encoder(embedding)}

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        names = ("embedder", "expander", "encoder", "decoder", "corruption", "symmetries", "components")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    def _view(self, x: KerasTensor) -> KerasTensor:
        """Expanded embeddings of a batch of events, turned, mirrored and corrupted anew at each call."""
        turned = x if self.symmetries is None else self.symmetries(x, training=True)
        seen = self.corruption(self.scaled(turned), training=True)
        return self.expander(self.embedder(seen, training=True), training=True)


def vicreg(a: KerasTensor, b: KerasTensor) -> KerasTensor:
    r"""Variance-invariance-covariance loss of the embeddings of two views, $25\,[s + v(a) + v(b)] + c(a) + c(b)$.

    Invariance $s$, the mean squared difference of the two views, is that of each event. Variance
    $v = \frac1d \sum_j \max(0, 1 - \sqrt{\mathrm{Var}\,a_j + 10^{-4}})$ and covariance
    $c = \frac1d \sum_{i \ne j} \mathrm{Cov}(a_i, a_j)^2$ are those of the batch. Source: Bardes, Ponce and LeCun
    (arXiv:2105.04906), equations 1 to 6, with their weights 25, 25 and 1.

    Args:
        a: embeddings of the first view, shape `(n, d)` with n > 1.
        b: embeddings of the second view of the same events.

    Returns:
        One number >= 0 for each event, shape `(n,)`.
    """
    invariance = ops.mean(ops.square(a - b), axis=1)
    covariances = (_covariance(a), _covariance(b))
    variance = sum(_too_narrow(covariance) for covariance in covariances)
    covariance = sum(_off_diagonal(covariance) for covariance in covariances)
    return 25 * (invariance + variance) + covariance


def _covariance(values: KerasTensor) -> KerasTensor:
    centered = values - ops.mean(values, axis=0, keepdims=True)
    return ops.matmul(ops.transpose(centered), centered) / (ops.shape(values)[0] - 1)


def _too_narrow(covariance: KerasTensor) -> KerasTensor:
    """How far the widths stay below one, the mean over the dimensions."""
    return ops.mean(ops.relu(1 - ops.sqrt(ops.diagonal(covariance) + 1e-4)))


def _off_diagonal(covariance: KerasTensor) -> KerasTensor:
    """The sum of squares off the diagonal, divided by the number of dimensions."""
    squares = ops.square(covariance)
    return (ops.sum(squares) - ops.sum(ops.diagonal(squares))) / covariance.shape[0]


class VICRegSettings(DetectorSettings):
    """A `VICReg`: an embedding `hidden` + `embedding`, in it `components` Gaussians and an autoencoder `network` + `size`."""

    kind: Literal["vicreg"] = "vicreg"
    hidden: list[PositiveInt] = [64]
    embedding: int = Field(default=32, gt=1)
    components: PositiveInt = 8
    expander: list[PositiveInt] = Field(default=[64, 64], min_length=1)
    size: PositiveInt = 4
    noise: NonNegativeFloat = 0.1
    masking: float = Field(default=0.1, ge=0, lt=1)
    network: DenseSettings

    def detector(self, shape: Shape, *, seed: int) -> VICReg:  # noqa: ARG002 - there is nothing to draw
        """Embedder and expander of these widths, encoder and decoder of the network."""
        *widths, last = self.expander
        scaling = self.scaling_of(shape)
        return VICReg(
            dense_encoder(n_features(shape), hidden=self.hidden, size=self.embedding),
            dense_encoder(self.embedding, hidden=widths, size=last, bias=False),
            self.network.encoder((self.embedding,), size=self.size),
            self.network.decoder((self.embedding,), self.size),
            corruption=corruption_of(shape, scaling, noise=self.noise, masking=self.masking),
            symmetries=symmetries_of(shape),
            components=self.components,
            scaling=scaling,
        )
