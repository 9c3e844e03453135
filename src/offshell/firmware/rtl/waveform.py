"""A figure of the wires: an event goes in, and its score and bit come out some clocks later."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int64
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from offshell.errors import InputError
from offshell.firmware.rtl.vcd import at_rising_edges, read_vcd
from offshell.firmware.trigger.ports import Ports, unpack_numbers
from offshell.style import SIGNAL_COLORS, styled

__all__ = ["waveform"]

_CLOCKS_AROUND = 4
_SLOPE = 0.12
_HIGH = 0.7
_BENCH = "trigger_tb"


@styled
def waveform(path: Path, ports: Ports, *, inputs: Mapping[str, int]) -> Figure:
    """Draws the wires around an event, and the event in color: the first whose bit is set, or the very first if none is.

    Args:
        path: What `run_testbench` wrote.
        ports: Of the design.
        inputs: Numbers of the inputs to draw, by the names they get.

    Returns:
        A figure with a row for the clock, for each input, for the score and for the bit, against the clocks.

    Raises:
        InputError: If the file is no waveform of the test bench.
    """
    taken, given = _sampled(path, ports)
    event = int(np.argmax(given[:, 1] == 1))
    out = event + ports.latency + 1
    clocks = np.arange(max(event - _CLOCKS_AROUND, 0), min(out + _CLOCKS_AROUND, len(taken)))
    figure = Figure(figsize=(9, 0.45 * (len(inputs) + 4)), layout="constrained")
    axes = figure.subplots()
    _draw_levels(axes, np.arange(clocks[0], clocks[-1] + 1, 0.5), np.tile([1, 0], len(clocks)), row=0)
    for row, position in enumerate(inputs.values(), start=1):
        _draw_numbers(axes, clocks, taken[clocks, position], row=row, marked=event)
    valid = clocks[clocks > ports.latency]
    _draw_numbers(axes, valid, given[valid - ports.latency - 1, 0], row=len(inputs) + 1, marked=out)
    _draw_levels(axes, valid, given[valid - ports.latency - 1, 1], row=len(inputs) + 2)
    _label(axes, clocks, ["clock", *inputs, "score", "bit"])
    return figure


def _sampled(path: Path, ports: Ports) -> tuple[Int64[np.ndarray, "n inputs"], Int64[np.ndarray, "events 2"]]:
    """The inputs before every rising edge, and the outputs of the events whose outputs came before the last edge."""
    dump = read_vcd(path)
    try:
        _, signals = at_rising_edges(dump, f"{_BENCH}.clk")
        taken, given = signals[f"{_BENCH}.model_inp"], signals[f"{_BENCH}.model_out"][ports.latency + 1 :]
    except KeyError as error:
        raise InputError(
            f"{path} is of something else. Expected: wires of {_BENCH}. Received: no {error}."
        ) from None
    return unpack_numbers(taken, ports.inputs), unpack_numbers(given, ports.outputs)


def _draw_levels(
    axes: Axes, starts: Float[np.ndarray, " n"], levels: Int64[np.ndarray, " n"], *, row: int
) -> None:
    """A wire: one step from each start to the next."""
    width = starts[1] - starts[0]
    axes.stairs(
        _HIGH * levels - row, np.append(starts, starts[-1] + width), baseline=None, color="black", lw=1
    )


def _draw_numbers(
    axes: Axes, clocks: Int64[np.ndarray, " n"], numbers: Int64[np.ndarray, " n"], *, row: int, marked: int
) -> None:
    """A bus: one box with a number for each clock."""
    for clock, number in zip(clocks, numbers, strict=True):
        color = SIGNAL_COLORS[0] if clock == marked else "none"
        corners = np.array([(0, 0.5), (_SLOPE, 1), (1 - _SLOPE, 1), (1, 0.5), (1 - _SLOPE, 0), (_SLOPE, 0)])
        axes.fill(
            *(corners * [1, _HIGH] + [clock, -row]).T, facecolor=color, edgecolor="black", lw=0.8, alpha=0.8
        )
        axes.text(clock + 0.5, _HIGH / 2 - row, str(number), ha="center", va="center", size=7)


def _label(axes: Axes, clocks: Int64[np.ndarray, " n"], rows: Sequence[str]) -> None:
    axes.set_yticks(_HIGH / 2 - np.arange(len(rows)), rows)
    axes.tick_params(axis="y", which="both", length=0)
    axes.tick_params(axis="x", which="both", top=False)
    axes.spines[:].set_visible(False)
    axes.set(xlim=(clocks[0], clocks[-1] + 1), xlabel="Clock")
