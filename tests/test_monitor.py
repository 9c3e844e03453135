"""The monitor on scores whose drift is known: rates, alarms, and the threshold that follows."""

import io
import json
from dataclasses import asdict, replace

import h5py
import numpy as np
import pytest
from rich.console import Console
from scipy.stats import binom, norm

from offshell.errors import InputError
from offshell.evaluate import threshold_at_rate
from offshell.monitor import AdaptiveThreshold, blocks_of, monitor_file, watch
from offshell.monitor.blocks import Block
from offshell.monitor.drift import Reference
from offshell.monitor.files import rich_monitor, share_within
from offshell.plots.rate_history import rate_history

REFERENCE = np.random.default_rng(1).normal(size=50_000)
RATES = {"rate_hz": 10.0, "input_rate_hz": 1000.0}


def feed(shifts, n_events=2000, seed=2):
    """A block of Gaussian scores for each shift."""
    rng = np.random.default_rng(seed)
    for lumi, shift in enumerate(shifts):
        yield Block(400, lumi, rng.normal(shift, 1, n_events))


@pytest.fixture(scope="module")
def drifting():
    """Sixty good blocks, sixty with scores too high by 0.2, sixty good ones."""
    return list(watch(feed(np.repeat([0.0, 0.2, 0.0], 60)), REFERENCE, **RATES))


# Blocks


def test_blocks_are_runs_of_equal_keys():
    blocks = list(blocks_of(np.arange(6.0), np.array([1, 1, 1, 1, 2, 2]), np.array([3, 3, 4, 4, 1, 1])))
    assert [(block.run, block.lumi, block.scores.tolist()) for block in blocks] == [
        (1, 3, [0, 1]),
        (1, 4, [2, 3]),
        (2, 1, [4, 5]),
    ]


def test_events_of_a_block_need_not_follow_one_another():
    run, lumi = np.array([2, 1, 1, 2, 1], np.uint32), np.array([1, 4, 3, 1, 4], np.uint64)
    blocks = list(blocks_of(np.arange(5.0), run, lumi))
    assert [(block.run, block.lumi, block.scores.tolist()) for block in blocks] == [
        (1, 3, [2]),
        (1, 4, [1, 4]),
        (2, 1, [0, 3]),
    ]


@pytest.mark.parametrize(
    ("run", "lumi", "message"),
    [
        ([1, 1], [1, 1, 1], r"Wrong run. Expected: integers of shape \(3,\).*\(2,\)"),
        ([1, 1, 1], [1.0, 1.0, 2.0], "Wrong lumi.*float64"),
    ],
)
def test_blocks_that_make_no_sense_are_refused(run, lumi, message):
    with pytest.raises(InputError, match=message):
        list(blocks_of(np.arange(3.0), np.array(run), np.array(lumi)))


# Rates


def test_rates_have_exact_intervals(drifting):
    rate = drifting[0].fixed
    assert rate.threshold == threshold_at_rate(REFERENCE, **RATES).threshold
    assert rate.rate_hz == rate.n_passed / 2000 * 1000
    # Clopper and Pearson, as everywhere.
    assert binom.sf(rate.n_passed - 1, 2000, rate.low / 1000) == pytest.approx(0.025)
    assert binom.cdf(rate.n_passed, 2000, rate.high / 1000) == pytest.approx(0.025)


def test_integer_scores_at_a_threshold_do_not_pass():
    # The three highest of ten are 8, 9, 9: two pass above 8 of the reference, 200 Hz of 1000.
    reference = np.tile([0, 1, 2, 3, 4, 5, 6, 8, 9, 9], 1000)
    blocks = [Block(1, 1, np.repeat([7, 8, 9], [3, 4, 5]))]
    (status,) = watch(blocks, reference, rate_hz=250, input_rate_hz=1000)
    assert (status.fixed.threshold, status.fixed.n_passed) == (8, 5)
    assert status.fixed.rate_hz == pytest.approx(1000 * 5 / 12)
    assert (status.adaptive.threshold, status.adaptive.n_passed) == (8, 5)


