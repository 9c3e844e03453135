"""What flow matching and diffusion share: one velocity field that carries noise to events, and back."""

import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

import jax
import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.models import terms
from offshell.models.batch import events_at_once
from offshell.models.densities.conditions import Conditions, by_falling_pt
from offshell.models.densities.paths.ode import heun, with_divergence
from offshell.models.densities.presence import Presence
from offshell.models.detector import Detector, check_number
from offshell.models.event_shapes import N_COORDINATES, is_cloud

__all__ = ["ContinuousFlow", "Path"]

_EXACT_TRACE = 16  # coordinates up to which the trace of the Jacobian is summed, one product with it for each
_TIMES = (0.6, 0.7, 0.8, 0.9)


class Path(NamedTuple):
    r"""A noisy event $x_t = a(t) x + b(t) \epsilon$ at one time, with $\epsilon \sim N(0, 1)$ and $x_0 = \epsilon$, $x_1 = x$."""

    signal: KerasTensor
    """The factor of the event, $a$."""
    noise: KerasTensor
    """The factor of the noise, $b$."""
    signal_rate: KerasTensor
    """The derivative of the first, $da/dt$."""
    noise_rate: KerasTensor
    """The derivative of the second, $db/dt$."""


class ContinuousFlow(Detector):
    r"""A network that tells the mean velocity $v(x_t, t) = E[dx_t/dt \mid x_t]$ of events on their way from noise.

    Abstract: `FlowMatching` and `Diffusion` choose the path. Events are vectors `(n, features)`, or clouds
    `(n, particles, columns)` in the layouts "relative" and "relative-pt" with a scaling `StandardizeClouds`; the flow of a cloud
    is conditioned on its number of particles and, with a column `jet_pt`, on that; the flow of a vector on which of its features
    are there, those that are not exactly zero after scaling. Padding never counts.

    Terms: `denoising_error`, the squared error of the velocity $dx_t/dt$ for each coordinate that is there, the mean over
    four times in the last half of the way and four noises, the same for all events; and with likelihood steps `nll`,
    $-\log p(x)$ in scaled coordinates by the instantaneous change of variables (Chen et al., arXiv:1806.07366): exact up to
    the error of the steps for at most 16 coordinates, else with a trace estimated along one vector of random signs, the
    same for all events. In training there is also the term of the class, with random times and noises.

    Args:
        network: from `[x_t, time, present]` (vectors) or `[x_t, time, condition, mask]` (clouds) to velocities; see
            `time_conditioned`.
        generation_steps: of Heun's method when events are generated, two evaluations of the network each.
        likelihood_steps: the same for the term `nll`; zero leaves it out, because it costs some tens of times as much as
            the others.
    """

    def __init__(
        self,
        network: keras.Model,
        *,
        generation_steps: int = 25,
        likelihood_steps: int = 0,
        **options: Any,
    ) -> None:
        x_t, _, condition, *_ = [tensor.shape[1:] for tensor in network.inputs]
        shape = (x_t[0], N_COORDINATES + condition[0]) if is_cloud(x_t) else x_t
        super().__init__(shape=shape, **options)
        self.network = network
        self.generation_steps, self.likelihood_steps = generation_steps, likelihood_steps
        self.conditions: Conditions | Presence = (
            Conditions(particles=shape[0], columns=shape[1]) if is_cloud(shape) else Presence(shape[0])
        )
        self.seed_generator = keras.random.SeedGenerator()
        noises = np.random.default_rng(0).normal(size=(len(_TIMES), *x_t))
        self.noises = self.add_weight(noises.shape, noises, trainable=False, name="noises")

    @abstractmethod
    def probability_path(self, time: KerasTensor) -> Path:
        """The way from noise at time 0 to the event at time 1, for times of any shape."""

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Adapt the scaling, and learn how many particles and what momenta jets have, or which features of a vector are there."""
        super().adapt(x)
        of_vectors = isinstance(self.conditions, Presence)
        self.conditions.adapt(np.asarray(self.scaled(x)) if of_vectors else x)

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        x = ops.convert_to_tensor(x)
        coordinates, condition = self.scaled(x)[..., : self.noises.shape[-1]], self._condition(x)
        found = self.compare(coordinates, condition)
        if training:
            found[self.default_loss] = self._trained_error(coordinates, condition)
        return found

    def compare(self, coordinates: KerasTensor, condition: Sequence[KerasTensor]) -> dict[str, KerasTensor]:
        """The terms of events in scaled coordinates, without random numbers."""
        found = {"denoising_error": self._denoising_error(coordinates, condition)}
        if isinstance(self.conditions, Presence):
            found["multiplicity"] = self.conditions(condition[-1])
        return {**found, "nll": self._nll(coordinates, condition)} if self.likelihood_steps else found

    def velocity(
        self, x_t: KerasTensor, time: KerasTensor | float, condition: Sequence[KerasTensor]
    ) -> KerasTensor:
        """Mean velocities of noisy events in scaled coordinates, of the same shape.

        Args:
            x_t: noisy events.
            time: from 0 (noise) to 1 (events), one for all or `(n, 1)`.
            condition: for clouds the numbers of `Conditions`, `(n, columns - 3)`, and the mask `(n, particles, 1)`; for vectors
                one for each feature that is there, else zero, `(n, features)`.
        """
        time = ops.broadcast_to(ops.convert_to_tensor(time, x_t.dtype), (ops.shape(x_t)[0], 1))
        return self.network([x_t, time, *condition])

    def denoised(self, x_t: KerasTensor, time: KerasTensor, condition: Sequence[KerasTensor]) -> KerasTensor:
        r"""The mean of the events that could have become $x_t$, $E[x \mid x_t]$, as the velocity tells it.

        Args:
            x_t: noisy events in scaled coordinates.
            time: between 0 and 1, shape `(n, 1)`.
            condition: see `velocity`.
        """
        a, b, a_rate, b_rate = self.probability_path(_like(x_t, time))
        return (b * self.velocity(x_t, time, condition) - b_rate * x_t) / (a_rate * b - a * b_rate)

    def generate(self, n_events: int, *, seed: int) -> Float[np.ndarray, "n ..."]:
        """New events as they were given for training; clouds have the numbers of particles and momenta of the background.

        Args:
            n_events: how many.
            seed: the same one gives the same events.

        Returns:
            float32, of shape `(n_events, *shape)`, particles by falling pt.

        Raises:
            InputError: if there are no events to generate.
        """
        check_number(n_events)
        rng, size = np.random.default_rng(seed), events_at_once(self.shape)
        batches = [self._generated(size, rng) for _ in range(-(-n_events // size))]
        return np.concatenate(batches)[:n_events]

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        steps = {"generation_steps": self.generation_steps, "likelihood_steps": self.likelihood_steps}
        return {**super().get_config(), "network": self.network, **steps}

    def _condition(self, x: KerasTensor) -> list[KerasTensor]:
        of_vectors = isinstance(self.conditions, Presence)
        return [ops.cast(self.scaled(x) != 0, x.dtype)] if of_vectors else [self.conditions(x), x[..., -1:]]

    def _squared_error(
        self,
        coordinates: KerasTensor,
        noise: KerasTensor,
        time: KerasTensor,
        condition: Sequence[KerasTensor],
    ) -> KerasTensor:
        """Of the velocity of each event, whose way begins at its noise."""
        a, b, a_rate, b_rate = self.probability_path(_like(coordinates, time))
        noise = noise * condition[-1]
        velocity = self.velocity(a * coordinates + b * noise, time, condition)
        return terms.mse(a_rate * coordinates + b_rate * noise, velocity)

    def _trained_error(self, coordinates: KerasTensor, condition: Sequence[KerasTensor]) -> KerasTensor:
        n = ops.shape(coordinates)[0]
        noise = keras.random.normal(ops.shape(coordinates), seed=self.seed_generator)
        # Times spread evenly over the batch keep the noise of the loss down (Kingma et al., arXiv:2107.00630).
        first = keras.random.uniform((1, 1), seed=self.seed_generator)
        time = (first + ops.reshape(ops.arange(n, dtype=first.dtype), (-1, 1)) / n) % 1.0
        return self._squared_error(coordinates, noise, time, condition)

    def _denoising_error(self, coordinates: KerasTensor, condition: Sequence[KerasTensor]) -> KerasTensor:
        """For each coordinate that is there, the mean over the fixed times and noises."""
        n, k = ops.shape(coordinates)[0], len(_TIMES)
        x, *repeated = (ops.concatenate([array] * k) for array in (coordinates, *condition))
        time = ops.reshape(ops.repeat(ops.convert_to_tensor(_TIMES), n), (-1, 1))
        errors = self._squared_error(x, ops.repeat(self.noises, n, axis=0), time, repeated)
        return ops.mean(ops.reshape(errors, (k, n)), axis=0) / ops.maximum(
            self._n_coordinates(condition), 1.0
        )

    def _n_coordinates(self, condition: Sequence[KerasTensor]) -> KerasTensor:
        """How many an event has without its padding."""
        present = condition[-1] * ops.ones_like(self.noises[0])
        return ops.sum(present, axis=tuple(range(1, len(present.shape))))

    def _nll(self, coordinates: KerasTensor, condition: Sequence[KerasTensor]) -> KerasTensor:
        field = with_divergence(lambda x, time: self.velocity(x, time, condition), self._probes())
        start = (coordinates, ops.zeros_like(coordinates[(..., *[0] * (len(coordinates.shape) - 1))]))
        noise, gained = heun(field, start, begin=1.0, end=0.0, steps=self.likelihood_steps)
        normalization = self._n_coordinates(condition) * math.log(2 * math.pi)
        return (terms.mu2(noise) + normalization) / 2 - gained

    def _probes(self) -> KerasTensor:
        shape = tuple(self.noises.shape[1:])
        if math.prod(shape) <= _EXACT_TRACE:
            return ops.reshape(ops.eye(math.prod(shape)), (-1, *shape))
        return ops.sign(self.noises[:1])

    @cached_property
    def _compiled_way(self) -> Callable[..., KerasTensor]:
        """From noise to scaled events, as a compiled function of the weights of the network."""

        def way(values: list[KerasTensor], noise: KerasTensor, condition: list[KerasTensor]) -> KerasTensor:
            with keras.StatelessScope(list(zip(self.network.variables, values, strict=True))):
                field = partial(self.velocity, condition=condition)
                return heun(field, noise, begin=0.0, end=1.0, steps=self.generation_steps)

        return jax.jit(way)

    def _generated(self, n: int, rng: np.random.Generator) -> Float[np.ndarray, "n ..."]:
        """Some events; `n` is the size of a batch, so that there is one compilation."""
        blank, condition = self._asked_for(n, rng)
        noise = rng.standard_normal((n, *self.noises.shape[1:]), np.float32) * condition[-1]
        values = [variable.value for variable in self.network.variables]
        return self._finished(self._compiled_way(values, noise, condition), blank, condition[-1])

    def _asked_for(self, n: int, rng: np.random.Generator) -> tuple[KerasTensor, list[KerasTensor]]:
        """Events with everything that is asked for and zeros in place of what is generated, and their condition."""
        if isinstance(self.conditions, Conditions):
            blank = self.conditions.blank(n, rng)
            return blank, self._condition(blank)
        return ops.zeros((n, *self.shape)), [self.conditions.draw(n, rng).astype(np.float32)]

    def _finished(
        self, coordinates: KerasTensor, blank: KerasTensor, present: KerasTensor
    ) -> Float[np.ndarray, "n ..."]:
        """Unscaled events; the particles of clouds by falling pt, what vectors do not have as zero."""
        scaled = ops.concatenate([coordinates, blank[..., coordinates.shape[-1] :]], axis=-1)
        x = scaled if self.scaling is None else self.scaling.inverse(scaled)
        of_vectors = isinstance(self.conditions, Presence)
        return np.asarray(x * present if of_vectors else by_falling_pt(x), np.float32)


def _like(x: KerasTensor, time: KerasTensor) -> KerasTensor:
    """Times `(n, 1)` with as many axes as events have."""
    return ops.reshape(time, (-1, *[1] * (len(x.shape) - 1)))
