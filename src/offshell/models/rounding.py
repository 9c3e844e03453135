"""Numbers of scikit-learn as float32, so that compiled trees decide as it does."""

import numpy as np
from jaxtyping import Float

__all__ = ["rounded_down"]


def rounded_down(values: Float[np.ndarray, " cuts"]) -> Float[np.ndarray, " cuts"]:
    """The largest float32 numbers that are not above; a float32 event then takes the same way as in scikit-learn.

    Args:
        values: of cuts, float64 of shape `(cuts,)`.
    """
    rounded = values.astype(np.float32)
    above = rounded > values
    rounded[above] = np.nextafter(rounded[above], np.float32(-np.inf))
    return rounded
