"""The page on generated jets: overlays, images, and the table of distances beside their floors."""

import numpy as np
import pytest
from toy_clouds import toy_clouds

from offshell.plots.overlays import overlays
from offshell.report.findings.clouds import GenerationFindings
from offshell.report.sections.generation import generation_section

REAL, GENERATED = toy_clouds(60, seed=1), toy_clouds(40, seed=2)
METRICS = {
    "w1_mass": {"value": 2.5e-3, "error": 3e-4, "floor": 1e-3, "floor_error": 4e-4},
    "w1_efp": {"value": 1.234e-5, "error": 2e-6, "floor": 1e-5, "floor_error": 0.0},
    "coverage": {"value": 0.5, "error": 0.0, "floor": 0.55, "floor_error": 0.0},
}


@pytest.fixture(scope="module")
def section():
    return generation_section(GenerationFindings(REAL, GENERATED, METRICS))


def test_the_table_has_each_distance_with_its_error_and_its_floor(section):
    assert section.grids[0].rows == [
        ["W1 of jet mass [10⁻³]", "2.50 ± 0.30", "1.00 ± 0.40", "+3.0"],
        ["W1 of energy-flow polynomials [10⁻⁵]", "1.23 ± 0.20", "1.000 ± 0.000", "+1.2"],
        ["Coverage (more is better)", "0.500 ± 0.000", "0.550 ± 0.000", "–"],
    ]
    assert section.grids[0].columns[2] == "real (floor)"


def test_there_is_a_panel_for_each_feature_and_a_row_of_images_for_each_sample(section):
    shown, images = (picture.figure for picture in section.pictures)
    labels = [axes.get_xlabel() for axes in shown.axes if axes.get_visible() and axes.get_xlabel()]
    assert len(labels) == 5
    assert [axes.get_ylabel() for axes in images.axes if axes.get_ylabel()] == ["real", "generated"]
    # The average is brighter in few pixels, single jets have as many bright ones as particles at most.
    average, first = (images.axes[i].images[0].get_array() for i in (0, 1))
    assert (average > 0).sum() > (first > 0).sum()


def test_clouds_with_the_pt_of_the_jet_look_the_same(section):
    with_pt = [np.insert(clouds, 3, 500 * clouds[..., 3], axis=-1) for clouds in (REAL, GENERATED)]
    again = generation_section(GenerationFindings(*with_pt, METRICS))
    for i in (0, 1):
        pictures = [drawn.pictures[1].figure.axes[i].images[0].get_array() for drawn in (section, again)]
        np.testing.assert_array_equal(*pictures)


def points(figure, panel=1):
    """The ratio of a panel: where it is drawn, its height and its error."""
    bars = figure.axes[panel].containers[0]
    x, ratio = bars[0].get_data()
    low, high = np.array(bars[2][0].get_segments())[:, :, 1].T
    return x, ratio, (high - low) / 2


def test_the_ratio_is_that_of_shares_with_the_error_of_counts():
    real, generated = np.repeat([1.0, 2.0, 3.0], [50, 25, 25]), np.repeat([1.0, 2.0, 3.0], [16, 9, 25])
    x, ratio, error = points(overlays({"n": real}, {"n": generated}), panel=3)
    assert x.tolist() == [1, 2, 3]
    np.testing.assert_allclose(ratio, np.array([16 / 50, 9 / 50, 25 / 50]) / [0.5, 0.25, 0.25])
    np.testing.assert_allclose(error, ratio / np.sqrt([16, 9, 25]))


def test_what_lies_beyond_is_in_the_outermost_bins():
    real = np.linspace(0, 1, 1001)
    figure = overlays({"x": real}, {"x": np.full(10, 7.5)})
    x, ratio, _ = points(figure, panel=3)
    assert ratio[-1] == pytest.approx(1 / np.mean(real >= np.quantile(real, 0.999) * 39 / 40), rel=0.05)
    assert not ratio[:-1].any()
    assert x[-1] < 1
