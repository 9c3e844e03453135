"""From a compressed detector to a design on disk, proven before it appears."""

import json
import logging
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int64

from offshell import settings
from offshell.errors import FirmwareError, InputError
from offshell.evaluate.rates.thresholds import OperatingPoint, signal_efficiency, threshold_at_rate
from offshell.firmware.design import LAYERS, PROGRAM, VERSION, Design, about_ports, about_trigger
from offshell.firmware.detectors import trigger_of
from offshell.firmware.emulator.cpp import write_emulator
from offshell.firmware.hls.limits import refuse_too_large
from offshell.firmware.hls.project import write_hls
from offshell.firmware.hls.project import write_vectors as write_hls_vectors
from offshell.firmware.proof.check import check
from offshell.firmware.resources.measurement import measure
from offshell.firmware.rtl import compiler
from offshell.firmware.rtl.compiler import Pipeline
from offshell.firmware.rtl.testbench import write_testbench
from offshell.firmware.summary import readme
from offshell.firmware.tools import require_tools, versions
from offshell.firmware.trigger.definition import Trigger
from offshell.firmware.trigger.fixed import formats_of
from offshell.firmware.trigger.golden import Golden, write_golden
from offshell.firmware.trigger.ports import Ports
from offshell.firmware.trigger.vectors import Vectors, make_vectors
from offshell.models.detector import Detector

__all__ = ["Request", "build_design"]

log = logging.getLogger(__name__)

Events = Float[np.ndarray, "n ..."]
Integers = Int64[np.ndarray, "n inputs"]

