"""Layers and networks on particle clouds: sets of particles of any number, in no order.

A layer takes the features of the particles, `(n, particles, f)`, and their mask, `(n, particles, 1)` with 1 for a
particle and 0 for padding. It is permutation equivariant, and what it gives for padding is exactly zero.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models.networks.clouds.attention import SetAttention
    from offshell.models.networks.clouds.critics import dense_critic, message_passing_critic, point_critic
    from offshell.models.networks.clouds.decoders import (
        attention_decoder,
        deep_sets_decoder,
        message_passing_decoder,
    )
    from offshell.models.networks.clouds.encoders import (
        attention_encoder,
        deep_sets_encoder,
        message_passing_encoder,
    )
    from offshell.models.networks.clouds.epic import EPiC
    from offshell.models.networks.clouds.generators import (
        dense_generator,
        graph_generator,
        message_passing_generator,
        tree_generator,
    )
    from offshell.models.networks.clouds.graph_cnn import GraphConvolution
    from offshell.models.networks.clouds.lorentz import LorentzAttention, lorentz_decoder, lorentz_encoder
    from offshell.models.networks.clouds.masked import masked_max, masked_mean, masked_sum
    from offshell.models.networks.clouds.message_passing import MessagePassing
    from offshell.models.networks.clouds.pointnet import PointNetMix
    from offshell.models.networks.clouds.tree import TreeConvolution

__all__ = [
    "EPiC",
    "GraphConvolution",
    "LorentzAttention",
    "MessagePassing",
    "PointNetMix",
    "SetAttention",
    "TreeConvolution",
    "attention_decoder",
    "attention_encoder",
    "deep_sets_decoder",
    "deep_sets_encoder",
    "dense_critic",
    "dense_generator",
    "graph_generator",
    "lorentz_decoder",
    "lorentz_encoder",
    "masked_max",
    "masked_mean",
    "masked_sum",
    "message_passing_critic",
    "message_passing_decoder",
    "message_passing_encoder",
    "message_passing_generator",
    "point_critic",
    "tree_generator",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "attention": ["SetAttention"],
        "decoders": ["attention_decoder", "deep_sets_decoder", "message_passing_decoder"],
        "encoders": ["attention_encoder", "deep_sets_encoder", "message_passing_encoder"],
        "critics": ["dense_critic", "message_passing_critic", "point_critic"],
        "epic": ["EPiC"],
        "generators": ["dense_generator", "graph_generator", "message_passing_generator", "tree_generator"],
        "graph_cnn": ["GraphConvolution"],
        "lorentz": ["LorentzAttention", "lorentz_decoder", "lorentz_encoder"],
        "masked": ["masked_max", "masked_mean", "masked_sum"],
        "message_passing": ["MessagePassing"],
        "pointnet": ["PointNetMix"],
        "tree": ["TreeConvolution"],
    },
)
