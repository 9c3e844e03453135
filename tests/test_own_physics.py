"""What the page on simulation says about your own physics runs as it stands there."""

import gzip
import re
import shlex
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from collision_files import lhe_text, write_hepmc

from offshell.cli import main
from offshell.io import read_events, read_jet_columns, read_jets
from offshell.simulate import given_process
from offshell.simulate.generator.pythia import collisions

PAGE = (Path(__file__).parent.parent / "docs" / "simulation.md").read_text()
SECTION = PAGE.split("## Your own physics\n")[1].split("\n## ")[0]
PYTHON = re.findall(r"^```python\n(.*?)^```", SECTION, flags=re.MULTILINE | re.DOTALL)
(COMMANDS,) = re.findall(r"^```bash\n(.*?)^```", SECTION, flags=re.MULTILINE | re.DOTALL)

# A W beside a jet: leptons for the trigger, and jets.
MY_CMND = """WeakBosonAndParton:qqbar2Wg = on
WeakBosonAndParton:qg2Wq = on
PhaseSpace:pTHatMin = 330
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my.cmnd").write_text(MY_CMND)
    Path("events.lhe.gz").write_bytes(gzip.compress(lhe_text(25, pt=370.0).encode()))
    write_hepmc("events.hepmc", next(collisions(given_process("my.cmnd"), seed=1)))
    return tmp_path


@pytest.mark.slow  # ten seconds each; the commands below go through the same
@pytest.mark.parametrize("block", PYTHON)
def test_examples_in_python(block):
    scope = {}
    exec(block, scope)  # noqa: S102 - its own
    if "found" in scope:
        assert scope["found"].shape == (20, 200, 4)
    else:
        assert 1 < scope["n_dark"][0] < 30


@pytest.mark.usefixtures("folder")
def test_commands(monkeypatch, capsys):
    for command in COMMANDS.splitlines():
        words = shlex.split(command)
        monkeypatch.setattr(sys, "argv", [*words, "--workers", "1"])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0, capsys.readouterr().err
    assert read_jets("settings.h5").shape == (20, 200, 4)
    with h5py.File("settings.h5") as settings, h5py.File("showered.h5") as showered:
        assert (settings.attrs["energy"], settings.attrs["multiparton"]) == (13.6, True)
        assert (settings.attrs["lifetime_max"], showered.attrs["lifetime_max"]) == (0, 10)
        assert settings.attrs["settings"] == MY_CMND.strip()
    showered = read_jet_columns("showered.h5")
    assert {"soft_drop_mass", "constituent_charge"} < set(showered)
    assert len(showered["flavor"]) == len(read_jets("showered.h5")) > 3
    assert np.isnan(read_jet_columns("detected.h5")["pt_hat"]).all()
    assert read_events("events.h5").shape == (5, 19, 4)
