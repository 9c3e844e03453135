"""Outlier exposure: trees equal scikit-learn's, terms are p-values, and one recipe works in both directions."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

import offshell
from offshell.errors import InputError
from offshell.evaluate.separation.area import auc
from offshell.models import PCA, OutlierExposure, networks
from offshell.models.outlier_exposure.boosted_trees import BoostedTrees
from offshell.models.outlier_exposure.calibration import Calibration
from offshell.models.outlier_exposure.mass_spectrum import MassSpectrum
from offshell.models.scaling.events import Standardize

FEATURES = 3


def events(n, *, seed, center=0.0, width=1.0):
    return np.random.default_rng(seed).normal(center, width, (n, FEATURES)).astype(np.float32)


BACKGROUND = events(1500, seed=1)
CALIBRATION = events(4000, seed=4)
OUTLIERS = {"wide": events(700, seed=2, width=3), "aside": events(500, seed=3, center=2)}


def grown(trees=60, leaves=8, **options):
    return OutlierExposure(
        BoostedTrees(kinds=2, features=FEATURES, trees=trees, leaves=leaves),
        families=["wide", "aside"],
        shape=(FEATURES,),
        **options,
    )


@pytest.fixture(scope="module")
def fitted():
    model = grown()
    offshell.fit(model, BACKGROUND, outliers=OUTLIERS, validation=CALIBRATION, progress=False)
    return model


@pytest.mark.parametrize("leaves", [2, 16])
def test_trees_equal_those_of_scikit_learn_also_for_events_on_their_cuts(leaves):
    layer = BoostedTrees(kinds=2, features=FEATURES, trees=30, leaves=leaves)
    layer.grow(BACKGROUND, OUTLIERS.values())
    cuts = np.asarray(layer.numbers).ravel()[:200]
    on_cuts = np.tile(np.concatenate([cuts, np.nextafter(cuts, np.float32(9))])[:, None], FEATURES)
    asked = np.concatenate([events(300, seed=5, width=2), on_cuts])
    for column, outliers in enumerate(OUTLIERS.values()):
        theirs = HistGradientBoostingClassifier(
            max_iter=30,
            max_leaf_nodes=leaves,
            learning_rate=0.08,
            class_weight="balanced",
            early_stopping=False,
            random_state=0,
        ).fit(np.concatenate([BACKGROUND, outliers]), np.repeat([0, 1], [len(BACKGROUND), len(outliers)]))
        # Sums of 30 float32 numbers.
        assert np.asarray(layer(asked))[:, column] == pytest.approx(
            theirs.decision_function(asked.astype(np.float64)), rel=1e-5, abs=1e-6
        )


def test_rareness_is_the_empirical_p_value_and_beyond_all_events_an_exponential():
    rng = np.random.default_rng(1)
    n, n_tail = 10_000, 200  # the 2 sqrt(n) highest
    seen = np.sort(rng.exponential(2.0, (n, 1)), axis=0)
    layer = Calibration(scores=1, knots=1000)
    layer.adapt(seen)
    at = np.array([[seen[n - k, 0]] for k in (9000, 5000, 1000, n_tail)], np.float32)
    expected = -np.log(np.array([9000, 5000, 1000, n_tail]) / (n + 1))
    assert np.asarray(layer(at))[:, 0] == pytest.approx(expected, abs=2e-3)
    far = np.array([[60.0], [61.0]], np.float32)
    scale = (seen[-n_tail:, 0] - seen[-n_tail, 0]).sum() / n_tail + 1 / n_tail
    assert np.diff(np.asarray(layer(far))[:, 0])[0] == pytest.approx(1 / scale, rel=1e-4)
    # The closed form of the exponential, within the error of 200 events, 7 % of what is extrapolated.
    assert np.asarray(layer(far))[0, 0] == pytest.approx(30, abs=0.07 * 3 * 26)


def test_rareness_of_scores_that_are_all_alike_is_finite():
    layer = Calibration(scores=1)
    layer.adapt(np.full((100, 1), -8.0))
    found = np.asarray(layer(np.array([[-9.0], [-8.0], [8.0]], np.float32)))[:, 0]
    assert np.isfinite(found).all()
    assert found[0] == 0
    assert found[2] > found[1]


def test_too_few_events_to_calibrate_are_refused():
    with pytest.raises(InputError, match="Too few events to calibrate"):
        Calibration(scores=1).adapt(np.zeros((9, 1)))


def test_mass_spectrum_is_that_of_an_exponential():
    mass = np.random.default_rng(1).exponential(50, 20_000) + 20
    layer = MassSpectrum()
    layer.adapt(mass)
    asked = np.array([60, 120, 200, 400, 900])
    # -ln p = m / 50 + constant; kernels smear a little, and the tail of 283 events has a scale known to 6 %
    found = np.asarray(layer(asked.astype(np.float32)))
    assert np.diff(found) == pytest.approx(np.diff(asked) / 50, rel=0.15)


def test_terms_of_other_background_are_calibrated(fitted):
    scores = offshell.score(fitted, events(20_000, seed=6))
    for family in ("wide", "aside"):
        for share in (0.5, 0.1, 0.01):
            # Binomial errors of 4,000 events for calibration and 20,000 to test, four standard deviations.
            tolerance = 4 * np.sqrt(share * (1 / 4000 + 1 / 20_000))
            assert np.mean(scores[family] > -np.log(share)) == pytest.approx(share, abs=tolerance)


def test_events_far_beyond_the_calibration_keep_an_order(fitted):
    seen, scores = (offshell.score(fitted, x)["wide"] for x in (CALIBRATION, events(400, seed=7, width=3)))
    beyond = scores[scores > seen.max()]
    assert len(beyond) > 20
    assert len(np.unique(beyond)) > len(beyond) // 2


def test_each_family_finds_its_own_outliers_best(fitted):
    background = offshell.score(fitted, events(2000, seed=8))
    for family, sample in {
        "wide": events(500, seed=9, width=3),
        "aside": events(500, seed=10, center=2),
    }.items():
        of_sample = offshell.score(fitted, sample)
        areas = {name: auc(background[name], of_sample[name]).value for name in OUTLIERS}
        assert max(areas, key=areas.get) == family
        assert auc(background["wide + aside"], of_sample["wide + aside"]).value > 0.8


def test_calibration_is_taken_from_validation_events_only():
    """Trees know their own training events: calibrated on those, twice too many others would look rare."""
    model = grown(trees=150, leaves=16)
    same = events(1000, seed=11)
    offshell.fit(model, same, outliers=OUTLIERS, validation=events(4000, seed=12), progress=False)
    others, own = (offshell.score(model, x)["aside"] for x in (events(4000, seed=13), same))
    assert np.mean(others > -np.log(0.1)) == pytest.approx(0.1, abs=0.03)
    assert np.mean(own > -np.log(0.1)) < 0.08


def test_rare_masses_can_be_kept_out_of_the_tail(fitted):
    model = grown(mass_column=0)
    offshell.fit(model, BACKGROUND, outliers=OUTLIERS, validation=events(2000, seed=4), progress=False)
    scores = offshell.score(model, np.array([[0, 0, 0], [4, 0, 0]], np.float32))
    assert scores["rare_mass"][1] - scores["rare_mass"][0] == pytest.approx(
        8, abs=3
    )  # of a Gaussian, 4^2 / 2
    assert scores["wide - 0.5 * rare_mass"] == pytest.approx(scores["wide"] - 0.5 * scores["rare_mass"])
    assert "rare_mass" not in offshell.score(fitted, BACKGROUND[:2])


def test_a_network_is_trained_on_the_same_outliers():
    model = OutlierExposure(
        networks.dense_encoder(FEATURES, hidden=(32, 32), size=2),
        families=["wide", "aside"],
        shape=(FEATURES,),
        scaling=Standardize(),
    )
    history = offshell.fit(
        model, BACKGROUND, outliers=OUTLIERS, epochs=15, learning_rate=1e-2, validation=0.3, progress=False
    )
    assert min(history["val_loss"]) < 1.2 < 2 * np.log(2)  # of a coin
    background, wide = (
        offshell.score(model, x)["wide"] for x in (events(2000, seed=8), events(500, seed=9, width=3))
    )
    assert auc(background, wide).value > 0.85


def test_without_outliers_or_with_others_it_is_refused_in_one_line():
    for model, outliers, message in (
        (grown(), None, "Nothing to tell the background from"),
        (grown(), {"wide": OUTLIERS["wide"]}, "Expected: the families wide, aside. Received: wide"),
        (grown(), OUTLIERS | {"aside": BACKGROUND[:, :2]}, "do not fit"),
        (PCA(2, shape=(FEATURES,)), OUTLIERS, "takes no outliers"),
    ):
        with pytest.raises(InputError, match=message) as caught:
            offshell.fit(model, BACKGROUND, outliers=outliers, progress=False)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("families", [[], ["a", "a"], ["3-prong"], ["rare_mass"]])
def test_families_need_names_that_a_weighted_sum_can_have(families):
    with pytest.raises(InputError, match="Families cannot be named so"):
        OutlierExposure(BoostedTrees(kinds=2, features=3), families=families, shape=(3,))


@pytest.mark.parametrize("shape", [(3,), (8, 8, 1)])
def test_a_mass_has_to_be_a_feature(shape):
    with pytest.raises(InputError, match="mass_column is no feature"):
        OutlierExposure(BoostedTrees(kinds=1, features=3), families=["a"], shape=shape, mass_column=3)
