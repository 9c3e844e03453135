"""Events get one form, and what cannot be is refused in one line."""

import numpy as np
import pytest
from event_files import toy_events

from offshell.errors import InputError
from offshell.io.events.checks import checked_events


def checked(events):
    return checked_events(events, source="toy.h5")


def refusal(events):
    with pytest.raises(InputError, match=r"^toy\.h5: .* Expected: .* Received: .*\.$") as refused:
        checked(events)
    return str(refused.value)


def changed(row, **values):
    """One event with MET, a muon and two jets, of which one object is changed."""
    events = np.zeros((1, 19, 4))
    events[0, 0] = [30, 0, 1, 1]
    events[0, 5] = [25, 1, 1, 3]
    events[0, 9] = [50, 2, 2, 4]
    events[0, 10] = [40, -3, -2, 4]
    for name, value in values.items():
        events[0, row, ("pt", "eta", "phi", "kind").index(name)] = value
    return events


def test_sound_events_stay_as_they_are():
    events = toy_events(50)
    received = checked(events)
    assert received.dtype == np.float32
    np.testing.assert_array_equal(received, events)
    assert received is not events


def test_objects_of_each_kind_are_ordered_by_pt():
    events = toy_events(50)
    shuffled = events.copy()
    for rows in (slice(1, 5), slice(5, 9), slice(9, 19)):
        shuffled[:, rows] = np.random.default_rng(1).permutation(shuffled[:, rows], axis=1)
    np.testing.assert_array_equal(checked(shuffled), events)


def test_objects_of_rising_pt_are_turned_round():
    events = toy_events(50)
    rising = events.copy()
    rising[:, 9:] = rising[:, :8:-1]
    np.testing.assert_array_equal(checked(rising), events)


def test_phi_from_0_to_2_pi_is_brought_to_the_other_convention():
    events = toy_events(50)
    turned = events.copy()
    turned[..., 2] = np.where(events[..., 3] > 0, events[..., 2] % (2 * np.pi), 0)
    np.testing.assert_allclose(checked(turned), events, atol=2e-6)


def test_pi_itself_stays():
    assert checked(changed(5, phi=np.pi))[0, 5, 2] == np.float32(np.pi)
    assert checked(changed(5, phi=-np.pi))[0, 5, 2] == np.float32(-np.pi)


@pytest.mark.parametrize("phi", [3.141597, -3.141597])
def test_what_rounding_adds_to_pi_stays_too(phi):
    assert checked(changed(5, phi=phi))[0, 5, 2] == np.float32(phi)


def test_more_than_rounding_beyond_pi_is_turned():
    assert checked(changed(5, phi=3.14161))[0, 5, 2] == pytest.approx(3.14161 - 2 * np.pi, abs=5e-7)


def test_an_object_without_pt_is_padding_whatever_else_it_holds():
    received = checked(changed(9, pt=0))
    np.testing.assert_array_equal(received[0, 9], np.float32([40, -3, -2, 4]))
    assert not received[0, 10].any()


def test_met_of_zero_stays_met():
    np.testing.assert_allclose(checked(changed(0, pt=0))[0, 0], [0, 0, 1, 1])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
@pytest.mark.parametrize("name", ["pt", "eta", "phi"])
def test_what_is_not_finite(name, value):
    assert "Expected: finite pt, eta, phi. Received: event 0, jet 0 with" in refusal(
        changed(9, **{name: value})
    )


@pytest.mark.parametrize("value", [np.nan, np.inf, 2, 7, 0, -4, 3.5])
def test_a_wrong_class(value):
    message = refusal(changed(9, kind=value))
    assert "4 in row 9" in message
    assert f"Received: {value:g} with pt=50" in message


def test_padding_of_another_class():
    assert "Received: 3 with pt=0" in refusal(changed(12, kind=3))


def test_momenta_in_place_of_pt_eta_phi():
    assert "columns pt, eta, phi, class" in refusal(np.random.default_rng(0).uniform(1, 100, (5, 19, 4)))


def test_a_negative_pt():
    assert "pt >= 0. Received: event 0, jet 0 with pt=-1" in refusal(changed(9, pt=-1))


def test_energies_in_mev():
    message = refusal(changed(9, pt=50_000))
    assert "impossible numbers in 1 of 1 events, perhaps MeV. Expected: GeV, pt below 14000" in message


def test_one_bad_object_of_many_events_is_named_and_units_are_not_blamed():
    events = np.repeat(changed(9), 5, axis=0)
    events[3, 10, 0] = 82_000
    with pytest.raises(
        InputError, match=r"in 1 of 5 events\. .* Received: event 43, jet 1 with pt=82000, eta=-3, phi=-2"
    ):
        checked_events(events, source="toy.h5", first=40)


@pytest.mark.parametrize(("row", "name"), [(0, "MET"), (1, "electron 0"), (8, "muon 3"), (18, "jet 9")])
def test_objects_are_named_by_their_kind_and_rank(row, name):
    events = toy_events(1)
    events[0, row, :3] = np.nan
    assert f"Received: event 0, {name} with" in refusal(events)


@pytest.mark.parametrize("eta", [2.5, 8.0, -120.0])
def test_met_has_no_eta(eta):
    assert checked(changed(0, eta=eta))[0, 0].tolist() == [30, 0, 1, 1]


@pytest.mark.parametrize(
    ("row", "limit"),
    [
        (9, {"pt": 6500}),
        (9, {"pt": 14_000}),
        (9, {"eta": 5.19}),
        (9, {"eta": -6}),
        (5, {"phi": 6.2831855}),
        (5, {"phi": 6.28319}),
    ],
    ids=str,
)
def test_what_the_accelerator_and_the_calorimeters_can_give_is_accepted(row, limit):
    ((name, value),) = limit.items()
    received = checked(changed(row, **limit))[0, row]
    expected = value - 2 * np.pi if name == "phi" else value
    # A turn is taken off in float32: phi of 2 pi is known to half of its spacing.
    assert received[["pt", "eta", "phi"].index(name)] == pytest.approx(expected, rel=1e-6, abs=5e-7)


def test_objects_out_of_order_by_little_are_ordered_too():
    received = checked(changed(10, pt=50.001))
    assert received[0, 9:11, 0].tolist() == [np.float32(50.001), 50]


@pytest.mark.parametrize("eta", [6.1, -6.1, 57])
def test_eta_out_of_range(eta):
    assert f"jet 0 with pt=50, eta={eta:g}" in refusal(changed(9, eta=eta))


@pytest.mark.parametrize("phi", [-3.2, -3.14161, 6.2832, 6.3, 90])
def test_phi_out_of_range(phi):
    assert f"{np.float32(phi):g}" in refusal(changed(9, phi=phi))
