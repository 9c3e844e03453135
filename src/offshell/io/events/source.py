"""What a reader of event files gives: where the events are from, and the events in chunks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float

from offshell.io.chunks import Columns

__all__ = ["ADC2021", "CHUNK", "EventFile", "EventSource", "Events", "Version", "no_columns"]

Events = Float[np.ndarray, "n 19 4"]
"""`pt, eta, phi, class` of the objects of each event, zero-padded, in GeV and radians."""

Version = Literal["filtered", "unfiltered", "simulated", "unknown"]

ADC2021 = "ADC2021 HDF5"
"""The layout of the ADC2021 set, which is that of what Offshell simulates."""

CHUNK = 32_768  # events read at once; 10 MB


@dataclass(frozen=True)
class EventSource:
    """Where events are from; belongs beside every result.

    Attributes:
        path: The file or folder.
        layout: Its layout, and which objects were taken where there is a choice.
        n_events: The number of events in it.
        version: Of the two releases of the ADC2021 signals, which give very different results: "filtered" has passed
            the lepton preselection of the background, "unfiltered" has not. "simulated" is from Offshell itself,
            with that preselection; "unknown" is all else. Read from the name and the attributes of the file.
    """

    path: Path
    layout: str
    n_events: int
    version: Version = "unknown"


def no_columns(start: int, stop: int) -> Columns:  # noqa: ARG001 - as those that say something
    """Of a file that says nothing of its events."""
    return {}


@dataclass(frozen=True)
class EventFile:
    """An open file of events.

    Attributes:
        source: Where the events are from.
        chunks: Yields the events [start, stop) in order, at most `CHUNK` at once, unchecked.
        columns: What identifies the events [start, stop) and what they count for, as far as the file says.
    """

    source: EventSource
    chunks: Callable[[int, int], Iterator[Events]]
    columns: Callable[[int, int], Columns] = no_columns
