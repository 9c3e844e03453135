"""Loops over particles, compiled by Numba when they first run and kept for the next process where there is a place to write."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

__all__ = ["compiled"]

P = ParamSpec("P")
R = TypeVar("R")

# Sums may be taken in any order, so that several numbers are added at once; there is no NaN among them.
_FAST = frozenset({"reassoc", "contract", "nnan", "nsz"})


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, which takes what Numba understands: arrays, numbers and tuples of them."""
    options = {"error_model": "numpy", "fastmath": set(_FAST), "nogil": True}
    try:
        machine_code: Callable[P, R] = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither beside the source nor in the folder of the user can anything be written
        machine_code = numba.njit(**options)(function)
    return machine_code
