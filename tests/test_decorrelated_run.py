"""A run that is decorrelated from end to end, on events that are drawn at random."""

import io

import h5py
import numpy as np
import pytest
from rich.console import Console

from offshell import recipe as recipes
from offshell.errors import InputError
from offshell.evaluate.baselines.fit import NAMES, fit_baselines
from offshell.evaluate.decorrelation.conditional_ranks import ConditionalRank
from offshell.evaluate.separation.area import auc
from offshell.evaluate.separation.both_ways import both_ways_table
from offshell.evaluate.separation.table import rich_table
from offshell.inputs.kinematics import observables
from offshell.io.score_files import read_scores
from offshell.run import begun, carry_out, stages_of_recipe
from offshell.run.measures.decorrelation import parts

N_TRAIN, N_TEST, N_SIGNAL = 600, 200, 60


def random_events(rng, n, *, mean_pt):
    events = np.zeros((n, 19, 4), np.float32)
    for row, kind in ((0, 1), (1, 2), (5, 3), (9, 4)):
        events[:, row, 0] = 10 + rng.exponential(mean_pt, size=n)
        events[:, row, 2] = rng.uniform(-3, 3, size=n)
        events[:, row, 3] = kind
    return events


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run of nearest neighbors."""
    folder, rng = tmp_path_factory.mktemp("runs"), np.random.default_rng(1)
    for name, n_events, mean_pt in (("toys", N_TRAIN + N_TEST, 10), ("others", N_SIGNAL, 30)):
        with h5py.File(folder / f"{name}.h5", "w") as file:
            file["Particles"] = random_events(rng, n_events, mean_pt=mean_pt)
    numbers = {"train": N_TRAIN, "test": N_TEST, "signal": N_SIGNAL}
    changes = (
        *(f"samples.n_{name}={number}" for name, number in numbers.items()),
        *(f"samples.background={folder / 'toys.h5'}", f"samples.signals={folder / 'others.h5'}"),
        *("model.references=100", "evaluate.decorrelate=ht", "train.validation=0.25"),
    )
    work = begun(recipes.load("l1-neighbors", changes=changes), folder / "run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("offshell.report.html.sections", lambda _: [])
        carry_out(work, stages_of_recipe(work))
    return work


def test_only_background_that_the_detector_has_not_learned_from_is_ranked_among(run):
    events, rows = run.training_events(), parts(run, N_TRAIN)
    assert len(rows.valid) == N_TRAIN / 4
    assert not set(rows.valid) & set(rows.train)
    calibration = read_scores(run.folder / "calibration.h5")
    assert list(calibration) == ["toys"]
    baselines = fit_baselines(events[rows.train], run.recipe.inputs)(events[rows.valid])
    np.testing.assert_allclose(calibration["toys"]["mahalanobis"], baselines["mahalanobis"], rtol=1e-5)
    ht = observables(events[rows.valid])["ht"]
    np.testing.assert_array_equal(calibration["toys"]["ht"], ht)
    rank = ConditionalRank(calibration["toys"], ht, 20)
    for name, events in run.test_events():
        expected = rank.rareness(run.scores[name], observables(events)["ht"])
        np.testing.assert_array_equal(run.decorrelated[name]["distance"], expected["distance"])


def test_every_score_has_its_decorrelated_area_and_its_correlation(run):
    for name, numbers in run.metrics["others"].items():
        area = auc(run.decorrelated["toys"][name], run.decorrelated["others"][name])
        found = numbers["decorrelated"]
        assert (found["auc"], found["auc_low"], found["variables"]) == (area.value, area.low, ["ht"])
        assert set(numbers["correlations"]) == {"ht"}
    assert run.metrics["others"]["ht"]["correlations"]["ht"] == pytest.approx(1)
    assert run.decorrelation["ht"]["decorrelated"]["ht"]["correlation"] < 0.8


def test_the_terminal_and_the_page_show_both(run):
    console = Console(width=200, file=io.StringIO())
    console.print(rich_table(run.metrics, "others", baselines=NAMES))
    console.print(both_ways_table(*2 * [run.metrics["others"]], samples=("toys", "others")))
    words = console.file.getvalue().split()
    assert words.count("given") == 4  # of one heading, its explanation and two headings
    assert "+1.00" in words
    page = (run.folder / "report.html").read_text()
    assert '<th scope="col">AUC given ht</th>' in page
    assert '<th scope="col">rank correlation with ht</th>' in page


def test_a_variable_that_samples_do_not_have_is_refused_at_once():
    with pytest.raises(InputError, match=r"jets have no such variable.*mass, pt.*Received: ht"):
        recipes.load("pca", changes=["evaluate.decorrelate=ht"])
    with pytest.raises(InputError, match=r"events have no such variable.*met, ht.*Received: mass"):
        recipes.load("l1-ae", changes=["evaluate.decorrelate=mass"])
