"""The compiler's estimate of LUTs and registers against Yosys, over designs of every kind.

    python docs/numbers/measure/firmware_estimates.py RESULT

A quarter of an hour on one core. Networks have random weights, but for those with learned widths, which are trained: what
is compared is the compiler's count of a design with Yosys' count of the same design, not what it is good for. Designs
that the result already holds are not made again.
"""

import json
import sys
import tempfile
import time
from itertools import starmap
from pathlib import Path

import numpy as np

import offshell
from offshell import models, settings
from offshell.compress.quantize import Learned, Margin, Uniform, quantize, quantized_network
from offshell.compress.widths import chosen, learn_widths
from offshell.firmware.detectors import trigger_of
from offshell.firmware.resources.synthesis import synthesize
from offshell.firmware.rtl import compiler
from offshell.firmware.tools import versions
from offshell.firmware.trigger.definition import Trigger
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import SquaredNorm
from offshell.inputs.hardware import SCALES
from offshell.models import networks
from offshell.models.build import build
from offshell.train.pruning import prune

PART = "xcvu13p-flga2577-2-e"
INPUTS = settings.Objects(units="hardware")
N_EVENTS = 20_000

# (kind, hidden layers, size), score, bits, share of weights pruned
UNIFORM = (
    (("vae", (16,), 3), "mu2", 4, 0.0),
    (("vae", (16,), 3), "mu2", 8, 0.5),
    (("vae", (16, 8), 3), "mu2", 3, 0.0),
    (("vae", (16, 8), 3), "mu2", 6, 0.0),
    (("vae", (32, 16), 3), "mu2", 3, 0.0),
    (("vae", (32, 16), 3), "mu2", 4, 0.0),
    (("vae", (32, 16), 3), "mu2", 4, 0.5),
    (("vae", (32, 16), 3), "mu2", 6, 0.75),
    (("vae", (32, 16), 3), "mu2", 8, 0.75),
    (("vae", (32, 16), 8), "mu2", 4, 0.5),
    (("vae", (64, 32), 3), "mu2", 4, 0.75),
    (("autoencoder", (16,), 3), "mse", 4, 0.0),
    (("autoencoder", (16,), 3), "mse", 6, 0.5),
    (("autoencoder", (32, 16), 3), "mse", 4, 0.5),
    (("autoencoder", (32, 16), 3), "mse", 6, 0.75),
)
# (kind, hidden layers, size), score, EBOPs at most
LEARNED = (
    (("vae", (32, 16), 3), "mu2", 10_000),
    (("vae", (32, 16), 3), "kl_gaussian", 10_000),
)
# filters, bits, share of weights pruned; on images of 8x8 pixels
CONVOLUTIONS = (((2,), 4, 0.0), ((2, 2), 4, 0.0), ((4,), 6, 0.5))


def main(result):
    result = Path(result)
    designs = json.loads(result.read_text())["designs"] if result.exists() else {}
    for name, trigger in triggers():
        if name not in designs:
            designs[name] = counted(trigger())
            print(name, designs[name], flush=True)
            found = {"versions": versions(), "band": band(designs), "designs": designs}
            result.write_text(json.dumps(found, indent=1) + "\n")
    print(band(designs))


def triggers():
    """Names of designs and what makes each of them."""
    for case in UNIFORM:
        network, score, bits, pruned = case
        yield f"{named(network)} {score}, {bits} bit, {pruned:.0%} pruned", make(uniform, case)
    for case in LEARNED:
        network, score, ebops = case
        yield f"{named(network)} {score}, learned, at most {ebops} EBOPs", make(learned, case)
    for case in CONVOLUTIONS:
        filters, bits, pruned = case
        yield f"convolutions {filters} mu2, {bits} bit, {pruned:.0%} pruned", make(convolutions, case)


def make(function, case):
    return lambda: function(*case)


def named(network):
    kind, hidden, size = network
    return f"{kind} {'-'.join(map(str, (57, *hidden, size)))}"


