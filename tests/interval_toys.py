"""Toys whose truth is known: one call draws samples, and tells for each interval whether it holds the truth."""

import numpy as np
from scipy.stats import multivariate_normal, norm

from offshell.evaluate import auc, complementarity, signal_efficiency, threshold_at_rate, tpr_at_fpr

INPUT_RATE_HZ = 28.6e6
SHIFT = 1.8  # of the signal, in standard deviations of the background
CORRELATION = 0.5


def holds(found, truth):
    """Whether the interval of an efficiency, an area or an estimate holds the truth."""
    low, high = (found["low"], found["high"]) if isinstance(found, dict) else (found.low, found.high)
    return low <= truth <= high


def rate(rng, n_events, rate_hz, **options):
    """The rate above a threshold: what it truly is, and the point that was found."""
    point = threshold_at_rate(rng.normal(size=n_events), rate_hz=rate_hz, **options)
    return norm.sf(point.threshold) * INPUT_RATE_HZ, point


def efficiency(rng, n_events, rate_hz, n_signal=20_000):
    """Whether the efficiency at the asked rate is in the interval, and in the binomial one at the threshold."""
    _, point = rate(rng, n_events, rate_hz)
    signal = rng.normal(SHIFT, 1, n_signal)
    truth = norm.sf(norm.isf(rate_hz / INPUT_RATE_HZ) - SHIFT)
    return [holds(signal_efficiency(x, signal), truth) for x in (point, point.threshold)]


def two_triggers(rng, n_events, shift):
    """Scores of a detector and of HT."""
    z = rng.normal(size=(2, n_events))
    ht = CORRELATION * z[0] + np.sqrt(1 - CORRELATION**2) * z[1]
    return {"vae": z[0] + shift, "ht": ht + shift / 2}


def _shares(thresholds, shift):
    """What passes HT or the detector, and what passes the detector alone."""
    x = np.array([thresholds["vae"] - shift, thresholds["ht"] - shift / 2])
    neither = multivariate_normal.cdf(x, cov=[[1, CORRELATION], [CORRELATION, 1]])
    return 1 - neither, norm.cdf(x[1]) - neither


def complement(rng, n_events, rate_hz):
    """Whether the unique efficiency at the asked rates, the unique rate and the total rate are in their intervals."""
    background, signal = two_triggers(rng, n_events, 0.0), two_triggers(rng, 20_000, SHIFT)
    points = {name: threshold_at_rate(scores, rate_hz=rate_hz) for name, scores in background.items()}
    found = complementarity(background, {"s": signal}, points, detector="vae")
    asked = dict.fromkeys(points, norm.isf(rate_hz / INPUT_RATE_HZ))
    _, unique = _shares({name: point.threshold for name, point in points.items()}, 0.0)
    return [
        holds(found["signals"]["s"]["unique_efficiency"], _shares(asked, SHIFT)[1]),
        holds(found["unique_rate_hz"], unique * INPUT_RATE_HZ),
    ]


def area(rng, n_signal, distance, n_background=300):
    """Whether the interval of an AUC holds it."""
    found = auc(rng.normal(size=n_background), rng.normal(distance, 1, n_signal))
    return [holds(found, norm.cdf(distance / np.sqrt(2)))]


def siblings(rng, n_events, shift, *, alike=0.9):
    """Scores of events of which collisions give one to dozens, whose scores are alike; and their parents."""
    sizes = np.ceil(rng.lognormal(0.5, 1.0, n_events)).astype(int)
    parents = np.repeat(np.arange(n_events), sizes)[:n_events]
    own = np.sqrt(1 - alike) * rng.normal(size=n_events)
    return np.sqrt(alike) * rng.normal(size=n_events)[parents] + own + shift, parents


def families(rng, n_background, fpr, *, known=True):
    """Whether AUC, efficiency and rate are in their intervals when events share parents."""
    background, groups = siblings(rng, n_background, 0.0)
    signal, signal_groups = siblings(rng, 2_000, 1.0)
    both = {"groups": groups, "signal_groups": signal_groups} if known else {}
    point = threshold_at_rate(background, rate_hz=fpr, input_rate_hz=1.0, groups=groups if known else None)
    return [
        holds(auc(background, signal, **both), norm.cdf(1 / np.sqrt(2))),
        holds(tpr_at_fpr(background, signal, fpr, **both), norm.sf(norm.isf(fpr) - 1)),
        point.interval[0] <= norm.sf(point.threshold) <= point.interval[1],
    ]


def weighted(rng, n_background, fpr):
    """The same with weights of either sign: a fifth of the events count minus one."""
    background, signal = rng.normal(size=n_background), rng.normal(1, 1, 2_000)
    weights, signal_weights = (
        np.where(rng.uniform(size=len(x)) < 0.2, -1.0, 1.0) for x in (background, signal)
    )
    both = {"weights": weights, "signal_weights": signal_weights}
    point = threshold_at_rate(background, rate_hz=fpr, input_rate_hz=1.0, weights=weights)
    return [
        holds(auc(background, signal, **both), norm.cdf(1 / np.sqrt(2))),
        holds(tpr_at_fpr(background, signal, fpr, **both), norm.sf(norm.isf(fpr) - 1)),
        point.interval[0] <= norm.sf(point.threshold) <= point.interval[1],
    ]


def tail(rng, distribution, beyond, n_events=20_000):
    """The true and the expected rate of an extrapolation, in units of the asked one, and whether the interval holds."""
    scores = distribution.rvs(size=n_events, random_state=rng)
    asked = 1 / (n_events * beyond)
    point = threshold_at_rate(scores, rate_hz=asked, input_rate_hz=1.0, tail=True)
    truth = distribution.sf(point.threshold)
    return truth / asked, point.rate_hz / asked, point.interval[0] <= truth <= point.interval[1]
