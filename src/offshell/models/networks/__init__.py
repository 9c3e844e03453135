"""Encoders and decoders: plain Keras networks that the detectors are composed from.

None of them has a transposed convolution: XLA runs it about 100 times slower than a plain one on a CPU, and firmware
compilers do not know it. Decoders upsample with a sub-pixel convolution instead (Shi et al., arXiv:1609.05158).
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models.networks import clouds
    from offshell.models.networks.dense import dense_decoder, dense_encoder
    from offshell.models.networks.images.broadcast import SpatialBroadcast
    from offshell.models.networks.images.conv import conv_decoder, conv_encoder
    from offshell.models.networks.images.dense_block import dense_block_decoder, dense_block_encoder
    from offshell.models.networks.images.inception import inception_decoder, inception_encoder
    from offshell.models.networks.images.residual import residual_decoder, residual_encoder
    from offshell.models.networks.images.unet import unet_decoder, unet_encoder

__all__ = [
    "SpatialBroadcast",
    "clouds",
    "conv_decoder",
    "conv_encoder",
    "dense_block_decoder",
    "dense_block_encoder",
    "dense_decoder",
    "dense_encoder",
    "inception_decoder",
    "inception_encoder",
    "residual_decoder",
    "residual_encoder",
    "unet_decoder",
    "unet_encoder",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=["clouds"],
    submod_attrs={
        "dense": ["dense_decoder", "dense_encoder"],
        "images.broadcast": ["SpatialBroadcast"],
        "images.conv": ["conv_decoder", "conv_encoder"],
        "images.dense_block": ["dense_block_decoder", "dense_block_encoder"],
        "images.inception": ["inception_decoder", "inception_encoder"],
        "images.residual": ["residual_decoder", "residual_encoder"],
        "images.unet": ["unet_decoder", "unet_encoder"],
    },
)
