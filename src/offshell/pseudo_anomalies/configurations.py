"""Decays as the prior wants them, drawn again until they fit into a jet."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.errors import InputError
from offshell.pseudo_anomalies.partons import invariant_mass
from offshell.pseudo_anomalies.pool import Pool
from offshell.pseudo_anomalies.prior import Prior

__all__ = ["Configurations", "Decay", "configurations"]

# Two prongs of mass m are m / pt or more from the axis: above this share of R pt hardly any decay fits.
_HEAVIEST = 0.8

_DRAWS_OF_A_MASS = 100
_DRAWS = 20 * _DRAWS_OF_A_MASS


Decay = Callable[
    [Int[np.ndarray, " n"], Float[np.ndarray, " n"], Float[np.ndarray, " n"], np.random.Generator],
    Float[np.ndarray, "n prongs 3"],
]
"""From numbers of prongs, masses, transverse momenta and random numbers to partons."""


@dataclass(frozen=True)
class Configurations:
    """Partons of decays, each in place of a background jet."""

    partons: Float[np.ndarray, "n prongs 3"]
    """pt in GeV, eta and phi relative to the axis; pt is 0 where there is none."""
    jet: Int[np.ndarray, " n"]
    """The jets of the pool whose momentum the decays have."""

    @property
    def n_prongs(self) -> Int[np.ndarray, " n"]:
        """How many partons there are."""
        count: Int[np.ndarray, " n"] = (self.partons[..., 0] > 0).sum(axis=1)
        return count

    @property
    def mass(self) -> Float[np.ndarray, " n"]:
        """Of all partons together, in GeV."""
        return invariant_mass(self.partons)


def configurations(
    pool: Pool,
    n: int,
    prior: Prior,
    rng: np.random.Generator,
    *,
    decay: Decay,
    fits: Callable[[Float[np.ndarray, "n prongs 3"]], Bool[np.ndarray, " n"]],
) -> Configurations:
    """Returns decays of something with the transverse momentum of a random background jet.

    A decay that does not fit is drawn again, with the same number of prongs and the same mass, so that both stay as the
    prior wants them; only a mass of which a hundred decays in a row do not fit is given up.

    Args:
        pool: Of background jets.
        n: How many.
        prior: Numbers of prongs, and range of masses; its upper end is at most 0.8 R pt.
        rng: Where random numbers are from.
        decay: What makes partons.
        fits: Which of them to keep.

    Raises:
        InputError: If masses or numbers of prongs are such that next to nothing fits.
    """
    n_prongs = rng.choice(prior.prongs, n)
    jet, mass = np.zeros(n, dtype=int), np.zeros(n)
    partons = np.zeros((n, max(prior.prongs), 3))
    waiting = np.arange(n)
    for draw in range(_DRAWS):
        if draw % _DRAWS_OF_A_MASS == 0:
            jet[waiting], mass[waiting] = _momenta(pool, len(waiting), prior, rng)
        drawn = decay(n_prongs[waiting], mass[waiting], pool.pt[jet[waiting]], rng)
        partons[waiting, : drawn.shape[1]] = drawn
        waiting = waiting[~fits(drawn)]
        if len(waiting) == 0:
            return Configurations(partons, jet)
    raise InputError(
        "These decays do not fit into the jets. Expected: other prongs, or another range of mass. "
        f"Received: prongs={prior.prongs!r}, mass={prior.mass!r}."
    )


def _momenta(
    pool: Pool, n: int, prior: Prior, rng: np.random.Generator
) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Jets in which a mass of the range fits, and masses spread evenly over what fits."""
    low, high = prior.mass
    heaviest = np.minimum(high, _HEAVIEST * pool.radius * pool.pt)
    able = np.flatnonzero(heaviest > low)
    if len(able) == 0:
        raise InputError(
            f"mass does not fit into the jets. Expected: masses below {heaviest.max():.0f} GeV, 0.8 R pt. "
            f"Received: {prior.mass!r}."
        )
    jet = rng.choice(able, n)
    return jet, rng.uniform(low, heaviest[jet])
