"""Jets, pairs of jets and events in files: their layouts, checks on the way in, and writing them safely."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.io.dijets.reading import iter_dijets, read_dijets
    from offshell.io.events.reading import count_events, describe_events, iter_events, read_events
    from offshell.io.jets.columns import read_jet_columns
    from offshell.io.jets.reading import count_jets, iter_jets, read_jets

__all__ = [
    "count_events",
    "count_jets",
    "describe_events",
    "iter_dijets",
    "iter_events",
    "iter_jets",
    "read_dijets",
    "read_events",
    "read_jet_columns",
    "read_jets",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "dijets.reading": ["iter_dijets", "read_dijets"],
        "events.reading": ["count_events", "describe_events", "iter_events", "read_events"],
        "jets.columns": ["read_jet_columns"],
        "jets.reading": ["count_jets", "iter_jets", "read_jets"],
    },
)
