"""The comparison has the promised shape and is JSON; the table shows what it holds."""

import io
import json

import numpy as np
import pytest
from rich.console import Console

from offshell import evaluate
from offshell.errors import InputError


@pytest.fixture(scope="module")
def metrics():
    """Scores that separate well, not at all, and the wrong way round; 2000 background events."""
    rng = np.random.default_rng(4)
    distances = {"mass": 2.0, "dice + bce": 1.0, "mse": -1.0, "noise": 0.0}

    def scores(n_events, share):
        return {name: rng.normal(share * distance, 1, n_events) for name, distance in distances.items()}

    return evaluate.compare(scores(2000, 0), {"top": scores(1000, 1), "w": scores(500, 0.5)})


def printed(table, width=120):
    console = Console(width=width, file=io.StringIO())
    console.print(table)
    return console.file.getvalue()


def test_the_shape_is_the_promised_one(metrics):
    assert list(metrics) == ["top", "w"]
    assert list(metrics["top"]) == ["mass", "dice + bce", "mse", "noise"]
    score = metrics["top"]["mass"]
    assert list(score) == ["auc", "auc_low", "auc_high", "tpr", "sic", "remark"]
    assert list(score["tpr"]) == ["1e-1", "1e-2", "1e-3", "1e-4", "1e-5"]
    assert list(score["tpr"]["1e-3"]) == ["value", "low", "high", "n_background", "few"]
    assert list(score["sic"]) == ["value", "low", "high", "fpr"]


def test_it_is_json_without_nan(metrics):
    assert json.loads(json.dumps(metrics, allow_nan=False)) == metrics


def test_numbers_are_those_of_the_metrics():
    rng = np.random.default_rng(5)
    background, signal = rng.normal(0, 1, 3000), rng.normal(1, 1, 1000)
    score = evaluate.compare({"a": background}, {"top": {"a": signal}})["top"]["a"]
    assert (score["auc"], score["auc_low"]) == (
        evaluate.auc(background, signal).value,
        evaluate.auc(background, signal).low,
    )
    assert score["tpr"]["1e-2"]["high"] == evaluate.tpr_at_fpr(background, signal, 1e-2).high
    assert score["sic"]["value"] == evaluate.significance_improvement(background, signal).value


def test_rates_on_few_events_are_marked_and_on_none_are_null(metrics):
    rates = metrics["top"]["mass"]["tpr"]
    assert [rate["n_background"] for rate in rates.values()] == [200, 20, 2, 0, 0]
    assert [rate["few"] for rate in rates.values()] == [False, False, True, True, True]
    assert [rate["value"] is None for rate in rates.values()] == [False, False, False, True, True]


def test_an_auc_below_half_is_shown_as_it_is_with_a_remark(metrics):
    reversed_score = metrics["top"]["mse"]
    assert reversed_score["auc"] < 0.3
    assert "more ordinary than the background" in reversed_score["remark"]
    assert metrics["top"]["mass"]["remark"] == ""


def test_an_auc_below_half_by_chance_has_a_milder_remark():
    scores = np.arange(100.0)
    score = evaluate.compare({"a": scores + 1}, {"top": {"a": scores}})["top"]["a"]
    assert "compatible" in score["remark"]


def test_a_signal_without_one_of_the_scores_is_refused():
    with pytest.raises(InputError, match=r"Scores of top differ.*Expected: a, b\. Received: a\."):
        evaluate.compare({"a": np.ones(3), "b": np.ones(3)}, {"top": {"a": np.ones(3)}})


def test_bad_scores_are_refused_by_signal_and_score():
    with pytest.raises(InputError, match="top, a: Scores in signal are not finite"):
        evaluate.compare({"a": np.ones(3)}, {"top": {"a": np.array([np.nan])}})


def test_the_table_is_sorted_by_auc_with_the_baselines_apart(metrics):
    lines = printed(evaluate.rich_table(metrics, "top", baselines=["mass"])).splitlines()
    rows = [line.split("  ")[0].strip() for line in lines if "±" in line and not line.startswith("±")]
    assert rows == ["dice + bce", "noise", "mse", "mass"]


def test_the_table_says_what_its_marks_mean(metrics):
    text = printed(evaluate.rich_table(metrics, "top"))
    assert "No rate at 1e-4, 1e-5" in text
    assert "* rests on fewer than 10" in text
    assert "▼ AUC below 0.5: the signal looks more ordinary" in text


def test_rates_are_in_percent_and_errors_have_one_digit_or_two_after_a_one():
    rng = np.random.default_rng(7)
    metrics = evaluate.compare({"a": rng.normal(0, 1, 2000)}, {"top": {"a": rng.normal(2, 1, 1000)}})
    # AUC 0.9243 in [0.9142, 0.9333]; TPR 0.769 in [0.721, 0.806] at 1e-1 and 0.377 in [0.292, 0.432] at 1e-2, as
    # compare returns them for this seed.
    row = next(
        line for line in printed(evaluate.rich_table(metrics, "top")).splitlines() if line.startswith(" a ")
    )
    assert row.split()[:7] == ["a", "0.924", "±0.010", "77", "±5", "38", "±9"]


def test_marks_that_are_not_needed_are_not_explained():
    rng = np.random.default_rng(6)
    metrics = evaluate.compare({"a": rng.normal(0, 1, 1000)}, {"top": {"a": rng.normal(3, 1, 1000)}})
    rates = metrics["top"]["a"]["tpr"]
    metrics["top"]["a"]["tpr"] = dict.fromkeys(rates, rates["1e-1"])
    assert printed(evaluate.rich_table(metrics, "top")).strip().endswith("SIC is TPR/√FPR.")


def test_the_table_fits_a_narrow_terminal(metrics):
    long_name = {"top": {"isolation_forest_on_substructure": metrics["top"]["mass"]}}
    text = printed(evaluate.rich_table(long_name, "top"), width=58)
    assert max(len(line) for line in text.splitlines()) <= 58
    assert "…" not in text


def test_names_with_brackets_are_not_taken_for_markup():
    metrics = evaluate.compare({"a[b]": np.arange(30.0)}, {"jets[c]": {"a[b]": np.arange(30.0)}})
    text = printed(evaluate.rich_table(metrics, "jets[c]"))
    assert "Finding jets[c]" in text
    assert "a[b]" in text


def test_an_unknown_signal_is_refused(metrics):
    with pytest.raises(InputError, match=r"Expected: top, w\. Received: signal='qcd'"):
        evaluate.rich_table(metrics, "qcd")
