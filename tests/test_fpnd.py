"""FPND is that of jetnet on the same clouds; the numbers need the extra `fpnd`, and `nox -s fpnd` has it."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from toy_clouds import toy_clouds

from offshell.errors import InputError, MissingDependencyError
from offshell.evaluate.generation import fpnd
from offshell.evaluate.generation.fpnd import frechet_particlenet_distance
from offshell.evaluate.generation.particle_net import activations

JETNET = json.loads((Path(__file__).parent / "data" / "jetnet_fpnd.json").read_text())
CLOUDS = toy_clouds(400, seed=1, particles=30)


needs_extra = pytest.mark.skipif(
    not (find_spec("jetnet") and find_spec("torch")), reason="needs the extra fpnd; run by `nox -s fpnd`"
)


@needs_extra
def test_the_network_has_the_weights_of_jetnet():
    assert CLOUDS[..., :3].astype(np.float32).sum() == pytest.approx(JETNET["sum_of_clouds"])
    particles = CLOUDS[:3, :, :3] / fpnd._LARGEST + fpnd._SHIFT
    found = activations(fpnd._network(), particles)
    np.testing.assert_allclose(found, JETNET["activations"], rtol=1e-4, atol=1e-4)  # float32, ten layers deep


@needs_extra
@pytest.mark.parametrize("jet_type", ["g", "q", "t"])
def test_the_distance_is_that_of_jetnet(jet_type):
    # jetnet takes the root of a product that is nearly singular, as float64 allows; activations are float32.
    found = frechet_particlenet_distance(CLOUDS, jet_type)
    assert found == pytest.approx(JETNET["fpnd"][jet_type], rel=1e-5)


@needs_extra
def test_a_column_with_the_pt_of_the_jet_changes_nothing():
    with_pt = np.insert(CLOUDS, 3, 1000 * CLOUDS[..., 3], axis=-1)
    assert frechet_particlenet_distance(with_pt, "t") == frechet_particlenet_distance(CLOUDS, "t")


@pytest.mark.parametrize(
    ("clouds", "jet_type", "message"),
    [
        (CLOUDS, "w", "No such jet_type. Expected: g, q, t. Received: 'w'."),
        (CLOUDS[:256], "g", "at least 257 jets of 30 particles. Received: 256 of 30."),
        (CLOUDS[:, :20], "g", "at least 257 jets of 30 particles. Received: 400 of 20."),
    ],
)
def test_what_jetnet_has_no_numbers_for_is_refused(clouds, jet_type, message):
    with pytest.raises(InputError, match=message):
        frechet_particlenet_distance(clouds, jet_type)


def test_without_the_extra_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(fpnd, "find_spec", lambda _: None)
    fpnd._network.cache_clear()
    with pytest.raises(
        MissingDependencyError, match=r"pip install 'offshell\[fpnd\]'. Received: no package jetnet"
    ):
        frechet_particlenet_distance(CLOUDS, "g")


def test_without_pytorch_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(fpnd, "_folder", Path)
    monkeypatch.setitem(sys.modules, "torch", None)
    fpnd._network.cache_clear()
    with pytest.raises(
        MissingDependencyError, match=r"pip install 'offshell\[fpnd\]'. Received: import of torch"
    ):
        frechet_particlenet_distance(CLOUDS, "g")
