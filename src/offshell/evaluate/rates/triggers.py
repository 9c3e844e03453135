"""Several triggers on one background: what passes them together and alone, and what of a signal does."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property

import numpy as np
from scipy.stats import beta

from offshell.errors import InputError
from offshell.evaluate.rates.changes import times
from offshell.evaluate.rates.purity import Estimate
from offshell.evaluate.rates.resampled import N_REPLICAS, resampled_thresholds
from offshell.evaluate.rates.scored_events import Events, Kept, Thresholds, refuse_missing
from offshell.evaluate.rates.thresholds import OperatingPoint
from offshell.evaluate.separation.efficiency import efficiency_above
from offshell.evaluate.separation.intervals import CONFIDENCE, joined

__all__ = ["Triggers"]

_TAIL = (1 - CONFIDENCE) / 2
_NOTHING: Estimate = {"value": None, "low": None, "high": None}

Region = Callable[[Events, Thresholds, Thresholds], Kept]
"""What is kept of events, with thresholds of triggers that take it and of those that take it away."""


class Triggers:
    """Triggers with thresholds, and the background that has chosen these.

    Rates are those of the thresholds as they are; efficiencies those at the rates that were asked for, so that their
    intervals also hold where the background may have put all thresholds (see `resampled_thresholds`). A threshold given
    as a number is what it is. A trigger with a prescale p keeps each event that passes with the probability 1 / p,
    independently of the other triggers.

    Args:
        background: The background, with a score for each trigger.
        points: What `threshold_at_rate` found, or a threshold, by trigger.
        input_rate_hz: Rate of all background events [Hz].
        prescales: One event in how many a trigger keeps, for triggers that do not keep all.

    Raises:
        InputError: If the background lacks a score, or a prescale is below 1.
    """

    def __init__(
        self,
        background: Events,
        points: Mapping[str, OperatingPoint | float],
        *,
        input_rate_hz: float,
        prescales: Mapping[str, float] | None = None,
    ) -> None:
        refuse_missing(background, points)
        self.background, self.points, self.input_rate_hz = background, points, input_rate_hz
        self.thresholds = {
            name: point.threshold if isinstance(point, OperatingPoint) else float(point)
            for name, point in points.items()
        }
        self.kept_shares = {name: 1 / _checked(name, (prescales or {}).get(name, 1.0)) for name in points}

    def rate(self, names: Collection[str]) -> Estimate:
        """Returns the rate of what any of some triggers keeps [Hz]."""
        (name, *others) = names
        point = self.points[name]
        if not others and isinstance(point, OperatingPoint):
            low, high = point.interval
            return times({"value": point.rate_hz, "low": low, "high": high}, self.kept_shares[name])
        return self._rate(lambda events, eager, _: self._kept(events, names, eager), names)

    def unique_rate(self, name: str, others: Collection[str]) -> Estimate:
        """Returns the rate of what one trigger keeps and none of some others does [Hz]."""
        if not others:
            return self.rate([name])
        return self._rate(self._unique(name, others), [name, *others])

    def overlap(self, name: str, other: str) -> Estimate:
        """Returns the share of the background that one trigger keeps which another one keeps as well."""
        reached = min([self.thresholds[name], *(lowest[name] for lowest, _ in self._replicas)])
        near = self.background.scores[name] > reached
        chosen = self.background.scores[name] > self.thresholds[name]
        if not chosen.any():
            return _NOTHING
        events = self.background.where(near)
        both = [self._shared(events, name, other, t) for pair in self._replicas for t in pair]
        passing = self.background.where(chosen)
        return _estimate(passing, self._kept(passing, [other], self.thresholds), both, both)

    def efficiency(self, signal: Events, names: Collection[str]) -> Estimate:
        """Returns the share of a signal that any of some triggers keeps."""
        (name, *others) = names
        if not others:
            return self._of_one(signal, name)
        return self._of_several(signal, lambda events, eager, _: self._kept(events, names, eager))

    def unique_efficiency(self, signal: Events, name: str, others: Collection[str]) -> Estimate:
        """Returns the share of a signal that one trigger keeps and none of some others does."""
        if not others:
            return self._of_one(signal, name)
        return self._of_several(signal, self._unique(name, others))

    def _kept(self, events: Events, names: Collection[str], thresholds: Thresholds) -> Kept:
        """With which probability any of some triggers keeps each event."""
        lost = np.ones(events.n_events)
        for name in names:
            lost *= 1 - self.kept_shares[name] * (events.scores[name] > thresholds[name])
        return 1 - lost

    def _unique(self, name: str, others: Collection[str]) -> Region:
        return lambda events, eager, strict: (
            self._kept(events, [name], eager) * (1 - self._kept(events, others, strict))
        )

    def _of_one(self, signal: Events, name: str) -> Estimate:
        """As `signal_efficiency` has it."""
        point = self.points[name]
        bounds = point.bounds if isinstance(point, OperatingPoint) else None
        found = efficiency_above(signal.sample(name), self.thresholds[name], bounds=bounds)
        return times({"value": found.value, "low": found.low, "high": found.high}, self.kept_shares[name])

    def _of_several(self, signal: Events, kept: Region) -> Estimate:
        """Of a region that grows with thresholds of the first kind falling and with those of the second rising."""
        inside = kept(signal, self.thresholds, self.thresholds)
        reached = {
            name: min([x, *(lowest[name] for lowest, _ in self._replicas)])
            for name, x in self.thresholds.items()
        }
        near = signal.passed(list(reached), reached)
        if not near.any():
            return _estimate(signal, inside, [], [])
        events, total = signal.where(near), signal.total
        least = [events.sum(kept(events, highest, lowest)) / total for lowest, highest in self._replicas]
        most = [events.sum(kept(events, lowest, highest)) / total for lowest, highest in self._replicas]
        return _estimate(signal, inside, least, most)

    def _rate(self, kept: Region, names: Collection[str]) -> Estimate:
        """Of a region whose edges are scores of events: each edge adds one step between scores to those of its events.

        That the steps of a region count as those of one score do is exact if its edges are chosen one after the other
        (Tukey, Ann. Math. Stat. 18 (1947) 529). The interval also holds the share of the events inside alone. Events that
        are kept in part count as the effective number of those that were (Kish, Survey Sampling, 1965, 11.7).
        """
        inside = kept(self.background, self.thresholds, self.thresholds)
        at_edges = sum(self._at_edge(kept, inside, name) for name in names if name in self._chosen)
        one = self._unit * (
            float(np.dot(inside, inside) / inside.sum()) if inside.any() else self._most_kept(names)
        )
        n_inside, n_events = self.background.sum(inside) / one, self.background.total / one
        steps = max(n_inside + at_edges * self._unit / one, 0)
        fewest, most = min(n_inside, steps), max(n_inside + 1, steps)
        low = beta.ppf(_TAIL, fewest, n_events + 1 - fewest) if fewest > 0 else 0.0
        high = beta.isf(_TAIL, most, n_events + 1 - most) if most < n_events + 1 else 1.0
        is_chosen = any(name in self._chosen for name in names)
        value = steps / (n_events + is_chosen * self._unit / one)
        found: Estimate = {"value": value, "low": float(low), "high": float(high)}
        return times(found, self.input_rate_hz)

    def _most_kept(self, names: Collection[str]) -> float:
        return max(self.kept_shares[name] for name in names)

    def _at_edge(self, kept: Region, inside: Kept, name: str) -> float:
        """What would be kept of the event that has chosen a threshold if it passed, beyond what is kept of it now."""
        at = self.background.scores[name] == self.thresholds[name]
        if not at.any():
            return 0.0
        below = {**self.thresholds, name: float(np.nextafter(self.thresholds[name], -np.inf))}
        gained = kept(self.background.where(at), below, below) - inside[at]
        return float(gained[np.argmax(np.abs(gained))])

    def _shared(self, events: Events, name: str, other: str, thresholds: Thresholds) -> float:
        chosen = events.scores[name] > thresholds[name]
        total = events.sum(chosen)
        return events.sum(chosen * self._kept(events, [other], thresholds)) / total if total > 0 else np.nan

    @cached_property
    def _unit(self) -> float:
        """The weight that counts as one event."""
        if self.background.weights is None and self.background.groups is None:
            return 1.0
        return max(self.background.sample(name).unit(self.thresholds[name]) for name in self.points)

    @cached_property
    def _chosen(self) -> dict[str, float]:
        """The shares of the triggers whose thresholds the background has chosen."""
        return {
            name: point.share
            for name, point in self.points.items()
            if isinstance(point, OperatingPoint) and point.share is not None
        }

    @cached_property
    def _replicas(self) -> list[tuple[Thresholds, Thresholds]]:
        """The thresholds just below and just above what the rates ask for, as often as they were drawn."""
        if not self._chosen:
            return []
        scores = {name: self.background.scores[name] for name in self._chosen}
        drawn = resampled_thresholds(
            scores, self._chosen, weights=self.background.weights, groups=self.background.groups
        )
        fixed = {name: value for name, value in self.thresholds.items() if name not in drawn}
        return [
            (
                fixed | {name: float(found.lowest[replica]) for name, found in drawn.items()},
                fixed | {name: float(found.highest[replica]) for name, found in drawn.items()},
            )
            for replica in range(N_REPLICAS)
        ]


def _checked(name: str, prescale: float) -> float:
    if not 1 <= prescale < np.inf:
        raise InputError(
            f"Wrong prescale of {name}. Expected: a number of 1 or more. Received: {prescale:g}."
        )
    return prescale


def _estimate(events: Events, kept: Kept, least: list[float], most: list[float]) -> Estimate:
    """A share with what is uncertain of its events, and of the thresholds by its least and most among replicas."""
    value = events.sum(kept) / events.total
    shifted = []
    if not np.isnan(least).all() and least:
        shifted = [(float(np.nanquantile(least, _TAIL)), float(np.nanquantile(most, 1 - _TAIL)))]
    low, high = joined(value, events.interval(kept), *shifted)
    return {"value": value, "low": low, "high": high}
