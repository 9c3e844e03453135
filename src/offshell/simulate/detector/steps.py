"""Values that go in steps of pseudorapidity, as the tables of a detector have them."""

import numpy as np
from jaxtyping import Float

__all__ = ["in_steps"]


def in_steps(
    upper_edges: tuple[float, ...], values: tuple[float, ...], eta: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """The value whose step each ``|eta|`` falls into, zero beyond the last edge; an edge belongs to the step below."""
    value: Float[np.ndarray, " n"] = np.array([*values, 0.0])[np.searchsorted(upper_edges, np.abs(eta))]
    return value
