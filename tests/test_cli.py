"""What the command line decides by itself, before a function of the package is called."""

import sys

import pytest

from offshell import cli, recipe
from offshell.cli.frequency import frequency
from offshell.cli.runs import _names_of


def test_two_labels_of_one_file_get_two_folders():
    names = [
        _names_of(recipe.load("pca", changes=[f"samples.background={a}", f"samples.signals={b}"]))
        for a, b in (("jets.h5:qcd", "jets.h5:top"), ("jets.h5:top", "jets.h5:qcd"))
    ]
    assert names == ["qcd-finds-top", "top-finds-qcd"]


@pytest.mark.parametrize("name", ["rates.txt", "rates"])
def test_a_figure_of_unknown_kind_is_refused_before_any_work(name, monkeypatch, capsys):
    words = ["monitor", "no.h5", "--reference", "no.h5", "--score", "mse", "--rate", "1kHz", "--plot", name]
    monkeypatch.setattr(sys, "argv", ["offshell", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    assert capsys.readouterr().err.startswith(f"Error: Cannot draw {name}.")


def complaint(words, monkeypatch, capsys):
    """The one line that a mistake is answered with."""
    monkeypatch.setattr(sys, "argv", ["offshell", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    return line


@pytest.fixture
def float_run(tmp_path):
    """A run in hardware units that was trained and not compressed, as far as the commands look at it."""
    changes = ["inputs.units=hardware", "model.scaling=power-of-two"]
    (tmp_path / "recipe.toml").write_text(recipe.to_toml(recipe.load("l1-vae", changes=changes)))
    (tmp_path / "model.keras").touch()
    return tmp_path


@pytest.mark.parametrize("words", [["firmware", "--help"], ["firmware", "build", "--help"]])
def test_help_of_firmware(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["offshell", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 0
    assert ("check" if len(words) == 2 else "--rate") in capsys.readouterr().out


def test_a_folder_that_holds_no_design(tmp_path, monkeypatch, capsys):
    line = complaint(["firmware", "check", tmp_path], monkeypatch, capsys)
    assert line.startswith(f"Error: {tmp_path} holds no design.")


@pytest.mark.parametrize("rate", ["1kHzz", "-1kHz", "0", "1e", "kHz", "1 GHz"])
def test_a_rate_that_is_none(rate, float_run, monkeypatch, capsys):
    line = complaint(["firmware", float_run, f"--rate={rate}"], monkeypatch, capsys)
    assert line.endswith(f"such as 1kHz. Received: {rate!r}.")


@pytest.mark.parametrize(
    ("text", "hertz"),
    [("1kHz", 1e3), ("200 MHz", 2e8), ("750 Hz", 750.0), ("1.5e3 hz", 1.5e3), (" 2KHZ ", 2e3)],
)
def test_frequencies(text, hertz):
    assert frequency(text) == hertz


def test_a_run_is_not_compressed_into_itself(float_run, monkeypatch, capsys):
    line = complaint(["compress", float_run, "--out", float_run], monkeypatch, capsys)
    assert line.startswith("Error: A run cannot replace itself.")


def test_a_run_that_is_not_there(tmp_path, monkeypatch, capsys):
    line = complaint(["compress", tmp_path / "none"], monkeypatch, capsys)
    assert "none is not a complete run." in line
