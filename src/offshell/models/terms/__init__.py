"""Terms: named penalties, one number for each event, higher = more anomalous.

Every function here is pure and takes tensors (or NumPy arrays) with the events on the first axis. A training
loss is a weighted sum of terms averaged over the batch; an anomaly score is a weighted sum of the same terms.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models.terms import clouds, weighted_sum
    from offshell.models.terms.events import (
        bce,
        dice,
        kl_activity,
        kl_categorical,
        kl_gaussian,
        l1,
        mse,
        mu2,
        pixel_diff,
        radius,
        reconstruction,
    )

__all__ = [
    "bce",
    "clouds",
    "dice",
    "kl_activity",
    "kl_categorical",
    "kl_gaussian",
    "l1",
    "mse",
    "mu2",
    "pixel_diff",
    "radius",
    "reconstruction",
    "weighted_sum",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=["clouds", "weighted_sum"],
    submod_attrs={
        "events": [
            "bce",
            "dice",
            "kl_activity",
            "kl_categorical",
            "kl_gaussian",
            "l1",
            "mse",
            "mu2",
            "pixel_diff",
            "radius",
            "reconstruction",
        ]
    },
)
