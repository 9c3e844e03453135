"""The table `[samples]`: which jets or events, and how many."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, NonNegativeFloat, PositiveFloat, PositiveInt, Tag

from offshell.settings.collections import Collections
from offshell.settings.table import Table, kind_or, listed
from offshell.simulate.generator.processes.process import JET_PT

__all__ = ["EventSamples", "JetSamples", "Samples"]


_Signals = Annotated[list[str], Field(min_length=1), BeforeValidator(listed)]


class JetSamples(Table):
    """Which jets; a name such as "qcd" is simulated, a path such as "train.h5" or "train.h5:qcd" is read.

    `pt` is the range of simulated jets in GeV.
    """

    kind: Literal["jets"] = "jets"
    background: str = "qcd"
    signals: _Signals = ["top"]
    n_train: PositiveInt = 10_000
    n_test: PositiveInt = 6_000
    n_signal: PositiveInt = 3_000
    pt: Annotated[tuple[PositiveFloat, PositiveFloat], BeforeValidator(listed)] = JET_PT
    detector: Literal["ATLAS", "ATLAS_FINE", "CMS"] = "ATLAS"


class EventSamples(Table):
    """Which events; a name such as "background" is simulated, a path such as "events.h5" is read.

    At 10 kHz of 28.6 MHz, 35 of 100,000 test events pass; those that pass a score share parents and amount to 12 or so
    independent ones, and to 8 for a cut on HT. All background takes six minutes of simulation on two cores, once.
    `collections` says which objects of a ROOT file are taken; samples of different layouts are refused unless `mixed_layouts`.
    """

    kind: Literal["events"] = "events"
    background: str = "background"
    signals: _Signals = ["a-4l", "leptoquark", "h-tautau", "hch-taunu"]
    n_train: PositiveInt = 20_000
    n_test: PositiveInt = 100_000
    n_signal: PositiveInt = 4_000
    pileup: NonNegativeFloat | None = None
    """Mean number of further collisions; that of the process where it is not said, 20 and of zero-bias crossings 60."""
    collections: Collections = Collections()
    mixed_layouts: bool = False


Samples = Annotated[
    Annotated[JetSamples, Tag("jets")] | Annotated[EventSamples, Tag("events")], kind_or("jets")
]
