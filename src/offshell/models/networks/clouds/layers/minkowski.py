"""Products of four-vectors, and how a network sees them."""

from keras import KerasTensor, ops

__all__ = ["COMPONENTS", "compressed", "product"]

COMPONENTS = 4
"""Of a four-vector: energy, px, py and pz."""

# Squared GeV in a squared unit of momentum of a cloud, the jet's pt, for a jet of 500 GeV.
_SQUARED_GEV = 500.0**2


def product(a: KerasTensor, b: KerasTensor) -> KerasTensor:
    r"""Minkowski products of four-vectors, $\langle a, b \rangle = a_E b_E - \vec a \cdot \vec b$.

    Args:
        a: four-vectors `energy, px, py, pz` on the last axis but one, shape `(..., 4, channels)`.
        b: others of the same shape, or one that broadcasts to it.

    Returns:
        One invariant number for each pair, shape `(..., channels)`.
    """
    return 2 * a[..., 0, :] * b[..., 0, :] - ops.sum(a * b, axis=-2)


def compressed(products: KerasTensor) -> KerasTensor:
    r"""Products on a scale that a network can see, $\psi(x) = \mathrm{sgn}(x) \log(1 + |x|)$ with $x$ in GeV².

    Products of the particles of a jet span many orders of magnitude. Source of the formula: Gong et al. (LorentzNet,
    arXiv:2201.08187), who have GeV; clouds are in units of the jet's pt, which is taken for 500 GeV here.

    Args:
        products: Minkowski products in squared units of the jet's pt, of any shape.

    Returns:
        Numbers of order one to ten with the sign of the products, of the same shape; the gradient is finite everywhere.
    """
    return ops.sign(products) * ops.log1p(_SQUARED_GEV * ops.absolute(products))
