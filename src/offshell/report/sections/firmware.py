"""The parts of the page on firmware: what the design does, and what it was proven with."""

from collections.abc import Mapping

from offshell.report.findings.deployment import FirmwareFindings, TriggerPoint
from offshell.report.section import Grid, Section
from offshell.report.sections.resources import resources_section, saturation_section

__all__ = ["firmware_sections"]


def firmware_sections(findings: FirmwareFindings) -> list[Section]:
    """Returns the sections on the design of a run.

    Args:
        findings: What the design does, takes and was proven with.
    """
    resources = findings.resources
    return [
        _firmware(findings),
        _proof(findings),
        resources_section(resources),
        saturation_section(resources),
    ]


def _firmware(findings: FirmwareFindings) -> Section:
    tools = ", ".join(f"{name} {version}" for name, version in findings.tools.items())
    return Section(
        "firmware",
        "Firmware",
        "Integers of an event go in, an integer score and one trigger bit come out. Scaling, network, score and threshold are "
        "inside, as a pipeline that takes a new event at each clock. The design is the folder firmware of this run; "
        "offshell firmware check proves it again.",
        [],
        remarks=[
            _ABOUT_INTERVALS,
            f"Made with {tools}.",
        ],
        grids=[
            Grid("In short", ["What", ""], [list(fact) for fact in findings.facts], of_words=True),
            _points_grid(findings.points),
        ],
    )


_ABOUT_INTERVALS = (
    "Intervals of 95 % confidence. The rate is what is expected of new events; efficiencies are those at the rate that was "
    "asked for, so that their intervals also hold what is uncertain of the threshold. The float detector has the threshold of "
    "the same rate."
)


def _points_grid(points: Mapping[str, TriggerPoint]) -> Grid:
    """Rates and efficiencies, a column for each."""
    signals = next(iter(points.values())).signals
    rates = ["background rate [kHz]", *(_rate(point) for point in points.values())]
    rows = [[f"{name} [%]", *(_share(point, name) for point in points.values())] for name in signals]
    return Grid("What passes the trigger bit", ["Sample", *points], [rates, *rows])


def _rate(point: TriggerPoint) -> str:
    low, high = (rate / 1e3 for rate in point.background.interval)
    return f"{point.background.rate_hz / 1e3:.3g} [{low:.3g}–{high:.3g}]"


def _share(point: TriggerPoint, signal: str) -> str:
    found = point.signals[signal]
    value, low, high = (100 * share for share in (found.value, found.low, found.high))
    return f"{value:.3g} [{low:.2g}–{high:.2g}]"


def _proof(findings: FirmwareFindings) -> Section:
    vectors, agreed = findings.proof["vectors"], findings.proof["agreed"]
    return Section(
        "proof",
        "Proof",
        "Every way of computing the trigger has to give the same integers as the quantized network in Keras, bit for bit, for "
        "every vector; one difference, and there would be no design. Events are not enough for that: random integers, the ends "
        "of the range of each input, and steps on the way between the most different vectors reach numbers that no event does.",
        [],
        grids=[
            Grid("Agreement", ["Computed by", "vectors that agree"], _counts(agreed)),
            Grid("Where the vectors come from", ["Origin", "vectors"], _counts(vectors)),
            *_reach_grids(findings.resources["reach"]),
        ],
    )


def _counts(counts: Mapping[str, int]) -> list[list[str]]:
    return [[name, f"{count:,}"] for name, count in counts.items()]


def _reach_grids(reach: list[dict[str, int]]) -> list[Grid]:
    if not reach:
        return []
    rows = [
        [
            str(number),
            f"{found['lowest']:,}",
            f"{found['highest']:,}",
            f"{found['n_values']:,}",
            f"{100 * found['n_values'] / found['n_between']:.0f}",
        ]
        for number, found in enumerate(reach, start=1)
    ]
    columns = ["Output", "lowest", "highest", "different values", "of all between [%]"]
    return [
        Grid("What the vectors reach in the outputs of the network, in steps of their format", columns, rows)
    ]
