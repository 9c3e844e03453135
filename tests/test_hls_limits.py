import keras
import pytest
from hgq.layers import QDense

from offshell.errors import InputError
from offshell.firmware.hls.limits import refuse_too_large


def dense(n_inputs, n_outputs):
    inputs = keras.Input((n_inputs,))
    return keras.Model(inputs, keras.layers.Dense(n_outputs, name="wide")(inputs))


def convolution(pixels, channels):
    inputs = keras.Input((pixels, pixels, 1))
    return keras.Model(inputs, keras.layers.Conv2D(channels, 3, padding="same", name="image")(inputs))


def test_quantized_layers_have_products_too():
    inputs = keras.Input((2,))
    network = keras.Model(inputs, QDense(2049)(inputs))
    with pytest.raises(InputError, match="Received: 4098"):
        refuse_too_large(network, strategy="latency")


def test_an_array_of_4096_products_is_the_largest():
    for small in (dense(57, 32), dense(64, 64)):  # the encoder of the trigger, and the largest
        assert refuse_too_large(small, strategy="latency") is None
    with pytest.raises(InputError, match=r"wide .* at most 4096 products at once. Received: 4160"):
        refuse_too_large(dense(64, 65), strategy="latency")


def test_distributed_arithmetic_keeps_no_products():
    large = dense(64, 65)
    assert refuse_too_large(large, strategy="distributed_arithmetic") is None
    with pytest.raises(InputError, match="Received: 4160"):
        refuse_too_large(large, strategy="latency")


def test_an_image_with_too_many_channels_is_refused_whatever_the_strategy():
    with pytest.raises(InputError, match=r"image .* at most 4096 outputs. Received: 6400"):
        refuse_too_large(convolution(40, 4), strategy="distributed_arithmetic")


def test_inputs_count_as_well():
    with pytest.raises(InputError, match="Received: 4225"):
        refuse_too_large(convolution(65, 1), strategy="latency")
