"""Jets and events in files: their layouts, checks on the way in, writing them safely, and public data sets."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.data.catalog import CATALOG
    from offshell.data.events import count_events, describe_events, iter_events, read_events
    from offshell.data.formats import count_jets, iter_jets, read_jets
    from offshell.data.retrieval import fetch

__all__ = [
    "CATALOG",
    "count_events",
    "count_jets",
    "describe_events",
    "fetch",
    "iter_events",
    "iter_jets",
    "read_events",
    "read_jets",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "catalog": ["CATALOG"],
        "events": ["count_events", "describe_events", "iter_events", "read_events"],
        "formats": ["count_jets", "iter_jets", "read_jets"],
        "retrieval": ["fetch"],
    },
)
