"""The observables of trigger events, each against its closed form."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.inputs.observables import TRIGGER, of_events


def event(*, met=(0.0, 0.0), electrons=(), muons=(), jets=()):
    """One event; objects are pt, eta, phi."""
    made = np.zeros((1, 19, 4))
    made[0, 0, [0, 2]] = met
    for start, objects in ((1, electrons), (5, muons), (9, jets)):
        for row, values in enumerate(objects, start=start):
            made[0, row, :3] = values
    return made


def observed(**objects):
    return dict(zip(TRIGGER, of_events(event(**objects))[0], strict=True))


EVENT = observed(
    met=(40.0, np.pi),
    electrons=[(30, 0.5, 0.0), (10, -1.0, 2.0)],
    muons=[(50, -2.0, 1.0)],
    jets=[(100, -2.0, 1.3), (60, 1.0, -3.0), (20, 0.0, 0.5)],
)
MU = np.array([50 * np.cos(1), 50 * np.sin(1)])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_electrons", 2),
        ("n_muons", 1),
        ("n_jets", 3),
        ("n_leptons", 3),
        ("lepton_abs_eta", 2.0),
        ("lepton_jet_distance", 0.3),
        ("n_far_jets", 2),
    ],
)
def test_counts_and_angles(name, value):
    assert EVENT[name] == pytest.approx(value)


@pytest.mark.parametrize(
    ("name", "gev"),
    [
        ("electron_pt_sum", 40),
        ("muon_pt_sum", 50),
        ("ht", 180),
        ("pt_sum", 270),
        ("lepton_pt_1", 50),
        ("lepton_pt_2", 30),
        ("lepton_pt_3", 10),
        ("lepton_pt_4", 0),
        ("met", 40),
        ("transverse_mass", np.sqrt(2 * 50 * 40 * (1 - np.cos(1 - np.pi)))),
        # The jet at a distance of 0.3 does not count.
        ("far_jet_pt_sum", 80),
        ("far_jet_pt_1", 60),
        ("far_jet_pt_2", 20),
        (
            "recoil_pt",
            np.hypot(
                30 + 10 * np.cos(2) + 50 * np.cos(1) + 60 * np.cos(-3) + 20 * np.cos(0.5),
                10 * np.sin(2) + 50 * np.sin(1) + 60 * np.sin(-3) + 20 * np.sin(0.5),
            ),
        ),
    ],
)
def test_momenta_are_logarithms(name, gev):
    assert EVENT[name] == pytest.approx(np.log1p(gev))


def test_masses_are_those_of_two_massless_objects():
    # m^2 = 2 pt pt' (cosh(delta eta) - cos(delta phi))
    leptons = observed(electrons=[(30, 0.5, 0.0)], muons=[(50, -2.0, 1.0)])
    assert leptons["lepton_mass"] == pytest.approx(
        np.log1p(np.sqrt(2 * 30 * 50 * (np.cosh(2.5) - np.cos(1))))
    )
    jets = observed(jets=[(100, -2.0, 1.3), (60, 1.0, -3.0)])
    assert jets["jet_mass"] == pytest.approx(np.log1p(np.sqrt(2 * 100 * 60 * (np.cosh(3) - np.cos(4.3)))))
    assert jets["lepton_mass"] == 0
    both = observed(met=(40.0, np.pi), electrons=[(30, 0.5, 0.0)])
    # The missing momentum has no longitudinal part.
    assert both["total_mass"] == pytest.approx(np.log1p(np.sqrt(2 * 40 * 30 * (np.cosh(0.5) + 1))))


def test_what_is_not_there():
    nothing = observed()
    assert set(nothing.values()) == {0.0}
    no_lepton = observed(jets=[(50, 1.0, 0.0)])
    assert (no_lepton["n_far_jets"], no_lepton["lepton_jet_distance"]) == (1, 0)
    no_jet = observed(muons=[(50, 1.0, 0.0)])
    assert no_jet["lepton_jet_distance"] == 6


def test_turning_and_mirroring_an_event_changes_nothing():
    rng = np.random.default_rng(1)
    objects = {
        kind: [
            (pt, eta, phi)
            for pt, eta, phi in zip(*rng.uniform([[20], [-2], [-3]], [[99], [2], [3]], (3, 3)), strict=True)
        ]
        for kind in ("electrons", "muons", "jets")
    }
    turned = {kind: [(pt, -eta, phi + 1) for pt, eta, phi in of] for kind, of in objects.items()}
    before, after = observed(met=(40.0, 1.0), **objects), observed(met=(40.0, 2.0), **turned)
    assert list(after.values()) == pytest.approx(list(before.values()))


def test_there_are_24_names_and_wrong_events_are_refused():
    assert len(set(TRIGGER)) == 24
    with pytest.raises(InputError, match="not an array of events"):
        of_events(np.zeros((2, 18, 4)))
