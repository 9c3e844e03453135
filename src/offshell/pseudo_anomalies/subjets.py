"""The subjets of background jets: one to four in each, with what they are matched by."""

import warnings
from dataclasses import dataclass

import awkward as ak
import fastjet
import numpy as np
from jaxtyping import Float, Int

from offshell.inputs import clustering
from offshell.inputs.momenta import pt_eta_phi

__all__ = ["MOST_AXES", "Subjets", "subjets_of"]

MOST_AXES = 4

_RADIUS = 1000.0  # so large that no particle goes to the beam; the largest that FastJet allows
_LEAST_DISTANCE = 1e-3  # below what a calorimeter or a tracker tells apart


@dataclass(frozen=True)
class Subjets:
    """All subjets of a pool of jets, each a set of particles of one of them."""

    owner: Int[np.ndarray, "jets axes particles"]
    """Which of 1, 2, 3 or 4 axes a particle is nearest to; -1 where there is no particle, or there are fewer of them than axes."""
    jet: Int[np.ndarray, " subjets"]
    n_axes: Int[np.ndarray, " subjets"]
    """How many subjets the jet is divided into."""
    axis: Int[np.ndarray, " subjets"]
    log_pt: Float[np.ndarray, " subjets"]
    log_distance: Float[np.ndarray, " subjets"]
    """To the nearest other axis; the radius of the jet, where there is no other."""


def subjets_of(particles: Float[np.ndarray, "jets particles 4"], *, radius: float) -> Subjets:
    """Returns the particles next to each of one to four winner-take-all axes of exclusive kT.

    kT: Ellis and Soper, hep-ph/9305266; axes of the hardest particle: Bertolini, Chan and Thaler, arXiv:1310.7584.

    Args:
        particles: pt in GeV, eta and phi relative to their jet; pt is 0 for padding.
        radius: Of the jets.
    """
    sequence = _clustered(particles)
    owner = np.full((len(particles), MOST_AXES, particles.shape[1]), -1, dtype=np.int8)
    tables = []
    for n_axes in range(1, MOST_AXES + 1):
        jets = np.flatnonzero((particles[..., 0] > 0).sum(axis=1) >= n_axes)
        axes = _axes(sequence, n_axes)[jets]
        owner[jets, n_axes - 1] = nearest = _nearest(particles[jets], axes)
        pt = _sum_by_owner(particles[jets, :, 0], nearest, n_axes)
        row, axis = np.nonzero(pt)  # of two axes in one place, one has no particles
        log_pt, log_distance = np.log(pt[row, axis]), _log_distance(axes, radius)[row, axis]
        tables.append((jets[row], np.full_like(row, n_axes), axis, log_pt, log_distance))
    return Subjets(owner, *map(np.concatenate, zip(*tables, strict=True)))


def _clustered(particles: Float[np.ndarray, "jets particles 4"]) -> fastjet.ClusterSequence:
    present = particles[..., 0] > 0
    pt, eta, phi = particles[present][:, :3].astype(np.float64).T
    momenta = np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=1)
    definition = fastjet.JetDefinition(fastjet.kt_algorithm, _RADIUS, fastjet.WTA_pt_scheme)
    return clustering.clustered(momenta, present.sum(axis=1), definition)


def _axes(sequence: fastjet.ClusterSequence, n_axes: int) -> Float[np.ndarray, "jets axes 2"]:
    """Eta and phi of the axes; zeros for the missing ones of jets with fewer particles."""
    with warnings.catch_warnings(action="ignore"):  # of any algorithm, its bindings say that it is not kT
        found = sequence.exclusive_jets_up_to(n_axes)
    momenta = [ak.fill_none(ak.pad_none(found[name], n_axes), 0.0) for name in ("px", "py", "pz")]
    _, eta, phi = pt_eta_phi(np.stack([ak.to_numpy(component) for component in momenta], axis=-1))
    return np.stack([eta, phi], axis=-1)


def _nearest(
    particles: Float[np.ndarray, "jets particles 4"], axes: Float[np.ndarray, "jets axes 2"]
) -> Int[np.ndarray, "jets particles"]:
    squares = ((particles[:, :, None, 1:3] - axes[:, None]) ** 2).sum(axis=-1)
    return np.where(particles[..., 0] > 0, squares.argmin(axis=2), -1)


def _sum_by_owner(
    pt: Float[np.ndarray, "jets particles"], owner: Int[np.ndarray, "jets particles"], n_axes: int
) -> Float[np.ndarray, "jets axes"]:
    return np.stack([(pt * (owner == axis)).sum(axis=1) for axis in range(n_axes)], axis=1)


def _log_distance(axes: Float[np.ndarray, "jets axes 2"], radius: float) -> Float[np.ndarray, "jets axes"]:
    n_axes = axes.shape[1]
    if n_axes == 1:
        return np.full(axes.shape[:2], np.log(radius))
    apart = axes[:, :, None] - axes[:, None]
    distances = np.hypot(apart[..., 0], apart[..., 1]) + np.diag(np.full(n_axes, np.inf))
    log_distance: Float[np.ndarray, "jets axes"] = np.log(np.maximum(distances.min(axis=2), _LEAST_DISTANCE))
    return log_distance
