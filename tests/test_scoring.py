"""Many files are scored: each event once, with what identifies it, and whatever stops, nothing is lost or mixed."""

import json

import awkward as ak
import h5py
import numpy as np
import pytest
from event_files import delphes, hdf5, nanoaod, toy_events
from test_root import branches_of, tree

import offshell
from offshell.cli import main
from offshell.errors import InputError
from offshell.inputs.objects import features
from offshell.io.scored_parts import attributes_of
from offshell.models import PCA
from offshell.run.run import Run
from offshell.run.scoring.files import FAILURES, score_files, score_into_one
from offshell.run.scoring.part import Options
from offshell.samples.file_lists import files_named

RECIPE = """
title = "PCA"
[samples]
kind = "events"
[inputs]
kind = "objects"
[model]
kind = "pca"
components = 3
[train]
loss = "mse"
[evaluate]
sums = ["2 * mse"]
"""


def made_run(folder, seed):
    folder.mkdir()
    (folder / "recipe.toml").write_text(RECIPE)
    model = PCA(shape=(57,), components=3)
    model.adapt(features(toy_events(200, seed=seed)))
    model.prepare((57,))
    model.save(folder / "model.keras")
    return Run(folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return made_run(tmp_path_factory.mktemp("runs") / "pca", seed=1)


@pytest.fixture
def data(tmp_path):
    """Three files of two layouts."""
    (tmp_path / "data").mkdir()
    hdf5(tmp_path / "data" / "a.h5", toy_events(30, seed=2))
    delphes(tmp_path / "data" / "b.root", toy_events(20, seed=3))
    numbered(tmp_path / "data" / "c.root", toy_events(10, seed=4))
    return tmp_path / "data"


def numbered(path, events):
    """NanoAOD with run, lumi block and event."""
    branches = branches_of(nanoaod(path.with_name("plain.root"), events), "Events")
    path.with_name("plain.root").unlink()
    entry = np.arange(len(events))
    branches["run"] = ak.Array(np.full(len(events), 7, np.uint32))
    branches["luminosityBlock"] = ak.Array((entry // 3).astype(np.uint32))
    branches["event"] = ak.Array((1000 + entry).astype(np.uint64))
    return tree(path, "Events", branches)


def found(run, *names):
    return files_named(map(str, names), run.recipe.samples.kind)


def read(path):
    with h5py.File(path) as file:
        return {name: values[()] for name, values in file.items()}


def expected(run, seed, n_events):
    return offshell.score(run.model, features(toy_events(n_events, seed=seed)))["mse"]


def test_every_file_gets_its_scores_and_what_identifies_its_events(run, data, tmp_path):
    parts = score_files(run, found(run, data), tmp_path / "out", options=Options())
    assert [(part.file.path.name, part.n_events, part.failure) for part in parts] == [
        ("a.h5", 30, None),
        ("b.root", 20, None),
        ("c.root", 10, None),
    ]
    a, b, c = (read(part.target) for part in parts)
    assert list(a) == ["entry", "mse", "2 * mse"]
    assert a["mse"].dtype == np.float32
    assert a["entry"].tolist() == list(range(30))
    # The longer file fills a batch of another length, so that sums are rounded in another order.
    np.testing.assert_allclose(a["mse"], expected(run, 2, 30), rtol=1e-5)
    np.testing.assert_allclose(b["mse"], expected(run, 3, 20), rtol=1e-5)
    np.testing.assert_array_equal(a["2 * mse"], 2 * a["mse"])
    assert c["run"].tolist() == [7] * 10
    assert c["lumi"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]
    assert c["event"].tolist() == list(range(1000, 1010))
    assert json.loads((tmp_path / "out" / FAILURES).read_text()) == []


def test_what_is_done_is_kept_and_what_changed_is_scored_again(run, data, tmp_path):
    out = tmp_path / "out"
    first = score_files(run, found(run, data), out, options=Options())
    times = {part.target: part.target.stat().st_mtime_ns for part in first}
    hdf5(data / "a.h5", toy_events(31, seed=9))
    second = score_files(run, found(run, data), out, options=Options())
    changed = [part.file.path.name for part in second if part.target.stat().st_mtime_ns != times[part.target]]
    assert changed == ["a.h5"]
    assert [part.n_events for part in second] == [31, 20, 10]


def test_other_options_give_other_scores_of_the_same_files(run, data, tmp_path):
    score_files(run, found(run, data / "a.h5"), tmp_path / "out", options=Options())
    (part,) = score_files(
        run, found(run, data / "a.h5"), tmp_path / "out", options=Options(precision="float64")
    )
    assert read(part.target)["mse"].dtype == np.float64


def test_scores_of_two_detectors_never_meet_in_a_folder(run, data, tmp_path):
    score_files(run, found(run, data), tmp_path / "out", options=Options())
    other = made_run(tmp_path / "other", seed=5)
    with pytest.raises(InputError, match="holds the scores of another detector"):
        score_files(other, found(run, data), tmp_path / "out", options=Options())


def test_a_bad_file_does_not_stop_the_others_and_can_be_tried_again(run, data, tmp_path):
    whole = (data / "b.root").read_bytes()
    (data / "b.root").write_bytes(whole[:200])
    out = tmp_path / "out"
    parts = score_files(run, found(run, data), out, options=Options())
    assert [part.failure is None for part in parts] == [True, False, True]
    (failure,) = json.loads((out / FAILURES).read_text())
    assert failure["file"] == str(data / "b.root")
    assert failure["reason"].startswith(f"Cannot read {data / 'b.root'}. Expected: a complete ROOT file.")
    assert not parts[1].target.exists()
    (data / "b.root").write_bytes(whole)
    again = score_files(run, found(run, data), out, options=Options(), retry=True)
    assert [(part.file.path.name, part.n_events) for part in again] == [("b.root", 20)]
    assert json.loads((out / FAILURES).read_text()) == []


@pytest.mark.parametrize("on_bad", ["nan", "drop"])
def test_impossible_events_are_marked_or_left_out_and_counted(run, tmp_path, on_bad):
    events = toy_events(40, seed=2)
    broken = events.copy()
    broken[3, 9] = [82_000, 0, 0, 4]
    path = hdf5(tmp_path / "a.h5", broken)
    (part,) = score_files(run, found(run, path), tmp_path / "out", options=Options(on_bad=on_bad))
    assert (part.n_bad, part.n_events) == (1, 40 if on_bad == "nan" else 39)
    scores = read(part.target)
    sound = np.arange(40) != 3
    assert scores["entry"].tolist() == (
        list(range(40)) if on_bad == "nan" else np.flatnonzero(sound).tolist()
    )
    kept = sound if on_bad == "nan" else slice(None)
    np.testing.assert_allclose(scores["mse"][kept], expected(run, 2, 40)[sound], rtol=1e-5)
    assert np.isnan(scores["mse"]).sum() == (on_bad == "nan")


def test_units_are_not_taken_for_bad_events(run, tmp_path):
    events = toy_events(40, seed=2)
    events[..., 0] *= 1000
    path = hdf5(tmp_path / "mev.h5", events)
    (part,) = score_files(run, found(run, path), tmp_path / "out", options=Options(on_bad="drop"))
    assert "perhaps MeV" in part.failure


def test_a_file_without_events_gives_scores_of_none(run, tmp_path):
    path = hdf5(tmp_path / "none.h5", np.empty((0, 19, 4), np.float32))
    (part,) = score_files(run, found(run, path), tmp_path / "out", options=Options())
    assert (part.n_events, part.failure) == (0, None)
    assert {name: len(values) for name, values in read(part.target).items()} == {"mse": 0, "2 * mse": 0}


def test_one_file_holds_the_scores_of_all_and_says_which_are_whose(run, data, tmp_path):
    hdf5(data / "empty.h5", np.empty((0, 19, 4), np.float32))
    hdf5(data / "d.h5", toy_events(5, seed=6))
    names = [data / "a.h5", data / "empty.h5", data / "d.h5"]
    parts = score_into_one(run, found(run, *names), tmp_path / "all.h5", options=Options())
    assert [part.n_events for part in parts] == [30, 0, 5]
    scores = read(tmp_path / "all.h5")
    assert scores["file"].tolist() == [0] * 30 + [1] * 5
    assert scores["entry"].tolist() == [*range(30), *range(5)]
    files = json.loads(attributes_of(tmp_path / "all.h5")["files"])
    assert files == [str(data / "a.h5"), str(data / "d.h5")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.h5", "data"]


class Elsewhere:
    """An executor that does the work when it is asked for, and not where it is given."""

    def __init__(self):
        self.n_given = 0

    def submit(self, function, *arguments):
        self.n_given += 1
        return type("Future", (), {"result": lambda _: function(*arguments)})()


def test_an_executor_gives_the_same_bits(run, data, tmp_path):
    executor = Elsewhere()
    here = score_files(run, found(run, data), tmp_path / "here", options=Options())
    there = score_files(run, found(run, data), tmp_path / "there", options=Options(), submit=executor.submit)
    assert executor.n_given == 3
    for one, other in zip(here, there, strict=True):
        assert one.target.name == other.target.name
        np.testing.assert_equal(read(one.target), read(other.target))


# The command line


def command(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["offshell", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_the_command_says_with_its_status_that_some_failed(run, data, tmp_path, monkeypatch, capsys):
    (data / "b.root").write_bytes(b"root, but not really")
    assert command(monkeypatch, "score", run.folder, data, "--out", tmp_path / "out") == 3
    assert f"Failed: Cannot read {data / 'b.root'}." in capsys.readouterr().err
    assert command(monkeypatch, "score", run.folder, data / "a.h5", "--out", tmp_path / "out") == 0
    assert command(monkeypatch, "score", run.folder, data / "b.root", "--out", tmp_path / "out") == 1
    assert "Nothing was scored." in capsys.readouterr().err


def test_what_cannot_be_is_refused_before_any_work(run, data, tmp_path, monkeypatch, capsys):
    words = ("score", run.folder, data / "a.h5")
    assert command(monkeypatch, *words, "--out", tmp_path / "x.h5", "--retry") == 1
    assert "--retry needs a folder" in capsys.readouterr().err
    assert command(monkeypatch, *words, "--out", tmp_path / "out", "--label", "qcd") == 1
    assert "Events have no labels." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# Names of files


def test_files_are_named_in_few_words(data, tmp_path):
    wanted = [data / name for name in ("a.h5", "b.root", "c.root")]
    (tmp_path / "list.txt").write_text(f"# those of today\n{data / 'b.root'}\n\n{data}/a*\n")

    def paths(*names):
        return [file.path for file in files_named(map(str, names), "events")]

    assert paths(data) == wanted
    assert paths(data / "*.root") == wanted[1:]
    assert paths(f"@{tmp_path / 'list.txt'}") == [wanted[1], wanted[0]]
    assert paths(data / "c.root", data) == [wanted[2], *wanted[:2]]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.root", r"Cannot read .*none\.root\. Expected: a file of events"),
        ("*.none", r"No file matches .*\*\.none"),
        ("@none.txt", r"Cannot read none\.txt\. Expected: a list of files"),
        ("https://example.org/a.root", "Files are read from this machine only"),
    ],
)
def test_names_of_nothing_are_refused(name, message):
    with pytest.raises(InputError, match=message):
        files_named([name], "events")


def test_an_empty_list_is_refused(tmp_path):
    (tmp_path / "list.txt").write_text("# none today\n")
    with pytest.raises(InputError, match="is empty"):
        files_named([f"@{tmp_path / 'list.txt'}"], "events")
