"""What a network costs: counted by hand, against HGQ2's own numbers, and against a published table."""

import json
import math

import keras
import numpy as np
import pytest
from hgq.layers import QAdd, QConv2D, QDense
from hgq.quantizer.config import QuantizerConfig
from rich.console import Console

from offshell.compress.cost import LayerCost, cost, total
from offshell.compress.cost_table import rich_cost
from offshell.compress.energy import add_energy, multiply_energy
from offshell.compress.resource_factor import Convolution, resource_factor
from offshell.errors import InputError
from offshell.models import PCA, VAE, networks
from offshell.models.scaling.events import Standardize


def lane(integer=3, fraction=4, *, signed=True):
    return QuantizerConfig(
        "kif", "datalane", k0=signed, i0=integer, f0=fraction, overflow_mode="SAT", round_mode="RND"
    )


def weight(bits=5):
    return QuantizerConfig("kbi", "weight", b0=bits, i0=1, overflow_mode="SAT_SYM")


def dense(**options):
    return QDense(2, iq_conf=lane(), kq_conf=weight(), bq_conf=weight(), beta0=0.0, **options)


def network(layer, shape):
    inputs = keras.Input(shape)
    model = keras.Model(inputs, layer(inputs))
    for variable in model.trainable_variables:
        if variable.name in {"kernel", "bias"}:
            variable.assign(np.linspace(0.25, 0.75, variable.value.size).reshape(variable.shape))
    return model


@pytest.mark.parametrize(("bits", "add", "multiply"), [(8, 0.03, 0.2), (32, 0.1, 3.1)])
def test_energies_are_those_of_the_published_table(bits, add, multiply):
    assert add_energy(bits) == pytest.approx(add, abs=0.005)
    assert multiply_energy(bits, bits) == pytest.approx(multiply, rel=0.01)


def test_a_float_network_counted_by_hand():
    (row,) = cost(network(keras.layers.Dense(2), (3,)))
    assert row.as_dict() | {"layer": ""} == {
        "layer": "",
        "kind": "Dense",
        "n_parameters": 8,
        "n_weights": 6,
        "n_nonzero": 6,
        "n_products": 6,
        "ebops": 6 * 32 * 32 + 2 * 32,
        "memory_bits": 8 * 32,
        "energy_float32": pytest.approx(6 * 4.6e-3),
        "energy_float16": pytest.approx(6 * 1.5e-3),
        "energy": pytest.approx(6 * 4.6e-3),
        "sparsity": 0,
    }


def test_a_quantized_network_counted_by_hand():
    model = network(dense(), (3,))
    model.layers[1].kernel.assign([[0, 0.5], [0, 0.5], [1e-3, 0.5]])  # the last quantizes to zero
    (row,) = cost(model)
    # three products of 8 bits (sign, 3, 4) with 6 bits (sign and 5), sums of four terms, two biases of 6 bits
    assert (row.n_products, row.n_nonzero, row.sparsity) == (6, 3, 0.5)
    assert row.ebops == 3 * 8 * 5 + 2 * 5
    assert row.memory_bits == 3 * 6 + 2 * 6
    one = 0.002994791667 * 48 + 0.001041666667 * 48**0.5 + 0.003125 * (8 + 6 + 2)
    assert row.energy == pytest.approx(3 * one / 1e3)
    assert row.energy_float32 == pytest.approx(6 * 4.6e-3)


def test_each_weight_counts_with_its_own_width():
    model = network(dense(), (3,))
    model.layers[1].kq.quantizer._b.assign([[1, 2], [3, 4], [5, 6]])
    model.layers[1].kernel.assign(np.ones((3, 2)))
    (row,) = cost(model)
    assert row.ebops == 8 * (1 + 2 + 3 + 4 + 5 + 6) + 2 * 5


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (dense, (7,)),
        (lambda: QConv2D(4, 3, padding="same", iq_conf=lane(), kq_conf=weight()), (9, 8, 2)),
    ],
)
def test_ebops_are_those_of_hgq_where_no_weight_is_zero(layer, shape):
    model = network(layer(), shape)
    model(np.ones((1, *shape), np.float32), training=True)
    (row,) = cost(model)
    assert row.ebops == float(model.layers[1].ebops)


def test_additions_count_by_hand_and_as_hgq_counts_them():
    inputs = [keras.Input((3,)), keras.Input((3,))]
    quantized = keras.Model(inputs, QAdd(iq_confs=[lane(3, 4), lane(1, 4)], beta0=0.0)(inputs))
    quantized([np.ones((1, 3), np.float32)] * 2, training=True)
    (row,) = cost(quantized)
    assert row.energy == pytest.approx(3 * 0.003125 * 9 / 1e3)
    assert int(row.ebops) == float(quantized.layers[-1].ebops)
    (row,) = cost(keras.Model(inputs, keras.layers.Add()(inputs)))
    assert (row.energy, row.energy_float16) == (pytest.approx(3 * 0.9e-3), pytest.approx(3 * 0.4e-3))


