"""Several trainings: their spread, and the mean of their ranks as a detector."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.stats import norm

from offshell.errors import InputError
from offshell.evaluate import auc, spread
from offshell.evaluate.scores import score
from offshell.evaluate.separation.spread import with_spread
from offshell.models import Detector, Ensemble


@keras.saving.register_keras_serializable(package="tests")
class Feature(Detector):
    """A detector whose score is a multiple of one feature."""

    default_loss = "value"

    def __init__(self, feature=0, *, factor=1.0, features=1, **options):
        super().__init__(shape=(features,), **options)
        self.feature, self.factor = feature, factor

    def call(self, x, training=False):  # noqa: ARG002, FBT002 - Keras' signature
        return {"value": self.factor * ops.stop_gradient(x)[:, self.feature]}


def ensemble(members, references):
    references = np.asarray(references, np.float32)
    made = Ensemble(members, shape=references.shape[1:], n_references=len(references))
    made.adapt(references)
    return made


def column(*values):
    return np.array(values, np.float32)[:, None]


def test_spread_of_three_numbers():
    found = spread(np.array([0.7, 0.5, 0.6]))
    assert (found.low, found.high, found.n_members) == (0.5, 0.7, 3)
    assert found.mean == pytest.approx(0.6)
    assert found.standard_deviation == pytest.approx(0.1)


@pytest.mark.parametrize("values", [[0.5], [0.5, np.nan], []])
def test_no_spread_of_fewer_than_two_numbers(values):
    with pytest.raises(InputError):
        spread(np.array(values))


def test_the_spread_is_that_of_the_members_and_only_where_they_have_the_score():
    rng = np.random.default_rng(1)
    members = [{"b": {"mse": rng.normal(size=50)}, "s": {"mse": rng.normal(1, size=50)}} for _ in range(3)]
    areas = [auc(member["b"]["mse"], member["s"]["mse"]).value for member in members]
    found = with_spread({"s": {"mse": {"auc": 0.7}, "ht": {"auc": 0.6}}}, members)["s"]
    assert found["mse"]["spread"]["auc"] == pytest.approx(np.std(areas, ddof=1))
    assert found["mse"]["spread"]["auc_mean"] == pytest.approx(np.mean(areas))
    assert found["mse"]["spread"]["tpr"]["1e-3"] is None
    assert "spread" not in found["ht"]


def test_rank_of_one_member_is_the_share_of_the_background_below_and_half_of_what_is_equal():
    ranks = score(ensemble([Feature()], column(*range(10))), column(-1, 4, 4.5, 8.5))["value"]
    assert ranks == pytest.approx([0, 0.45, 0.5, 0.9])


def test_beyond_the_reference_the_rank_still_rises_by_less_than_one_event():
    ranks = score(ensemble([Feature()], column(*range(10))), column(9, 9.5, 13, 1e6))["value"]
    assert ranks[0] == pytest.approx(0.95)
    assert (np.diff(ranks) > 0).all()
    assert ranks[2] == pytest.approx(1 + 0.5 / 10)  # as far beyond the largest as that is beyond the median
    assert ranks[3] < 1.1


def test_ranks_of_members_are_averaged_whatever_their_scales():
    model = ensemble([Feature(), Feature(factor=1000.0)], column(*range(10)))
    assert score(model, column(2.5, 6.5))["value"] == pytest.approx([0.3, 0.7])
    opposite = ensemble([Feature(), Feature(factor=-1.0)], column(*range(10)))
    assert score(opposite, column(2.5, 6.5))["value"] == pytest.approx([0.5, 0.5])


def test_ranks_of_members_that_err_independently_separate_better_than_one():
    # Two Gaussians one standard deviation apart, seen by four members with independent noise of the same size.
    rng = np.random.default_rng(1)
    background, reference, signal = (
        (rng.normal(mean, 1, (20_000, 1)) + rng.normal(size=(20_000, 4))).astype(np.float32)
        for mean in (0, 0, 1)
    )
    model = ensemble([Feature(i, features=4) for i in range(4)], reference)
    together = auc(score(model, background)["value"], score(model, signal)["value"]).value
    assert auc(background[:, 0], signal[:, 0]).value == pytest.approx(norm.cdf(1 / np.sqrt(2 * 2)), abs=0.01)
    # The mean of the scores, the best there is, has the variance 1 + 1 / 4; ranks lose little.
    assert together == pytest.approx(norm.cdf(1 / np.sqrt(2 * 1.25)), abs=0.01)


def test_no_members_or_too_few_references():
    with pytest.raises(InputError, match="at least one detector"):
        Ensemble([], shape=(1,))
    with pytest.raises(InputError, match=r"at least 10000\. Received: 3"):
        Ensemble([Feature()], shape=(1,)).adapt(column(1, 2, 3))
