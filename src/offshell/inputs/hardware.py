"""The integers in which the level-1 trigger of CMS counts pt, eta and phi, and back to GeV and radians.

Steps and bits are those of the inputs to the global trigger, as listed in the documentation of the public level-1
data set (`docs/README.md` of github.com/bb511/adl1t_datamaker, from `scales_inputs_2_ugt.pdf` of CMS):

=========  ================  =================  =====================
objects    pt                eta                phi
=========  ================  =================  =====================
MET        0.5 GeV, 12 bits  none               2 pi / 144, 0 to 143
electrons  0.5 GeV, 9 bits   0.087 / 2, 8 bits  2 pi / 144, 0 to 143
muons      0.5 GeV, 9 bits   0.087 / 8, 9 bits  2 pi / 576, 0 to 575
jets       0.5 GeV, 11 bits  0.087 / 2, 8 bits  2 pi / 144, 0 to 143
=========  ================  =================  =====================

Eta has a sign, pt has none. The pt of a muon starts at 1, so that 0 means no muon: pt = 0.5 GeV (integer - 1), as
in `L1MuonUnpacker` and `L1TMuonProducer` of CMSSW.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from offshell.inputs.objects import ELECTRONS, JETS, MET, MUONS, checked

__all__ = ["SCALES", "Scale", "decode", "encode"]

_PT_STEP = 0.5  # GeV


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How one kind of object is counted.

    Attributes:
        rows: The rows of an event that it is for.
        pt_bits: Of the unsigned pt in 0.5 GeV.
        pt_offset: What the pt counts from.
        eta_step: Of one count.
        eta_bits: Of the eta, with its sign.
        phi_steps: In a full turn.
    """

    rows: slice
    pt_bits: int
    pt_offset: int
    eta_step: float
    eta_bits: int
    phi_steps: int


SCALES = (
    Scale(rows=MET, pt_bits=12, pt_offset=0, eta_step=0.0435, eta_bits=8, phi_steps=144),
    Scale(rows=ELECTRONS, pt_bits=9, pt_offset=0, eta_step=0.0435, eta_bits=8, phi_steps=144),
    Scale(rows=MUONS, pt_bits=9, pt_offset=1, eta_step=0.010875, eta_bits=9, phi_steps=576),
    Scale(rows=JETS, pt_bits=11, pt_offset=0, eta_step=0.0435, eta_bits=8, phi_steps=144),
)


def encode(events: Float[np.ndarray, "n 19 4"]) -> Float[np.ndarray, "n 19 4"]:
    """Returns events in hardware units: whole numbers, saturated at the number of bits, in float32.

    pt is cut off to the count below, eta and phi go to the nearest count; what has too much pt or eta gets the
    largest count there is. An electron or a jet below 0.5 GeV has a pt of 0 and so becomes padding.

    Args:
        events: `pt, eta, phi, class` in GeV and radians, zero-padded.

    Returns:
        `pt, eta, phi, class` in counts; padding stays zero.

    Raises:
        InputError: If `events` has another shape or type, or holds NaN or infinite numbers.
    """
    physical = checked(events).astype(np.float64)
    counts = np.zeros(physical.shape, np.float32)
    for scale in SCALES:
        counts[:, scale.rows] = _counted(physical[:, scale.rows], scale)
    return counts


def decode(counts: Float[np.ndarray, "n 19 4"]) -> Float[np.ndarray, "n 19 4"]:
    """Returns events in GeV and radians, phi in [-pi, pi), from events in hardware units.

    `encode` gives the same counts again. pt is the low edge of what a count stands for, eta and phi its center.

    Args:
        counts: `pt, eta, phi, class` in counts, zero-padded.

    Raises:
        InputError: If `counts` has another shape or type, or holds NaN or infinite numbers.
    """
    counts = checked(counts).astype(np.float64)
    events = np.zeros(counts.shape, np.float32)
    for scale in SCALES:
        events[:, scale.rows] = _measured(counts[:, scale.rows], scale)
    return events


def _counted(objects: Float[np.ndarray, "n rows 4"], scale: Scale) -> Float[np.ndarray, "n rows 4"]:
    pt, eta, phi, kind = np.moveaxis(objects, -1, 0)
    half = 2 ** (scale.eta_bits - 1)
    counts = [
        np.clip(np.floor(pt / _PT_STEP) + scale.pt_offset, 0, 2**scale.pt_bits - 1),
        np.clip(np.rint(eta / scale.eta_step), -half, half - 1),
        np.rint(phi * scale.phi_steps / (2 * np.pi)) % scale.phi_steps,
        kind,
    ]
    return _without_padding(np.stack(counts, axis=-1), kind, lowest_pt=0 if scale.rows == MET else 1)


def _measured(counts: Float[np.ndarray, "n rows 4"], scale: Scale) -> Float[np.ndarray, "n rows 4"]:
    pt, eta, phi, kind = np.moveaxis(counts, -1, 0)
    half_turn = scale.phi_steps // 2
    objects = [
        (pt - scale.pt_offset) * _PT_STEP,
        eta * scale.eta_step,
        ((phi + half_turn) % scale.phi_steps - half_turn) * 2 * np.pi / scale.phi_steps,
        kind,
    ]
    return _without_padding(np.stack(objects, axis=-1), kind, lowest_pt=0)


def _without_padding(
    objects: Float[np.ndarray, "n rows 4"], kind: Float[np.ndarray, "n rows"], *, lowest_pt: int
) -> Float[np.ndarray, "n rows 4"]:
    present = (kind > 0) & (objects[..., 0] >= lowest_pt)
    return np.where(present[..., np.newaxis], objects, 0)
