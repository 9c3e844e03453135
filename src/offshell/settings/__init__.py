"""Tables of a recipe with checked keys; those of detectors and networks stand beside what they set."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.settings.deployment import (
        Compress,
        Firmware,
        LearnedWidths,
        StudentNetwork,
        UniformWidths,
        Widths,
    )
    from offshell.settings.inputs import Clouds, Images, Inputs, Objects, Observables
    from offshell.settings.training import Evaluate, Generate, PseudoAnomalies, Train

__all__ = [
    "Clouds",
    "Compress",
    "Evaluate",
    "Firmware",
    "Generate",
    "Images",
    "Inputs",
    "LearnedWidths",
    "Objects",
    "Observables",
    "PseudoAnomalies",
    "StudentNetwork",
    "Train",
    "UniformWidths",
    "Widths",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "deployment": ["Compress", "Firmware", "LearnedWidths", "StudentNetwork", "UniformWidths", "Widths"],
        "inputs": ["Clouds", "Images", "Inputs", "Objects", "Observables"],
        "training": ["Evaluate", "Generate", "PseudoAnomalies", "Train"],
    },
)
