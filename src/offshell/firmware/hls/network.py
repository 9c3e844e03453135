"""The only place that knows hls4ml: from a quantized network to C++ for the HLS compilers of AMD.

hls4ml (fastmachinelearning, Apache 2.0, arXiv:1804.06913) reads HGQ2 layers bit by bit: it derives the type of every number
from their quantizers, so that nothing is lost or left to choose. Its distributed arithmetic is that of da4ml (arXiv:2507.04535).
"""

import contextlib
import io
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeAlias

import keras

from offshell.errors import FirmwareError, InputError, from_extra
from offshell.firmware.hls.relu import plain_relus
from offshell.firmware.trigger.fixed import Fixed

with from_extra("firmware", needed="An HLS project needs hls4ml"):
    import hls4ml

__all__ = ["Backend", "Lanes", "Strategy", "Target", "write_arithmetic", "write_network"]

Backend: TypeAlias = Literal["Vitis", "Vivado"]
Strategy: TypeAlias = Literal["latency", "distributed_arithmetic"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a project is written for.

    Attributes:
        clock_ns: Period of the clock.
        part: The device, by the vendor's name.
        strategy: `"latency"` multiplies, `"distributed_arithmetic"` shifts and adds (needs da4ml).
        backend: The compiler, Vitis HLS or Vivado HLS.
    """

    clock_ns: float
    part: str
    strategy: Strategy
    backend: Backend


@dataclass(frozen=True)
class Lanes:
    """An array that goes in or out of the function `network`.

    Attributes:
        type_name: Of its elements in C++.
        size: Number of elements.
        form: What the type can hold.
    """

    type_name: str
    size: int
    form: Fixed


def write_network(network: keras.Model, folder: Path, target: Target) -> tuple[Lanes, tuple[Lanes, ...]]:
    """Writes the function `network` with its weights and hls4ml's headers, for a new event every clock.

    Args:
        network: a functional model of HGQ2 layers with one input.
        folder: a folder for `network.cpp`, `network.h` and what they include; made if needed.
        target: what it is written for.

    Returns:
        The input of the function and its outputs, in the order of those of the model.

    Raises:
        InputError: if distributed arithmetic is asked for and da4ml is not installed.
        FirmwareError: if hls4ml cannot convert the network.
    """
    if target.strategy == "distributed_arithmetic":
        _check_da4ml()
    with tempfile.TemporaryDirectory() as temporary, _quiet():
        graph = _written(network, temporary, target)
        unwanted = shutil.ignore_patterns("ap_types")
        shutil.copytree(Path(temporary) / "firmware", folder, dirs_exist_ok=True, ignore=unwanted)
    (given,) = graph.get_input_variables()
    return _lanes(given), tuple(_lanes(found) for found in graph.get_output_variables())


def write_arithmetic(folder: Path) -> None:
    """Writes the headers of integer and fixed-point types, with which any C++ compiler computes as the HLS compilers do.

    Args:
        folder: a folder for them; made if needed. Their source is the one that hls4ml ships
            (github.com/Xilinx/HLS_arbitrary_Precision_Types, Apache 2.0).
    """
    headers = Path(hls4ml.__file__).parent / "templates" / "vivado" / "ap_types"
    shutil.copytree(headers, folder, dirs_exist_ok=True)


def _check_da4ml() -> None:
    if find_spec("da4ml") is None:
        raise InputError(
            "hls4ml's distributed arithmetic needs da4ml. Expected: pip install 'offshell[firmware]'. "
            "Received: no module da4ml."
        )


def _written(network: keras.Model, folder: str, target: Target) -> Any:  # noqa: ANN401 - hls4ml has no types
    """The graph that hls4ml makes of a network, after it has written its own project."""
    try:
        graph = _converted(network, folder, target)
        graph.write()
    except Exception as error:  # hls4ml raises all kinds, bare ones too
        raise FirmwareError(
            f"hls4ml cannot convert the network {network.name}. Expected: HGQ2 layers that it knows. "
            f"Received: {type(error).__name__}: {' '.join(str(error).split())}"
        ) from error
    return graph


def _converted(network: keras.Model, folder: str, target: Target) -> Any:  # noqa: ANN401 - hls4ml has no types
    # The precision is asked for but not used: every type follows from the quantizers.
    settings = {"Precision": "ap_fixed<16,6>", "ReuseFactor": 1, "Strategy": target.strategy}
    return hls4ml.converters.convert_from_keras_model(
        plain_relus(network),
        output_dir=folder,
        project_name="network",
        backend=target.backend,
        part=target.part,
        clock_period=target.clock_ns,
        io_type="io_parallel",
        hls_config={"Model": settings},
        bit_exact=True,
        allow_da_fallback=False,
        # The weights stand in the code: what is simulated is what is synthesized.
        write_weights_txt=False,
    )


def _lanes(variable: Any) -> Lanes:  # noqa: ANN401 - hls4ml has no types
    precision = variable.type.precision
    signed, integer = bool(precision.signed), int(precision.integer)
    form = Fixed(signed=signed, integer=integer - signed, fraction=int(precision.width) - integer)
    return Lanes(variable.type.name, int(variable.size()), form)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """hls4ml prints, and it warns where the proof decides."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
