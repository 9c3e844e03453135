"""The events of one sample with several scores, and which of them pass."""

from collections.abc import Collection, Mapping

import numpy as np
from jaxtyping import Bool, Float

from offshell.errors import InputError
from offshell.evaluate.separation.ranking import checked_scores
from offshell.evaluate.separation.sample import Groups, Sample, Weights, numbered, sample, share_interval

__all__ = ["Events", "Kept", "Thresholds", "refuse_missing"]

Scores = Mapping[str, Float[np.ndarray, " n"]]
Passed = Bool[np.ndarray, " n"]
Kept = Float[np.ndarray, " n"]
"""With which probability each event is kept."""
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

    def sum(self, kept: Passed | Kept) -> float:
        """The weight of the events that pass, or that are kept with some probability."""
        return float(kept.sum() if self.weights is None else np.dot(self.weights, kept))

    @property
    def total(self) -> float:
        """The weight of all events."""
        return self.sum(np.ones(self.n_events, bool))

    def interval(self, kept: Passed | Kept) -> tuple[float, float]:
        """That of the share of these events, all thresholds being what they are."""
        return share_interval(kept, weights=self.weights, parents=self.groups)


def refuse_missing(events: Events, names: Collection[str]) -> None:
    """Raises InputError if events lack a score."""
    if missing := set(names) - set(events.scores):
        raise InputError(
            f"Scores of {events.name} are missing. Expected: {', '.join(names)}. "
            f"Received: none of {', '.join(sorted(missing))}."
        )
