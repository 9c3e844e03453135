"""How well clouds are reconstructed: particles matched one to one, and relative errors of particles and jets.

All of it is in momentum space, `px, py, pz` in units of the jet's pt in the frame where the jet axis has eta = phi = 0,
whatever the coordinates of the clouds; padding, and particles that a reconstruction leaves out, stand at the origin.
"""

from typing import Literal, TypedDict

import numpy as np
from jaxtyping import Float, Integer
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from offshell.errors import InputError
from offshell.inputs import clouds
from offshell.inputs.momenta import pt_eta_phi, wrap_angle

__all__ = [
    "Reconstruction",
    "RelativeErrors",
    "compression_rate",
    "matched",
    "matching_distance",
    "reconstruction",
]

Cloud = Float[np.ndarray, "n particles columns"]
Momenta = Float[np.ndarray, "n particles 3"]
Values = Float[np.ndarray, " n"]

_NUMBERS_PER_PARTICLE = 3
_GROUPS = 10  # of jets, whose medians tell how uncertain that of all is
_LIGHTEST = 1e-3  # of pt; below it the mass of a jet is rounding of float32


class RelativeErrors(TypedDict):
    """Of (reconstructed - true) / true: the median and the interquartile range, each with its standard error."""

    median: float
    median_error: float
    iqr: float
    iqr_error: float


class Reconstruction(TypedDict):
    """How well the particles and the jets of a sample are reconstructed."""

    n_jets: int
    n_particles: int
    """Particles in all jets, without padding."""
    particles: dict[Literal["pt", "eta", "phi"], RelativeErrors]
    jets: dict[Literal["mass", "pt"], RelativeErrors]


def matched(x: Cloud, x_hat: Cloud) -> Momenta:
    """Returns the momenta of reconstructed particles in the order of those that they stand for.

    The matching is the one to one with the smallest sum of distances between momenta in each jet (Jonker and Volgenant,
    Computing 38 (1987) 325, in SciPy), as Hao et al. do (LGAE, arXiv:2212.07347). Padding takes part, at the origin.

    Args:
        x: Clouds, `(n, particles, 4 or 5)`, or momenta, `(n, particles, 3)`; see `offshell.inputs.clouds.momenta`.
        x_hat: Their reconstructions, in either form.

    Returns:
        `px, py, pz` in units of the jet's pt; row i of a jet is matched to row i of `x`.

    Raises:
        InputError: If the shapes are wrong or differ, or a number is NaN or infinite.

    Example:
        >>> x = np.array([[[0.6, 0, 0], [0.4, 0.1, 0]]])
        >>> matched(x, x[:, ::-1] + 0.01)[0]
        array([[0.61, 0.01, 0.01],
               [0.41, 0.11, 0.01]])
    """
    return np.stack([p_hat[_partners(p, p_hat)] for p, p_hat in zip(*_momenta(x, x_hat), strict=True)])


def matching_distance(x: Cloud, x_hat: Cloud) -> Values:
    r"""Returns the sum of distances between matched momenta, $\sum_i |p_i - \hat p_{\pi(i)}|$, smallest of all $\pi$.

    A term for evaluation only, because the matching has no gradient; it takes 0.05 milliseconds for each jet.

    Args:
        x: As for `matched`.
        x_hat: As for `matched`.

    Returns:
        One number >= 0 for each jet, in units of its pt, higher = more anomalous.

    Raises:
        InputError: As for `matched`.
    """
    p, _ = _momenta(x, x_hat)
    distances: Values = np.linalg.norm(matched(x, x_hat) - p, axis=-1).sum(axis=1)
    return distances


def reconstruction(x: Cloud, x_hat: Cloud) -> Reconstruction:
    r"""Returns medians and interquartile ranges of relative errors, $(\hat v - v) / v$ with the true value $v$ below.

    Particles are those of `x` without padding, each with its partner in `matched`; $\eta$ and $\phi$ are relative to the
    jet axis. A particle that is lost has relative errors of -1. Jets are the sums of the massless particles of the
    cloud. True values of zero, and masses below a thousandth of the pt, are left out. Standard errors are from ten groups
    of jets. These are the numbers in the tables of Hao et al. (LGAE, arXiv:2212.07347).

    Args:
        x: As for `matched`, at least ten jets.
        x_hat: As for `matched`.

    Raises:
        InputError: As for `matched`, if there are fewer than ten jets, or if a true value is zero all over a tenth of them.
    """
    p, _ = _momenta(x, x_hat)
    if len(p) < _GROUPS:
        raise InputError(f"Too few jets. Expected: at least {_GROUPS}. Received: {len(p)}.")
    p_hat = matched(x, x_hat)
    return Reconstruction(
        n_jets=len(p),
        n_particles=int(p.any(axis=-1).sum()),
        particles=_particle_errors(p, p_hat),
        jets=_jet_errors(p, p_hat),
    )


