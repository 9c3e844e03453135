"""Message passing whose sums begin as large as means, for networks that play against each other."""

from collections.abc import Sequence

from keras import KerasTensor

from offshell.models.networks.clouds.message_passing import MessagePassing

__all__ = ["calm_passing"]


def calm_passing(
    x: KerasTensor, mask: KerasTensor, *, edge: Sequence[int], node: Sequence[int]
) -> KerasTensor:
    """A new `MessagePassing` layer applied to symbolic features, its messages weighed down at the start.

    A sum over thirty particles is thirty times a mean, and twice that in a row a thousand times: verdicts of hundreds,
    from which a game does not recover. The weights that see the sum start at that fraction of the usual ones, and are free then.

    Args:
        x: features of the particles, shape `(n, particles, f)`.
        mask: 1 for a particle and 0 for padding, shape `(n, particles, 1)`.
        edge: widths of the edge network.
        node: widths of the node network.
    """
    layer = MessagePassing(edge=edge, node=node)
    found = layer([x, mask])
    layer.received.kernel.assign(layer.received.kernel / x.shape[1])
    return found
