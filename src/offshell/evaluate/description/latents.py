"""What the latent space of a fitted detector is good for besides scores: groups and compression."""

from collections.abc import Iterator
from math import prod

import keras
import numpy as np
from jaxtyping import Float, Integer
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from offshell.errors import InputError
from offshell.models.detector import Detector

__all__ = ["cluster", "codes", "compression_ratio"]

_BATCH = 1024

Events = Float[np.ndarray, "n ..."]
Codes = Float[np.ndarray, "n size"]


def codes(model: Detector, x: Events) -> Codes:
    """Returns the latent coordinates of events, those of all bottlenecks side by side: means, or class probabilities.

    Args:
        model: A fitted detector.
        x: Events, (n, ...).

    Raises:
        InputError: If the detector has no latent space, or events do not fit it or are none.
    """
    if len(x) == 0:
        raise InputError("There are no events to encode. Expected: at least one. Received: 0.")
    model.prepare(x.shape[1:])
    return np.concatenate([_stacked(model, batch) for batch in _batches(x)])


def cluster(model: Detector, x: Events, *, n_clusters: int, seed: int = 0) -> Integer[np.ndarray, " n"]:
    """Returns the group of each event: k-means (Lloyd 1957) with scikit-learn on the latent coordinates.

    Args:
        model: A fitted detector.
        x: Events, (n, ...).
        n_clusters: How many groups.
        seed: The same seed gives the same groups.

    Returns:
        Numbers of the groups, (n,); 0 is that of most events.

    Raises:
        InputError: If the detector has no latent space, events do not fit, or there are fewer of them than groups.
    """
    if not 0 < n_clusters <= len(x):
        raise InputError(
            f"Wrong number of clusters. Expected: 1 to the number of events, {len(x)}. Received: n_clusters={n_clusters}."
        )
    with threadpool_limits(1):  # as for t-SNE, threads wait for one another on a busy machine
        groups = KMeans(n_clusters, random_state=seed, n_init=10).fit_predict(codes(model, x))
    by_size = np.argsort(-np.bincount(groups, minlength=n_clusters), kind="stable")
    numbers: Integer[np.ndarray, " n"] = np.argsort(by_size)[groups]
    return numbers


def compression_ratio(model: Detector) -> float:
    """Returns the share of the space of an event that its code saves, (n - k) / n for n inputs and k coordinates.

    Zero or negative for an over-complete code; each class of a categorical variable counts as a coordinate.

    Args:
        model: A detector, fitted or not.

    Raises:
        InputError: If the detector has no latent space.
    """
    latents = _latents(model, keras.Input(model.shape))
    n_coordinates: int = sum(latent.shape[-1] for latent in latents.values())
    n_inputs: int = prod(model.shape)
    return (n_inputs - n_coordinates) / n_inputs


def _stacked(model: Detector, batch: Events) -> Codes:
    return np.concatenate([np.asarray(latent) for latent in _latents(model, batch).values()], axis=1)


def _latents(model: Detector, x: Events) -> dict[str, Codes]:
    latents: dict[str, Codes] = model.latents(x)
    if not latents:
        raise InputError(
            f"There is no latent space. Expected: a detector with one. Received: {type(model).__name__}."
        )
    return latents


def _batches(x: Events) -> Iterator[Events]:
    for start in range(0, len(x), _BATCH):
        yield np.asarray(x[start : start + _BATCH], np.float32)
