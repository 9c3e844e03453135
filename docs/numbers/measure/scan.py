"""What moves the numbers: train the recipe joint-vae with one setting changed at a time, and keep each AUC.

    python docs/numbers/measure/scan.py RESULT SAMPLES

The samples are those of `make demo` (same seed), and are simulated when they are not there. About a minute a row on
two cores. Rows that the result already holds are not trained again.
"""

import json
import sys
from pathlib import Path

import offshell
from offshell import evaluate, recipe
from offshell.inputs import images
from offshell.models.build import build
from offshell.samples.samples import samples_of

BETA = "train.loss=bce + {0} * kl_gaussian + {0} * kl_categorical"
ROWS = {
    "recipe": [],
    "recipe, seed 2": ["seed=2"],
    "beta 0": ["train.loss=bce"],
    "beta 0.1": [BETA.format(0.1)],
    "beta 0.1, seed 2": [BETA.format(0.1), "seed=2"],
    "beta 1": [BETA.format(1)],
    "power 1": ["inputs.power=1.0"],
    "power 0.25": ["inputs.power=0.25"],
    "2 Gaussian": ["model.gaussian=2"],
    "no Gaussian": ["model.gaussian=0", "train.loss=bce + 0.01 * kl_categorical", "evaluate.sums=[]"],
    "mse loss": ["train.loss=mse + 0.01 * kl_gaussian + 0.01 * kl_categorical"],
    "recipe, seed 3": ["seed=3"],
}


def main(result, samples):
    result, samples = Path(result), Path(samples)
    found = json.loads(result.read_text()) if result.exists() else {}
    for title, changes in ROWS.items():
        if title not in found:
            found[title] = measured(recipe.load("joint-vae", changes=changes), samples)
            result.write_text(json.dumps(found, indent=2) + "\n")


def measured(settings, samples):
    """AUC with its interval for each score."""
    background, signal, train = jets(settings, samples)
    background, signal, train = (
        images.remap(images.aligned(part), power=settings.inputs.power)
        for part in (background, signal, train)
    )
    model = build(settings.model, train.shape[1:], seed=settings.seed)
    offshell.fit(model, train, seed=settings.seed, **settings.train.model_dump())
    scores = [offshell.score(model, part) for part in (background, signal)]
    return {
        name: list(vars(evaluate.auc(*(s[name] for s in scores))).values())
        for name in names(settings, scores[0])
    }


def names(settings, scores):
    return [*scores, *settings.evaluate.sums]


def jets(settings, folder):
    """Background and signal to evaluate, background to train on."""
    sizes = settings.samples
    background, signal = samples_of(settings.samples, folder, seed=1)
    background.provide(sizes.n_test + sizes.n_train)
    signal.provide(sizes.n_signal)
    parts = background.read(0, sizes.n_test), signal.read(0, sizes.n_signal)
    return *parts, background.read(sizes.n_test, sizes.n_test + sizes.n_train)


if __name__ == "__main__":
    main(*sys.argv[1:])
