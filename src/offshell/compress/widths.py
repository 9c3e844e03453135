"""Learning bit widths: one training in which bits become ever more expensive, and the front of accuracy against size."""

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Integer

from offshell.errors import InputError, TrainingError
from offshell.models.detector import Detector
from offshell.models.terms import weighted_sum
from offshell.train.loop import needs_training
from offshell.train.program import Program, State, compile_program, install, start
from offshell.train.progress import progress_bar
from offshell.train.pruning import settle
from offshell.train.split import checked, n_steps, orders, split

__all__ = ["Point", "chosen", "front", "learn_widths"]

# How much worse a loss may be for the sake of a smaller network.
_SLIGHTLY = 0.1

# What HGQ2 calls the bits of weights, and those after the binary point of data.
_WIDTHS = {"b", "f"}

Events = Float[np.ndarray, "n ..."]


@dataclass(frozen=True)
class Point:
    """Where a training stood after an epoch.

    Attributes:
        epoch: Counted from 1.
        beta: What an effective bit operation cost in it.
        ebops: Effective bit operations (arXiv:2405.00645, equation 5), the size of the design.
        loss: Of the training, with what the bits cost.
        val_loss: Of the validation events.
        state: The weights.
    """

    epoch: int
    beta: float
    ebops: int
    loss: float
    val_loss: float
    state: State

    def install(self, model: Detector) -> None:
        """Write the weights into the detector that was trained."""
        install(self.state, model)


def learn_widths(
    model: Detector,
    x: Events,
    *,
    loss: str | None = None,
    beta: tuple[float, float] = (1e-7, 1e-4),
    validation: float | Events = 0.1,
    groups: Integer[np.ndarray, " n"] | None = None,
    epochs: int = 100,
    batch_size: int = 1024,
    learning_rate: float = 2e-3,
    seed: int = 0,
    progress: bool = True,
) -> list[Point]:
    r"""Train a detector whose bit widths are learned, while the price of an effective bit operation rises.

    The loss is the weighted sum of terms plus $\beta$ times the EBOPs (C. Sun and others, arXiv:2405.00645), with
    $\beta$ growing by the same factor from epoch to epoch; one training passes through networks of every size.

    Args:
        model: what `quantize` makes with `Learned`, changed in place; it ends as the last point.
        x: background events of shape `(n, ...)`.
        loss: weighted sum of terms; default: the detector's `default_loss`.
        beta: the price in the first and in the last epoch.
        validation: see `offshell.fit`, as all that follow.
        groups: parents of the events, all of which either train or validate.
        epochs: passes over the data.
        batch_size: events in a step.
        learning_rate: of Adam.
        seed: of the split and of the order of the events.
        progress: whether to show a progress bar.

    Returns:
        One point for each epoch.

    Raises:
        InputError: as `offshell.fit`, or if no width can be learned.
        TrainingError: if the loss becomes NaN or infinite.
    """
    x = checked(x)
    valid_x = checked(validation) if isinstance(validation, np.ndarray) else x
    loss, rows = loss or model.default_loss, split(len(x), validation, seed=seed, groups=groups)
    in_training = needs_training([model], [loss], x.shape[1:], valid_x.shape[1:])
    state = start(model, weighted_sum.parse(loss), learning_rate)
    training = _Training(
        compile_program(
            model, steps_per_epoch=n_steps(len(rows.train), batch_size), validated_in_training=in_training
        ),
        _Meter.of(model),
        jnp.asarray(x),
        jnp.asarray(valid_x),
        rows.valid,
    )
    points: list[Point] = []
    with progress_bar(epochs, shown=progress) as show:
        for price, batches in zip(
            _prices(beta, epochs), orders(rows.train, batch_size, seed=seed), strict=False
        ):
            point = training.epoch(state, batches, number=len(points) + 1, beta=price)
            points, state = [*points, point], point.state
            show([{name: [getattr(found, name) for found in points] for name in ("loss", "val_loss")}])
    points[-1].install(model)
    settle(model)
    return points


