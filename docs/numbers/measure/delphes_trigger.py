"""Detectors of trigger objects on events of real Delphes, each beside what it has to be better than, on the same events.

    python docs/numbers/measure/delphes_trigger.py RESULT FOLDER

FOLDER holds `adc2021_delphes_*.h5`. Background events are split by parent, 60 % to train and 40 % to test. Recipes are taken as
they are, but for more epochs of smaller batches, because there are few events. The normalized autoencoder stands beside the same
network trained without samples, with as many epochs in all.
"""

import json
import sys
from pathlib import Path

import h5py
import numpy as np

import offshell
from offshell import evaluate, recipe
from offshell.evaluate.separation.paired import auc_difference, verdict
from offshell.evaluate.separation.paired_rates import tpr_differences
from offshell.inputs.prepare import prepare
from offshell.models.build import build
from offshell.models.seeded import seeded

SIGNALS = {"a-4l": "Ato4l", "leptoquark": "leptoquark", "h-tautau": "hToTauTau", "hch-taunu": "hChToTauNu"}
SHARES = {"1e-2": 1e-2, "1e-3": 1e-3}
SEED, EPOCHS, BATCH = 1, 60, 128


def main(result, folder):
    train, samples, parents = events(Path(folder))
    scores = {name: scores_of(recipe.load(name), train, samples) for name in RECIPES}
    scores["l1-nae without samples"] = scores_of(recipe.load("l1-nae"), train, samples, loss="mse")
    found = {
        name: compared(scores[reference], scores[name], parents) | {"reference": reference}
        for name, reference in REFERENCES.items()
    }
    Path(result).write_text(json.dumps(found, indent=1) + "\n")


RECIPES = ("l1-nae", "l1-svdd", "l1-vicreg", "l1-vae", "l1-sparse", "l1-neighbors", "l1-student")
# What each detector is held against.
REFERENCES = {
    "l1-nae": "l1-nae without samples",
    "l1-svdd": "l1-sparse",
    "l1-vicreg": "l1-sparse",
    "l1-vae": "l1-sparse",
    "l1-neighbors": "l1-sparse",
    "l1-student": "l1-sparse",
}


def events(folder):
    """Training events with their parents, test events by sample, and the parents of those of the background."""
    with h5py.File(folder / "adc2021_delphes_background.h5") as file:
        x, parents = file["Particles"][()], file["extra/parent_id"][()]
    order = np.random.default_rng(SEED).permutation(np.unique(parents))
    first = np.isin(parents, order[: round(0.6 * len(order))])
    samples = {"background": x[~first]}
    for name, of in SIGNALS.items():
        with h5py.File(folder / f"adc2021_delphes_{of}.h5") as file:
            samples[name] = file["Particles"][()]
    return (x[first], parents[first]), samples, parents[~first]


def scores_of(chosen, train, samples, *, loss=None):
    """Of a recipe by sample; with another loss, that also chooses the best epoch and the score is its only term."""
    x, parents = train
    told = chosen.train.model_dump(exclude={"ensemble", "sparsity", "loss", "epochs", "batch_size"})
    seen = prepare(x, chosen.inputs)
    model = build(chosen.model, seen.shape[1:], seed=SEED)
    told |= {"epochs": EPOCHS, "batch_size": BATCH, "groups": parents}
    fit(model, seen, loss=loss or chosen.train.loss, compared_by_loss=bool(loss), **told)
    found = {
        name: offshell.score(model, prepare(of, chosen.inputs), batch_size=512)
        for name, of in samples.items()
    }
    term = loss or chosen.score_among(found["background"])
    return {name: np.asarray(of[term], np.float64) for name, of in found.items()}


def fit(model, x, *, compared_by_loss, **options):
    if compared_by_loss:
        model.validated_by = None
    with seeded(SEED):
        offshell.fit(model, x, seed=SEED, progress=False, **options)


def compared(reference, scores, parents):
    """Areas, efficiencies and what they gain on the reference, by signal."""
    ordinary, *signals = scores
    pair = reference[ordinary], scores[ordinary]
    pairs = {name: (reference[name], scores[name]) for name in signals}
    rates = tpr_differences(pair, pairs, SHARES, background_groups=parents)
    return {
        "signals": {
            name: {
                "auc": measured(evaluate.auc(pair[1], scores[name])),
                "auc gain": gained(auc_difference(pair, pairs[name], background_groups=parents)),
                "tpr": {
                    key: measured(evaluate.tpr_at_fpr(pair[1], scores[name], share))
                    for key, share in SHARES.items()
                },
                "tpr gain": {key: gained(rates[name][key]) for key in SHARES},
            }
            for name in signals
        }
    }


def measured(number):
    return [number.value, number.low, number.high]


def gained(difference):
    return [difference.value, difference.low, difference.high, verdict(difference)]


if __name__ == "__main__":
    main(*sys.argv[1:])
