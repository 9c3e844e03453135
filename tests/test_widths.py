"""The front and the choice in closed form, and one training in which bits become ever more expensive."""

import keras
import numpy as np
import pytest

from offshell.compress import Learned, Uniform, chosen, front, learn_widths, quantize
from offshell.compress.widths import Point
from offshell.errors import InputError
from offshell.models import VAE, networks
from offshell.train.split import orders

X = np.random.default_rng(1).normal(size=(512, 6)).astype(np.float32)
OPTIONS = {"epochs": 6, "batch_size": 64, "progress": False, "learning_rate": 0.1}


def points(*sizes):
    """Points of EBOPs and validation loss, in the order of the epochs."""
    return [Point(n, 0.0, ebops, 0.0, loss, None) for n, (ebops, loss) in enumerate(sizes, start=1)]


def epochs(found):
    return [point.epoch for point in found]


def test_the_front_leaves_out_what_another_point_beats():
    found = front(points((9, 1.0), (9, 0.9), (5, 1.0), (7, 1.0), (4, 2.0), (3, 2.0)))
    assert epochs(found) == [6, 3, 2]


def test_with_a_limit_the_best_of_the_small_ones_is_chosen():
    some = points((9, 1.0), (5, 1.2), (4, 1.1), (1, 9.0))
    assert [chosen(some, ebops=ebops).epoch for ebops in (100, 8, 3)] == [1, 3, 4]


def test_without_a_limit_the_smallest_of_the_good_ones_is_chosen():
    assert chosen(points((9, 1.0), (5, 1.09), (4, 1.12))).epoch == 2
    assert chosen(points((9, -10.0), (5, -9.1), (4, -8.9))).epoch == 2  # a loss may be negative


def test_too_small_a_limit_is_one_line():
    with pytest.raises(InputError, match=r"at most 2 EBOPs. Received: 1,000 for the smallest"):
        chosen(points((1000, 1.0), (2000, 0.5)), ebops=2)


def detector(precision):
    keras.utils.set_random_seed(1)
    coders = networks.dense_encoder(6, hidden=(4,)), networks.dense_decoder(2, hidden=(4,), features=6)
    return quantize(VAE(*coders), precision, X)


def learned(**options):
    model = detector(Learned(4))
    return model, learn_widths(model, X, beta=(1e-6, 1e-1), **(OPTIONS | options))


def test_bits_go_as_their_price_rises():
    model, found = learned()
    assert len(found) == OPTIONS["epochs"]
    np.testing.assert_allclose([point.beta for point in found], np.geomspace(1e-6, 1e-1, 6))
    assert found[-1].ebops < 0.7 * found[0].ebops
    assert np.isfinite([point.val_loss for point in found]).all()
    # The model ends as the last point, and another one can be put into it.
    last = model.encoder.get_weights()
    found[0].install(model)
    assert any((old != new).any() for old, new in zip(last, model.encoder.get_weights(), strict=True))
    assert found[0].ebops > 0
    _, again = learned()
    assert [point.ebops for point in again] == [point.ebops for point in found]
    assert [point.val_loss for point in again] == [point.val_loss for point in found]


def test_uniform_widths_cannot_be_learned():
    with pytest.raises(InputError, match="no bit widths to learn"):
        learn_widths(detector(Uniform(4)), X, **OPTIONS)


@pytest.mark.parametrize("beta", [(0, 1e-3), (1e-3, 1e-4)])
def test_prices_rise(beta):
    with pytest.raises(InputError, match="0 < first <= last"):
        learn_widths(detector(Learned(4)), X, beta=beta, **OPTIONS)


def test_no_parent_is_on_both_sides(monkeypatch):
    groups, seen = np.arange(len(X)) // 8, []

    def noted(rows, *arguments, **options):
        seen.append(rows)
        return orders(rows, *arguments, **options)

    monkeypatch.setattr("offshell.compress.widths.orders", noted)
    learned(groups=groups, epochs=1)
    (rows,) = seen
    assert len(rows) < len(X)
    assert set(np.bincount(groups[rows], minlength=64)) == {0, 8}
    learned(epochs=1)
    assert (np.bincount(groups[seen[1]], minlength=64) % 8 != 0).any()
