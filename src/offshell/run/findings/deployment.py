"""Gather from a run what the report shows of its compression and of its firmware."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from offshell import firmware
from offshell.compress.cost import LayerCost
from offshell.compress.widths import Point, chosen
from offshell.evaluate.rates.operating_points import OperatingPoints
from offshell.evaluate.rates.thresholds import OperatingPoint, signal_efficiency, threshold_at_rate
from offshell.evaluate.separation.comparison import RateMetrics, ScoreMetrics
from offshell.evaluate.separation.differences import survivals
from offshell.evaluate.separation.efficiency import Efficiency
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND
from offshell.evaluate.separation.tail_survival import Survival
from offshell.firmware.summary import facts
from offshell.io.score_files import read_scores
from offshell.models.terms.weighted_sum import evaluate
from offshell.plots.sizes import FrontPoint
from offshell.recipe import Recipe
from offshell.report.findings.deployment import CompressionFindings, FirmwareFindings, Quality, TriggerPoint
from offshell.run.candidates import candidates
from offshell.run.results import Results
from offshell.settings import LearnedWidths

__all__ = ["collect_compression", "collect_firmware"]

Metrics = Mapping[str, Mapping[str, ScoreMetrics]]


def collect_compression(run: Results) -> CompressionFindings | None:
    """What became of the detector of a run when it was made small; None if it was not."""
    path = run.folder / "compression.json"
    if not path.exists():
        return None
    found = _read(path)
    before, after = (_costs(found[side]) for side in ("before", "after"))
    return CompressionFindings(
        before,
        after,
        found["front"],
        _chosen(found["front"], run.recipe),
        _qualities(run),
        _survival(run),
    )


def collect_firmware(run: Results) -> FirmwareFindings | None:
    """What the design of a run does, takes and was proven with; None if there is none."""
    folder = run.folder / "firmware"
    if not folder.exists():
        return None
    design = firmware.Design(
        folder
    )  # taken from the package, which imports HGQ2 only now: other runs do without
    return FirmwareFindings(
        score=design.about["score"],
        latency=design.ports.latency,
        facts=facts(design),
        points={"float": _float_point(run, design.about), "firmware": _point(design.about)},
        proof=design.proof,
        resources=design.resources,
        tools=design.about["tools"],
    )


def _costs(rows: list[dict[str, Any]]) -> list[LayerCost]:
    return [LayerCost(**{name: row[name] for name in row if name != "sparsity"}) for row in rows]


def _chosen(front: list[FrontPoint], recipe: Recipe) -> int | None:
    """The epoch of the network that the recipe takes."""
    widths = recipe.compress and recipe.compress.widths
    if not front or not isinstance(widths, LearnedWidths):
        return None
    # Only sizes and losses are looked at, not the weights that the file does not keep.
    points = cast(list[Point], [SimpleNamespace(**point) for point in front])
    return chosen(points, ebops=widths.ebops).epoch


def _survival(run: Results) -> dict[str, Survival]:
    """Of the tail of the trained detector; empty where it was not scored."""
    if not (run.folder / "scores-float.h5").exists():
        return {}
    (found,) = survivals(candidates([run])).values()
    return found


def _qualities(run: Results) -> dict[str, Quality]:
    """Of the default score, where it was measured and is not just a sum that the evaluation left out."""
    found = {name: _quality(run, suffix) for name, suffix in (("float", "-float"), ("compressed", ""))}
    return {name: quality for name, quality in found.items() if quality}


def _quality(run: Results, suffix: str) -> Quality | None:
    metrics: Metrics = _read(run.folder / f"metrics{suffix}.json")
    names = next(iter(metrics.values()), {})
    score = run.recipe.score_among(names) if names else ""
    if score not in names:
        return None
    of_score = {signal: by_score[score] for signal, by_score in metrics.items()}
    return Quality(score, of_score, _efficiencies(run, suffix, of_score, score))


def _efficiencies(
    run: Results, suffix: str, metrics: Mapping[str, ScoreMetrics], score: str
) -> dict[str, Mapping[str, RateMetrics]]:
    """At the trigger rates of events, at the false positive rates of jets."""
    if run.recipe.samples.kind == "events":
        rates: OperatingPoints = _read(run.folder / f"rates{suffix}.json")
        return {rate: by_score[score] for rate, by_score in rates["efficiencies"].items()}
    keys = next(iter(metrics.values()))["tpr"]
    return {f"FPR {key}": {signal: found["tpr"][key] for signal, found in metrics.items()} for key in keys}


def _point(about: Mapping[str, Any]) -> TriggerPoint:
    signals = {name: Efficiency(**found) for name, found in about["efficiencies"].items()}
    found = about["operating_point"]
    few = found["n_background"] < FEWEST_BACKGROUND  # designs of earlier versions do not say
    return TriggerPoint(OperatingPoint(**{"few": few, **found}), signals)


def _float_point(run: Results, about: Mapping[str, Any]) -> TriggerPoint:
    """At the same rate, found in the same way, the score before anything was rounded; of a student, the score of its teacher."""
    scores = read_scores(run.folder / "scores-float.h5") if run.recipe.compress else run.scores
    known = scores[run.background]
    score = about["score"] if about["score"] in known else run.recipe.score_among(known)
    background, *signals = ((name, np.asarray(evaluate(score, values))) for name, values in scores.items())
    rates = {name: about[name] for name in ("rate_hz", "input_rate_hz")}
    point = threshold_at_rate(background[1], **rates, tail=True)
    return TriggerPoint(point, {name: signal_efficiency(point, values) for name, values in signals})


def _read(path: Path) -> Any:  # noqa: ANN401 - anything JSON knows
    return json.loads(path.read_text())
