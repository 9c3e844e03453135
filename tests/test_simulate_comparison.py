"""What two samples of jets are compared by, against closed forms and SciPy."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from offshell.simulate.comparison import ks_distance, mean_image, observables, quantiles


def test_observables_of_two_equal_massless_constituents():
    half = 0.2
    jet = np.zeros((1, 4, 4), dtype=np.float32)
    for row, phi in enumerate((half, -half)):
        jet[0, row] = 300 * np.array([1, np.cos(phi), np.sin(phi), 0])
    found = observables(jet)
    assert found["mass"][0] == pytest.approx(2 * 300 * np.sin(half), rel=1e-5)  # m = 2 E sin(angle / 2)
    assert found["pt"][0] == pytest.approx(600 * np.cos(half))
    assert found["n_constituents"].tolist() == [2]
    assert found["pt_dispersion"][0] == pytest.approx(np.sqrt(0.5))


@pytest.mark.parametrize("draw", [lambda rng, n: rng.normal(size=n), lambda rng, n: rng.poisson(40, n) * 1.0])
def test_ks_distance_is_that_of_scipy(draw):
    rng = np.random.default_rng(1)
    reference, sample = draw(rng, 20_000), draw(rng, 3000) + 1
    assert ks_distance(sample, quantiles(reference)) == pytest.approx(
        ks_2samp(sample, reference).statistic, abs=0.01
    )


def test_the_mean_image_holds_all_pt_of_narrow_jets_and_its_error_falls_with_their_number():
    rng = np.random.default_rng(2)
    angles = rng.normal(0, 0.05, (4000, 2, 10))
    jets = np.stack(
        [np.cosh(angles[:, 0]), np.cos(angles[:, 1]), np.sin(angles[:, 1]), np.sinh(angles[:, 0])], axis=-1
    ).astype(np.float32)
    image, error = mean_image(jets)
    assert image.sum() == pytest.approx(1, abs=1e-6)
    _, error_of_fewer = mean_image(jets[:1000])
    assert error[18:22, 18:22] == pytest.approx(error_of_fewer[18:22, 18:22] / 2, rel=0.1)
