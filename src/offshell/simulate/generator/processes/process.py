"""What collides into what, for the generator and for the truth match."""

from __future__ import annotations

from dataclasses import dataclass, replace

from offshell.errors import InputError
from offshell.simulate.generator.beam import Beam
from offshell.simulate.generator.files.events import HEPMC, EventFile
from offshell.simulate.generator.lifetimes import LIFETIME_MAX

__all__ = ["JET_PT", "Process", "TruthMatch"]

# Of the public Top Tagging reference set, arXiv:1902.09914.
JET_PT = (550.0, 650.0)

_BEAM = Beam()

_TRIED = (20, 2000)

_HARD = 300
"""GeV, from which on what is dropped early was looked at; see docs/simulation.md."""

_SMEARED = 8
"""GeV by which a jet is often harder than the collision that it is from."""


@dataclass(frozen=True)
class TruthMatch:
    """The jet must hold a decaying particle: it and all its quarks within the jet radius of the axis."""

    parent: int
    """PDG code of the decaying particle, without sign."""
    n_quarks: int
    """How many quarks of the hard process it ends in."""


@dataclass(frozen=True)
class Process:
    """What collides into what: one line of the table, or your own.

    Example:
        >>> own = Process("charm", settings=("HardQCD:gg2ccbar = on",), beam=Beam(13.6, multiparton=True), jet_pt=(300, 400))
        >>> own.name, own.beam.energy
        ('charm', 13.6)
    """

    name: str
    title: str = ""
    settings: tuple[str, ...] = ()
    """Pythia settings beyond those that all processes share."""
    source: str = ""
    beam: Beam = _BEAM
    match: TruthMatch | None = None
    pt_hat: tuple[float, float] | None = None
    """Range in GeV of the pt in the hard collision, or None where masses decide how hard the jets are."""
    shower_pt: tuple[float, float] | None = None
    """Range in GeV that the leading jet may have early in the shower, or None where jets come from a decay
    that Pythia showers later. Events outside are dropped before the slow part; see docs/simulation.md."""
    jet_pt: tuple[float, float] = JET_PT
    """Range in GeV of the jets, for which the ranges above leave room."""
    file: EventFile | None = None
    """Collisions of another generator, which are read instead of made; see `given_process`."""
    invisible: tuple[int, ...] = ()
    """Codes, without sign, of stable new particles that leave the detector without a trace."""
    visible: tuple[int, ...] = ()
    """Codes, without sign, of stable new particles that stop in the hadronic calorimeter, as neutral hadrons do."""
    lifetime_max: float | None = LIFETIME_MAX
    """Mean lifetime in mm beyond which a particle reaches the detector undecayed, or None where all that are not
    stable for Pythia decay on their way, and those made beyond the tracker are lost."""

    def __post_init__(self) -> None:
        """Refuse a range that holds no jet, for which a simulation would never end."""
        low, high = self.jet_pt
        if not 0 < low < high:
            raise InputError(
                f"Process {self.name!r}: no range of pt. Expected: two rising numbers in GeV. Received: {low:g} to {high:g}."
            )

    def with_beam(self, *, energy: float | None, multiparton: bool | None) -> Process:
        """The same process at another energy in TeV, with or without multi-parton interactions; None changes nothing.

        Raises:
            InputError: The settings or the file of the process say that already, or there is no such energy.
        """
        beam = self.beam
        if energy is not None:
            self._refuse_fixed("energy")
            beam = replace(beam, energy=energy)
        if multiparton is not None:
            self._refuse_fixed("multiparton")
            beam = replace(beam, multiparton=multiparton)
        return replace(self, beam=beam)

    def _refuse_fixed(self, option: str) -> None:
        key = {"energy": "Beams:", "multiparton": "PartonLevel:MPI"}[option].lower()
        says = [line for line in self.settings if line.lower().startswith(key)]
        if self.file and (option == "energy" or self.file.layout == HEPMC):
            says = [f"the collisions of {self.file.path}"]
        if says:
            raise InputError(
                f"Process {self.name!r} decides on {option} itself. Expected: no option. Received: {says[0]}, and {option}."
            )

    def with_jets_of(self, low: float, high: float) -> Process:
        """The same process for jets of another pt, in GeV; the other ranges move in proportion.

        Soft jets are measured so badly that the range of the hard collision reaches further down, and none is dropped early.

        Raises:
            InputError: The range is empty or beyond what was tried.
        """
        if (low, high) == self.jet_pt:
            return self
        _check_range(low, high)
        scales = low / self.jet_pt[0], high / self.jet_pt[1]
        pt_hat, shower_pt = (_scaled(window, scales) for window in (self.pt_hat, self.shower_pt))
        if low < _HARD:
            pt_hat, shower_pt = pt_hat and (pt_hat[0] - _SMEARED, pt_hat[1]), None
        return replace(self, pt_hat=pt_hat, shower_pt=shower_pt, jet_pt=(low, high))


def _check_range(low: float, high: float) -> None:
    lowest, highest = _TRIED
    if not lowest <= low < high <= highest:
        raise InputError(
            f"Wrong range of pt. Expected: two rising numbers from {lowest} to {highest} GeV. Received: {low:g} to {high:g}."
        )


def _scaled(window: tuple[float, float] | None, scales: tuple[float, float]) -> tuple[float, float] | None:
    return window and (window[0] * scales[0], window[1] * scales[1])
