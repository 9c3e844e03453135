"""What is known of a jet beside its constituents, where the answer is known."""

import dataclasses

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.simulate import PROCESSES, SoftDrop
from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.generator.particles import Particles
from offshell.simulate.generator.pythia import OUTGOING
from offshell.simulate.generator.records import Collisions
from offshell.simulate.large_radius.conditions import Conditions
from offshell.simulate.large_radius.details import details, soft_drop_mass
from offshell.simulate.large_radius.leading_jets import leading_jets


def massless(pt, eta, phi):
    pt, eta, phi = (np.asarray(column, dtype=float) for column in (pt, eta, phi))
    return np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1)


def jets_of(momentum, pdg_id, event=None):
    event = np.zeros(len(momentum), int) if event is None else np.array(event)
    return leading_jets(EnergyFlow(event, momentum, np.array(pdg_id)), radius=0.8, pt_min=10.0)


def two_prongs(share, distance):
    return jets_of(massless([100 * (1 - share), 100 * share], [0, 0], [0, distance]), [0, 0])


@pytest.mark.parametrize(
    ("share", "cut", "is_kept"),
    [
        (0.12, SoftDrop(0.1, 0.0), True),
        (0.08, SoftDrop(0.1, 0.0), False),
        # 0.1 * 0.4 / 0.8 = 0.05
        (0.06, SoftDrop(0.1, 1.0), True),
        (0.045, SoftDrop(0.1, 1.0), False),
        # 0.1 * (0.4 / 0.8)^-1 = 0.2
        (0.18, SoftDrop(0.1, -1.0), False),
    ],
)
def test_soft_drop_keeps_a_branch_above_the_cut(share, cut, is_kept):
    jet = two_prongs(share, distance=0.4)
    mass = np.sqrt(2 * 100**2 * share * (1 - share) * (1 - np.cos(0.4)))
    np.testing.assert_allclose(
        soft_drop_mass(jet, cut, 0.8), [mass if is_kept else 0.0], rtol=1e-5, atol=1e-3
    )


def test_no_jets_have_no_soft_drop_mass():
    assert soft_drop_mass(two_prongs(0.5, 0.4).where(np.array([False])), SoftDrop(), 0.8).shape == (0,)


@pytest.mark.parametrize("zcut", [0.0, 0.5, -1.0, float("nan")])
def test_a_cut_that_all_or_no_branches_pass_is_refused(zcut):
    with pytest.raises(InputError, match=r"zcut between 0 and 0\.5"):
        SoftDrop(zcut)


@pytest.mark.parametrize(
    "option", [{"radius": 0.0}, {"eta_max": 6.0}, {"pileup": -1.0}, {"radius": float("nan")}]
)
def test_conditions_of_no_detector_are_refused(option):
    with pytest.raises(InputError, match=f"{next(iter(option))} is out of range"):
        Conditions(**option)


@pytest.fixture
def batch():
    """A gluon and a quark, back to back, and two dark mesons, one of them far away; a second collision with nothing."""
    momentum = massless([600, 590, 20, 20], [0.1, 0, 0.5, 2.0], [0.0, np.pi, 0.3, 0.3])
    status = np.array([OUTGOING, -OUTGOING, -2, -2])
    particles = Particles(np.zeros(4, int), np.array([21, -3, 4900111, -4900211]), momentum, np.zeros((4, 3)))
    return Collisions(2, np.ones(2), np.array([595.0, 400.0]), status, np.arange(4), particles)


@pytest.fixture
def found():
    return jets_of(
        massless([300, 299, 500], [0.1, 0.2, 0.0], [0.0, 0.1, 1.0]), [211, 0, -11], event=[0, 0, 1]
    )


def test_flavor_pt_hat_and_dark_hadrons_are_those_of_the_event(batch, found):
    columns = details(found, batch, PROCESSES["qcd"], Conditions())
    assert {name: column.tolist() for name, column in columns.items()} == {
        "pt_hat": [595.0, 400.0],
        "flavor": [21, 0],
        "n_dark_hadrons": [1, 0],
        "weight": [1.0, 1.0],
    }
    assert details(found, batch, PROCESSES["top"], Conditions())["flavor"].tolist() == [6, 6]


def test_the_nearest_particle_gives_the_flavor(batch, found):
    nearer = dataclasses.replace(
        batch.particles, momentum=massless([600, 590, 20, 20], [0.1, 0.16, 0.5, 2], [0.3, 0.05, 0.3, 0.3])
    )
    columns = details(found, dataclasses.replace(batch, particles=nearer), PROCESSES["qcd"], Conditions())
    assert columns["flavor"].tolist() == [-3, 0]


def test_identities_are_in_the_order_of_the_constituents(batch, found):
    columns = details(found, batch, PROCESSES["qcd"], Conditions(identities=True, soft_drop=SoftDrop()))
    assert columns["constituent_charge"].shape == (2, 200)
    assert columns["constituent_charge"][:, :3].tolist() == [[1, 0, 0], [1, 0, 0]]
    assert columns["constituent_pdg_id"][:, :3].tolist() == [[211, 0, 0], [-11, 0, 0]]
    assert columns["soft_drop_mass"].shape == (2,)
