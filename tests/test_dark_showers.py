"""How many dark mesons are seen, and how heavy what they are from is."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.simulate import PROCESSES, dark_shower
from offshell.simulate.generator.processes.dark_showers import DARK_MESONS
from offshell.simulate.generator.pythia import collisions


def test_the_named_process_is_that_of_the_defaults():
    named = PROCESSES["dark_shower"]
    assert dark_shower() == named
    assert dark_shower(invisible_fraction=0.3, mediator_mass=1500) == named
    assert dark_shower(invisible_fraction=0.4).name != named.name


@pytest.mark.parametrize("fraction", [0.0, 0.5, 1.0])
def test_the_fraction_of_dark_mesons_goes_out_of_sight(fraction):
    batch = next(collisions(dark_shower(invisible_fraction=fraction), seed=2))
    code = np.abs(batch.particles.pdg_id)
    # A meson is in the record twice where recoil moved it; only the last copy has daughters of another kind.
    mothers = batch.mother[(code == 51) | (code <= 5)]
    decayed = np.unique(mothers[np.isin(code[mothers], DARK_MESONS)])
    hidden = np.unique(batch.mother[code == 51])
    share = len(hidden) / len(decayed)
    # Two standard deviations of some 500 mesons.
    assert share == pytest.approx(fraction, abs=0.05 if 0 < fraction < 1 else 0)


def test_the_mediator_has_its_mass_and_jets_their_share_of_it():
    process = dark_shower(mediator_mass=3000)
    assert process.jet_pt == (1100, 1300)
    batch = next(collisions(process, seed=2))
    mediator = batch.particles.where(batch.particles.pdg_id == 4900023)
    p2 = np.sum(mediator.momentum[:, 1:] ** 2, axis=1)
    mass = np.sqrt(mediator.momentum[:, 0] ** 2 - p2)
    assert np.median(mass) == pytest.approx(3000, rel=0.01)  # the width is one per cent


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"invisible_fraction": 1.1}, "invisible_fraction is out of range. Expected: 0 to 1. Received: 1.1"),
        ({"mediator_mass": 50}, "mediator_mass is out of range. Expected: 100 to 10000. Received: 50"),
    ],
)
def test_what_cannot_be_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        dark_shower(**options)
