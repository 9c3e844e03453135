"""Control charts against sums by hand, and their false alarms against the bound."""

import numpy as np
import pytest

from offshell.monitor.charts import Chart, limit_for


def test_the_sum_never_falls_below_zero_nor_rises_above_the_limit():
    chart = Chart(limit=3.0)
    values = []
    for lumi, evidence in enumerate([1, -2, 1, 1, 5, -1]):
        chart.add(evidence, block=(1, lumi))
        values.append(chart.value)
    assert values == [1, 0, 1, 2, 3, 2]


def test_an_alarm_starts_at_the_limit_ends_at_zero_and_names_the_block_where_the_sum_left_zero():
    chart = Chart(limit=2.0)
    seen = []
    for lumi, evidence in enumerate([1, -1, 1, 1, -1, -1, 0.5]):
        chart.add(evidence, block=(7, lumi))
        seen.append((chart.alarm, chart.since))
    assert seen == [
        (False, (7, 0)),
        (False, None),
        (False, (7, 2)),
        (True, (7, 2)),
        (True, (7, 2)),
        (False, None),
        (False, (7, 6)),
    ]


def test_more_charts_share_the_false_alarms():
    # exp(limit) blocks for each of three charts are 100 blocks for any of them.
    assert np.exp(limit_for(100, n_charts=3)) == pytest.approx(300)


def test_false_alarms_come_later_than_promised():
    # Likelihood ratio of a Gaussian moved by 1, of Gaussian noise: on average 1, so the bound is the tightest there is.
    rng = np.random.default_rng(0)

    def blocks_to_alarm():
        chart = Chart(limit_for(50, n_charts=1))
        for lumi, x in enumerate(rng.normal(size=5000)):
            chart.add(x - 0.5, block=(1, lumi))
            if chart.alarm:
                return lumi + 1
        return 5000

    assert 50 < np.mean([blocks_to_alarm() for _ in range(100)]) < 2000
