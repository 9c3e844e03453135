"""Training: the loss goes down, the validation loss decides when to stop, the best weights stay."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float, Integer

from offshell.models.detector import Detector
from offshell.train.course import History, Schedule
from offshell.train.loop import train

__all__ = ["fit"]

Events = Float[np.ndarray, "n ..."]


def fit(
    model: Detector,
    x: Events,
    *,
    loss: str | None = None,
    validation: float | Events = 0.1,
    groups: Integer[np.ndarray, " n"] | None = None,
    outliers: Mapping[str, Events] | None = None,
    epochs: int = 50,
    batch_size: int = 128,
    learning_rate: float = 1e-3,
    patience: int = 10,
    plateau: int = 4,
    seed: int = 0,
    progress: bool = True,
) -> History:
    """Train a detector on background events with Adam; afterwards the model holds its best weights.

    What is not learned by gradient (see `Detector.adapt`) is estimated first. The validation loss decides when the
    learning rate is halved (after `plateau` epochs without a better one) and when training stops (after `patience`).
    It is computed as scores are, without sampling, unless the loss names a term that exists only in training.
    The same model, data and seed give bit-identical weights on the same machine.

    Args:
        model: a detector, changed in place.
        x: background events of shape `(n, ...)`.
        loss: weighted sum of terms such as `"bce + 3 * kl_gaussian"`; default: the detector's `default_loss`.
        validation: events for the validation loss, or the fraction of `x` to set aside for it.
        groups: parents of the events, integers `(n,)` that events of one collision share: all of a parent either train or
            validate; default: events are independent.
        outliers: artificial outliers `{family: (m, ...)}` for a detector that learns from them, such as
            `offshell.models.OutlierExposure`, which is calibrated on the validation events.
        epochs: passes over the data at most.
        batch_size: events in a step; the shuffled remainder that fills no batch is left out of an epoch.
        learning_rate: of Adam (Kingma and Ba, arXiv:1412.6980), at the start.
        patience: epochs without a better validation loss after which training stops.
        plateau: epochs without a better validation loss after which the learning rate is halved.
        seed: of the split and of the order of the events.
        progress: whether to show a progress bar.

    Returns:
        The history: `loss`, `val_loss` and `learning_rate`, one number for each epoch; empty lists if the detector has
        nothing to learn by gradient.

    Raises:
        InputError: if the events are not finite or too few, the loss names a term that the detector does not have, or
            there are outliers for a detector that takes none, or none for one that does.
        TrainingError: if the loss becomes NaN or infinite; the model then holds the best weights up to there.
    """
    (history,) = train(
        [model],
        x,
        losses=[loss or model.default_loss],
        learning_rates=[learning_rate],
        seeds=[seed],
        validation=validation,
        schedule=Schedule(epochs, batch_size, patience, plateau),
        progress=progress,
        groups=groups,
        outliers=outliers,
    )
    return history
