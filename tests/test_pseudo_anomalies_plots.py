"""Figures of pseudo-anomalies show each family beside the background."""

import numpy as np
import pytest
from toy_jets import toy_jets

from offshell.inputs import images
from offshell.plots.pseudo_anomalies import displays, mass_spectra
from offshell.pseudo_anomalies import families_named, jets

BACKGROUND = toy_jets(60)


@pytest.fixture(scope="module")
def made():
    return jets(BACKGROUND, 40, families=families_named(["matched", "blobs"]), radius=0.8)


def test_displays_are_the_average_and_the_first_jets(made):
    figure = displays(BACKGROUND, made)
    shown = np.array([axes.images[0].get_array() for axes in figure.axes[:18]]).reshape(3, 6, 40, 40)
    assert [figure.axes[i].get_ylabel() for i in (0, 6, 12)] == ["background", "matched", "blobs"]
    blobs = images.aligned(made.constituents[made.family == "blobs"])[..., 0]
    np.testing.assert_allclose(shown[2, 0], blobs.mean(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(shown[2, 1:], blobs[:5])
    np.testing.assert_array_equal(shown[0, 1:], images.aligned(BACKGROUND[:5])[..., 0])


def test_masses_are_drawn_of_the_background_and_each_family(made):
    (axes,) = mass_spectra(BACKGROUND, made).axes
    assert [patch.get_label() for patch in axes.patches] == ["background", "matched", "blobs"]
