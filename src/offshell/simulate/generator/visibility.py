"""Which particles of new physics does a detector see?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from jaxtyping import Bool, Int

from offshell.errors import InputError
from offshell.simulate.generator.particles import INVISIBLE
from offshell.simulate.generator.records import Collisions

__all__ = ["Visibility", "with_visibility"]

# Numbering scheme of the Particle Data Group: new bosons and dark matter, supersymmetry and all that is more exotic;
# nuclei have ten digits.
_FIRST_NEW, _LAST_NEW = 32, 80
_FIRST_EXOTIC, _FIRST_NUCLEUS = 1_000_000, 1_000_000_000
_OUT_OF_SIGHT = -1
"""Turns the status of a final particle into that of one that is gone."""


class Visibility(Protocol):
    """What a process says of its new stable particles."""

    @property
    def name(self) -> str:
        """Of the process."""

    @property
    def invisible(self) -> Sequence[int]:
        """Codes of particles, without sign, that leave the detector without a trace."""

    @property
    def visible(self) -> Sequence[int]:
        """Codes of particles, without sign, that stop in the hadronic calorimeter."""


def with_visibility(batch: Collisions, process: Visibility) -> Collisions:
    """The same collisions; what the process calls invisible is not among the final particles any more.

    Raises:
        InputError: A new particle is stable and the process does not say whether it is seen.
    """
    code = np.abs(batch.particles.pdg_id)
    hidden = np.isin(code, process.invisible)
    unknown = _is_new(code) & ~hidden & (batch.status > 0) & ~np.isin(code, process.visible)
    if unknown.any():
        codes = ", ".join(map(str, np.unique(code[unknown])))
        raise InputError(
            f"Process {process.name!r} has stable particles of new physics. Expected: their codes among those that are "
            f"invisible, or visible as neutral hadrons are. Received: {codes} in neither."
        )
    return replace(batch, status=np.where(hidden, _OUT_OF_SIGHT * np.abs(batch.status), batch.status))


def _is_new(code: Int[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
    is_new = (code >= _FIRST_NEW) & (code <= _LAST_NEW)
    is_new |= (code >= _FIRST_EXOTIC) & (code < _FIRST_NUCLEUS)
    known: Bool[np.ndarray, " n"] = is_new & ~np.isin(code, INVISIBLE)
    return known
