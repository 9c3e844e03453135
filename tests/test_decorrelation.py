"""Scores among background with the same mass: what is left of the mass, what is left of a signal."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from toy_jets import toy_jets

from offshell.errors import InputError
from offshell.evaluate.decorrelation.conditional_ranks import ConditionalRank
from offshell.evaluate.decorrelation.dependence import dependence
from offshell.evaluate.decorrelation.quantiles import learn_threshold, passes_two_fold
from offshell.evaluate.decorrelation.sculpting import sculpting
from offshell.evaluate.decorrelation.variables import variables_of
from offshell.evaluate.separation.area import auc
from offshell.inputs import substructure
from offshell.report.sections.decorrelation import decorrelation_section


def background(rng, n_events):
    """Masses that fall, and scores whose median and width grow with the mass."""
    mass = 50 + rng.exponential(60, n_events)
    return mass, np.log(mass) ** 2 + np.log(mass) * rng.normal(size=n_events)


def ranked(scores, mass, *, by, neighbors):
    """The rareness of scores in events; `by` are scores and masses of the background."""
    return ConditionalRank({"a": by[1]}, by[0], neighbors).rareness({"a": scores}, mass)["a"]


# Ranks: closed forms.


def test_rareness_counts_the_neighbors_that_score_higher_and_goes_on_exponentially_beyond():
    scores = np.arange(16.0)  # all at one mass, so that all sixteen are neighbors; eight of them are the tail
    found = ranked(
        np.array([-1.0, 7.5, 7.0, 15.0, 22.0]), np.full(5, 1.0), by=(np.ones(16), scores), neighbors=16
    )
    scale = np.mean(scores[-8:] - scores[-8])
    p_values = np.array([17, 9, 9.5, 1.5, np.exp(-7 / scale)]) / 17
    np.testing.assert_allclose(found, -np.log(p_values), rtol=1e-12)


def test_the_neighbors_are_the_nearest_ones():
    mass, scores = np.arange(100.0), np.arange(100.0)
    # Scores of the ten neighbors of 50 go from 45 to 55, those of the ten of 0 from 0 to 9, whatever lies far away.
    low, high = ranked(np.array([44.0, 10.0]), np.array([50.0, 0.0]), by=(mass, scores), neighbors=10)
    assert low == pytest.approx(0)
    assert high > np.log(11)


def test_events_with_the_same_variable_stand_in_the_middle_of_their_places():
    variable, scores = np.arange(30.0), np.repeat([-1.0, 0.0, 1.0], 10)
    variable[10:20] = 14.0
    (found,) = ranked(np.zeros(1), np.full(1, 14.0), by=(variable, scores), neighbors=20)
    assert found == pytest.approx(-np.log((1 + 5 + 10 / 2) / 21))  # five neighbors above, five below


def test_neither_units_nor_any_rising_function_of_the_variables_matter(rng):
    mass, scores = background(rng, 500)
    pt = 600 + rng.normal(size=500)
    both, other = np.stack([mass, pt], axis=1), np.stack([np.log(mass), 1e3 * pt], axis=1)
    first = ranked(scores[:50], both[:50], by=(both, scores), neighbors=40)
    np.testing.assert_allclose(first, ranked(scores[:50], other[:50], by=(other, scores), neighbors=40))
    assert not np.allclose(first, ranked(scores[:50], mass[:50], by=(mass, scores), neighbors=40))


def test_a_constant_score_is_nowhere_rare():
    found = ranked(np.array([1.0, 1.0, 3.0]), np.arange(3.0), by=(np.arange(30.0), np.ones(30)), neighbors=10)
    # Ten neighbors tie: 6 / 11. What lies beyond a tail without a width is as far as it is.
    np.testing.assert_allclose(found, [np.log(11 / 6), np.log(11 / 6), np.log(11) + 2])


# Ranks: no sculpting, on background of its own.


def test_ranks_of_background_are_the_same_at_each_mass_and_sculpt_nothing(rng):
    by, (mass, scores) = background(rng, 10_000), background(rng, 10_000)
    found = ranked(scores, mass, by=by, neighbors=250)
    # -ln p is exponential: mean 1, standard deviation 1. Three standard deviations of 2,500, and the bias of the neighborhood.
    parts = np.array_split(found[np.argsort(mass)], 4)
    np.testing.assert_allclose([part.mean() for part in parts], 1, atol=0.06 + 0.03)
    assert abs(stats.spearmanr(found, mass).statistic) < 0.03
    depends = dependence(scores, found, mass[:, None], names=["mass"])
    assert depends["plain"]["mass"]["correlation"] > 0.4
    assert depends["plain"]["mass"]["sculpting"]["p_value"] < 1e-10
    assert depends["decorrelated"]["mass"]["sculpting"]["p_value"] > 0.01


def test_a_score_that_is_the_mass_has_nothing_left(rng):
    mass = 50 + rng.exponential(60, 6000)
    signal = rng.normal(175, 10, 500)
    by = mass[:4000], mass[:4000]
    assert auc(mass[4000:], signal).value > 0.8
    ordinary, anomalous = (ranked(m, m, by=by, neighbors=40) for m in (mass[4000:], signal))
    assert auc(ordinary, anomalous).value == pytest.approx(0.5, abs=0.04)


# A signal: wide neighborhoods keep it, narrow ones rank it among itself.


def with_bump(rng):
    """Data with a resonance of 2.5 % of the events that scores three standard deviations higher than background there."""
    mass, scores = background(rng, 8000)
    bump = rng.normal(150, 5, 200)
    raised = np.log(bump) ** 2 + np.log(bump) * (3 + rng.normal(size=200))
    return np.append(mass, bump), np.append(scores, raised), np.repeat([False, True], [8000, 200])


def excess(mass, passing):
    """Events in the window of the resonance over those of its sidebands, in standard deviations."""
    within, around = np.abs(mass - 150) < 10, np.abs(mass - 150) < 30
    inside, outside = np.sum(passing & within), np.sum(passing & around & ~within) / 2
    return (inside - outside) / np.sqrt(inside + outside / 2)


def test_a_bump_survives_in_wide_neighborhoods_and_is_erased_in_narrow_ones(rng):
    mass, scores, _ = with_bump(rng)
    near = np.abs(mass - 150) < 30
    found = {
        k: excess(mass[near], ranked(scores[near], mass[near], by=(mass, scores), neighbors=k) > np.log(20))
        for k in (100, 2000)
    }
    # Over six seeds 8.7 to 9.4 and 1.0 to 1.6, where all events have 4.2 to 5.4.
    assert found[2000] > 7
    assert found[100] < 2.5


def test_a_bump_survives_a_threshold_that_was_learned_with_it(rng):
    mass, scores, is_bump = with_bump(rng)
    passing = passes_two_fold(scores, mass, rate=0.02)
    assert passing[is_bump].mean() > 0.4
    assert excess(mass, passing) > 6
    assert passing.mean() == pytest.approx(0.02, abs=0.005)  # sqrt(0.02 / 8000), and three parameters


# Thresholds.


def test_the_threshold_is_the_quantile_at_each_mass(rng):
    mass = rng.uniform(50, 300, 8000)
    width = 1 + np.log(mass) ** 2
    threshold = learn_threshold(width * rng.uniform(size=8000), mass, rate=0.1)
    grid = np.array([60.0, 100.0, 200.0, 290.0])
    # The 90 % quantile of a uniform number is known to sqrt(0.9 * 0.1 / 8000) = 0.0034 with one parameter, here there are three.
    np.testing.assert_allclose(threshold.at(grid), 0.9 * (1 + np.log(grid) ** 2), rtol=0.02)
    assert threshold.at(np.array([1e6])) == threshold.at(np.array([mass.max()]))


def test_the_threshold_sculpts_nothing_on_background_of_its_own(rng):
    by, (mass, scores) = background(rng, 6000), background(rng, 10_000)
    passing = scores > learn_threshold(by[1], by[0], rate=0.05).at(mass)
    assert sculpting(mass, passing).p_value > 0.01
    assert sculpting(mass, scores > np.quantile(scores, 0.95)).p_value < 1e-10
    # Rate and its scatter in 6,000 events: 0.0028, threefold.
    assert passing.mean() == pytest.approx(0.05, abs=0.0085)


def test_the_threshold_has_the_units_of_the_score_and_takes_several_variables(rng):
    mass, scores = background(rng, 1000)
    pt = 500 + rng.exponential(100, 1000)
    first = learn_threshold(scores, np.stack([mass, pt], axis=1), rate=0.1)
    other = learn_threshold(1e-6 * scores + 1, np.stack([1e3 * mass, pt], axis=1), rate=0.1)
    at = np.array([[80.0, 550.0], [150.0, 700.0]])
    # Rounding of 1 + 1e-6 leaves 1e-10 of the scores; the linear program is solved to 1e-7.
    np.testing.assert_allclose((other.at(at * [1e3, 1]) - 1) * 1e6, first.at(at), rtol=1e-5)


def test_halves_say_each_others_threshold(rng):
    mass, scores = background(rng, 2000)
    passing = passes_two_fold(scores, mass, rate=0.05, seed=3)
    first, second = np.array_split(np.random.default_rng(3).permutation(2000), 2)
    threshold = learn_threshold(scores[second], mass[second], rate=0.05)
    np.testing.assert_array_equal(passing[first], scores[first] > threshold.at(mass[first]))
    assert not np.array_equal(passing, passes_two_fold(scores, mass, rate=0.05, seed=4))


# Sculpting.


def test_the_distance_is_that_to_all_events(rng):
    mass = rng.exponential(60, 500)
    passing = rng.random(500) < mass / 300
    found = sculpting(mass, passing)
    assert found.distance == pytest.approx(stats.ks_2samp(mass[passing], mass).statistic)
    assert found.p_value == stats.ks_2samp(mass[passing], mass[~passing]).pvalue
    assert sum(found.shares) / 5 == pytest.approx(passing.mean())
    assert found.shares[-1] > found.shares[0]


def test_p_values_of_cuts_at_random_are_uniform(rng):
    mass = rng.exponential(60, 400)
    found = [sculpting(mass, rng.permutation(400) < 40).p_value for _ in range(300)]
    assert stats.kstest(found, "uniform").pvalue > 0.01


def test_the_page_says_what_a_cut_does_and_that_nothing_can_be_said_of_a_constant(rng):
    mass, scores = background(rng, 2000)
    flat = {
        "steep": dependence(scores, rng.normal(size=2000), mass[:, None], names=["mass"]),
        "flat": dependence(np.ones(2000), np.ones(2000), mass[:, None], names=["mass"]),
    }
    (grid,) = decorrelation_section(flat).grids
    steep, constant = grid.rows
    cut = sculpting(mass, scores > np.sort(scores)[-21])
    assert steep[2:4] == [
        f"{100 * cut.shares[0]:.2f}, {100 * cut.shares[-1]:.2f}",
        f"{cut.p_value:.2g}",
    ]
    assert constant == ["flat", *2 * ["+0.00", "–", "–"]]
    assert decorrelation_section({}).is_empty


def test_the_example_of_the_page_prints_what_it_shows(capsys):
    page = (Path(__file__).parents[1] / "docs" / "decorrelation.md").read_text()
    code, shown = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", page, re.DOTALL).groups()
    exec(code, {})  # noqa: S102 - the page of the project itself
    assert capsys.readouterr().out == shown


# Variables, and what is refused.


def test_variables_of_jets_stand_in_the_order_of_their_names():
    jets = toy_jets(5)
    found = variables_of(jets, ["pt", "mass"], kind="jets")
    np.testing.assert_array_equal(found, np.stack([substructure.pt(jets), substructure.mass(jets)], axis=1))


def test_variables_of_events_are_their_observables():
    events = np.zeros((1, 19, 4))
    events[0, [0, 9, 10], 0] = 30, 50, 40
    np.testing.assert_array_equal(variables_of(events, ["ht", "met"], kind="events"), [[90, 30]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: variables_of(toy_jets(2), ["ht"], kind="jets"), "Unknown variable of jets.*Received: ht"),
        (lambda: ConditionalRank({"a": np.ones(20)}, np.ones(20), 21), "10 to 20"),
        (lambda: ConditionalRank({"a": np.ones(20)}, np.ones(19), 10), "Wrong variables"),
        (lambda: ConditionalRank({"a": np.ones(20), "b": np.ones(3)}, np.ones(20), 10), "3 of b"),
        (
            lambda: ConditionalRank({"a": np.ones(20)}, np.ones(20), 10).rareness(
                {"b": np.ones(2)}, np.ones(2)
            ),
            "Scores without a background.*Received: b",
        ),
        (
            lambda: ConditionalRank({"a": np.ones(20)}, np.ones(20), 10).rareness(
                {"a": np.ones(2)}, np.ones((2, 2))
            ),
            "Wrong number of variables. Expected: 1",
        ),
        (lambda: learn_threshold(np.ones(99), np.ones(99), rate=0.1), "ten events or more"),
        (lambda: learn_threshold(np.ones(200), np.zeros(200), rate=0.1), "positive variables"),
        (lambda: sculpting(np.ones(5), np.ones(5, bool)), "5 of 5 that pass"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
