"""Pairs of jets in files: what is written is read, events of the LHC Olympics are clustered, defects are named."""

import sys
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

from offshell import cli
from offshell.errors import InputError
from offshell.inputs.dijets import Dijets
from offshell.inputs.momenta import dijet_mass
from offshell.io import iter_dijets, read_dijets
from offshell.io.dijets.store import write_dijets

REAL = Path(__file__).parents[2] / "shared" / "data" / "real" / "lhco_tiny.h5"


def toy(n_events, seed=0):
    rng = np.random.default_rng(seed)
    constituents = np.zeros((n_events, 2, 200, 4), np.float32)
    constituents[:, :, :5] = rng.uniform(1, 2, (n_events, 2, 5, 4))
    jets = constituents.sum(axis=2)
    ones = np.ones(n_events, np.float32)
    return Dijets(constituents, jets, 3000 * ones, 1500 * ones, ones, np.zeros(n_events, np.int8))


def frame(path, n_events=4, *, label=True, n_particles=700):
    """Two clusters of ten massless particles, the second softer, in any order."""
    rng = np.random.default_rng(3)
    particles = np.zeros((n_events, n_particles, 3))
    particles[:, :20, 0] = np.repeat([[150.0, 120.0]], 10, axis=1)
    particles[:, :20, 1] = rng.normal(0, 0.1, (n_events, 20))
    particles[:, :20, 2] = np.repeat([[0.5, 0.5 - np.pi]], 10, axis=1) + rng.normal(0, 0.1, (n_events, 20))
    particles[:, :20] = particles[:, rng.permutation(20)]
    rows = particles.reshape(n_events, -1)
    if label:
        rows = np.column_stack([rows, np.arange(n_events) % 2])
    pd.DataFrame(rows).to_hdf(path, key="df", mode="w")
    return particles


def test_what_was_written_is_read(tmp_path):
    parts = [toy(3), toy(0), toy(2, seed=1)]
    assert write_dijets(tmp_path / "a.h5", parts, attributes={"process": "qcd"}) == 5
    found = read_dijets(tmp_path / "a.h5")
    np.testing.assert_array_equal(found.constituents[3:], parts[2].constituents)
    np.testing.assert_array_equal(found.label, np.zeros(5))
    assert len(read_dijets(tmp_path / "a.h5", start=1, stop=3)) == 2
    assert sum(map(len, iter_dijets(tmp_path / "a.h5"))) == 5
    with h5py.File(tmp_path / "a.h5") as file:
        assert file.attrs["process"] == "qcd"
        assert file["constituents"].dtype == np.float32


def test_nothing_is_left_behind_where_writing_fails(tmp_path):
    def broken():
        yield toy(2)
        raise RuntimeError("the simulation broke")

    with pytest.raises(RuntimeError, match="the simulation broke"):
        write_dijets(tmp_path / "a.h5", broken(), attributes={})
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="Received: 0"):
        write_dijets(tmp_path / "a.h5", [toy(0)], attributes={})


