"""Mean images of jets, and how far two of them are apart, against closed forms."""

import numpy as np
import pytest

from offshell.datasets.mean_images import MeanImage, image_difference, image_pulls, mean_image
from offshell.errors import InputError


def test_the_mean_image_holds_all_pt_of_narrow_jets_and_its_error_falls_with_their_number():
    rng = np.random.default_rng(2)
    angles = rng.normal(0, 0.05, (4000, 2, 10))
    jets = np.stack(
        [np.cosh(angles[:, 0]), np.cos(angles[:, 1]), np.sin(angles[:, 1]), np.sinh(angles[:, 0])], axis=-1
    ).astype(np.float32)
    image, of_fewer = mean_image([jets]), mean_image([jets[:1000]])
    assert image.mean.sum() == pytest.approx(1, abs=1e-6)
    assert image.error[18:22, 18:22] == pytest.approx(of_fewer.error[18:22, 18:22] / 2, rel=0.1)
    in_batches = mean_image([jets[:1500], jets[1500:1501], jets[1501:]])
    assert in_batches.n_jets == 4000
    assert in_batches.mean == pytest.approx(image.mean, rel=1e-6, abs=1e-12)


def flat(mean, error, n_jets):
    return MeanImage(np.full((40, 40), mean), np.full((40, 40), error), n_jets)


def test_the_error_of_a_difference_is_that_of_the_larger_sample_for_both_sizes():
    # 400 jets with an error of 1e-5, so 2e-5 for 100: together the root of 5 times 1e-5; the other error is not looked at.
    pulls = image_pulls(flat(1e-3, 1e-5, 400), flat(1.1e-3, 7.0, 100))
    assert pulls == pytest.approx(1e-4 / (np.sqrt(5) * 1e-5))
    assert image_pulls(flat(1.1e-3, 7.0, 100), flat(1e-3, 1e-5, 400)) == pytest.approx(-pulls)


def test_only_bright_pixels_count_and_where_no_jet_is_there_is_no_pull():
    assert image_difference(flat(1e-3, 1e-5, 1), flat(0.9e-3, 1e-5, 1)) == {
        "n_pixels": 1600,
        "mean_square_pull": pytest.approx(50),
        "half_sum": pytest.approx(0.08),
    }
    assert image_difference(flat(1e-4, 1e-5, 1), flat(1e-4, 1e-5, 1))["mean_square_pull"] is None
    assert not image_pulls(flat(1e-3, 0, 1), flat(2e-3, 0, 1)).any()


def test_no_jets_have_no_mean():
    with pytest.raises(InputError, match=r"^No jets\. Expected: at least one\. Received: 0\.$"):
        mean_image([np.zeros((0, 200, 4), np.float32)])
