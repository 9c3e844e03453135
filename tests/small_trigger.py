"""A small trigger for the tests of firmware: six inputs, two layers, a table, a score and a bit, in five stages."""

from pathlib import Path

import numpy as np
from alkaid.codegen import RTLModel
from alkaid.trace import FVArray, trace

from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.ports import Ports

THRESHOLD = 3000
CLOCK = 4
"""Delay between registers by the compiler's estimate, ns."""


def program():
    """Its arithmetic as alkaid traces it."""
    symbols = FVArray.from_kif(np.ones(6, int), np.full(6, 5), np.zeros(6, int))
    rng = np.random.default_rng(3)
    first, second = (rng.integers(-7, 8, shape).astype(float) for shape in [(6, 4), (4, 2)])
    hidden = np.maximum(symbols @ first, 0).quantize(0, 5, 0, overflow_mode="SAT")
    mean = (hidden @ second).quantize(1, 7, 0, overflow_mode="SAT")
    width = mean[:1].apply(lambda x: np.floor(64 * np.exp(-np.abs(x) / 32))).quantize(0, 7, 0)
    score = np.sum(mean * mean) + width[0]
    return trace(symbols, np.array([score, score > THRESHOLD]), keep_dead_inputs=True)


def design(folder):
    """Its Verilog and its ports."""
    model = RTLModel(program(), folder, "trigger", latency_cutoff=CLOCK, print_latency=False)
    model.write()
    ports = Ports(
        (Fixed(signed=True, integer=5, fraction=0),) * 6,
        (Fixed(signed=False, integer=15, fraction=0), Fixed(signed=False, integer=1, fraction=0)),
        latency=int(model.latency),
    )
    return sorted(Path(folder).glob("src/**/*.v")), ports


def events(n):
    """Events that reach every edge of the input format."""
    return np.random.default_rng(7).integers(-32, 32, (n, 6))


def outputs(integers):
    """What alkaid's interpreter makes of them."""
    return program().predict(integers.astype(float)).astype(np.int64)
