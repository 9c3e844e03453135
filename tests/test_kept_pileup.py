"""A library is simulated once, whoever asks, and again when what it is made of changes."""

from multiprocessing import get_context

import numpy as np
import pytest

from offshell.simulate.detector import kept_pileup
from offshell.simulate.detector.kept_pileup import cache_folder, kept


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """The folder of the cache, and what was simulated."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return []


def simulated(calls, value=1.0):
    def simulate():
        calls.append(value)
        return {"x": np.array([value])}

    return simulate


def test_the_second_time_it_is_read(calls, tmp_path):
    first, again = (kept("a", simulated(calls)) for _ in range(2))
    np.testing.assert_array_equal(first["x"], again["x"])
    assert calls == [1.0]
    assert cache_folder().is_relative_to(tmp_path)


def test_other_settings_and_other_code_are_simulated(calls, monkeypatch):
    kept("a", simulated(calls))
    kept("b", simulated(calls, 2.0))
    monkeypatch.setattr(kept_pileup, "version", lambda name: f"another {name}")
    kept("a", simulated(calls, 3.0))
    assert calls == [1.0, 2.0, 3.0]


def test_a_damaged_file_is_made_again(calls):
    kept("a", simulated(calls))
    (path,) = cache_folder().glob("*.npz")
    path.write_bytes(path.read_bytes()[:50])
    assert kept("a", simulated(calls, 2.0))["x"] == 2.0
    assert kept("a", simulated(calls, 3.0))["x"] == 2.0


def test_where_nothing_can_be_written_it_is_simulated(calls, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert kept("a", simulated(calls))["x"] == 1.0


def _ask(folder, results):
    def simulate():
        with (folder / "made").open("a") as file:
            file.write("x")
        return {"x": np.zeros(1_000_000)}

    results.put(len(kept("a", simulate)["x"]))


def test_several_processes_at_once_simulate_once(calls, tmp_path):  # noqa: ARG001 - sets the folder
    context = get_context("spawn")  # JAX, which other tests have imported, does not like to be forked
    results = context.Queue()
    processes = [context.Process(target=_ask, args=(tmp_path, results)) for _ in range(3)]
    for process in processes:
        process.start()
    assert [results.get(timeout=120) for _ in processes] == [1_000_000] * 3
    for process in processes:
        process.join()
    assert (tmp_path / "made").read_text() == "x"
