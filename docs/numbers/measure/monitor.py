"""How well a fixed and an adaptive threshold hold a rate while pile-up or the energy scale drift.

    python docs/numbers/measure/monitor.py RESULT BACKGROUND.h5 FIGURE

BACKGROUND.h5 holds events of one detector with their number of vertices: `Particles` (n, 19, 4) and `extra/n_vertices`.
Half of them train an autoencoder, the other half are drawn with replacement into lumi blocks, so that the scores of one
block are those of the same detector at the pile-up, or with the energy scale, of its time. About a minute.
"""

import json
import sys
from functools import lru_cache
from pathlib import Path

import h5py
import numpy as np
from scipy.stats import poisson

import offshell
from offshell import recipe
from offshell.inputs.objects import features
from offshell.inputs.shifts import scaled_pt
from offshell.models import Observables
from offshell.models.build import build
from offshell.monitor.blocks import Block, watch
from offshell.monitor.files import share_within
from offshell.plots.rate_history import rate_history

RATES = {"rate_hz": 1000.0, "input_rate_hz": 100_000.0}  # 1 kHz of what the level-1 trigger gives today
N_BLOCKS, EVENTS_PER_BLOCK, QUIET = 300, 20_000, 60
N_REFERENCE = 200_000
PILEUP = 20.0  # mean of the sample
AMPLITUDES = {"pile-up": (0.0, -0.25, 0.25), "energy scale": (-0.02, 0.02, 0.05)}
SHOWN = ("autoencoder", "pile-up", 0.25)


def main(result, background, figure):
    with h5py.File(background) as file:
        events, n_vertices = file["Particles"][()], file["extra/n_vertices"][()]
    half = len(events) // 2
    detectors = {"autoencoder": (trained(features(events[:half])), "mse"), "HT": (Observables(), "ht")}
    found = {}
    for name, (model, term) in detectors.items():
        study = Study(events[half:], n_vertices[half:], lambda x, m=model, t=term: offshell.score(m, x)[t])
        for drift, amplitudes in AMPLITUDES.items():
            for amplitude in amplitudes:
                statuses = study.watched(drift, amplitude)
                found[f"{drift} {amplitude:+.0%}, {name}"] = summary(statuses)
                if (name, drift, amplitude) == SHOWN:
                    rate_history(statuses, rate_hz=RATES["rate_hz"]).savefig(figure, dpi=120)
    Path(result).write_text(json.dumps(found, indent=2) + "\n")


def trained(x):
    """The network of the recipe l1-ae, longer because there are few events, and not pruned."""
    model = build(recipe.load("l1-ae").model, x.shape[1:], seed=1)
    offshell.fit(model, x, epochs=60, batch_size=128, seed=1)
    return model


class Study:
    """Blocks that drift after a quiet time: a ramp to the full amplitude, and from there on constant."""

    def __init__(self, events, n_vertices, score):
        self.n_pileup = n_vertices - 1
        self.rng = np.random.default_rng(2)
        self.scores = lru_cache(None)(lambda scale: score(features(scaled_pt(events, scale))))

    def watched(self, drift, amplitude):
        return list(watch(self.blocks(drift, amplitude), self.drawn(N_REFERENCE), **RATES))

    def blocks(self, drift, amplitude):
        ramp = np.clip((np.arange(N_BLOCKS) - QUIET) / QUIET, 0, 1)
        for lumi, size in enumerate(amplitude * ramp):
            moved = {"mean": PILEUP * (1 + size)} if drift == "pile-up" else {"scale": 1 + size}
            yield Block(1, lumi, self.drawn(EVENTS_PER_BLOCK, **moved))

    def drawn(self, n_events, *, mean=PILEUP, scale=1.0):
        """Scores of events as they come at a mean pile-up: weighted with the ratio of two Poisson probabilities."""
        weights = poisson.pmf(self.n_pileup, mean) / poisson.pmf(self.n_pileup, PILEUP)
        return self.rng.choice(self.scores(scale), n_events, p=weights / weights.sum())


def summary(statuses):
    late = statuses[2 * QUIET :]
    alarms = {}
    for status in statuses:
        for drift, (_, since) in status.alarms.items():
            alarms.setdefault(drift, {"raised": status.lumi, "since": since})
    return {
        kind: {
            "mean_rate_hz": float(np.mean([getattr(status, kind).rate_hz for status in late])),
            "within_25_percent": share_within(
                [getattr(status, kind) for status in statuses[QUIET:]], rate_hz=RATES["rate_hz"]
            ),
        }
        for kind in ("fixed", "adaptive")
    } | {"alarms": alarms}


if __name__ == "__main__":
    main(*sys.argv[1:])
