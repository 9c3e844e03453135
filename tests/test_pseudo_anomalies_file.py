"""`offshell simulate pseudo-anomalies`: a file of jets with labels, or one line that says what is wrong."""

import sys

import h5py
import numpy as np
import pytest
from toy_jets import toy_jets

import offshell
from offshell import cli
from offshell.io.store import write_jets


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """With a file of background jets in it."""
    monkeypatch.chdir(tmp_path)
    write_jets("qcd.h5", [np.pad(toy_jets(100), ((0, 0), (0, 175), (0, 0)))], attributes={})
    return tmp_path


def call(words, monkeypatch, capsys):
    """The exit code and the lines of the error stream."""
    monkeypatch.setattr(sys, "argv", ["offshell", "simulate", "pseudo-anomalies", *words.split()])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return stopped.value.code, capsys.readouterr().err.strip().splitlines()


@pytest.mark.usefixtures("folder")
def test_the_file_holds_the_jets_of_the_function_and_their_labels(monkeypatch, capsys):
    options = "--events 100 --families matched,blobs --prongs 2,3 --mass 30 120 --radius 0.8 --seed 4"
    code, _ = call(f"qcd.h5 --out made.h5 {options}", monkeypatch, capsys)
    assert code == 0
    families = offshell.pseudo_anomalies.families_named(["matched", "blobs"])
    expected = offshell.pseudo_anomalies.jets(
        offshell.io.read_jets("qcd.h5"),
        100,
        prongs=(2, 3),
        mass=(30, 120),
        families=families,
        radius=0.8,
        seed=4,
    )
    np.testing.assert_array_equal(offshell.io.read_jets("made.h5"), expected.constituents)
    with h5py.File("made.h5") as file:
        np.testing.assert_array_equal(file["family"].asstr()[:], expected.family)
        np.testing.assert_array_equal(file["n_prongs"], expected.n_prongs)
        np.testing.assert_array_equal(file["mass"], expected.mass)
        assert file.attrs["background"] == "qcd.h5"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("qcd --out x.h5", "qcd is a process. Expected: a file of jets"),
        ("none.h5 --out x.h5", "Cannot read none.h5."),
        ("qcd.h5 --out qcd.h5", "qcd.h5 would be overwritten."),
        ("qcd.h5 --out x.h5 --families blob", "Unknown family. Did you mean 'blobs'?"),
        ("qcd.h5 --out x.h5 --families ,", "There is no family."),
        ("qcd.h5 --out x.h5 --prongs 2,x", "These are no whole numbers. Expected: such as 2,3,4."),
        ("qcd.h5 --out x.h5 --mass 200 100", "mass is no range."),
        ("qcd.h5 --out x.h5 --radius 0.8 --mass 500 600", "mass does not fit into the jets."),
        ("qcd.h5 --out x.h5 --events 0", "n_jets is not a valid count."),
        ("qcd.h5:top --out x.h5", "qcd.h5: no labels."),
    ],
)
def test_a_mistake_gets_one_line_and_no_file(words, message, folder, monkeypatch, capsys):
    code, lines = call(words, monkeypatch, capsys)
    assert code == 1
    assert [line for line in lines if line.startswith("Error: ")] == lines[-1:]
    assert lines[-1].startswith(f"Error: {message}")
    assert [path.name for path in folder.iterdir()] == ["qcd.h5"]