def front(points: Sequence[Point]) -> list[Point]:
    """The points that no other one beats in both EBOPs and validation loss, the smallest network first.

    Example:
        >>> sizes = [(3, 1.0), (2, 2.0), (4, 1.5)]
        >>> points = [Point(n, 0.0, ebops, 0.0, loss, None) for n, (ebops, loss) in enumerate(sizes, 1)]
        >>> [point.epoch for point in front(points)]
        [2, 1]
    """
    best: list[Point] = []
    for point in sorted(points, key=lambda point: (point.ebops, point.val_loss)):
        if not best or point.val_loss < best[-1].val_loss:
            best.append(point)
    return best


def chosen(points: Sequence[Point], *, ebops: int | None = None) -> Point:
    """The point with the best validation loss among those that are small enough.

    Args:
        points: what `learn_widths` returns.
        ebops: how large a network may be; `None` takes the smallest one whose validation loss is at most a tenth above
            the lowest.

    Raises:
        InputError: if none is small enough.
    """
    if ebops is None:
        lowest = min(point.val_loss for point in points)
        good = [point for point in points if point.val_loss <= lowest + _SLIGHTLY * abs(lowest)]
        return min(good, key=lambda point: point.ebops)
    small = [point for point in points if point.ebops <= ebops]
    if not small:
        smallest = min(point.ebops for point in points)
        raise InputError(
            f"No network became small enough. Expected: at most {ebops:,} EBOPs. Received: {smallest:,} for the smallest; "
            "train for more epochs, with a higher last beta, or allow more."
        )
    return min(small, key=lambda point: point.val_loss)


@dataclass(frozen=True)
class _Meter:
    """Where the state of a training keeps the price and the EBOPs of each layer."""

    betas: tuple[int, ...]
    ebops: tuple[int, ...]

    @classmethod
    def of(cls, model: Detector) -> "_Meter":
        names = [variable.name for variable in model.non_trainable_variables]
        betas, ebops = (
            tuple(place for place, found in enumerate(names) if found == name) for name in ("beta", "ebops")
        )
        if not any(variable.name in _WIDTHS for variable in model.trainable_variables):
            raise InputError(
                f"There are no bit widths to learn. Expected: a detector from quantize(..., Learned()). Received: {model.name}."
            )
        return cls(betas, ebops)

    def priced(self, state: State, beta: float) -> State:
        weights = list(state.non_trainable)
        for place in self.betas:
            weights[place] = jnp.asarray(beta, weights[place].dtype)
        return state._replace(non_trainable=weights)

    def read(self, state: State) -> int:
        return sum(int(state.non_trainable[place]) for place in self.ebops)


@dataclass(frozen=True)
class _Training:
    """What stays the same from epoch to epoch."""

    program: Program
    meter: _Meter
    x: jax.Array
    valid_x: jax.Array
    valid: Integer[np.ndarray, " n_valid"]

    def epoch(
        self, state: State, batches: Integer[np.ndarray, "steps batch"], *, number: int, beta: float
    ) -> Point:
        ((state, loss),) = self.program.run_epoch([self.meter.priced(state, beta)], self.x, [batches])
        (val_loss,) = self.program.validate([state], self.valid_x, [self.valid])
        if not np.isfinite([loss, val_loss]).all():
            raise TrainingError(
                f"Training stopped in epoch {number}. Expected: a finite loss. Received: loss={loss}, val_loss={val_loss}."
            )
        return Point(number, beta, self.meter.read(state), float(loss), float(val_loss), state)


def _prices(beta: tuple[float, float], epochs: int) -> Float[np.ndarray, " epochs"]:
    if not 0 < beta[0] <= beta[1]:
        raise InputError(f"Wrong prices of a bit. Expected: 0 < first <= last. Received: beta={beta}.")
    return np.geomspace(*beta, epochs)
