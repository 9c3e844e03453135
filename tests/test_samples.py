"""Samples by name: when a simulated file is used again."""

import event_files
import h5py
import numpy as np
import pytest

from offshell import __version__
from offshell.errors import InputError
from offshell.io.store import write_jets
from offshell.recipe import load_draft
from offshell.run.provided import refuse_missing
from offshell.samples import samples
from offshell.samples.samples import Sample

SIMULATION = {"process": "a-4l", "seed": 1, "pileup": 20.0}


@pytest.mark.parametrize(
    ("kept", "n_events", "used"),
    [
        ({}, 3, True),
        ({}, 4, False),
        ({"offshell_version": "0.0.1"}, 3, False),
        ({"seed": 2}, 3, False),
        ({"pileup": 0.0}, 3, False),
    ],
)
def test_a_file_is_used_again_if_it_is_long_enough_and_of_the_same_simulation(
    kept, n_events, used, tmp_path, monkeypatch
):
    path, simulated = tmp_path / "events.h5", []
    with h5py.File(path, "w") as file:
        file.attrs.update({"offshell_version": __version__, **SIMULATION, **kept})
        file["Particles"] = np.zeros((3, 19, 4))
    monkeypatch.setattr(samples, "simulate_events", lambda **options: simulated.append(options))
    Sample("a-4l", path, "events", simulation=SIMULATION).provide(n_events)
    assert bool(simulated) is not used


@pytest.mark.parametrize(("pt", "used"), [((550.0, 650.0), True), ((900.0, 1100.0), False)])
def test_jets_of_another_pt_are_simulated_anew(pt, used, tmp_path, monkeypatch):
    asked, simulated = {"process": "qcd", "seed": 1, "detector": "ATLAS"}, []
    path = tmp_path / "jets.h5"
    write_jets(path, [np.ones((3, 200, 4))], attributes={**asked, "pt": (550.0, 650.0)})
    monkeypatch.setattr(samples, "simulate_jets", lambda **options: simulated.append(options))
    Sample("qcd", path, "jets", simulation={**asked, "pt": pt}).provide(3)
    assert bool(simulated) is not used


def test_samples_of_different_layouts_are_refused_unless_asked_for(tmp_path):
    events = event_files.toy_events(30)
    first = event_files.hdf5(tmp_path / "first.h5", events)
    second = event_files.delphes(tmp_path / "second.root", events)
    changes = [
        f"samples.background={first}",
        f"samples.signals={second}",
        *(f"samples.{key}=10" for key in ("n_train", "n_test", "n_signal")),
    ]
    with pytest.raises(InputError, match=r"first: ADC2021 HDF5; second: Delphes"):
        refuse_missing(load_draft("l1-ae", changes=changes))
    refuse_missing(load_draft("l1-ae", changes=[*changes, "samples.mixed_layouts=true"]))