def uniform(network, score, bits, pruned):
    x = events(N_EVENTS)
    detector = quantize(fresh(network, x), Uniform(bits), x)
    thin(detector, pruned)
    return trigger_of(detector, score, INPUTS, x)


def learned(network, score, ebops):
    x = events(N_EVENTS)
    detector = fresh(network, x)
    loss = "mse + 0.1 * kl_gaussian"
    offshell.fit(detector, x, loss=loss, epochs=5, batch_size=1024, learning_rate=1e-2, progress=False)
    detector = quantize(detector, Learned(6), x)
    points = learn_widths(detector, x, loss=loss, beta=(1e-6, 1.0), epochs=50, progress=False)
    chosen(points, ebops=ebops).install(detector)
    return trigger_of(detector, score, INPUTS, x)


def convolutions(filters, bits, pruned):
    images = np.random.default_rng(1).random((2000, 8, 8, 1), np.float32)
    encoder = quantized_network(
        networks.conv_encoder((8, 8, 1), filters=filters, size=3),
        Uniform(bits),
        images,
        margin=Margin(integer=1, fraction=0),
    )
    thin(encoder, pruned)
    pixel = Fixed(signed=False, integer=0, fraction=8)
    return Trigger((pixel,) * 64, (8, 8, 1), None, encoder, SquaredNorm(), fraction=12, threshold=4096)


def fresh(network, x):
    kind, hidden, size = network
    table = {"vae": models.VAESettings, "autoencoder": models.AutoencoderSettings}[kind]
    dense = networks.DenseSettings(hidden=list(hidden))
    detector = build(table(kind=kind, size=size, scaling="power-of-two", network=dense), (57,), seed=1)
    detector.adapt(x)
    return detector


def thin(network, share):
    if share:
        prune(network, fraction=share)


def events(n_events):
    """Trigger objects in hardware units, ordered by pt, a third of them missing."""
    rng = np.random.default_rng(1)
    return np.concatenate(list(starmap(objects, ((rng, n_events, scale) for scale in SCALES))), axis=1)


def objects(rng, n_events, scale):
    shape = (n_events, scale.rows.stop - scale.rows.start)
    pt = np.minimum(np.sort(rng.exponential(80, shape), axis=1)[:, ::-1] + 1, 2**scale.pt_bits - 1)
    eta = rng.integers(-(2 ** (scale.eta_bits - 2)), 2 ** (scale.eta_bits - 2), shape)
    found = np.stack([np.floor(pt), eta, rng.integers(0, scale.phi_steps, shape)], axis=2)
    found[np.sort(rng.random(shape), axis=1) > 2 / 3] = 0
    return found.reshape(n_events, -1).astype(np.float32)


def counted(trigger):
    with tempfile.TemporaryDirectory() as folder:
        pipeline = compiler.write_rtl(compiler.trace(trigger), Path(folder), clock_ns=5, part=PART)
        start = time.perf_counter()
        found = synthesize(pipeline.sources, top=compiler.TOP, folder=Path(folder))
    return {
        "estimate": {"luts": round(pipeline.luts), "flip_flops": pipeline.flip_flops},
        "yosys": {
            "luts": found.luts,
            "lut_cells": found.lut_cells,
            "flip_flops": found.flip_flops,
            "dsps": found.dsps,
        },
        "clocks": pipeline.latency,
        "seconds": round(time.perf_counter() - start, 1),
    }


def band(designs):
    """Yosys over estimate: what 90 % of the designs lie between, the ends, and the middle."""
    ratios = {
        count: [design["yosys"][count] / design["estimate"][count] for design in designs.values()]
        for count in ("luts", "flip_flops")
    }
    names = ("lowest", "5 %", "median", "95 %", "highest")
    return {
        count: dict(
            zip(names, np.round(np.quantile(found, (0, 0.05, 0.5, 0.95, 1)), 3).tolist(), strict=True)
        )
        for count, found in ratios.items()
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
