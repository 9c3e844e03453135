"""From the settings of a recipe to a detector."""

import keras

from offshell import settings
from offshell.errors import InputError
from offshell.inputs.objects import FEATURES
from offshell.models import networks
from offshell.models.autoencoders.autoencoder import Autoencoder
from offshell.models.autoencoders.cloud import CloudAutoencoder
from offshell.models.autoencoders.contractive import ContractiveAutoencoder
from offshell.models.autoencoders.corruption import Corruption
from offshell.models.autoencoders.denoising import DenoisingAutoencoder
from offshell.models.autoencoders.joint_vae import JointVAE
from offshell.models.autoencoders.normalized import NormalizedAutoencoder
from offshell.models.autoencoders.sparse import SparseAutoencoder
from offshell.models.autoencoders.vae import VAE
from offshell.models.baselines.pca import PCA
from offshell.models.build_generative import generative
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape, cloud_shape, image_shape, n_features
from offshell.models.networks import clouds
from offshell.models.one_class.deep_svdd import DeepSVDD
from offshell.models.one_class.vicreg import VICReg
from offshell.models.scaling.events import PowerOfTwo, Scaling, Standardize
from offshell.models.seeded import seeded

__all__ = ["build"]

_SETS = {
    "deep-sets": (clouds.deep_sets_encoder, clouds.deep_sets_decoder),
    "attention": (clouds.attention_encoder, clouds.attention_decoder),
    "message-passing": (clouds.message_passing_encoder, clouds.message_passing_decoder),
}


def build(model: settings.Model, shape: Shape, *, seed: int) -> Detector:
    """A detector for events of a shape, with fresh weights; the global random numbers of the caller stay as they are.

    Args:
        model: the table `[model]` of a recipe.
        shape: shape of one event: height, width and channels of an image, particles and columns of a cloud, or the
            number of features.
        seed: of the weights.

    Raises:
        InputError: if the network or the scaling is not made for events of that shape.
    """
    with seeded(seed):
        return _built(model, shape, seed=seed)


def _built(model: settings.Model, shape: Shape, *, seed: int) -> Detector:
    if isinstance(model, settings.Flow | settings.ContinuousFlow | settings.GAN):
        return generative(model, shape, seed=seed)
    scaling = _scaling(model, shape)
    match model:
        case settings.PCA(components=components):
            return PCA(components, shape=shape, scaling=scaling)
        case settings.DeepSVDD(size=size, network=network):
            return DeepSVDD(_encoder(network, shape, size, bias=False), scaling=scaling)
        case settings.VICReg():
            return _vicreg(model, shape, scaling)
        case settings.VAE() | settings.JointVAE():
            return _variational(model, shape, scaling)
        case _:
            return _deterministic(model, shape, scaling)


def _variational(model: settings.VAE | settings.JointVAE, shape: Shape, scaling: Scaling | None) -> Detector:
    encoder = _encoder(model.network, shape)
    if isinstance(model, settings.VAE):
        return VAE(encoder, _decoder(model.network, shape, model.size), scaling=scaling)
    sizes = model.model_dump(exclude={"kind", "network", "scaling"})
    size = model.gaussian + model.categorical * model.classes
    return JointVAE(encoder, _decoder(model.network, shape, size), scaling=scaling, **sizes)


def _deterministic(
    model: settings.Autoencoder
    | settings.CloudAutoencoder
    | settings.Sparse
    | settings.Denoising
    | settings.Contractive
    | settings.NAE,
    shape: Shape,
    scaling: Scaling | None,
) -> Detector:
    coders = _encoder(model.network, shape, model.size), _decoder(model.network, shape, model.size)
    match model:
        case settings.Autoencoder():
            return Autoencoder(*coders, scaling=scaling)
        case settings.CloudAutoencoder():
            return CloudAutoencoder(*coders)
        case settings.Sparse(activity=activity):
            return SparseAutoencoder(*coders, activity=activity, scaling=scaling)
        case settings.Denoising():
            return DenoisingAutoencoder(*coders, corruption=_corruption(model, shape), scaling=scaling)
        case settings.Contractive():
            return ContractiveAutoencoder(*coders, scaling=scaling)
        case settings.NAE():
            return NormalizedAutoencoder(
                *coders, steps=model.steps, step=model.step, noise=model.noise, scaling=scaling
            )


def _vicreg(model: settings.VICReg, shape: Shape, scaling: Scaling | None) -> VICReg:
    embedded = (model.embedding,)
    return VICReg(
        networks.dense_encoder(n_features(shape), hidden=model.hidden, size=model.embedding),
        networks.dense_encoder(
            model.embedding, hidden=model.expander[:-1], size=model.expander[-1], bias=False
        ),
        _encoder(model.network, embedded, model.size),
        _decoder(model.network, embedded, model.size),
        corruption=_corruption(model, shape),
        scaling=scaling,
    )


def _corruption(model: settings.Denoising | settings.VICReg, shape: Shape) -> Corruption:
    """Objects of an event are masked as a whole, pixels of an image one by one."""
    group = len(FEATURES) if _is_vector(shape) else 1
    return Corruption(noise=model.noise, masking=model.masking, group=group)


def _scaling(model: settings.Model, shape: Shape) -> Scaling | None:
    if model.scaling == "none":
        return None
    n_features(shape)
    return (
        Standardize() if model.scaling == "standard" else PowerOfTwo(centered=model.scaling == "power-of-two")
    )


def _encoder(
    network: settings.Network, shape: Shape, size: int | None = None, *, bias: bool = True
) -> keras.Model:
    match network:
        case settings.Dense():
            options = network.model_dump(exclude={"kind"})
            return networks.dense_encoder(n_features(shape), size=size, bias=bias, **options)
        case settings.Conv(filters=filters):
            return networks.conv_encoder(image_shape(shape), filters=filters, size=size)
        case settings.Residual(filters=filters, blocks=blocks, squeeze=squeeze):
            return networks.residual_encoder(
                image_shape(shape), filters=filters, blocks=blocks, squeeze=squeeze, size=size
            )
        case settings.Sets(kind=kind):
            encoder, _ = _SETS[kind]
            return encoder(cloud_shape(shape), size=size, **network.model_dump(exclude={"kind"}))
        case settings.Lorentz() if size is None:
            raise InputError(
                "The heads of a VAE are not Lorentz-equivariant. Expected: model.kind = cloud-autoencoder. "
                "Received: a network of kind lorentz in a VAE."
            )
        case settings.Lorentz():
            options = network.model_dump(exclude={"kind"})
            return clouds.lorentz_encoder(cloud_shape(shape), size=size, **options)


def _decoder(network: settings.Network, shape: Shape, size: int) -> keras.Model:
    match network:
        case settings.Dense():
            options = network.model_dump(exclude={"kind"}) | {"hidden": network.hidden[::-1]}
            return networks.dense_decoder(size, features=n_features(shape), **options)
        case settings.Conv(filters=filters):
            return networks.conv_decoder(size, filters=filters[::-1], shape=image_shape(shape))
        case settings.Residual(decoder_filters=filters, decoder_blocks=blocks):
            return networks.residual_decoder(size, filters=filters, blocks=blocks, shape=image_shape(shape))
        case settings.Sets(kind=kind):
            _, decoder = _SETS[kind]
            return decoder(size, shape=cloud_shape(shape), **network.model_dump(exclude={"kind"}))
        case settings.Lorentz():
            return clouds.lorentz_decoder(
                size, shape=cloud_shape(shape), **network.model_dump(exclude={"kind"})
            )


def _is_vector(shape: Shape) -> bool:
    return len(shape) == 1
