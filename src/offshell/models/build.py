"""From the settings of a recipe to a detector."""

import keras

from offshell import settings
from offshell.models import networks
from offshell.models.autoencoder import Autoencoder
from offshell.models.detector import Detector
from offshell.models.joint_vae import JointVAE
from offshell.models.pca import PCA
from offshell.models.vae import VAE

__all__ = ["build"]

Shape = tuple[int, int, int]


def build(model: settings.Model, shape: Shape, *, seed: int) -> Detector:
    """A detector for images of a shape, with fresh weights.

    Args:
        model: the table `[model]` of a recipe.
        shape: height, width and channels of the images.
        seed: of the weights.
    """
    keras.utils.set_random_seed(seed)
    match model:
        case settings.PCA(components=components):
            return PCA(components, shape=shape)
        case settings.Autoencoder(size=size, network=network):
            return Autoencoder(_encoder(network, shape, size), _decoder(network, shape, size))
        case settings.VAE(size=size, network=network):
            return VAE(_encoder(network, shape), _decoder(network, shape, size))
        case settings.JointVAE(network=network):
            sizes = model.model_dump(exclude={"kind", "network"})
            size = model.gaussian + model.categorical * model.classes
            return JointVAE(_encoder(network, shape), _decoder(network, shape, size), **sizes)


def _encoder(network: settings.Network, shape: Shape, size: int | None = None) -> keras.Model:
    match network:
        case settings.Conv(filters=filters):
            return networks.conv_encoder(shape, filters=filters, size=size)
        case settings.Residual(filters=filters, blocks=blocks, squeeze=squeeze):
            return networks.residual_encoder(
                shape, filters=filters, blocks=blocks, squeeze=squeeze, size=size
            )


def _decoder(network: settings.Network, shape: Shape, size: int) -> keras.Model:
    match network:
        case settings.Conv(filters=filters):
            return networks.conv_decoder(size, filters=filters[::-1], shape=shape)
        case settings.Residual(decoder_filters=filters, decoder_blocks=blocks):
            return networks.residual_decoder(size, filters=filters, blocks=blocks, shape=shape)
