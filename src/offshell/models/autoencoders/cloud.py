"""The autoencoder of particle clouds."""

import keras

from offshell.models.autoencoders.deterministic import Deterministic

__all__ = ["CloudAutoencoder"]


@keras.saving.register_keras_serializable(package="offshell")
class CloudAutoencoder(Deterministic):
    r"""A deterministic autoencoder of jets as sets of particles, trained on the Chamfer distance.

    Terms: `chamfer`, `mse`, `sliced`, `jet_mass` and `jet_pt` of the momenta (see `cloud_terms`) and `l1` of the code.
    Source: Hao et al. (LGAE and GNNAE, arXiv:2212.07347).

    Args:
        encoder: network from clouds `(n, particles, columns)` to codes of shape `(n, size)`.
        decoder: network from codes to clouds of the same shape.

    Example:
        >>> from offshell.models import CloudAutoencoder
        >>> from offshell.models.networks import clouds
        >>> encoder = clouds.deep_sets_encoder((30, 4), hidden=32, layers=2, size=12)
        >>> model = CloudAutoencoder(encoder, clouds.deep_sets_decoder(12, hidden=32, layers=2, shape=(30, 4)))
    """

    default_loss = "chamfer"
