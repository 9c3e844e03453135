"""The autoencoder: compress an event through a bottleneck, expand it again, and see what was lost."""

import keras

from offshell.models.autoencoders.deterministic import Deterministic

__all__ = ["Autoencoder"]


@keras.saving.register_keras_serializable(package="offshell")
class Autoencoder(Deterministic):
    r"""A deterministic autoencoder, $\hat x = \mathrm{decoder}(\mathrm{encoder}(x))$.

    Terms: `mse`, for images also `bce`, `dice` and `pixel_diff`, and `l1` of the code. A sparse autoencoder is a weight:
    `loss="mse + 0.1 * l1"`, the negative logarithm of a Laplace prior. Source for jets: Heimel, Kasieczka, Plehn and
    Thompson (arXiv:1808.08979); Farina, Nakai and Shih (arXiv:1808.08992).

    Args:
        encoder: network from events to codes of shape `(n, size)`.
        decoder: network from codes to events.

    Example:
        >>> from offshell.models import Autoencoder, networks
        >>> encoder = networks.dense_encoder(57, hidden=(32, 16), size=3)
        >>> model = Autoencoder(encoder, networks.dense_decoder(3, hidden=(16, 32), features=57))
    """

    default_loss = "mse"
