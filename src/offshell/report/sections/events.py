"""The parts of the page that only trigger events have."""

from collections.abc import Mapping

from offshell.evaluate.rates.complement import Complementarity
from offshell.evaluate.rates.efficiencies import RateEfficiency
from offshell.evaluate.rates.operating_points import OperatingPoints
from offshell.evaluate.rates.purity import Estimate
from offshell.plots import event_displays as events
from offshell.plots.histograms import distribution
from offshell.report.findings.events import EventFindings
from offshell.report.score_table import percent_cell
from offshell.report.section import Grid, Picture, Section

__all__ = ["event_sections"]


def event_sections(findings: EventFindings) -> list[Section]:
    """Returns the sections on operating points and on what the events look like.

    Args:
        findings: What a run found in trigger events.
    """
    return [_operating_points(findings), _observables(findings), _displays(findings), _errors(findings)]


def _operating_points(findings: EventFindings) -> Section:
    return Section(
        "rates",
        "Operating points",
        "A trigger is given a rate, not a false positive rate. Each table shows the share of each signal, in percent, that a "
        "score keeps at one rate; the threshold is a score of the background, and the interval holds what is uncertain "
        "of the signal and of where the background has put the thresholds. A dagger marks a rate behind which stand fewer than ten background events, a "
        "dash one behind which there is none.",
        [],
        remarks=[findings.about_rates, *_missing_rates(findings.operating_points)],
        grids=[*_rate_grids(findings.operating_points), *_added_grids(findings.operating_points)],
    )


def _rate_grids(points: OperatingPoints) -> list[Grid]:
    efficiencies = points["efficiencies"].items()
    return [_rate_grid(rate, by_score) for rate, by_score in efficiencies if _has_numbers(by_score)]


def _missing_rates(points: OperatingPoints) -> list[str]:
    missing = [rate for rate, by_score in points["efficiencies"].items() if not _has_numbers(by_score)]
    return [f"No table for {', '.join(missing)}: less than one background event."] if missing else []


def _rate_grid(rate: str, by_score: Mapping[str, Mapping[str, RateEfficiency]]) -> Grid:
    signals = list(next(iter(by_score.values())))
    rows = [
        [
            name,
            *_threshold(of_signals[signals[0]]),
            *(percent_cell(of_signals[s]).with_interval for s in signals),
        ]
        for name, of_signals in by_score.items()
    ]
    columns = ["Score", "threshold", "expected rate [Hz]", *signals]
    return Grid(f"Signal efficiency in % at {rate}", columns, rows)


def _threshold(entry: RateEfficiency) -> list[str]:
    rate = f"{entry['rate_hz']:,.0f} [{entry['rate_low']:,.0f}–{entry['rate_high']:,.0f}]"
    return [f"{entry['threshold']:.4g}", rate]


def _has_numbers(by_score: Mapping[str, Mapping[str, RateEfficiency]]) -> bool:
    return any(
        entry["value"] is not None for of_signals in by_score.values() for entry in of_signals.values()
    )


def _added_grids(points: OperatingPoints) -> list[Grid]:
    """What the detector adds to simple triggers, at each rate."""
    return [_added_grid(rate, added) for rate, added in points["complementarity"].items()]


def _added_grid(rate: str, added: Complementarity) -> Grid:
    rows = [
        [
            signal,
            *map(_in_percent, (gain["efficiency"], gain["simple_efficiency"], gain["unique_efficiency"])),
        ]
        for signal, gain in added["signals"].items()
    ]
    simple = " or ".join(added["overlap"])
    return Grid(
        f"What {added['detector']} adds to cuts on {simple}, each at {rate}: signal efficiency in %",
        ["Signal", f"passes {added['detector']}", f"passes {simple}", f"passes only {added['detector']}"],
        rows,
    )


def _in_percent(estimate: Estimate) -> str:
    numbers = estimate["value"], estimate["low"], estimate["high"]
    if None in numbers:
        return "–"
    value, low, high = (100 * number for number in numbers if number is not None)
    return f"{value:.3g} [{low:.2g}–{high:.2g}]"


def _observables(findings: EventFindings) -> Section:
    return Section(
        "observables",
        "What was measured",
        "The quantities that a simple trigger cuts on, for each sample by itself: transverse momenta in GeV and numbers of "
        "objects. A score that finds only what these separate has learned little.",
        [
            Picture(distribution(by_sample, name=name), name)
            for name, by_sample in findings.observables.items()
        ],
    )


def _displays(findings: EventFindings) -> Section:
    figure = events.displays(findings.most_anomalous, titles=findings.titles)
    return Section(
        "anomalous",
        "Most anomalous events",
        "The events with the highest scores of each sample, the highest first. The area of a disk grows with its pT. If those "
        "of the background look broken rather than rare, the detector has found a flaw of the data, not physics.",
        [Picture(figure, "Most anomalous events of each sample")],
    )


def _errors(findings: EventFindings) -> Section:
    pictures = []
    if findings.errors:
        figure = events.errors_by_object(findings.errors)
        pictures = [Picture(figure, "Mean squared error of each feature of each object, after scaling")]
    return Section(
        "errors",
        "Which objects the detector cannot explain",
        "The squared error of the reconstruction, feature by feature. A signal is found through the objects that are "
        "brighter for it than for the background.",
        pictures,
    )
