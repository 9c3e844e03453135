"""A run with pseudo-anomalies from end to end, and a detector that comes trained, on toy jets."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from toy_jets import toy_jets

from offshell import recipe as recipes
from offshell.cli.options import paths
from offshell.cli.tables import print_tables
from offshell.errors import InputError
from offshell.evaluate.scores import score
from offshell.io.store import write_jets
from offshell.models.saved import load
from offshell.run import begun, carry_out, refuse_unfit, stages_of_recipe
from offshell.run.findings.committee import collect_committee
from offshell.run.outliers import outlier_jets
from offshell.run.run import Run
from offshell.run.scoring.files import score_into_one
from offshell.run.scoring.part import Options
from offshell.samples.names import File

CHANGES = (
    "model.families=resolved3,cores",
    "model.trees=8",
    "model.leaves=4",
    "train.loss=resolved3 + cores",
    "evaluate.sums=cores - 0.5 * rare_mass",
    "pseudo_anomalies.n_jets=80",
    "samples.n_train=200",
    "samples.n_test=60",
    "samples.n_signal=40",
)


def padded(jets):
    return np.pad(jets, [(0, 0), (0, 200 - jets.shape[1]), (0, 0)])


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run on toy jets, without the figures of its report."""
    folder = tmp_path_factory.mktemp("runs")
    for name, jets in {"toys": toy_jets(260), "others": toy_jets(40, seed=2, n_particles=60)}.items():
        write_jets(folder / f"{name}.h5", [padded(jets)], attributes={})
    samples = (f"samples.background={folder / 'toys.h5'}", f"samples.signals={folder / 'others.h5'}")
    recipe = recipes.load("outlier-exposure", changes=[*CHANGES, *samples])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("offshell.report.html.sections", lambda _: [])
        work = begun(recipe, folder / "run")
        carry_out(work, stages_of_recipe(work))
    return work


def test_each_family_is_a_score_and_so_are_their_sums(run):
    names = {"resolved3", "cores", "rare_mass", "cores - 0.5 * rare_mass"}
    assert names <= set(run.metrics["others"])
    assert run.default_score == "resolved3 + cores"


def test_each_number_stands_beside_its_correlation_with_the_mass_and_the_prior(run, capsys):
    for numbers in run.metrics["others"].values():
        assert set(numbers["correlations"]) == {"mass"}
        assert numbers["decorrelated"]["variables"] == ["mass"]
    print_tables(run)
    printed = " ".join(capsys.readouterr().out.split())
    assert (
        "Prior of resolved3 + cores: pseudo-anomalies of 30 to 350 GeV; families left out: matched, splittings, blobs"
        in printed
    )


def test_without_a_table_for_it_the_correlation_is_that_with_the_mass_of_the_test_jets(run, tmp_path):
    plain = run.recipe.model_copy(
        update={"evaluate": run.recipe.evaluate.model_copy(update={"decorrelate": []})}
    )
    copy = Run(Path(shutil.copytree(run.folder, tmp_path / "run")))
    (copy.folder / "recipe.toml").write_text(recipes.to_toml(plain))
    found = copy.evaluate()["others"]["resolved3"]
    assert found["correlations"] == pytest.approx(run.metrics["others"]["resolved3"]["correlations"])
    assert "decorrelated" not in found


def test_pseudo_anomalies_are_made_of_training_jets_alone_and_the_same_again(run):
    jets = run.training_events()
    made = outlier_jets(run.recipe, jets, "cores", 20)
    np.testing.assert_array_equal(made, outlier_jets(run.recipe, jets, "cores", 40)[:20])
    assert not np.array_equal(made, outlier_jets(run.recipe, jets, "cores", 20, fresh=True))
    assert not np.array_equal(made, outlier_jets(run.recipe, jets, "resolved3", 20))


def test_the_report_knows_what_the_committee_rests_on(run):
    found = collect_committee(run)
    assert set(found.images) == {"toys", "resolved3", "cores"}
    assert set(found.shares["others"]) == {"resolved3", "cores"}
    assert found.without["others"].keys() == {"resolved3", "cores"}
    assert {len(of) for of in found.mass_weights.values()} == {8}
    assert found.mass_range == (30, 350)


def test_a_detector_that_comes_trained_scores_by_its_name(run, tmp_path, monkeypatch):
    trained = tmp_path / "trained"
    shutil.copytree(run.folder, trained / "toy-committee")
    monkeypatch.setattr("offshell.recipe.pretrained._TRAINED", trained)
    monkeypatch.chdir(tmp_path)
    folder = paths.scoring_folder(paths.Path("toy-committee"))
    score_into_one(Run(folder), [File(run.samples[1].path)], tmp_path / "s.h5", options=Options())
    with h5py.File(tmp_path / "s.h5") as file:
        expected = score(load(run.folder / "model.keras"), run.inputs(run.samples[1].read(0, 40)))
        np.testing.assert_allclose(file["cores"], expected["cores"], rtol=1e-5)
    with pytest.raises(InputError, match="not a complete run"):
        paths.scoring_folder(paths.Path("no-committee"))


def test_unknown_families_and_tables_that_do_not_fit_are_refused_before_any_work():
    with pytest.raises(InputError, match="Did you mean 'resolved'"):
        refuse_unfit(
            recipes.load("outlier-exposure", changes=["model.families=resolvd3", "train.loss=resolvd3"])
        )
    with pytest.raises(InputError, match="learns from background alone"):
        recipes.load("joint-vae", changes=["pseudo_anomalies.n_jets=100"])
