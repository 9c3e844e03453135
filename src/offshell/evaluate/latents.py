"""What the latent space of a fitted detector is good for besides scores: new events, groups, compression."""

from collections.abc import Iterator
from math import prod

import keras
import numpy as np
from jaxtyping import Float, Integer
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from offshell.errors import InputError
from offshell.models.detector import Detector
from offshell.models.latent import CategoricalLatent, GaussianLatent
from offshell.models.variational import Variational

__all__ = ["cluster", "codes", "compression_ratio", "generate"]

_BATCH = 1024

Events = Float[np.ndarray, "n ..."]
Codes = Float[np.ndarray, "n size"]


def generate(model: Variational, n_events: int, *, seed: int = 0) -> Events:
    """Returns events that the decoder makes of codes drawn from the prior.

    Gaussian variables are standard normal, categorical ones take one class of equal chance each (Kingma and Welling,
    arXiv:1312.6114; Dupont, arXiv:1804.00104). If the detector scales its input, the events are scaled back. A decoder
    that was trained with a squared error gives the mean of what fits a code, so that the events vary less than
    real ones, and objects that most events lack are near their mean and not padding.

    Args:
        model: A fitted variational autoencoder, `VAE` or `JointVAE`.
        n_events: How many events.
        seed: The same seed gives the same events.

    Returns:
        Events in the units of the input, (n_events, ...) float32.

    Raises:
        InputError: If the model has no prior, or there are no events to make.
    """
    if not isinstance(model, Variational):
        raise InputError(
            f"There is no prior to sample. Expected: a variational autoencoder. Received: {type(model).__name__}."
        )
    if n_events < 1:
        raise InputError(f"Wrong number of events. Expected: at least 1. Received: n_events={n_events}.")
    rng = np.random.default_rng(seed)
    drawn = [_prior(bottleneck, n_events, rng) for bottleneck in model.bottlenecks.values()]
    events = model.decoder.predict(np.concatenate(drawn, axis=1), batch_size=_BATCH, verbose=0)
    return events if model.scaling is None else np.asarray(model.scaling.inverse(events))


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
    model.outline(x.shape[1:])  # refuses events that do not fit
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


def _prior(
    bottleneck: GaussianLatent | CategoricalLatent, n_events: int, rng: np.random.Generator
) -> Float[np.ndarray, "n size"]:
    if isinstance(bottleneck, GaussianLatent):
        return rng.normal(size=(n_events, bottleneck.size)).astype(np.float32)
    classes = rng.integers(bottleneck.n_classes, size=(n_events, bottleneck.n_variables))
    return np.eye(bottleneck.n_classes, dtype=np.float32)[classes].reshape(n_events, bottleneck.size)


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
