"""Sizes and shapes of encoders and decoders."""

import keras
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.models import PCA, networks
from offshell.models.build import build
from offshell.recipe.files import load


def test_seed_network_of_16x16_images():
    encoder = networks.conv_encoder((16, 16, 1), size=2)
    decoder = networks.conv_decoder(2, shape=(16, 16, 1))
    # 3*3*1*128+128 + 3*3*128*128+128 + 4*4*128*2+2, as in Duarte's hands-on
    assert encoder.count_params() == 1280 + 147_584 + 4098
    assert decoder.output_shape == (None, 16, 16, 1)


@pytest.mark.parametrize(
    ("recipe", "encoder_size", "decoder_size"),
    [
        ("joint-vae", (10_000, 12_000), (10_000, 30_000)),
        ("joint-vae-large", (250_000, 270_000), (535_000, 560_000)),
    ],
)
def test_recipes_have_the_published_sizes(recipe, encoder_size, decoder_size):
    model = build(load(recipe).model, (40, 40, 1), seed=1)
    model(keras.Input((40, 40, 1)))
    heads = sum(bottleneck.count_params() for bottleneck in model.bottlenecks.values())
    assert encoder_size[0] < model.encoder.count_params() + heads < encoder_size[1]
    assert decoder_size[0] < model.decoder.count_params() < decoder_size[1]


PAIRS = {
    "conv": (networks.conv_encoder, networks.conv_decoder, {}),
    "residual": (networks.residual_encoder, networks.residual_decoder, {"blocks": (1, 1)}),
    "inception": (networks.inception_encoder, networks.inception_decoder, {}),
    "dense-block": (networks.dense_block_encoder, networks.dense_block_decoder, {"blocks": (1, 1)}),
    "unet": (networks.unet_encoder, networks.unet_decoder, {}),
}
pairs = pytest.mark.parametrize(("encoder", "decoder", "options"), PAIRS.values(), ids=list(PAIRS))


@pairs
def test_image_networks_go_from_images_to_codes_and_back(encoder, decoder, options):
    down = encoder((8, 12, 3), filters=(16, 16), size=5, **options)
    up = decoder(5, shape=(8, 12, 3), filters=(16, 16), **options)
    assert down.output_shape == (None, 5)
    assert up.output_shape == (None, 8, 12, 3)
    assert not [layer for layer in down.layers + up.layers if isinstance(layer, keras.layers.Conv2DTranspose)]


@pairs
def test_image_networks_refuse_images_that_cannot_be_halved(encoder, decoder, options):
    with pytest.raises(InputError, match="filters do not fit the images"):
        encoder((14, 14, 1), filters=(16, 16), **options)
    with pytest.raises(InputError, match="filters do not fit the images"):
        decoder(2, shape=(14, 14, 1), filters=(16, 16), **options)


def convolution(channels, width, kernel):
    return kernel * kernel * channels * width + width


def test_inception_module_has_the_branches_of_googlenet():
    # Of 256 channels, module 3a has 64 from 1x1, 128 from 96 by 3x3, 32 from 16 by 5x5 and 32 behind the maximum.
    encoder = networks.inception_encoder((4, 4, 1), filters=(256,), squeeze=1)
    module = (
        convolution(256, 64, 1)
        + convolution(256, 96, 1)
        + convolution(96, 128, 3)
        + convolution(256, 16, 1)
        + convolution(16, 32, 5)
        + convolution(256, 32, 1)
    )
    assert encoder.count_params() == convolution(1, 256, 3) + module + convolution(256, 1, 3)


def test_inception_needs_channels_for_every_branch():
    with pytest.raises(InputError, match=r"multiples of 16.*\[16, 24\]"):
        networks.inception_encoder((16, 16, 1), filters=(16, 24))


def test_layers_of_a_dense_block_see_all_layers_before():
    encoder = networks.dense_block_encoder((8, 8, 1), filters=(6,), blocks=(3,), growth=4, squeeze=1)
    block = sum(convolution(6 + 4 * before, 4, 3) for before in range(3))
    assert encoder.count_params() == convolution(1, 6, 3) + block + convolution(6 + 4 * 3, 1, 3)


def test_unet_feeds_the_code_from_every_resolution_and_every_resolution_from_the_code():
    encoder = networks.unet_encoder((16, 16, 1), filters=(4, 4), squeeze=2)
    assert encoder.output_shape == (None, 2 * (8 * 8 + 4 * 4))
    decoder = networks.unet_decoder(3, shape=(16, 16, 1), filters=(4, 4))
    spread = [layer for layer in decoder.layers if isinstance(layer, networks.SpatialBroadcast)]
    assert [(layer.height, layer.width) for layer in spread] == [(4, 4), (8, 8)]
    assert all(layer.input is decoder.input for layer in spread)


def test_softmax_decoder_gives_images_that_sum_to_one():
    decoder = networks.conv_decoder(2, shape=(8, 8, 1), filters=(4, 4))
    images = decoder.predict(np.random.default_rng(1).normal(size=(3, 2)), verbose=0)
    assert images.sum(axis=(1, 2, 3)) == pytest.approx(np.ones(3), abs=1e-5)


def test_residual_decoder_starts_from_almost_empty_images():
    decoder = networks.residual_decoder(3, shape=(16, 16, 1), filters=(4, 4), blocks=(1, 1))
    images = decoder.predict(np.zeros((1, 3)), verbose=0)
    assert images.sum() == pytest.approx(1, rel=0.5)


def test_spatial_broadcast_repeats_the_code_and_adds_coordinates():
    grid = np.asarray(networks.SpatialBroadcast(2, 3)(np.array([[7.0, 8.0]])))
    assert grid.shape == (1, 2, 3, 4)
    assert (grid[..., :2] == [7, 8]).all()
    assert grid[0, :, 0, 2].tolist() == [-1, 1]
    assert grid[0, 0, :, 3].tolist() == [-1, 0, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("model.network.blocks=[1, 1]", "blocks do not fit filters"),
        ("model.network.filters=[8, 8, 8, 8]", "filters do not fit the images"),
        ("model.network.filters=[]", "filters do not fit the images"),
    ],
)
def test_settings_that_do_not_fit_get_one_clear_line(change, message):
    settings = load("joint-vae", changes=[change]).model
    with pytest.raises(InputError, match=message):
        build(settings, (40, 40, 1), seed=1)


def test_a_code_needs_at_least_one_number():
    settings = load("joint-vae", changes=["model.gaussian=0", "model.categorical=0"]).model
    with pytest.raises(InputError, match="at least one"):
        build(settings, (40, 40, 1), seed=1)


def test_pca_has_at_most_as_many_components_as_pixels():
    with pytest.raises(InputError, match=r"at most 256.*Received: 300"):
        PCA(300, shape=(16, 16, 1))
