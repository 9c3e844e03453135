"""What a committee of terms rests on: which member speaks for an event, and what is left without each of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped
from scipy.stats import spearmanr

from offshell.evaluate.separation.area import Auc, auc
from offshell.models.terms import weighted_sum

__all__ = ["Committee", "efficiency_by_mass", "rank_correlation"]

Terms = Mapping[str, Float[np.ndarray, " n"]]


@dataclass(frozen=True)
class Committee:
    """A weighted sum of terms whose members can be told apart.

    Attributes:
        expression: The weighted sum, such as `"resolved3 + cores - 0.5 * rare_mass"`.
    """

    expression: str

    @property
    def members(self) -> list[str]:
        """The terms that speak for an anomaly: those with a weight above zero."""
        return [name for name, weight in self._weights.items() if weight > 0]

    def speakers(self, terms: Terms) -> Shaped[np.ndarray, " n"]:
        """Returns for each event the name of the member that adds most to its score."""
        parts = np.stack([self._weights[name] * np.asarray(terms[name]) for name in self.members])
        names: Shaped[np.ndarray, " n"] = np.array(self.members)[np.argmax(parts, axis=0)]
        return names

    def shares(self, terms: Terms, *, fraction: float = 0.01) -> dict[str, float]:
        """Returns for how many of the most anomalous events each member speaks, shares that add up to one.

        Args:
            terms: Of some events by name, each (n,).
            fraction: How many of them are the most anomalous ones, at least one.
        """
        score = np.asarray(weighted_sum.evaluate(self.expression, terms))
        chosen = np.argsort(-score)[: max(1, round(fraction * len(score)))]
        speakers = self.speakers(terms)[chosen]
        return {name: float(np.mean(speakers == name)) for name in self.members}

    def without(self, background: Terms, signal: Terms) -> dict[str, Auc]:
        """Returns how well the committee separates a signal from the background without each of its members.

        A member that cannot be spared carries an assumption about what an anomaly is.
        """
        if len(self.members) == 1:
            return {}
        rest = {name: {**self._weights, name: 0.0} for name in self.members}
        return {
            name: auc(_weighted(weights, background), _weighted(weights, signal))
            for name, weights in rest.items()
        }

    @property
    def _weights(self) -> dict[str, float]:
        return dict(weighted_sum.parse(self.expression))


def efficiency_by_mass(
    background: Float[np.ndarray, " n_background"],
    anomalies: Float[np.ndarray, " n"],
    mass: Float[np.ndarray, " n"],
    *,
    rate: float = 0.01,
    bins: int = 8,
) -> Float[np.ndarray, " bins"]:
    """Returns how many pseudo-anomalies pass in each bin of their mass: what needs no signal to choose a score by.

    Args:
        background: Scores of the background, which set the threshold.
        anomalies: Scores of pseudo-anomalies that the detector has not learned from.
        mass: Their masses in GeV; each bin has as many of them, the lightest first.
        rate: Share of the background that passes.
        bins: Of the mass.

    Example:
        >>> efficiency_by_mass(np.arange(100.0), np.array([98.0, 99.5, 0.0, 120.0]), np.array([50, 60, 90, 95]), bins=2)
        array([0.5, 0.5])
    """
    passing = anomalies > np.quantile(background, 1 - rate, method="higher")
    return np.array([part.mean() for part in np.array_split(passing[np.argsort(mass)], bins)])


def rank_correlation(first: Float[np.ndarray, " n"], second: Float[np.ndarray, " n"]) -> float:
    """Returns Spearman's rank correlation of two numbers of the same events, from -1 to 1; 0 where one is constant.

    Example:
        >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 25.0]))
        1.0
    """
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(spearmanr(first, second).statistic)


def _weighted(weights: Mapping[str, float], terms: Terms) -> Float[np.ndarray, " n"]:
    return np.asarray(sum(weight * np.asarray(terms[name]) for name, weight in weights.items()))
