"""Scores: all terms of all events in one pass, and any weighted sum of them."""

from collections.abc import Iterable, Iterator

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.models.batch import events_at_once
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
    size = batch_size or events_at_once(x.shape[1:])
    for start in range(0, len(x), size):
        batch = np.asarray(x[start : start + size], np.float32)
        _refuse_infinite(batch, "Events to score", first=first + start)
        terms = _score_batch(model, batch, size)
        for name, values in terms.items():
            _refuse_infinite(values, f"Values of {name!r}", first=first + start)
        yield terms


def _score_batch(model: Detector, batch: Events, size: int) -> dict[str, np.ndarray]:
    """A short batch is filled up, because each new shape would be compiled anew."""
    full = min(size, 1 << (len(batch) - 1).bit_length())
    filled = batch if len(batch) == full else np.resize(batch, (full, *batch.shape[1:]))
    terms = model.terms_of(filled)
    return {name: np.asarray(term[: len(batch)]) for name, term in terms.items()}


def _refuse_infinite(values: Float[np.ndarray, "n ..."], what: str, *, first: int) -> None:
    """Raises InputError with the number of the first event that has NaN or infinity."""
    finite = np.isfinite(values.reshape(len(values), -1)).all(axis=1)
    if not finite.all():
        event = first + int(np.argmin(finite))
        raise InputError(
            f"{what} are not finite. Expected: finite numbers. Received: NaN or infinity in event {event} (from 0)."
        )
