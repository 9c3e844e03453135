"""Committees: who speaks, what is left without a member, and what the page says of it."""

import numpy as np
import pytest

from offshell.evaluate.description.committees import Committee, efficiency_by_mass, rank_correlation
from offshell.evaluate.separation.area import auc
from offshell.report.findings.committee import CommitteeFindings
from offshell.report.sections.committee import committee_section

COMMITTEE = Committee("near + 2 * far - 0.5 * rare_mass")
TERMS = {
    "near": np.array([5.0, 1.0, 1.0, 0.0]),
    "far": np.array([1.0, 3.0, 0.4, 0.0]),
    "rare_mass": np.array([0.0, 0.0, 9.0, 0.0]),
}


def test_the_member_that_adds_most_speaks_and_what_is_subtracted_never_does():
    assert COMMITTEE.members == ["near", "far"]
    assert COMMITTEE.speakers(TERMS).tolist() == ["near", "far", "near", "near"]


def test_shares_are_those_of_the_most_anomalous_events():
    # Scores 7, 7, -2.7, 0.
    assert COMMITTEE.shares(TERMS, fraction=0.5) == {"near": 0.5, "far": 0.5}
    assert COMMITTEE.shares(TERMS) in ({"near": 1.0, "far": 0.0}, {"near": 0.0, "far": 1.0})


def test_without_a_member_the_rest_stays_as_it_was(rng):
    background = {name: rng.normal(size=500) for name in TERMS}
    signal = {name: rng.normal(0.3 + (name == "far"), 1, 200) for name in TERMS}
    found = COMMITTEE.without(background, signal)
    assert found["near"] == auc(
        2 * background["far"] - 0.5 * background["rare_mass"], 2 * signal["far"] - 0.5 * signal["rare_mass"]
    )
    assert found["far"].value < found["near"].value
    assert Committee("near").without(background, signal) == {}


def test_rank_correlation_knows_orders_only(rng):
    values = rng.normal(size=50)
    assert rank_correlation(values, np.exp(values)) == pytest.approx(1)
    assert rank_correlation(values, -(values**3)) == pytest.approx(-1)
    assert rank_correlation(values, np.ones(50)) == 0


def test_efficiencies_of_light_pseudo_anomalies_stand_first(rng):
    background = rng.normal(size=100_000)
    mass = rng.uniform(30, 350, 80_000)
    anomalies = rng.normal(np.where(mass < 75, 0, 10), 1)
    # The threshold of 1 % is at 2.33; light anomalies are like background. 10,000 in a bin, three standard deviations.
    light, *heavy = efficiency_by_mass(background, anomalies, mass)
    assert light == pytest.approx(0.01, abs=0.003)
    assert min(heavy[1:]) == 1


def test_the_page_names_the_prior_and_the_family_that_speaks(rng):
    area = auc(np.arange(100.0), np.arange(50.0, 150.0))
    found = CommitteeFindings(
        expression=COMMITTEE.expression,
        mass_range=(30, 350),
        speaking={"qcd": ["near", "far"], "top": ["far", "far"]},
        shares={"qcd": {"near": 0.5, "far": 0.5}, "top": {"near": 0.0, "far": 1.0}},
        without={"top": {"near": area, "far": area}},
        mass_correlation={"qcd": 0.87654, "top": 0.1},
        mass_weights={0: np.array([0.05, 0.15]), 2: np.array([0.123, 0.123])},
        images={"qcd": rng.random((2, 8, 8, 1)), "near": rng.random((2, 8, 8, 1))},
        masses={"qcd": rng.exponential(50, 100), "near": rng.uniform(30, 350, 100)},
    )
    section = committee_section(found)
    assert "30 to 350 GeV" in section.remarks[0]
    assert "0.88 in qcd" in section.remarks[1]
    without, shares, weights, speaking = section.grids
    assert without.rows == [["top", *2 * [f"{area.value:.3f} [{area.low:.3f}, {area.high:.3f}]"]]]
    assert shares.rows == [["qcd", "50", "50"], ["top", "0", "100"]]
    assert weights.rows == [["mean", "10.0", "12.3"], ["worst", "5.0", "12.3"]]
    assert speaking.rows == [["qcd", "near", "far"], ["top", "far", "far"]]
    assert len(section.pictures) == 2
