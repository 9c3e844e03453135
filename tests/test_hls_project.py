import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest
from hgq.layers import QConv2D, QDense, QMaxPooling2D
from hgq.quantizer import QuantizerConfig

from offshell.errors import FirmwareError, InputError
from offshell.firmware.hls.csimulation import csimulate
from offshell.firmware.hls.project import write_hls, write_vectors
from offshell.firmware.rtl.compiler import interpret, trace
from offshell.firmware.trigger.definition import Shift, Trigger
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import (
    Direct,
    GaussianKL,
    Radius,
    ScalarSum,
    SquaredDistance,
    SquaredNorm,
)

TARGET = {"clock_ns": 5.0, "part": "xcvu9p-flga2577-2-e"}
PT, ETA, PHI = (
    Fixed(signed=False, integer=11, fraction=0),
    Fixed(signed=True, integer=7, fraction=0),
    Fixed(signed=False, integer=8, fraction=0),
)
OBJECTS = (PT, ETA, PHI) * 2
PIXELS = (Fixed(signed=False, integer=0, fraction=8),) * 36
SCALING = Shift(np.array([30, 0, 72, 20, -3, 72]), np.array([4, 3, 5, -1, 0, 1]), 3)
WEIGHT = QuantizerConfig("kbi", "weight", b0=6, i0=1)


def lane(*, signed=True, integer=3, fraction=4):
    return QuantizerConfig(
        "kif", "datalane", k0=signed, i0=integer, f0=fraction, overflow_mode="SAT", round_mode="RND"
    )


def dense(size, x, *, hidden=False, output=None, first=False):
    options = {"enable_oq": True, "oq_conf": output or lane()} if not hidden else {"activation": "relu"}
    return QDense(size, iq_conf=lane(signed=first), kq_conf=WEIGHT, beta0=0.0, **options)(x)


def mean_only():
    x = keras.Input((6,))
    return keras.Model(x, dense(2, dense(4, x, hidden=True, first=True)))


def mean_and_log_var():
    x = keras.Input((6,))
    hidden = dense(4, x, hidden=True, first=True)
    return keras.Model(x, [dense(2, hidden), dense(2, hidden, output=lane(integer=2, fraction=3))])


def autoencoder():
    x = keras.Input((6,))
    return keras.Model(x, dense(6, dense(3, x, hidden=True, first=True)))


def student():
    x = keras.Input((6,))
    return keras.Model(x, dense(1, dense(8, x, hidden=True, first=True), output=lane(integer=4)))


def image_autoencoder():
    x = keras.Input((6, 6, 1))
    options = {"padding": "same", "kq_conf": WEIGHT, "beta0": 0.0}
    hidden = QConv2D(2, 3, iq_conf=lane(signed=False, integer=0, fraction=6), **options)(x)
    hidden = keras.layers.ReLU(max_value=1.5)(hidden)
    return keras.Model(x, dense(36, keras.layers.Flatten()(QMaxPooling2D(2)(hidden))))


def with_weights(network):
    """Random weights that make every output move."""
    random = np.random.default_rng(5)
    for layer in network.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.assign(random.normal(0, 0.6, layer.kernel.shape))
            layer.bias.assign(random.normal(0, 0.4, layer.bias.shape))
    return network


def trigger(build, score, fraction, *, threshold=200):
    network = build and with_weights(build())
    image = build is image_autoencoder
    return Trigger(
        formats=PIXELS if image else OBJECTS,
        shape=(6, 6, 1) if image else (6,),
        scaling=None if image else SCALING,
        network=network,
        score=score,
        fraction=fraction,
        threshold=threshold,
    )


def vectors(formats, n_events):
    """Ordinary and random events, the ends of every range, and events without objects."""
    random = np.random.default_rng(6)
    lowest, highest = (np.array([getattr(form, end) for form in formats]) for end in ("lowest", "highest"))
    shape = (n_events, len(formats))
    kinds = [
        np.clip(np.rint(random.normal(20, 40, shape)), lowest, highest).astype(np.int64),
        random.integers(lowest, highest + 1, shape),
        np.where(random.random(shape) < 0.5, lowest, highest),
        np.stack([lowest, highest, 0 * lowest]),
    ]
    found = np.concatenate(kinds)
    found[::3, :3] *= random.random((len(found[::3]), 1)) < 0.5
    return found


CASES = {
    "mu2": (mean_only, SquaredNorm(), 8),
    "radius": (mean_and_log_var, Radius(), 12),
    "kl": (mean_and_log_var, GaussianKL(), 9),
    "mse": (autoencoder, SquaredDistance(), 8),
    "student": (student, Direct(), 4),
    "ht": (None, ScalarSum((0, 3)), 4),
    "image": (image_autoencoder, SquaredDistance(), 8),
}


