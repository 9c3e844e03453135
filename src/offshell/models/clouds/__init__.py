"""Layers and networks on particle clouds: sets of particles of any number, in no order.

A layer takes the features of the particles, `(n, particles, f)`, and their mask, `(n, particles, 1)` with 1 for a
particle and 0 for padding. It is permutation equivariant, and what it gives for padding is exactly zero.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models.clouds.attention import SetAttention
    from offshell.models.clouds.epic import EPiC
    from offshell.models.clouds.masked import masked_max, masked_mean, masked_sum
    from offshell.models.clouds.message_passing import MessagePassing
    from offshell.models.clouds.pointnet import PointNetMix

__all__ = [
    "EPiC",
    "MessagePassing",
    "PointNetMix",
    "SetAttention",
    "masked_max",
    "masked_mean",
    "masked_sum",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "attention": ["SetAttention"],
        "epic": ["EPiC"],
        "masked": ["masked_max", "masked_mean", "masked_sum"],
        "message_passing": ["MessagePassing"],
        "pointnet": ["PointNetMix"],
    },
)