@pytest.mark.parametrize("label", [True, False])
def test_events_of_the_lhc_olympics_are_clustered(tmp_path, label):
    particles = frame(tmp_path / "events.h5", label=label)
    found = read_dijets(tmp_path / "events.h5")
    pt, eta, phi = np.moveaxis(particles[:, :20], -1, 0)
    four = np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1)
    hard = four[pt == 150].reshape(4, 10, 4)
    np.testing.assert_allclose(found.jets[:, 0], hard.sum(axis=1), rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(found.m_jj, dijet_mass(found.jets), rtol=1e-5)
    assert found.constituents.shape == (4, 2, 200, 4)
    assert np.all(np.count_nonzero(found.constituents[..., 0], axis=-1) == 10)
    assert found.label.tolist() == ([0, 1, 0, 1] if label else [-1] * 4)
    assert np.all(np.isnan(found.pt_hat))
    assert read_dijets(tmp_path / "events.h5", start=2).m_jj.tolist() == found.m_jj[2:].tolist()


def test_a_small_radius_splits_what_a_large_one_joins(tmp_path):
    frame(tmp_path / "events.h5")
    large, small = (read_dijets(tmp_path / "events.h5", radius=radius) for radius in (1.0, 0.05))
    assert np.all(small.jets[:, 0, 0] < large.jets[:, 0, 0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"jets": np.ones((3, 4))}, r"no pairs of jets. Expected: the data sets constituents, jets.* the keys jets\."),
        ({"m_jj": np.ones(3)}, r"wrong shape of constituents. Expected: \(3, 2, particles, 4\). Received: no such"),
        ({"m_jj": np.ones(0)}, "no events. Expected: at least one. Received: 0"),
    ],
)  # fmt: skip
def test_files_of_something_else_are_refused(tmp_path, content, said):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, values in content.items():
            file[name] = values
    with pytest.raises(InputError, match=said):
        read_dijets(tmp_path / "a.h5")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            np.ones((2, 5)),
            "Expected: pt, eta, phi of each particle, and perhaps a label. Received: 5 columns",
        ),
        (np.full((2, 6), np.nan), "not a number. Expected: finite pt, eta, phi"),
        (-np.ones((2, 6)), "impossible pt. Expected: 0 to 14000 GeV. Received: -1 to -1"),
        (1e6 * np.ones((2, 6)), r"impossible pt.* Received: 1e\+06"),
    ],
)
def test_frames_of_something_else_are_refused(tmp_path, rows, said):
    pd.DataFrame(rows).to_hdf(tmp_path / "a.h5", key="df", mode="w")
    with pytest.raises(InputError, match=said):
        read_dijets(tmp_path / "a.h5")


def test_ranges_without_events_are_refused(tmp_path):
    frame(tmp_path / "events.h5")
    with pytest.raises(InputError, match=r"no events left. Expected: at least one from 9 to None"):
        read_dijets(tmp_path / "events.h5", start=9)
    with pytest.raises(InputError, match=r"Expected: 0 <= start < stop. Received: start=-1"):
        read_dijets(tmp_path / "events.h5", start=-1)
    with pytest.raises(InputError, match="Received: no such file"):
        read_dijets(tmp_path / "nowhere.h5")


@pytest.mark.skipif(not REAL.exists(), reason="the first thousand events of the LHC Olympics are not here")
def test_the_real_events_are_what_is_pinned():
    # Of events_anomalydetection_v2.h5, doi:10.5281/zenodo.6466204, CC-BY-4.0, clustered by version 0.2 of Offshell.
    found = read_dijets(REAL)
    assert len(found) == 1000
    assert found.label.sum() == 93
    assert found.jets[:, 0, 1:3].shape == (1000, 2)
    assert np.hypot(*found.jets[:, 0, 1:3].T).min() == pytest.approx(1200, abs=0.05)  # the trigger
    assert np.median(found.m_jj[found.label == 0]) == pytest.approx(3039.11, rel=1e-5)
    assert np.median(found.m_jj[found.label == 1]) == pytest.approx(3465.67, rel=1e-5)


def test_the_command_writes_a_file_that_can_be_read(tmp_path, monkeypatch, capsys):
    path = tmp_path / "xy.h5"
    words = "simulate dijets xy --events 5 --prongs 3 --mass 3000 --workers 1 --out"
    monkeypatch.setattr(sys, "argv", ["offshell", *words.split(), str(path)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert not stopped.value.code
    assert capsys.readouterr().out == f"{path}\n"
    found = read_dijets(path)
    assert len(found) == 5
    assert np.all(found.label == 1)
    with h5py.File(path) as file:
        assert file.attrs["title"] == "W'(3 TeV) -> X(500 GeV) Y(100 GeV), each to 3 quarks"
        assert (file.attrs["detector"], file.attrs["seed"]) == ("CMS", 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("qcd --mass 3000", "mass is no option of this process. Expected: xy, wz, tt, hh. Received: qcd."),
        ("tt --prongs 3", "prongs is no option of this process. Expected: xy. Received: tt."),
        ("top", "top is a process of jets: offshell simulate jets top. Expected: a process of dijets: qcd,"),
    ],
)
def test_options_that_a_process_has_not_are_refused(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", ["offshell", "simulate", "dijets", *words.split(), "--out", str(tmp_path / "a.h5")]
    )
    with pytest.raises(SystemExit):
        cli.main()
    assert said in capsys.readouterr().err
