"""The parts of the page on how well scores tell signals from the background."""

from collections.abc import Iterator

from offshell.plots.histograms import distribution
from offshell.plots.roc import roc
from offshell.report.findings.run import Findings
from offshell.report.score_table import signal_table
from offshell.report.section import Picture, Section

__all__ = ["distributions_section", "roc_section"]


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
        "everything beyond them.",
        [_distribution(findings, name) for name in findings.score_names],
    )


def _distribution(findings: Findings, name: str) -> Picture:
    scores = {s: findings.scores[s][name] for s in findings.samples if name in findings.scores[s]}
    return Picture(
        distribution(scores, name=name), name + (" (baseline)" if name in findings.baselines else "")
    )
