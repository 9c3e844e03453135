"""Outlier exposure: a classifier of background against artificial outliers, read as how rare the background is there."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import jax.numpy as jnp
import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import BeforeValidator, Field, NonNegativeInt, PositiveFloat, PositiveInt

from offshell.errors import InputError
from offshell.models.batch import batchwise
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape, is_vector, n_features
from offshell.models.networks.named import Network
from offshell.models.outlier_exposure.boosted_trees import BoostedTrees
from offshell.models.outlier_exposure.calibration import Calibration
from offshell.models.outlier_exposure.mass_spectrum import MassSpectrum
from offshell.models.settings import DetectorSettings
from offshell.settings.table import listed

__all__ = ["SIX", "OutlierExposure", "OutlierExposureSettings"]

Events = Float[np.ndarray, "n ..."]

SIX = ("resolved3", "resolved4", "cores", "splittings", "blobs", "fragmented")
"""Families of `offshell.pseudo_anomalies` that reach widest together; a number at the end is that of prongs."""


@keras.saving.register_keras_serializable(package="offshell")
class OutlierExposure(Detector):
    r"""A committee of classifiers, each of which tells the background from one family of artificial outliers.

    Terms: for each family $-\ln p_b$, the rareness of the output of its classifier among background events that it has not
    learned from. A weighted sum of terms is a committee; the default is the plain sum, Fisher's method. With `mass_column` there
    is one more term, `rare_mass`, $-\ln p_b(m)$ with the mass spectrum of the background: `- 0.5 * rare_mass` keeps heavy
    background out of the tail of a committee. A network has one output for each family and the loss `cross_entropy`, which
    exists only in training; boosted trees are grown by `adapt`.

    `offshell.fit(model, x, outliers=y)` trains it. Sources: outlier exposure, Hendrycks, Mazeika and Dietterich
    (arXiv:1812.04606); at colliders, Anomaly Awareness of Khosa and Sanz (arXiv:2007.14462).

    Args:
        classifier: `BoostedTrees`, or a network from events to `(n, families)`.
        families: names of the terms.
        shape: shape of one event.
        mass_column: feature that is the mass in GeV.

    Raises:
        InputError: if a name cannot stand in a weighted sum, or there is no such feature.
    """

    def __init__(
        self,
        classifier: keras.Layer,
        *,
        families: Sequence[str],
        shape: tuple[int, ...],
        mass_column: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(shape=shape, **options)
        if mass_column is not None and not (is_vector(shape) and mass_column < shape[0]):
            raise InputError(
                f"mass_column is no feature. Expected: one of those of a vector. Received: mass_column={mass_column}, shape {shape}."
            )
        self.families, self.mass_column = _checked(families), mass_column
        self.classifier = classifier
        self.calibration = Calibration(scores=len(self.families))
        self.mass_spectrum = None if mass_column is None else MassSpectrum()
        self.is_exposed = False
        self.outliers = [jnp.zeros((1, *shape)) for _ in self.families]
        self.seed_generator = keras.random.SeedGenerator()

    @property
    def default_loss(self) -> str:
        """All families, or what trains a network of them."""
        return " + ".join(self.families) if self.is_boosted else "cross_entropy"

    @property
    def is_boosted(self) -> bool:
        """Whether the classifier is one of trees, which are not trained by gradient."""
        return isinstance(self.classifier, BoostedTrees)

    def expose(self, outliers: Mapping[str, Events]) -> None:
        """Take outliers to learn from, `{family: (n, *shape)}`; they are not saved with the model.

        Raises:
            InputError: if families are missing or unknown, or their events do not fit.
        """
        _refuse_others(outliers, self.families, self.shape)
        self.is_exposed = True
        self.outliers = [jnp.asarray(outliers[family], jnp.float32) for family in self.families]

    def adapt(self, x: Events) -> None:
        """Scale, take the mass spectrum of background events `(n, *shape)`, and grow trees, if it has some.

        Raises:
            InputError: if there are no outliers yet.
        """
        if not self.is_exposed:
            raise InputError(
                "Nothing to tell the background from. Expected: offshell.fit(model, x, outliers={family: events}). "
                "Received: no outliers."
            )
        super().adapt(x)
        if self.mass_spectrum is not None:
            self.mass_spectrum.adapt(np.asarray(x)[:, self.mass_column])
        if self.is_boosted:
            self.classifier.grow(
                np.asarray(self.scaled(x)), (np.asarray(self.scaled(y)) for y in self.outliers)
            )

    def calibrate(self, x: Events) -> None:
        """Learn from background events `(n, *shape)` that it was not trained on how rare the outputs of the classifier are."""
        self.prepare(self.shape)
        self.calibration.adapt(batchwise(self, self._log_odds)(np.asarray(x, np.float32)))

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        log_odds = self._log_odds(x, training=training)
        rareness = self.calibration(log_odds)
        found = {family: rareness[:, i] for i, family in enumerate(self.families)}
        if self.mass_spectrum is not None:
            found["rare_mass"] = self.mass_spectrum(x[:, self.mass_column])
        if training and not self.is_boosted:
            found["cross_entropy"] = self._cross_entropy(log_odds)
        return found

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        own = {"families": self.families, "shape": self.shape, "mass_column": self.mass_column}
        return {**super().get_config(), "classifier": self.classifier, **own}

    def _log_odds(self, x: KerasTensor, *, training: bool = False) -> KerasTensor:
        return self.classifier(self.scaled(x), training=training)

    def _cross_entropy(self, log_odds: KerasTensor) -> KerasTensor:
        """Of each background event against all families and of an outlier of a random one, all families alike."""
        outliers, family = self._drawn(ops.shape(log_odds)[0])
        exposed = ops.take_along_axis(self._log_odds(outliers, training=True), family[:, None], axis=1)
        return ops.mean(ops.softplus(log_odds), axis=1) + ops.softplus(-exposed[:, 0])

    def _drawn(self, n_events: int) -> tuple[KerasTensor, KerasTensor]:
        sizes = np.array([len(y) for y in self.outliers])
        family = keras.random.randint((n_events,), 0, len(sizes), seed=self.seed_generator)
        chance = keras.random.uniform((n_events,), seed=self.seed_generator)
        size, first = ops.take(sizes, family), ops.take(np.cumsum(sizes) - sizes, family)
        row = first + ops.minimum(ops.cast(chance * ops.cast(size, "float32"), "int32"), size - 1)
        return ops.take(jnp.concatenate(self.outliers), row, axis=0), family


def _checked(families: Sequence[str]) -> list[str]:
    wrong = [name for name in families if not name.isidentifier() or name in {"rare_mass", "cross_entropy"}]
    if wrong or not families or len(set(families)) < len(families):
        raise InputError(
            f"Families cannot be named so. Expected: different names such as r3. Received: {', '.join(families) or 'none'}."
        )
    return list(families)


def _refuse_others(outliers: Mapping[str, Events], families: Sequence[str], shape: Shape) -> None:
    if set(outliers) != set(families):
        raise InputError(
            f"Outliers do not fit the detector. Expected: the families {', '.join(families)}. "
            f"Received: {', '.join(outliers) or 'none'}."
        )
    for family, events in outliers.items():
        found = np.asarray(events)
        if found.shape[1:] != tuple(shape) or not len(found) or not np.isfinite(found).all():
            raise InputError(
                f"outliers[{family!r}] do not fit. Expected: finite numbers of shape {('n', *shape)}. "
                f"Received: shape {found.shape}, {np.count_nonzero(~np.isfinite(found))} numbers not finite."
            )


class OutlierExposureSettings(DetectorSettings):
    """An `OutlierExposure` of boosted trees, or of a network where a table `[model.network]` says which."""

    kind: Literal["outlier-exposure"] = "outlier-exposure"
    families: Annotated[list[str], Field(min_length=1), BeforeValidator(listed)] = [*SIX]
    mass_column: NonNegativeInt | None = None
    trees: PositiveInt = 150
    leaves: int = Field(default=16, ge=2, le=256)
    learning_rate: PositiveFloat = 0.08
    network: Network | None = None

    def detector(self, shape: Shape, *, seed: int) -> OutlierExposure:  # noqa: ARG002 - trees draw nothing
        """The detector, which knows no outliers yet."""
        return OutlierExposure(
            self._classifier(shape),
            families=self.families,
            shape=shape,
            mass_column=self.mass_column,
            scaling=self.scaling_of(shape),
        )

    def _classifier(self, shape: Shape) -> keras.Layer:
        kinds = len(self.families)
        if self.network is not None:
            return self.network.encoder(shape, size=kinds)
        return BoostedTrees(
            kinds=kinds,
            features=n_features(shape),
            trees=self.trees,
            leaves=self.leaves,
            learning_rate=self.learning_rate,
        )
