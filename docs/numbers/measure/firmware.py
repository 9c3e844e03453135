"""LUTs against signal efficiency: uniform bits, learned bits, pruning and students of one trigger, on a million background events.

    python docs/numbers/measure/firmware.py RESULT SAMPLES 1000000 60000

All networks descend from one float detector, the VAE of recipe l1-vae-trigger, and see the same events; the efficiency is that of
the integer score. LUTs are Yosys' for UltraScale+, beside the compiler's estimate. Rows that the result holds are not made again.
"""

import json
import sys
import tempfile
from dataclasses import astuple, replace
from pathlib import Path

from offshell import recipe
from offshell.compress.compression import compressed
from offshell.compress.cost import cost, total
from offshell.evaluate import auc
from offshell.evaluate.rates.efficiencies import efficiencies_at_rates
from offshell.evaluate.rates.thresholds import threshold_at_rate
from offshell.evaluate.scores import score
from offshell.firmware import trigger_of
from offshell.firmware.resources.synthesis import synthesize
from offshell.firmware.rtl import compiler
from offshell.inputs.prepare import prepare
from offshell.run.learning.trainings import trained
from offshell.samples.samples import samples_of

RECIPE = "l1-vae-trigger"
N_SIGNAL = 20_000
RATES_HZ = {"1 kHz": 1e3, "10 kHz": 1e4}
CLOCK_NS = 5.0
LEARNED = ["compress.epochs=100"]
UNIFORM = 'compress.widths={{kind = "uniform", bits = {}}}'
STUDENT = [*LEARNED, "compress.student.score=mse"]
ROWS = {
    "uniform 8 bit": [UNIFORM.format(8), "compress.epochs=30"],
    "uniform 6 bit": [UNIFORM.format(6), "compress.epochs=30"],
    "uniform 8 bit, 75 % pruned": [
        UNIFORM.format(8),
        *("compress.epochs=40", "compress.sparsity=0.75", "compress.ramp=15"),
    ],
    **{f"HGQ {n}": [*LEARNED, f"compress.widths.ebops={n}"] for n in (2000, 3500, 5000, 8000, 14000)},
    **{
        f"HGQ {n}, 50 % pruned": [*LEARNED, "compress.sparsity=0.5", f"compress.widths.ebops={n}"]
        for n in (3500, 8000)
    },
    **{f"student 16-8, HGQ {n}": [*STUDENT, f"compress.widths.ebops={n}"] for n in (2000, 4000, 8000)},
}


def main(result, folder, n_test, n_train):
    result = Path(result)
    found = json.loads(result.read_text()) if result.exists() else {}
    sizes = [f"samples.n_test={n_test}", f"samples.n_train={n_train}", f"samples.n_signal={N_SIGNAL}"]
    settings = recipe.load(RECIPE, changes=sizes)
    background, *signals = samples_of(settings.samples, Path(folder), seed=settings.seed)
    prepared = lambda events: prepare(events, settings.inputs)
    x = prepared(background.read(int(n_test), int(n_test) + int(n_train)))
    events = {background.name: prepared(background.read(0, int(n_test)))}
    events |= {signal.name: prepared(signal.read(0, N_SIGNAL)) for signal in signals}
    detector, _ = trained(settings, x)
    for title, changes in {"float": [], **ROWS}.items():
        if title in found:
            continue
        wanted = recipe.load(RECIPE, changes=[*sizes, *changes])
        row = in_float(detector, events) if title == "float" else in_firmware(wanted, detector, x, events)
        found[title] = row
        result.write_text(json.dumps(found, indent=1) + "\n")
        print(title, {key: row.get(key) for key in ("ebops", "luts", "estimate", "latency")}, flush=True)
        print(
            "   ",
            {signal: row["auc"][signal][0] for signal in row["auc"]},
            row["efficiency"]["1 kHz"],
            flush=True,
        )


def in_float(detector, events):
    scores = {name: score(detector, x) for name, x in events.items()}
    return {
        **measured({name: found["mu2"] for name, found in scores.items()}),
        "mse": measured({name: found["mse"] for name, found in scores.items()}),
    }


def in_firmware(settings, detector, x, events):
    small = compressed(settings, detector, x, score="mse").model
    term = "student" if settings.compress.student else "mu2"
    trigger = trigger_of(small, term, settings.inputs, x)
    scores = {name: trigger.scores(trigger.integers(part)) for name, part in events.items()}
    point = threshold_at_rate(next(iter(scores.values())).astype(float), rate_hz=1e3)
    trigger = replace(trigger, threshold=int(point.threshold))
    with tempfile.TemporaryDirectory() as folder:
        pipeline = compiler.write_rtl(
            compiler.trace(trigger), Path(folder) / "rtl", clock_ns=CLOCK_NS, part="xcvu13p"
        )
        taken = synthesize(pipeline.sources, top=compiler.TOP, folder=Path(folder))
    priced = total(cost(trigger.network))
    return {
        **measured({name: found.astype(float) for name, found in scores.items()}),
        "ebops": priced.ebops,
        "sparsity": priced.sparsity,
        "energy": priced.energy,
        "luts": taken.luts,
        "flip_flops": taken.flip_flops,
        "dsps": taken.dsps,
        "estimate": pipeline.luts,
        "latency": pipeline.latency,
    }


def measured(scores):
    """AUC, and efficiency at each rate, of each signal, `[value, low, high]`."""
    background, *signals = scores
    of = {name: {"score": scores[name]} for name in signals}
    efficiencies = efficiencies_at_rates({"score": scores[background]}, of, rates_hz=RATES_HZ)
    return {
        "auc": {name: list(astuple(auc(scores[background], scores[name]))) for name in signals},
        "efficiency": {
            rate: {name: [by["score"][name][key] for key in ("value", "low", "high")] for name in signals}
            for rate, by in efficiencies.items()
        },
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
