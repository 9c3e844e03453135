"""Which numbers saturate, counted by hand for a lane from -8 to 7.5 in steps of a half."""

import keras
import numpy as np
import pytest
from hgq.layers import QAdd, QDense
from hgq.quantizer.config import QuantizerConfig

from offshell.compress.saturation import Saturation, saturation
from offshell.errors import InputError
from offshell.models import networks


def lane(integer=3):
    return QuantizerConfig("kif", "datalane", k0=1, i0=integer, f0=1, overflow_mode="SAT", round_mode="RND")


def identity(**options):
    inputs = keras.Input((2,))
    layer = QDense(2, iq_conf=lane(), beta0=0.0, name="layer", use_bias=False, **options)
    network = keras.Model(inputs, layer(inputs))
    layer.kernel.assign(np.eye(2))
    return network


def test_values_saturate_where_rounding_leaves_the_range():
    x = np.array([[7.5, -8], [7.74, -8.25], [7.75, 0], [0, -8.26], [7.9, 0], [100, -100]], np.float32)
    assert saturation(identity(), x) == [Saturation("layer", 5 / 12, 4 / 6)]
    quantized = np.asarray(identity().layers[1].iq(x))
    assert np.abs(quantized - x)[[0, 1]].max() <= 0.25  # half a step
    assert quantized[5].tolist() == [7.5, -8]  # and nothing wraps around


def test_outputs_saturate_at_the_ends_of_their_range():
    network = identity(enable_oq=True, oq_conf=lane(1))
    _, output = saturation(network, np.array([[1.0, -1.5], [1.5, 0], [5, -5]], np.float32))
    assert output == Saturation("layer output", 3 / 6, 2 / 3)


def test_values_that_a_quantizer_drops_are_not_counted():
    network = identity()
    network.layers[1].iq.quantizer._i.assign([[3, -2]])
    (only,) = saturation(network, np.array([[100, 100], [0, 100]], np.float32))
    assert only.values == 0.5


def test_each_input_of_a_sum_has_its_lane():
    x = keras.Input((2,))
    network = keras.Model(x, QAdd(iq_confs=[lane(3), lane(0)], beta0=0.0, name="sum")([x, x]))
    shares = saturation(network, np.full((5000, 2), 3, np.float32))  # more than are handled at once
    assert shares == [Saturation("sum 1", 0, 0), Saturation("sum 2", 1, 1)]


def test_nothing_to_saturate():
    for network, n_events in ((networks.dense_encoder(2, hidden=(4,), size=1), 3), (identity(), 0)):
        with pytest.raises(InputError, match="nothing to saturate"):
            saturation(network, np.zeros((n_events, 2), np.float32))
