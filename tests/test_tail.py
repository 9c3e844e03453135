"""The interval of a tail against its definition: where the likelihood, maximized another way, has become too low."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import binom, chi2, expon, genpareto

from offshell.evaluate.rates.tail import threshold_in_tail

N_EVENTS = 20_000
SHARE = 0.3 / N_EVENTS  # of 0.3 events


def excesses_of(scores):
    """Those of the 2 sqrt(n) highest scores, over the next one."""
    rising = np.sort(scores)
    start = rising[-round(2 * np.sqrt(N_EVENTS)) - 1]
    return rising[rising > start] - start, start


def lowest_cost(scores, share_at_start, guess=(0.0, 0.0)):
    """Minus twice the logarithm of the highest likelihood; the share above the start may depend on the shape."""
    excesses, _ = excesses_of(scores)

    def cost(parameters):
        scale, shape = np.exp(parameters[0]), parameters[1]
        share = share_at_start(shape, scale)
        of_excesses = genpareto.logpdf(excesses, shape, scale=scale).sum()
        with np.errstate(all="ignore"):
            total = of_excesses + binom.logpmf(len(excesses), N_EVENTS, share)
        return -2 * total if 0 < share < 1 and np.isfinite(total) else 1e9

    start = [np.log(excesses.mean()) + guess[0], guess[1]]
    return minimize(cost, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6}).fun


def deviance(scores, threshold, share):
    """Of the hypothesis that this share of all events lies above the threshold."""
    excesses, start = excesses_of(scores)
    free = lowest_cost(scores, lambda *_: len(excesses) / N_EVENTS)
    bound = min(
        lowest_cost(
            scores,
            lambda shape, scale: share / max(genpareto.sf(threshold - start, shape, scale=scale), 1e-300),
            guess,
        )
        for guess in [(0.0, 0.0), (0.0, 0.15), (0.0, -0.1)]
    )
    return bound - free


def continuous():
    return 100 * expon.ppf((np.arange(N_EVENTS) + 0.5) / N_EVENTS)


@pytest.mark.parametrize("make", [continuous, lambda: np.floor(continuous())], ids=["continuous", "integer"])
def test_the_deviance_at_both_ends_is_the_quantile_of_chi_squared_with_one_degree_of_freedom(make):
    scores = make()
    point = threshold_in_tail(np.sort(scores), SHARE)
    assert 0 < point.low < SHARE < point.high < 1
    # A bound is searched to 1e-3 of its logarithm, in which the deviance changes by about 2.
    for bound in (point.low, point.high):
        assert deviance(scores, point.threshold, bound) == pytest.approx(chi2.ppf(0.95, 1), abs=0.02)


def test_the_fit_is_the_one_of_highest_likelihood():
    scores = continuous()
    point = threshold_in_tail(scores, SHARE)
    assert deviance(scores, point.threshold, SHARE) == pytest.approx(0, abs=2e-3)