def compression_rate(size: int, *, n_particles: int = clouds.N_PARTICLES) -> float:
    """Returns how many numbers a code has for each number in a cloud: size / (3 n_particles).

    As in the tables of Hao et al. (LGAE, arXiv:2212.07347), where 2 numbers for each of 30 particles are 67 %; what
    `offshell.evaluate.compression_ratio` gives is the share that is saved.

    Args:
        size: Numbers in the code; a complex number counts twice.
        n_particles: Particles of the cloud.
    """
    return size / (_NUMBERS_PER_PARTICLE * n_particles)


def _momenta(x: Cloud, x_hat: Cloud) -> tuple[Momenta, Momenta]:
    p, p_hat = (clouds.momenta(cloud).astype(np.float64) for cloud in (x, x_hat))
    if p.shape != p_hat.shape:
        raise InputError(
            f"Reconstructions do not fit. Expected: as many jets and particles. Received: {p.shape[:2]} and {p_hat.shape[:2]}."
        )
    return p, p_hat


def _partners(
    p: Float[np.ndarray, "particles 3"], p_hat: Float[np.ndarray, "particles 3"]
) -> Integer[np.ndarray, " particles"]:
    """For each row of `p` the row of `p_hat`, not the other way round."""
    _, partners = linear_sum_assignment(cdist(p, p_hat))
    return np.asarray(partners)


def _particle_errors(p: Momenta, p_hat: Momenta) -> dict[Literal["pt", "eta", "phi"], RelativeErrors]:
    pt, eta, phi = pt_eta_phi(p)  # zeros for padding
    found_pt, found_eta, found_phi = pt_eta_phi(p_hat)
    turned = wrap_angle(found_phi - phi)
    return {
        "pt": _relative_errors(found_pt - pt, pt),
        "eta": _relative_errors(found_eta - eta, eta),
        "phi": _relative_errors(turned, phi),
    }


def _jet_errors(p: Momenta, p_hat: Momenta) -> dict[Literal["mass", "pt"], RelativeErrors]:
    (mass, pt), (found_mass, found_pt) = _mass_pt(p), _mass_pt(p_hat)
    mass = np.where(mass > _LIGHTEST * pt, mass, 0)
    return {"mass": _relative_errors(found_mass - mass, mass), "pt": _relative_errors(found_pt - pt, pt)}


def _mass_pt(p: Momenta) -> tuple[Values, Values]:
    energy, total = np.linalg.norm(p, axis=-1).sum(axis=1), p.sum(axis=1)
    mass = np.sqrt(np.maximum(energy**2 - np.vecdot(total, total), 0))
    return mass, np.hypot(total[:, 0], total[:, 1])


def _relative_errors(
    difference: Float[np.ndarray, "n ..."], true: Float[np.ndarray, "n ..."]
) -> RelativeErrors:
    relative = [(d[t != 0] / t[t != 0]) for d, t in zip(*_in_groups(difference, true), strict=True)]
    if not all(map(len, relative)):
        raise InputError("clouds: no relative error. Expected: true values other than zero. Received: zeros.")
    median, iqr = _median_iqr(np.concatenate(relative))
    median_error, iqr_error = np.std([_median_iqr(group) for group in relative], axis=0, ddof=1) / np.sqrt(
        _GROUPS
    )
    return RelativeErrors(
        median=median, median_error=float(median_error), iqr=iqr, iqr_error=float(iqr_error)
    )


def _in_groups(*values: Float[np.ndarray, "n ..."]) -> list[list[Float[np.ndarray, "group ..."]]]:
    return [np.array_split(of_all, _GROUPS) for of_all in values]


def _median_iqr(relative: Values) -> tuple[float, float]:
    low, median, high = np.quantile(relative, [0.25, 0.5, 0.75])
    return float(median), float(high - low)
