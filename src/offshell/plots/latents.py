"""Latent spaces in the plane: linear (PCA), by neighborhoods (t-SNE), and drawn."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from offshell.plots.axes import legend_of_samples, single_axes
from offshell.style import sample_colors, styled

__all__ = ["has_spread", "pca", "scatter", "thin", "tsne"]

Latent = Mapping[str, Float[np.ndarray, "m dimensions"]]
Plane = dict[str, Float[np.ndarray, "m 2"]]

# Half of scikit-learn's default: the map of 1,500 points no longer changes to the eye, and the page waits for it.
_STEPS = 500


def has_spread(latent: Latent) -> bool:
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


@styled
def scatter(points: Mapping[str, Float[np.ndarray, "n 2"]], *, labels: tuple[str, str]) -> Figure:
    """Draws points in the plane, colored by sample and in random order, so that no sample covers another.

    Args:
        points: Two coordinates for each event, `{sample: (n, 2)}`, the background first.
        labels: The names of the two coordinates.

    Returns:
        A figure with one pair of axes.
    """
    figure, axes = single_axes()
    colors = sample_colors(list(points))
    hue = np.concatenate([np.repeat(colors[sample], len(xy)) for sample, xy in points.items()])
    order = np.random.default_rng(0).permutation(len(hue))
    x, y = np.concatenate(list(points.values()))[order].T
    axes.scatter(x, y, c=hue[order], s=9, alpha=0.7, lw=0, rasterized=True)
    for sample, color in colors.items():
        axes.plot([], [], "o", color=color, label=sample)
    axes.set(xlabel=labels[0], ylabel=labels[1])
    legend_of_samples(figure, points)
    return figure


def _stacked(latent: Latent) -> Float[np.ndarray, "n dimensions"]:
    return np.concatenate(list(latent.values()))


def _split(points: Float[np.ndarray, "n 2"], latent: Latent) -> Plane:
    ends = np.cumsum([len(z) for z in latent.values()])[:-1]
    return dict(zip(latent, np.split(points, ends), strict=True))