def test_products_with_padding_are_left_out():
    (row,) = cost(network(keras.layers.Conv2D(1, 3, padding="same"), (2, 2, 1)))
    assert row.n_products == 4 * 4  # of 4 * 9, each corner of a 2 x 2 image sees four pixels


# The reduced encoder of seed 000: name, (output height and width, stride, channels in, channels out), nJ printed. The number
# of channels follows from the energies. Inputs are padded beforehand, because QTools counts products with padding.
PUBLISHED = [
    ("conv1_b0_0", (20, 1, 16, 16), 1382.4),
    ("dconv_b2", (5, 2, 20, 4), 27.0),
    ("conv_fin", (5, 1, 4, 2), 2.7),
]


@pytest.mark.parametrize(("name", "sizes", "energy"), PUBLISHED)
def test_energies_of_a_published_encoder(name, sizes, energy):
    size, stride, channels_in, channels_out = sizes
    shape = (stride * (size - 1) + 3, stride * (size - 1) + 3, channels_in)
    (row,) = cost(network(keras.layers.Conv2D(channels_out, 3, strides=stride, name=name), shape))
    assert row.energy_float16 == pytest.approx(energy, abs=0.05)


def test_the_whole_published_encoder_before_quantization():
    """5.4957 uJ is float16, with 1.5 nJ for the image out of an SRAM of 2**27 bits, which we do not count."""
    sizes = [(20, 1, 16)] + 2 * [(20, 16, 16)] + [(10, 16, 20)] + 4 * [(10, 20, 20)] + [(5, 20, 4)]
    sizes += 2 * [(5, 4, 4)] + [(5, 4, 2)]
    rows = [cost(network(keras.layers.Conv2D(out, 3), (n + 2, n + 2, into)))[0] for n, into, out in sizes]
    rows += [cost(network(keras.layers.Dense(units), (50,)))[0] for units in (20, 32, 32)]
    for shape in [(20, 20, 16), (10, 10, 20), (10, 10, 20), (5, 5, 4)]:
        inputs = [keras.Input(shape), keras.Input(shape)]
        rows += cost(keras.Model(inputs, keras.layers.Add()(inputs)))
    image = np.polyval([9.02427321e-04, -2.68847858e-02, 2.08900804e-01, 0], 27) * 1600 * 16 / 64 / 1e3
    assert total(rows).energy_float16 + image == pytest.approx(5495.7, abs=0.05)
    assert total(rows).energy_float16 == pytest.approx(5494.2, abs=0.05)


def test_the_whole_published_encoder_after_quantization():
    """<16, 6> bits: 3.3434 uJ are printed; 0.6 % of that, 19 nJ, do not follow from the products and sums of the layers."""
    one = float(multiply_energy(16, 16))
    terms = {
        9: 57_600,
        144: 2_131_200,
        180: 1_458_000,
        36: 9_000,
        50: 4_200,
    }  # products by how many make a sum
    nanojoule = (
        sum(n * (one + float(add_energy(32 + math.ceil(math.log2(k + 1))))) for k, n in terms.items()) / 1e3
    )
    residual_sums = float(add_energy(17)) * 10_500 / 1e3
    assert nanojoule + residual_sums == pytest.approx(3324.3, abs=0.05)
    assert nanojoule + residual_sums == pytest.approx(3343.4, rel=0.006)


def test_detectors_are_counted_through_networks_and_latent_layers():
    model = VAE(
        networks.dense_encoder(6, hidden=(5,), normalize=True),
        networks.dense_decoder(2, hidden=(5,), features=6),
        scaling=Standardize(),
    )
    model.outline((6,))
    rows = cost(model)
    assert sorted(row.n_weights for row in rows) == [5 * 2, 5 * 2, 2 * 5, 6 * 5, 5 * 6]
    whole = total(rows)
    assert whole.n_products == sum(row.n_products for row in rows)
    assert (whole.layer, whole.energy) == ("total", pytest.approx(80 * 4.6e-3))
    json.dumps([row.as_dict() for row in rows])


def test_the_table_shows_layers_and_their_total(capsys):
    Console(width=120).print(rich_cost([LayerCost("a", "Dense", 3, 2, 1, 2, 8, 4, 0.5, 0.25, 0.125)] * 2))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if "total" in line] == [
        ["total", "6", "50", "4", "16", "8", "0.25", "1"]
    ]


def test_what_cannot_be_counted():
    with pytest.raises(InputError, match="Nothing to count"):
        cost(PCA(2, shape=(8,)))
    with pytest.raises(InputError, match="kind LayerNormalization"):
        cost(network(keras.layers.LayerNormalization(), (4, 4)))
    with pytest.raises(InputError, match="enable_iq=False"):
        cost(network(dense(enable_iq=False), (3,)))


def test_resource_factor_of_the_printed_sizes():
    """The formula gives 6.4 where the table that it comes with has a ratio of 16."""
    assert resource_factor(Convolution(20, 20, 16, 10), Convolution(10, 10, 20, 5)) == pytest.approx(6.4)
    assert 6_189_696 / 386_856 == 16
    assert resource_factor(Convolution(20, 20, 16, 10, stride=2), Convolution(10, 10, 16, 10)) == 1
