"""Measure how often our intervals hold the truth, and write the table of docs/intervals.md: python docs/make_interval_coverage.py [TOYS]."""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import chi2, expon, lognorm, norm, t

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "tests"))
import interval_toys as toys

SEED = 1
FEWEST_FOR_A_LIMIT = 3  # expected events, of which 5 % of samples have none
MARK = "<!-- {} -->"
TAILS = {
    "exponential": expon,
    "Gaussian": norm,
    "Student's t, 3": t(3),
    "lognormal": lognorm(1),
    "chi-squared, 4": chi2(4),
}


def main(n_toys):
    """Run all toys, keep the numbers, write the tables."""
    found = {"toys": n_toys, "rows": rows(n_toys), "rates": rates(n_toys), "tails": tails(n_toys // 2)}
    (DOCS / "interval_coverage.json").write_text(json.dumps(found, indent=1))
    page = DOCS / "intervals.md"
    page.write_text(
        written(
            written(written(page.read_text(), "coverage", coverage_table(found)), "rates", rate_table(found)),
            "tails",
            tail_table(found),
        )
    )


def share(toy, n_toys, *arguments, **options):
    """How often each interval of a toy holds."""
    rng = np.random.default_rng(SEED)
    return np.mean([toy(rng, *arguments, **options) for _ in range(n_toys)], axis=0).tolist()


def rows(n_toys):
    """Name, setting and coverage, and that of the binomial interval or of events without parents where it misleads."""
    found = []
    for n_events, rate_hz in ((40_000, 1e3), (40_000, 1e4), (300_000, 1e3), (300_000, 1e4), (1_000_000, 1e3)):
        setting = f"{n_events:,} background events, {rate_hz / 1e3:g} kHz"
        held, fixed = share(toys.efficiency, n_toys, n_events, rate_hz)
        found.append(["efficiency at a rate", setting, held, fixed])
        if (some := {40_000: n_toys, 300_000: n_toys // 3}.get(n_events)) is not None:
            unique, unique_rate = share(toys.complement, some, n_events, rate_hz)
            found.append(["efficiency of the detector only", setting, unique, None])
            found.append(["rate of the detector only", setting, unique_rate, None])
        print(*found[-1], flush=True)
    for n_events, fpr in ((10_000, 1e-2), (40_000, 1e-3)):
        known = share(toys.families, n_toys, n_events, fpr)
        ignored = share(toys.families, n_toys, n_events, fpr, known=False)
        setting = f"{n_events:,} background events with parents, {fpr:g}"
        for name, *numbers in zip(("AUC", "TPR at FPR", "rate"), known, ignored, strict=True):
            found.append([name, setting, *numbers])
        print(*found[-1], flush=True)
    weighted = share(toys.weighted, n_toys, 10_000, 1e-2)
    for name, number in zip(("AUC", "TPR at FPR", "rate"), weighted, strict=True):
        found.append([name, "10,000 background events with weights of +1 and -1, 0.01", number, None])
    for n_signal in (3, 5, 9, 20, 100):
        for distance in (0.5, 2):
            held = share(toys.area, n_toys, n_signal, distance)[0]
            found.append(
                ["AUC", f"{n_signal} signal events, {distance:g} standard deviations away", held, None]
            )
    return found


def rates(n_toys):
    """Mean true rate and mean quoted rate, the coverage of the interval, and how often an upper limit holds."""
    found = []
    for n_events, rate_hz in ((40_000, 1e3), (300_000, 1e3), (40_000, 1e4)):
        rng = np.random.default_rng(SEED)
        some = [toys.rate(rng, n_events, rate_hz) for _ in range(2 * n_toys)]
        true, expected = (np.mean(values) for values in zip(*((x, p.rate_hz) for x, p in some), strict=True))
        counted = some[0][1].n_background * toys.INPUT_RATE_HZ / n_events
        held = np.mean([p.interval[0] <= x <= p.interval[1] for x, p in some])
        limit = None
        if n_events * rate_hz / toys.INPUT_RATE_HZ > FEWEST_FOR_A_LIMIT:
            rng = np.random.default_rng(SEED)
            limit = np.mean(
                [toys.rate(rng, n_events, rate_hz, at_most=0.95)[0] <= rate_hz for _ in range(n_toys)]
            )
        found.append([n_events, rate_hz, some[0][1].n_background, counted, expected, true, held, limit])
        print(*found[-1], flush=True)
    return found


def tails(n_toys):
    """Mean true rate and mean expected rate in units of the asked one, and the coverage of the interval."""
    found = []
    for name, distribution in TAILS.items():
        found += [[name, beyond, *share(toys.tail, n_toys, distribution, beyond)] for beyond in (1.5, 3, 10)]
        print(*found[-1], flush=True)
    return found


def coverage_table(found):
    lines = ["| interval | sample | holds | without |", "|---|---|---|---|"]
    return lines + [
        f"| {name} | {setting} | {percent(a)} | {percent(b)} |" for name, setting, a, b in found["rows"]
    ]


def rate_table(found):
    lines = [
        "| background | asked | events above | their share | expected | mean true | interval holds | limit holds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return lines + [
        f"| {n:,} | {asked:,.0f} Hz | {k} | {counted:,.0f} Hz | {expected:,.0f} Hz | {true:,.0f} Hz | {percent(held)} | {percent(limit)} |"
        for n, asked, k, counted, expected, true, held, limit in found["rates"]
    ]


def tail_table(found):
    lines = [
        "| distribution | times beyond the last event | expected | mean true | interval holds |",
        "|---|---|---|---|---|",
    ]
    return lines + [
        f"| {name} | {beyond:g} | {expected:.2f} | {true:.2f} | {percent(held)} |"
        for name, beyond, true, expected, held in found["tails"]
    ]


def percent(number):
    return "" if number is None else f"{100 * number:.1f} %"


def written(page, name, lines):
    """The page with a new table between its marks."""
    before, _, rest = page.partition(MARK.format(name))
    _, _, after = rest.partition(MARK.format("end"))
    return "\n".join([before + MARK.format(name), "", *lines, "", MARK.format("end")]) + after


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
