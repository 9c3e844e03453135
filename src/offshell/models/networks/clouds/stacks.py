"""Set layers one after the other, as the encoders and decoders of particle clouds use them."""

from keras import KerasTensor, layers

from offshell.models.networks.clouds.attention import SetAttention
from offshell.models.networks.clouds.epic import EPiC
from offshell.models.networks.clouds.masked import masked_mean
from offshell.models.networks.clouds.message_passing import MessagePassing

__all__ = ["attend", "exchange", "pass_messages"]

_HEADS = 4


def exchange(x: KerasTensor, mask: KerasTensor, *, depth: int) -> KerasTensor:
    """EPiC layers on features `(n, particles, hidden)`, with a global vector as wide as those."""
    hidden, context = x.shape[-1], masked_mean(x, mask)
    for _ in range(depth):
        x, context = EPiC(hidden, hidden)([x, context, mask])
    return x


def attend(x: KerasTensor, mask: KerasTensor, *, depth: int) -> KerasTensor:
    """Attention blocks on features `(n, particles, hidden)`, normalized at the end."""
    for _ in range(depth):
        x = SetAttention(x.shape[-1], _HEADS)([x, mask])
    return layers.LayerNormalization()(x)


def pass_messages(x: KerasTensor, mask: KerasTensor, *, depth: int) -> KerasTensor:
    """Residual message passing on features `(n, particles, hidden)`, normalized before each step and at the end."""
    hidden = x.shape[-1]
    for _ in range(depth):
        passing = MessagePassing(edge=(hidden, hidden), node=(hidden, hidden))
        x = layers.Add()([x, passing([layers.LayerNormalization()(x), mask])])
    return layers.LayerNormalization()(x)
