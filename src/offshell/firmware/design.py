"""A design on disk: one versioned folder with everything that makes a trigger, and that proves it."""

import json
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from offshell.errors import InputError
from offshell.firmware.rtl.compiler import Program
from offshell.firmware.rtl.compiler import load as load_program
from offshell.firmware.trigger import scores
from offshell.firmware.trigger.definition import Shift, Trigger
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.golden import Golden, read_golden
from offshell.firmware.trigger.ports import Ports
from offshell.models.saved import load_network

__all__ = ["LAYERS", "PROGRAM", "VERSION", "Design", "about_ports", "about_trigger"]

VERSION = 1
_NEEDED = {"trigger", "ports", "score", "clock_mhz", "operating_point", "estimate"}
PROGRAM, LAYERS = "program.json.gz", "layers.json.gz"


class Design:
    """A folder that `offshell firmware` wrote.

    It holds `design.json` (inputs, scaling, score, threshold with its rate, ports, provenance), `network.keras`,
    `program.json.gz` (the integer arithmetic), `layers.json.gz` (the same up to each layer), `golden/` (vectors and a self-checking test bench), `rtl/`, `rtl-vhdl/`, `hls/`,
    `emulator/`, `reports/` and a `README.md`.

    Args:
        folder: where it is.

    Raises:
        InputError: if there is no design, or one of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about = _read(folder / "design.json")

    @cached_property
    def trigger(self) -> Trigger:
        """What it computes."""
        about = self.about["trigger"]
        score = _score(about["score"])
        return Trigger(
            formats=tuple(Fixed(*found) for found in about["formats"]),
            shape=tuple(about["shape"]),
            scaling=_shift(about["scaling"]),
            network=None
            if isinstance(score, scores.ScalarSum)
            else load_network(self.folder / "network.keras"),
            score=score,
            fraction=about["fraction"],
            threshold=about["threshold"],
        )

    @cached_property
    def program(self) -> Program:
        """The integer arithmetic from inputs to score and bit."""
        return load_program(self.folder / PROGRAM)

    @cached_property
    def layers(self) -> Program:
        """The integer arithmetic from inputs to the results of every layer."""
        return load_program(self.folder / LAYERS)

    @cached_property
    def ports(self) -> Ports:
        """The wires of the RTL."""
        about = self.about["ports"]
        inputs, outputs = (tuple(Fixed(*found) for found in about[side]) for side in ("inputs", "outputs"))
        return Ports(inputs, outputs, about["latency"])

    @cached_property
    def resources(self) -> dict[str, Any]:
        """What was measured of it."""
        return self._report("resources.json")

    @cached_property
    def proof(self) -> dict[str, Any]:
        """Which vectors agreed when it was made."""
        return self._report("proof.json")

    @cached_property
    def golden(self) -> Golden:
        """The vectors that it was proven with."""
        return read_golden(self.folder / "golden", self.ports)

    @property
    def sources(self) -> list[Path]:
        """The Verilog files."""
        return sorted((self.folder / "rtl" / "src").rglob("*.v"))

    def _report(self, name: str) -> dict[str, Any]:
        path = self.folder / "reports" / name
        try:
            report: dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise InputError(
                f"Cannot read {path}. Expected: a report of offshell. Received: {error}."
            ) from None
        return report


def about_trigger(trigger: Trigger) -> dict[str, Any]:
    """A trigger but for its network, ready for JSON; `Design.trigger` makes it again."""
    scaling = trigger.scaling
    return {
        "formats": [_written(form) for form in trigger.formats],
        "shape": list(trigger.shape),
        "scaling": scaling
        and {
            "offsets": scaling.offsets.tolist(),
            "shifts": scaling.shifts.tolist(),
            "group": scaling.group,
        },
        "score": {"kind": type(trigger.score).__name__, **asdict(trigger.score)},
        "fraction": trigger.fraction,
        "threshold": trigger.threshold,
    }


def about_ports(ports: Ports) -> dict[str, Any]:
    """Ports, ready for JSON."""
    return {
        "inputs": [_written(form) for form in ports.inputs],
        "outputs": [_written(form) for form in ports.outputs],
        "latency": ports.latency,
    }


def _written(form: Fixed) -> list[int]:
    return [int(form.signed), form.integer, form.fraction]


def _read(path: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path.parent} holds no design. Expected: the folder that offshell firmware wrote. Received: {error}."
        ) from None
    if about.get("version") != VERSION:
        raise InputError(
            f"{path} is of another version. Expected: {VERSION}. Received: {about.get('version')}."
        )
    if missing := _NEEDED - about.keys():
        raise InputError(f"{path} is damaged. Expected: a table {min(missing)} in it. Received: none.")
    return about


def _shift(about: dict[str, Any] | None) -> Shift | None:
    if about is None:
        return None
    return Shift(np.array(about["offsets"]), np.array(about["shifts"]), about["group"])


def _score(about: dict[str, Any]) -> scores.Score:
    kinds = {kind.__name__: kind for kind in scores.Score.__subclasses__()}
    fields = {name: _field(value) for name, value in about.items() if name != "kind"}
    score: scores.Score = kinds[about["kind"]](**fields)
    return score


def _field(value: Any) -> Any:  # noqa: ANN401 - whatever a score has
    return Fixed(**value) if isinstance(value, dict) else tuple(value)
