"""Figures of trigger events show what they were given."""

import numpy as np
import pytest

from offshell.plots import event_displays as events


@pytest.fixture
def event():
    """MET, an electron that is a jet as well, and a muon."""
    event = np.zeros((19, 4), np.float32)
    event[0] = [50, 0, 1, 1]
    event[1] = event[9] = [40, 0.5, -2, 2]
    event[5] = [20, -1, 2, 3]
    return event


def test_a_display_has_a_disk_for_each_object_and_a_line_for_met(event):
    figure = events.displays({"background": event[None]}, titles={"background": ["0.9"]})
    (axes,) = figure.axes
    jets, muons, electrons = (collection.get_offsets().tolist() for collection in axes.collections)
    assert jets == electrons == [[0.5, -2]]
    assert muons == [[-1, 2]]
    assert [line.get_ydata()[0] for line in axes.lines] == [1]
    assert axes.get_title() == "0.9"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "MET",
        "electrons",
        "muons",
        "jets",
    ]


def test_areas_grow_with_pt_up_to_a_limit(event):
    event[9:12, 0] = 100, 50, 1e4
    jets = events.displays({"b": event[None]}, titles={"b": [""]}).axes[0].collections[0].get_sizes()
    assert jets[0] == 2 * jets[1]
    assert jets[2] < 1e3


def test_errors_stand_at_the_feature_they_belong_to():
    error = np.arange(57.0)
    figure = events.errors_by_object({"b": error, "s": 2 * error})
    first, second = (axes.images[0] for axes in figure.axes[:2])
    assert first.get_array()[5, 2] == 17
    assert first.get_clim() == second.get_clim() == (0, 112)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()][:2] == ["MET 1", "electron 1"]
