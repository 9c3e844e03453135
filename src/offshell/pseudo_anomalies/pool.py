"""Background jets as the stock that pseudo-anomalies are made of."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.inputs.constituents import checked
from offshell.inputs.momenta import pt_eta_phi, wrap_angle
from offshell.io.jets.checks import checked_jets
from offshell.pseudo_anomalies.subjets import Subjets, subjets_of

__all__ = ["JETS_OF_POOL", "Pool", "pool_of"]

JETS_OF_POOL = 12_000

_LEAST_PT = 0.3  # GeV; what is softer is lost in tracking and calorimeter towers
_SHARE_WITHIN_RADIUS = 0.9  # anti-kT has sharp edges, but for a few jets that eat another one


@dataclass(frozen=True)
class Pool:
    """Some background jets, seen from their axes, and their subjets."""

    particles: Float[np.ndarray, "jets particles 4"]
    """pt in GeV, eta and phi relative to the jet, and energy over momentum; pt is 0 for padding. Hardest first."""
    pt: Float[np.ndarray, " jets"]
    rapidity: Float[np.ndarray, " jets"]
    phi: Float[np.ndarray, " jets"]
    subjets: Subjets
    radius: float
    least_pt: float
    """Of a particle that is kept, in GeV."""
    n_rows: int
    """Of a jet, padding included."""


def pool_of(background: Float[np.ndarray, "n particles 4"], *, radius: float | None = None) -> Pool:
    """Returns the first 12,000 jets as a pool.

    Args:
        background: `E, px, py, pz` in GeV, zero-padded.
        radius: Of the jets; by default that within which nine of ten jets have all their particles, rounded to a tenth.

    Raises:
        InputError: If there is no jet or nothing in one, a number is NaN, infinite or negative energy, no jet has two
            particles, or the radius is not positive.
    """
    jets = _with_substructure(background)
    total = jets.sum(axis=1)
    rapidity, phi = np.arctanh(total[:, 3] / total[:, 0]), np.arctan2(total[:, 2], total[:, 1])
    particles = _seen_from(rapidity, phi, jets)
    radius = _radius_of(particles) if radius is None else radius
    if not 0 < radius < np.inf:
        raise InputError(
            f"radius is no radius of jets. Expected: above 0, such as 0.8. Received: {radius!r}."
        )
    pt = particles[..., 0]
    return Pool(
        particles,
        np.hypot(total[:, 1], total[:, 2]),
        rapidity,
        phi,
        subjets_of(particles, radius=radius),
        radius,
        max(_LEAST_PT, float(pt[pt > 0].min())),
        background.shape[1],
    )


def _with_substructure(background: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n particles 4"]:
    """Checked jets without the padding that none of them needs; no particle is faster than light by rounding."""
    jets = checked_jets(checked(background)[:JETS_OF_POOL], source="background").astype(np.float64)
    jets[..., 0] = np.maximum(jets[..., 0], np.linalg.norm(jets[..., 1:], axis=2))
    most = int((jets[..., 0] > 0).sum(axis=1).max())
    if most == 1:
        raise InputError(
            "background: no substructure. Expected: jets of several particles. Received: jets of one."
        )
    return jets[:, :most]


def _seen_from(
    rapidity: Float[np.ndarray, " n"], phi: Float[np.ndarray, " n"], jets: Float[np.ndarray, "n particles 4"]
) -> Float[np.ndarray, "n particles 4"]:
    pt, eta, angle = pt_eta_phi(jets)
    present = pt > 0
    energy = np.divide(jets[..., 0], pt * np.cosh(eta), out=np.ones_like(pt), where=present)
    relative = (pt, eta - rapidity[:, None], wrap_angle(angle - phi[:, None]), energy)
    particles: Float[np.ndarray, "n particles 4"] = np.where(
        present[..., None], np.stack(relative, axis=-1), 0
    )
    return particles


def _radius_of(particles: Float[np.ndarray, "n particles 4"]) -> float:
    farthest = np.hypot(particles[..., 1], particles[..., 2]).max(axis=1)
    return max(0.1, round(float(np.quantile(farthest, _SHARE_WITHIN_RADIUS)), 1))
