"""The waveform of a design as a simulator shows it: its test bench, run and drawn."""

import tempfile
from pathlib import Path

from offshell.firmware.design import Design
from offshell.firmware.rtl.testbench import run_testbench
from offshell.firmware.rtl.waveform import waveform
from offshell.inputs.objects import ELECTRONS, FEATURES, JETS, MET, MUONS, N_FEATURES
from offshell.io.replacing import replacing

__all__ = ["draw_waveform"]

_LEADING = {"MET": MET, "electron pT": ELECTRONS, "muon pT": MUONS, "jet pT": JETS}


def draw_waveform(design: Design, path: Path) -> None:
    """Run the test bench of a design in Verilator and draw the wires around the first event whose bit is set.

    Args:
        design: what to run.
        path: the figure, .svg, .pdf or .png.

    Raises:
        InputError: if something of the design is missing.
        FirmwareError: if a vector differs.
    """
    with tempfile.TemporaryDirectory() as folder, replacing(path) as temporary:
        wave = Path(folder) / "trigger.vcd"
        run_testbench(design.folder / "golden", design.sources, builds=Path(folder), wave=wave)
        waveform(wave, design.ports, inputs=_shown(len(design.ports.inputs))).savefig(temporary)


def _shown(n_inputs: int) -> dict[str, int]:
    """The leading objects of an event, or three pixels around the center of an image."""
    if n_inputs == N_FEATURES:
        return {name: rows.start * len(FEATURES) for name, rows in _LEADING.items()}
    center = (n_inputs + round(n_inputs**0.5)) // 2
    return {f"pixel {number}": number for number in (center - 1, center, center + 1)}
