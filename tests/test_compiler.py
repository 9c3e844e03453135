"""The integer program of a trigger: Keras bit for bit, each layer, and the RTL that is cut from it."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hgq.layers import QConv2D, QDense
from hgq.quantizer import QuantizerConfig

from offshell.errors import InputError
from offshell.firmware.rtl import compiler
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

OBJECTS = (
    Fixed(signed=False, integer=9, fraction=0),
    Fixed(signed=True, integer=7, fraction=0),
    Fixed(signed=False, integer=8, fraction=0),
) * 2
PIXELS = (Fixed(signed=False, integer=0, fraction=8),) * 16
SHIFT = Shift(np.array([20, 0, 72, 10, -3, 72]), np.array([4, 5, 5, 3, 6, -1]), 3)
WEIGHT = QuantizerConfig("kbi", "weight", b0=5, i0=1, overflow_mode="SAT_SYM", round_mode="RND")


def lane(integer=3, fraction=3, *, signed=1):
    return QuantizerConfig(
        "kif", "datalane", k0=signed, i0=integer, f0=fraction, overflow_mode="SAT", round_mode="RND"
    )


def dense(size, name, **options):
    return QDense(size, iq_conf=lane(), kq_conf=WEIGHT, beta0=0.0, name=name, **options)


def rounded(**options):
    return {"enable_oq": True, "oq_conf": lane(**options)}


def network(build):
    """A network with random weights."""
    inputs = keras.Input((4, 4, 1) if build == "image" else (6,))
    if build == "image":
        hidden = QConv2D(2, 3, iq_conf=lane(0, 6, signed=0), kq_conf=WEIGHT, beta0=0.0, name="conv")(inputs)
        hidden = keras.layers.ReLU(name="relu")(hidden)
        outputs = dense(16, "restored", **rounded())(keras.layers.Flatten(name="flat")(hidden))
    else:
        hidden = dense(3, "hidden", activation="relu")(inputs)
        sizes = {"one": [1], "mean": [2], "both": [2, 2], "restored": [6]}[build]
        outputs = [dense(size, f"head{n}", **rounded(integer=2))(hidden) for n, size in enumerate(sizes)]
    model, rng = keras.Model(inputs, outputs), np.random.default_rng(1)
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.assign(rng.normal(0, 0.7, layer.kernel.shape))
            layer.bias.assign(rng.normal(0, 0.5, layer.bias.shape))
    return model


CASES = {
    "mu2": ("mean", SquaredNorm()),
    "radius": ("both", Radius()),
    "kl_gaussian": ("both", GaussianKL()),
    "mse": ("restored", SquaredDistance()),
    "student": ("one", Direct()),
    "ht": (None, ScalarSum((0, 3))),
    "image": ("image", SquaredDistance(Fixed(signed=True, integer=1, fraction=4))),
}


def trigger(case):
    build, score = CASES[case]
    image = build == "image"
    made = Trigger(
        formats=PIXELS if image else OBJECTS,
        shape=(4, 4, 1) if image else (6,),
        scaling=SHIFT if build and not image else None,
        network=network(build) if build else None,
        score=score,
        fraction=0,
        threshold=0,
    )
    made = replace(made, fraction=compiler.score_format(made).fraction)
    return replace(made, threshold=int(np.median(made.scores(vectors(made)))))


def vectors(found, n=500):
    """Random integers, extremes, and padding."""
    rng = np.random.default_rng(2)
    lowest, highest = (
        np.array([getattr(form, end) for form in found.formats]) for end in ("lowest", "highest")
    )
    shape = (n, len(lowest))
    extreme = np.where(rng.random(shape) < 0.5, lowest, highest)
    integers = np.concatenate(
        [rng.integers(lowest, highest + 1, shape), extreme, [lowest, highest, 0 * lowest]]
    )
    integers[::5, :3] = 0
    return integers


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return trigger(request.param)


def test_the_program_gives_what_keras_gives(case):
    integers = vectors(case)
    wanted = case.decisions(integers)
    assert len(np.unique(wanted[:, 0])) > 15
    assert 0 < wanted[:, 1].mean() < 1
    np.testing.assert_array_equal(compiler.interpret(compiler.trace(case), case, integers), wanted)


def test_the_format_holds_every_score(case):
    form = compiler.score_format(case)
    scores = case.scores(vectors(case))
    assert form.fraction == case.fraction
    assert form.lowest <= scores.min()
    assert scores.max() <= form.highest


def test_parts_one_after_the_other_give_what_the_whole_gives(case):
    integers = vectors(case, 50)
    parts = compiler.layers(case)
    layers = [] if case.network is None else case.network.layers[1:]
    names = [layer.name for layer in layers]
    assert list(parts) == [*(f"scaling, {name}" for name in names[:1]), *names[1:], "score"]
    values = integers * 2.0**-case.fractions
    scaled, found, outputs = case.scaled(values), {}, []
    if layers:
        first, *others = layers
        found[first.output.name] = parts[f"scaling, {first.name}"].predict(values)
        for layer in others:
            found[layer.output.name] = parts[layer.name].predict(found[layer.input.name])
        outputs = [found[tensor.name] for tensor in case.network.outputs]
    decisions = parts["score"].predict(np.concatenate([scaled, *outputs], axis=1))
    np.testing.assert_array_equal(decisions * [2.0**case.fraction, 1], case.decisions(integers))


def test_outputs_of_layers_are_those_of_keras():
    case = trigger("radius")
    integers = vectors(case, 20)
    found = compiler.outputs_of_layers(compiler.trace_layers(case), case, integers)
    assert list(found) == ["scaling", "hidden", "head0", "head1"]
    for name, values in zip(("head0", "head1"), case.outputs(integers), strict=True):
        np.testing.assert_array_equal(found[name], values)


def test_stages_are_those_of_the_rtl_and_compose_to_the_program(tmp_path):
    case = trigger("radius")
    program = compiler.trace(case)
    pipeline = compiler.write_rtl(program, tmp_path, clock_ns=3, part="xcvu9p")
    stages = compiler.stages(program, clock_ns=3)
    assert len(stages) == len(pipeline.stages) == pipeline.latency > 2
    integers = vectors(case, 20)
    values = integers.astype(float)
    for stage, written in zip(stages, pipeline.stages, strict=True):
        np.testing.assert_array_equal(stage.out_kifs, written.out_kifs)
        values = stage.predict(values)
    np.testing.assert_array_equal(values, program.predict(integers.astype(float)))


def test_a_slower_clock_takes_fewer_registers(tmp_path):
    program = compiler.trace(trigger("mu2"))
    slow, fast = (
        compiler.write_rtl(program, tmp_path / str(clock), clock_ns=clock, part="xcvu9p")
        for clock in (100, 3)
    )
    assert slow.latency == 1 < fast.latency
    assert slow.flip_flops < fast.flip_flops
    assert slow.luts == pytest.approx(compiler.estimate(program))
    assert {path.name for path in slow.sources} >= {"trigger.v", "logic0.v"}


def test_vhdl_is_written_too(tmp_path):
    pipeline = compiler.write_rtl(
        compiler.trace(trigger("ht")), tmp_path, clock_ns=5, part="xcvu9p", flavor="vhdl"
    )
    assert "trigger.vhd" in {path.name for path in pipeline.sources}


def test_a_saved_program_is_the_same(tmp_path):
    case, path = trigger("kl_gaussian"), tmp_path / "program.json.gz"
    integers = vectors(case, 50)
    compiler.trace(case).save(path)
    np.testing.assert_array_equal(
        compiler.interpret(compiler.load(path), case, integers), case.decisions(integers)
    )


@pytest.mark.parametrize("damage", ["none", "cut", "other"])
def test_a_missing_or_damaged_program_is_one_line(damage, tmp_path):
    path = tmp_path / "program.json.gz"
    if damage != "none":
        compiler.trace(trigger("ht")).save(path)
        path.write_bytes(path.read_bytes()[:-9] if damage == "cut" else b"{}")
    with pytest.raises(InputError, match=r"Cannot read .*program\.json\.gz\. Expected: a program") as caught:
        compiler.load(path)
    assert "\n" not in str(caught.value)