EVERYDAY = ("ht",)  # and the radius, below; images have their test with the compiler


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[] if case in EVERYDAY else pytest.mark.slow) for case in CASES]
)
def test_the_c_simulation_gives_the_integers_of_the_detector(case, tmp_path):
    design = trigger(*CASES[case])
    integers = vectors(design.formats, 2000)
    wanted = design.decisions(integers)
    assert len(np.unique(wanted[:, 0])) > 100
    write_hls(design, tmp_path, **TARGET)
    np.testing.assert_array_equal(csimulate(tmp_path, integers, build=tmp_path / "build"), wanted)


@pytest.fixture(scope="module")
def radius(tmp_path_factory):
    folder = tmp_path_factory.mktemp("radius")
    design = trigger(*CASES["radius"])
    write_hls(design, folder, **TARGET)
    integers = vectors(design.formats, 2000)
    return folder, integers, design.decisions(integers)


def test_the_c_simulation_gives_the_integers_of_the_radius(radius, tmp_path):
    folder, integers, wanted = radius
    np.testing.assert_array_equal(csimulate(folder, integers, build=tmp_path), wanted)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        (
            "trigger.cpp",
            "{\n        16, 14,",
            "{\n        16, 13,",
        ),  # entries of the table, exp(0) and exp(-1/8)
        ("network/weights/w3.h", " = {", " = {0.5 + "),
    ],
)
def test_the_comparison_notices_a_change(file, before, after, radius, tmp_path):
    folder, integers, wanted = radius
    source = folder / file
    intact = source.read_text()
    assert before in intact
    source.write_text(intact.replace(before, after, 1))
    found = csimulate(folder, integers, build=tmp_path)
    source.write_text(intact)
    assert (found != wanted).any()


def test_the_test_bench_passes_and_fails(tmp_path):
    design = trigger(*CASES["ht"])
    integers = vectors(design.formats, 10)
    wanted = design.decisions(integers)
    write_hls(design, tmp_path, **TARGET)
    write_vectors(tmp_path, integers, wanted)
    command = ["g++", "-Iap_types", "trigger_test.cpp", "trigger.cpp", "-o", "trigger_test"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert run_testbench(tmp_path) == (0, f"PASS {len(integers)} vectors\n")
    wanted[4, 1] ^= 1
    write_vectors(tmp_path, integers, wanted)
    status, text = run_testbench(tmp_path)
    assert status != 0
    assert text.startswith("FAIL vector 4: expected ")


def run_testbench(folder):
    done = subprocess.run(["./trigger_test"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_script_compiles_everything_for_the_part(radius):
    folder, _, _ = radius
    script = (folder / "build.tcl").read_text()
    for line in ("set_top trigger", "set_part xcvu9p-flga2577-2-e", "create_clock -period 5.0 -name default"):
        assert line in script.splitlines()
    assert "add_files network/network.cpp" in script


def test_vectors_need_an_expectation_each(tmp_path):
    with pytest.raises(InputError, match="3 events and 2 expectations"):
        write_vectors(tmp_path, np.zeros((3, 6), np.int64), np.zeros((2, 2), np.int64))


def test_too_large_a_layer_is_refused_before_anything_is_written(tmp_path):
    x = keras.Input((6,))
    design = replace(trigger(None, SquaredNorm(), 8), network=keras.Model(x, keras.layers.Dense(700)(x)))
    with pytest.raises(InputError, match="too large for an HLS compiler"):
        write_hls(design, tmp_path / "project", **TARGET)
    assert not (tmp_path / "project").exists()


def test_distributed_arithmetic_names_the_package_it_needs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "da4ml", None)
    x = keras.Input((6,))
    network = keras.Model(x, keras.layers.Dense(2)(x))
    design = replace(trigger(None, SquaredNorm(), 8), network=network)
    with pytest.raises(InputError, match="no module da4ml"):
        write_hls(design, tmp_path, **TARGET, strategy="distributed_arithmetic")


def test_a_layer_that_hls4ml_does_not_know_is_one_line(tmp_path):
    x = keras.Input((6,))
    design = replace(
        trigger(None, SquaredNorm(), 8), network=keras.Model(x, keras.layers.UnitNormalization()(x))
    )
    with pytest.raises(FirmwareError, match="hls4ml cannot convert the network") as caught:
        write_hls(design, tmp_path, **TARGET)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["latency", "distributed_arithmetic"])
def test_the_encoder_of_the_trigger_on_100000_vectors(strategy, tmp_path):
    x = keras.Input((57,))
    hidden = dense(16, dense(32, x, hidden=True, first=True), hidden=True)
    random = np.random.default_rng(7)
    scaling = Shift(random.integers(-5, 60, 57), random.integers(-1, 6, 57), 3)
    network = with_weights(keras.Model(x, dense(3, hidden)))
    design = Trigger((PT, ETA, PHI) * 19, (57,), scaling, network, SquaredNorm(), 8, 5000)
    integers = vectors(design.formats, 33_334)
    assert len(integers) > 100_000
    write_hls(design, tmp_path, **TARGET, strategy=strategy)
    wanted = interpret(trace(design), design, integers)
    np.testing.assert_array_equal(wanted, design.decisions(integers))
    np.testing.assert_array_equal(csimulate(tmp_path, integers, build=tmp_path / "build"), wanted)
