"""Efficiencies at trigger rates are those of the metrics, are JSON, and are shown as they are."""

import io
import json

import numpy as np
import pytest
from rich.console import Console
from scipy.stats import norm

from offshell.errors import InputError
from offshell.evaluate import efficiencies_at_rates, signal_efficiency, threshold_at_rate, tpr_at_fpr
from offshell.evaluate.rates.efficiencies import rich_rates


def gaussian(n, *, mse, ht, seed):
    rng = np.random.default_rng(seed)
    return {"mse": rng.normal(mse, size=n), "ht": rng.normal(ht, size=n)}


BACKGROUND = gaussian(5000, mse=0, ht=0, seed=1)
SIGNALS = {name: gaussian(800, mse=2, ht=1, seed=seed) for name, seed in (("A", 2), ("LQ [80]", 3))}


@pytest.fixture(scope="module")
def efficiencies():
    """50, 5 and no background events above the threshold."""
    rates = {"loose": 1e4, "tight": 1e3, "too tight": 1e2}
    return efficiencies_at_rates(BACKGROUND, SIGNALS, rates_hz=rates, input_rate_hz=1e6)


def printed(table, width=120):
    console = Console(width=width, file=io.StringIO())
    console.print(table)
    return console.file.getvalue()


def test_the_default_rates_are_those_of_the_issue():
    scores = {"mse": np.arange(300_000.0)}
    efficiencies = efficiencies_at_rates(scores, {"A": scores})
    n_background = {rate: of_scores["mse"]["A"]["n_background"] for rate, of_scores in efficiencies.items()}
    # 300,000 events of 28.6 MHz: 95.3 Hz each.
    assert n_background == {"0.1 kHz": 1, "1 kHz": 10, "10 kHz": 104}


def test_efficiency_and_rate_are_those_of_metrics_and_thresholds(efficiencies):
    entry = efficiencies["loose"]["mse"]["A"]
    rate = tpr_at_fpr(BACKGROUND["mse"], SIGNALS["A"]["mse"], 0.01)
    assert (entry["value"], entry["low"], entry["high"]) == (rate.value, rate.low, rate.high)
    point = threshold_at_rate(BACKGROUND["mse"], rate_hz=1e4, input_rate_hz=1e6)
    assert (entry["threshold"], entry["n_background"]) == (point.threshold, point.n_background)
    assert (entry["rate_hz"], entry["rate_low"], entry["rate_high"]) == (point.rate_hz, *point.interval)
    assert entry["value"] == signal_efficiency(point, SIGNALS["A"]["mse"]).value


def test_the_efficiency_is_that_of_two_gaussians(efficiencies):
    # Two widths apart, at the score that a hundredth of the background exceeds.
    for signal in SIGNALS:
        entry = efficiencies["loose"]["mse"][signal]
        assert entry["low"] < norm.sf(norm.isf(0.01) - 2) < entry["high"] < 0.6
        assert entry["low"] > 0.2


def test_rates_on_few_events_are_marked_and_on_none_are_null(efficiencies):
    entries = [of_scores["ht"]["A"] for of_scores in efficiencies.values()]
    assert [entry["n_background"] for entry in entries] == [50, 5, 0]
    assert [entry["few"] for entry in entries] == [False, True, True]
    assert [entry["value"] is None for entry in entries] == [False, False, True]


def test_it_is_json_without_nan(efficiencies):
    assert json.loads(json.dumps(efficiencies, allow_nan=False)) == efficiencies


def test_the_table_has_a_row_for_each_score_and_a_column_for_each_signal(efficiencies):
    text = printed(rich_rates(efficiencies, "loose"))
    assert "Signal efficiency [%] at loose" in " ".join(text.split())
    rows = [line.split() for line in text.splitlines()]
    assert ["score", "A", "LQ", "[80]"] in rows
    entry = efficiencies["loose"]["mse"]["A"]
    error = max(entry["high"] - entry["value"], entry["value"] - entry["low"])
    expected = ["mse", f"{100 * entry['value']:.0f}", f"±{100 * error:.0f}"]
    assert next(row for row in rows if row[:1] == ["mse"])[:3] == expected
    assert "*" not in text


def test_the_table_says_what_its_marks_mean(efficiencies):
    assert "* rests on fewer than 10" in printed(rich_rates(efficiencies, "tight"))
    assert "– would rest on no" in printed(rich_rates(efficiencies, "too tight"))


def test_a_signal_without_one_of_the_scores_is_refused():
    with pytest.raises(InputError, match=r"Scores of A are missing\. Expected: mse, ht\. .*none of ht"):
        efficiencies_at_rates(BACKGROUND, {"A": {"mse": np.ones(3)}})


def test_an_unknown_rate_and_an_impossible_one_are_refused(efficiencies):
    with pytest.raises(InputError, match=r"Expected: loose, tight, too tight\. Received: rate='1 kHz'"):
        rich_rates(efficiencies, "1 kHz")
    with pytest.raises(InputError, match="rate_hz < input_rate_hz"):
        efficiencies_at_rates(BACKGROUND, SIGNALS, rates_hz={"all": 1e9})
