import keras
import numpy as np
import pytest
from keras import layers

from offshell.firmware.hls.relu import plain_relus


@pytest.mark.parametrize("cap", [None, 6, 0.75])
def test_nothing_changes_but_the_kind_of_layer(cap):
    inputs = keras.Input((40,))
    network = keras.Model(inputs, layers.ReLU(max_value=cap)(inputs))
    plain = plain_relus(network)
    x = np.arange(-160, 160, dtype=np.float32).reshape(8, 40) / 16
    np.testing.assert_array_equal(np.asarray(plain(x)), np.clip(x, 0, cap))
    assert not any(isinstance(layer, layers.ReLU) for layer in plain.layers)


def test_the_other_layers_keep_their_weights():
    inputs = keras.Input((4, 4, 1))
    hidden = layers.ReLU(max_value=6)(layers.Conv2D(2, 3, bias_initializer="ones")(inputs))
    network = keras.Model(inputs, layers.Dense(3)(layers.Flatten()(hidden)))
    x = np.random.default_rng(1).normal(0, 5, (8, 4, 4, 1)).astype(np.float32)
    np.testing.assert_allclose(
        np.asarray(plain_relus(network)(x)), np.asarray(network(x)), rtol=1e-6, atol=1e-5
    )


def test_a_network_without_such_layers_stays_as_it_is():
    inputs = keras.Input((2,))
    network = keras.Model(inputs, layers.Dense(3, activation="relu")(inputs))
    assert plain_relus(network) is network
