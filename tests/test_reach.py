"""What a number of events can tell, in words, and numbers of events as people write them."""

import pytest

from offshell.cli.options.counts import count
from offshell.errors import InputError
from offshell.evaluate.rates.reach import about_reach, hertz
from offshell.samples.settings import EventSamples
from offshell.settings.rates import INPUT_RATE_HZ


@pytest.mark.parametrize(
    ("rate", "text"), [(28.6e6, "28.6 MHz"), (1e3, "1 kHz"), (999.4, "999 Hz"), (31.8, "31.8 Hz")]
)
def test_rates_have_the_unit_that_fits(rate, text):
    assert hertz(rate) == text


def test_one_event_and_ten_of_them():
    expected = (
        "300 test events of 28.6 MHz: one event is 95.3 kHz; rates below 953 kHz rest on fewer than ten."
    )
    assert about_reach(300) == expected


def test_the_default_sample_tells_the_largest_default_rate():
    assert EventSamples().n_test * 1e4 / INPUT_RATE_HZ > 30  # events, of which three or so share a parent


@pytest.mark.parametrize(("text", "number"), [("20000", 20_000), ("1e6", 10**6), ("2.5e3", 2500)])
def test_numbers_of_events(text, number):
    assert count(text) == number


@pytest.mark.parametrize("text", ["many", "0.5", "1e-3", "inf", "nan", ""])
def test_what_is_no_number_of_events_is_refused(text):
    with pytest.raises(InputError, match="such as 20000 or 1e6"):
        count(text)
