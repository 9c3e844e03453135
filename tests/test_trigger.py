"""A trigger by hand: scaling, threshold, saturation of what no background event is like, and vectors that reach the edges."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hgq.layers import QDense
from hgq.quantizer import QuantizerConfig

from offshell.firmware.trigger.definition import Shift, Trigger
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import Direct, ScalarSum, SquaredNorm
from offshell.firmware.trigger.vectors import Reach, make_vectors, reach
from offshell.models.scaling.events import PowerOfTwo

PT, ETA, PHI = (
    Fixed(signed=False, integer=9, fraction=0),
    Fixed(signed=True, integer=7, fraction=0),
    Fixed(signed=False, integer=8, fraction=0),
)
SHIFT = Shift(np.array([20, 0, 72, 10, -3, 72]), np.array([4, 5, 5, 3, 6, 0]), 3)
HT = Trigger((PT, ETA, PHI) * 2, (6,), None, None, ScalarSum((0, 3)), fraction=0, threshold=100)


def lane(integer, fraction, *, signed=1):
    return QuantizerConfig(
        "kif", "datalane", k0=signed, i0=integer, f0=fraction, overflow_mode="SAT", round_mode="RND"
    )


@pytest.fixture(scope="module")
def direct():
    """The sum of six scaled inputs, each between -4 and 3.75, rounded to quarters between -16 and 15.75."""
    inputs = keras.Input((6,))
    layer = QDense(1, iq_conf=lane(2, 2), enable_oq=True, oq_conf=lane(4, 2), beta0=0.0)
    network = keras.Model(inputs, layer(inputs))
    layer.kernel.assign(np.ones((6, 1)))
    return Trigger((PT, ETA, PHI) * 2, (6,), SHIFT, network, Direct(), fraction=2, threshold=30)


def test_scaling_is_that_of_the_detector():
    layer = PowerOfTwo()
    layer.build((None, 6))
    layer.offsets.assign(SHIFT.offsets)
    layer.shifts.assign(SHIFT.shifts)
    x = np.random.default_rng(1).integers(-100, 500, (200, 6))
    x[::2, :3] = x[::3, 3:] = 0
    np.testing.assert_array_equal(SHIFT(x), np.asarray(layer(x.astype(np.float32))))


def test_without_offsets_padding_needs_no_care():
    layer = PowerOfTwo(centered=False)
    layer.build((None, 6))
    layer.shifts.assign(SHIFT.shifts)
    scaling = Shift(np.zeros(6, np.int64), SHIFT.shifts, 3)
    x = np.random.default_rng(1).integers(-100, 500, (200, 6))
    x[:, 0] = 0  # what stands in an object without pt is scaled as well
    np.testing.assert_array_equal(scaling(x), np.asarray(layer(x.astype(np.float32))))
    assert np.any(scaling(x)[:, 1])


def test_events_saturate_on_the_wires():
    x = np.array([[600, -200, 300, 12.4, 12.5, -1]], np.float32)
    assert HT.integers(x).tolist() == [[511, -128, 255, 12, 13, 0]]


def test_the_bit_is_set_above_the_threshold():
    integers = np.array([[50, 9, 9, 50, 9, 9], [50, 0, 0, 51, 0, 0], [0, 0, 0, 0, 0, 0]])
    assert HT.decisions(integers).tolist() == [[100, 0], [101, 1], [0, 0]]


def test_by_hand(direct):
    # (36 - 20) / 16 = 1, 32 / 32 = 1, (104 - 72) / 32 = 1, (18 - 10) / 8 = 1, (61 + 3) / 64 = 1, 73 - 72 = 1
    integers = np.array([[36, 32, 104, 18, 61, 73], [36, 32, 104, 0, 61, 73]])
    assert direct.scores(integers).tolist() == [24, 12]
    assert direct.decisions(integers)[:, 1].tolist() == [0, 0]


def test_what_is_out_of_range_saturates_and_never_wraps(direct):
    ends = np.array([[511, 127, 255, 511, 127, 255], [1, -128, 0, 1, -128, 0]])
    # 3.75 + 3.75 + 3.75 + 3.75 + 2 + 3.75 = 20.75 > 15.75; -1.25 - 4 - 2.25 - 1 - 2 - 4 = -14.5
    assert direct.scores(ends).tolist() == [63, -58]
    rising = np.tile(ends[1], (511, 1))
    rising[:, 0] = np.arange(1, 512)
    assert (np.diff(direct.scores(rising)) >= 0).all()


def test_pixels_have_fractions():
    pixels = replace(
        HT, formats=(Fixed(signed=False, integer=0, fraction=8),) * 4, shape=(2, 2, 1), fraction=8
    )
    pixels = replace(pixels, score=ScalarSum((0, 1, 2, 3)))
    image = np.array([0.5, 0.25, 2.0, 0.0]).reshape(1, 2, 2, 1)
    assert pixels.integers(image).tolist() == [[128, 64, 255, 0]]
    assert pixels.scores(pixels.integers(image)).tolist() == [447]


def test_vectors_reach_the_edges_and_what_lies_between(direct):
    events = np.random.default_rng(2).integers(1, 60, (50, 6))
    vectors = make_vectors(direct, {"background": events, "signal": events[:7]}, at_least=500)
    parts = vectors.by_origin()
    assert list(parts) == ["background", "signal", "random", "extreme", "blend"]
    assert sum(vectors.origins.values()) == len(vectors.integers)
    np.testing.assert_array_equal(parts["background"], events)
    lowest, highest = (
        np.array([getattr(form, end) for form in direct.formats]) for end in ("lowest", "highest")
    )
    assert ((vectors.integers >= lowest) & (vectors.integers <= highest)).all()
    extreme = parts["extreme"].tolist()
    assert all(end.tolist() in extreme for end in (lowest, highest, 0 * lowest))
    for place in range(6):  # one input at its end, of padding and of an event
        for start in (np.zeros(6, int), events[0]):
            alone = start.copy()
            alone[place] = highest[place]
            assert alone.tolist() in extreme
    padded = (parts["random"][:, :3] == 0).all(axis=1)
    assert 0.1 < padded.mean() < 0.5
    (only,) = reach(direct, vectors.integers)
    assert only.n_values > 0.9 * only.n_between
    assert only.highest == 63


def test_vectors_are_the_same_for_the_same_seed():
    events = np.ones((3, 6), np.int64)
    one, same, other = (
        make_vectors(HT, {"b": events}, at_least=50, seed=seed).integers for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    assert len(one) >= 50


def test_reach_counts_values_in_steps(monkeypatch):
    outputs = [np.array([[0.0, 5.0], [0.5, 5.0], [2.0, 5.0]])]
    monkeypatch.setattr(Trigger, "outputs", lambda *_: outputs)
    trigger = replace(HT, score=SquaredNorm())
    assert reach(trigger, np.zeros((3, 6), np.int64)) == [Reach(3, 5, 0, 4), Reach(1, 1, 5, 5)]
