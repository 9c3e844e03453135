"""What a design computes: scaling, network, score and threshold in exact integer arithmetic."""

from dataclasses import dataclass

import keras
import numpy as np
from jaxtyping import Float, Int64

from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import Array, Score

__all__ = ["Shift", "Trigger"]

Integers = Int64[np.ndarray, "n inputs"]


@dataclass(frozen=True)
class Shift:
    """The scaling of `offshell.models.scaling.PowerOfTwo`: subtract an integer, shift, and keep padding at zero.

    Attributes:
        offsets: One for each input.
        shifts: One for each input; to the right where positive.
        group: Inputs of each object; one whose first input is zero is padding. Where nothing is subtracted, padding stays zero
            by itself.
    """

    offsets: Int64[np.ndarray, " inputs"]
    shifts: Int64[np.ndarray, " inputs"]
    group: int

    def __call__(self, x: Array) -> Array:
        """Scaled inputs, `(n, inputs)`, from whole numbers."""
        scaled = (x - self.offsets) * 2.0**-self.shifts
        subtracted = np.flatnonzero(self.offsets)
        present = np.repeat(x[..., :: self.group], self.group, axis=-1) != 0
        scaled[..., subtracted] = np.where(present[..., subtracted], scaled[..., subtracted], 0)
        return scaled


@dataclass(frozen=True)
class Trigger:
    """A trigger: integers of an event in, an integer score and one bit out.

    Attributes:
        formats: Of each input, flattened. Fixed-point inputs (pixels) have fraction bits, hardware units have none.
        shape: Of one event as the network sees it.
        scaling: What comes before the network; `None` for images.
        network: A functional Keras model of HGQ2 layers from scaled inputs to what the score needs; `None` for a score
            that needs none.
        score: What is made of its outputs.
        fraction: Bits after the binary point of the integer score.
        threshold: The bit is set where the integer score is above it.
    """

    formats: tuple[Fixed, ...]
    shape: tuple[int, ...]
    scaling: Shift | None
    network: keras.Model | None
    score: Score
    fraction: int
    threshold: int

    @property
    def fractions(self) -> Int64[np.ndarray, " inputs"]:
        """Bits after the binary point of each input."""
        return np.array([found.fraction for found in self.formats])

    def integers(self, x: Float[np.ndarray, "n ..."]) -> Integers:
        """Events as the detector sees them, on the wires: rounded and saturated, `(n, inputs)`."""
        flat = x.reshape(len(x), -1)
        return np.stack([form.integers(flat[:, i]) for i, form in enumerate(self.formats)], axis=1)

    def scaled(self, values: Array) -> Array:
        """What the network sees of inputs `(n, inputs)`, still flat."""
        return values if self.scaling is None else self.scaling(values)

    def seen(self, integers: Integers) -> Float[np.ndarray, "n ..."]:
        """What the network sees of integers on the wires, in its shape."""
        scaled: Float[np.ndarray, "n inputs"] = self.scaled(integers * 2.0**-self.fractions)
        return scaled.reshape(-1, *self.shape).astype(np.float32)

    def outputs(self, integers: Integers) -> list[Float[np.ndarray, "n size"]]:
        """What the network gives, by Keras."""
        if self.network is None:
            return []
        x = self.seen(integers)
        outputs = self.network.predict(x, batch_size=4096, verbose=0)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        return [np.asarray(output, np.float64).reshape(len(x), -1) for output in outputs]

    def scores(self, integers: Integers) -> Int64[np.ndarray, " n"]:
        """The integer scores by Keras and float64: what every other way has to reproduce."""
        scaled = self.scaled(integers * 2.0**-self.fractions)
        scores: Float[np.ndarray, " n"] = self.score.head(scaled, self.outputs(integers))
        return np.rint(scores * 2.0**self.fraction).astype(np.int64)

    def decisions(self, integers: Integers) -> Int64[np.ndarray, "n 2"]:
        """Integer scores and bits."""
        scores = self.scores(integers)
        return np.stack([scores, scores > self.threshold], axis=1)
