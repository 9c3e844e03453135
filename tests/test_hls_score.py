import numpy as np
import pytest

from offshell.errors import InputError
from offshell.firmware.hls.network import Lanes
from offshell.firmware.hls.score import head
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import (
    Direct,
    GaussianKL,
    Radius,
    ScalarSum,
    SquaredDistance,
    SquaredNorm,
)

SCALED = Fixed(signed=True, integer=11, fraction=2)
MEAN = Lanes("mean_t", 3, Fixed(signed=True, integer=3, fraction=4))
LOG_VAR = Lanes("log_var_t", 3, Fixed(signed=True, integer=1, fraction=1))


def test_a_squared_norm_has_room_for_the_lowest_mean_in_every_dimension():
    # (-8)^2 * 3 = 192 needs 8 bits, steps of 1/16 become steps of 1/256.
    assert head(SquaredNorm(), [MEAN], SCALED).form == Fixed(signed=False, integer=8, fraction=8)


def test_the_table_is_read_by_the_wires_of_its_argument():
    table = head(Radius(), [MEAN, LOG_VAR], SCALED).table
    # Wires 0 to 7 stand for 0, 0.5, 1, 1.5, -2, -1.5, -1, -0.5.
    log_var = np.array([0, 0.5, 1, 1.5, -2, -1.5, -1, -0.5])
    np.testing.assert_array_equal(table.entries, np.floor(np.exp(-log_var) * 16 + 0.5))


def test_the_radius_has_room_for_the_largest_entry():
    # exp(2) = 7.39 is 118 / 16; 3 * 64 * 118 / 16 = 1416 needs 11 bits.
    assert head(Radius(), [MEAN, LOG_VAR], SCALED).form == Fixed(signed=False, integer=11, fraction=12)


def test_the_divergence_adds_numbers_with_different_points():
    # exp(1.5) - 1 - 1.5 = 1.98 is 32 / 16; 3 * (64 + 2) = 198 needs 8 bits.
    found = head(GaussianKL(), [MEAN, LOG_VAR], SCALED)
    assert found.form == Fixed(signed=False, integer=8, fraction=8)
    assert found.halved


@pytest.mark.parametrize(
    ("n_outputs", "term"), [(1, "scaled[i] - output_0[i]"), (2, "output_0[i] - output_1[i]")]
)
def test_a_distance_is_taken_from_the_inputs_or_from_the_embedding(n_outputs, term):
    found = head(SquaredDistance(), [MEAN] * n_outputs, SCALED)
    assert term in found.term
    assert found.form == Fixed(signed=False, integer=10, fraction=8)


def test_the_output_of_a_student_is_its_score():
    assert head(Direct(), [MEAN], SCALED).form == MEAN.form


def test_a_sum_grows_by_the_logarithm_of_its_terms():
    found = head(ScalarSum((0, 3, 6)), [], SCALED)
    assert found.n_terms == 3
    assert found.form == Fixed(signed=True, integer=13, fraction=2)


def test_a_score_that_is_unknown_here_is_refused():
    with pytest.raises(InputError, match=r"cannot be written in C\+\+"):
        head("mu2", [MEAN], SCALED)
