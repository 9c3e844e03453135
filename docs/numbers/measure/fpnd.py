"""FPND: simulated jets held against JetNet's own, and jets of generators that were trained on simulated ones.

    python docs/numbers/measure/fpnd.py RESULT SAMPLES 50000 g,q,t [train.epochs=20 ...]

So many jets of each type are simulated by JetNet's definition, a tenth of them also with R = 0.8. Then the two recipes are
trained on jets of the types given and generate as many; what follows changes both recipes. Generated jets are held against
JetNet's, so that training jets may be those that were held against them before. Rows that the result already holds are
not made again, nor jets that are in the folder of samples. Needs the extra `fpnd`.
"""

import json
import sys
from pathlib import Path

import numpy as np

from offshell.evaluate.generation.fpnd import of_jetnet, particlenet_activations
from offshell.evaluate.generation.frechet import Gaussian, gaussian_distance
from offshell.inputs import clouds, substructure
from offshell.inputs.prepare import prepare
from offshell.io.jets.reading import count_jets, read_jets
from offshell.recipe import load
from offshell.run.learning.trainings import trained
from offshell.samples.simulated_jets import simulate_jets

PROCESSES = {"g": "jetnet_gluon", "q": "jetnet_quark", "t": "jetnet_top"}
RECIPES = ("jets-flow-matching", "jets-mpgan")
RADIUS, STATED_RADIUS = 0.4, 0.8
SEED = 1
N_RESAMPLED = 30


def main(result, folder, n_jets, trained_on, *changes):
    path = Path(result)
    found = json.loads(path.read_text()) if path.exists() else {}
    for name, made in rows(Path(folder), int(n_jets), trained_on.split(","), changes):
        if name not in found:
            found[name] = made()
            path.write_text(json.dumps(found, indent=1) + "\n")


def rows(folder, n_jets, trained_on, changes):
    for kind in PROCESSES:
        yield f"{kind}, R = {RADIUS}", lambda kind=kind: simulated(folder, kind, RADIUS, n_jets)
        yield (
            f"{kind}, R = {STATED_RADIUS}",
            lambda kind=kind: simulated(folder, kind, STATED_RADIUS, n_jets // 10),
        )
    for kind in trained_on:
        for recipe in RECIPES:
            yield (
                f"{kind}, {recipe}",
                lambda kind=kind, recipe=recipe: generated(folder, kind, recipe, n_jets, changes),
            )


def simulated(folder, kind, radius, n_jets):
    jets = jets_of(folder, kind, radius, n_jets)
    mass = substructure.mass(jets) / substructure.pt(jets)
    return {**distances(clouds.relative(jets), kind), "mass": float(mass.mean())}


def generated(folder, kind, name, n_jets, changes):
    recipe = load(name, changes=list(changes))
    n_train = recipe.samples.n_train
    jets = jets_of(folder, kind, RADIUS, n_train)
    model, (history,) = trained(recipe, prepare(jets, recipe.inputs))
    new = model.generate(n_jets, seed=SEED)
    return {**distances(new, kind), "n_train": n_train, "epochs": len(history["val_loss"])}


def jets_of(folder, kind, radius, n_jets):
    """Jets of a file that is written anew when it is too short."""
    path = folder / f"{PROCESSES[kind]}-R{radius}.h5"
    if not path.exists() or count_jets(path) < n_jets:
        folder.mkdir(parents=True, exist_ok=True)
        options = {
            "detector": "none",
            "radius": radius,
            "eta_max": 4.9,
            "seed": SEED,
            "pt": None,
            "workers": 1,
        }
        simulate_jets(process=PROCESSES[kind], n_jets=n_jets, path=path, **options)
    return read_jets(path, stop=n_jets)


def distances(jets, kind):
    """The distance, and its error: the standard deviation of that of resampled jets."""
    found, real = particlenet_activations(jets), of_jetnet(kind)
    rng = np.random.default_rng(SEED)
    resampled = [
        gaussian_distance(real, Gaussian.of(found[rng.choice(len(found), len(found))]))
        for _ in range(N_RESAMPLED)
    ]
    distance = gaussian_distance(real, Gaussian.of(found))
    return {"n_jets": len(jets), "fpnd": distance, "error": float(np.std(resampled, ddof=1))}


if __name__ == "__main__":
    main(*sys.argv[1:])