# Text files for simulators hold so many vectors of each origin; the binary file holds all.
_AS_TEXT = 400


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes:
        score: A term of the detector, or `ht`.
        inputs: What the detector sees.
        target: Rate, clock and device.
        input_rate_hz: Rate of all events.
    """

    score: str
    inputs: settings.Inputs
    target: settings.Firmware
    input_rate_hz: float

    @property
    def clock_ns(self) -> float:
        """Period of the clock."""
        return 1e3 / self.target.clock_mhz


def build_design(
    detector: Detector,
    request: Request,
    samples: Mapping[str, Events],
    folder: Path,
    *,
    provenance: Mapping[str, Any],
) -> Design:
    """Write a design, prove it, and count what it takes.

    Args:
        detector: with quantized networks.
        request: what is asked for.
        samples: events as the detector sees them by name, the background first; signals are used for vectors and
            efficiencies only.
        folder: where the design goes; an earlier one is replaced once the new one is proven.
        provenance: what it was made from, for `design.json`.

    Raises:
        InputError: if the folder holds something else, detector, score and inputs do not fit, or the network is too large for
            HLS compilers.
        FirmwareError: if the proof fails; what was written stays in a folder beside, which the message names.
    """
    _refuse_other_than_design(folder)
    require_tools()
    background = next(iter(samples.values()))
    trigger = trigger_of(detector, request.score, request.inputs, background)
    if trigger.network is not None:
        refuse_too_large(trigger.network, strategy=request.target.hls_strategy)
    integers = {name: trigger.integers(x) for name, x in samples.items()}
    trigger, point, efficiencies = _with_threshold(trigger, integers, request)
    log.info("Writing RTL, HLS project and emulator of a trigger on %s", request.score)
    vectors = make_vectors(trigger, integers, at_least=request.target.vectors)
    about = {
        "version": VERSION,
        "score": request.score,
        "input_rate_hz": request.input_rate_hz,
        **request.target.model_dump(exclude={"score", "place", "vectors"}),
        "operating_point": asdict(point),
        "efficiencies": efficiencies,
        "tools": versions(),
        "provenance": dict(provenance),
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}.unproven-", dir=folder.parent))
    try:
        _prove(_written(trigger, vectors, request, draft, about), vectors, place=request.target.place)
    except FirmwareError as error:
        raise FirmwareError(f"{error} What was written is in {draft}.") from None
    except BaseException:
        shutil.rmtree(draft)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    draft.chmod(0o755)  # that of a temporary folder is for its owner alone
    return Design(draft.rename(folder))


def _refuse_other_than_design(folder: Path) -> None:
    if folder.exists() and not (folder / "design.json").exists() and any(folder.iterdir()):
        raise InputError(
            f"{folder} is no design. Expected: a new or empty folder, or a design. Received: other files."
        )


def _prove(design: Design, vectors: Vectors, *, place: bool) -> None:
    """Prove a design, and write what was found into it."""
    checked = check(design, vectors=vectors)
    _write_json(
        design.folder / "reports" / "proof.json", {"vectors": dict(vectors.origins), "agreed": checked}
    )
    _write_json(design.folder / "reports" / "resources.json", measure(design, vectors, place=place))
    (design.folder / "README.md").write_text(readme(design))


def _written(
    trigger: Trigger, vectors: Vectors, request: Request, folder: Path, about: Mapping[str, Any]
) -> Design:
    """Everything that a design holds before it is proven."""
    program, part = compiler.trace(trigger), request.target.part
    program.save(folder / PROGRAM)
    compiler.trace_layers(trigger).save(folder / LAYERS)
    pipeline = compiler.write_rtl(program, folder / "rtl", clock_ns=request.clock_ns, part=part)
    compiler.write_rtl(program, folder / "rtl-vhdl", clock_ns=request.clock_ns, part=part, flavor="vhdl")
    ports = _ports(pipeline, trigger)
    if trigger.network is not None:
        trigger.network.save(folder / "network.keras")
    write_emulator(program, folder / "emulator", ports)
    strategy = request.target.hls_strategy
    write_hls(trigger, folder / "hls", clock_ns=request.clock_ns, part=part, strategy=strategy)
    expected = trigger.decisions(vectors.integers)
    golden = Golden(vectors.integers, expected, _some(vectors))
    write_hls_vectors(folder / "hls", golden.inputs[golden.as_text], expected[golden.as_text])
    (folder / "golden").mkdir()
    write_golden(folder / "golden", golden, ports)
    write_testbench(
        folder / "golden",
        ports,
        n_events=len(golden.as_text),
        clock_ns=request.clock_ns,
        sources="../rtl/src",
    )
    estimate = {"luts": pipeline.luts, "flip_flops": pipeline.flip_flops}
    _write_json(
        folder / "design.json",
        {**about, "trigger": about_trigger(trigger), "ports": about_ports(ports), "estimate": estimate},
    )
    return Design(folder)


def _ports(pipeline: Pipeline, trigger: Trigger) -> Ports:
    """From the stages, because the compiler leaves out wires that nothing looks at."""
    inputs, outputs = formats_of(pipeline.stages[0].inp_kifs), formats_of(pipeline.stages[-1].out_kifs)
    if outputs[0].fraction != trigger.fraction:
        raise FirmwareError(
            f"The compiler gives the score another format. Expected: {trigger.fraction} bits after the binary point. "
            f"Received: {outputs[0].fraction}."
        )
    return Ports(inputs, outputs, pipeline.latency)


def _some(vectors: Vectors) -> Int64[np.ndarray, " some"]:
    """The first vectors of each origin."""
    starts = np.cumsum([0, *vectors.origins.values()])[:-1]
    return np.concatenate(
        [
            start + np.arange(min(count, _AS_TEXT))
            for start, count in zip(starts, vectors.origins.values(), strict=True)
        ]
    )


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2))


def _with_threshold(
    trigger: Trigger, integers: Mapping[str, Integers], request: Request
) -> tuple[Trigger, OperatingPoint, dict[str, dict[str, float]]]:
    """The trigger with the integer threshold of the asked rate, and the share of each signal that passes it."""
    scores = {name: trigger.scores(x).astype(np.float64) for name, x in integers.items()}
    background, *signals = scores
    point = threshold_at_rate(
        scores[background], rate_hz=request.target.rate_hz, input_rate_hz=request.input_rate_hz, tail=True
    )
    whole = replace(point, threshold=float(np.floor(point.threshold)))
    efficiencies = {name: asdict(signal_efficiency(whole, scores[name])) for name in signals}
    return replace(trigger, threshold=int(whole.threshold)), whole, efficiencies
