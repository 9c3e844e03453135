"""What a result was made with: versions, machine, seed."""

import os
import platform
from importlib import metadata

import jax

__all__ = ["environment"]

_PACKAGES = (
    "offshell",
    "keras",
    "jax",
    "numpy",
    "scipy",
    "scikit-learn",
    "fastjet",
    "awkward",
    "h5py",
    "pythia8mc",
)


def environment(*, seed: int | None) -> dict[str, str]:
    """Versions of Python and of the packages that numbers depend on, the machine and the seed, if there is one."""
    return {
        **{package: _version(package) for package in _PACKAGES},
        "python": platform.python_version(),
        "platform": platform.platform(),
        "device": jax.devices()[0].device_kind,
        "cores": str(os.cpu_count()),
        **({} if seed is None else {"seed": str(seed)}),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
