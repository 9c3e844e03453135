"""Decays of which some particles are lost: those that no detector sees, and those outside of the jet."""

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.pseudo_anomalies.configurations import Configurations, Decay, configurations
from offshell.pseudo_anomalies.partons import centered, rescaled, within
from offshell.pseudo_anomalies.pool import Pool
from offshell.pseudo_anomalies.prior import Prior

__all__ = ["partly_seen"]

_SHARE_OF_JETS = 0.5
_FEWEST = 2

Partons = Float[np.ndarray, "n prongs 3"]


def partly_seen(
    pool: Pool, n: int, prior: Prior, rng: np.random.Generator, *, decay: Decay
) -> Configurations:
    """Returns what is seen of decays, around its axis and with the transverse momentum of the jet; at least two partons.

    In half of the jets a parton is invisible with a probability that is drawn for each jet, evenly between 0 and 1, as
    in showers of a dark sector (Cohen, Lisanti and Lou, arXiv:1503.00009).

    Args:
        pool: Of background jets.
        n: How many.
        prior: Numbers of partons and range of masses, those that are lost included.
        rng: Where random numbers are from.
        decay: What makes all partons.
    """

    def seen(
        n_prongs: Int[np.ndarray, " n"],
        mass: Float[np.ndarray, " n"],
        pt: Float[np.ndarray, " n"],
        rng: np.random.Generator,
    ) -> Partons:
        partons = decay(n_prongs, mass, pt, rng)
        return _inside(_visible(partons, rng), pt, pool.radius)

    return configurations(pool, n, prior, rng, decay=seen, fits=_enough)


def _visible(partons: Partons, rng: np.random.Generator) -> Partons:
    n, n_prongs, _ = partons.shape
    chance = rng.uniform(size=(n, 1)) * (rng.uniform(size=(n, 1)) < _SHARE_OF_JETS)
    return _kept(partons, rng.uniform(size=(n, n_prongs)) >= chance)


def _inside(partons: Partons, pt: Float[np.ndarray, " n"], radius: float) -> Partons:
    """Nothing but zeros where fewer than two partons are left."""
    left = np.zeros_like(partons)
    some = _enough(partons)
    around = centered(partons[some])
    left[some] = _kept(around, within(around, radius))
    enough = _enough(left)
    left[enough] = rescaled(left[enough], pt[enough])
    left[~enough] = 0
    return left


def _enough(partons: Partons) -> Bool[np.ndarray, " n"]:
    enough: Bool[np.ndarray, " n"] = (partons[..., 0] > 0).sum(axis=1) >= _FEWEST
    return enough


def _kept(partons: Partons, mask: Bool[np.ndarray, "n prongs"]) -> Partons:
    return np.where((mask & (partons[..., 0] > 0))[..., None], partons, 0.0)
