"""A trigger as a project for the HLS compilers of AMD: hls4ml's network between a scaling and a score in C++."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from jaxtyping import Int64
from jinja2 import Environment, PackageLoader, StrictUndefined

from offshell.errors import InputError
from offshell.firmware.hls.limits import refuse_too_large
from offshell.firmware.hls.network import Backend, Lanes, Strategy, Target, write_arithmetic, write_network
from offshell.firmware.hls.score import head
from offshell.firmware.trigger.definition import Trigger
from offshell.firmware.trigger.fixed import Fixed

__all__ = ["write_hls", "write_vectors"]

_FILES = ("trigger.h", "trigger.cpp", "trigger_test.cpp", "bridge.cpp", "build.tcl", "README.md")

# What hls4ml keeps free of the clock for the compiler's estimates, and how the compilers are called.
_UNCERTAINTY = {"Vitis": "27%", "Vivado": "12.5%"}
_COMMANDS = {"Vitis": "vitis-run --mode hls --tcl build.tcl", "Vivado": "vivado_hls -f build.tcl"}


@dataclass(frozen=True)
class _Input:
    """One input in C++: the difference to `offset` has `bits`, of which `shift` stand after the binary point.

    `first` is the input that is zero where there is no such object, `None` if the input is always there.
    """

    wires: str
    bits: int
    offset: int
    shift: int
    first: int | None


def write_hls(
    trigger: Trigger,
    folder: Path,
    *,
    clock_ns: float,
    part: str,
    strategy: Strategy = "latency",
    backend: Backend = "Vitis",
) -> None:
    """Writes a project: the top function with everything it includes, a test bench, the script of the compiler.

    The function takes an event every clock and uses fixed-point types only; `csimulate` runs it on this machine.

    Args:
        trigger: what to compute; its score must be exact, without digits below `trigger.fraction`.
        folder: the folder of the project; made if needed.
        clock_ns: period of the clock.
        part: the device, by the vendor's name.
        strategy: how matrices are multiplied: `"latency"`, or `"distributed_arithmetic"` without multipliers (needs
            da4ml, whose first use on a machine compiles it for two minutes).
        backend: the compiler, Vitis HLS or Vivado HLS.

    Raises:
        InputError: if a layer is too large for these compilers, the score has no C++ form, or da4ml is missing.
        FirmwareError: if hls4ml cannot convert the network.
    """
    target = Target(clock_ns=clock_ns, part=part, strategy=strategy, backend=backend)
    given: Lanes | None = None
    outputs: tuple[Lanes, ...] = ()
    if trigger.network is not None:
        refuse_too_large(trigger.network, strategy=strategy)
        given, outputs = write_network(trigger.network, folder / "network", target)
    write_arithmetic(folder / "ap_types")
    design = {**_arithmetic(trigger, outputs), **_project(target), "network": given, "outputs": outputs}
    for name in _FILES:
        (folder / name).write_text(_environment().get_template(f"{name}.jinja").render(design))


def write_vectors(
    folder: Path, integers: Int64[np.ndarray, "n inputs"], expected: Int64[np.ndarray, "n 2"]
) -> None:
    """Writes what the test bench of the project reads.

    Args:
        folder: of the project.
        integers: of each event; the vendor's RTL simulation takes some thousand in reasonable time.
        expected: score and bit of each event.

    Raises:
        InputError: if there is no event, or not one expectation for each.
    """
    if len(integers) == 0 or len(integers) != len(expected):
        raise InputError(
            "The vectors of the test bench are incomplete. Expected: events, and score and bit of each. "
            f"Received: {len(integers)} events and {len(expected)} expectations."
        )
    (folder / "tb_data").mkdir(exist_ok=True)
    np.savetxt(folder / "tb_data" / "vectors.dat", np.hstack([integers, expected]), fmt="%d")


def _arithmetic(trigger: Trigger, outputs: Sequence[Lanes]) -> dict[str, object]:
    """The types and numbers of the top function."""
    inputs = _inputs(trigger)
    scaled = _scaled(inputs)
    found = head(trigger.score, outputs, scaled)
    # Half of a sum is the sum with its binary point moved.
    digits = trigger.fraction - found.halved
    aligned = Fixed(signed=found.form.signed, integer=found.form.integer, fraction=digits)
    return {
        "inputs": inputs,
        "input_type": _whole(_widest(trigger.formats)),
        "scaled_type": _type(scaled),
        "head": found,
        "aligned_form": aligned,
        "score_type": _whole(aligned),
        "threshold": trigger.threshold,
    }


def _project(target: Target) -> dict[str, object]:
    """What the script and the README say."""
    return {
        "target": target,
        "command": _COMMANDS[target.backend],
        "clock_uncertainty": _UNCERTAINTY[target.backend],
        "hls4ml_version": version("hls4ml"),
    }


def _inputs(trigger: Trigger) -> list[_Input]:
    if trigger.scaling is None:
        return [_input(form, offset=0, shift=0, first=None) for form in trigger.formats]
    offsets, shifts = trigger.scaling.offsets.tolist(), trigger.scaling.shifts.tolist()
    group = trigger.scaling.group
    return [
        _input(form, offset=offsets[i], shift=shifts[i], first=i - i % group if offsets[i] else None)
        for i, form in enumerate(trigger.formats)
    ]


def _input(form: Fixed, *, offset: int, shift: int, first: int | None) -> _Input:
    integer = int(offset * 2.0**form.fraction)
    bits = 1 + max((form.highest - integer).bit_length(), (integer - form.lowest).bit_length())
    return _Input(_whole(form), bits, integer, shift + form.fraction, first)


def _scaled(inputs: Sequence[_Input]) -> Fixed:
    """A format for all scaled inputs."""
    integer = max(found.bits - 1 - found.shift for found in inputs)
    return Fixed(signed=True, integer=integer, fraction=max(found.shift for found in inputs))


def _widest(formats: Sequence[Fixed]) -> Fixed:
    """Integers that hold those of all inputs."""
    signed = any(form.signed for form in formats)
    return Fixed(signed=signed, integer=max(form.bits - form.signed for form in formats), fraction=0)


def _whole(form: Fixed) -> str:
    """The C++ type of the integers on the wires."""
    return f"ap_{'' if form.signed else 'u'}int<{form.bits}>"


def _type(form: Fixed, *modes: str) -> str:
    """The C++ type of the numbers that they stand for."""
    widths = (str(form.bits), str(form.integer + form.signed))
    return f"ap_{'' if form.signed else 'u'}fixed<{', '.join([*widths, *modes])}>"


def _saturating(form: Fixed) -> str:
    return _type(form, "AP_RND", "AP_SAT")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("offshell", "firmware/templates/hls"),
        autoescape=False,  # it is C++
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(fixed=_type, saturating=_saturating)
    return environment
