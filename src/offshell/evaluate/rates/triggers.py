"""Several triggers on one background: what passes them together and alone, and what of a signal does."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import beta

from offshell.errors import InputError
from offshell.evaluate.rates.purity import Estimate
from offshell.evaluate.rates.resampled import N_REPLICAS, resampled_thresholds
from offshell.evaluate.rates.thresholds import OperatingPoint
from offshell.evaluate.separation.efficiency import efficiency_above
from offshell.evaluate.separation.intervals import CONFIDENCE, joined
from offshell.evaluate.separation.ranking import checked_scores
from offshell.evaluate.separation.sample import Groups, Sample, Weights, numbered, sample, share_interval

__all__ = ["Events", "Triggers", "refuse_missing"]

_TAIL = (1 - CONFIDENCE) / 2
_NOTHING: Estimate = {"value": None, "low": None, "high": None}

Scores = Mapping[str, Float[np.ndarray, " n"]]
Passed = Bool[np.ndarray, " n"]
Thresholds = Mapping[str, float]


class Events:
    """The scores of one sample by name, with weights and parents.

    Args:
        scores: Scores, (n,) each.
        name: What an error calls the sample.
        weights: Weights, (n,); None for one each.
        groups: Parents, (n,); None for independent events.

    Raises:
        InputError: If scores are empty, not finite or of different lengths, or weights or groups do not belong to them.
    """

    def __init__(
        self, scores: Scores, name: str, *, weights: Weights | None = None, groups: Groups | None = None
    ) -> None:
        self.scores = {key: checked_scores(values, f"{name}, {key}") for key, values in scores.items()}
        self.weights, self.name = weights, name
        if len(lengths := {len(values) for values in self.scores.values()}) != 1:
            raise InputError(
                f"Wrong scores of {name}. Expected: at least one, all of one length. "
                f"Received: {', '.join(map(str, sorted(lengths))) or 'none'}."
            )
        (self.n_events,) = lengths
        first, *_ = self.scores
        sample(self.scores[first], name, weights=weights, groups=groups)
        self.groups = None if groups is None else numbered(groups)

    def sample(self, name: str) -> Sample:
        """The sample in the order of one score."""
        return sample(self.scores[name], self.name, weights=self.weights, groups=self.groups)

    def where(self, chosen: Passed) -> "Events":
        """Some of the events."""
        weights, groups = (None if x is None else np.asarray(x)[chosen] for x in (self.weights, self.groups))
        scores = {name: values[chosen] for name, values in self.scores.items()}
        return Events(scores, self.name, weights=weights, groups=groups)

    def passed(self, names: Collection[str], thresholds: Thresholds) -> Passed:
        """Which events pass any of some triggers."""
        passed: Passed = np.any([self.scores[name] > thresholds[name] for name in names], axis=0)
        return passed

    def sum(self, passed: Passed) -> float:
        """The weight of the events that pass."""
        return float(passed.sum() if self.weights is None else np.asarray(self.weights)[passed].sum())

    def interval(self, passed: Passed) -> tuple[float, float]:
        """That of the share of these events, all thresholds being what they are."""
        return share_interval(passed, weights=self.weights, parents=self.groups)


Region = Callable[[Events, Thresholds, Thresholds], Passed]


class Triggers:
    """Triggers with thresholds, and the background that has chosen these.

    Rates are those of the thresholds as they are; efficiencies those at the rates that were asked for, so that their
    intervals also hold where the background may have put all thresholds (see `resampled_thresholds`). A threshold given
    as a number is what it is.

    Args:
        background: The background, with a score for each trigger.
        points: What `threshold_at_rate` found, or a threshold, by trigger.
        input_rate_hz: Rate of all background events [Hz].

    Raises:
        InputError: If the background lacks a score.
    """

    def __init__(
        self, background: Events, points: Mapping[str, OperatingPoint | float], *, input_rate_hz: float
    ) -> None:
        refuse_missing(background, points)
        self.background, self.points, self.input_rate_hz = background, points, input_rate_hz
        self.thresholds = {
            name: point.threshold if isinstance(point, OperatingPoint) else float(point)
            for name, point in points.items()
        }

    def rate(self, names: Collection[str]) -> Estimate:
        """Returns the rate of what passes any of some triggers [Hz]."""
        (name, *others) = names
        point = self.points[name]
        if not others and isinstance(point, OperatingPoint):
            low, high = point.interval
            return {"value": point.rate_hz, "low": low, "high": high}
        return self._rate(self.background.passed(names, self.thresholds), self._at_edges(names))

    def unique_rate(self, name: str, others: Collection[str]) -> Estimate:
        """Returns the rate of what passes one trigger and none of some others [Hz]."""
        if not others:
            return self.rate([name])
        passed = self.background.passed([name], self.thresholds)
        passed &= ~self.background.passed(others, self.thresholds)
        return self._rate(passed, self._at_edges([name, *others]) - self._at_edges(others))

    def overlap(self, name: str, other: str) -> Estimate:
        """Returns the share of the background that passes one trigger which passes another one as well."""
        reached = min([self.thresholds[name], *(lowest[name] for lowest, _ in self._replicas)])
        near = self.background.scores[name] > reached
        chosen = self.background.scores[name] > self.thresholds[name]
        if not chosen.any():
            return _NOTHING
        events = self.background.where(near)
        both = [_shared(events, name, other, t) for pair in self._replicas for t in pair]
        passing = self.background.where(chosen)
        return _estimate(passing, passing.passed([other], self.thresholds), both, both)

    def efficiency(self, signal: Events, names: Collection[str]) -> Estimate:
        """Returns the share of a signal that passes any of some triggers."""
        (name, *others) = names
        if not others:
            return self._of_one(signal, name)
        return self._of_several(signal, lambda events, eager, _: events.passed(names, eager))

    def unique_efficiency(self, signal: Events, name: str, others: Collection[str]) -> Estimate:
        """Returns the share of a signal that passes one trigger and none of some others."""
        if not others:
            return self._of_one(signal, name)
        return self._of_several(
            signal,
            lambda events, eager, strict: events.passed([name], eager) & ~events.passed(others, strict),
        )

    def _of_one(self, signal: Events, name: str) -> Estimate:
        """As `signal_efficiency` has it."""
        point = self.points[name]
        bounds = point.bounds if isinstance(point, OperatingPoint) else None
        found = efficiency_above(signal.sample(name), self.thresholds[name], bounds=bounds)
        return {"value": found.value, "low": found.low, "high": found.high}

    def _of_several(self, signal: Events, passed: Region) -> Estimate:
        """Of a region that grows with thresholds of the first kind falling and with those of the second rising."""
        inside = passed(signal, self.thresholds, self.thresholds)
        reached = {
            name: min([x, *(lowest[name] for lowest, _ in self._replicas)])
            for name, x in self.thresholds.items()
        }
        near = signal.passed(list(reached), reached)
        if not near.any():
            return _estimate(signal, inside, [], [])
        events, total = signal.where(near), signal.sum(np.ones(signal.n_events, bool))
        least = [events.sum(passed(events, highest, lowest)) / total for lowest, highest in self._replicas]
        most = [events.sum(passed(events, lowest, highest)) / total for lowest, highest in self._replicas]
        return _estimate(signal, inside, least, most)

    def _rate(self, passed: Passed, at_edges: int) -> Estimate:
        """Of a region whose edges are scores of events: each edge adds one step between scores to those of its events.

        That the steps of a region count as those of one score do is exact if its edges are chosen one after the other
        (Tukey, Ann. Math. Stat. 18 (1947) 529). The interval also holds the share of the events inside alone.
        """
        n_inside = self.background.sum(passed) / self._unit
        n_events = self.background.sum(np.ones(self.background.n_events, bool)) / self._unit
        steps = max(n_inside + at_edges, 0)
        fewest, most = min(n_inside, steps), max(n_inside + 1, steps)
        low = beta.ppf(_TAIL, fewest, n_events + 1 - fewest) if fewest > 0 else 0.0
        high = beta.isf(_TAIL, most, n_events + 1 - most) if most < n_events + 1 else 1.0
        value = steps / (n_events + bool(self._chosen))
        return {
            "value": value * self.input_rate_hz,
            "low": float(low) * self.input_rate_hz,
            "high": float(high) * self.input_rate_hz,
        }

    def _at_edges(self, names: Collection[str]) -> int:
        """How many edges of what passes any of some triggers were chosen by an event that does not pass."""
        passed = self.background.passed(names, self.thresholds)
        edges = [
            self.background.scores[name] == self.thresholds[name] for name in names if name in self._chosen
        ]
        return sum(bool((edge & ~passed).any()) for edge in edges)

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


def refuse_missing(events: Events, names: Collection[str]) -> None:
    """Raises InputError if events lack a score."""
    if missing := set(names) - set(events.scores):
        raise InputError(
            f"Scores of {events.name} are missing. Expected: {', '.join(names)}. "
            f"Received: none of {', '.join(sorted(missing))}."
        )


def _shared(events: Events, name: str, other: str, thresholds: Thresholds) -> float:
    chosen = events.scores[name] > thresholds[name]
    total = events.sum(chosen)
    return events.sum(chosen & (events.scores[other] > thresholds[other])) / total if total > 0 else np.nan


def _estimate(events: Events, passed: Passed, least: list[float], most: list[float]) -> Estimate:
    """A share with what is uncertain of its events, and of the thresholds by its least and most among replicas."""
    value = events.sum(passed) / events.sum(np.ones(events.n_events, bool))
    shifted = []
    if not np.isnan(least).all() and least:
        shifted = [(float(np.nanquantile(least, _TAIL)), float(np.nanquantile(most, 1 - _TAIL)))]
    low, high = joined(value, events.interval(passed), *shifted)
    return {"value": value, "low": low, "high": high}
