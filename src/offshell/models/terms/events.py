"""Terms: named penalties, one number for each event, higher = more anomalous.

Every function here is pure and takes tensors (or NumPy arrays) with the events on the first axis. A training
loss is a weighted sum of terms averaged over the batch; an anomaly score is a weighted sum of the same terms.
Sums run over pixels, features or latent dimensions, never over events.

The formulas follow Valente, Anzalone, Lorusso and Bonacorsi (Joint-VAE for anomaly detection, ISGC 2023), whose
slides print two of them loosely; `dice` and `kl_gaussian` say what is different here.
"""

from keras import KerasTensor, ops

from offshell.models.terms import clouds as cloud_terms

__all__ = [
    "bce",
    "dice",
    "kl_activity",
    "kl_categorical",
    "kl_gaussian",
    "l1",
    "mse",
    "mu2",
    "pixel_diff",
    "radius",
    "reconstruction",
]

# Probabilities are kept this far from 0 and 1, so that a float32 logarithm stays finite.
_EPSILON = 1e-7


def _sum(values: KerasTensor) -> KerasTensor:
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))


def mse(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Squared error summed over the event, $\sum_p (x_p - \hat x_p)^2$.

    The sum (not the mean) is the negative Gaussian log-likelihood with variance 1/2 up to constants, so that a weight
    of one on a KL term gives the evidence lower bound of Kingma and Welling (arXiv:1312.6114).

    Args:
        x: events of shape `(n, ...)`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number for each event, shape `(n,)`.
    """
    return _sum(ops.square(x - x_hat))


def bce(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Binary cross-entropy summed over pixels, $-\sum_p x_p \log \hat x_p + (1 - x_p) \log (1 - \hat x_p)$.

    Args:
        x: images of shape `(n, ...)` with pixels in [0, 1].
        x_hat: their reconstructions, likewise in [0, 1].

    Returns:
        One number for each image, shape `(n,)`.
    """
    p = ops.clip(x_hat, _EPSILON, 1 - _EPSILON)
    return -_sum(x * ops.log(p) + (1 - x) * ops.log1p(-p))


def dice(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Dice loss, $1 - 2 \sum_p x_p \hat x_p / (\sum_p x_p^2 + \sum_p \hat x_p^2)$: 0 for equal, 1 for disjoint (or empty) images.

    The denominator is a sum over both images (Milletari, Navab and Ahmadi, arXiv:1606.04797). The slides print the
    reciprocal with a difference in place of the product; both readings order events alike, but only this one is
    bounded and stays finite when the images do not overlap.

    Args:
        x: images of shape `(n, ...)`, not negative.
        x_hat: their reconstructions, not negative.

    Returns:
        One number in [0, 1] for each image, shape `(n,)`.
    """
    overlap = 2 * _sum(x * x_hat)
    total = _sum(ops.square(x)) + _sum(ops.square(x_hat))
    return 1 - overlap / ops.maximum(total, _EPSILON)


def pixel_diff(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Energy that the reconstruction misses, $\sum_p x_p - \sum_p \hat x_p$ (the first sum is 1 for normalized images).

    Args:
        x: images of shape `(n, ...)`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number for each image, shape `(n,)`; negative where the reconstruction has more energy than the image.
    """
    return _sum(x) - _sum(x_hat)


def kl_gaussian(mean: KerasTensor, log_var: KerasTensor) -> KerasTensor:
    r"""KL divergence from $N(\mu, \sigma^2)$ to $N(0, 1)$, $\frac12 \sum_i (\mu_i^2 + \sigma_i^2 - 1 - \log \sigma_i^2)$.

    Source: Kingma and Welling (arXiv:1312.6114), appendix B. The slides write $\log \Sigma$ and $\exp \Sigma$ with the
    same symbol, which is right only when it means the log-variance in both places; it does here.

    Args:
        mean: means of shape `(n, dimensions)`.
        log_var: logarithms of the variances, of the same shape.

    Returns:
        One number >= 0 for each event, shape `(n,)`.
    """
    return _sum(ops.square(mean) + ops.expm1(log_var) - log_var) / 2


def kl_categorical(logits: KerasTensor) -> KerasTensor:
    r"""KL divergence from $\mathrm{softmax}(\alpha)$ to the uniform distribution, $\sum_{k,c} \pi_{kc} \log (C \pi_{kc})$.

    Source: Jang, Gu and Poole (arXiv:1611.01144); Dupont (arXiv:1804.00104) for the joint latent space.

    Args:
        logits: unnormalized log-probabilities of shape `(n, variables, classes)`.

    Returns:
        One number in [0, variables * log(classes)] for each event, shape `(n,)`.
    """
    log_pi = ops.log_softmax(logits, axis=-1)
    return _sum(ops.exp(log_pi) * (log_pi + ops.log(float(logits.shape[-1]))))


def mu2(mean: KerasTensor) -> KerasTensor:
    r"""Squared distance of the latent mean from the origin, $\sum_i \mu_i^2$ as the level-1 trigger AXOL1TL of CMS uses it (arXiv:2411.19506).

    Args:
        mean: latent means of shape `(n, dimensions)`.

    Returns:
        One number >= 0 for each event, shape `(n,)`.
    """
    return _sum(ops.square(mean))


def radius(mean: KerasTensor, log_var: KerasTensor) -> KerasTensor:
    r"""Squared distance of the latent mean from the origin in units of its width, $\sum_i \mu_i^2 / \sigma_i^2$.

    Source: $R_z$ of Govorkova et al. (arXiv:2108.03986).

    Args:
        mean: latent means of shape `(n, dimensions)`.
        log_var: logarithms of the latent variances, of the same shape.

    Returns:
        One number >= 0 for each event, shape `(n,)`.
    """
    return _sum(ops.square(mean) * ops.exp(-log_var))


def l1(code: KerasTensor) -> KerasTensor:
    r"""Sum of the absolute values of a code, $\sum_j |z_j|$: the negative logarithm of a Laplace prior, up to a constant.

    Args:
        code: codes of shape `(n, size)`.

    Returns:
        One number >= 0 for each event, shape `(n,)`.
    """
    return _sum(ops.abs(code))


def kl_activity(code: KerasTensor, activity: float) -> KerasTensor:
    r"""KL divergence from rarely active units to those of an event, $\sum_j \rho \log \frac{\rho}{a_j} + (1 - \rho) \log \frac{1 - \rho}{1 - a_j}$.

    Source: Ng (CS294A lecture notes, 2011), who takes the mean activities of a batch for $a$.

    Args:
        code: activities in [0, 1] of shape `(n, size)`.
        activity: probability of being active to compare with, $\rho$.

    Returns:
        One number >= 0 for each event, shape `(n,)`.
    """
    a = ops.clip(code, _EPSILON, 1 - _EPSILON)
    active, idle = activity * ops.log(activity / a), (1 - activity) * ops.log((1 - activity) / (1 - a))
    return _sum(active + idle)


def reconstruction(x: KerasTensor, x_hat: KerasTensor, *, fixed_sum: bool = False) -> dict[str, KerasTensor]:
    """All terms that compare an event with its reconstruction.

    Images (rank 4) are distributions of energy with pixels in [0, 1] and get every term here, particle clouds (rank 3)
    those of `cloud_terms`; feature vectors get `mse`.

    Args:
        x: events of shape `(n, features)`, `(n, particles, columns)` or `(n, height, width, channels)`.
        x_hat: their reconstructions, of the same shape.
        fixed_sum: whether reconstructions have one sum of pixels whatever the event, as those of a softmax; then there
            is no `pixel_diff`, which would say nothing about them and for normalized images be rounding alone.

    Returns:
        Terms by name, each of shape `(n,)`.
    """
    of_clouds = (
        cloud_terms.chamfer,
        cloud_terms.mse,
        cloud_terms.minkowski,
        cloud_terms.pair_mass,
        cloud_terms.sliced,
        cloud_terms.jet_mass,
        cloud_terms.jet_pt,
    )
    of_images = (mse, bce, dice) if fixed_sum else (mse, bce, dice, pixel_diff)
    terms = {3: of_clouds, 4: of_images}.get(len(x.shape), (mse,))
    return {term.__name__: term(x, x_hat) for term in terms}
