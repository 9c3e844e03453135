"""Detectors that see observables: recipes that fit together, scaling of each number by itself, every detector, a whole run."""

import h5py
import numpy as np
import pytest
import tomli_w

import offshell
from offshell import recipe as recipes
from offshell.errors import InputError
from offshell.inputs.observables import FULL, INFRARED_SAFE, TRIGGER, of_events, of_jets
from offshell.inputs.prepare import feature_names, prepare, shape
from offshell.io.store import write_jets
from offshell.models.build import build
from offshell.models.detectors import DETECTORS
from offshell.models.scaling import Clip
from offshell.run.beginnings import begun
from offshell.run.findings.observables import collect_observables
from offshell.run.robustness import measure_robustness
from offshell.run.scoring.files import score_into_one
from offshell.run.scoring.part import Options
from offshell.run.stages import carry_out, stages_of_recipe
from offshell.samples.names import File
from offshell.settings import Observables


def toy_jets(n, *, seed):
    rng = np.random.default_rng(seed)
    pt = -np.sort(-rng.exponential(30, (n, 25)))
    eta, phi = rng.normal(0, 0.2, (2, n, 25))
    momenta = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
    return np.pad(np.stack(momenta, axis=-1).astype(np.float32), ((0, 0), (0, 175), (0, 0)))


@pytest.mark.parametrize(("which", "names"), [("infrared-safe", INFRARED_SAFE), ("full", FULL)])
def test_jets_become_their_observables(which, names):
    inputs, jets = Observables(set=which), toy_jets(5, seed=1)
    assert feature_names(inputs) == names
    assert shape(inputs) == (len(names),)
    np.testing.assert_array_equal(prepare(jets, inputs), of_jets(jets, names))


def test_events_become_their_observables():
    events = np.zeros((3, 19, 4), np.float32)
    events[:, 5, :3] = 30, 0.5, 1.0
    seen = prepare(events, Observables(set="trigger"))
    np.testing.assert_array_equal(seen, of_events(events))
    assert seen.dtype == np.float32
    assert shape(Observables(set="trigger")) == (len(TRIGGER),) == (24,)


EVENTS = ["inputs.kind=observables", "model.scaling=clipped"]


def test_the_set_of_events_needs_no_mention(tmp_path):
    recipe = recipes.load("l1-ae", changes=EVENTS)
    assert recipe.inputs == Observables(set="trigger")
    (tmp_path / "copy.toml").write_text(recipes.to_toml(recipe))
    assert recipes.load(tmp_path / "copy.toml") == recipe


