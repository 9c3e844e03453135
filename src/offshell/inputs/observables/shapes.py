"""How heavy and how wide a jet is, and how its momentum is shared."""

import numpy as np
from jaxtyping import Float

from offshell.inputs.alignment import center
from offshell.inputs.constituents import PerParticle, normalize
from offshell.inputs.momenta import masses
from offshell.inputs.observables.particles import Particles

__all__ = ["NAMES", "shapes"]

PerJet = Float[np.ndarray, " n"]

NAMES = (
    *("mass", "pt", "mass_over_pt", "lha", "width", "thrust", "eccentricity"),
    *("n_constituents", "n_90", "pt_dispersion", "leading_1", "leading_3"),
)
"""The columns of `shapes`."""

_MOST_OF_IT = 0.9
_N_LEADING = 3


def shapes(particles: Particles) -> Float[np.ndarray, "n 12"]:
    r"""Sums over particles, each with its share $z_i = p_{T,i} / \sum_j p_{T,j}$ and distance $r_i$ from the momentum of the jet.

    - `mass` and `pt` in GeV, and their ratio `mass_over_pt`;
    - `lha` (Les Houches angularity), `width` and `thrust`: angularities $\sum_i z_i r_i^\beta$ with $\beta$ = 1/2, 1 and 2 (Larkoski,
      Thaler and Waalewijn, arXiv:1408.3122); the second is the girth of Gallicchio and Schwartz (arXiv:1106.3076);
    - `eccentricity`: 1 - minor / major eigenvalue of the covariance of rapidity and azimuth weighted by z, 0 round, 1 a
      line (Chekanov and Proudfoot, arXiv:1002.3982, with pT for energy);
    - `n_constituents`, and `n_90`: how many of the hardest have 90 % of the sum of pT (Pumplin, PRD 44 (1991) 2025);
    - `pt_dispersion`: $\sqrt{\sum_i z_i^2}$ (CMS, PAS JME-13-002);
    - `leading_1` and `leading_3`: share of the hardest particle and of the three hardest.
    """
    jet = particles.momentum.sum(axis=1)
    mass, pt, share = masses(jet), np.hypot(jet[:, 1], jet[:, 2]), normalize(particles.pt)
    distance = np.hypot(particles.y, particles.phi)
    falling = -np.sort(-share, axis=1)
    columns = (
        *(mass, pt, ratio(mass, pt)),
        *(np.vecdot(share, distance**beta) for beta in (0.5, 1, 2)),
        _eccentricity(share, *center(share, particles.y, particles.phi)),
        *(particles.count, _fewest(falling), np.sqrt(np.vecdot(share, share))),
        *(falling[:, 0], falling[:, :_N_LEADING].sum(axis=1)),
    )
    return np.stack(columns, axis=1)


def _fewest(falling: PerParticle) -> PerJet:
    """How many of the falling shares add up to most of the momentum."""
    behind = np.cumsum(falling, axis=1) - falling
    fewest: PerJet = ((behind < _MOST_OF_IT) & (falling > 0)).sum(axis=1).astype(float)
    return fewest


def _eccentricity(weight: PerParticle, y: PerParticle, phi: PerParticle) -> PerJet:
    y_y, phi_phi, y_phi = (np.vecdot(weight * a, b) for a, b in ((y, y), (phi, phi), (y, phi)))
    # Of a symmetric 2 x 2 matrix the eigenvalues are (trace +- gap) / 2.
    trace, gap = y_y + phi_phi, np.hypot(y_y - phi_phi, 2 * y_phi)
    return ratio(2 * gap, trace + gap)


def ratio(numerator: PerJet, denominator: PerJet) -> PerJet:
    """Numerator / denominator, 0 where that is 0."""
    quotient: PerJet = np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
    return quotient
