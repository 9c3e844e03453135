import pytest

from offshell.firmware.emulator.expressions import Expression, Wires, added

A = Expression("a", 0, -8, 7)
B = Expression("b", 2, 0, 3)


def test_a_sum_is_in_the_finest_steps_and_knows_its_range():
    found = added([(A, True), (B, False)])
    assert (found.text, found.fraction, found.low, found.high) == ("((a * 4) - b)", 2, -35, 28)
    assert found.largest == 35


def test_what_cancels_still_has_large_parts():
    assert added([(Expression("a", 0, 100, 101), True), (Expression("b", 0, 100, 101), False)]).largest == 202


def test_coarser_steps_round_down_and_remember_what_was_there():
    found = Expression("a", 2, -5, 7).at(0)
    assert (found.text, found.low, found.high, found.largest) == ("(a >> 2)", -2, 1, 7)


def test_a_power_of_two_only_moves_the_point():
    found = A.scaled(-3)
    assert (found.text, found.fraction, found.high) == ("a", 3, 7)


@pytest.mark.parametrize(
    ("signed", "bits", "text", "largest"),
    [
        (True, 4, "a", 8),
        (True, 3, "(((a + 4) & 7) - 4)", 12),
        (False, 3, "(a & 7)", 8),
    ],
)
def test_wires_keep_the_lowest_bits_of_what_does_not_fit(signed, bits, text, largest):
    found = Wires(signed=signed, bits=bits, fraction=0, low=-4, high=3).wrapped(A)
    assert (found.text, found.largest) == (text, largest)
