"""What a likelihood says of jets and what it does not: coordinates, complexity, and padding that is taken for data.

    python docs/numbers/measure/likelihood.py RESULT SAMPLES

Trains an affine flow, which takes a quarter of the time of a spline flow, on QCD jets and on as many top jets, and on QCD jets
once more with padding as if it were particles. About two minutes of one core, and what it takes to simulate jets that are
not in the folder of samples.
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

import offshell
from offshell import evaluate
from offshell.evaluate.generation.cloud_features import cloud_features
from offshell.evaluate.separation.all_signals import with_all_signals
from offshell.inputs import clouds
from offshell.models.densities.flows.cloud_flow import CloudFlow
from offshell.models.densities.flows.flow import Flow
from offshell.models.scaling.clouds import StandardizeClouds
from offshell.samples.samples import samples_of
from offshell.samples.settings import JetSamples

import keras  # isort: skip - Offshell chooses the backend

N_TEST, N_SIGNAL, N_TRAIN = 10_000, 3_000, 13_000
SIGNALS = ["top", "w", "z"]
RATES = {"1e-1": 1e-1, "1e-2": 1e-2, "1e-3": 1e-3}
SEED = 1
FLOW = {"transform": "affine", "layers": 8, "hidden": (64, 64), "seed": SEED}
TRAINING = {
    "epochs": 15,
    "batch_size": 128,
    "learning_rate": 2e-3,
    "plateau": 2,
    "seed": SEED,
    "progress": False,
}
TERMS = ("nll", "nll + multiplicity", "multiplicity", "nll_per_particle", "z2")
MOST_ANOMALOUS = 0.01


def main(result, folder):
    samples = samples_of(JetSamples(background="qcd", signals=SIGNALS), Path(folder), seed=1)
    n_jets = {name: N_TEST + N_TRAIN if name in ("qcd", "top") else N_SIGNAL for name in ("qcd", *SIGNALS)}
    jets = {sample.name: clouds.relative(sample.read(0, n_jets[sample.name])) for sample in samples}
    n_test = {name: N_SIGNAL if name in SIGNALS else N_TEST for name in jets}
    test = {name: x[: n_test[name]] for name, x in jets.items()}
    found = {"padding": padding(jets["qcd"][N_TEST:][:N_TRAIN], test)}
    for background, signals in (("qcd", SIGNALS), ("top", ["qcd"])):
        flow, history = trained(jets[background][n_test[background] :][:N_TRAIN])
        found[background] = {
            "val_nll": history["val_loss"],
            **study(flow, {name: test[name] for name in (background, *signals)}),
        }
        Path(result).write_text(json.dumps(found, indent=2) + "\n")


def trained(x):
    keras.utils.set_random_seed(SEED)
    model = CloudFlow(shape=x.shape[1:], **FLOW)
    return model, offshell.fit(model, x, **TRAINING)


def study(flow, test):
    """All about one flow; the first sample is its background."""
    background = next(iter(test.values()))
    scores = {name: offshell.score(flow, x) for name, x in test.items()}
    plain = {name: {term: score[term] for term in TERMS} for name, score in scores.items()}
    moved = {name: in_coordinates(flow, test[name], score["nll"]) for name, score in scores.items()}
    return {
        "scores": detection(plain),
        "correlations": correlations(next(iter(plain.values())), background),
        "coordinates": detection(moved),
        "most_anomalous_in_common": in_common(next(iter(moved.values()))),
    }


def detection(scores):
    """AUC and true positive rates of each signal, with intervals; all signals together where there are several."""
    samples = with_all_signals(scores) if len(scores) > 2 else scores  # noqa: PLR2004 - background and one signal
    (_, background), *signals = samples.items()
    return {
        name: {signal: numbers(background[name], of[name]) for signal, of in signals} for name in background
    }


def numbers(background, signal):
    area = evaluate.auc(background, signal)
    rates = {key: evaluate.tpr_at_fpr(background, signal, rate) for key, rate in RATES.items()}
    return {
        "auc": [area.value, area.low, area.high],
        "tpr": {key: [rate.value, rate.low, rate.high] for key, rate in rates.items()},
    }


def in_coordinates(flow, x, nll):
    """The same density in other coordinates: no training, only the logarithm of the change of volume."""
    n_particles = x[..., 3].sum(axis=1)
    eta, _, pt = np.moveaxis(np.where(x[..., 3:] > 0, x[..., :3], [0, 0, 1]), -1, 0).astype(float)
    log_pt = np.log(pt).sum(axis=1)
    radians = nll + n_particles * np.log(np.asarray(flow.scaling.width, float)).sum()
    return {
        "standardized eta, phi, log pt": nll,
        "eta, phi, log pt": radians,
        "eta, phi [degrees], log pt": radians + 2 * n_particles * np.log(180 / np.pi),
        "eta, phi, pt": radians + log_pt,
        "px, py, pz": radians + 3 * log_pt + np.log(np.cosh(eta)).sum(axis=1),
    }


def in_common(scores):
    """The share of the most anomalous jets of the background that are so in the coordinates of training too."""
    first, *_ = tops = [
        set(np.argsort(-score)[: round(MOST_ANOMALOUS * len(score))]) for score in scores.values()
    ]
    return {name: len(first & top) / len(first) for name, top in zip(scores, tops, strict=True)}


def correlations(scores, x):
    """Rank correlations of scores with what a jet is like."""
    features = cloud_features(x)
    return {
        term: {name: spearmanr(score, features[name][:, 0]).statistic for name in ("n_particles", "mass")}
        for term, score in scores.items()
    }


class Unguarded(Flow):
    """A flow that takes padding for data, which `Flow` refuses."""

    def adapt(self, x):
        pass


def padding(x, test):
    """The density of padded particles grows for as long as there is training, and with it how the score counts them."""
    scaling = StandardizeClouds()
    scaling.adapt(x)
    flat = {name: np.asarray(scaling(jets))[..., :3].reshape(len(jets), -1) for name, jets in test.items()}
    keras.utils.set_random_seed(SEED)
    model = Unguarded(shape=flat["qcd"].shape[1:], **FLOW)
    training = np.asarray(scaling(x))[..., :3].reshape(len(x), -1)
    history = offshell.fit(model, training, **TRAINING)
    scores = {name: {"nll": offshell.score(model, z)["nll"]} for name, z in flat.items()}
    return {
        "val_nll": history["val_loss"],
        "scores": detection(scores),
        "correlations": correlations(scores["qcd"], test["qcd"]),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
