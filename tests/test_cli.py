"""What the command line decides by itself, before a function of the package is called."""

import sys

import pytest

from offshell import cli, recipe


def test_two_labels_of_one_file_get_two_folders():
    names = [
        cli._names_of(recipe.load("pca", changes=[f"samples.background={a}", f"samples.signals={b}"]))
        for a, b in (("jets.h5:qcd", "jets.h5:top"), ("jets.h5:top", "jets.h5:qcd"))
    ]
    assert names == ["qcd-finds-top", "top-finds-qcd"]


@pytest.mark.parametrize("name", ["rates.txt", "rates"])
def test_a_figure_of_unknown_kind_is_refused_before_any_work(name, monkeypatch, capsys):
    words = ["monitor", "no.h5", "--reference", "no.h5", "--score", "mse", "--rate", "1e3", "--plot", name]
    monkeypatch.setattr(sys, "argv", ["offshell", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    assert capsys.readouterr().err.startswith(f"Error: Cannot draw {name}.")
