"""Proving a design, when it is made and on any machine after that."""

import logging
import tempfile
from pathlib import Path

from offshell.firmware.design import Design
from offshell.firmware.proof.agreement import prove
from offshell.firmware.proof.ways import ways_of
from offshell.firmware.rtl.testbench import run_testbench
from offshell.firmware.tools import require_tools
from offshell.firmware.trigger.vectors import Vectors

__all__ = ["check"]

log = logging.getLogger(__name__)


def check(design: Design, *, vectors: Vectors | None = None) -> dict[str, int]:
    """Prove a design: golden vectors by Keras, integer program, emulator, RTL, HLS project and the Verilog test bench.

    Args:
        design: what to prove.
        vectors: the golden vectors with their origins, to be named where one differs.

    Returns:
        How many vectors agreed, by name of the way.

    Raises:
        InputError: if something of the design is missing or damaged.
        FirmwareError: with the first difference, and the layer or the register it is in.
    """
    require_tools()
    golden = design.golden
    vectors = vectors or Vectors(golden.inputs, {"golden vector": len(golden.inputs)})
    log.info("Proving the design with %s vectors", f"{len(golden.inputs):,}")
    with tempfile.TemporaryDirectory() as folder:
        builds = Path(folder)
        agreed = prove(vectors, ways_of(design, builds=builds), expected=golden.expected)
        n_in_bench = run_testbench(design.folder / "golden", design.sources, builds=builds)
    return {**agreed, "The Verilog test bench": n_in_bench}
