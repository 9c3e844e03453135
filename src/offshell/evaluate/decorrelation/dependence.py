"""What a score has to do with variables of the background, before and after it is decorrelated from them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, TypedDict

import numpy as np
from jaxtyping import Float

from offshell.evaluate.decorrelation.sculpting import sculpting
from offshell.evaluate.description.committees import rank_correlation
from offshell.evaluate.separation.ranking import threshold_at_share

__all__ = ["RATE", "Dependence", "OnVariable", "dependence"]

RATE = 0.01
"""Share of the background that passes the cut whose sculpting is looked at."""


class OnVariable(TypedDict):
    """Rank correlation with one variable, and the `Sculpting` by a cut that the share `RATE` passes; None where none is."""

    correlation: float
    sculpting: dict[str, Any] | None


class Dependence(TypedDict):
    """Of a score, and of its rank among background with the same variables, by name of the variable."""

    plain: dict[str, OnVariable]
    decorrelated: dict[str, OnVariable]


def dependence(
    plain: Float[np.ndarray, " n"],
    decorrelated: Float[np.ndarray, " n"],
    variables: Float[np.ndarray, "n variables"],
    *,
    names: Sequence[str],
) -> Dependence:
    """Returns what a score has to do with variables, before and after it is decorrelated, ready for JSON.

    Args:
        plain: Scores of background events from which nothing was learned.
        decorrelated: Their ranks among background with the same variables.
        variables: Of the same events.
        names: Of the variables.
    """
    columns = dict(zip(names, variables.T, strict=True))
    return {
        "plain": {name: _on(plain, values) for name, values in columns.items()},
        "decorrelated": {name: _on(decorrelated, values) for name, values in columns.items()},
    }


def _on(scores: Float[np.ndarray, " n"], variable: Float[np.ndarray, " n"]) -> OnVariable:
    passing = scores > threshold_at_share(np.sort(scores), RATE)
    return {
        "correlation": rank_correlation(scores, variable),
        "sculpting": asdict(sculpting(variable, passing)) if passing.any() else None,
    }
