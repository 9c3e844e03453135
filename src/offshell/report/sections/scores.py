"""The parts of the page on how well scores tell signals from the background."""

from collections.abc import Iterator

import numpy as np

from offshell.evaluate.separation.ranking import threshold_at_share
from offshell.plots.histograms import distribution
from offshell.plots.roc import roc
from offshell.report.findings.run import Findings
from offshell.report.score_table import signal_table
from offshell.report.section import Picture, Section

__all__ = ["distributions_section", "roc_section"]

_SHARE = 0.01  # of the background, where there is no trigger rate


def roc_section(findings: Findings) -> Section:
    """Returns the section on ROC curves."""
    return Section(
        "roc",
        "ROC curves",
        "Each curve shows how much signal (up) is kept when a cut on the score lets a given share of the "
        "background pass (right). Higher is better; the dotted diagonal is a coin toss. A trigger works far to the "
        "left, near the dotted vertical line at one background event in 100,000. In the gray band fewer than ten "
        "background events decide, so the curves are guesses there. The gray dashed curve is the best score of "
        "the other panel.",
        [picture for signal in findings.signals for picture in _roc_pictures(findings, signal)],
    )


def _roc_pictures(findings: Findings, signal: str) -> Iterator[Picture]:
    table = signal_table(findings, signal)
    groups = {"scores of the detector": table.detector, "baselines": table.baselines}
    for (label, rows), others in zip(groups.items(), [table.baselines, table.detector], strict=True):
        names = [name for name in findings.score_names if name in {row.name for row in rows}]
        reference = others[0].name if others else None
        if names:
            background, scores = findings.scores[findings.background], findings.scores[signal]
            figure = roc(background, scores, names=names, reference=reference)
            yield Picture(figure, f"{signal} against {findings.background}: {label}")


def distributions_section(findings: Findings) -> Section:
    """Returns the section on how each score is distributed."""
    return Section(
        "distributions",
        "Score distributions",
        "How often each value of a score occurs, for each sample by itself. A good score pushes the signal to the "
        "right, where the filled background is rare. The axis up is logarithmic; the outermost bins hold "
        "everything beyond them. The dashed line is the threshold of the working point that stands under the figure.",
        [_distribution(findings, name) for name in findings.score_names],
    )


def _distribution(findings: Findings, name: str) -> Picture:
    scores = {s: findings.scores[s][name] for s in findings.samples if name in findings.scores[s]}
    threshold, point = _working_point(findings, name)
    role = " (baseline)" if name in findings.baselines else ""
    return Picture(
        distribution(scores, name=name, threshold=threshold),
        f"{name}{role}: above {threshold:.4g} for {point}",
    )


def _working_point(findings: Findings, name: str) -> tuple[float, str]:
    """The threshold of a score at the largest rate of the run, or else at one false positive in a hundred."""
    if findings.events is not None:
        of_rates = findings.events.operating_points["efficiencies"]
        found = {
            rate: next(iter(by_score[name].values()))
            for rate, by_score in of_rates.items()
            if name in by_score
        }
        if counted := {rate: entry for rate, entry in found.items() if entry["value"] is not None}:
            rate = max(counted, key=lambda key: counted[key]["rate_hz"])
            return counted[rate]["threshold"], rate
    rising = np.sort(findings.scores[findings.background][name])
    return threshold_at_share(rising, _SHARE), f"a false positive rate of {100 * _SHARE:g} %"
