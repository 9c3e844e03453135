"""What the command line decides by itself, before a function of the package is called."""

import subprocess
import sys

import pytest

from offshell import cli, recipe
from offshell.cli.carrying_out import names_of
from offshell.cli.options.frequency import frequency


def test_two_labels_of_one_file_get_two_folders():
    names = [
        names_of(recipe.load("pca", changes=[f"samples.background={a}", f"samples.signals={b}"]))
        for a, b in (("jets.h5:qcd", "jets.h5:top"), ("jets.h5:top", "jets.h5:qcd"))
    ]
    assert names == ["qcd-finds-top", "top-finds-qcd"]


@pytest.mark.parametrize("name", ["rates.txt", "rates"])
def test_a_figure_of_unknown_kind_is_refused_before_any_work(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "no.h5").touch()
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


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("pca", "pca is a recipe: offshell run pca."),
        ("a-4l", "a-4l is a process of events: offshell simulate events a-4l."),
        ("simulate qcd --out x.h5", "qcd is a process of jets: offshell simulate jets qcd."),
        ("simulate jets a-4l --out x.h5", "offshell simulate events a-4l."),
        ("simulate events qcd --out x.h5", "offshell simulate jets qcd."),
        ("run qcd", "qcd is a process of jets: offshell simulate jets qcd."),
        ("run pca --set samples.signals=a-4l", "offshell simulate events a-4l."),
        ("run MINE.TOML", "MINE.TOML (not text)"),
        ("run none.toml", "none.toml (No such file"),
        ("run here", "In that folder is here/recipe.toml."),
        ("run zzz", "Received: 'zzz'."),
        ("run pca --out MINE.TOML", "MINE.TOML is a file."),
        ("run pca --out .", "no run of Offshell."),
        ("both-ways pca qcd top --out MINE.TOML", "MINE.TOML is a file."),
        ("simulate jets qcd --out here", "existing folder."),
        ("simulate jets none.lhe --out x.h5", "No such file or directory: 'none.lhe'."),
        ("simulate events none.hepmc.gz --out x.h5", "No such file or directory: 'none.hepmc.gz'."),
        ("simulate jets qcd --mediator-mass 2000 --out x.h5", "Expected: dark_shower. Received: qcd."),
        ("simulate jets dark_shower --invisible-fraction 2 --out x.h5", "Expected: 0 to 1. Received: 2.0."),
        ("simulate jets qcd --soft-drop 0 1 --out x.h5", "Received: zcut=0.0, beta=1.0."),
        ("score here MINE.TOML --out here", "existing folder."),
        ("score here none.h5 --out x.h5", "Cannot read none.h5."),
        ("score here root://eos/x.root --out x.h5", "with xrdcp."),
        ("generate here --out MINE.TOML/x.h5", "MINE.TOML is a file."),
        ("evaluate there", "no such folder."),
        ("evaluate --background none.npy --signal none.npy", "Cannot read none.npy."),
        ("compare here there", "there is not a complete run."),
        ("rate there --rate 1kHz", "Cannot read there."),
        ("datasets compare none.h5 MINE.TOML", "Cannot read none.h5."),
        ("run pca --set samples.train=3", "samples.n_train. Received: samples.train."),
        ("report MINE.TOML", "a file."),
        ("compress here --out .", "no run of Offshell."),
        ("firmware here --out .", "no design of Offshell."),
        ("firmware check here", "here holds no design."),
    ],
)
def test_mistakes_are_answered_before_anything_slow_is_imported(words, answer, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "recipe.toml").touch()
    (tmp_path / "MINE.TOML").write_bytes(b"\xff\xfe")
    code = "import atexit, sys; from offshell.cli import main\n"
    code += (
        "atexit.register(lambda: print(*({'keras', 'jax', 'scipy', 'pythia8mc'} & set(sys.modules))))\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words.split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "\n")
    assert len(done.stderr.splitlines()) == 1
    assert answer in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["MINE.TOML", "here"]


def test_a_misspelt_command_of_firmware_is_no_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["offshell", "firmware", "chek", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert "Did you mean 'check'?" in capsys.readouterr().err
