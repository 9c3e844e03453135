"""Purity and shares in closed form, also where one of the two samples has nothing."""

import numpy as np
import pytest
from scipy.stats import binom

from offshell.errors import InputError
from offshell.evaluate.rates.purity import production_rate_hz, purity

EACH = (1 - 0.975) / 2  # two intervals of 97.5 % hold together with 95 %


def test_the_ends_of_purity_are_those_of_both_efficiencies():
    found = purity((20, 1000), (300, 400), input_rate_hz=50.0, signal_rate_hz=2.0)
    assert found["value"] == pytest.approx(1.5 / (1.5 + 1.0))
    # Clopper and Pearson, each with 1.25 % on either side.
    shares = np.linspace(0, 1, 200_001)
    b_low, s_low = (
        shares[np.argmin(np.abs(binom.sf(k - 1, n, shares) - EACH))] for k, n in ((20, 1000), (300, 400))
    )
    b_high, s_high = (
        shares[np.argmin(np.abs(binom.cdf(k, n, shares) - EACH))] for k, n in ((20, 1000), (300, 400))
    )
    assert found["low"] == pytest.approx(2 * s_low / (2 * s_low + 50 * b_high), rel=1e-3)
    assert found["high"] == pytest.approx(2 * s_high / (2 * s_high + 50 * b_low), rel=1e-3)


def test_without_signal_events_nothing_is_pure_as_far_as_they_go():
    found = purity((10, 100), (0, 100), input_rate_hz=1.0, signal_rate_hz=1.0)
    assert (found["value"], found["low"]) == (0, 0)
    high = 1 - EACH ** (1 / 100)  # none of 100
    assert 0 < found["high"] < high / (high + 0.03)
    assert found["high"] > high / (high + 0.1)


def test_a_rate_is_proportional_to_cross_section_and_luminosity():
    assert production_rate_hz(3.0, luminosity=1e34) == pytest.approx(0.03)


@pytest.mark.parametrize("luminosity", [0, -1e34, np.inf, np.nan])
def test_nothing_is_produced_without_luminosity(luminosity):
    with pytest.raises(InputError, match="Wrong cross section or luminosity"):
        production_rate_hz(3.0, luminosity=luminosity)
