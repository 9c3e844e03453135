"""Jet clustering of many events at once, with FastJet (arXiv:1111.6097)."""

import awkward as ak
import fastjet
import numpy as np
from jaxtyping import Float, Int

__all__ = ["clustered", "four_momenta"]

_COMPONENTS = ("E", "px", "py", "pz")


def _quiet_fastjet() -> None:
    """FastJet prints its banner to standard output, which belongs to the results; its bindings have no public way to stop it."""
    fastjet._swig.ClusterSequence.set_fastjet_banner_stream(None)


def clustered(
    momentum: Float[np.ndarray, "m 4"], count: Int[np.ndarray, " events"], definition: fastjet.JetDefinition
) -> fastjet.ClusterSequence:
    """Cluster many events in one call.

    Args:
        momentum: ``E, px, py, pz`` in GeV, one event after the other.
        count: How many rows each event has.
        definition: FastJet's algorithm and radius.
    """
    _quiet_fastjet()
    columns = dict(zip(_COMPONENTS, np.ascontiguousarray(momentum.T), strict=True))
    events = ak.unflatten(ak.zip(columns, with_name="Momentum4D"), count)
    return fastjet.ClusterSequence(events, definition)


def four_momenta(jets: ak.Array) -> Float[np.ndarray, "n 4"]:
    """``E, px, py, pz`` in GeV of jets that FastJet found, of all events in one list."""
    return np.stack([ak.to_numpy(jets[name]) for name in _COMPONENTS], axis=1)
