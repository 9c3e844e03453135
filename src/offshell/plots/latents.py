"""Latent spaces in the plane: linear (PCA) and by neighborhoods (t-SNE)."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

__all__ = ["pca", "spread", "thin", "tsne"]

Latent = Mapping[str, Float[np.ndarray, "m dimensions"]]
Plane = dict[str, Float[np.ndarray, "m 2"]]

# Half of scikit-learn's default: the map of 1,500 points no longer changes to the eye, and the page waits for it.
_STEPS = 500


def spread(latent: Latent) -> bool:
    """Returns whether the coordinates differ between events at all; a collapsed encoder gives one point.

    Args:
        latent: `{sample: (m, dimensions)}`.
    """
    return bool(np.ptp(_stacked(latent), axis=0).max(initial=0) > 0)


def thin(latent: Latent, *, n_points: int) -> Latent:
    """Returns the first events of each sample, in equal numbers as far as there are enough.

    Args:
        latent: `{sample: (m, dimensions)}`.
        n_points: About how many events to keep of all samples together.

    Returns:
        The same mapping with at most `n_points` divided by the number of samples of each.
    """
    return {sample: z[: n_points // len(latent)] for sample, z in latent.items()}


def pca(latent: Latent) -> Plane:
    """Returns the two coordinates along which the events of all samples differ most.

    Args:
        latent: `{sample: (m, dimensions)}`; one dimension gets a second coordinate of zero.

    Returns:
        `{sample: (m, 2)}`.
    """
    z = _stacked(latent)
    flat = z if z.shape[1] > 1 else np.pad(z, ((0, 0), (0, 1)))
    return _split(PCA(2, random_state=0).fit_transform(flat), latent)


def tsne(latent: Latent) -> Plane:
    """Returns a map of the events of all samples on which close neighbors stay close; distances mean little.

    t-distributed stochastic neighbor embedding (van der Maaten and Hinton, JMLR 9, 2579, 2008), perplexity 30 or
    a third of the events, the same map on every call.

    Args:
        latent: `{sample: (m, dimensions)}`, at least four events in all.

    Returns:
        `{sample: (m, 2)}`.
    """
    z = _stacked(latent)
    perplexity = min(30, (len(z) - 1) / 3)
    # PCA needs two dimensions to start from.
    start = "pca" if z.shape[1] > 1 else "random"
    embedding = TSNE(perplexity=perplexity, init=start, max_iter=_STEPS, random_state=0)
    # On a busy machine the threads of scikit-learn wait for one another: 19 s for 1,500 points, 2.5 s with one.
    with threadpool_limits(1):
        return _split(embedding.fit_transform(z), latent)


def _stacked(latent: Latent) -> Float[np.ndarray, "n dimensions"]:
    return np.concatenate(list(latent.values()))


def _split(points: Float[np.ndarray, "n 2"], latent: Latent) -> Plane:
    ends = np.cumsum([len(z) for z in latent.values()])[:-1]
    return dict(zip(latent, np.split(points, ends), strict=True))
