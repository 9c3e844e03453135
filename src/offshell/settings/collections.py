"""The table `[samples.collections]`: which objects of a ROOT file are taken, where there is a choice."""

from typing import Literal

from offshell.settings.table import Table

__all__ = ["Collections"]


class Collections(Table):
    """Which objects of a ROOT file are an event, where the file holds more than one kind or lacks one."""

    level: Literal["offline", "level1"] | None = None
    """Objects of the offline reconstruction or of the level-1 trigger, for NanoAOD files that hold both; default: offline
    ones where there are any."""
    emulated: bool = False
    """Level-1 objects of the emulator and not those that the trigger sent; where only emulated ones are, they are taken."""
    crossing: int = 0
    """Bunch crossing of the level-1 objects, counted from the triggered one."""
    met: str | None = None
    """Which missing transverse momentum: the name of a collection such as `PFMET`, or of level-1 sums `MissingEt`,
    `MissingEtHF` or `MissingHt`; default: of PUPPI where it is there, and `MissingEt`."""
    missing: Literal["refuse", "empty"] = "refuse"
    """Whether a file without a collection, such as one of muons only, is refused or has none of these objects."""
