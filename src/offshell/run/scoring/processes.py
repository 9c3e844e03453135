"""Worker processes that score files side by side."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from offshell.errors import InputError

__all__ = ["processes"]

_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def processes(*, workers: int | None = None) -> ProcessPoolExecutor:
    """An executor of fresh processes, each with one compute thread, so that they do not fight for the cores.

    Args:
        workers: processes; all cores by default.

    Raises:
        InputError: if there are fewer than one.
    """
    if workers is not None and workers < 1:
        raise InputError(f"Wrong number of workers. Expected: at least 1. Received: workers={workers}.")
    os.environ.update(
        _ONE_THREAD
    )  # before the new processes import JAX; this one has no further use for threads
    return ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn"))
