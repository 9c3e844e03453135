r"""Energy of arithmetic in 45 nm CMOS, in pJ: the published table of Horowitz, continued to any bit width.

M. Horowitz, "Computing's energy problem (and what we can do about it)", ISSCC 2014, 10-14, prints for integers
0.03 pJ (8 bit) and 0.1 pJ (32 bit) for an addition, 0.2 pJ and 3.1 pJ for a multiplication; for floating point 0.4 pJ and
1.1 pJ (16 bit), 0.9 pJ and 3.7 pJ (32 bit). Between and beyond the integers of the table, an addition is taken linear in the
bits and a multiplication quadratic, with the coefficients of QTools (Coelho et al., arXiv:2006.10159), a part of QKeras:
$0.003125\,b$ and $0.002995\,b^2 + 0.001042\,b$, where $b^2$ is the product of the widths of the two operands.
"""

import numpy as np
from jaxtyping import Float

__all__ = [
    "FLOAT16_ADD",
    "FLOAT16_MULTIPLY",
    "FLOAT32_ADD",
    "FLOAT32_MULTIPLY",
    "add_energy",
    "multiply_energy",
]

Bits = Float[np.ndarray, "..."]

FLOAT32_MULTIPLY, FLOAT32_ADD = 3.7, 0.9
"""One operation on 32-bit floating point numbers, in pJ."""

FLOAT16_MULTIPLY, FLOAT16_ADD = 1.1, 0.4
"""One operation on 16-bit floating point numbers, in pJ."""

_ADD = 0.003125
_MULTIPLY = 0.002994791667, 0.001041666667


def add_energy(bits: Bits | float) -> Bits:
    """The energy of one integer addition in pJ.

    Args:
        bits: width of the sum.
    """
    return _ADD * np.asarray(bits)


def multiply_energy(bits: Bits | float, other_bits: Bits | float) -> Bits:
    """The energy of one integer multiplication in pJ.

    Args:
        bits: width of one factor.
        other_bits: width of the other factor.
    """
    area = np.multiply(bits, other_bits)
    quadratic, linear = _MULTIPLY
    return np.asarray(quadratic * area + linear * np.sqrt(area))
