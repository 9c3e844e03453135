"""The part of the page on how small the detector became, and what that cost."""

from collections.abc import Mapping, Sequence

from offshell.compress.cost import LayerCost, total
from offshell.evaluate.separation.comparison import RateMetrics
from offshell.evaluate.separation.differences import survival_cell
from offshell.plots import sizes
from offshell.report.findings.deployment import CompressionFindings, Quality
from offshell.report.score_table import auc_cell, percent_cell
from offshell.report.section import Grid, Picture, Section

__all__ = ["compression_section"]

_FLOAT_BITS = 32


def compression_section(findings: CompressionFindings) -> Section:
    """Returns the section on compression.

    Args:
        findings: What became of the detector when it was made small.
    """
    return Section(
        "compression",
        "Compression",
        "On an FPGA every bit of every number takes room. So each weight and each number between the layers gets a few "
        "bits, and the detector is trained again with them. EBOPs, effective bit operations, add up bits times bits over all "
        "products; the firmware grows with them. Where the intervals of the two detectors are apart, compression has cost "
        "something." + (_ABOUT_FRONT if findings.front else ""),
        _pictures(findings),
        remarks=_remarks(findings),
        grids=[
            *_quality_grids(findings),
            *_survival_grids(findings),
            _cost_grid(_quantized(findings.after)),
        ],
    )


_ABOUT_FRONT = (
    " The figure shows the networks that one training passed through while the price of a bit rose from epoch to epoch, "
    "each the best of its size: further left is smaller, further down is better."
)


def _pictures(findings: CompressionFindings) -> list[Picture]:
    if not findings.front:
        return []
    figure = sizes.front(findings.front, chosen=findings.chosen)
    return [Picture(figure, "Validation loss against size: the best networks on the way")]


def _quality_grids(findings: CompressionFindings) -> list[Grid]:
    """The two detectors in turn, signal by signal; rates without background events are left out."""
    if not findings.quality:
        return []
    first = next(iter(findings.quality.values()))
    rates = [rate for rate, found in first.efficiencies.items() if _has_numbers(found)]
    rows = [
        [f"{signal}, {name}", *_quality_row(quality, signal, rates)]
        for signal in first.metrics
        for name, quality in findings.quality.items()
    ]
    columns = ["Signal, detector", "AUC", *(f"at {rate} [%]" for rate in rates)]
    scores = ", ".join(f"{quality.score} ({name})" for name, quality in findings.quality.items())
    return [Grid(f"AUC, and efficiency at each rate, of {scores}", columns, rows)]


def _survival_grids(findings: CompressionFindings) -> list[Grid]:
    if not findings.survival:
        return []
    return [
        Grid(
            "Share [%] of the most anomalous background of the trained detector that is as anomalous to the compressed one",
            ["", *(f"top {share}" for share in findings.survival)],
            [["survives", *(survival_cell(found) for found in findings.survival.values())]],
        )
    ]


def _has_numbers(by_signal: Mapping[str, RateMetrics]) -> bool:
    return any(found["value"] is not None for found in by_signal.values())


def _quality_row(quality: Quality, signal: str, rates: Sequence[str]) -> list[str]:
    at_rates = [percent_cell(quality.efficiencies[rate][signal]) for rate in rates]
    return [cell.with_interval for cell in (auc_cell(quality.metrics[signal]), *at_rates)]


def _quantized(rows: Sequence[LayerCost]) -> list[LayerCost]:
    """The layers of HGQ2, by its names for them."""
    return [row for row in rows if row.kind.startswith("Q")]


def _other(rows: Sequence[LayerCost]) -> list[LayerCost]:
    return [row for row in rows if not row.kind.startswith("Q")]


def _cost_grid(rows: Sequence[LayerCost]) -> Grid:
    columns = [
        *("Layer", "parameters", "zero weights [%]", "EBOPs", "memory [bit]", "in float32 [bit]"),
        *("energy [nJ]", "in float32 [nJ]"),
    ]
    return Grid(
        "What the quantized layers cost, for one event",
        columns,
        [_cost_row(row) for row in (*rows, total(rows))],
    )


def _cost_row(row: LayerCost) -> list[str]:
    return [
        row.layer,
        f"{row.n_parameters:,}",
        f"{100 * row.sparsity:.0f}",
        f"{row.ebops:,.0f}",
        f"{row.memory_bits:,.0f}",
        f"{_FLOAT_BITS * row.n_parameters:,}",
        f"{row.energy:.3g}",
        f"{row.energy_float32:.3g}",
    ]


def _remarks(findings: CompressionFindings) -> list[str]:
    before, untouched = total(findings.before), [row.layer for row in _other(findings.after)]
    remarks = [
        *([_ABOUT_MARKS] if findings.quality else []),
        *([_ABOUT_SURVIVAL] if findings.survival else []),
        _ABOUT_COST,
        f"The trained detector had {before.n_parameters:,} parameters in all and took {before.energy:.3g} nJ in float32.",
    ]
    if untouched:
        remarks.append(f"Left in floating point, because only training needs them: {', '.join(untouched)}.")
    if findings.front:
        remarks.append(_ABOUT_TRAINING)
    return remarks


_ABOUT_MARKS = (
    "A dagger marks a rate behind which stand fewer than ten background events. A dash means that no threshold gives the rate: "
    "there are too few background events, or too many of them share the highest score."
)

_ABOUT_SURVIVAL = (
    "Two detectors with one AUC may select different events. A trigger lives in the tail: what survives there is what the small "
    "detector has in common with the large one. In brackets the 95 % interval; a star marks fewer than ten events."
)

_ABOUT_COST = (
    "Counted are products and the sums they go into, for one event, each layer once and everything in parallel; a weight of zero "
    "costs nothing. Not counted: activations, the scaling of the inputs, the score, and the movement of numbers. The energy is that "
    "of the arithmetic in 45 nm (Horowitz, ISSCC 2014). A trigger takes only those layers that its score needs."
)

_ABOUT_TRAINING = (
    "The EBOPs of the figure are those that the training counts: a weight has the bits that it may use even if its value is zero. "
    "The table leaves such weights out, and so is smaller."
)
