"""What the page says about several trainings."""

from offshell.evaluate.separation.tail_survival import Survival
from offshell.report.sections.trainings import trainings_section


def survival(value, n_events):
    return (
        Survival(value, value / 2, 1.0, n_events, few=n_events < 10)
        if n_events
        else Survival(None, None, None, 0, few=True)
    )


def test_the_mean_and_the_extremes_of_all_pairs():
    pairs = {
        pair: {"1e-2": survival(value, 40), "1e-3": survival(1.0, 4), "1e-4": survival(0.0, 0)}
        for pair, value in ((("1", "2"), 0.6), (("1", "3"), 0.2), (("2", "3"), 0.7))
    }
    (grid,) = trainings_section(pairs).grids
    assert grid.columns == ["", "top 1e-2", "top 1e-3"]
    assert grid.rows == [
        ["mean of 3 pairs", "50", "100"],
        ["least alike", "20 [10, 100] (1 and 3)", "100* [50, 100] (1 and 2)"],
        ["most alike", "70 [35, 100] (2 and 3)", "100* [50, 100] (1 and 2)"],
    ]


def test_nothing_is_said_of_a_single_training():
    assert trainings_section({}).is_empty is True
