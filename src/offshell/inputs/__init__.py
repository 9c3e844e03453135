"""What networks see: images and numbers made from the constituents of jets."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.inputs import images, substructure

__all__ = ["images", "substructure"]

__getattr__, __dir__, _ = lazy_loader.attach(__name__, submodules=["images", "substructure"])
