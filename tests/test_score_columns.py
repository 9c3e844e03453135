"""Scores of other programs: each format gives the same columns, and the command gives the same tables."""

import json
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from offshell import cli
from offshell.errors import InputError
from offshell.evaluate import compare
from offshell.io.score_columns import only_scores, read_columns
from offshell.run.score_files import read_samples

COLUMNS = {"mse": np.array([1.0, 2.5, 3.0]), "bits": np.array([1, 4, 9])}
IDENTITY = {"run": np.array([1, 1, 1]), "Event": np.array([5, 6, 7])}


def numpy_fields(path):
    names = [*COLUMNS, *IDENTITY]
    table = np.rec.fromarrays([(COLUMNS | IDENTITY)[name] for name in names], names=names)
    np.save(path, np.asarray(table))


def hdf5(path):
    with h5py.File(path, "w") as file:
        for name, values in (COLUMNS | IDENTITY).items():
            file[name] = values
        file.create_group("about")


def csv(path):
    table = np.stack(list((COLUMNS | IDENTITY).values()), axis=1)
    np.savetxt(path, table, delimiter=",", header=", ".join([*COLUMNS, *IDENTITY]), comments="")


def parquet(path):
    arrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(
        arrow.table(COLUMNS | IDENTITY | {"name": ["a", "b", "c"]}), path
    )


def root(path):
    uproot = pytest.importorskip("uproot")
    with uproot.recreate(path) as file:
        file["scores"] = COLUMNS | IDENTITY


@pytest.mark.parametrize(
    ("write", "suffix"),
    [(numpy_fields, "npy"), (hdf5, "h5"), (csv, "csv"), (parquet, "parquet"), (root, "root")],
)
def test_every_format_gives_the_scores_and_leaves_out_which_event_it_is(write, suffix, tmp_path):
    path = tmp_path / f"s.{suffix}"
    write(path)
    found = only_scores(read_columns(path))
    assert set(found) == set(COLUMNS)
    for name, values in COLUMNS.items():
        assert found[name].tolist() == values.tolist()


def test_columns_without_names_are_numbered(tmp_path):
    np.save(tmp_path / "one.npy", COLUMNS["mse"])
    np.save(tmp_path / "two.npy", np.ones((3, 2)))
    (tmp_path / "plain.csv").write_text("1.5\n2.5\n")
    assert read_columns(tmp_path / "one.npy")["score"].tolist() == [1, 2.5, 3]
    assert list(read_columns(tmp_path / "two.npy")) == ["score_1", "score_2"]
    assert read_columns(tmp_path / "plain.csv")["score"].tolist() == [1.5, 2.5]


def broken(path):
    path.write_bytes(b"\x93NUMPY no more")


def words(path):
    np.save(path, np.array(["a", "b"]))


def objects(path):
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)


@pytest.mark.parametrize(
    ("write", "name", "message"),
    [
        (broken, "b.npy", "complete npy file"),
        (objects, "o.npy", "complete npy file"),
        (words, "w.npy", r"holds no scores.*Received: score <U1 \(2,\)"),
        (broken, "b.h5", "not HDF5"),
        (broken, "b.txt", r"Expected: a file \.npy.*Received: \.txt"),
        (lambda path: path, "nothing.npy", "no such file"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(write, name, message, tmp_path):
    write(tmp_path / name)
    with pytest.raises(InputError, match=message) as caught:
        read_columns(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(1)
    np.save(tmp_path / "b.npy", rng.normal(size=2000))
    np.save(tmp_path / "s.npy", rng.normal(1, size=500))
    return tmp_path / "b.npy", tmp_path / "s.npy"


def called(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["offshell", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return stopped.value.code, capsys.readouterr()


def test_the_command_gives_the_numbers_of_compare_and_a_page(files, tmp_path, monkeypatch, capsys):
    background, signal = files
    words = ["evaluate", "--background", background, "--signal", f"new={signal}", "--signal", signal]
    _, shown = called([*words, "--json"], monkeypatch, capsys)
    found = json.loads(shown.out)
    expected = compare({"score": np.load(background)}, {"new": {"score": np.load(signal)}})
    assert found["new"] == found["s"] == json.loads(json.dumps(expected["new"]))
    _, shown = called([*words, "--report", tmp_path / "page.html"], monkeypatch, capsys)
    assert "Finding new" in shown.out
    page = (tmp_path / "page.html").read_text()
    assert "Offshell does not know how they were made" in page
    assert "The detector learned from" not in page
    assert "<pre>" not in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Expected: a RUN, or --background and --signal. Received: neither."),
        (["runs/demo", "--background", "b.npy"], "Received: both."),
        (["--background", "b.npy"], "at least one signal. Received: b."),
    ],
)
def test_what_is_missing_is_said(words, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("runs/demo").mkdir(parents=True)
    for path in ("b.npy", "runs/demo/recipe.toml"):
        Path(path).touch()
    code, shown = called(["evaluate", *words], monkeypatch, capsys)
    assert code == 1
    assert message in shown.err


def test_samples_need_names_and_the_same_scores(files, tmp_path):
    background, signal = files
    with pytest.raises(InputError, match=r"different names.*Received: b, b"):
        read_samples(background, [f"b={signal}"])
    np.save(tmp_path / "wide.npy", np.ones((5, 2)))
    scores = read_samples(background, [str(tmp_path / "wide.npy")])
    with pytest.raises(
        InputError, match=r"Scores of wide differ.*Expected: score\. Received: score_1, score_2"
    ):
        compare(scores["b"], {"wide": scores["wide"]})
