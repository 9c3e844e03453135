import numpy as np

from offshell.evaluate.separation.all_signals import with_all_signals

SCORES = {
    "qcd": {"mse": np.array([1.0])},
    "top": {"mse": np.array([2.0, 3.0]), "l1": np.array([0.0, 0.0])},
    "w": {"mse": np.array([4.0]), "bce": np.array([0.0])},
}


def test_all_signals_come_last_and_have_what_each_has():
    mixed = with_all_signals(SCORES)
    assert list(mixed) == ["qcd", "top", "w", "all-signals"]
    np.testing.assert_array_equal(mixed["all-signals"]["mse"], [2, 3, 4])
    assert list(mixed["all-signals"]) == ["mse"]
    assert "all-signals" not in SCORES
