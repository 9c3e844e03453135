"""Scores: all terms of all events in one pass, and any weighted sum of them."""

from collections.abc import Iterable, Iterator

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.models.batch import batches, events_at_once
from offshell.models.detector import Detector
from offshell.models.terms import weighted_sum

__all__ = ["Scores", "score"]

Events = Float[np.ndarray, "n ..."]


class Scores(dict[str, Float[np.ndarray, " n"]]):
    """The terms of n events by name, each of shape `(n,)`; any weighted sum of them is a key too.

    Example:
        >>> scores = Scores(dice=np.array([0.5]), bce=np.array([6.0]))
        >>> scores["dice + 0.5 * bce"]
        array([3.5])
    """

    def __missing__(self, expression: str) -> np.ndarray:
        """Evaluate a weighted sum; raises InputError if it names an unknown term."""
        return np.asarray(weighted_sum.evaluate(expression, self))


def score(model: Detector, x: Events | Iterable[Events], *, batch_size: int | None = None) -> Scores:
    """All terms of all events, higher = more anomalous.

    Args:
        model: a fitted detector.
        x: events of shape `(n, ...)`, or an iterable of such arrays; then only one of them is in memory at a time.
        batch_size: events that are handled at once; default: 4096 vectors, or 128 images.

    Returns:
        `{"term": (n,)}`; `score(model, x)["dice + bce"]` is a weighted sum of terms.

    Raises:
        InputError: if there are no events, or an event or one of its terms is not finite.
    """
    parts = [np.asarray(x)] if hasattr(x, "shape") else x
    results: list[dict[str, np.ndarray]] = []
    n_scored = 0
    for part in parts:
        results.extend(_scored(model, part, batch_size, first=n_scored))
        n_scored += len(part)
    if not results:
        raise InputError("There is nothing to score. Expected: at least one event. Received: 0.")
    return Scores({name: np.concatenate([result[name] for result in results]) for name in results[0]})


def _scored(
    model: Detector, x: Events, batch_size: int | None, *, first: int
) -> Iterator[dict[str, np.ndarray]]:
    model.prepare(x.shape[1:])
    start = first
    for batch, n_events in batches(x, batch_size or events_at_once(x.shape[1:])):
        _refuse_infinite(batch[:n_events], "Events to score", first=start)
        terms = {name: np.asarray(term)[:n_events] for name, term in model.terms_of(batch).items()}
        for name, values in terms.items():
            _refuse_infinite(values, f"Values of {name!r}", first=start)
        yield terms
        start += n_events


def _refuse_infinite(values: Float[np.ndarray, "n ..."], what: str, *, first: int) -> None:
    """Raises InputError with the number of the first event that has NaN or infinity."""
    finite = np.isfinite(values.reshape(len(values), -1)).all(axis=1)
    if not finite.all():
        event = first + int(np.argmin(finite))
        raise InputError(
            f"{what} are not finite. Expected: finite numbers. Received: NaN or infinity in event {event} (from 0)."
        )
