"""The table of scores as text: numbers with their intervals, ranked, detector and baselines apart."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from offshell.evaluate.separation.comparison import (
    DecorrelatedMetrics,
    ImprovementMetrics,
    RateMetrics,
    ScoreMetrics,
)
from offshell.report.findings.run import Findings

__all__ = ["Cell", "Row", "SignalTable", "auc_cell", "percent_cell", "signal_table"]

_MISSING = "–"
_SMALL_PERCENT = 0.1


@dataclass(frozen=True)
class Cell:
    """One number of the table.

    Attributes:
        text: The number, a dash where there is none.
        interval: Its confidence interval, such as "0.86–0.88"; empty where there is none.
        order: What the column is sorted by.
        few: Whether it rests on fewer than ten background events.
        at: For a significance improvement, the false positive rate at which it was found; else empty.
    """

    text: str
    interval: str
    order: float
    few: bool = False
    at: str = ""

    @property
    def with_interval(self) -> str:
        """The number and its interval on one line."""
        mark = "†" if self.few else ""
        return f"{self.text}{mark} [{self.interval}]" if self.interval else self.text


@dataclass(frozen=True)
class Row:
    """One score of the table.

    Attributes:
        name: The name of the score.
        auc: Area under the ROC curve.
        rates: True positive rates in percent, one for each background efficiency.
        sic: Best significance improvement.
        variables: Rank correlations with variables, and the AUC where these are the same, one for each heading of the table.
        remark: What to know about this score; empty if nothing.
    """

    name: str
    auc: Cell
    rates: list[Cell]
    sic: Cell
    variables: list[Cell]
    remark: str


@dataclass(frozen=True)
class SignalTable:
    """The scores of one signal, the best first.

    Attributes:
        signal: The name of the signal.
        efficiencies: The background efficiencies of the columns as they were given, the loosest first.
        detector: The scores of the detector.
        variables: The headings of what scores have to do with variables such as the mass.
        baselines: The scores of the baselines.
    """

    signal: str
    efficiencies: list[str]
    variables: list[str]
    detector: list[Row]
    baselines: list[Row]

    @property
    def any_few(self) -> bool:
        """Whether a rate of the table rests on fewer than ten background events."""
        return any(cell.few for row in self.detector + self.baselines for cell in row.rates)


def signal_table(findings: Findings, signal: str) -> SignalTable:
    """Returns the table of scores for one signal, ordered by falling AUC.

    Args:
        findings: The results of a run.
        signal: The name of the signal, a key of `findings.metrics`.
    """
    metrics = findings.metrics[signal]
    efficiencies = _efficiencies(metrics.values())
    correlated, headings = _headings(metrics.values())
    rows = {name: _row(name, numbers, efficiencies, correlated) for name, numbers in metrics.items()}
    ranked = sorted(rows.values(), key=lambda row: row.auc.order, reverse=True)
    return SignalTable(
        signal,
        efficiencies,
        headings,
        [row for row in ranked if row.name not in findings.baselines],
        [row for row in ranked if row.name in findings.baselines],
    )


def _efficiencies(metrics: Iterable[ScoreMetrics]) -> list[str]:
    """The background efficiencies of all scores, the loosest first."""
    return sorted({key for numbers in metrics for key in numbers["tpr"]}, key=float, reverse=True)


def _headings(metrics: Collection[ScoreMetrics]) -> tuple[list[str], list[str]]:
    """The variables that scores are correlated with, and the headings of these columns and of the AUC given variables."""
    correlated = list(dict.fromkeys(name for numbers in metrics for name in numbers.get("correlations", ())))
    given = {", ".join(n["decorrelated"]["variables"]): None for n in metrics if "decorrelated" in n}
    return correlated, [
        *(f"rank correlation with {name}" for name in correlated),
        *(f"AUC given {names}" for names in given),
    ]


def _row(name: str, numbers: ScoreMetrics, efficiencies: list[str], correlated: list[str]) -> Row:
    rates = [percent_cell(numbers["tpr"][key]) for key in efficiencies]
    remarks = [numbers["remark"], _about_trainings(numbers)]
    return Row(
        name,
        auc_cell(numbers),
        rates,
        _sic(numbers["sic"]),
        [*_variables(numbers, correlated)],
        "; ".join(filter(None, remarks)),
    )


def _variables(numbers: ScoreMetrics, correlated: list[str]) -> Iterator[Cell]:
    found = numbers.get("correlations", {})
    for name in correlated:
        yield Cell(f"{found[name]:+.2f}", "", found[name]) if name in found else Cell(_MISSING, "", -1.0)
    if "decorrelated" in numbers:
        yield auc_cell(numbers["decorrelated"])


def _about_trainings(numbers: ScoreMetrics) -> str:
    if "spread" not in numbers:
        return ""
    spread = numbers["spread"]
    return f"AUC of each of {spread['n']} trainings: {spread['auc_mean']:.3f} ± {spread['auc']:.3f}"


def auc_cell(numbers: ScoreMetrics | DecorrelatedMetrics) -> Cell:
    """Returns an area under the ROC curve with its interval."""
    return _cell((numbers["auc"], numbers["auc_low"], numbers["auc_high"]), _three_decimals)


def percent_cell(rate: RateMetrics) -> Cell:
    """Returns a rate in percent with its interval."""
    return _cell((rate["value"], rate["low"], rate["high"]), _percent, few=rate["few"])


def _sic(sic: ImprovementMetrics) -> Cell:
    at = "" if sic["fpr"] is None else f"{sic['fpr']:.2g}"
    return _cell((sic["value"], sic["low"], sic["high"]), _two_decimals, at=at)


def _cell(
    interval: tuple[float | None, float | None, float | None],
    as_text: Callable[[float], str],
    *,
    few: bool = False,
    at: str = "",
) -> Cell:
    value, low, high = interval
    if value is None or low is None or high is None:
        return Cell(_MISSING, "", -1.0)
    return Cell(as_text(value), f"{as_text(low)}–{as_text(high)}", value, few, at)


def _three_decimals(value: float) -> str:
    return f"{value:.3f}"


def _two_decimals(value: float) -> str:
    return f"{value:.2f}"


def _percent(value: float) -> str:
    """A rate in percent, with two digits or more over all its decades."""
    percent = 100 * value
    decimals = 1 if percent >= 10 else 2  # noqa: PLR2004 - where numbers get a second digit before the point
    return f"{percent:.{decimals}f}" if percent >= _SMALL_PERCENT else f"{percent:.2g}"
