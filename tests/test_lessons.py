"""A student of a committee from end to end on toy jets: the teacher stays beside it, and is what it is compared with."""

import json

import numpy as np
import pytest
from toy_jets import toy_jets

from offshell import recipe as recipes
from offshell.errors import InputError
from offshell.evaluate.scores import score
from offshell.inputs.prepare import prepare
from offshell.io.store import write_jets
from offshell.models.saved import load
from offshell.run import begun, refuse_unfit
from offshell.run.learning.lessons import lesson_of
from offshell.settings import Observables
from offshell.train.split import split

CHANGES = (
    "model.network.filters=[2]",
    "model.teacher.families=resolved3,cores",
    "model.teacher.trees=8",
    "model.teacher.leaves=4",
    "pseudo_anomalies.n_jets=80",
    "samples.n_train=200",
    "samples.n_test=60",
    "samples.n_signal=40",
    "train.epochs=2",
    "train.batch_size=64",
    "compress.epochs=1",
    "compress.widths.ebops=1000000",
    "firmware.vectors=2000",
    "firmware.rate_hz=5e6",  # ten of 60 test jets
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A trained student on toy jets."""
    folder = tmp_path_factory.mktemp("runs")
    for name, jets in {"toys": toy_jets(260), "others": toy_jets(40, seed=2, n_particles=60)}.items():
        write_jets(
            folder / f"{name}.h5", [np.pad(jets, [(0, 0), (0, 200 - jets.shape[1]), (0, 0)])], attributes={}
        )
    samples = (f"samples.background={folder / 'toys.h5'}", f"samples.signals={folder / 'others.h5'}")
    work = begun(recipes.load("outlier-exposure-trigger", changes=[*CHANGES, *samples]), folder / "run")
    work.train()
    return work


@pytest.fixture(scope="module")
def lesson(run):
    return lesson_of(run, run.training_events())


def test_background_and_pseudo_anomalies_are_learned_from_and_told_how_rare_they_are(run, lesson):
    assert lesson.x.shape == (200 + 2 * 80, 16, 16, 1)
    np.testing.assert_array_equal(lesson.x[:200], run.inputs(run.training_events()))
    told = np.asarray(lesson.teacher(lesson.x))
    kept = split(200, 0.25, seed=run.recipe.seed).valid
    assert told.min() >= 0
    assert told.max() <= 9
    assert told[kept].mean() == pytest.approx(1, abs=0.3)  # of an exponential: 1 +- 1 / sqrt(50)
    assert np.median(told[200:]) > np.median(told[kept])


def test_the_teacher_is_kept_and_not_made_again(run, lesson):
    before = (run.folder / "teacher.keras").stat().st_mtime_ns
    again = lesson_of(run, run.training_events())
    assert (run.folder / "teacher.keras").stat().st_mtime_ns == before
    np.testing.assert_array_equal(again.teacher(again.x), lesson.teacher(lesson.x))


@pytest.mark.slow
def test_a_compressed_student_is_scored_beside_its_teacher(run):
    run.compress()
    run.score()
    assert {"student", "teacher", "jet_mass"} <= set(run.evaluate()["others"])
    assert run.default_score == "student"
    jets = dict(run.test_events())["others"]
    expected = score(load(run.folder / "teacher.keras"), prepare(jets, Observables()))["resolved3 + cores"]
    np.testing.assert_allclose(run.scores["others"]["teacher"], expected, rtol=1e-5)


@pytest.mark.slow
def test_the_student_becomes_firmware_and_a_report(run):
    """With a network of two filters; whether firmware and network agree is what the build proves."""
    if not (run.folder / "metrics.json").exists():
        run.compress()
        run.score()
        run.evaluate()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("offshell.report.html.sections", lambda _: [])
        folder = run.build_firmware()
        run.report()
    about = json.loads((folder / "design.json").read_text())
    assert about["score"] == "student"
    assert (run.folder / "report.html").exists()


def test_unknown_families_of_a_teacher_are_refused_before_any_work():
    changes = ["model.teacher.families=resolvd3"]
    with pytest.raises(InputError, match="Did you mean 'resolved'"):
        refuse_unfit(recipes.load("outlier-exposure-trigger", changes=changes))
