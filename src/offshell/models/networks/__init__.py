"""Encoders and decoders: plain Keras networks that the detectors are composed from.

None of them has a transposed convolution: XLA runs it about 100 times slower than a plain one on a CPU, and firmware
compilers do not know it. Decoders upsample with a sub-pixel convolution instead (Shi et al., arXiv:1609.05158).
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models.networks.broadcast import SpatialBroadcast
    from offshell.models.networks.conv import conv_decoder, conv_encoder
    from offshell.models.networks.dense import dense_decoder, dense_encoder
    from offshell.models.networks.residual import residual_decoder, residual_encoder

__all__ = [
    "SpatialBroadcast",
    "conv_decoder",
    "conv_encoder",
    "dense_decoder",
    "dense_encoder",
    "residual_decoder",
    "residual_encoder",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "broadcast": ["SpatialBroadcast"],
        "conv": ["conv_decoder", "conv_encoder"],
        "dense": ["dense_decoder", "dense_encoder"],
        "residual": ["residual_decoder", "residual_encoder"],
    },
)
