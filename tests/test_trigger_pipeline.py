"""The trigger side from end to end, through the command line, with events that are drawn at random."""

import json
import shutil
import sys

import h5py
import keras
import numpy as np
import pytest

from offshell import cli, recipe
from offshell.errors import InputError
from offshell.evaluate import auc
from offshell.evaluate.baselines.event_observables import NAMES as OF_OBSERVABLES
from offshell.evaluate.baselines.events import NAMES as OF_OBJECTS
from offshell.evaluate.scores import score
from offshell.inputs.prepare import prepare
from offshell.models import Ensemble
from offshell.report.contents import sections
from offshell.run.findings.run import collect
from offshell.run.learning.trainings import trained
from offshell.run.robustness import measure_robustness
from offshell.run.run import Run
from offshell.train import sparsity

BASELINES = (*OF_OBJECTS, *OF_OBSERVABLES)

N_TRAIN, N_TEST, N_SIGNAL = 600, 500, 200
RECIPES = [name for name in recipe.names() if name.startswith("l1-")]


def random_events(rng, n, *, mean_pt, n_jets):
    """One electron, one muon and some jets of exponential pT each, and missing energy."""
    events = np.zeros((n, 19, 4), np.float32)
    for rows, kind, count in (
        (slice(0, 1), 1, 1),
        (slice(1, 5), 2, 1),
        (slice(5, 9), 3, 1),
        (slice(9, 19), 4, n_jets),
    ):
        filled = slice(rows.start, rows.start + count)
        events[:, filled, 0] = -np.sort(-(10 + rng.exponential(mean_pt, size=(n, count))), axis=1)
        events[:, filled, 1] = rng.uniform(-2, 2, size=(n, count)) * (kind > 1)
        events[:, filled, 2] = rng.uniform(-3, 3, size=(n, count))
        events[:, filled, 3] = kind
    return events


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """`background.h5`, and two signals: `hard.h5` of larger momenta, `busy.h5` of more jets."""
    folder, rng = tmp_path_factory.mktemp("events"), np.random.default_rng(1)
    samples = {
        "background": random_events(rng, N_TRAIN + N_TEST, mean_pt=10, n_jets=2),
        "hard": random_events(rng, N_SIGNAL, mean_pt=60, n_jets=2),
        "busy": random_events(rng, N_SIGNAL, mean_pt=10, n_jets=7),
    }
    for name, events in samples.items():
        with h5py.File(folder / f"{name}.h5", "w") as file:
            file["Particles"] = events
    return folder