@pytest.mark.parametrize(("blocks", "alarm"), [(3.95, 4), (4.05, 5)])
def test_three_charts_share_the_false_alarms(blocks, alarm):
    # Evidence that is the same in each block adds up to log(3 n) in so many blocks.
    block = Block(1, 1, np.linspace(-1, 3, 2000))
    threshold = threshold_at_rate(REFERENCE, **RATES).threshold
    evidence = Reference(REFERENCE, threshold=threshold).compare(block.scores).log_evidence["rate up"]
    feed = (replace(block, lumi=lumi) for lumi in range(1, 9))
    false_alarms = np.exp(blocks * evidence) / 3
    statuses = watch(feed, REFERENCE, blocks_per_false_alarm=false_alarms, **RATES)
    assert next(status.lumi for status in statuses if "rate up" in status.alarms) == alarm


def test_the_fixed_threshold_drifts_as_far_as_the_scores_do(drifting):
    rates = [status.fixed.rate_hz for status in drifting]
    expected = 1000 * norm.sf(norm.isf(0.01) - 0.2)
    assert np.mean(rates[:60]) == pytest.approx(10, rel=0.1)
    assert np.mean(rates[60:120]) == pytest.approx(expected, rel=0.1)


def test_the_adaptive_threshold_holds_the_rate_once_the_window_has_passed(drifting):
    # A window of 20,000 events are ten blocks.
    rates = [status.adaptive for status in drifting]
    assert np.mean([rate.rate_hz for rate in rates[71:120]]) == pytest.approx(10, rel=0.1)
    fixed = [status.fixed for status in drifting]
    assert share_within(rates[60:120], rate_hz=10) > share_within(fixed[60:120], rate_hz=10) + 0.3


def test_the_adaptive_threshold_knows_the_past_only():
    plain = list(watch(feed([0.0, 0.0]), REFERENCE, **RATES))
    moved = list(watch(feed([0.0, 5.0]), REFERENCE, **RATES))
    assert moved[1].adaptive.threshold == plain[1].adaptive.threshold
    assert moved[1].adaptive.rate_hz > 900


def test_the_adaptive_threshold_is_the_quantile_of_the_events_of_which_two_hundred_pass():
    adaptive = AdaptiveThreshold(np.arange(2000.0), rate_hz=1, input_rate_hz=10)
    assert adaptive.threshold == 1799
    adaptive.update(np.arange(1200.0))
    # The window: 1200 ... 1999 and 0 ... 1199; 200 of the 2000 are above 1799.
    assert adaptive.threshold == 1799
    adaptive.update(np.zeros(1900))
    # 1100 ... 1199 and 1900 zeros: 100 are above zero, which is fewer than 200, and no other score has so many.
    assert adaptive.threshold == 0


# Alarms


def test_an_alarm_tells_which_drift_it_is_and_where_it_begins(drifting):
    first = {}
    for status in drifting:
        for drift, since in status.alarms.items():
            first.setdefault(drift, (status.lumi, since[1]))
    assert list(first) == ["shape", "rate up"]
    assert all(60 <= raised <= 70 and 55 <= since <= 62 for raised, since in first.values())


def test_p_values_are_small_where_there_is_a_drift(drifting):
    before, during = drifting[:60], drifting[60:120]
    assert np.median([status.shape_p_value for status in before]) > 0.1
    assert np.median([status.rate_p_value for status in before]) > 0.1
    assert np.median([status.shape_p_value for status in during]) < 1e-6
    assert np.median([status.rate_p_value for status in during]) < 0.1


def test_a_fallen_rate_is_another_alarm():
    statuses = list(watch(feed(np.full(40, -0.5)), REFERENCE, **RATES))
    assert set(statuses[-1].alarms) == {"shape", "rate down"}


def test_false_alarms_are_fewer_than_promised():
    # Three references, because all blocks share the fluctuation of one: 3000 blocks may have 60 false alarms in all.
    rng = np.random.default_rng(3)
    n_alarms = 0
    for seed in range(3):
        blocks = feed(np.zeros(1000), n_events=500, seed=seed)
        statuses = watch(blocks, rng.normal(size=5000), **RATES, blocks_per_false_alarm=50)
        alarms = [set(status.alarms) for status in statuses]
        n_alarms += sum(len(now - before) for before, now in zip([set(), *alarms], alarms, strict=False))
    assert n_alarms <= 60


