"""Every trigger recipe on a million background events: AUC and efficiencies of each score for the four signals.

    python docs/numbers/measure/trigger.py RESULT SAMPLES 1000000 60000

The samples (seed 1) are simulated when they are not there: an hour or two for a million events on two
cores. Rows that the result already holds are not made again.
"""

import json
import sys
from pathlib import Path

import h5py
import numpy as np

from offshell import evaluate, recipe
from offshell.evaluate.baselines.fit import fit_baselines
from offshell.evaluate.scores import score
from offshell.evaluate.separation.comparison import FALSE_POSITIVE_RATES
from offshell.inputs.prepare import prepare
from offshell.run.learning.trainings import trained
from offshell.samples.samples import samples_of

RECIPES = [name for name in recipe.names() if name.startswith("l1-") and not name.endswith("-trigger")]
N_SIGNAL = 20_000


def main(result, folder, n_test, n_train):
    result = Path(result)
    found = json.loads(result.read_text()) if result.exists() else {}
    sizes = [f"samples.n_test={n_test}", f"samples.n_train={n_train}", f"samples.n_signal={N_SIGNAL}"]
    loaded = {name: recipe.load(name, changes=sizes) for name in RECIPES}
    samples = samples_of(loaded["l1-vae"].samples, Path(folder), seed=loaded["l1-vae"].seed)
    background, *signals = samples
    events = {background.name: background.read(0, int(n_test))}
    events |= {signal.name: signal.read(0, N_SIGNAL) for signal in signals}
    training = background.read(int(n_test), int(n_test) + int(n_train))
    parents = h5py.File(background.path)["parent"][: int(n_test)]
    for title in (*RECIPES, "baselines"):
        if title not in found:
            scores_of = detector(loaded[title], training) if title in loaded else baselines(loaded, training)
            found[title] = measured({name: scores_of(part) for name, part in events.items()}, parents)
            result.write_text(json.dumps(found, indent=1) + "\n")
            print(title, {signal: next(iter(of.values()))["auc"][0] for signal, of in found[title].items()})


def detector(settings, training):
    """From events to the scores of a recipe, the default one first."""
    model, _ = trained(settings, prepare(training, settings.inputs))

    def scores_of(events):
        scores = score(model, prepare(events, settings.inputs))
        chosen = settings.score_among(scores)
        return {chosen: scores[chosen], **scores}

    return scores_of


def baselines(loaded, training):
    return fit_baselines(training, next(iter(loaded.values())).inputs)


def measured(scores, parents):
    background = scores.pop("background")
    return {
        signal: {name: numbers(background[name], of[name], parents) for name in background}
        for signal, of in scores.items()
    }


def numbers(background, signal, parents):
    area = evaluate.auc(background, signal)
    rates = {key: evaluate.tpr_at_fpr(background, signal, fpr) for key, fpr in FALSE_POSITIVE_RATES.items()}
    return {
        "auc": [area.value, area.low, area.high],
        "tpr": {key: [rate.value, rate.low, rate.high, rate.n_background] for key, rate in rates.items()},
        "parents at 1e-5": len(np.unique(parents[background > rates["1e-5"].threshold])),
        "n": [len(background), len(signal)],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
