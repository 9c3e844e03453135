"""A threshold that follows a variable such as the mass, so that the same share of the background passes everywhere."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from sklearn.linear_model import QuantileRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from offshell.errors import InputError
from offshell.evaluate.decorrelation.variables import checked
from offshell.evaluate.separation.ranking import checked_scores

__all__ = ["Threshold", "learn_threshold", "passes_two_fold"]

Scores = Float[np.ndarray, " n"]
Variables = Float[np.ndarray, " n"] | Float[np.ndarray, "n variables"]

_DEGREE = 2
_OUTERMOST = 1e-3  # share of the events on each side beyond which a parabola is no longer learned


@dataclass(frozen=True)
class Threshold:
    """A threshold on a score as a function of variables; see `learn_threshold`.

    Attributes:
        regression: From logarithms of the variables to the threshold.
        low: The smallest value of each variable that it was learned from, (variables,).
        high: The largest ones; beyond both the threshold stays what it is there.
    """

    regression: Pipeline
    low: Float[np.ndarray, " variables"]
    high: Float[np.ndarray, " variables"]

    def at(self, variables: Variables) -> Scores:
        """Returns the threshold for each event, (n,).

        Args:
            variables: Of the events, (n,) or (n, variables) as it was learned with.

        Raises:
            InputError: If there are others than that, or some are not finite.
        """
        columns = checked(variables, len(variables))
        if columns.shape[1] != len(self.low):
            raise InputError(
                f"Wrong number of variables. Expected: {len(self.low)}. Received: {columns.shape[1]}."
            )
        thresholds: Scores = self.regression.predict(np.log(np.clip(columns, self.low, self.high)))
        return thresholds


def learn_threshold(scores: Scores, variables: Variables, *, rate: float = 0.01) -> Threshold:
    r"""Returns the threshold on a score that a share of the background passes, whatever its variables are.

    .. math:: t(m) = a + b \ln m + c \ln^2 m

    with the coefficients for which the pinball loss is smallest: quantile regression (Koenker and Bassett, Econometrica 46
    (1978) 33). Several variables have all products of two of their logarithms. Three coefficients cannot follow a resonance, so
    that it survives also where it is in the events that the threshold is learned from. In a dijet search: CMS, arXiv:2412.03747.

    Args:
        scores: Scores of background events, or of data, (n,); higher is more anomalous.
        variables: Their mass, or other positive variables, (n,) or (n, variables).
        rate: The share that passes.

    Raises:
        InputError: If the rate is no share, fewer than ten events would pass, or scores or variables are not finite, do not
            belong to each other, or the variables are not positive.
    """
    values = checked_scores(scores, "scores")
    columns = checked(variables, len(values))
    low, high = np.quantile(columns, [_OUTERMOST, 1 - _OUTERMOST], axis=0)
    if not 0 < rate < 1 or rate * len(values) < 10 or (low <= 0).any():  # noqa: PLR2004 - see the docstring
        raise InputError(
            "No threshold can be learned. Expected: 0 < rate < 1, ten events or more that pass, and positive variables. "
            f"Received: rate={rate:g} of {len(values)} events, variables from {columns.min():.3g} on."
        )
    # The spread of the scores sets the scale on which the linear program has its tolerances.
    center, spread = np.median(values), np.std(values) or 1.0
    quantile = QuantileRegressor(quantile=1 - rate, alpha=0, solver="highs-ipm")
    regression = make_pipeline(StandardScaler(), PolynomialFeatures(_DEGREE, include_bias=False), quantile)
    regression.fit(np.log(np.clip(columns, low, high)), (values - center) / spread)
    quantile.coef_ = quantile.coef_ * spread
    quantile.intercept_ = quantile.intercept_ * spread + center
    return Threshold(regression, low, high)


def passes_two_fold(
    scores: Scores, variables: Variables, *, rate: float = 0.01, seed: int = 1
) -> Bool[np.ndarray, " n"]:
    """Returns which events pass the threshold that the other half of them says.

    An event that takes part in its own threshold is ranked among itself. So the events are halved at random.

    Args:
        scores: Scores of events, (n,); higher is more anomalous.
        variables: Their mass, or other positive variables, (n,) or (n, variables).
        rate: The share that passes.
        seed: The same seed gives the same halves.

    Raises:
        InputError: As `learn_threshold` does.
    """
    values = checked_scores(scores, "scores")
    columns = checked(variables, len(values))
    halves = np.array_split(np.random.default_rng(seed).permutation(len(values)), 2)
    passing = np.zeros(len(values), bool)
    for here, other in (halves, halves[::-1]):
        threshold = learn_threshold(values[other], columns[other], rate=rate)
        passing[here] = values[here] > threshold.at(columns[here])
    return passing
