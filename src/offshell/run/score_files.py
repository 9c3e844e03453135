"""The tables and the page for scores that another program made."""

from collections.abc import Sequence
from pathlib import Path

from offshell.errors import InputError
from offshell.evaluate.separation.comparison import ScoreMetrics, compare
from offshell.io.score_columns import only_scores, read_columns
from offshell.report.findings.run import Findings
from offshell.report.html import write
from offshell.run.environment import environment
from offshell.run.results import BySample

__all__ = ["read_samples", "report_of_scores"]


def read_samples(background: Path, signals: Sequence[str]) -> BySample:
    """The scores in files, `{sample: {score: (n,)}}`, the background first.

    Args:
        background: File with the scores of background events, see `offshell.io.score_columns.read_columns`.
        signals: Files with the same scores of signals, each with a name in front where the file's will not do, `top=s.npy`.

    Raises:
        InputError: If a file cannot be read, two samples have one name, or a signal has other scores than the background.
    """
    named = [(background.stem, background), *map(_named, signals)]
    names = [name for name, _ in named]
    if len(set(names)) < len(names) or len(names) == 1:
        raise InputError(
            f"Samples need different names. Expected: --signal NAME=FILE for at least one signal. Received: {', '.join(names)}."
        )
    return {name: only_scores(read_columns(path)) for name, path in named}


def report_of_scores(
    out: Path, scores: BySample, *, sources: Sequence[str]
) -> dict[str, dict[str, ScoreMetrics]]:
    """Write a page with the tables, ROC curves and distributions of scores, and return the metrics.

    Args:
        out: The HTML file to write.
        scores: What `read_samples` gives.
        sources: Where the scores come from, to be stated on the page.
    """
    (background, ordinary), *signals = scores.items()
    metrics = compare(ordinary, dict(signals))
    findings = Findings(
        title=f"Scores of {', '.join(name for name, _ in signals)} against {background}",
        recipe="",
        environment=environment(seed=None),
        background=background,
        history={"loss": [], "val_loss": [], "learning_rate": []},
        metrics=metrics,
        baselines=(),
        scores=scores,
        images={},
        reconstructions={},
        latents={},
        most_anomalous={},
        notes=[
            "Scores from files; Offshell does not know how they were made.",
            f"Files: {', '.join(sources)}.",
        ],
    )
    write(out, findings)
    return metrics


def _named(text: str) -> tuple[str, Path]:
    name, separator, file = text.partition("=")
    return (name, Path(file)) if separator else (Path(text).stem, Path(text))
