"""Which drift can a reference see? The alarms of simulated drifts, for so many events of reference and blocks."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from rich import box
from rich.table import Table
from rich.text import Text
from scipy.stats import norm

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import binomial_interval
from offshell.evaluate.separation.ranking import checked_scores
from offshell.monitor.charts import limit_for
from offshell.monitor.drift import CHARTS, rate_evidence, shape_evidence

__all__ = ["Watch", "alarm_probability", "rich_power", "smallest_drift"]

PROBABILITIES = (0.5, 0.9)
"""With which a drift is to be seen."""

_N_TOYS = 200
_N_STEPS = 8
_N_CUTS = 64
# The largest value of a random walk lies so much higher between its steps, in units of one (Broadie, Glasserman and Kou,
# Math. Finance 7 (1997) 325).
_BETWEEN_CUTS = 0.5826
_SEED = 0
_LARGEST = {"rate up": 10.0, "rate down": 0.1, "shape": 0.5}
"""Factors of the rate, and a distance of distribution functions: what is larger is no drift any more."""


@dataclass(frozen=True)
class Watch:
    """What a monitor has to decide with.

    Attributes:
        n_reference: Events of the reference.
        n_passed: Those of them above the threshold.
        n_events: Events of a block.
        n_blocks: Blocks after the drift began, within which it is to be seen.
        blocks_per_false_alarm: As for `offshell.monitor.watch`.
    """

    n_reference: int
    n_passed: int
    n_events: int
    n_blocks: int
    blocks_per_false_alarm: float = 10_000


def alarm_probability(watch: Watch, drift: str, size: float) -> float:
    """Returns how often a drift that comes at once raises its alarm in time, from 200 seeded toys.

    Each toy has a reference of its own, because a finite one is off in all blocks alike. A drift of the shape is the shift of a
    Gaussian, and the distributions of samples are Brownian bridges around it (Doob, Ann. Math. Stat. 20 (1949) 393).

    Args:
        watch: Numbers of events and blocks.
        drift: "rate up", "rate down" or "shape".
        size: Factor of the rate, or for the shape the largest distance between the distribution functions before and after,
            which is the share of events that changed sides of some cut.

    Raises:
        InputError: If there is no such drift.
    """
    if drift not in CHARTS:
        raise InputError(f"Unknown drift. Expected: {', '.join(CHARTS)}. Received: {drift!r}.")
    rng = np.random.default_rng(_SEED)
    evidence = _shape(watch, size, rng) if drift == "shape" else _rate(watch, drift, size, rng)
    limit = limit_for(watch.blocks_per_false_alarm, n_charts=len(CHARTS))
    total, alarmed = np.zeros(_N_TOYS), np.zeros(_N_TOYS, bool)
    for of_block in evidence.T:  # as `Chart` does it
        total = np.maximum(total + of_block, 0.0)
        alarmed |= total >= limit
    return float(alarmed.mean())


def smallest_drift(watch: Watch, drift: str, *, probability: float) -> float | None:
    """Returns the smallest drift that is seen in time with a probability; None if not even a large one is.

    Large is a rate that is ten times as high or low, or a distance of 0.5.

    Args:
        watch: Numbers of events and blocks.
        drift: "rate up", "rate down" or "shape".
        probability: Between 0 and 1.

    Raises:
        InputError: If there is no such drift.

    Example:
        >>> large, small = (Watch(n, n // 100, 2000, 250) for n in (1_000_000, 10_000))
        >>> smallest_drift(large, "rate up", probability=0.9) < smallest_drift(small, "rate up", probability=0.9)
        True
    """
    if alarm_probability(watch, drift, _LARGEST.get(drift, 1.0)) < probability:
        return None
    unseen, seen = _no_drift(drift), _LARGEST[drift]
    for _ in range(_N_STEPS):
        middle = (unseen + seen) / 2 if drift == "shape" else float(np.sqrt(unseen * seen))
        if alarm_probability(watch, drift, middle) < probability:
            unseen = middle
        else:
            seen = middle
    return seen


def rich_power(
    reference: Float[np.ndarray, " n"], *, threshold: float, n_events: int, n_blocks: int
) -> Table:
    """Returns the terminal table of the smallest drifts that are seen with 50 and with 90 %.

    Args:
        reference: Scores of the reference.
        threshold: The threshold whose rate is watched.
        n_events: Events of a block.
        n_blocks: Blocks after the drift began, within which it is to be seen.
    """
    scores = checked_scores(reference, "reference")
    watch = Watch(len(scores), int((scores > threshold).sum()), n_events, n_blocks)
    title = f"The smallest drift that {len(scores):,} reference events can see within {n_blocks} blocks of {n_events:,}"
    table = Table(title=Text(title, "bold"), box=box.SIMPLE_HEAD, min_width=80)
    table.add_column("drift")
    for probability in PROBABILITIES:
        table.add_column(f"seen with {probability:.0%}", justify="right")
    for drift in CHARTS:
        found = (smallest_drift(watch, drift, probability=probability) for probability in PROBABILITIES)
        table.add_row(drift, *(_text(drift, size) for size in found))
    table.caption = (
        "Shape: share of events that move across some cut. More reference events see smaller drifts."
    )
    table.caption_justify = "left"
    return table


def _no_drift(drift: str) -> float:
    return 0.0 if drift == "shape" else 1.0


def _text(drift: str, size: float | None) -> str:
    if size is None:
        return "none"
    return f"{100 * size:.2g} %" if drift == "shape" else f"{100 * (size - 1):+.3g} %"


def _rate(
    watch: Watch, drift: str, factor: float, rng: np.random.Generator
) -> Float[np.ndarray, "toys blocks"]:
    share = watch.n_passed / watch.n_reference
    of_references = rng.binomial(watch.n_reference, share, (_N_TOYS, 1))
    shape = (_N_TOYS, watch.n_blocks)
    n_passed = rng.binomial(watch.n_events, min(factor * share, 1.0), shape)
    up, down = rate_evidence(n_passed, watch.n_events, binomial_interval(of_references, watch.n_reference))
    return up if drift == "rate up" else down


def _shape(watch: Watch, distance: float, rng: np.random.Generator) -> Float[np.ndarray, "toys blocks"]:
    at = np.arange(1, _N_CUTS) / _N_CUTS
    drift = distance * norm.pdf(norm.ppf(at)) / norm.pdf(0)
    of_references = _bridges(rng) / np.sqrt(watch.n_reference)
    found = [
        np.abs(drift + of_references + _bridges(rng) / np.sqrt(watch.n_events)).max(axis=1)
        for _ in range(watch.n_blocks)
    ]
    missed = _BETWEEN_CUTS / np.sqrt(_N_CUTS * watch.n_events)
    return shape_evidence(np.stack(found, axis=1) + missed, watch.n_events, n_reference=watch.n_reference)


def _bridges(rng: np.random.Generator) -> Float[np.ndarray, "toys cuts"]:
    """How far the distribution function of a sample is off at each cut, in units of 1 / sqrt(n): Brownian bridges."""
    walks = rng.normal(scale=1 / np.sqrt(_N_CUTS), size=(_N_TOYS, _N_CUTS)).cumsum(axis=1)
    bridges: Float[np.ndarray, "toys cuts"] = walks[:, :-1] - walks[:, -1:] * np.arange(1, _N_CUTS) / _N_CUTS
    return bridges
