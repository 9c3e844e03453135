"""Shifts whose effect is known in closed form, and against other functions."""

import numpy as np
import pytest
from scipy.stats import expon

from offshell.errors import InputError
from offshell.evaluate import auc, auc_difference, signal_efficiency, threshold_at_rate
from offshell.evaluate.rates.changes import independent_change, paired_reach
from offshell.evaluate.rates.measured import Measured
from offshell.evaluate.rates.robustness import robustness
from offshell.evaluate.rates.robustness_table import background_rows, rich_robustness, signal_rows
from offshell.evaluate.separation.intervals import binomial_interval
from offshell.report.sections.robustness import robustness_section

RNG = np.random.default_rng(5)
BACKGROUND, SIGNAL = RNG.exponential(size=50_000), RNG.exponential(2.0, size=2_000)
NOMINAL = Measured(BACKGROUND, {"top": SIGNAL})


def scaled(by):
    return Measured(by * BACKGROUND, {"top": by * SIGNAL})


def found(shifted, **options):
    return robustness(NOMINAL, shifted, rate=1e3, input_rate=1e5, **options)


def test_a_scale_of_one_changes_nothing():
    of = found({"same": scaled(1.0)})
    nominal, same = of["nominal"], of["shifts"]["same"]
    point = threshold_at_rate(BACKGROUND, rate_hz=1e3, input_rate_hz=1e5)
    assert nominal["threshold"] == same["threshold"] == of["threshold"] == point.threshold
    assert nominal["rate"] == same["rate"]
    assert same["rate"]["value"] == pytest.approx(point.rate_hz)
    assert (same["rate"]["low"], same["rate"]["high"]) == pytest.approx(point.interval)
    for key in ("auc", "efficiency", "efficiency_at_rate"):
        assert nominal["signals"]["top"][key] == same["signals"]["top"][key]
    changes = same["rate_change"], *(same["signals"]["top"][f"{key}_change"] for key in ("auc", "efficiency"))
    for change in changes:
        assert change["low"] < change["value"] == 0 < change["high"]


def test_a_score_that_is_a_momentum_scales_exactly():
    """Exponential scores: at the nominal threshold t the rate becomes exp(-t / scale); all ranks stay."""
    of = found({"up": scaled(1.1), "down": scaled(1 / 1.1)})
    for name, scale in (("up", 1.1), ("down", 1 / 1.1)):
        shift = of["shifts"][name]
        assert shift["threshold"] == scale * of["threshold"]
        true = 1e5 * expon.sf(of["threshold"] / scale)
        assert shift["rate"]["low"] < true < shift["rate"]["high"]
        true_change = true - 1e5 * expon.sf(of["threshold"])
        assert shift["rate_change"]["low"] < true_change < shift["rate_change"]["high"]
        signal = shift["signals"]["top"]
        assert signal["auc"] == of["nominal"]["signals"]["top"]["auc"]
        assert signal["efficiency_at_rate"] == of["nominal"]["signals"]["top"]["efficiency_at_rate"]
        true_change = expon.sf(of["threshold"] / scale / 2) - expon.sf(of["threshold"] / 2)
        assert signal["efficiency_change"]["low"] < true_change < signal["efficiency_change"]["high"]
    up, down = (of["shifts"][name]["rate_change"] for name in ("up", "down"))
    assert down["high"] < 0 < up["low"]


def test_the_expected_rate_counts_the_event_at_the_threshold_once():
    shift = found({"up": scaled(1.1)})["shifts"]["up"]
    passed = (found({})["threshold"] < 1.1 * BACKGROUND).sum()  # the event at the threshold among them
    assert shift["rate"]["value"] == pytest.approx(1e5 * passed / 50_001)


def test_paired_changes_are_known_better_than_those_of_other_events():
    rng = np.random.default_rng(6)
    others = Measured(1.1 * rng.exponential(size=50_000), {"top": 1.1 * rng.exponential(2.0, 2_000)})
    of = found({"up": scaled(1.1)}, others={"new": others})["shifts"]
    same, new = of["up"], of["new"]
    assert same["same_events"]
    assert not new["same_events"]
    passed = int((others.background > found({})["threshold"]).sum())
    low, high = binomial_interval(passed, 50_000)
    assert new["rate"] == pytest.approx(
        {"value": 2 * passed, "low": 1e5 * float(low), "high": 1e5 * float(high)}
    )
    changes = [(same["rate_change"], new["rate_change"])]
    changes += [
        (same["signals"]["top"][key], new["signals"]["top"][key])
        for key in ("auc_change", "efficiency_change")
    ]
    for paired, unpaired in changes:
        assert unpaired["high"] - unpaired["low"] > 2 * (paired["high"] - paired["low"])


