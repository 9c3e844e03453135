"""Both directions beside each other: a score that finds B on A but not A on B measures complexity, not anomaly."""

from collections.abc import Collection, Iterable, Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from offshell.evaluate.separation.comparison import DecorrelatedMetrics, ScoreMetrics

__all__ = ["both_ways_table"]

_NO_SEPARATION = 0.5


def both_ways_table(
    there: Mapping[str, ScoreMetrics],
    back: Mapping[str, ScoreMetrics],
    *,
    samples: tuple[str, str],
    baselines: Collection[str] = (),
) -> Table:
    """Returns the AUC of each score in both directions, the best worse direction first.

    Autoencoders reconstruct simple events well whatever they were trained on, so that a complex signal is found on a
    simple background but not the other way round (Finke et al., arXiv:2104.09051).

    Args:
        there: Metrics of finding the second sample, trained on the first.
        back: Metrics of finding the first sample, trained on the second.
        samples: Names of the two samples.
        baselines: Names of the scores that are baselines; they are dimmed.
    """
    first, second = samples
    table = Table(title=Text(f"{first} and {second}, both ways", "bold"), box=box.SIMPLE_HEAD)
    table.add_column("score", overflow="fold")
    for background, signal in ((first, second), (second, first)):
        table.add_column(f"AUC of {signal}\ntrained on {background}", justify="right")
    given = _variables([*there.values(), *back.values()])
    for signal in (second, first) if given else ():
        table.add_column(f"AUC of {signal}\ngiven {given}", justify="right")
    table.add_column("finds both", justify="center")
    names = sorted(set(there) & set(back), key=lambda name: -min(there[name]["auc"], back[name]["auc"]))
    for name in names:
        both = there[name], back[name]
        found = all(score["auc_low"] > _NO_SEPARATION for score in both)
        style = "dim" if name in baselines else None
        decorrelated = map(_given, both) if given else ()
        table.add_row(Text(name), *map(_auc, both), *decorrelated, "yes" if found else "no", style=style)
    table.caption = "Intervals of 95 %. A score finds both if both intervals lie above 0.5."
    table.caption_justify = "left"
    return table


def _variables(scores: Iterable[ScoreMetrics]) -> str:
    """What scores are decorrelated from; empty if they are not."""
    found = (", ".join(score["decorrelated"]["variables"]) for score in scores if "decorrelated" in score)
    return next(found, "")


def _given(score: ScoreMetrics) -> str:
    return _auc(score["decorrelated"]) if "decorrelated" in score else "–"


def _auc(score: ScoreMetrics | DecorrelatedMetrics) -> str:
    return f"{score['auc']:.3f} [{score['auc_low']:.3f}, {score['auc_high']:.3f}]"
