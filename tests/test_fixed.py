"""Fixed-point formats against what ap_fixed<bits, integer, AP_RND, AP_SAT> does, by hand and by properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offshell.firmware.trigger.fixed import Fixed

FORMATS = st.builds(
    Fixed, signed=st.booleans(), integer=st.integers(0, 8), fraction=st.integers(0, 8)
).filter(lambda form: form.bits > 0)
NUMBERS = st.floats(-1e4, 1e4)


@pytest.mark.parametrize(
    ("form", "bits", "lowest", "highest"),
    [
        (Fixed(signed=True, integer=5, fraction=10), 16, -(2**15), 2**15 - 1),  # ap_fixed<16, 6>
        (Fixed(signed=False, integer=0, fraction=8), 8, 0, 255),
        (Fixed(signed=True, integer=3, fraction=-1), 3, -4, 3),  # -8, -6, ..., 6
        (Fixed(signed=True, integer=-1, fraction=4), 4, -8, 7),
        (Fixed(signed=False, integer=1, fraction=0), 1, 0, 1),
    ],
)
def test_bits_and_ends(form, bits, lowest, highest):
    assert (form.bits, form.lowest, form.highest) == (bits, lowest, highest)


def test_integers_are_rounded_half_up_and_saturate():
    form = Fixed(signed=True, integer=1, fraction=2)  # -2, -1.75, ..., 1.75
    values = np.array([0.124, 0.125, -0.125, -0.126, 1.875, 7, -2.2, -1e9])
    assert form.integers(values).tolist() == [0, 1, 0, -1, 7, 7, -8, -8]
    assert form.rounded(values).tolist() == [0, 0.25, 0, -0.25, 1.75, 1.75, -2, -2]


@given(FORMATS, NUMBERS)
def test_what_is_inside_is_moved_by_half_a_step_at_most(form, value):
    inside = np.clip(value, *form.values(np.array([form.lowest, form.highest])))
    assert abs(form.rounded(inside) - inside) <= 2.0 ** -(form.fraction + 1)


@given(FORMATS, NUMBERS, NUMBERS)
def test_nothing_wraps_around(form, one, other):
    low, high = sorted([one, other])
    assert form.lowest <= form.integers(low) <= form.integers(high) <= form.highest


@given(FORMATS)
def test_every_integer_stands_for_itself(form):
    integers = np.arange(form.lowest, min(form.highest, form.lowest + 1000) + 1)
    np.testing.assert_array_equal(form.integers(form.values(integers)), integers)
