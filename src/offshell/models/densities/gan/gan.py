"""Generative adversarial networks: a generator of jets and a critic that tells them from real ones."""

from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import PositiveFloat

from offshell.errors import InputError
from offshell.models.batch import events_at_once
from offshell.models.densities.conditions import Conditions, by_falling_pt
from offshell.models.densities.gan.adversarial import gradient_penalty, least_squares, wasserstein
from offshell.models.densities.gan.cloud_distance import distance, relative_mass
from offshell.models.detector import Detector, check_number
from offshell.models.event_shapes import N_COORDINATES, Shape, cloud_shape
from offshell.models.networks.clouds.critics import Critic
from offshell.models.networks.clouds.generators import Generator
from offshell.models.scaling.clouds import StandardizeClouds
from offshell.models.settings import DetectorSettings

__all__ = ["GAN", "GANSettings", "Objective"]

Objective = Literal["least-squares", "wasserstein"]

_OBJECTIVES = {"least-squares": least_squares, "wasserstein": wasserstein}
# Of the running mean of verdicts: some ten batches, in which a critic changes little.
_MEMORY = 0.9


@keras.saving.register_keras_serializable(package="offshell")
class GAN(Detector):
    r"""A game of two networks on particle clouds: the generator makes jets, the critic tells them from real ones.

    Terms: `atypicality`, how far what the critic says of the jet is from what it usually says of background,
    $(D(x) - \bar D)^2$, and `critic`, $-D(x)$. A critic knows nothing of jets that neither the background has nor the generator
    made on its way, and may find them more real than real ones. Training adds `critic_loss` and `generator_loss`, each of
    which moves its own network only, and `distance`, by which epochs are compared, because neither loss tells which is
    best: the energy distance of real jets and as many generated ones, of their mass plus the mean over the coordinates of
    their particles. With jets $\tilde x$ of the generator the losses are

    * least squares: $(D(x) - 1)^2 + D(\tilde x)^2$ and $(D(\tilde x) - 1)^2$ (Mao et al., arXiv:1611.04076),
    * Wasserstein: $D(\tilde x) - D(x) + 10\,(\lVert\nabla D(\hat x)\rVert - 1)^2$ at a random point $\hat x$ between both, and
      $-D(\tilde x)$ (Gulrajani et al., arXiv:1704.00028).

    Both networks take their steps at the same time and without momentum, the generator shorter ones (two time scales:
    Heusel et al., arXiv:1706.08500). Clouds are "relative" or "relative-pt"; the networks see their standardized coordinates.

    Args:
        generator: network from `[noise, condition (n, c), mask (n, particles, 1)]` to coordinates `(n, particles, 3)`,
            with zero for padding; see `offshell.models.networks.clouds.generators`.
        critic: network from `[coordinates, condition, mask]` to one number for each jet, `(n, 1)`.
        objective: which of the two pairs of losses.
        generator_rate: learning rate of the generator in units of the critic's; 1/3 as MPGAN has it (Kansal et al.,
            arXiv:2106.11535).
        scaling: the layer that standardizes; by default one that sees pt_rel itself, because a logarithm makes single
            particles of a thousand times the pt of the jet.

    Raises:
        InputError: if the networks do not fit together, or the objective is another one.
    """

    default_loss = "critic_loss + generator_loss"
    momentum = 0.0  # what was best against the opponent of ten steps ago is not best against this one
    validated_by = "distance"
    scaling: StandardizeClouds

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        objective: Objective = "least-squares",
        generator_rate: float = 1 / 3,
        scaling: StandardizeClouds | None = None,
        **options: Any,
    ) -> None:
        _check(generator, critic, objective)
        _, (_, size), (_, particles, _) = generator.input_shape
        shape = (particles, N_COORDINATES + size)
        super().__init__(shape=shape, scaling=scaling or StandardizeClouds(log_pt=False), **options)
        self.generator, self.critic = generator, critic
        self.objective, self.generator_rate = objective, generator_rate
        self.conditions = Conditions(particles=particles, columns=N_COORDINATES + size)
        self.usual = self.add_weight(shape=(), initializer="zeros", trainable=False, name="usual")
        self.seed_generator = keras.random.SeedGenerator()

    def adapt(self, x: Float[np.ndarray, "n particles columns"]) -> None:
        """Estimate the scaling from background jets, and keep what generated jets are asked to have."""
        super().adapt(x)
        self.conditions.adapt(x)

    def relative_rate(self, variable: keras.Variable) -> float:
        """The generator goes slower than the critic."""
        own = any(variable is weight for weight in self.generator.trainable_variables)
        return self.generator_rate if own else 1.0

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of clouds, each of shape `(n,)`."""
        x = self.scaled(x)
        real, given = x[..., :N_COORDINATES], [self.conditions(x), x[..., -1:]]
        verdict = self.critic([real, *given], training=training)[:, 0]
        found = {"atypicality": ops.square(verdict - self.usual), "critic": -verdict}
        if training:
            self.usual.assign(_MEMORY * self.usual + (1 - _MEMORY) * ops.stop_gradient(ops.mean(verdict)))
            noise = keras.random.normal(
                (ops.shape(x)[0], *self.generator.input_shape[0][1:]), seed=self.seed_generator
            )
            fake = self.generator([noise, *given], training=True)
            found |= self._game(real, fake, given, verdict) | {"distance": self._distance(x, fake)}
        return found

    def generate(self, n_events: int, *, seed: int) -> Float[np.ndarray, "n_events particles columns"]:
        """New clouds with numbers of particles and momenta as the background has them, particles by falling pt.

        Args:
            n_events: how many clouds, at least one.
            seed: the same seed gives the same clouds.

        Raises:
            InputError: if there are no clouds to make.
        """
        check_number(n_events)
        rng = np.random.default_rng(seed)
        blank = self.conditions.blank(n_events, rng)
        noise = rng.normal(size=(n_events, *self.generator.input_shape[0][1:])).astype(np.float32)
        inputs = [noise, np.asarray(self.conditions(blank)), np.asarray(blank[..., -1:])]
        made = self.generator.predict(inputs, batch_size=events_at_once(self.shape), verbose=0)
        scaled = ops.concatenate([made, blank[..., N_COORDINATES:]], axis=2)
        return np.asarray(by_falling_pt(self.scaling.inverse(scaled)))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        networks = {"generator": self.generator, "critic": self.critic}
        game = {"objective": self.objective, "generator_rate": self.generator_rate}
        return {**super().get_config(), **networks, **game}

    def _game(
        self, real: KerasTensor, fake: KerasTensor, given: list[KerasTensor], verdict: KerasTensor
    ) -> dict[str, KerasTensor]:
        """Both losses, each blind for the weights of the other network."""
        seen = ops.stop_gradient(fake)
        of_fake = self.critic([seen, *given], training=True)[:, 0]
        losses = _OBJECTIVES[self.objective](verdict, of_fake, self._verdict_for_generator([fake, *given]))
        if self.objective == "wasserstein":
            share = keras.random.uniform((ops.shape(real)[0], 1, 1), seed=self.seed_generator)
            losses["critic_loss"] += gradient_penalty(lambda x: self.critic([x, *given]), real, seen, share)
        return losses

    def _verdict_for_generator(self, inputs: list[KerasTensor]) -> KerasTensor:
        weights = [ops.stop_gradient(variable.value) for variable in self.critic.trainable_variables]
        others = [variable.value for variable in self.critic.non_trainable_variables]
        verdict, _ = self.critic.stateless_call(weights, others, inputs, training=True)
        return verdict[:, 0]

    def _distance(self, x: KerasTensor, fake: KerasTensor) -> KerasTensor:
        generated = by_falling_pt(ops.concatenate([fake, x[..., N_COORDINATES:]], axis=2))
        masses = [relative_mass(self.scaling.inverse(cloud)) for cloud in (x, generated)]
        return distance(x[..., :N_COORDINATES], generated[..., :N_COORDINATES], masses)


def _check(generator: keras.Model, critic: keras.Model, objective: str) -> None:
    _, condition, mask = generator.input_shape
    made, *expected = critic.input_shape
    if [made, *expected] != [generator.output_shape, condition, mask]:
        raise InputError(
            f"Critic and generator do not fit together. Expected: a critic of coordinates {generator.output_shape}, condition "
            f"{condition} and mask {mask}. Received: one of {', '.join(map(str, critic.input_shape))}."
        )
    if objective not in _OBJECTIVES:
        raise InputError(
            f"There is no such objective. Expected: {' or '.join(_OBJECTIVES)}. Received: objective={objective!r}."
        )


class GANSettings(DetectorSettings):
    """A `GAN` of a `generator` and a `critic`."""

    kind: Literal["gan"] = "gan"
    scaling: Literal["standard"] = "standard"
    objective: Objective = "least-squares"
    generator_rate: PositiveFloat = 1 / 3
    generator: Generator
    critic: Critic

    def detector(self, shape: Shape, *, seed: int) -> GAN:  # noqa: ARG002 - there is nothing to draw
        """Both networks for clouds of that shape."""
        generator, critic = (table.network(cloud_shape(shape)) for table in (self.generator, self.critic))
        return GAN(generator, critic, **self.options)
