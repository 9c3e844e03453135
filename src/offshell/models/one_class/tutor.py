"""Who teaches a student about trigger events: a detector on 24 observables, which no trigger has the time to compute."""

import jax
import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.inputs.objects import FEATURES, N_OBJECTS
from offshell.inputs.observables.events import TRIGGER, of_events
from offshell.models.baselines.baseline import Baseline
from offshell.models.one_class.overlays import overlaid
from offshell.models.one_class.symmetries import Symmetries

__all__ = ["Tutor"]

_AT_ONCE = 2048  # events, whose distances to all references fit into memory


class Tutor:
    r"""Tells how far events are from the background: the term of a detector on the `TRIGGER` observables.

    That is $(\log s - \mu) / \sigma$ with mean and standard deviation of the background, where $s$ is a distance, and
    $(s - \mu) / \sigma$ where it is a logarithm already. The observables
    do not change when an event is turned or mirrored, so that a student may see events in all directions and learn
    the same of each.

    Args:
        detector: of 24 observables, estimated from the background by `adapt`.
    """

    def __init__(self, detector: Baseline) -> None:
        self.detector, self.symmetries = detector, Symmetries()
        self.smallest, self.mean, self.width = 0.0, 0.0, 1.0

    def adapt(self, x: Float[np.ndarray, "n 57"]) -> None:
        """Learn from background events, the 57 numbers of their objects in GeV and radians."""
        seen = _observables(x)
        self.detector.prepare(seen.shape[1:])
        self.detector.adapt(seen)
        parts = range(0, len(seen), _AT_ONCE)
        told = [self.detector.terms_of(seen[begin : begin + _AT_ONCE]) for begin in parts]
        values = np.concatenate([part[self.detector.default_loss] for part in told])
        self.smallest = float(values[values > 0].min()) if values.min() >= 0 else 0.0
        numbers = np.log(np.maximum(values, self.smallest)) if self.smallest else values
        self.mean, self.width = float(numbers.mean()), float(numbers.std())

    def __call__(self, x: KerasTensor) -> KerasTensor:
        """What a student shall say of events `(n, 57)`, shape `(n,)`."""
        shape = jax.ShapeDtypeStruct((x.shape[0], len(TRIGGER)), np.float32)  # type: ignore[no-untyped-call] # JAX gives it no types
        seen = jax.pure_callback(_observables, shape, x, vmap_method="sequential")
        told = self.detector(seen, training=False)[self.detector.default_loss]
        numbers = ops.log(ops.maximum(told, self.smallest)) if self.smallest else told
        return ops.stop_gradient((numbers - self.mean) / self.width)

    def shown(self, x: KerasTensor, seed: keras.random.SeedGenerator) -> KerasTensor:
        """Background events as the student sees them: turned and mirrored at random, with the seed of the student."""
        return self.symmetries.turned(x, seed=seed)

    def unusual(self, x: KerasTensor, seed: keras.random.SeedGenerator) -> KerasTensor:
        """Each event with its neighbor in the batch laid over it: background that hardly ever happens."""
        return overlaid(x, self.shown(ops.roll(x, 1, axis=0), seed))


def _observables(x: Float[np.ndarray, "n 57"]) -> Float[np.ndarray, "n 24"]:
    objects = np.asarray(x, np.float32).reshape(-1, N_OBJECTS, len(FEATURES))
    return of_events(np.pad(objects, [(0, 0), (0, 0), (0, 1)])).astype(np.float32)
