"""Whatever stands in the lists of detectors and networks can be named in a recipe: it trains, scores, is saved and loaded."""

from typing import get_args

import numpy as np
import pytest
import tomli_w
from event_files import toy_events

import offshell
from offshell import recipe
from offshell.errors import InputError
from offshell.inputs.prepare import prepare
from offshell.models.detectors import DETECTORS
from offshell.models.networks.named import NETWORKS
from offshell.run.learning.trainings import trained

TRIGGER = {"samples": {"kind": "events"}, "inputs": {"kind": "objects"}}
CLOUDS = {"inputs": {"kind": "clouds"}}


def kinds(tables):
    return [kind for table in tables for kind in get_args(table.model_fields["kind"].annotation)]


# What networks see and how small they are here; one that is not mentioned sees images.
IMAGES = {
    "conv": {"filters": [4]},
    "residual": {"filters": [4], "blocks": [1], "squeeze": 2, "decoder_filters": [4], "decoder_blocks": [1]},
    "inception": {"filters": [16], "squeeze": 2},
    "dense-block": {"filters": [4], "blocks": [2], "growth": 2, "squeeze": 2},
    "unet": {"filters": [4], "squeeze": 2},
}
CLOUD_NETWORKS = {
    kind: {"hidden": 4, "layers": 1} for kind in ("deep-sets", "attention", "message-passing")
} | {"lorentz": {"hidden": 16, "layers": 1}}
# A minute of compilation each, and tried by the tests of the contract too.
SLOW = {"attention", "deep-sets", "lorentz", "message-passing", "residual"}

BASELINES = {
    "mahalanobis": {},
    "gaussian-mixture": {"components": 2},
    "isolation-forest": {"trees": 10, "samples": 32},
    "neighbors": {"references": 50},
    "observables": {},
}


def round_trip(folder, x, model, loss, **tables):
    """The detector of a recipe file, trained for an epoch, and the one that is loaded from where it was saved."""
    train = {"loss": loss, "epochs": 1, "batch_size": 32}
    (folder / "mine.toml").write_text(
        tomli_w.dumps({"title": "mine", "model": model, "train": train, **tables})
    )
    detector, _ = trained(recipe.load(folder / "mine.toml"), x)
    detector.save(folder / "model.keras")
    return detector, offshell.load(folder / "model.keras")


def check_same_scores(detectors, x):
    first, second = (offshell.score(detector, x[:8]) for detector in detectors)
    for name, scores in first.items():
        assert np.isfinite(scores).all()
        np.testing.assert_array_equal(second[name], scores)


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.slow if kind in SLOW else ()) for kind in kinds(NETWORKS)]
)
def test_networks(kind, tmp_path):
    rng = np.random.default_rng(1)
    if kind == "dense":
        x, tables, model, loss = rng.normal(size=(96, 57)), TRIGGER, "autoencoder", "mse"
    elif kind in CLOUD_NETWORKS:
        x, tables, model, loss = rng.uniform(0.1, 0.2, (96, 5, 4)), CLOUDS, "cloud-autoencoder", "chamfer"
        x = np.concatenate([x, np.ones((96, 5, 1))], axis=2) if kind == "lorentz" else x
    else:
        x, tables, model, loss = rng.dirichlet(np.ones(64), 96).reshape(-1, 8, 8, 1), {}, "autoencoder", "mse"
    size = 16 if kind == "lorentz" else 5  # four vectors
    network = {"kind": kind, **(IMAGES | CLOUD_NETWORKS).get(kind, {})}
    x = x.astype(np.float32)
    check_same_scores(
        round_trip(tmp_path, x, {"kind": model, "size": size, "network": network}, loss, **tables), x
    )


@pytest.mark.parametrize("kind", BASELINES)
def test_baselines(kind, tmp_path):
    inputs = recipe.load("l1-ae").inputs
    background, harder = (prepare(toy_events(96) * np.float32([pt, 1, 1, 1]), inputs) for pt in (1, 5))
    model = {"kind": kind, "scaling": "standard", **BASELINES[kind]}
    (table,) = (table for table in DETECTORS if table.model_fields["kind"].default == kind)
    loss = table(**model).detector((57,), seed=1).default_loss
    detectors = round_trip(tmp_path, background, model, loss, **TRIGGER)
    check_same_scores(detectors, background)
    ordinary, anomalous = (np.median(offshell.score(detectors[1], x)[loss]) for x in (background, harder))
    assert anomalous > ordinary


def test_every_detector_has_a_kind_of_its_own():
    assert len(set(kinds(DETECTORS))) == len(DETECTORS)
    assert set(BASELINES) <= set(kinds(DETECTORS))


def test_observables_are_those_of_trigger_objects():
    (table,) = (table for table in DETECTORS if table.__name__ == "ObservablesSettings")
    with pytest.raises(
        InputError, match=r"inputs\.kind = objects, 57 features\. Received: events of shape \(12,\)"
    ):
        table().detector((12,), seed=1)
