"""The products of a dense or convolutional layer, counted by the widths of their factors."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, log2

import keras
import numpy as np
from jaxtyping import Float
from keras import ops

from offshell.errors import InputError

__all__ = ["Products", "input_bits", "is_quantized", "products", "width"]

Array = Float[np.ndarray, "..."]
Shape = tuple[int, ...]

_FLOAT_BITS = 32.0


@dataclass(frozen=True)
class Products:
    """What a layer multiplies and adds for one event.

    Attributes:
        n: Products, those with weights of zero included; there is none with padding.
        by_width: How many products with weights other than zero there are of each width of input and weight, with signs.
        ebops: Effective bit operations: the sum over them of width times width (widths as HGQ2 counts them: without the
            sign where a quantizer does not saturate to an asymmetric range), and of the widths of the biases of all outputs
            (HGQ2 counts a bias of a strided convolution for each input instead).
        growth: Bits by which the sum of all products and the bias can be wider than one product.
        n_parameters: Weights and biases.
        n_weights: Weights.
        n_nonzero: Weights other than zero, after quantization.
        memory_bits: Widths of the weights and biases other than zero, with signs.
    """

    n: int
    by_width: dict[tuple[float, float], int]
    ebops: float
    growth: int
    n_parameters: int
    n_weights: int
    n_nonzero: int
    memory_bits: float


def products(layer: keras.Layer) -> Products:
    """The products of a built dense or convolutional layer of Keras, or of its counterpart in HGQ2.

    Raises:
        InputError: if a layer of HGQ2 does not quantize its input, so that the widths are not known.
    """
    kernel, bias = _weights(layer)
    nonzero = kernel != 0
    n_terms = kernel[..., 0].size + bool(bias.size)
    kernel_bits, bias_bits = _bits(layer, "kq", kernel.shape), _bits(layer, "bq", bias.shape)
    sums = _sums(layer)
    shape = (1, *_input_shapes(layer)[0])
    outputs = sums(np.ones(shape), np.ones_like(kernel))
    return Products(
        n=int(outputs.sum()),
        by_width=_by_width(sums, input_bits(layer)[0], np.where(nonzero, kernel_bits, 0)),
        ebops=_ebops(layer, sums, nonzero=nonzero, bias=bias, n_outputs=outputs.size),
        growth=ceil(log2(n_terms)),
        n_parameters=kernel.size + bias.size,
        n_weights=kernel.size,
        n_nonzero=int(nonzero.sum()),
        memory_bits=float(kernel_bits[nonzero].sum() + bias_bits[bias != 0].sum()),
    )


def is_quantized(layer: keras.Layer) -> bool:
    """Whether a layer is one of HGQ2, told by what it has: float models are counted where HGQ2 is not installed."""
    return hasattr(layer, "enable_iq")


def input_bits(layer: keras.Layer, *, signed: bool = True) -> list[Array]:
    """The width of each element of each input of a layer, `(1, ...)`."""
    shapes = [(1, *shape) for shape in _input_shapes(layer)]
    if not is_quantized(layer):
        return [np.full(shape, _FLOAT_BITS) for shape in shapes]
    if not layer.enable_iq:
        raise InputError(
            "The cost of a quantized layer cannot be counted. Expected: a quantizer of its input. "
            f"Received: {layer.name} with enable_iq=False."
        )
    quantizers = layer.iq if len(shapes) > 1 else [layer.iq]
    return [
        _width(quantizer, shape, signed=signed) for quantizer, shape in zip(quantizers, shapes, strict=True)
    ]


def width(quantizer: keras.Layer, shape: Shape) -> Array:
    """The width of each number that a quantizer of HGQ2 lets through, with the sign; 0 where it drops the number."""
    bits = np.sum(
        [np.asarray(part, np.float64) for part in np.broadcast_arrays(*quantizer.quantizer.kif)], axis=0
    )
    return np.broadcast_to(np.maximum(bits, 0), shape)


_Sums = Callable[[Array, Array], Array]


def _input_shapes(layer: keras.Layer) -> list[Shape]:
    shape = layer.get_build_config()["input_shape"]
    several = isinstance(shape[0], list | tuple)
    return [tuple(each[1:]) for each in (shape if several else [shape])]


def _sums(layer: keras.Layer) -> _Sums:
    """From inputs and a kernel to the sums of their products, without bias."""
    multiply = getattr(layer, "convolution_op", ops.matmul)
    return lambda x, kernel: np.asarray(multiply(x.astype("float32"), kernel.astype("float32")), np.float64)


def _weights(layer: keras.Layer) -> tuple[Array, Array]:
    """Kernel and bias as the layer uses them; the bias is empty if it has none."""
    prefix = "q" if is_quantized(layer) else ""
    bias = getattr(layer, f"{prefix}bias") if layer.use_bias else np.empty(0)
    return np.asarray(getattr(layer, f"{prefix}kernel")), np.asarray(bias)


def _bits(layer: keras.Layer, quantizer: str, shape: Shape, *, signed: bool = True) -> Array:
    if not is_quantized(layer):
        return np.full(shape, _FLOAT_BITS)
    return _width(getattr(layer, quantizer), shape, signed=signed) if np.prod(shape) else np.empty(0)


def _width(quantizer: keras.Layer, shape: Shape, *, signed: bool) -> Array:
    return width(quantizer, shape) if signed else np.asarray(quantizer.bits_(shape), np.float64)


def _by_width(sums: _Sums, inputs: Array, kernel: Array) -> dict[tuple[float, float], int]:
    input_widths = np.unique(inputs[inputs > 0])
    of_each = np.concatenate([inputs == width for width in input_widths] or [inputs[:0]])
    return {
        (float(input_width), float(kernel_width)): int(count)
        for kernel_width in np.unique(kernel[kernel > 0])
        for input_width, count in zip(
            input_widths, _totals(sums(of_each, kernel == kernel_width)), strict=True
        )
    }


def _totals(sums: Array) -> Array:
    return np.asarray(sums.reshape(len(sums), -1).sum(axis=1))


def _ebops(layer: keras.Layer, sums: _Sums, *, nonzero: Array, bias: Array, n_outputs: int) -> float:
    inputs, kernel = input_bits(layer, signed=False)[0], _bits(layer, "kq", nonzero.shape, signed=False)
    biases = _bits(layer, "bq", bias.shape, signed=False)
    per_output = np.where(bias != 0, biases, 0).mean() if bias.size else 0.0
    return float(sums(inputs, kernel * nonzero).sum() + per_output * n_outputs)
