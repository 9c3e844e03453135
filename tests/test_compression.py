"""A recipe's table [compress], on a small VAE of features."""

import numpy as np
import pytest

import offshell
from offshell import recipe
from offshell.compress import compressed
from offshell.compress.products import is_quantized
from offshell.errors import InputError
from offshell.models.build import build
from offshell.train.pruning import sparsity

FEATURES = 9
SMALL = [
    "train.epochs=2",
    "train.batch_size=64",
    "compress.epochs=3",
    "model.network.hidden=[8]",
    "model.size=2",
]


def settings(*changes):
    return recipe.load("l1-vae-trigger", changes=[*SMALL, *changes])


@pytest.fixture(scope="module")
def x():
    return np.random.default_rng(1).integers(1, 100, (600, FEATURES)).astype(np.float32)


@pytest.fixture(scope="module")
def detector(x):
    model = build(settings().model, (FEATURES,), seed=1)
    model.adapt(x)
    model.outline((FEATURES,))
    return model


def kernels(model):
    """Quantized kernels: what firmware computes with."""
    layers = [layer for layer in model._flatten_layers() if is_quantized(layer) and hasattr(layer, "kernel")]
    return [np.asarray(layer.qkernel) for layer in layers]


def test_uniform_widths_with_pruning_leave_zeros(x, detector):
    wanted = settings('compress.widths={kind="uniform", bits=8}', "compress.sparsity=0.75")
    found = compressed(wanted, detector, x, score="mu2")
    hidden = max(kernels(found.model), key=np.size)
    assert np.mean(hidden == 0) >= 0.75
    assert not found.front
    assert len(found.history["loss"]) == 3
    assert sparsity(found.model.decoder) == 0  # no part of the firmware


def test_learned_widths_have_a_front_and_the_chosen_network(x, detector):
    found = compressed(settings("compress.widths={}"), detector, x, score="mu2")
    sizes = [point.ebops for point in found.front]
    assert sizes == sorted(sizes)
    assert found.front
    as_json = found.as_dict(detector)
    assert {"before", "after", "history", "front"} <= as_json.keys()
    assert as_json["front"][0]["ebops"] == sizes[0]


def test_no_network_is_small_enough(x, detector):
    with pytest.raises(InputError, match="at most 1 EBOPs"):
        compressed(settings("compress.widths.ebops=1"), detector, x, score="mu2")


def test_pruning_has_to_end_before_the_training(x, detector):
    wanted = settings("compress.widths={}", "compress.sparsity=0.5", "compress.ramp=9")
    with pytest.raises(InputError, match="at least 9 epochs"):
        compressed(wanted, detector, x, score="mu2")


def test_a_student_forgets_its_teacher(x, detector):
    wanted = settings('compress.widths={kind="uniform", bits=8}', "compress.student.hidden=[4]")
    student = compressed(wanted, detector, x, score="mse").model
    assert list(offshell.score(student, x)) == ["student"]
    assert student.teacher is None


def test_a_student_is_not_made_for_images():
    with pytest.raises(InputError, match="Received: images"):
        compressed(settings("compress.student={}"), None, np.zeros((4, 8, 8, 1), np.float32), score="mse")
