r"""What a network costs: parameters, products, effective bit operations, memory and energy, layer by layer.

Counted are the products and sums of dense and convolutional layers and the sums of residual connections, each layer once, for
one event, everything in parallel as in a trigger. Not counted: activations, reshapes, scalings, batch normalization (which
folds into the layer next to it), and the movement of weights and activations, which have no memory in such a design.

The energy of a layer is that of its products with weights $w \neq 0$, each of which is multiplied and then added up:

.. math:: E = \sum_{x\, w} E_\times(b_x, b_w) + E_+(b_x + b_w + g)

with the widths $b$ of input and weight, signs included, and $g = \lceil\log_2 n\rceil$ for sums of $n$ terms, bias included;
energies are those of `offshell.compress.energy`, 4.6 pJ for a product and its addition in float32. So does QTools (Coelho et
al., arXiv:2006.10159), which also counts products with padding and, where asked, the reading of memory. With those, the float16
column reproduces the 5.4957 uJ that Valente and Anzalone print for their encoder before quantization (1.5 pJ for each product,
4.2 nJ for residual sums, 1.5 nJ for the image); their 3.3434 uJ at <16, 6> bits is 3.3243 uJ here, 0.6 % less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass

import keras
import numpy as np

from offshell.compress.energy import (
    FLOAT16_ADD,
    FLOAT16_MULTIPLY,
    FLOAT32_ADD,
    FLOAT32_MULTIPLY,
    add_energy,
    multiply_energy,
)
from offshell.compress.products import Products, input_bits, is_quantized, products
from offshell.errors import InputError

__all__ = ["LayerCost", "cost", "total"]

_PER_NANOJOULE = 1e3

# The weight that HGQ2 gives to an addition, per bit.
_EBOPS_OF_ADDED_BIT = 0.65


@dataclass(frozen=True)
class LayerCost:
    """The cost of one layer, or of all of them.

    Attributes:
        layer: Its name.
        kind: Its class.
        n_parameters: Weights and biases.
        n_weights: Weights.
        n_nonzero: Weights other than zero, after quantization.
        n_products: Multiply-accumulates, those with weights of zero included.
        ebops: Effective bit operations with weights other than zero, as HGQ2 counts them (Sun et al., arXiv:2405.00645);
            in float, 32 x 32 for each product.
        memory_bits: Widths of all weights and biases other than zero.
        energy_float32: Of all products in float32, in nJ: the same layer before quantization and pruning.
        energy_float16: The same in float16.
        energy: Of the layer as it is, in nJ.
    """

    layer: str
    kind: str
    n_parameters: int
    n_weights: int
    n_nonzero: int
    n_products: int
    ebops: float
    memory_bits: float
    energy_float32: float
    energy_float16: float
    energy: float

    @property
    def sparsity(self) -> float:
        """The share of weights that are zero."""
        return 1 - self.n_nonzero / self.n_weights if self.n_weights else 0.0

    def as_dict(self) -> dict[str, str | int | float]:
        """All numbers by name, ready for JSON."""
        return {**asdict(self), "sparsity": self.sparsity}


def cost(model: keras.Model) -> list[LayerCost]:
    """The cost of each layer of a built network or detector, in the order in which it holds them.

    Args:
        model: layers of Keras (32-bit floating point) or of HGQ2 (fixed point, with the widths that they have now).

    Raises:
        InputError: if there is nothing to count, or a layer with weights of another kind.
    """
    rows = [_row(layer) for layer in _counted(model)]
    if not rows:
        raise InputError(
            f"Nothing to count the cost of. Expected: a built model with dense or convolutional layers. Received: {model.name}."
        )
    return rows


def total(rows: Sequence[LayerCost]) -> LayerCost:
    """The sum over layers."""
    columns = list(zip(*(astuple(row)[2:] for row in rows), strict=True))
    return LayerCost("total", "", *map(sum, columns))


def _counted(layer: keras.Layer) -> Iterator[keras.Layer]:
    """The layers to count, inside out of models and of layers made of layers."""
    if _multiplies(layer) or isinstance(layer, keras.layers.Add):
        yield layer
        return
    parts = (
        layer.layers
        if isinstance(layer, keras.Model)
        else layer._flatten_layers(include_self=False, recursive=False)
    )
    if not parts and layer.trainable_variables and not isinstance(layer, keras.layers.BatchNormalization):
        raise InputError(
            "The cost of a layer cannot be counted. Expected: dense and convolutional layers and additions. "
            f"Received: {layer.name} of kind {type(layer).__name__}."
        )
    for part in parts:
        yield from _counted(part)


def _multiplies(layer: keras.Layer) -> bool:
    return isinstance(layer, keras.layers.Dense) or hasattr(layer, "convolution_op")


def _row(layer: keras.Layer) -> LayerCost:
    return _product_row(layer) if _multiplies(layer) else _addition_row(layer)


def _product_row(layer: keras.Layer) -> LayerCost:
    counted = products(layer)
    return LayerCost(
        layer=layer.name,
        kind=type(layer).__name__,
        n_parameters=counted.n_parameters,
        n_weights=counted.n_weights,
        n_nonzero=counted.n_nonzero,
        n_products=counted.n,
        ebops=counted.ebops,
        memory_bits=counted.memory_bits,
        energy_float32=counted.n * (FLOAT32_MULTIPLY + FLOAT32_ADD) / _PER_NANOJOULE,
        energy_float16=counted.n * (FLOAT16_MULTIPLY + FLOAT16_ADD) / _PER_NANOJOULE,
        energy=_energy(counted, quantized=is_quantized(layer)) / _PER_NANOJOULE,
    )


def _energy(counted: Products, *, quantized: bool) -> float:
    """In pJ."""
    if not quantized:
        return sum(counted.by_width.values()) * (FLOAT32_MULTIPLY + FLOAT32_ADD)
    return sum(
        count * float(multiply_energy(x_bits, w_bits) + add_energy(x_bits + w_bits + counted.growth))
        for (x_bits, w_bits), count in counted.by_width.items()
    )


def _addition_row(layer: keras.Layer) -> LayerCost:
    """A sum of tensors is as wide as the widest of them and one bit more."""
    bits, unsigned_bits = np.stack(input_bits(layer)), np.stack(input_bits(layer, signed=False))
    n_additions = bits[0].size * (len(bits) - 1)
    energy = (len(bits) - 1) * float(add_energy(bits.max(axis=0) + 1).sum())
    return LayerCost(
        layer=layer.name,
        kind=type(layer).__name__,
        n_parameters=0,
        n_weights=0,
        n_nonzero=0,
        n_products=0,
        ebops=_EBOPS_OF_ADDED_BIT * float(unsigned_bits.sum() - unsigned_bits.min(axis=0).sum()),
        memory_bits=0.0,
        energy_float32=n_additions * FLOAT32_ADD / _PER_NANOJOULE,
        energy_float16=n_additions * FLOAT16_ADD / _PER_NANOJOULE,
        energy=(energy if is_quantized(layer) else n_additions * FLOAT32_ADD) / _PER_NANOJOULE,
    )
