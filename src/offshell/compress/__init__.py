"""Make a trained detector small enough for a trigger."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.compress.compression import compressed
    from offshell.compress.cost import cost, total
    from offshell.compress.distill import distilled
    from offshell.compress.quantize import Learned, Uniform, quantize
    from offshell.compress.resource_factor import Convolution, resource_factor
    from offshell.compress.widths import chosen, front, learn_widths

__all__ = [
    "Convolution",
    "Learned",
    "Uniform",
    "chosen",
    "compressed",
    "cost",
    "distilled",
    "front",
    "learn_widths",
    "quantize",
    "resource_factor",
    "total",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "compression": ["compressed"],
        "cost": ["cost", "total"],
        "distill": ["distilled"],
        "quantize": ["Learned", "Uniform", "quantize"],
        "resource_factor": ["Convolution", "resource_factor"],
        "widths": ["chosen", "front", "learn_widths"],
    },
)
