"""What a run found on the way to a trigger bit: the small detector, and the firmware."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from offshell.compress.cost import LayerCost
from offshell.evaluate.rates.thresholds import OperatingPoint
from offshell.evaluate.separation.comparison import RateMetrics, ScoreMetrics
from offshell.evaluate.separation.efficiency import Efficiency
from offshell.evaluate.separation.tail_survival import Survival
from offshell.plots.sizes import FrontPoint

__all__ = ["CompressionFindings", "FirmwareFindings", "Quality", "TriggerPoint"]


@dataclass(frozen=True)
class Quality:
    """What one score of a detector finds.

    Attributes:
        score: Its name.
        metrics: Of each signal, as `offshell.evaluate.compare` gives them.
        efficiencies: At each rate, by its name and the signal.
    """

    score: str
    metrics: Mapping[str, ScoreMetrics]
    efficiencies: Mapping[str, Mapping[str, RateMetrics]]


@dataclass(frozen=True)
class CompressionFindings:
    """What became of a detector when it was made small.

    Attributes:
        before: The cost of each layer of the trained detector.
        after: The same of the compressed one.
        front: The best networks on the way, the smallest first; empty when no widths were learned.
        chosen: The epoch of the one that was taken; None without a front.
        quality: What the default score finds, by what it is of, such as "float" and "compressed"; empty if it was not measured.
        survival: How much of the most anomalous background of the trained detector the compressed one finds as anomalous, by
            the share of the background that it is; empty if it was not measured.
    """

    before: Sequence[LayerCost]
    after: Sequence[LayerCost]
    front: Sequence[FrontPoint]
    chosen: int | None
    quality: Mapping[str, Quality]
    survival: Mapping[str, Survival] = field(default_factory=dict)


@dataclass(frozen=True)
class TriggerPoint:
    """A threshold and what passes it.

    Attributes:
        background: The rate of the background.
        signals: The share of each signal, with intervals at the rate that was asked for.
    """

    background: OperatingPoint
    signals: Mapping[str, Efficiency]


@dataclass(frozen=True)
class FirmwareFindings:
    """What a design does, takes, and was proven with.

    Attributes:
        score: What the trigger is on.
        latency: Clocks from an event to its bit.
        facts: What is to be said of it in short, by name.
        points: At the rate of the design, by what they are of, such as "float" and "firmware".
        proof: Numbers of vectors by origin (`vectors`), and that agreed by way of computing (`agreed`).
        resources: What `offshell.firmware.resources.measurement.measure` returns.
        tools: Versions of the tools by name.
    """

    score: str
    latency: int
    facts: Sequence[tuple[str, str]]
    points: Mapping[str, TriggerPoint]
    proof: Mapping[str, Mapping[str, int]]
    resources: Mapping[str, Any]
    tools: Mapping[str, str]

    @property
    def n_luts(self) -> int:
        """LUTs of a Xilinx device."""
        n_luts: int = self.resources["xilinx"]["luts"]
        return n_luts

    @property
    def n_agreed(self) -> int:
        """Vectors that all ways of computing agreed on but the test bench, which reads some of them."""
        return max(self.proof["agreed"].values())
