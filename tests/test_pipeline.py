"""The main job from end to end, through the command line, with few jets."""

import json
import shutil
import subprocess
import sys

import h5py
import numpy as np
import pytest

import offshell
from offshell import cli
from offshell.errors import InputError
from offshell.evaluate.baselines.jets import NAMES as BASELINES
from offshell.io.jets.reading import read_jets
from offshell.io.store import write_jets
from offshell.run.robustness import measure_robustness
from offshell.run.run import Run

SMALL = ("samples.n_train=120", "samples.n_test=60", "samples.n_signal=40", "train.epochs=2")
SCORES = {"mse", "bce", "dice", "pixel_diff", "mu2", "radius", "kl_gaussian", "kl_categorical"}
SUMS = {"dice + bce", "kl_gaussian + kl_categorical"}


@pytest.fixture
def offshell_command(monkeypatch, capsys):
    """The command `offshell`: from words to exit status, standard output and standard error."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["offshell", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return stopped.value.code or 0, *capsys.readouterr()

    return command


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A finished run of the recipe joint-vae on simulated QCD and top jets."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    words = ["offshell", "run", "joint-vae", "--out", str(folder)]
    for setting in SMALL:
        words += ["--set", setting]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    assert not stopped.value.code
    return folder


def test_a_run_holds_everything_that_its_result_rests_on(folder):
    files = {path.name for path in folder.iterdir()}
    assert files == {
        "environment.json",
        "history.json",
        "metrics.json",
        "model.keras",
        "recipe.toml",
        "report.html",
        "samples.json",
        "scores.h5",
    }
    assert json.loads((folder / "environment.json").read_text())["seed"] == "1"
    assert [len(history["val_loss"]) for history in json.loads((folder / "history.json").read_text())] == [2]


def test_evaluate_prints_every_score_with_its_intervals(folder, offshell_command):
    status, out, _ = offshell_command("evaluate", folder, "--json")
    metrics = json.loads(out)
    assert status == 0
    # These jets have 550 to 650 GeV: pt says nothing.
    assert set(metrics["top"]) == SCORES | SUMS | set(BASELINES) - {"pt"}
    for score in metrics["top"].values():
        assert 0 <= score["auc_low"] <= score["auc"] <= score["auc_high"] <= 1
        assert set(score["tpr"]) == {"1e-1", "1e-2", "1e-3", "1e-4", "1e-5"}
        assert set(score["tpr"]["1e-1"]) >= {"value", "low", "high", "n_background", "few"}
        assert score["tpr"]["1e-5"]["value"] is None  # no background event is left there


def test_evaluate_prints_a_table_for_a_person(folder, offshell_command):
    status, out, _ = offshell_command("evaluate", folder)
    assert status == 0
    assert "Finding top" in out
    assert "jet_mass" in out


def test_jet_mass_separates_top_from_qcd_already_in_few_jets(folder):
    assert json.loads((folder / "metrics.json").read_text())["top"]["jet_mass"]["auc"] > 0.75


def test_scores_of_a_file_are_those_of_the_run(folder, offshell_command, tmp_path):
    jets, out = folder.parent / "samples" / "top-550-650GeV-ATLAS-seed1.h5", tmp_path / "scores.h5"
    status, _, _ = offshell_command("score", folder, jets, "--out", out)
    assert status == 0
    with h5py.File(out) as scored, h5py.File(folder / "scores.h5") as own:
        names = list(own["top"].attrs["scores"])
        for name in SCORES | SUMS:
            assert np.asarray(scored[name]) == pytest.approx(
                own["top"][:, names.index(name)], rel=1e-4, abs=1e-6
            )


@pytest.mark.usefixtures("without_figures")
def test_report_can_be_written_again(folder, offshell_command):
    (folder / "report.html").unlink()
    status, out, _ = offshell_command("report", folder)
    assert status == 0
    assert out.strip() == str(folder / "report.html")
    assert "Pixel intensities: raised to the power 0.5" in (folder / "report.html").read_text()


@pytest.mark.usefixtures("without_figures")
def test_second_run_reuses_the_jets_and_both_directions_work(folder, offshell_command):
    samples = folder.parent / "samples"
    before = {path.name: path.stat().st_mtime_ns for path in samples.iterdir()}
    swapped = ["samples.background=top", "samples.signals=qcd", "samples.n_test=20", "samples.n_train=20"]
    words = [word for setting in swapped for word in ("--set", setting)]
    status, out, _ = offshell_command(
        "run",
        "pca",
        "--out",
        folder.parent / "pca",
        "--set",
        "model.components=5",
        "--set",
        "samples.n_signal=40",
        *words,
    )
    assert status == 0
    assert "Finding qcd" in out
    assert out.strip().endswith("report.html")
    assert {path.name: path.stat().st_mtime_ns for path in samples.iterdir()} == before


def test_a_mistake_leaves_an_earlier_run_alone(folder, offshell_command):
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    for setting in (
        "samples.signals=typo.h5",
        "train.loss=msee",
        "evaluate.sums=dise + bce",
        "model.network.blocks=[1]",
    ):
        status, _, err = offshell_command(
            "run", "joint-vae", "--quick", "--overwrite", "--out", folder, "--set", setting
        )
        assert status == 1
        assert len(err.strip().splitlines()) == 1
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_run_that_has_moved_is_evaluated_without_its_jets(folder, offshell_command, tmp_path):
    moved = shutil.copytree(folder, tmp_path / "elsewhere" / "run")
    status, out, _ = offshell_command("evaluate", moved, "--json")
    assert status == 0
    assert json.loads(out) == json.loads((folder / "metrics.json").read_text())
    assert not (tmp_path / "elsewhere" / "samples").exists()


def test_training_and_test_jets_are_disjoint(folder):
    run = Run(folder)
    training, (_, test) = run.training_events(), next(run.test_events())
    assert len(training) == 120
    assert not {jet.tobytes() for jet in training} & {jet.tobytes() for jet in test}


@pytest.mark.usefixtures("without_figures")
def test_files_of_the_user_with_labels(folder, offshell_command, tmp_path):
    qcd, top = (
        read_jets(folder.parent / "samples" / f"{name}-550-650GeV-ATLAS-seed1.h5", stop=40)
        for name in ("qcd", "top")
    )
    path = tmp_path / "mine.h5"
    with h5py.File(path, "w") as file:
        file["constituents"] = np.concatenate([qcd, top])
        file["label"] = np.repeat([0, 1], 40)
    settings = [f"samples.background={path}:qcd", f"samples.signals={path}:top", "samples.n_train=20"]
    settings += ["samples.n_test=20", "samples.n_signal=40", "model.components=5"]
    words = [word for setting in settings for word in ("--set", setting)]
    status, out, _ = offshell_command("run", "pca", "--out", tmp_path / "run", *words)
    assert status == 0
    assert "Finding top" in out


def test_files_of_the_user_need_no_generator(folder, tmp_path):
    qcd, top = (folder.parent / "samples" / f"{name}-550-650GeV-ATLAS-seed1.h5" for name in ("qcd", "top"))
    words = ["run", "pca", "--out", str(tmp_path / "run"), "--set", f"samples.background={qcd}"]
    words += ["--set", f"samples.signals={top}", "--set", "model.components=5"]
    for size in ("n_train=30", "n_test=30", "n_signal=30"):
        words += ["--set", f"samples.{size}"]
    hidden = "import sys; sys.modules['pythia8mc'] = None; sys.argv[0] = 'offshell'; from offshell.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", hidden, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_simulate_writes_the_jets_that_the_function_gives(offshell_command, tmp_path):
    path = tmp_path / "w.h5"
    status, out, _ = offshell_command("simulate", "jets", "w", "--events", 20, "--seed", 5, "--out", path)
    assert status == 0
    assert out.strip() == str(path)
    np.testing.assert_array_equal(read_jets(path), offshell.simulate.jets("w", 20, seed=5))


def test_lists(offshell_command):
    assert "dark_shower" in offshell_command("simulate", "--list")[1]
    assert "joint-vae-large" in offshell_command("recipes")[1]
    assert offshell_command("--version")[1].startswith("offshell 0.")


@pytest.fixture
def own_files(tmp_path, monkeypatch):
    """`good.h5` and `nan.h5` in the working folder, 700 jets of one particle each."""
    monkeypatch.chdir(tmp_path)
    jets = np.zeros((700, 200, 4), np.float32)
    jets[:, 0] = [600, 600, 0, 0]
    write_jets("good.h5", [jets], attributes={})
    jets[650, 0, 0] = np.nan
    write_jets("nan.h5", [jets], attributes={})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("simulate jets tops --out x.h5", "top"),
        ("simulate jets qcd --events 0 --out x.h5", "n_jets"),
        ("run joint-va", "Did you mean 'joint-vae'?"),
        ("run joint-vae --set train.epoch=3", "train.epochs"),
        ("run pca --set samples.background=none.h5", "none.h5"),
        (
            "run pca --quick --set samples.background=good.h5 --set samples.signals=good.h5:top",
            "good.h5: no labels",
        ),
        (
            "run pca --quick --set samples.background=nan.h5 --set samples.signals=good.h5",
            "nan.h5: impossible jets. Expected: finite E, px, py, pz",
        ),
        ("run pca --set samples.background=good.h5 --set samples.signals=nan.h5", "good.h5 is too short"),
        ("run pca --set samples.signals=qcd", "qcd, qcd"),
        ("run pca --set samples.signals=top,ww", "ww"),
        ("evaluate no[/r]where", "no[/r]where"),
        ("report nowhere", "nowhere"),
    ],
)
def test_mistakes_get_one_line_and_no_traceback(words, message, offshell_command, own_files):  # noqa: ARG001 - files that the words name
    status, _, err = offshell_command(*words.split())
    assert status == 1
    assert err.startswith("Error: ")
    assert len(err.strip().splitlines()) == 1
    assert message in err


def test_jets_are_simulated_anew_with_the_other_detector(folder, monkeypatch, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    shutil.copytree(folder.parent / "samples", tmp_path / "samples")
    monkeypatch.setattr("offshell.run.robustness._JET_SHARE", 0.1)
    found = measure_robustness(Run(tmp_path / "copy"), resimulate=True)
    same = [of["same_events"] for of in found["shifts"].values()]
    assert list(zip(found["shifts"], same, strict=True)) == [
        *((name, True) for name in ("energies +2 %", "energies -2 %", "angles 0.02 rad worse")),
        ("detector CMS", False),
    ]
    assert found["nominal"]["rate"]["value"] == pytest.approx(7 / 61)
    assert {path.name for path in (tmp_path / "samples").glob("*CMS*")} == {
        "qcd-550-650GeV-CMS-seed2.h5",
        "top-550-650GeV-CMS-seed2.h5",
    }


def test_jets_have_no_trigger_rate(folder):
    with pytest.raises(InputError, match="no trigger rate"):
        measure_robustness(Run(folder), rate_hz=1e3)
