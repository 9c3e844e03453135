"""Detectors, and what they are made from; `__init__.pyi` is the list of them.

`autoencoders` look at what compression loses, `one_class` at where the background lies, `densities` at how probable an event
is (and make new ones), `baselines` are estimated and not trained; `ensemble` joins several trainings of any of them. All are a
`detector`: `scaling`, `networks` and `terms` in one Keras model. `settings`, `detectors`, `build` and `saved` are the ways from a
table of a recipe, or a file, to a detector.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
