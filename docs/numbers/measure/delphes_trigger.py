"""Detectors of trigger objects on events of real Delphes, each beside what it has to be better than, on the same events.

    python docs/numbers/measure/delphes_trigger.py RESULT FOLDER

FOLDER holds `adc2021_delphes_*.h5` and `toptagging_delphes_*.h5`. Background events are split by parent, 60 % to train and 40 %
to test. Recipes are taken as they are, but for more epochs of smaller batches, because there are few events. The normalized
autoencoder stands beside the same network trained without samples, with as many epochs in all, and on jets (square roots of
16x16 pixels) both ways. The Lorentz-equivariant autoencoder is asked for the masses of the jets that it restores.
Rows that the result already holds are not made again.
"""

import json
import sys
from functools import partial
from pathlib import Path

import h5py
import numpy as np

import offshell
from offshell import evaluate, recipe, settings
from offshell.evaluate.separation.paired import auc_difference, verdict
from offshell.evaluate.separation.paired_rates import tpr_differences
from offshell.inputs.momenta import masses
from offshell.inputs.prepare import prepare
from offshell.models import NormalizedAutoencoderSettings
from offshell.models.build import build
from offshell.models.seeded import seeded
from offshell.models.terms.clouds import momenta

SIGNALS = {"a-4l": "Ato4l", "leptoquark": "leptoquark", "h-tautau": "hToTauTau", "hch-taunu": "hChToTauNu"}
SHARES = {"1e-2": 1e-2, "1e-3": 1e-3}
SEED, EPOCHS, BATCH = 1, 60, 128
N_JETS = {"qcd": (12_000, 10_000), "top": (8_000, 5_000)}  # to train, to test


def main(result, folder):
    result, folder = Path(result), Path(folder)
    found = json.loads(result.read_text()) if result.exists() else {}
    studies = {"events": trigger, "qcd": jets, "top": jets, "masses": restored_masses}
    for name, study in studies.items():
        if name not in found:
            found[name] = study(folder, name)
            result.write_text(json.dumps(found, indent=1) + "\n")
            print(name, found[name], flush=True)


def trigger(folder, _):
    """Each detector with its scores, and its differences to the first of its kind."""
    train, samples, parents = events(folder)
    scores = {name: scores_of(recipe.load(name), train, samples) for name in RECIPES}
    scores["l1-nae without samples"] = scores_of(recipe.load("l1-nae"), train, samples, loss="mse")
    return {
        name: compared(scores[reference], scores[name], parents) | {"reference": reference}
        for name, reference in REFERENCES.items()
    }


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


def compared(reference, scores, parents=None):
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


def jets(folder, background):
    """The normalized autoencoder on pixels of jets, trained on one kind and asked for the other."""
    signal = "top" if background == "qcd" else "qcd"
    inputs = settings.Images(image="plain", power=0.5)
    pixels = partial(prepare, inputs=inputs)
    n_train, n_test = N_JETS[background]
    x = flat(pixels(read(folder, background, 0, n_train)))
    samples = {
        background: flat(pixels(read(folder, background, n_train, n_train + n_test))),
        signal: flat(pixels(read(folder, signal, 0, N_JETS[signal][1]))),
    }
    table = NormalizedAutoencoderSettings(size=16, network={"kind": "dense", "hidden": [96, 48]})
    without, with_samples = (
        scores_of_pixels(table, x, samples, loss=loss) for loss in ("mse", "mse + shortfall")
    )
    return compared(without, with_samples)


def scores_of_pixels(table, x, samples, *, loss):
    model = build(table, x.shape[1:], seed=SEED)
    fit(model, x, loss=loss, compared_by_loss=loss == "mse", epochs=EPOCHS // 2, batch_size=BATCH)
    return {name: np.asarray(offshell.score(model, of)["mse"], np.float64) for name, of in samples.items()}


def flat(images):
    return images.reshape(len(images), -1)


def read(folder, kind, begin, end):
    with h5py.File(folder / f"toptagging_delphes_{kind}.h5") as file:
        return file["constituents"][begin:end]


def restored_masses(folder, _):
    """How far the masses of jets that the recipe cloud-lorentz restores are from theirs."""
    chosen = recipe.load("cloud-lorentz")
    x = prepare(read(folder, "qcd", 0, 13_000), chosen.inputs)
    train, test = x[:10_000], x[10_000:]
    model = build(chosen.model, x.shape[1:], seed=SEED)
    options = chosen.train.model_dump(exclude={"ensemble", "sparsity", "epochs"})
    fit(model, train, compared_by_loss=False, epochs=15, **options)
    restored = np.concatenate(
        [model.reconstruct(test[begin : begin + 500]) for begin in range(0, len(test), 500)]
    )
    truth, found = (jet_mass(clouds) for clouds in (test, restored))
    relative = (found - truth) / truth
    return {
        "relative error": np.quantile(relative, [0.25, 0.5, 0.75]).tolist(),
        "absolute, median": float(np.median(abs(relative))),
    }


def jet_mass(clouds):
    """Of massless particles, in units of the pT of the jet."""
    p = np.asarray(momenta(clouds), np.float64)
    return masses(np.concatenate([np.linalg.norm(p, axis=-1, keepdims=True), p], axis=-1).sum(axis=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
