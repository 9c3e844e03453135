"""Many models at once: the same training for several seeds, learning rates or losses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Integer

from offshell.errors import InputError
from offshell.models.detector import Detector
from offshell.models.seeded import seeded
from offshell.train.course import History, Schedule
from offshell.train.loop import train
from offshell.train.program import step_text

__all__ = ["Member", "fit_ensemble"]

Events = Float[np.ndarray, "n ..."]


@dataclass(frozen=True)
class Member:
    """One model of an ensemble.

    Attributes:
        model: The trained detector with its best weights.
        history: As from `offshell.fit`.
        seed: Of its first weights, of its split of the events and of their order.
        loss: The weighted sum of terms that trained it.
        learning_rate: Of Adam, at the start.
    """

    model: Detector
    history: History
    seed: int
    loss: str
    learning_rate: float


def fit_ensemble(
    build: Callable[[int], Detector],
    x: Events,
    *,
    seeds: Sequence[int] = range(8),
    loss: str | Sequence[str] | None = None,
    learning_rate: float | Sequence[float] = 1e-3,
    validation: float | Events = 0.1,
    groups: Integer[np.ndarray, " n"] | None = None,
    outliers: Mapping[str, Events] | None = None,
    epochs: int = 50,
    batch_size: int = 128,
    patience: int = 10,
    plateau: int = 4,
    progress: bool = True,
) -> list[Member]:
    """Train several detectors on the same background events with one compiled program.

    Each member has its own split and order of the events, learning rate, best weights and end, and becomes what
    `offshell.fit(build(seed), x, seed=seed, ...)` would give: on a CPU, where members run side by side, the very same;
    on an accelerator, where one program holds all of them, up to rounding. Several seeds, losses and learning rates
    belong together one by one; a single one holds for all members. (If one of the losses names a term that exists only
    in training, all members are validated as in training.)

    Args:
        build: makes an untrained detector from a seed. The layers that it makes follow from the seed already, so that
            `lambda seed: VAE(...)` need not use it. All detectors must have the same structure.
        x: background events of shape `(n, ...)`.
        seeds: one for each member.
        loss: weighted sum of terms, or several to compare, such as `[f"mse + {beta} * kl_gaussian" for beta in betas]`;
            default: the detector's `default_loss`.
        learning_rate: of Adam, or several to compare.
        validation: see `offshell.fit`, as all that follow.
        groups: parents of the events; those of one parent either train or validate.
        outliers: see `offshell.fit`.
        epochs: passes over the data at most.
        batch_size: events in a step.
        patience: epochs without a better validation loss after which a member stops.
        plateau: epochs without a better validation loss after which a member halves its learning rate.
        progress: whether to show a progress bar.

    Returns:
        One member for each seed, loss and learning rate, in their order.

    Raises:
        InputError: as `offshell.fit`, or if there are not as many seeds, losses and learning rates, or the detectors
            differ in more than their weights.
        TrainingError: if the loss of a member becomes NaN or infinite.

    Example:
        >>> from offshell.models import PCA
        >>> x = np.random.default_rng(1).normal(size=(100, 6))
        >>> members = fit_ensemble(lambda _: PCA(2, shape=(6,)), x, seeds=[1, 2], progress=False)
        >>> [member.seed for member in members]
        [1, 2]
    """
    seeds, losses, rates = _paired(seeds=seeds, loss=_several(loss), learning_rate=_several(learning_rate))
    models = _built(build, seeds, np.shape(x)[1:])
    losses = [loss or model.default_loss for loss, model in zip(losses, models, strict=True)]
    histories = train(
        models,
        x,
        losses=losses,
        learning_rates=rates,
        seeds=seeds,
        validation=validation,
        schedule=Schedule(epochs, batch_size, patience, plateau),
        progress=progress,
        groups=groups,
        outliers=outliers,
    )
    return [Member(*parts) for parts in zip(models, histories, seeds, losses, rates, strict=True)]


def _several(value: Any) -> Sequence[Any]:  # noqa: ANN401 - an option of any type
    return [value] if value is None or isinstance(value, str) or np.isscalar(value) else value


def _paired(**options: Sequence[Any]) -> list[list[Any]]:
    """Lists of one length, those of one element repeated."""
    lengths = {name: len(values) for name, values in options.items()}
    n_members = max(lengths.values())
    if not set(lengths.values()) <= {1, n_members}:
        received = ", ".join(f"{length} of {name}" for name, length in lengths.items())
        raise InputError(
            f"Members cannot be paired. Expected: as many of each, or one. Received: {received}."
        )
    return [list(values) * (n_members // len(values)) for values in options.values()]


def _built(build: Callable[[int], Detector], seeds: Sequence[int], shape: tuple[int, ...]) -> list[Detector]:
    models: list[Detector] = []
    for seed in seeds:
        with seeded(seed):
            models.append(build(seed))
            models[-1].outline(shape, training=True)
    steps = {step_text(model, shape) for model in models} if len(models) > 1 else set()
    if len(steps) > 1:
        raise InputError(
            "The detectors of an ensemble are not alike. Expected: the same networks and settings for each seed, only "
            f"other weights. Received: {len(steps)} different ones for {len(seeds)} seeds."
        )
    return models
