"""Jets get one form: ordered by pt alone, whatever is allowed is accepted, and what cannot be is refused in one line."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.io.jets.checks import checked_jets


def jet(*momenta):
    """One jet of massless particles of these px, py, pz."""
    p = np.array(momenta, np.float64)
    return np.concatenate([np.linalg.norm(p, axis=1, keepdims=True), p], axis=1)[np.newaxis]


def checked(jets):
    return checked_jets(jets, source="toy.h5")


def momenta(jets, n):
    return jets[0, :n, 1:].tolist()


@pytest.mark.parametrize("share", [1.00001, 1.05, 2])
def test_particles_out_of_order_by_however_little_are_ordered(share):
    # 1e-5 is what rounding may do, and stays.
    first, second = [100, 0, 0], [0, 100 * share + 0.002, 0]
    assert momenta(checked(jet(first, second)), 2) == np.float32([second, first]).tolist()


def test_particles_that_are_out_of_order_by_rounding_stay():
    first, second = [100, 0, 0], [0, 100.0005, 0]
    assert momenta(checked(jet(first, second)), 2) == np.float32([first, second]).tolist()


def test_the_order_is_that_of_pt_and_not_of_momentum():
    hard, forward = [30, 40, 0], [40, 0, 1000]
    assert momenta(checked(jet(forward, hard)), 2) == [hard, forward]
    assert momenta(checked(jet(hard, forward)), 2) == [hard, forward]


def test_order_is_that_of_falling_pt_in_each_jet():
    rows = [(1, 2, 3), (3, 2, 1), (3, 1, 2)]
    jets = np.concatenate([jet(*([px, 0, 0] for px in row)) for row in rows])
    assert checked(jets)[:, :3, 1].tolist() == [[3, 2, 1]] * 3


@pytest.mark.parametrize("momentum", [[6500, 0, 0], [0, -6500, 0], [14_000, 0, 0], [0, 100, 20_000]])
def test_what_the_accelerator_can_give_is_accepted(momentum):
    assert momenta(checked(jet(momentum)), 1) == [momentum]


@pytest.mark.parametrize("momentum", [[14_002, 0, 0], [0, 14_002, 0], [-10_000, 10_000, 0]])
def test_a_jet_of_more_is_in_other_units(momentum):
    with pytest.raises(InputError, match=r"^toy\.h5: impossible jets\..*perhaps MeV"):
        checked(jet(momentum))


def test_the_limit_is_one_of_jets_which_particles_share():
    assert len(checked(jet([7000, 0, 0], [7000, 0, 0]))) == 1
    assert len(checked(jet([9000, 0, 0], [-9000, 0, 0]))) == 1
    with pytest.raises(InputError, match="pT of up to 16000"):
        checked(jet([8000, 0, 0], [8000, 0, 0]))


def test_an_energy_of_zero_is_accepted_and_a_negative_one_is_not():
    still = jet([5, 0, 0], [0, 0, 0])
    assert checked(still)[0, 1, 0] == 0
    still[0, 1, 0] = -0.5
    with pytest.raises(InputError, match=r"E >= 0\. Received: 1 of 1 jets of negative energy"):
        checked(still)


def test_padding_may_stand_in_front_and_between():
    jets = jet([0, 0, 0], [2, 0, 0], [0, 0, 0], [5, 0, 0])
    assert momenta(checked(jets), 3) == [[5, 0, 0], [2, 0, 0], [0, 0, 0]]


def massive(energy, *momenta):
    jets = jet(*momenta)
    jets[0, :, 0] = energy
    return jets


@pytest.mark.parametrize(
    "jets",
    [
        massive([100.5], [100, 0, 0]),  # a particle of 10 GeV of mass
        massive([99.1], [100, 0, 0]),  # rounded to half precision
        massive([100, 0.94], [100, 0, 0], [0.01, 0, 0]),  # a neutron nearly at rest
        massive([199], [100, 0, 0]),
    ],
)
def test_what_a_momentum_can_be_is_accepted(jets):
    assert len(checked(jets)) == 1


@pytest.mark.parametrize(
    "jets",
    [
        massive([98.9], [100, 0, 0]),
        massive([100, 1], [100, 0, 0], [1.2, 0, 0]),
        massive([201], [100, 0, 0]),
    ],
)
def test_what_is_no_momentum_is_refused(jets):
    with pytest.raises(
        InputError, match=r"E, px, py, pz\. Received: 1 of 1 jets in which \|p\| is not about E"
    ):
        checked(jets)


@pytest.mark.parametrize("order", [(1, 2, 3, 0), (2, 3, 0, 1)])
def test_another_order_of_columns_is_refused(order):
    jets = np.repeat(jet([300, 20, 100], [200, 10, 40]), 3, axis=0)[..., order]
    with pytest.raises(InputError, match=r"3 of 3 jets in which .* the first of which is jet 0\."):
        checked(jets)


def test_pt_eta_phi_mass_are_refused():
    with pytest.raises(InputError, match="not about E"):
        checked(np.float32([[[300, 0.1, 1, 0.14], [200, 0.2, 2, 0.14]]]))


def test_one_bad_jet_of_many_is_named_and_units_are_not_blamed():
    jets = np.repeat(jet([300, 20, 100]), 5, axis=0)
    jets[3] *= 1000
    with pytest.raises(
        InputError, match=r"1 of 5 jets with pT of up to 300666, the first of which is jet 13\."
    ):
        checked_jets(jets, source="toy.h5", numbers=np.arange(10, 15))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_jets_with_a_number_that_is_none_are_counted(value):
    jets = np.repeat(jet([3, 0, 0], [2, 0, 0]), 4, axis=0)
    jets[1, 1, 2] = value
    with pytest.raises(
        InputError, match="Received: 1 of 4 jets with NaN or inf, the first of which is jet 1"
    ):
        checked(jets)


def test_a_jet_without_a_first_particle_is_empty():
    jets = np.concatenate([jet([1, 0, 0]), np.zeros((2, 1, 4))])
    with pytest.raises(InputError, match="Received: 2 of 3 jets without any"):
        checked(jets)


@pytest.mark.parametrize("n_particles", [1, 199, 200, 201])
def test_jets_have_two_hundred_particles(n_particles):
    jets = np.repeat(jet([3, 4, 0]), n_particles, axis=1)
    received = checked(jets)
    assert received.shape == (1, 200, 4)
    assert np.count_nonzero(received[0, :, 0]) == min(n_particles, 200)
