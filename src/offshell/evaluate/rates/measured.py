"""What one detector says of events as they were measured, and which measurements can be held against each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.separation.sample import Groups

__all__ = ["Measured", "refuse_other_signals", "refuse_unlike"]

Values = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Measured:
    """The scores that one detector gives to events as they were measured.

    Attributes:
        background: Scores of the background, (n,).
        signals: Scores of each signal, (m,).
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_groups: Parents of signal events by signal.
    """

    background: Values
    signals: Mapping[str, Values]
    groups: Groups | None = None
    signal_groups: Mapping[str, Groups] = field(default_factory=dict)


def refuse_unlike(nominal: Measured, of: Measured) -> None:
    """Raises InputError if shifted events are not as many as the nominal ones, or there are other signals."""
    refuse_other_signals(nominal, of)
    pairs = {"background": (nominal.background, of.background)}
    pairs |= {name: (values, of.signals[name]) for name, values in nominal.signals.items()}
    for name, (before, after) in pairs.items():
        if len(before) != len(after):
            raise InputError(
                f"Shifted events of {name} are not the nominal ones. Expected: {len(before)}. Received: {len(after)}."
            )


def refuse_other_signals(nominal: Measured, of: Measured) -> None:
    """Raises InputError if there are other signals than among the nominal events."""
    if set(nominal.signals) != set(of.signals):
        raise InputError(
            f"There are other signals than among the nominal events. Expected: {', '.join(nominal.signals)}. "
            f"Received: {', '.join(of.signals)}."
        )
