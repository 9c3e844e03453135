"""How the particles of a jet are put together two by two, until one is left: kT and Cambridge/Aachen without a radius."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.inputs.observables.compiled import compiled
from offshell.inputs.observables.distances import distance2
from offshell.inputs.observables.particles import Particles

__all__ = ["CAMBRIDGE", "KT", "WINNER_TAKES_ALL", "Trees", "grown"]

KT = 0
"""Distance min(pT_i, pT_j)^2 dR^2 (Catani et al., NPB 406 (1993) 187; Ellis and Soper, hep-ph/9305266), momenta added."""
CAMBRIDGE = 1
"""Distance dR^2 (Dokshitzer et al., hep-ph/9707323; Wobisch and Wengler, hep-ph/9907280), momenta added."""
WINNER_TAKES_ALL = 2
"""As `KT`, but two become one in the direction of the harder (Bertolini, Chan and Thaler, arXiv:1310.7584)."""

_LEAST = 1e-12  # GeV, of a transverse mass
_FAR = 1e300

PerNode = Float[np.ndarray, "n nodes"]
PerSlot = Float[np.ndarray, " slots"]
Slots = Int[np.ndarray, " slots"]


@dataclass(frozen=True)
class Trees:
    """Of each jet a tree: nodes are its particles, in as many columns as there are, then what step 0, 1, ... put together."""

    momentum: Float[np.ndarray, "n nodes 4"]
    pt: PerNode
    y: PerNode
    phi: PerNode
    count: Int[np.ndarray, " n"]
    """Particles of each jet."""
    children: Int[np.ndarray, "n steps 2"]
    merged: Int[np.ndarray, "n nodes"]
    """The step that a node does not survive; what is not there does not survive step -1."""
    scale: Float[np.ndarray, "n steps"]
    """The squared distance of the two."""

    @property
    def n_columns(self) -> int:
        """The columns of particles, after which those of the steps begin."""
        return int(self.scale.shape[1]) + 1

    @property
    def root(self) -> Int[np.ndarray, " n"]:
        """The node of all particles."""
        root: Int[np.ndarray, " n"] = np.where(self.count > 1, self.n_columns + self.count - 2, 0)
        return root

    def left(self, n_left: int) -> Bool[np.ndarray, "n nodes"]:
        """The nodes that are there when so many are left; none of a jet with fewer particles."""
        n_steps = (self.count - n_left)[:, np.newaxis]
        made = np.maximum(np.arange(self.pt.shape[1]) - self.n_columns + 1, 0)
        there: Bool[np.ndarray, "n nodes"] = (self.merged >= n_steps) & (made <= n_steps) & (n_steps >= 0)
        return there


def grown(particles: Particles, kind: int) -> Trees:
    """Cluster the particles of each jet.

    In each step the two that are nearest become one. As in FastJet (Cacciari and Salam, hep-ph/0512210) only the nearest in
    direction is kept for each: of the pair that is nearest in kT it is the partner of the softer.

    Args:
        particles: of jets.
        kind: `KT`, `CAMBRIDGE` or `WINNER_TAKES_ALL`.
    """
    n_jets, n_columns = particles.pt.shape
    padding = ((0, 0), (0, n_columns - 1))
    pt, y, phi = (np.pad(values, padding) for values in (particles.pt, particles.y, particles.phi))
    momentum = np.pad(particles.momentum, (*padding, (0, 0)))
    children = np.zeros((n_jets, n_columns - 1, 2), np.int64)
    merged, scale = np.full(pt.shape, -1, np.int64), np.zeros((n_jets, n_columns - 1))
    _grow(momentum, pt, y, phi, particles.count, children, merged, scale, kind)
    return Trees(momentum, pt, y, phi, particles.count, children, merged, scale)


@compiled
def _grow(
    momentum: Float[np.ndarray, "n nodes 4"],
    pt: PerNode,
    y: PerNode,
    phi: PerNode,
    count: Int[np.ndarray, " n"],
    children: Int[np.ndarray, "n steps 2"],
    merged: Int[np.ndarray, "n nodes"],
    scale: Float[np.ndarray, "n steps"],
    kind: int,
) -> None:
    n_columns = scale.shape[1] + 1
    # The part of the jets that is still there: node, weight in the distance, direction, nearest other one and its distance.
    node, nearest = np.empty(n_columns, np.int64), np.empty(n_columns, np.int64)
    live = np.empty((4, n_columns))
    for jet in range(len(count)):
        n = count[jet]
        for slot in range(n):
            node[slot], merged[jet, slot] = slot, n
            _put(live, slot, pt[jet, slot], y[jet, slot], phi[jet, slot], kind)
        for slot in range(n):
            _look_around(live, nearest, slot, n)
        for step in range(n - 1):
            one = _closest(live, n - step)
            two = nearest[one]
            kept, freed, last, new = min(one, two), max(one, two), n - step - 1, n_columns + step
            a, b = node[one], node[two]
            children[jet, step, 0], children[jet, step, 1] = a, b
            merged[jet, a], merged[jet, b], merged[jet, new] = step, step, n
            scale[jet, step] = live[3, one] * min(live[0, one], live[0, two])
            _join(momentum, pt, y, phi, jet, a, b, new, kind)
            node[kept], node[freed] = new, node[last]
            for row in range(4):
                live[row, freed] = live[row, last]
            nearest[freed] = nearest[last]
            _put(live, kept, pt[jet, new], y[jet, new], phi[jet, new], kind)
            _renew(live, nearest, kept, freed, last)


@compiled
def _put(live: Float[np.ndarray, "4 slots"], slot: int, pt: float, y: float, phi: float, kind: int) -> None:
    live[0, slot] = 1.0 if kind == CAMBRIDGE else pt * pt
    live[1, slot], live[2, slot] = y, phi


@compiled
def _look_around(live: Float[np.ndarray, "4 slots"], nearest: Slots, slot: int, n: int) -> None:
    """Find what is nearest in direction to what is in a slot."""
    best, where = _FAR, slot
    for other in range(n):
        away = distance2(live[1, slot], live[2, slot], live[1, other], live[2, other])
        if away < best and other != slot:
            best, where = away, other
    nearest[slot], live[3, slot] = where, best


@compiled
def _closest(live: Float[np.ndarray, "4 slots"], n: int) -> int:
    """The slot whose distance to its nearest is the smallest."""
    best, where = _FAR, 0
    for slot in range(n):
        away = live[3, slot] * live[0, slot]
        if away < best:
            best, where = away, slot
    return where


@compiled
def _renew(live: Float[np.ndarray, "4 slots"], nearest: Slots, kept: int, freed: int, last: int) -> None:
    """Find nearest ones where they are gone, after one slot got the new node and the other one the last."""
    for slot in range(last):
        if nearest[slot] == kept or nearest[slot] == freed or slot == kept:
            _look_around(live, nearest, slot, last)
        else:
            if nearest[slot] == last:
                nearest[slot] = freed
            away = distance2(live[1, kept], live[2, kept], live[1, slot], live[2, slot])
            if away < live[3, slot]:
                nearest[slot], live[3, slot] = kept, away


@compiled
def _join(
    momentum: Float[np.ndarray, "n nodes 4"],
    pt: PerNode,
    y: PerNode,
    phi: PerNode,
    jet: int,
    one: int,
    two: int,
    new: int,
    kind: int,
) -> None:
    for row in range(4):
        momentum[jet, new, row] = momentum[jet, one, row] + momentum[jet, two, row]
    if kind == WINNER_TAKES_ALL:
        harder = one if pt[jet, one] >= pt[jet, two] else two
        pt[jet, new] = pt[jet, one] + pt[jet, two]
        y[jet, new], phi[jet, new] = y[jet, harder], phi[jet, harder]
        return
    energy, px, py, pz = (
        momentum[jet, new, 0],
        momentum[jet, new, 1],
        momentum[jet, new, 2],
        momentum[jet, new, 3],
    )
    squared = px * px + py * py
    transverse = np.sqrt(max(energy * energy - pz * pz, squared, _LEAST * _LEAST))
    rapidity = np.log(max(energy + abs(pz), transverse) / transverse)
    pt[jet, new], phi[jet, new] = np.sqrt(squared), np.arctan2(py, px)
    y[jet, new] = rapidity if pz > 0 else -rapidity
