"""What networks see: images and numbers made from the constituents of jets or from trigger objects."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.inputs import clouds, hardware, images, objects, observables, substructure

__all__ = ["clouds", "hardware", "images", "objects", "observables", "substructure"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__, submodules=["clouds", "hardware", "images", "objects", "observables", "substructure"]
)
