r"""Scale the FPGA resources of a convolution that was synthesized to one that was not."""

from typing import NamedTuple

__all__ = ["Convolution", "resource_factor"]


class Convolution(NamedTuple):
    """The sizes of a convolution."""

    height: int
    width: int
    channels_in: int
    channels_out: int
    stride: int = 1


def resource_factor(a: Convolution, b: Convolution) -> float:
    r"""How many times the resources of convolution `b` convolution `a` needs, for kernels of the same size.

    .. math:: \rho(a, b) = \frac{(h^a / s^a)(w^a / s^a)\, d_\mathrm{in}^a d_\mathrm{out}^a}
              {(h^b / s^b)(w^b / s^b)\, d_\mathrm{in}^b d_\mathrm{out}^b}

    It is the ratio of their multiplications; resources of designs that share multipliers or drop zero weights do not follow it.
    Source: L. Valente and L. Anzalone, "Joint Variational Autoencoder for Anomaly Detection in HEP", with one stride $s$ for
    both. Their formula gives 6.4 for the sizes that they print, (20, 20, 16, 10) over (10, 10, 20, 5); their table, where the
    first layer is estimated from the second, has 6189696 / 386856 LUTs, a ratio of exactly 16 (as for DSPs, flip-flops and BRAMs).
    """
    return _multiplications(a) / _multiplications(b)


def _multiplications(layer: Convolution) -> float:
    """Those of one kernel element."""
    area = (layer.height / layer.stride) * (layer.width / layer.stride)
    return area * layer.channels_in * layer.channels_out