@pytest.mark.parametrize(
    ("recipe", "changes", "message"),
    [
        ("l1-ae", [*EVENTS, "inputs.set=full"], "these are no observables of events. Expected: inputs.set = trigger. Received: full"),
        ("conv-ae", [*EVENTS, "inputs.set=trigger"], "no observables of jets. Expected: inputs.set = infrared-safe or full. Received: trigger"),
        ("l1-ae", EVENTS[:1], "scaled one by one. Expected: model.scaling = clipped. Received: standard"),
        ("l1-vae-trigger", EVENTS, r"firmware takes images, or objects .* Received: \[firmware\] with observables"),
        ("l1-ae", [*EVENTS, "inputs.set=all"], "inputs.set does not fit. Expected: 'infrared-safe', 'full' or 'trigger'. Received: 'all'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_one_line(recipe, changes, message, tmp_path):
    kept = recipes.load(recipe).model_dump(exclude_none=True)
    kept["inputs"] = {"kind": "observables"}
    (tmp_path / "r.toml").write_text(tomli_w.dumps(kept))
    with pytest.raises(InputError, match=message) as caught:
        recipes.load(tmp_path / "r.toml", changes=changes)
    assert "\n" not in str(caught.value)


def test_clip_standardizes_each_feature_and_cuts_off_what_is_far():
    rng = np.random.default_rng(1)
    x = np.stack(
        [rng.normal(5, 2, 999), rng.exponential(100, 999) * (rng.random(999) < 0.5), np.full(999, 3)], 1
    )
    layer = Clip()
    layer.adapt(x.astype(np.float32))
    scaled = np.asarray(layer(x.astype(np.float32)))
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=0), [1, 1, 0], atol=1e-5)
    far = np.array([[1e6, 0, -1e6]], np.float32)
    # Zero is a value as any other, no padding.
    np.testing.assert_allclose(layer(far)[0], [12, -x[:, 1].mean() / x[:, 1].std(), -12], rtol=1e-5)
    np.testing.assert_allclose(layer.inverse(layer.transform(x)), x, rtol=1e-4, atol=1e-4)


DENSE = {"kind": "dense", "hidden": [16]}
KINDS = {
    "autoencoder": {"size": 3, "network": DENSE},
    "contractive": {"size": 5, "network": DENSE},
    "deep-svdd": {"size": 4, "network": DENSE},
    "denoising": {"size": 5, "network": DENSE},
    "diffusion": {"hidden": 16, "layers": 1},
    "flow": {"layers": 2, "hidden": [16]},
    "flow-matching": {"hidden": 16, "layers": 1},
    "gaussian-mixture": {"components": 2},
    "isolation-forest": {"trees": 20, "samples": 32},
    "joint-vae": {"gaussian": 2, "categorical": 1, "classes": 2, "network": DENSE},
    "mahalanobis": {},
    "nae": {"steps": 2, "network": DENSE},
    "neighbors": {"references": 100},
    "pca": {"components": 4},
    "sparse": {"size": 5, "network": DENSE},
    "vae": {"size": 3, "network": DENSE},
    "vicreg": {"hidden": [16], "embedding": 6, "expander": [12, 12], "size": 2, "network": DENSE},
}
QUICK = {"denoising", "mahalanobis", "pca"}
TABLES = {table.model_fields["kind"].default: table for table in DETECTORS}
JETS = of_jets(toy_jets(300, seed=2), INFRARED_SAFE)


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in QUICK else pytest.mark.slow) for kind in KINDS]
)
def test_detectors_take_observables(kind, tmp_path):
    model = build(TABLES[kind](scaling="clipped", **KINDS[kind]), (len(INFRARED_SAFE),), seed=1)
    offshell.fit(model, JETS, epochs=1, batch_size=64)
    scores = offshell.score(model, JETS)
    assert all(np.isfinite(values).all() and np.ptp(values) > 0 for values in scores.values())
    model.save(tmp_path / "m.keras")
    again = offshell.score(offshell.load(tmp_path / "m.keras"), JETS)
    for name, values in scores.items():
        np.testing.assert_allclose(again[name], values, rtol=1e-4, atol=1e-4)


RECIPE = """
title = "A few jets"
[samples]
background = "qcd.h5"
signals = ["wide.h5"]
n_train = 150
n_test = 110
n_signal = 30
[inputs]
kind = "observables"
[model]
kind = "mahalanobis"
scaling = "clipped"
[train]
loss = "mahalanobis"
"""


@pytest.mark.usefixtures("without_figures")
def test_a_run_on_observables_from_file_to_report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_jets("qcd.h5", [toy_jets(260, seed=1)], attributes={})
    write_jets("wide.h5", [toy_jets(30, seed=2)], attributes={})
    (tmp_path / "small.toml").write_text(RECIPE)
    run = begun(recipes.load("small.toml"), tmp_path / "run")
    carry_out(run, stages_of_recipe(run))
    assert {"mahalanobis", "jet_mass"} <= set(run.metrics["wide"])
    assert "47 observables (the set infrared-safe): mass," in (tmp_path / "run" / "report.html").read_text()
    shown = collect_observables(run, {name: run.inputs(jets) for name, jets in run.test_events()}, {})
    assert shown.names == INFRARED_SAFE
    assert list(shown.medians) == ["wide"]
    assert max(abs(shown.medians["wide"])) < 1  # the same toys
    score_into_one(run, [File(tmp_path / "wide.h5")], tmp_path / "scored.h5", options=Options())
    with h5py.File(tmp_path / "scored.h5") as file:
        np.testing.assert_allclose(file["mahalanobis"][:], run.scores["wide"]["mahalanobis"], rtol=1e-4)
    assert set(measure_robustness(run)["shifts"]) >= {"energies +2 %"}
