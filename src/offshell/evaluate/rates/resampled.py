"""Where the thresholds of several triggers may lie together, as far as one background sample tells."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Integer

from offshell.evaluate.separation.sample import Groups, Sample, Weights, sample

__all__ = ["N_REPLICAS", "Neighbors", "resampled_thresholds"]

N_REPLICAS = 400
"""Replicas of thresholds: their quantiles at 2.5 % are known to a tenth of a standard deviation or so."""

_SEED = 0
_REACH = 8  # standard deviations of a number of events, which none of so few replicas exceeds
_LEAST_REACH = 30

Scores = Float[np.ndarray, " n"]


class Neighbors(NamedTuple):
    """For each replica the neighboring scores of the background between which the threshold of a trigger lies."""

    lowest: Float[np.ndarray, " replicas"]
    highest: Float[np.ndarray, " replicas"]


def resampled_thresholds(
    scores: Mapping[str, Scores],
    shares: Mapping[str, float],
    *,
    weights: Weights | None = None,
    groups: Groups | None = None,
) -> dict[str, Neighbors]:
    """Returns thresholds of triggers at their shares of the background, with the correlations that events give them.

    The shares of all events between neighboring scores of a sample follow a Dirichlet distribution with one for each
    event (David and Nagaraja, Order Statistics, 2003, 2.5), so that exponential random numbers for the events (one for
    all of one parent) make a replica of all thresholds at once (Rubin, Ann. Stat. 9 (1981) 130). For one trigger, that is
    the distribution behind `threshold_bounds`.

    Args:
        scores: Scores of the background by trigger, (n,) each.
        shares: The share of the background above the threshold, by trigger.
        weights: Weights of the background, (n,); None for one each.
        groups: Parents of the background, (n,); None for independent events.
    """
    samples = {name: sample(scores[name], name, weights=weights, groups=groups) for name in shares}
    orders = {name: np.argsort(-scores[name])[: _n_reached(samples[name], shares[name])] for name in shares}
    events = np.unique(np.concatenate(list(orders.values())))
    drawn, total = _drawn(next(iter(samples.values())), events, weights, groups)
    return {
        name: _neighbors(scores[name][order], drawn[:, np.searchsorted(events, order)], shares[name] * total)
        for name, order in orders.items()
    }


def _n_reached(background: Sample, share: float) -> int:
    """How many of the highest events a threshold may need."""
    one = background.unit(background.threshold(share * background.total))
    n_expected = share * background.total / one
    reached = background.threshold((n_expected + _REACH * np.sqrt(n_expected) + _LEAST_REACH) * one)
    return int(background.n_above(reached)) + 1


def _drawn(
    background: Sample, events: Integer[np.ndarray, " events"], weights: Weights | None, groups: Groups | None
) -> tuple[Float[np.ndarray, "replicas events"], Float[np.ndarray, " replicas"]]:
    """Random weights of some events, and those of all together with the events to come."""
    rng, one = np.random.default_rng(_SEED), background.unit(np.inf)
    whose = events if groups is None else np.asarray(groups)[events]
    heavy = np.ones(len(events)) if weights is None else np.asarray(weights)[events]
    _, number = np.unique(whose, return_inverse=True)
    drawn = heavy * rng.exponential(size=(N_REPLICAS, number.max() + 1))[:, number]
    n_others = max((background.total - heavy.sum()) / one, 0.0)
    return drawn, drawn.sum(axis=1) + one * rng.gamma(n_others + 1, size=N_REPLICAS)


def _neighbors(
    falling: Float[np.ndarray, " reached"],
    drawn: Float[np.ndarray, "replicas reached"],
    wanted: Float[np.ndarray, " replicas"],
) -> Neighbors:
    most = np.maximum.accumulate(np.cumsum(drawn, axis=1), axis=1)
    place = (most < wanted[:, None]).sum(axis=1)
    ends = np.concatenate([[np.inf], falling, [-np.inf]])
    return Neighbors(ends[place + 1], ends[place])
