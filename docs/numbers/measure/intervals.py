"""How often our intervals hold the truth: toys whose truth is known, those of the tests.

python docs/numbers/measure/intervals.py RESULT TOYS
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import chi2, expon, lognorm, norm, t

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tests"))
import interval_toys as toys

SEED = 1
FEWEST_FOR_A_LIMIT = 3  # expected events, of which 5 % of samples have none
RATES = ((40_000, 1e3), (300_000, 1e3), (40_000, 1e4))
EFFICIENCIES = ((40_000, 1e3), (40_000, 1e4), (300_000, 1e3), (300_000, 1e4), (1_000_000, 1e3))
FEWER = {
    40_000: 1,
    300_000: 3,
}  # as many times fewer toys for what the detector alone triggers on, which is slow
TAILS = {
    "exponential": expon,
    "Gaussian": norm,
    "Student's t, 3": t(3),
    "lognormal": lognorm(1),
    "chi-squared, 4": chi2(4),
}
METRICS = ("AUC", "TPR at FPR", "rate")


def main(result, n_toys):
    n_toys = int(n_toys)
    found = {
        "coverage": [
            *(row for setting in EFFICIENCIES for row in efficiencies(n_toys, *setting)),
            *families(n_toys, 10_000, 1e-2),
            *families(n_toys, 40_000, 1e-3),
            *weighted(n_toys),
            *areas(n_toys),
        ],
        "rates": [rates(n_toys, *setting) for setting in RATES],
        "tails": list(tails(n_toys // 2)),
    }
    Path(result).write_text(json.dumps(found, indent=1) + "\n")


def share(toy, n_toys, *arguments, **options):
    """How often each interval of a toy holds, or the means of what it gives."""
    rng = np.random.default_rng(SEED)
    return np.mean([toy(rng, *arguments, **options) for _ in range(n_toys)], axis=0).tolist()


def row(interval, sample, holds, without=None):
    """`without`: the share where the binomial interval is taken, or parents are ignored."""
    return {"interval": interval, "sample": sample, "holds": holds, "without": without}


def efficiencies(n_toys, n_events, rate_hz):
    sample = f"{n_events:,} background events, {rate_hz / 1e3:g} kHz"
    yield row("efficiency at a rate", sample, *share(toys.efficiency, n_toys, n_events, rate_hz))
    if n_events in FEWER:
        held = share(toys.complement, n_toys // FEWER[n_events], n_events, rate_hz)
        yield row("efficiency of the detector only", sample, held[0])
        yield row("rate of the detector only", sample, held[1])


def families(n_toys, n_events, fpr):
    known, ignored = (share(toys.families, n_toys, n_events, fpr, known=known) for known in (True, False))
    sample = f"{n_events:,} background events with parents, {fpr:g}"
    return [row(name, sample, *held) for name, *held in zip(METRICS, known, ignored, strict=True)]


def weighted(n_toys):
    held = share(toys.weighted, n_toys, 10_000, 1e-2)
    sample = "10,000 background events with weights of +1 and -1, 0.01"
    return [row(name, sample, value) for name, value in zip(METRICS, held, strict=True)]


def areas(n_toys):
    for n_signal in (3, 5, 9, 20, 100):
        for distance in (0.5, 2):
            sample = f"{n_signal} signal events, {distance:g} standard deviations away"
            yield row("AUC", sample, *share(toys.area, n_toys, n_signal, distance))


def rates(n_toys, n_events, rate_hz):
    """Mean true rate and mean expected rate, the coverage of the interval, and how often an upper limit holds."""
    rng = np.random.default_rng(SEED)
    true, points = zip(*(toys.rate(rng, n_events, rate_hz) for _ in range(2 * n_toys)), strict=True)
    return {
        "n_background": n_events,
        "asked_hz": rate_hz,
        "n_above": points[0].n_background,
        "counted_hz": points[0].n_background * toys.INPUT_RATE_HZ / n_events,
        "expected_hz": float(np.mean([point.rate_hz for point in points])),
        "true_hz": float(np.mean(true)),
        "holds": float(
            np.mean([p.interval[0] <= x <= p.interval[1] for x, p in zip(true, points, strict=True)])
        ),
        "limit_holds": limit(n_toys, n_events, rate_hz),
    }


def limit(n_toys, n_events, rate_hz):
    if n_events * rate_hz / toys.INPUT_RATE_HZ <= FEWEST_FOR_A_LIMIT:
        return None
    rng = np.random.default_rng(SEED)
    held = [toys.rate(rng, n_events, rate_hz, at_most=0.95)[0] <= rate_hz for _ in range(n_toys)]
    return float(np.mean(held))


def tails(n_toys):
    """Mean true rate and mean expected rate in units of the asked one, and the coverage of the interval."""
    for name, distribution in TAILS.items():
        for beyond in (1.5, 3, 10):
            true, expected, held = share(toys.tail, n_toys, distribution, beyond)
            numbers = {"expected": expected, "true": true, "holds": held}
            yield {"distribution": name, "beyond": beyond, **numbers}


if __name__ == "__main__":
    main(*sys.argv[1:])
