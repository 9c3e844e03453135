import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offshell.errors import InputError
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.ports import Ports, pack, unpack, unpack_numbers

NARROW = (
    Fixed(signed=True, integer=2, fraction=0),
    Fixed(signed=False, integer=3, fraction=1),
    Fixed(signed=False, integer=0, fraction=0),
    Fixed(signed=False, integer=1, fraction=0),
)
formats = st.builds(Fixed, st.booleans(), st.integers(0, 40), st.integers(0, 22))


def test_elements_stand_side_by_side_from_the_least_significant_wire():
    # -1 in three wires is 7; 5 begins at wire 3; no wires for the third; 1 at wire 7
    assert pack(np.array([[-1, 5, 0, 1]]), NARROW).tolist() == [[7 + (5 << 3) + (1 << 7)]]


def test_an_element_can_lie_across_two_words():
    words = pack(
        np.array([[0, 0b101]]),
        (Fixed(signed=False, integer=62, fraction=0), Fixed(signed=False, integer=3, fraction=0)),
    )
    assert words.tolist() == [[1 << 62, 1]]


def test_ports_count_their_wires():
    ports = Ports(
        NARROW,
        (Fixed(signed=False, integer=8, fraction=4), Fixed(signed=False, integer=1, fraction=0)),
        latency=3,
    )
    assert (ports.input_bits, ports.output_bits) == (8, 13)


@given(st.lists(formats, min_size=1, max_size=9), st.integers(0, 2**32))
def test_unpacking_gives_the_integers_back(forms, seed):
    rng = np.random.default_rng(seed)
    integers = np.stack([rng.integers(form.lowest, form.highest, 5, endpoint=True) for form in forms], axis=1)
    assert np.array_equal(unpack(pack(integers, forms), forms), integers)


@pytest.mark.parametrize(
    ("integers", "message"),
    [
        (np.array([[4, 0, 0, 0]]), "Element 0 does not fit its wires. Expected: -4 to 3. Received: 4 to 4."),
        (
            np.array([[0, -1, 0, 0]]),
            "Element 1 does not fit its wires. Expected: 0 to 15. Received: -1 to -1.",
        ),
        (np.zeros((3, 3), int), r"Expected: integers, \(n, 4\). Received: int64 \(3, 3\)."),
        (np.zeros((3, 4)), r"Expected: integers, \(n, 4\). Received: float64 \(3, 4\)."),
    ],
)
def test_what_does_not_fit_the_wires_is_refused(integers, message):
    with pytest.raises(InputError, match=message):
        pack(integers, NARROW)


def test_more_bits_than_a_word_are_refused():
    with pytest.raises(InputError, match=r"Expected: at most 63 bits. Received: 64."):
        pack(np.zeros((1, 1), int), (Fixed(signed=False, integer=64, fraction=0),))


def test_a_number_for_all_wires_is_taken_apart():
    assert unpack_numbers([7 + (5 << 3) + (1 << 7), None], NARROW).tolist() == [[-1, 5, 0, 1], [0, 0, 0, 0]]
