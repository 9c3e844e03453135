"""How the protons meet."""

from dataclasses import dataclass

from offshell.errors import InputError

__all__ = ["Beam"]

_ENERGIES = (0.9, 100.0)
"""TeV: the first collisions of the LHC, and what is planned for the FCC."""


@dataclass(frozen=True)
class Beam:
    """Two beams of protons, and what they do beside the hard process."""

    energy: float = 14.0
    """Of both protons together, in TeV."""
    multiparton: bool = False
    """Whether more pairs of partons of the same protons scatter (the underlying event)."""

    def __post_init__(self) -> None:
        """Refuse energies of no collider."""
        lowest, highest = _ENERGIES
        if not lowest <= self.energy <= highest:
            raise InputError(
                f"Wrong energy of the beams. Expected: {lowest:g} to {highest:g} TeV. Received: {self.energy!r}."
            )

    @property
    def settings(self) -> tuple[str, ...]:
        """What Pythia has to be told."""
        multiparton = "on" if self.multiparton else "off"
        return (f"Beams:eCM = {1000 * self.energy:.10g}", f"PartonLevel:MPI = {multiparton}")
