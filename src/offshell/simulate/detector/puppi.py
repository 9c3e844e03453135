"""Pile-up per particle identification (PUPPI; D. Bertolini et al., arXiv:1407.6013) as Delphes runs it.

A particle among charged particles of the hard collision is likely from it, one among none is likely pile-up. The measure
is ``alpha = log(sum of (pt_j / distance_j)^2)`` over those within 0.2. How far a neutral particle's lies above the median
of the tracks decides with which weight it is kept. Numbers as in Delphes' CMS Phase-II card (commit 0882413).

The paper takes the median over charged pile-up alone. Delphes' code means to, but never sets the charge that tells hard
tracks from others (`modules/RunPUPPI.cc`, commit 085b18d), and the reference sample is what it gives with all tracks in
the median: with pile-up alone, jets and the missing momentum of A -> four leptons are off by a tenth.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import chdtr

from offshell.inputs.momenta import wrap_angle
from offshell.simulate.ragged import ranges, starts

__all__ = ["FROM_HARD", "FROM_PILEUP", "NEUTRAL", "Measured", "puppi_weights"]

NEUTRAL, FROM_HARD, FROM_PILEUP = 0, 1, 2

CONE, CORE = 0.2, 0.01
"""Neighbors closer than the core do not count."""
WEIGHT_MIN = 0.05
VERTEX_EFFICIENCY = 0.7
LEAST_RMS = np.sqrt(1e-5)

# Neighbors are looked for in the next strips of azimuth only, which are as wide as the cone.
N_STRIPS = 31
ETA_SPAN = 40.0

# The regions of the card begin here. In the first two charged particles of the hard collision count and charged
# pile-up is the comparison; in the last there are no tracks and all particles are both.
REGION_ETA = (0.0, 1.5, 4.0)
FORWARD = 2
PILEUP_PT_MIN = np.array([0.1, 0.5, 0.5])
NEUTRAL_PT_MIN = np.array([0.2, 0.2, 0.5])
NEUTRAL_PT_SLOPE = np.array([0.006, 0.013, 0.067])
"""GeV for each vertex."""


@dataclass(frozen=True)
class Measured:
    """Tracks and neutral objects of many events."""

    event: Int[np.ndarray, " n"]
    pt: Float[np.ndarray, " n"]
    """GeV."""
    eta: Float[np.ndarray, " n"]
    phi: Float[np.ndarray, " n"]
    origin: Int[np.ndarray, " n"]
    """`NEUTRAL`, or for tracks `FROM_HARD` or `FROM_PILEUP`."""


def puppi_weights(
    objects: Measured, n_vertices: Int[np.ndarray, " events"], *, as_delphes: bool = True
) -> Float[np.ndarray, " n"]:
    """Weight of each object from 0 to 1: one for tracks of the hard collision, zero for those of pile-up.

    Args:
        objects: All but the leptons.
        n_vertices: For each event, the hard collision and those of pile-up.
        as_delphes: Whether tracks of the hard collision are in the median too, or as in the paper those of pile-up alone.
    """
    region = np.searchsorted(REGION_ETA, np.abs(objects.eta), side="right") - 1
    group = objects.event * len(REGION_ETA) + region
    n_groups = len(n_vertices) * len(REGION_ETA)
    n_seen = (VERTEX_EFFICIENCY * n_vertices).astype(np.int64)[objects.event]
    pt_min = NEUTRAL_PT_MIN[region] + NEUTRAL_PT_SLOPE[region] * np.maximum(n_seen, 1)

    is_hard, is_forward = objects.origin == FROM_HARD, region == FORWARD
    in_median = objects.origin != NEUTRAL if as_delphes else objects.origin == FROM_PILEUP
    is_reference = (objects.pt >= PILEUP_PT_MIN[region]) & (is_forward | in_median)
    neutral = (objects.origin == NEUTRAL) & (objects.pt > pt_min)
    alpha = np.zeros(len(group))
    asked = (is_reference | neutral | is_hard) & ~is_forward
    alpha[asked] = _alpha(objects, asked, is_hard)
    asked = (is_reference | neutral) & is_forward
    alpha[asked] = _alpha(objects, asked, np.abs(objects.eta) > REGION_ETA[FORWARD] - CONE)

    median, rms = _median_and_rms(alpha, group, is_reference, n_groups)
    pull = np.where(alpha == 0, 0.0, (alpha - median[group]) / rms[group])
    probability = chdtr(1.0, np.maximum(pull, 0.0) ** 2)
    # Without any pile-up to compare with, all is from the hard collision.
    probability[np.bincount(group, is_reference, n_groups)[group] == 0] = 1.0
    kept = neutral & (probability >= WEIGHT_MIN) & (probability * objects.pt > pt_min)
    return np.where(is_hard, 1.0, np.where(kept, probability, 0.0))


def _alpha(
    objects: Measured, asked: Bool[np.ndarray, " n"], source: Bool[np.ndarray, " n"]
) -> Float[np.ndarray, " m"]:
    """For the objects asked for; zero where no source is near."""
    query, near = np.flatnonzero(asked), np.flatnonzero(source)
    strip = ((objects.phi + np.pi) / (2 * np.pi) * N_STRIPS).astype(np.int64) % N_STRIPS
    key = (objects.event * N_STRIPS + strip) * ETA_SPAN + objects.eta
    order = np.argsort(key[query])
    query, key = query[order], key[query[order]]
    total = np.zeros(len(query))
    for step in (-1, 0, 1):
        strips = objects.event[near] * N_STRIPS + (strip[near] + step) % N_STRIPS
        middle = strips * ETA_SPAN + objects.eta[near]
        owner, place = ranges(np.searchsorted(key, middle - CONE), np.searchsorted(key, middle + CONE))
        neighbor, asking = near[owner], query[place]
        d_phi = wrap_angle(objects.phi[neighbor] - objects.phi[asking])
        squared = (objects.eta[neighbor] - objects.eta[asking]) ** 2 + d_phi**2
        counts = (squared < CONE**2) & (squared >= CORE**2)
        term = objects.pt[neighbor[counts]] ** 2 / squared[counts]
        total += np.bincount(place[counts], term, len(query))
    alpha = np.empty(len(query))
    alpha[order] = np.log(np.where(total > 0, total, 1.0))
    return alpha


def _median_and_rms(
    alpha: Float[np.ndarray, " n"],
    group: Int[np.ndarray, " n"],
    is_reference: Bool[np.ndarray, " n"],
    n_groups: int,
) -> tuple[Float[np.ndarray, " groups"], Float[np.ndarray, " groups"]]:
    """Of the references that have neighbors; the width from the lower half only."""
    seen = is_reference & (alpha != 0)
    order = np.lexsort((alpha[seen], group[seen]))
    values, groups = alpha[seen][order], group[seen][order]
    count = np.bincount(groups, minlength=n_groups)
    middle = starts(count) + count // 2
    median = np.where(count > 0, np.append(values, 0.0)[np.minimum(middle, len(values))], 0.0)
    lower = values <= median[groups]
    squared = np.bincount(groups, np.where(lower, (values - median[groups]) ** 2, 0.0), n_groups)
    rms = np.sqrt(squared / np.maximum(np.bincount(groups, lower, n_groups), 1))
    rms = np.where(rms > 0, rms, LEAST_RMS)
    return median, rms
