"""Simulated jets against real Delphes; tests/data/make_delphes_reference.py made the reference numbers."""

from pathlib import Path

import numpy as np
import pytest

from offshell.simulate import jets
from offshell.simulate.comparison import ks_distance, mean_image, observables

REFERENCE = np.load(Path(__file__).parent / "data" / "delphes_jets.npz")

# Statistical error of the mean mass of 2,000 QCD and 600 top jets: 1.2 % and 0.5 %; of the number of constituents:
# 1.0 % both. So the wanted 3 % and 5 % are at least 2.5 standard errors wide, and a detector wrong by 5 % fails.
EVERYDAY = {"qcd": 2000, "top": 600}
THOROUGH = {"qcd": 10_000, "top": 6000}


def compare(process, n_jets):
    sample = jets(process, n_jets, seed=1)
    found = observables(sample)
    assert_means_agree(process, found)
    assert_distributions_agree(process, found)
    assert_images_agree(process, sample)


def relative_difference(process, name, statistic, value):
    return value / REFERENCE[f"{process}_{name}_{statistic}"] - 1


def assert_means_agree(process, found):
    assert abs(relative_difference(process, "mass", "mean", found["mass"].mean())) < 0.03
    assert abs(relative_difference(process, "mass", "median", np.median(found["mass"]))) < 0.03
    mean = found["n_constituents"].mean()
    assert abs(relative_difference(process, "n_constituents", "mean", mean)) < 0.05
    assert abs(relative_difference(process, "pt", "mean", found["pt"].mean())) < 0.01


def assert_distributions_agree(process, found):
    n, n_reference = len(found["mass"]), int(REFERENCE[f"{process}_n_jets"])
    # 1.95 is the 0.1 % point of Kolmogorov's distribution; 0.005 for the reference's interpolated quantiles.
    allowed = 1.95 * np.sqrt(1 / n + 1 / n_reference) + 0.005
    for name, values in found.items():
        assert ks_distance(values, REFERENCE[f"{process}_{name}_quantiles"]) < allowed, name


def assert_images_agree(process, sample):
    image, _ = mean_image(sample)
    reference = REFERENCE[f"{process}_image_root"].astype(float) ** 2
    error = REFERENCE[f"{process}_image_error_root"].astype(float) ** 2
    bright = reference > 3e-4
    # The reference's error for this number of jets: that of a small sample is low where its pixels happen to be.
    expected = error * np.sqrt(1 + REFERENCE[f"{process}_n_jets"] / len(sample))
    pull = (image - reference)[bright] / expected[bright]
    # Between independent parts of the reference itself the mean square is 0.8 to 1.2, as pixels go together.
    assert np.mean(pull**2) < 1.5
    assert image.sum() == pytest.approx(reference.sum(), abs=0.003)


@pytest.mark.parametrize("process", EVERYDAY)
def test_jets_look_as_those_of_real_delphes(process):
    compare(process, EVERYDAY[process])


@pytest.mark.slow
@pytest.mark.parametrize("process", THOROUGH)
def test_many_jets_look_as_those_of_real_delphes(process):
    compare(process, THOROUGH[process])
