"""Which drifts a reference sees: what the toys say is what the monitor does."""

import io

import numpy as np
import pytest
from rich.console import Console
from scipy.stats import norm

from offshell.errors import InputError
from offshell.monitor import Watch, alarm_probability, smallest_drift, watch
from offshell.monitor.blocks import Block
from offshell.monitor.power import rich_power

LARGE, SMALL = Watch(100_000, 1000, 2000, 100), Watch(10_000, 100, 2000, 100)


def seen(drift, *, shift=0.0, n_reference=20_000, n_events=500, n_blocks=40, n_tries=60):
    """The share of tries in which the monitor itself raises the alarm."""
    rng, n_seen = np.random.default_rng(5), 0
    for _ in range(n_tries):
        reference = rng.normal(size=n_reference)
        blocks = [Block(1, lumi, rng.normal(shift, 1, n_events)) for lumi in range(n_blocks)]
        statuses = watch(blocks, reference, rate_hz=10.0, input_rate_hz=100.0)
        n_seen += any(drift in status.alarms for status in statuses)
    return n_seen / n_tries


@pytest.mark.parametrize(("drift", "shift"), [("rate up", 0.09), ("rate down", -0.09), ("shape", 0.09)])
@pytest.mark.slow
def test_the_probability_is_that_of_the_monitor(drift, shift):
    share = 0.1
    factor = norm.sf(norm.isf(share) - shift) / share
    size = norm.cdf(shift / 2) - norm.cdf(-shift / 2) if drift == "shape" else factor
    expected = seen(drift, shift=shift)
    found = alarm_probability(Watch(20_000, 2000, 500, 40), drift, size)
    assert 0.1 < expected < 0.95  # where a difference would show
    # 60 tries and 200 toys: a standard deviation of 7 %; an approximation for the shape that is a little too low.
    assert found == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize("drift", ["rate up", "rate down", "shape"])
def test_larger_drifts_and_larger_references_are_seen_more_often(drift):
    sizes = {"rate up": (1.1, 1.4, 3.0), "rate down": (0.9, 0.7, 0.3), "shape": (0.01, 0.05, 0.2)}[drift]
    small, middle, large = (alarm_probability(LARGE, drift, size) for size in sizes)
    assert small <= middle <= large
    assert large > 0.9
    half, nearly = (smallest_drift(LARGE, drift, probability=p) for p in (0.5, 0.9))
    blunt = smallest_drift(SMALL, drift, probability=0.5)
    distance = (lambda x: x) if drift == "shape" else lambda x: abs(np.log(x))
    assert distance(half) < distance(nearly)
    assert distance(half) < distance(blunt)
    assert alarm_probability(LARGE, drift, nearly) >= 0.9


def test_what_cannot_be_seen_is_none():
    # Nobody sees a rate fall of which 30 blocks hold less than one event.
    assert smallest_drift(Watch(1000, 1, 10, 30), "rate down", probability=0.5) is None


def test_no_drift_is_hardly_ever_seen():
    for drift, size in (("rate up", 1.0), ("rate down", 1.0), ("shape", 0.0)):
        assert alarm_probability(LARGE, drift, size) < 0.02


def test_the_table_says_it_in_percent():
    reference = np.random.default_rng(1).normal(size=10_000)
    console = Console(file=io.StringIO(), width=140)
    console.print(rich_power(reference, threshold=norm.isf(0.01), n_events=2000, n_blocks=250))
    shown = console.file.getvalue()
    assert "10,000 reference" in shown
    rows = {line.strip().split("  ")[0]: line for line in shown.splitlines()}
    assert rows["rate up"].count("+") == 2
    assert rows["rate down"].count("-") == 2


def test_an_unknown_drift_is_refused():
    with pytest.raises(InputError, match="Expected: rate up, rate down, shape"):
        alarm_probability(LARGE, "sideways", 1.0)
