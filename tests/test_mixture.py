import numpy as np

from offshell.evaluate.separation.mixture import with_mixture

SCORES = {
    "qcd": {"mse": np.array([1.0])},
    "top": {"mse": np.array([2.0, 3.0]), "l1": np.array([0.0, 0.0])},
    "w": {"mse": np.array([4.0]), "bce": np.array([0.0])},
}


def test_the_mixture_is_all_signals_and_comes_last():
    mixed = with_mixture(SCORES)
    assert list(mixed) == ["qcd", "top", "w", "mixture"]
    np.testing.assert_array_equal(mixed["mixture"]["mse"], [2, 3, 4])
    assert list(mixed["mixture"]) == ["mse"]
    assert "mixture" not in SCORES
