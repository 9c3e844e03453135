"""Pseudo-anomalies by the thousand, from background jets alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

from offshell.errors import InputError
from offshell.pseudo_anomalies.assembly import assembled
from offshell.pseudo_anomalies.named import FAMILIES, Family
from offshell.pseudo_anomalies.pool import Pool, pool_of
from offshell.pseudo_anomalies.prior import MASS, PRONGS, Prior
from offshell.simulate.counts import check_counts

__all__ = ["PseudoAnomalies", "iter_jets", "jets"]

# Jets that share a seed. Fixed, so that fewer jets are the first of more.
_JETS_OF_FAMILY = 64


@dataclass(frozen=True)
class PseudoAnomalies:
    """Jets of nothing that is known, and how they were made."""

    constituents: Float[np.ndarray, "n particles 4"]
    """`E, px, py, pz` in GeV by falling pt, zero-padded, float32."""
    family: Shaped[np.ndarray, " n"]
    """Names of the families."""
    n_prongs: Int[np.ndarray, " n"]
    """How many partons were dressed; of a fragmented jet, into how many subjets it was divided."""
    mass: Float[np.ndarray, " n"]
    """Of all these partons in GeV; that of the jet differs by what dressing and the edge of the jet do to it."""

    def __len__(self) -> int:
        return len(self.constituents)

    def __getitem__(self, rows: slice | Int[np.ndarray, " rows"]) -> "PseudoAnomalies":
        return PseudoAnomalies(
            self.constituents[rows], self.family[rows], self.n_prongs[rows], self.mass[rows]
        )


def jets(
    background: Float[np.ndarray, "n particles 4"],
    n_jets: int,
    *,
    prongs: Sequence[int] = PRONGS,
    mass: tuple[float, float] = MASS,
    families: Sequence[Family] = FAMILIES,
    radius: float | None = None,
    seed: int = 1,
) -> PseudoAnomalies:
    """Makes jets as something unknown could make them, out of parts of background jets.

    Outlier exposure with synthetic outliers (Hendrycks, Mazeika and Dietterich, arXiv:1812.04606) trains a classifier of
    background against them; its nearest relative in particle physics is Anomaly Awareness (Khosa and Sanz,
    arXiv:2007.14462). No signal is simulated. What is assumed of a signal is that it decays, to how many prongs and from
    which masses.

    Args:
        background: `E, px, py, pz` in GeV, zero-padded; the first 12,000 jets are used. Each result has the transverse
            momentum, rapidity and azimuth of one of them.
        n_jets: How many to make, of each family the same number (up to one).
        prongs: Numbers of prongs, each as probable as another, of the families that have prongs.
        mass: Range in GeV, each mass as probable as another; above 0.8 R pt nothing fits into a jet, and the range ends there.
        families: Functions as in `FAMILIES`, or your own.
        radius: Of the background jets; by default taken from them.
        seed: The same seed gives the same jets; fewer jets are the first of more.

    Raises:
        InputError: If there is no background jet, or one is empty, not finite or has nothing but single particles; if a number
            is out of range, there is no family, or decays of such masses do not fit into the jets.

    Example:
        >>> rng = np.random.default_rng(1)
        >>> pt, eta, phi = rng.exponential(20, (50, 30)), *rng.normal(0, 0.2, (2, 50, 30))
        >>> momenta = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
        >>> made = jets(np.stack(momenta, axis=-1), 6, mass=(30, 100))
        >>> made.constituents.shape, [str(name) for name in made.family[:3]]
        ((6, 30, 4), ['matched', 'resolved', 'cores'])
    """
    chunks = iter_jets(
        background, n_jets, prongs=prongs, mass=mass, families=families, radius=radius, seed=seed
    )
    return _joined(list(chunks))


def iter_jets(
    background: Float[np.ndarray, "n particles 4"],
    n_jets: int,
    *,
    prongs: Sequence[int] = PRONGS,
    mass: tuple[float, float] = MASS,
    families: Sequence[Family] = FAMILIES,
    radius: float | None = None,
    seed: int = 1,
) -> Iterator[PseudoAnomalies]:
    """The jets of `jets` in chunks, as soon as they are made; arguments and errors are the same."""
    check_counts(n_jets=n_jets, seed=seed, workers=None)
    if not families:
        raise InputError(
            "There is no family. Expected: one or more functions as in FAMILIES. Received: none."
        )
    prior = Prior(tuple(prongs), mass)
    pool = pool_of(background, radius=radius)
    return _chunks(pool, n_jets, prior, families, seed)


def _chunks(
    pool: Pool, n_jets: int, prior: Prior, families: Sequence[Family], seed: int
) -> Iterator[PseudoAnomalies]:
    size = _JETS_OF_FAMILY * len(families)
    starts = range(0, n_jets, size)
    for start, chunk_seed in zip(starts, np.random.SeedSequence(seed).spawn(len(starts)), strict=True):
        yield _chunk(pool, prior, families, chunk_seed)[: n_jets - start]


def _chunk(
    pool: Pool, prior: Prior, families: Sequence[Family], seed: np.random.SeedSequence
) -> PseudoAnomalies:
    """One jet of each family, then the next of each."""
    made = [
        _of_family(family, pool, prior, np.random.default_rng(family_seed))
        for family, family_seed in zip(families, seed.spawn(len(families)), strict=True)
    ]
    order = np.arange(len(families) * _JETS_OF_FAMILY).reshape(len(families), -1).T.ravel()
    joined = _joined(made)
    return joined[order]


def _of_family(family: Family, pool: Pool, prior: Prior, rng: np.random.Generator) -> PseudoAnomalies:
    draft = family(pool, _JETS_OF_FAMILY, prior, rng)
    name = np.full(_JETS_OF_FAMILY, family.__name__)
    return PseudoAnomalies(assembled(draft, pool), name, draft.n_prongs, draft.mass)


def _joined(parts: Sequence[PseudoAnomalies]) -> PseudoAnomalies:
    return PseudoAnomalies(
        np.concatenate([part.constituents for part in parts]),
        np.concatenate([part.family for part in parts]),
        np.concatenate([part.n_prongs for part in parts]),
        np.concatenate([part.mass for part in parts]),
    )