def test_numbers_are_those_of_the_functions_that_measure_one_sample():
    rng = np.random.default_rng(7)
    moved = Measured(BACKGROUND + rng.normal(0, 0.1, 50_000), {"top": SIGNAL + rng.normal(0, 0.1, 2_000)})
    signal = found({"worse": moved})["shifts"]["worse"]["signals"]["top"]
    area = auc(moved.background, moved.signals["top"])
    assert signal["auc"] == {"value": area.value, "low": area.low, "high": area.high}
    difference = auc_difference((BACKGROUND, moved.background), (SIGNAL, moved.signals["top"]))
    assert signal["auc_change"] == {
        "value": difference.value,
        "low": difference.low,
        "high": difference.high,
    }
    point = threshold_at_rate(moved.background, rate_hz=1e3, input_rate_hz=1e5)
    assert signal["efficiency_at_rate"] == vars(signal_efficiency(point, moved.signals["top"]))


def test_events_of_one_parent_count_together():
    groups = np.arange(50_000) // 5
    together = Measured(np.repeat(BACKGROUND[:10_000], 5), {"top": SIGNAL}, groups=groups)
    moved = Measured(1.1 * together.background, {"top": 1.1 * SIGNAL}, groups=groups)
    alone = Measured(BACKGROUND[:10_000], {"top": SIGNAL})
    moved_alone = Measured(1.1 * alone.background, {"top": 1.1 * SIGNAL})
    five = robustness(together, {"up": moved}, rate=0.01)["shifts"]["up"]["rate_change"]
    one = robustness(alone, {"up": moved_alone}, rate=0.01)["shifts"]["up"]["rate_change"]
    # The event at the threshold is one of five, not of one, in the sample with parents: it moves the value by less.
    assert five["value"] == pytest.approx(one["value"], abs=2e-4)
    assert five["high"] - five["low"] == pytest.approx(one["high"] - one["low"], rel=0.02)


def test_the_event_at_the_threshold_is_a_whole_step_of_parents_whether_it_passes_or_not():
    """Only this event moves, so that the expected rate stays."""
    groups = np.arange(50_000) // 3
    nominal = Measured(BACKGROUND, {"top": SIGNAL}, groups=groups)
    at = robustness(nominal, {}, rate=0.01)["threshold"]
    moved = np.where(at == BACKGROUND, at + 1e-9, BACKGROUND)
    same = robustness(nominal, {"up": Measured(moved, {"top": SIGNAL}, groups=groups)}, rate=0.01)
    assert same["shifts"]["up"]["rate_change"]["value"] == pytest.approx(0, abs=1e-15)


def test_a_paired_change_holds_the_truth():
    """Events that come in with 3 % and go with 1 %: the change is 2 %."""
    rng, held = np.random.default_rng(8), 0
    for _ in range(300):
        what = rng.uniform(size=400)
        before, after = (what < 0.01) | (what > 0.5), (what > 0.47)
        value = after.mean() - before.mean()
        below, above = paired_reach(before, after)
        held += value - below <= 0.02 <= value + above
    assert held >= 0.93 * 300


def test_independent_changes_join_in_quadrature():
    before, after = {"value": 1.0, "low": 0.6, "high": 1.3}, {"value": 2.0, "low": 1.6, "high": 2.3}
    change = independent_change(before, after)
    assert change == pytest.approx({"value": 1.0, "low": 0.5, "high": 1.5})


def test_samples_that_do_not_belong_together_are_refused():
    with pytest.raises(InputError, match=r"Expected: 50000\. Received: 3"):
        found({"up": Measured(BACKGROUND[:3], {"top": SIGNAL})})
    with pytest.raises(InputError, match=r"Expected: top\. Received: w"):
        found({"up": Measured(BACKGROUND, {"w": SIGNAL})})
    with pytest.raises(InputError, match="Too few background events"):
        robustness(NOMINAL, {}, rate=1.0, input_rate=1e5)


def test_tables_show_the_nominal_events_first():
    of = found({"up": scaled(1.1)})
    headings, rows = background_rows(of)
    assert headings[1] == "rate [Hz]"
    assert [row[0] for row in rows] == ["nominal", "up"]
    assert rows[0][2] == "–"
    assert rows[1][2].startswith("+")
    headings, rows = signal_rows(of, "top")
    assert headings[-1] == "at 1 kHz [%]"
    assert rows[1][2].startswith("+0.0000 [")
    shares = robustness(NOMINAL, {}, rate=0.01)
    assert background_rows(shares)[0][1:] == [
        "false positive rate [%]",
        "change",
        "threshold for 1 %",
    ]
    assert len(list(rich_robustness(of))) == 2


def test_the_page_has_a_table_of_the_background_and_one_of_each_signal():
    section = robustness_section(found({"up": scaled(1.1)}))
    assert [grid.caption for grid in section.grids] == ["Rate of the background", "Separation of top"]
    assert all(len(row) == len(grid.columns) for grid in section.grids for row in grid.rows)
    assert "nominal threshold" in section.remarks[0]
