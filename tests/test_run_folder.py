"""What may be written into a folder, and by how many commands at a time."""

import json
import os
import signal
import subprocess
import sys

import pytest

from offshell import __version__, recipe
from offshell.cli import carrying_out
from offshell.errors import InputError
from offshell.run.folder import (
    clear,
    goes_on,
    is_finished,
    refuse_foreign,
    refuse_other_design,
    refuse_other_recipe,
)
from offshell.run.lock import LOCK, locked, refuse_busy


def l1_ae(*changes):
    return recipe.load("l1-ae", changes=changes)


@pytest.fixture
def unfinished(tmp_path):
    """A run that was stopped after its training, with something of the user beside it."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "environment.json").write_text(json.dumps({"offshell": __version__}))
    (folder / "recipe.toml").write_text(recipe.to_toml(l1_ae()))
    for name in ("model.keras", "history.json", "scores-1.h5", "scores-2.h5", "scores-2016.h5", "notes.txt"):
        (folder / name).touch()
    return folder


@pytest.fixture
def finished(unfinished):
    (unfinished / "report.html").touch()
    return unfinished


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_new_or_empty_folder_is_taken(overwrite, tmp_path):
    assert not goes_on(tmp_path / "new" / "run", l1_ae(), overwrite=overwrite)
    assert not goes_on(tmp_path, l1_ae(), overwrite=overwrite)
    assert names(tmp_path) == []


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("name", ["thesis.tex", "report.html", "model.keras", ".git", "recipe.toml"])
def test_a_folder_with_anything_else_is_never_taken(overwrite, name, tmp_path):
    (tmp_path / name).touch()
    with pytest.raises(InputError, match=rf"no run of Offshell\. .* Received: a folder with {name}"):
        goes_on(tmp_path, l1_ae(), overwrite=overwrite)
    with pytest.raises(InputError, match="no run of Offshell"):
        refuse_foreign(tmp_path)


@pytest.mark.parametrize("content", ["{}", "[]", "not JSON", '{"keras": "3"}'])
def test_an_environment_of_something_else_makes_no_run(content, tmp_path):
    (tmp_path / "environment.json").write_text(content)
    with pytest.raises(InputError, match="no run of Offshell"):
        goes_on(tmp_path, l1_ae(), overwrite=True)


@pytest.mark.parametrize("taken", ["taken", "taken/run"])
def test_a_file_is_no_folder(taken, tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(InputError, match="taken is a file"):
        goes_on(tmp_path / taken, l1_ae(), overwrite=True)


def test_an_unfinished_run_goes_on_if_the_recipe_is_the_same(unfinished):
    assert goes_on(unfinished, l1_ae(), overwrite=False)
    assert not goes_on(unfinished, l1_ae(), overwrite=True)


@pytest.mark.parametrize(
    ("change", "held", "wanted"),
    [
        ("train.epochs=999", "train.epochs", "999"),
        ("evaluate.score=mse", "evaluate.score = none", "mse"),
        ("samples.n_test=7", "samples.n_test", "7"),
    ],
)
def test_an_unfinished_run_of_another_recipe_is_left_alone(change, held, wanted, unfinished):
    with pytest.raises(
        InputError, match=rf"another run\. Expected: {held}.*--overwrite.* Received: {wanted}"
    ):
        goes_on(unfinished, l1_ae(change), overwrite=False)
    assert not goes_on(unfinished, l1_ae(change), overwrite=True)


def test_a_run_of_another_version_is_not_gone_on_with(unfinished):
    (unfinished / "environment.json").write_text(json.dumps({"offshell": "0.0.1"}))
    with pytest.raises(InputError, match=r"offshell = 0\.0\.1 to go on"):
        refuse_other_recipe(unfinished, l1_ae())


def test_a_finished_run_is_replaced_only_when_told_so(finished):
    assert is_finished(finished)
    with pytest.raises(InputError, match=r"finished run\. Expected: another folder, or --overwrite"):
        goes_on(finished, l1_ae(), overwrite=False)
    assert not goes_on(finished, l1_ae(), overwrite=True)


def test_a_run_without_its_recipe_begins_anew(unfinished):
    (unfinished / "recipe.toml").unlink()
    assert not goes_on(unfinished, l1_ae(), overwrite=False)


def test_only_the_files_of_a_run_are_removed(finished):
    (finished / "firmware").mkdir()
    (finished / "firmware" / "mine.vhd").touch()
    clear(finished)
    assert names(finished) == ["environment.json", "firmware", "notes.txt", "scores-2016.h5"]
    (finished / "firmware" / "design.json").touch()
    clear(finished)
    assert "firmware" not in names(finished)


@pytest.mark.parametrize("content", ["", "{}", '{"provenance": 1}'])
def test_a_design_takes_no_folder_of_something_else(content, tmp_path):
    (tmp_path / "design.json").write_text(content)
    with pytest.raises(InputError, match="no design of Offshell"):
        refuse_other_design(tmp_path, tmp_path / "run")


def test_a_design_replaces_only_one_of_the_same_run(tmp_path):
    run, other, design = tmp_path / "run", tmp_path / "other", tmp_path / "design"
    refuse_other_design(design, run)
    design.mkdir()
    (design / "design.json").write_text(json.dumps({"provenance": {"run": str(run)}}))
    refuse_other_design(design, run)
    with pytest.raises(InputError, match=f"another run.* Received: that of {run}"):
        refuse_other_design(design, other)


def test_the_design_in_the_folder_of_a_run_is_its_own_also_after_a_move(tmp_path):
    design = tmp_path / "moved" / "firmware"
    design.mkdir(parents=True)
    (design / "design.json").write_text(json.dumps({"provenance": {"run": "/where/it/was"}}))
    refuse_other_design(design, tmp_path / "moved")


HOLD = """
import sys, time
from pathlib import Path
from offshell.run.lock import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that works in the folder."""
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path / "run"], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"locked\n"
        yield process
        process.kill()


def test_the_second_command_in_a_folder_is_refused(holder, tmp_path):
    with (
        pytest.raises(InputError, match=f"in use.* Received: process {holder.pid} works"),
        locked(tmp_path / "run"),
    ):
        pass
    with pytest.raises(InputError, match="in use"):
        refuse_busy(tmp_path / "run")


def test_no_lock_is_left_behind_by_a_process_that_was_killed(holder, tmp_path):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert names(tmp_path / "run") == [LOCK]
    refuse_busy(tmp_path / "run")
    with locked(tmp_path / "run"):
        assert (tmp_path / "run" / LOCK).read_text() == str(os.getpid())


def test_an_unused_folder_is_removed_and_a_used_one_keeps_no_lock(tmp_path):
    with locked(tmp_path / "unused"):
        pass
    with locked(tmp_path / "used"):
        (tmp_path / "used" / "result").touch()
    assert names(tmp_path) == ["used"]
    assert names(tmp_path / "used") == ["result"]


def test_a_lock_that_was_removed_meanwhile_is_taken_anew(tmp_path, monkeypatch):
    flock = []

    def removed_first(_file, operation):
        flock.append(operation)
        if len(flock) == 1:
            (tmp_path / LOCK).unlink()

    monkeypatch.setattr("fcntl.flock", removed_first)
    with locked(tmp_path):
        assert len(flock) == 2
        assert (tmp_path / LOCK).exists()


def test_a_file_system_without_locks_is_used_with_a_warning(tmp_path, monkeypatch, caplog):
    def impossible(_file, _operation):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", impossible)
    with locked(tmp_path):
        assert "start no other command" in caplog.text


@pytest.fixture
def carried_out(monkeypatch):
    """The folders of the runs that a command would carry out."""
    folders = []
    monkeypatch.setattr(carrying_out, "carried_out", lambda _, folder, **_options: folders.append(folder))
    return folders


def test_both_ways_takes_a_finished_run_as_it_is_while_the_other_is_not(finished, carried_out, tmp_path):
    wanted = {finished: l1_ae(), tmp_path / "other": l1_ae()}
    first, _ = carrying_out.both_carried_out(wanted, overwrite=False)
    assert first.folder == finished
    assert carried_out == [tmp_path / "other"]
    carrying_out.both_carried_out(wanted, overwrite=True)
    assert carried_out[1:] == list(wanted)


def test_both_ways_refuses_before_the_first_run(finished, carried_out, tmp_path):
    for recipes in (l1_ae("train.epochs=999"), l1_ae()):
        taken = tmp_path / "taken"
        taken.mkdir(exist_ok=True)
        (taken / "thesis.tex").touch()
        with pytest.raises(InputError):
            carrying_out.both_carried_out({finished: recipes, taken: recipes}, overwrite=False)
    with pytest.raises(InputError, match="finished run"):
        carrying_out.both_carried_out({finished: l1_ae()}, overwrite=False)
    assert carried_out == []
