"""What a detector adds, against counting by hand; purity against its formula and its coverage."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from rich.console import Console
from scipy.stats import binom

from offshell.errors import InputError
from offshell.evaluate import complementarity, decide, threshold_at_rate, tpr_at_fpr
from offshell.evaluate.rates.complement import rich_complementarity
from offshell.evaluate.rates.purity import production_rate_hz, purity


def passing(*passed):
    """One trigger for each argument, over 10 events; the numbers say which events score 1, others score 0."""
    return {
        name: np.isin(np.arange(10), events).astype(float)
        for name, events in zip(("vae", "ht", "lepton"), passed, strict=True)
    }


THRESHOLDS = {"vae": 0.5, "ht": 0.5, "lepton": 0.5}
BACKGROUND = passing([0, 1, 2, 3], [0, 1, 7, 8, 9], [1, 2])
SIGNAL = passing([0, 1, 2, 3, 4, 5], [0], [0, 9])


@pytest.fixture(scope="module")
def result():
    return complementarity(
        BACKGROUND,
        {"A": SIGNAL},
        THRESHOLDS,
        detector="vae",
        signal_rates_hz={"A": 5.0},
        input_rate_hz=1000.0,
    )


def test_rates_are_counted(result):
    assert result["rate_hz"]["value"] == 400
    assert result["simple_rate_hz"]["value"] == 600
    assert result["unique_rate_hz"]["value"] == 100
    assert {name: overlap["value"] for name, overlap in result["overlap"].items()} == {
        "ht": 0.5,
        "lepton": 0.5,
    }


def test_efficiencies_are_counted(result):
    gain = result["signals"]["A"]
    values = [gain[key]["value"] for key in ("efficiency", "simple_efficiency", "unique_efficiency")]
    assert values == [0.6, 0.2, 0.5]


def test_purities_weigh_with_the_rates(result):
    gain = result["signals"]["A"]
    assert gain["purity"]["value"] == pytest.approx(3 / (3 + 400))
    assert gain["unique_purity"]["value"] == pytest.approx(2.5 / (2.5 + 100))


def test_intervals_are_the_binomial_ones(result):
    # Clopper and Pearson: 1 or more of 10 have probability 0.025 at the lower bound, 1 or fewer at the upper one.
    unique = result["unique_rate_hz"]
    assert binom.sf(0, 10, unique["low"] / 1000) == pytest.approx(0.025)
    assert binom.cdf(1, 10, unique["high"] / 1000) == pytest.approx(0.025)


def test_it_is_json_and_without_a_signal_rate_there_is_no_purity(result):
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    gain = complementarity(BACKGROUND, {"A": SIGNAL}, THRESHOLDS, detector="vae")["signals"]["A"]
    assert gain["purity"] == {"value": None, "low": None, "high": None}


def test_a_detector_that_accepts_nothing_has_no_overlap():
    nothing = complementarity(passing([], [1], [2]), {}, THRESHOLDS, detector="vae")
    assert nothing["rate_hz"]["value"] == 0 < nothing["rate_hz"]["high"]
    assert nothing["overlap"]["ht"]["value"] is None


decisions = arrays(bool, (3, 20))


@given(decisions, decisions)
def test_the_detector_and_the_simple_triggers_share_what_is_not_unique(background, signal):
    names = ("vae", "ht", "lepton")
    result = complementarity(
        dict(zip(names, background.astype(float), strict=True)),
        {"A": dict(zip(names, signal.astype(float), strict=True))},
        THRESHOLDS,
        detector="vae",
        input_rate_hz=20.0,
    )
    either = np.any(background, axis=0).sum()
    assert result["simple_rate_hz"]["value"] + result["unique_rate_hz"]["value"] == pytest.approx(either)
    gain = result["signals"]["A"]
    assert gain["unique_efficiency"]["value"] <= gain["efficiency"]["value"]


# Purity


def test_one_picobarn_at_the_luminosity_of_the_lhc():
    # 1 pb = 1e-36 cm^2, times 2e34 / (cm^2 s).
    assert production_rate_hz(1.0) == pytest.approx(0.02)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_a_cross_section_is_positive(bad):
    with pytest.raises(InputError, match="Expected: positive numbers"):
        production_rate_hz(bad)


def test_purity_without_any_event_is_not_known():
    assert purity((0, 10), (0, 10), input_rate_hz=1, signal_rate_hz=1)["value"] is None


def test_without_background_events_the_purity_is_uncertain_as_far_as_they_go():
    alone = purity((0, 100), (100, 100), input_rate_hz=1000, signal_rate_hz=1)
    # None of 100 with 97.5 %: (1 - p)^100 = 0.0125; all of 100 the same.
    high, low = 1 - 0.0125 ** (1 / 100), 0.0125 ** (1 / 100)
    assert (alone["value"], alone["high"]) == (1, 1)
    assert alone["low"] == pytest.approx(low / (low + 1000 * high))


def test_the_interval_of_purity_covers():
    rng = np.random.default_rng(3)
    truth = 2 * 0.3 / (2 * 0.3 + 100 * 0.01)

    def covers():
        counts = (rng.binomial(2000, 0.01), 2000), (rng.binomial(500, 0.3), 500)
        interval = purity(*counts, input_rate_hz=100, signal_rate_hz=2)
        return interval["low"] <= truth <= interval["high"]

    assert np.mean([covers() for _ in range(400)]) > 0.95


# Decisions, table and input


def test_decisions_are_above_the_threshold_not_at_it():
    point = threshold_at_rate(np.arange(10), rate_hz=2, input_rate_hz=10)
    passed = decide(
        {"vae": np.arange(10), "ht": np.arange(10), "met": np.arange(10)}, {"vae": point, "ht": 7}
    )
    assert {name: np.flatnonzero(values).tolist() for name, values in passed.items()} == {
        "vae": [8, 9],
        "ht": [8, 9],
    }


def test_an_unknown_score_is_refused():
    with pytest.raises(InputError, match=r"Expected: some of vae\. Received: ht"):
        decide({"vae": np.arange(3)}, {"ht": 1})


def test_the_table_shows_percent_and_kilohertz(result):
    console = Console(width=120, file=io.StringIO())
    console.print(rich_complementarity(result))
    text = " ".join(console.file.getvalue().split())
    assert "What vae adds to ht, lepton [%]" in text
    assert "A 60 ±34 20 ±36 50 ±31" in text
    assert "Rate: 0.4 ±0.3 kHz, of it unique: 0.1 ±0.3 kHz, ht takes 50 ±43 % of it" in text


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ({"ht": 0.5, "lepton": 0.5}, "Wrong triggers.*vae"),
        ({"vae": 0.5}, "Wrong triggers"),
        ({"vae": 0.5, "met": 0.5}, r"Scores of background are missing.*none of met"),
    ],
)
def test_wrong_triggers_are_refused(points, message):
    with pytest.raises(InputError, match=message):
        complementarity(BACKGROUND, {}, points, detector="vae")


def test_wrong_scores_are_refused_by_sample():
    with pytest.raises(InputError, match="of A are missing"):
        complementarity(BACKGROUND, {"A": {"vae": np.ones(3)}}, THRESHOLDS, detector="vae")
    with pytest.raises(InputError, match=r"Wrong scores of A.*3, 4"):
        complementarity(
            BACKGROUND, {"A": SIGNAL | {"vae": np.ones(3), "ht": np.ones(4)}}, THRESHOLDS, detector="vae"
        )


def test_a_purity_with_weights_is_refused():
    with pytest.raises(InputError, match="purity has an exact interval of independent events"):
        complementarity(
            BACKGROUND,
            {"A": SIGNAL},
            THRESHOLDS,
            detector="vae",
            signal_rates_hz={"A": 1.0},
            weights=np.ones(10),
        )


# Thresholds that the background has chosen


def test_steps_between_scores_add_up():
    rng = np.random.default_rng(6)
    background = {"vae": rng.normal(size=5000), "ht": rng.normal(size=5000)}
    points = {
        name: threshold_at_rate(scores, rate_hz=50, input_rate_hz=5001) for name, scores in background.items()
    }
    found = complementarity(background, {}, points, detector="vae", input_rate_hz=5001)
    n_vae, n_both = (
        found["rate_hz"]["value"],
        sum(np.all([background[name] > points[name].threshold for name in points], axis=0)),
    )
    assert n_vae == pytest.approx(50)  # 49 events are above the score of the 50th
    assert found["unique_rate_hz"]["value"] == pytest.approx(n_vae - n_both)


def test_an_efficiency_is_the_same_number_wherever_it_stands():
    rng = np.random.default_rng(7)
    background = {"vae": rng.normal(size=5000), "ht": rng.normal(size=5000)}
    signal = {"vae": rng.normal(2, 1, 800), "ht": rng.normal(size=800)}
    points = {
        name: threshold_at_rate(scores, rate_hz=5, input_rate_hz=1000) for name, scores in background.items()
    }
    gain = complementarity(background, {"A": signal}, points, detector="vae")["signals"]["A"]["efficiency"]
    rate = tpr_at_fpr(background["vae"], signal["vae"], 0.005)
    assert gain == {"value": rate.value, "low": rate.low, "high": rate.high}
