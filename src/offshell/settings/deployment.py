"""The tables `[compress]` and `[firmware]`."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, Tag

from offshell.settings.table import Table, kind_or

__all__ = ["Compress", "Firmware", "LearnedWidths", "StudentNetwork", "UniformWidths", "Widths"]


class UniformWidths(Table):
    """`offshell.compress.quantize.Uniform`: the same number of bits everywhere."""

    kind: Literal["uniform"]
    bits: int = Field(default=8, ge=2, le=24)
    integer: int | None = None


class LearnedWidths(Table):
    """`offshell.compress.widths.learn_widths`; of the networks on the way the best one with at most `ebops` is kept.

    Without `ebops` it is the smallest one whose validation loss is at most a tenth above the lowest.
    """

    kind: Literal["learned"] = "learned"
    bits: int = Field(default=6, ge=1, le=16)
    beta: tuple[PositiveFloat, PositiveFloat] = (1e-6, 3e-3)
    ebops: PositiveInt | None = None


Widths = Annotated[
    Annotated[UniformWidths, Tag("uniform")] | Annotated[LearnedWidths, Tag("learned")], kind_or("learned")
]


class StudentNetwork(Table):
    """`offshell.compress.distill.distilled`: a small network that learns the score of the detector, by default the default one."""

    hidden: list[PositiveInt] = [16, 8]
    score: str | None = None


class Compress(Table):
    """What makes the detector small after its training; see `offshell.train.pruning` for `sparsity`, `begin` and `ramp`."""

    widths: Widths = LearnedWidths()
    student: StudentNetwork | None = None
    sparsity: float = Field(default=0.0, ge=0, lt=1)
    begin: NonNegativeInt = 0
    ramp: NonNegativeInt = 0
    epochs: PositiveInt = 80
    learning_rate: PositiveFloat = 2e-3


class Firmware(Table):
    """The trigger to build: its score, rate, clock and device; without a score it is the default one of the evaluation.

    `vectors` is how many it is proven with at least, `hls_strategy` how hls4ml multiplies. `place` also places and routes the design for a Lattice ECP5, which takes
    minutes and measures a clock.
    """

    score: str | None = None
    rate_hz: PositiveFloat = 1e3
    clock_mhz: PositiveFloat = 200.0
    part: str = "xcvu13p-flga2577-2-e"
    vectors: PositiveInt = 100_000
    hls_strategy: Literal["latency", "distributed_arithmetic"] = "latency"
    place: bool = True