def test_it_works_on_a_live_feed():
    seen = []

    def live():
        for block in feed(np.zeros(3)):
            seen.append(block.lumi)
            yield block

    statuses = watch(live(), REFERENCE, **RATES)
    assert next(statuses).lumi == 0
    assert seen == [0]


def test_bad_scores_are_refused_by_block():
    with pytest.raises(InputError, match="run 5, lumi block 7 are not finite"):
        list(watch([Block(5, 7, np.array([np.nan]))], REFERENCE, **RATES))
    with pytest.raises(InputError, match="Too few background events"):
        next(watch(feed([0.0]), REFERENCE[:50], **RATES))


# Files, table and figure


@pytest.fixture
def files(tmp_path):
    """A file with a drift of the sum of two scores, and a reference."""
    blocks = list(feed(np.repeat([0.0, 0.3], 20)))
    with h5py.File(tmp_path / "scores.h5", "w") as file:
        file["run"] = np.full(80_000, 400)
        file["lumi"] = np.repeat(np.arange(40), 2000)
        file["mse"] = np.concatenate([block.scores for block in blocks])
        file["half"] = file["mse"][()] / 2
    with h5py.File(tmp_path / "reference.h5", "w") as file:
        file["mse"], file["half"] = REFERENCE, REFERENCE / 2
    return tmp_path / "scores.h5", tmp_path / "reference.h5"


def test_a_file_is_watched_as_its_blocks_are(files):
    statuses = monitor_file(*files, score="mse", **RATES)
    assert statuses == list(watch(feed(np.repeat([0.0, 0.3], 20)), REFERENCE, **RATES))
    summed = monitor_file(*files, score="mse + 2 * half", **RATES)
    assert [status.fixed.n_passed for status in summed] == [status.fixed.n_passed for status in statuses]


def test_a_status_is_json(files):
    statuses = [asdict(status) for status in monitor_file(*files, score="mse", **RATES)]
    assert json.loads(json.dumps(statuses, allow_nan=False))[0]["fixed"] == statuses[0]["fixed"]


def test_wrong_files_are_refused(files, tmp_path):
    with pytest.raises(InputError, match=r"no score dice\. Expected: some of half, mse"):
        monitor_file(*files, score="dice", **RATES)
    with pytest.raises(InputError, match=r"reference\.h5: no times\. Expected: data sets run and lumi"):
        monitor_file(files[1], files[1], score="mse", **RATES)
    with pytest.raises(InputError, match="no such file"):
        monitor_file(tmp_path / "nothing.h5", files[1], score="mse", **RATES)


@pytest.fixture
def alarmed(drifting):
    """Ten blocks, of which 4 to 6 have an alarm for a drift that began in block 2, and 9 one that began there."""
    alarms = {4: {"shape": (400, 2)}, 9: {"rate up": (400, 9)}}
    alarms |= dict.fromkeys((5, 6), alarms[4])
    return [replace(status, alarms=alarms.get(status.lumi, {})) for status in drifting[:10]]


def test_the_table_has_each_alarm_once_with_its_begin_and_end(alarmed):
    console = Console(width=120, file=io.StringIO())
    console.print(rich_monitor(alarmed, rate_hz=10))
    text = console.file.getvalue()
    rows = [line.split() for line in text.splitlines()]
    assert ["shape", "400:2", "400:4", "400:7"] in rows
    assert ["rate", "up", "400:9", "400:9", "–"] in rows
    assert "10 lumi blocks; 10 Hz held within 25 %" in " ".join(text.split())


def test_the_figure_shades_from_where_a_drift_begins(alarmed):
    axes = rate_history(alarmed, rate_hz=10).axes[0]
    assert [(band.get_x(), band.get_width()) for band in axes.patches] == [(1.5, 5), (8.5, 1)]


def test_the_figure_shows_both_rates(drifting):
    axes = rate_history(drifting, rate_hz=10).axes[0]
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    assert list(lines["fixed threshold"]) == [status.fixed.rate_hz for status in drifting]
    assert list(lines["adaptive threshold"]) == [status.adaptive.rate_hz for status in drifting]