def offshell(*words):
    """Run a command that is expected to succeed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["offshell", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    assert not stopped.value.code


def settings(files, **changes):
    samples = {
        "samples.background": files / "background.h5",
        "samples.signals": f"{files / 'hard.h5'},{files / 'busy.h5'}",
        "samples.n_train": N_TRAIN,
        "samples.n_test": N_TEST,
        "samples.n_signal": N_SIGNAL,
        "train.epochs": 3,
        "train.batch_size": 128,
    }
    return [word for key, value in (samples | changes).items() for word in ("--set", f"{key}={value}")]


@pytest.fixture(scope="module")
def folder(files, tmp_path_factory):
    """A finished run of the recipe l1-vae with three trainings."""
    folder = tmp_path_factory.mktemp("runs") / "vae"
    rates = {"evaluate.input_rate_hz": 1e6, "train.ensemble": 3}
    offshell("run", "l1-vae", "--out", folder, *settings(files, **rates))
    return folder


def test_a_run_holds_everything_that_its_result_rests_on(folder):
    assert {path.name for path in folder.iterdir()} == {
        *("environment.json", "history.json", "metrics.json", "model.keras", "rates.json", "recipe.toml"),
        *("report.html", "samples.json", "scores.h5", "scores-1.h5", "scores-2.h5", "scores-3.h5"),
    }


def test_every_score_is_measured_for_every_signal(folder):
    metrics = json.loads((folder / "metrics.json").read_text())
    assert set(metrics) == {"hard", "busy"}
    for by_score in metrics.values():
        assert set(by_score) == {"mse", "kl_gaussian", "mu2", "radius", *BASELINES}
    assert metrics["hard"]["ht"]["auc"] > 0.9
    assert metrics["busy"]["lepton_pt"]["auc_low"] < 0.5 < metrics["busy"]["lepton_pt"]["auc_high"]


def test_the_spread_over_trainings_stands_beside_the_interval(folder):
    score = Run(folder).metrics["hard"]["mse"]
    members = [run["hard"]["mse"] for run in Run(folder).members_scores]
    assert score["spread"]["n"] == len(members) == 3
    assert score["spread"]["auc"] > 0
    assert "spread" not in Run(folder).metrics["hard"]["ht"]


def test_the_model_is_the_ensemble_and_its_score_a_mean_rank(folder):
    model = keras.models.load_model(folder / "model.keras")
    assert isinstance(model, Ensemble)
    assert len(model.members) == len(Run(folder).histories) == 3
    ranks = Run(folder).scores["background"]["mse"]
    assert ranks.mean() == pytest.approx(0.5, abs=0.1)


def test_operating_points_are_in_hz(folder):
    rates = json.loads((folder / "rates.json").read_text())
    point = rates["efficiencies"]["10 kHz"]["ht"]["hard"]
    assert point["rate_hz"] == pytest.approx(1e6 * 6 / 501)  # 10 kHz of 1 MHz are 5 of 500 events
    assert point["n_background"] == 5
    assert rates["efficiencies"]["0.1 kHz"]["ht"]["hard"]["value"] is None
    added = rates["complementarity"]["10 kHz"]
    assert set(added["overlap"]) == {"ht", "lepton_pt"}
    assert added["signals"]["hard"]["efficiency"]["value"] > 0.1


def test_the_report_shows_rates_and_events(folder):
    page = (folder / "report.html").read_text()
    for words in (
        "Operating points",
        "at 10 kHz",
        "Most anomalous events",
        "cannot explain",
        "What was measured",
    ):
        assert words in page
    assert "500 test events of 1 MHz: one event is 2 kHz" in page


EVERYDAY = {"l1-ae", "l1-neighbors", "l1-svdd", "l1-vae"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in EVERYDAY else pytest.mark.slow) for name in RECIPES]
)
def test_each_recipe_trains_a_detector_that_finds_hard_events(name):
    rng = np.random.default_rng(2)
    settings = recipe.load(name, changes=["train.epochs=2", "train.batch_size=64"])
    background, signal = (
        prepare(random_events(rng, 300, mean_pt=pt, n_jets=2), settings.inputs) for pt in (10, 60)
    )
    model, histories = trained(settings, background)
    scores = [score(model, x)[settings.score_among(model.outline(x.shape[1:]))] for x in (background, signal)]
    assert auc(*scores).value > 0.7
    if model.trainable_variables:
        assert len(histories[0]["loss"]) == (4 if settings.train.sparsity else 2)
        assert sparsity(model) == pytest.approx(settings.train.sparsity, abs=0.01)


def test_integers_are_scaled_by_powers_of_two():
    changes = ["inputs.units=hardware", "model.scaling=power-of-two", "train.epochs=1"]
    settings = recipe.load("l1-svdd", changes=changes)
    x = prepare(random_events(np.random.default_rng(3), 300, mean_pt=10, n_jets=2), settings.inputs)
    model, _ = trained(settings, x)
    exact = (x - model.scaling.offsets.numpy()) / 2.0 ** model.scaling.shifts.numpy()
    np.testing.assert_array_equal(x, np.round(x))
    np.testing.assert_array_equal(model.scaled(x), np.where(np.repeat(x[:, ::3] > 0, 3, axis=1), exact, 0))


@pytest.mark.usefixtures("without_figures")
@pytest.mark.slow
def test_both_ways(files, tmp_path, capsys):
    sizes = {"samples.n_train": 60, "samples.n_test": 100, "samples.n_signal": 150, "train.epochs": 1}
    words = [word for key, value in sizes.items() for word in ("--set", f"{key}={value}")]
    offshell("both-ways", "l1-ae", files / "hard.h5", files / "busy.h5", "--out", tmp_path, *words)
    shown = capsys.readouterr().out
    assert "hard and busy, both ways" in shown
    assert "trained on busy" in shown
    assert (tmp_path / "l1-ae-hard-finds-busy" / "report.html").exists()
    assert (tmp_path / "l1-ae-busy-finds-hard" / "report.html").exists()


def test_scores_of_a_file_are_those_of_the_run(folder, files, tmp_path):
    offshell("score", folder, files / "busy.h5", "--out", tmp_path / "scores.h5")
    own = Run(folder).scores["busy"]
    with h5py.File(tmp_path / "scores.h5") as scored:
        assert scored["entry"][:3].tolist() == [0, 1, 2]
        for name in set(scored) - {"entry"}:
            np.testing.assert_allclose(scored[name], own[name], rtol=1e-4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"samples.n_signal": 500}, "too short"),
        ({"samples.signals": "background.h5:top"}, "no labels"),
        ({"samples.signals": "h-tautu"}, "h-tautau"),
        ({"model.network.kind": "conv"}, "model.network"),
        ({"samples.kind": "jets"}, "inputs.kind"),
    ],
)
def test_mistakes_get_one_line(files, change, message, tmp_path, monkeypatch, capsys):  # noqa: PLR0917 - fixtures
    words = ["run", "l1-vae", "--out", str(tmp_path / "run"), *settings(files, **change)]
    monkeypatch.setattr(sys, "argv", ["offshell", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    err = capsys.readouterr().err
    assert len(err.strip().splitlines()) == 1
    assert message in err


@pytest.fixture
def copied(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    return tmp_path / "copy"


def test_robustness_keeps_detector_and_threshold_and_joins_the_report(copied, capsys):
    offshell("robustness", copied, "--rate", "50kHz", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads((copied / "robustness.json").read_text())
    assert list(found["shifts"]) == ["energies +2 %", "energies -2 %", "angles 0.02 rad worse"]
    scores = Run(copied).scores
    ranked = np.sort(scores["background"]["mse"])
    assert found["threshold"] == pytest.approx(ranked[-26], rel=1e-6)  # 50 kHz of 1 MHz are 25 of 500 events
    up, down = (found["shifts"][f"energies {sign}2 %"]["rate"]["value"] for sign in "+-")
    assert down <= found["nominal"]["rate"]["value"] <= up  # ranks among few events tie
    assert found["nominal"]["signals"]["hard"]["auc"]["value"] == pytest.approx(
        Run(copied).metrics["hard"]["mse"]["auc"], rel=1e-6
    )
    assert [section.name for section in sections(collect(Run(copied)))].count("robustness") == 1
    offshell("robustness", copied, "--rate", "50kHz", "--score", "kl_gaussian")
    assert "Rate of the background" in capsys.readouterr().out


def test_files_cannot_be_simulated_anew(copied):
    with pytest.raises(InputError, match="Received: the files background, hard, busy"):
        measure_robustness(Run(copied), resimulate=True)
