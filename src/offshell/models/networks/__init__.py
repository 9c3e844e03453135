"""Encoders and decoders: plain Keras networks that the detectors are composed from; `__init__.pyi` is the list of them.

None of them has a transposed convolution: XLA runs it about 100 times slower than a plain one on a CPU, and firmware
compilers do not know it. Decoders upsample with a sub-pixel convolution instead (Shi et al., arXiv:1609.05158).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
