"""A run is stopped, goes on, is asked for from elsewhere and finds another file in the place of its own."""

import json
import shutil
import sys

import h5py
import numpy as np
import pytest

from offshell import cli
from offshell.errors import InputError
from offshell.run.run import Run

SMALL = (
    "samples.background=background.h5",
    "samples.signals=hard.h5",
    "samples.n_train=200",
    "samples.n_test=100",
    "samples.n_signal=50",
    "train.epochs=1",
)


def random_events(rng, n, *, mean_pt):
    events = np.zeros((n, 19, 4), np.float32)
    for row, kind in ((0, 1), (1, 2), (5, 3), (9, 4)):
        events[:, row, 0] = 10 + rng.exponential(mean_pt, size=n)
        events[:, row, 2] = rng.uniform(-3, 3, size=n)
        events[:, row, 3] = kind
    return events


def write_files(folder, *, seed):
    rng = np.random.default_rng(seed)
    folder.mkdir(exist_ok=True)
    for name, n, mean_pt in (("background", 300, 10), ("hard", 50, 60)):
        with h5py.File(folder / f"{name}.h5", "w") as file:
            file["Particles"] = random_events(rng, n, mean_pt=mean_pt)


@pytest.fixture
def command(monkeypatch, capsys):
    """From words to exit status and standard error."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["offshell", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return stopped.value.code or 0, capsys.readouterr().err

    return command


WORDS = ["run", "l1-ae", *(word for setting in SMALL for word in ("--set", setting))]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder `here` with two files of events and `here/run`, made from them by their relative paths."""
    here = tmp_path_factory.mktemp("again") / "here"
    write_files(here, seed=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        patch.setattr("offshell.report.html.sections", lambda _: [])
        patch.setattr(sys, "argv", ["offshell", *WORDS, "--out", "run"])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    assert not stopped.value.code
    return here / "run"


@pytest.fixture
def run(finished, monkeypatch):
    """A copy of that run beside it; the working folder is where its files are."""
    copy = shutil.copytree(finished, finished.parent / "copy")
    monkeypatch.chdir(finished.parent)
    yield copy
    shutil.rmtree(copy)


def times(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_a_finished_run_is_left_alone(run, command):
    before = times(run)
    status, err = command(*WORDS, "--out", run)
    assert (status, len(err.splitlines())) == (1, 1)
    assert "holds a finished run" in err
    assert times(run) == before


@pytest.mark.usefixtures("without_figures")
def test_a_stopped_run_goes_on_to_the_same_result_and_does_nothing_twice(run, finished, command, caplog):
    for name in ("scores.h5", "metrics.json", "rates.json", "report.html"):
        (run / name).unlink()
    before = times(run)
    assert command(*WORDS, "--out", run)[0] == 0
    assert "history.json is there already" in caplog.messages
    assert times(run).items() >= before.items()
    for name in ("metrics.json", "rates.json"):
        assert json.loads((run / name).read_text()) == json.loads((finished / name).read_text())


@pytest.mark.usefixtures("without_figures")
def test_overwrite_begins_anew_and_spares_what_is_of_the_user(run, command):
    (run / "notes.txt").touch()
    before = times(run)
    assert command(*WORDS, "--out", run, "--overwrite")[0] == 0
    after = times(run)
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] == before[name]] == ["notes.txt"]


def test_a_mistake_with_overwrite_leaves_the_earlier_run_alone(run, command):
    before = times(run)
    for mistake in ("train.loss=msee", "samples.n_test=100000", "samples.signals=none.h5"):
        status, err = command(*WORDS, "--out", run, "--overwrite", "--set", mistake)
        assert (status, len(err.splitlines())) == (1, 1)
    assert times(run) == before


def test_a_run_reads_its_own_files_wherever_it_is_asked_from(finished, tmp_path, monkeypatch):
    write_files(tmp_path, seed=2)
    monkeypatch.chdir(tmp_path)
    (_, own), *_ = Run(finished).test_events()
    with h5py.File(finished.parent / "background.h5") as file:
        np.testing.assert_array_equal(own, file["Particles"][:100])


def test_other_files_in_the_place_of_its_own_are_refused(run, command, finished):
    write_files(finished.parent, seed=3)
    try:
        for words in (["report", run], ["firmware", run, "--score", "mse"]):
            status, err = command(*words)
            assert (status, len(err.splitlines())) == (1, 1)
            assert "background.h5 is not the file that the run was made from." in err
        with pytest.raises(InputError, match="not the file that the run was made from"):
            Run(run).refuse_changed_files()
    finally:
        write_files(finished.parent, seed=1)
    # HDF5 writes the same bytes again, so that the run knows its files.
    Run(run).refuse_changed_files()


def test_a_file_that_has_moved_is_found_where_the_recipe_says(run, tmp_path, finished):
    moved = shutil.copytree(finished.parent, tmp_path / "moved")
    (moved / "background.h5").rename(moved / "renamed.h5")
    recipe = moved / "copy" / "recipe.toml"
    own = str(finished.parent / "background.h5")
    assert own in recipe.read_text()
    recipe.write_text(recipe.read_text().replace(own, str(moved / "gone.h5")))
    with pytest.raises(InputError, match="if it has moved, write its new place"):
        Run(recipe.parent).training_events()
    recipe.write_text(recipe.read_text().replace("gone.h5", "renamed.h5"))
    np.testing.assert_array_equal(Run(recipe.parent).training_events(), Run(run).training_events())


def test_a_run_of_old_that_keeps_relative_paths_is_asked_which(run):
    (run / "samples.json").unlink()
    recipe = run / "recipe.toml"
    recipe.write_text(recipe.read_text().replace(f"{run.parent}/", ""))
    with pytest.raises(InputError, match=r"does not say which background\.h5"):
        Run(run).training_events()
