"""Networks on particle clouds: sets of particles of any number, in no order; `layers` is what they are made from.

A layer takes the features of the particles, `(n, particles, f)`, and their mask, `(n, particles, 1)` with 1 for a
particle and 0 for padding. It is permutation equivariant, and what it gives for padding is exactly zero.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
