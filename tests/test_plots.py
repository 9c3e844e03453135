"""Figures hold what they were given, in the place where a reader looks for it."""

import numpy as np
import pytest
from matplotlib.colors import LogNorm

from offshell.evaluate.separation.metrics import roc_curve
from offshell.plots import latents as latent
from offshell.plots.histograms import distribution
from offshell.plots.images import image_grid
from offshell.plots.roc import roc
from offshell.plots.training import learning_rate, losses
from offshell.style import BACKGROUND_COLOR, sample_colors


def scores(rng, n, *means):
    return dict(zip(("mse", "mass"), rng.normal(np.reshape(means, (2, 1)), size=(2, n)), strict=True))


BACKGROUND = scores(np.random.default_rng(1), 2000, 0, 0)
SIGNAL = scores(np.random.default_rng(2), 500, 1, 2)


def roc_axes(**options):
    return roc(BACKGROUND, SIGNAL, names=["mse"], **options).axes[0]


def line(axes, label):
    return next(line for line in axes.lines if line.get_label() == label)


def test_roc_draws_the_measured_curve():
    points = line(roc_axes(), "mse").get_xydata().T
    np.testing.assert_array_equal(points, roc_curve(BACKGROUND["mse"], SIGNAL["mse"]))


def test_roc_axes_are_logarithmic_and_reach_the_trigger_rate():
    axes = roc_axes()
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlim()[0] < 1e-5


def test_roc_marks_one_background_event_in_100_000():
    assert any(list(drawn.get_xdata()) == [1e-5, 1e-5] for drawn in roc_axes().lines)


def test_roc_shades_rates_below_ten_background_events():
    (band,) = roc_axes().patches
    assert band.get_x() + band.get_width() == pytest.approx(10 / 2000)


def test_roc_reference_is_dashed_in_the_color_of_the_background():
    reference = line(roc_axes(reference="mass"), "mass")
    assert reference.get_color() == BACKGROUND_COLOR
    assert reference.is_dashed()


def test_roc_names_every_score_in_the_legend():
    (legend,) = roc(BACKGROUND, SIGNAL, names=["mse", "mass"]).legends
    assert [text.get_text() for text in legend.get_texts()] == ["mse", "mass"]


def test_distribution_heights_are_fractions_of_each_sample():
    axes = distribution({"qcd": BACKGROUND["mse"], "top": SIGNAL["mse"]}, name="mse").axes[0]
    assert [patch.get_data().values.sum() for patch in axes.patches] == pytest.approx([1, 1])


def test_a_working_point_is_a_line_and_weights_count():
    scores = {"qcd": np.array([0.0, 0.0, 1.0, 1.0]), "top": np.array([0.0, 1.0])}
    weights = {"qcd": np.array([1.0, 1.0, 3.0, 3.0])}
    axes = distribution(scores, name="mse", threshold=0.5, weights=weights).axes[0]
    (line,) = axes.lines
    assert list(line.get_xdata()) == [0.5, 0.5]
    heights = [patch.get_data().values for patch in axes.patches]
    assert [(of[0], of[-1]) for of in heights] == [(0.25, 0.75), (0.5, 0.5)]
    beyond = distribution(scores, name="mse", threshold=9.0).axes[0]
    assert beyond.lines[0].get_xdata()[0] == beyond.get_xlim()[1]
    assert not distribution(scores, name="mse").axes[0].lines


@pytest.mark.parametrize(
    ("values", "scale"),
    [(np.linspace(-1, 5, 500), "linear"), (np.geomspace(1e-4, 1, 500), "log"), (np.ones(50), "linear")],
    ids=["any sign", "positive over decades", "constant"],
)
def test_distribution_picks_the_scale_by_the_spread(values, scale):
    assert distribution({"qcd": values}, name="mse").axes[0].get_xscale() == scale


def test_losses_mark_the_best_epoch():
    axes = losses({"loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 1.5, 2.5]}).axes[0]
    assert line(axes, "best epoch").get_xydata().tolist() == [[2, 1.5]]


def test_learning_rate_starts_at_epoch_one():
    axes = learning_rate({"learning_rate": [1e-3, 1e-4]}).axes[0]
    assert axes.lines[0].get_xdata().tolist() == [1, 2]


def test_scatter_keeps_points_with_the_color_of_their_sample():
    points = {"qcd": np.zeros((30, 2)), "top": np.ones((20, 2))}
    axes = latent.scatter(points, labels=("a", "b")).axes[0]
    drawn = axes.collections[0]
    is_top = drawn.get_offsets()[:, 0] == 1
    assert is_top.sum() == 20
    assert len(np.unique(drawn.get_facecolor()[is_top], axis=0)) == 1
    assert len(np.unique(drawn.get_facecolor(), axis=0)) == 2


def test_image_grid_shows_each_image_on_one_scale_of_four_decades(rng):
    images = rng.uniform(size=(3, 8, 6, 1))
    figure = image_grid({"jet": images, "reconstructed": images / 2}, columns=["a", "b", "c"])
    shown = [axes.images[0] for axes in figure.axes[:6]]
    np.testing.assert_array_equal(shown[4].get_array(), images[1, ..., 0] / 2)
    assert {(drawn.norm.vmin, drawn.norm.vmax) for drawn in shown} == {(images.max() / 1e4, images.max())}
    assert isinstance(shown[0].norm, LogNorm)


def test_image_grid_survives_empty_images():
    assert image_grid({"jet": np.zeros((1, 4, 4, 1))}).axes[0].images


def test_samples_have_distinct_colors_and_the_background_its_own():
    colors = sample_colors(["qcd", "top", "W", "dark shower"])
    assert colors["qcd"] == BACKGROUND_COLOR
    assert len(set(colors.values())) == 4


def test_pca_finds_the_direction_in_which_samples_differ(rng):
    apart = np.array([0, 0, 100, 0, 0])
    wide = {"qcd": rng.normal(size=(50, 5)), "top": rng.normal(size=(50, 5)) + apart}
    plane = latent.pca(wide)
    assert abs(plane["top"][:, 0].mean() - plane["qcd"][:, 0].mean()) == pytest.approx(100, rel=0.02)


def test_tsne_is_the_same_on_every_call_and_keeps_far_groups_apart(rng):
    groups = {"qcd": rng.normal(size=(40, 5)), "top": rng.normal(size=(30, 5)) + 50}
    plane, again = latent.tsne(groups), latent.tsne(groups)
    assert plane["top"].shape == (30, 2)
    np.testing.assert_array_equal(plane["top"], again["top"])
    gap = np.linalg.norm(plane["qcd"].mean(axis=0) - plane["top"].mean(axis=0))
    assert gap > 2 * plane["qcd"].std()


def test_projections_take_a_single_dimension():
    points = {"qcd": np.arange(12.0)[:, None]}
    assert latent.pca(points)["qcd"].shape == (12, 2)
    np.testing.assert_array_equal(latent.tsne(points)["qcd"], latent.tsne(points)["qcd"])


def test_spread_tells_a_collapsed_encoder():
    assert not latent.has_spread({"qcd": np.ones((5, 3)), "top": np.ones((5, 3))})
    assert latent.has_spread({"qcd": np.ones((5, 3)), "top": np.zeros((5, 3))})


def test_thin_shares_the_points_among_samples():
    kept = latent.thin({"qcd": np.zeros((100, 2)), "top": np.zeros((10, 2))}, n_points=60)
    assert {sample: len(z) for sample, z in kept.items()} == {"qcd": 30, "top": 10}
