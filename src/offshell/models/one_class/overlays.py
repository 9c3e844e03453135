"""Two events in one: what a trigger would see if both had happened at once, rarer than either and made of nothing else."""

from keras import KerasTensor, ops

from offshell.inputs.objects import FEATURES, KINDS, MET, N_OBJECTS

__all__ = ["overlaid"]


def overlaid(x: KerasTensor, other: KerasTensor) -> KerasTensor:
    """The objects of both events, of each kind as many of largest pT as there is room for, and the sum of the missing momenta.

    Args:
        x: the 57 numbers of trigger objects, not scaled, in GeV and radians, `(n, 57)`.
        other: those of other events.

    Returns:
        Numbers of the same shape; padding is zero.
    """
    both = [ops.reshape(events, (-1, N_OBJECTS, len(FEATURES))) for events in (x, other)]
    parts = [_summed(*(objects[:, MET] for objects in both))]
    for rows in (rows for rows in KINDS.values() if rows != MET):
        candidates = ops.concatenate([objects[:, rows] for objects in both], axis=1)
        order = ops.argsort(-candidates[..., 0], axis=1)[:, : rows.stop - rows.start]
        parts.append(ops.take_along_axis(candidates, order[..., None], axis=1))
    return ops.reshape(ops.concatenate(parts, axis=1), ops.shape(x))


def _summed(a: KerasTensor, b: KerasTensor) -> KerasTensor:
    """The vector sum of missing momenta `(n, 1, 3)`, which have no pseudorapidity."""
    px, py = (sum(met[..., 0] * turn(met[..., 2]) for met in (a, b)) for turn in (ops.cos, ops.sin))
    return ops.stack([ops.hypot(px, py), ops.zeros_like(px), ops.arctan2(py, px)], axis=-1)
