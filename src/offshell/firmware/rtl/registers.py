"""Where in a pipeline the RTL leaves the integer program: the first register whose contents differ."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64

from offshell.firmware.rtl.simulation import record
from offshell.firmware.rtl.vcd import before, read_vcd
from offshell.firmware.trigger.fixed import Fixed, formats_of
from offshell.firmware.trigger.ports import Ports, pack, unpack, unpack_numbers

__all__ = ["RegisterDifference", "differing_register"]


@dataclass(frozen=True)
class RegisterDifference:
    """One element of one register that is not what the integer program gives.

    Attributes:
        event: Number of the event.
        register: Its name in the RTL: `model_inp_reg`, `stage1_inp`, ..., `model_out`.
        element: Number of the element in it.
        expected: The integer of the program.
        received: That of the RTL.
    """

    event: int
    register: str
    element: int
    expected: int
    received: int


def differing_register(
    sources: Sequence[Path],
    stages: Sequence[Any],
    integers: Int64[np.ndarray, "n inputs"],
    ports: Ports,
    *,
    builds: Path,
) -> RegisterDifference | None:
    """The first register along the pipeline that differs for any event, and the first such event; `None` if all agree.

    Args:
        sources: The Verilog of a module `trigger` as alkaid writes it.
        stages: The programs between the registers in their order, alkaid's `CombLogic`.
        integers: Some events; a simulation that records all registers is slow.
        ports: Of the design.
        builds: A folder that keeps the compiled simulation.

    Raises:
        InputError: If the events do not fit the ports.
        FirmwareError: If the simulation cannot be built or does not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        wave = Path(folder) / "registers.vcd"
        record(sources, integers, ports, builds=builds, wave=wave)
        signals = read_vcd(wave)
    for delay, (name, formats, expected) in enumerate(_registers(stages, integers, ports)):
        after = before(signals[f"TOP.trigger.{name}"], range(delay + 1, delay + 1 + len(integers)))
        received = unpack_numbers(after, formats)
        if not np.array_equal(received, expected):
            event, element = (int(place) for place in np.argwhere(received != expected)[0])
            return RegisterDifference(
                event, name, element, int(expected[event, element]), int(received[event, element])
            )
    return None


def _registers(
    stages: Sequence[Any], integers: Int64[np.ndarray, "n inputs"], ports: Ports
) -> Iterator[tuple[str, Sequence[Fixed], Int64[np.ndarray, "n elements"]]]:
    """Name, formats and expected contents of each register along the pipeline."""
    yield "model_inp_reg", ports.inputs, unpack(pack(integers, ports.inputs), ports.inputs)
    values = integers * 2.0 ** -np.array([form.fraction for form in ports.inputs])
    for number, stage in enumerate(stages, start=1):
        values = stage.predict(values)
        formats = formats_of(stage.out_kifs)
        counts = np.rint(values * 2.0 ** np.array([form.fraction for form in formats])).astype(np.int64)
        yield "model_out" if number == len(stages) else f"stage{number}_inp", formats, counts
