"""Detectors, and the networks and terms that they are made from; `__init__.pyi` is the list of them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
