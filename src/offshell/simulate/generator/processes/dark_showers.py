"""Dark quarks that shower into mesons, some of which cannot be seen: semivisible jets."""

from offshell.errors import InputError
from offshell.simulate.generator.processes.process import JET_PT, Process

__all__ = ["DARK_MESONS", "dark_shower"]

DARK_MESONS = (4900111, 4900113, 4900211, 4900213)
"""Pseudoscalars and vectors, of one dark flavor and of two."""

_MEDIATOR_MASS, _INVISIBLE_FRACTION = 1500.0, 0.3
_MASSES = (100.0, 10_000.0)

# Two dark flavors.
_DARK_SECTOR = (
    "HiddenValley:Ngauge = 2",
    "HiddenValley:nFlav = 2",
    "HiddenValley:FSR = on",
    "HiddenValley:fragment = on",
    "HiddenValley:alphaOrder = 1",
    "HiddenValley:Lambda = 5",
    "HiddenValley:pTminFSR = 6",
    "HiddenValley:probVector = 0.75",
    "51:m0 = 9",
    "4900101:m0 = 10",
    *(f"{meson}:m0 = 20" for meson in DARK_MESONS),
)


def dark_shower(
    *, invisible_fraction: float = _INVISIBLE_FRACTION, mediator_mass: float = _MEDIATOR_MASS
) -> Process:
    """A Z' to two dark quarks that shower into mesons of 20 GeV, after arXiv:1707.05326 (T. Cohen, M. Lisanti, H. K. Lou, S. Mishra-Sharma).

    Jets have the same share of the mass of the Z' as those of the process of this name.

    Args:
        invisible_fraction: Of the dark mesons, from 0 to 1, those that decay to particles nobody sees; others decay to quarks.
        mediator_mass: Of the Z', in GeV; its width is one per cent.

    Raises:
        InputError: One of them is out of range.

    Example:
        >>> dark_shower(invisible_fraction=0.5, mediator_mass=3000).jet_pt
        (1100.0, 1300.0)
    """
    for name, value, (lowest, highest) in (
        ("invisible_fraction", invisible_fraction, (0.0, 1.0)),
        ("mediator_mass", mediator_mass, _MASSES),
    ):
        if not lowest <= value <= highest:
            raise InputError(
                f"{name} is out of range. Expected: {lowest:g} to {highest:g}. Received: {value!r}."
            )
    scale = mediator_mass / _MEDIATOR_MASS
    is_named = (invisible_fraction, mediator_mass) == (_INVISIBLE_FRACTION, _MEDIATOR_MASS)
    return Process(
        name="dark_shower" if is_named else f"dark_shower_{mediator_mass:g}GeV_{invisible_fraction:g}",
        title=f"Z'({mediator_mass / 1000:g} TeV) -> dark quarks that shower; {100 * invisible_fraction:g} % of the "
        "20 GeV dark mesons are invisible",
        settings=(*_mediator(mediator_mass), *_DARK_SECTOR, *_decays(invisible_fraction)),
        source="T. Cohen, M. Lisanti, H. K. Lou, S. Mishra-Sharma, arXiv:1707.05326",
        jet_pt=(scale * JET_PT[0], scale * JET_PT[1]),
        lifetime_max=None,
    )


def _mediator(mass: float) -> tuple[str, ...]:
    return (
        "HiddenValley:ffbar2Zv = on",
        f"4900023:m0 = {mass:g}",
        f"4900023:mMin = {mass * 14 / 15:g}",
        f"4900023:mMax = {mass * 16 / 15:g}",
        f"4900023:mWidth = {mass / 100:g}",
        "4900023:onMode = off",
        "4900023:onIfAny = 4900101",
    )


def _decays(invisible_fraction: float) -> tuple[str, ...]:
    """Dark mesons go to quark pairs, or out of sight as pairs of particle 51."""
    return (
        *(f"{meson}:oneChannel = 1 {1 - invisible_fraction:g} 91 3 -3" for meson in DARK_MESONS),
        *(f"{meson}:addChannel = 1 {invisible_fraction:g} 0 51 -51" for meson in DARK_MESONS),
    )
