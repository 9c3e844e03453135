"""Networks that the HLS compilers give up on, found before they are started.

With `io_parallel` every array is cut into registers and every loop unrolled. The compilers stop at 4096 elements or
iterations (issues 904, 1013 and 1157 of github.com/fastmachinelearning/hls4ml); Vivado HLS stops at 1024 (issue 79)
unless it is told 4096, as the script of `offshell.firmware.hls.project` does.
"""

import math
from collections.abc import Iterator

import keras

from offshell.errors import InputError

__all__ = ["refuse_too_large"]

_MOST_ELEMENTS = 4096


def refuse_too_large(network: keras.Model, *, strategy: str) -> None:
    """Refuses a network with an array that the HLS compilers do not cut into registers.

    Args:
        network: a functional model.
        strategy: `"latency"` keeps the products of a dense layer or of a convolution's kernel in an array;
            `"distributed_arithmetic"` has none.

    Raises:
        InputError: if an array is larger than 4096; it names the layer.
    """
    for layer in network.layers:
        for what, size in _arrays(layer, products=strategy == "latency"):
            if size > _MOST_ELEMENTS:
                raise InputError(
                    f"The layer {layer.name} is too large for an HLS compiler. "
                    f"Expected: at most {_MOST_ELEMENTS} {what}. Received: {size}."
                )


def _arrays(layer: keras.Layer, *, products: bool) -> Iterator[tuple[str, int]]:
    for tensor in keras.tree.flatten(layer.output):
        yield "outputs", math.prod(tensor.shape[1:])
    kernel = getattr(layer, "kernel", None)
    if products and kernel is not None:
        yield "products at once", math.prod(kernel.shape)
