"""Weighted sums of terms, as text."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.models.terms import weighted_sum


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("mse", {"mse": 1}),
        ("bce + 3 * kl_gaussian", {"bce": 1, "kl_gaussian": 3}),
        ("0.5*dice - bce", {"dice": 0.5, "bce": -1}),
        ("-(a + 2 * b)", {"a": -1, "b": -2}),
        ("1e-2 * (a + b) + a", {"a": 1.01, "b": 0.01}),
        ("-2 * a + -0.5 * b", {"a": -2, "b": -0.5}),
    ],
)
def test_weights(text, weights):
    assert dict(weighted_sum.parse(text)) == pytest.approx(weights)


@pytest.mark.parametrize(
    "text", ["", "a *", "a * b", "3", "f(x)", "a.b", "-a * b", "__import__('os')", "'x' * a", "a + 3"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(InputError, match="not a weighted sum"):
        weighted_sum.parse(text)


def test_unknown_term_names_the_nearest():
    with pytest.raises(InputError, match=r"Unknown term 'kl_gauss'.*Did you mean 'kl_gaussian'"):
        weighted_sum.evaluate("kl_gauss", {"kl_gaussian": 1, "mse": 2})


def test_what_is_left_of_a_sum_can_be_read_again():
    left = weighted_sum.restricted("2 * c - 0.5 * a - b", ["a", "b"])
    assert dict(weighted_sum.parse(left)) == {"a": -0.5, "b": -1}


def test_what_is_left_of_a_sum_keeps_every_factor():
    assert weighted_sum.restricted("2 * c + 3 * a - b + d", ["a", "b", "d"]) == "3.0 * a + -1.0 * b + d"


def test_value():
    value = weighted_sum.evaluate("2 * a - b", {"a": np.array([1.0, 2.0]), "b": np.array([1.0, 1.0])})
    assert value.tolist() == [1.0, 3.0]


@pytest.mark.parametrize(
    "text", ["1e400 * mse", "1e308 * mse + 1e308 * mse", "1e308 * (10 * mse)", "a - 1e999 * mse"]
)
def test_infinite_weights_are_refused(text):
    with pytest.raises(
        InputError, match=r"weight of 'mse' .* too large\. Expected: finite\. Received: -?inf"
    ):
        weighted_sum.parse(text)
