"""Layers that scale events before anything else sees them."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models.scaling.clouds import StandardizeClouds
    from offshell.models.scaling.events import PowerOfTwo, Scaling, Standardize
    from offshell.models.scaling.observables import Clip

__all__ = ["Clip", "PowerOfTwo", "Scaling", "Standardize", "StandardizeClouds"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "clouds": ["StandardizeClouds"],
        "events": ["PowerOfTwo", "Scaling", "Standardize"],
        "observables": ["Clip"],
    },
)
