"""A small design, built once, and then damaged in one place after the other: the check has to name each."""

import gzip
import json
import re
import shutil
import sys
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from small_design import detector, events, flip, request

from offshell.errors import FirmwareError, InputError
from offshell.firmware import Design, build, trigger_of
from offshell.firmware.proof.agreement import Way, prove
from offshell.firmware.proof.check import check
from offshell.firmware.trigger.golden import Golden, write_golden
from offshell.firmware.trigger.vectors import Vectors

SAMPLES = {"background": events(1000), "hard": events(200, seed=1, harder=4)}


@pytest.fixture(scope="module", autouse=True)
def _once(tmp_path_factory):
    """Simulations are built once for all checks; what designs take is measured in other tests."""
    builds = str(tmp_path_factory.mktemp("builds"))
    kept = SimpleNamespace(TemporaryDirectory=lambda: nullcontext(builds))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["offshell.firmware.proof.check"], "tempfile", kept)
        patch.setattr(build, "measure", lambda *_, **__: {})
        patch.setattr(build, "readme", lambda _: "")
        yield


@pytest.fixture(scope="module")
def quantized():
    return detector()


@pytest.fixture(scope="module")
def folder(quantized, tmp_path_factory):
    """A design on the radius, which has a table."""
    place = tmp_path_factory.mktemp("design") / "firmware"
    place.mkdir()
    (place / "design.json").touch()
    (place / "old").touch()
    build.build_design(quantized, request("radius", vectors=2000), SAMPLES, place, provenance={"run": "here"})
    return place


@pytest.fixture
def copy(folder, tmp_path):
    """One to be damaged."""
    return shutil.copytree(folder, tmp_path / "firmware")


def complaint(folder, kind=FirmwareError):
    """The one line that the check ends with."""
    with pytest.raises(kind) as caught:
        check(Design(folder))
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def edit(path, *, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_the_design_replaces_an_earlier_one_and_holds_everything(folder):
    names = {path.name for path in folder.iterdir()}
    assert names == {
        *("design.json", "network.keras", "program.json.gz", "layers.json.gz", "README.md"),
        *("golden", "rtl", "rtl-vhdl", "hls", "emulator", "reports"),
    }
    assert not list(folder.parent.glob("*.unproven*"))
    assert Design(folder).about["provenance"] == {"run": "here"}


def test_every_way_agrees_on_all_vectors(folder):
    design = Design(folder)
    counts = {**check(design)}
    assert counts == design.proof["agreed"]
    bench = counts.pop("The Verilog test bench")
    assert set(counts.values()) == {len(design.golden.inputs)}
    assert len(counts) == 5
    assert bench == len(design.golden.as_text)
    assert sum(design.proof["vectors"].values()) == len(design.golden.inputs) >= 2000


def test_the_threshold_is_that_of_the_rate(folder, quantized):
    design = Design(folder)
    scores = design.trigger.scores(design.trigger.integers(SAMPLES["background"]))
    assert 0.8e6 < np.mean(scores > design.trigger.threshold) * 28.6e6 <= 1e6
    fresh = trigger_of(quantized, "radius", request("radius").inputs, SAMPLES["background"])
    np.testing.assert_array_equal(fresh.scores(design.golden.inputs), design.golden.expected[:, 0])
    found = design.about["efficiencies"]["hard"]
    hard = design.trigger.decisions(design.trigger.integers(SAMPLES["hard"]))[:, 1].mean()
    assert hard == pytest.approx(found["value"])
    assert found["low"] < hard < found["high"]


def test_a_bit_of_a_weight_is_found_in_its_layer(copy):
    layer = Design(copy).trigger.network.layers[1].name
    flip(copy / "network.keras", layer)
    line = complaint(copy)
    assert line.startswith("Keras differs in ")
    assert f"The first layer that differs is {layer}: element" in line


def test_a_bit_of_the_threshold(copy):
    about = json.loads((copy / "design.json").read_text())
    about["trigger"]["threshold"] ^= 1 << (about["trigger"]["threshold"].bit_length() - 1)
    (copy / "design.json").write_text(json.dumps(about))
    line = complaint(copy)
    assert line.startswith("Keras differs in ")
    assert line.endswith(
        "All layers agree: the difference is in the score, the threshold or the expectation."
    )


def test_an_entry_of_a_table(copy):
    path = copy / "program.json.gz"
    program = json.loads(gzip.decompress(path.read_bytes()))
    entries = program["model"][8][0]["table"]
    entries[entries.index(235)] ^= 1  # exp(-log_var) in steps of 1/16
    path.write_bytes(gzip.compress(json.dumps(program).encode()))
    assert complaint(copy).startswith("The integer program differs in ")


def test_an_entry_of_the_emulators_table(copy):
    edit(copy / "emulator" / "trigger.cpp", before="250, 235, 221", after="250, 234, 221")
    assert complaint(copy).startswith("The C++ emulator differs in ")


@pytest.mark.slow
def test_a_register_of_the_rtl_is_named(copy):
    source = copy / "rtl" / "src" / "trigger.v"
    wires = re.search(r"stage2_inp\[(\d+):0\] <= \w+\[\1:0\]", source.read_text())
    edit(source, before=wires[0], after=f"{wires[0]} ^ {int(wires[1]) + 1}'h1")
    line = complaint(copy)
    assert line.startswith("The RTL in Verilator differs in ")
    assert "The first register that differs is stage2_inp: element 0 is " in line


def test_an_expectation_that_was_edited(copy):
    design, place = Design(copy), len(SAMPLES["background"]) + 7
    golden = design.golden
    golden.expected[place, 0] ^= 1
    write_golden(copy / "golden", Golden(golden.inputs, golden.expected, golden.as_text), design.ports)
    line = complaint(copy)
    assert line.startswith(f"Keras differs in 1 of {len(golden.inputs):,} vectors")
    assert f"for golden vector {place}." in line


def test_a_line_of_text_that_was_edited(copy):
    path = copy / "golden" / "expected.hex"
    lines = path.read_text().split()
    lines[4] = f"{int(lines[4], 16) ^ 1:0{len(lines[4])}x}"
    path.write_text("\n".join(lines))
    assert complaint(copy, InputError).startswith(f"Line 5 of {path} was changed.")


@pytest.mark.parametrize("name", ["golden/golden.npz", "network.keras", "program.json.gz", "design.json"])
def test_a_file_that_was_cut_off(name, copy):
    path = copy / name
    path.write_bytes(path.read_bytes()[:-40])
    assert str(copy) in complaint(copy, InputError)


@pytest.mark.parametrize(
    "name",
    [
        *("design.json", "golden/golden.npz", "golden/inputs.hex", "network.keras", "program.json.gz"),
        *("layers.json.gz", "emulator/trigger.cpp", "hls/bridge.cpp", "golden/trigger_tb.v"),
    ],
)
def test_a_file_that_is_missing(name, copy):
    (copy / name).unlink()
    line = complaint(copy, InputError)
    assert name.split("/")[-1] in line
    assert "Expected: " in line


def test_a_design_without_one_of_its_tables(copy):
    edit(copy / "design.json", before='"ports"', after='"harbors"')
    assert "is damaged. Expected: a table ports in it. Received: none." in complaint(copy, InputError)


def test_a_design_of_another_version(copy):
    edit(copy / "design.json", before='"version": 1', after='"version": 9')
    assert "is of another version. Expected: 1. Received: 9." in complaint(copy, InputError)


def test_a_score_in_other_steps_than_those_of_the_wires_is_refused(quantized, monkeypatch, tmp_path):
    other = trigger_of(quantized, "radius", request("radius").inputs, SAMPLES["background"])
    monkeypatch.setattr(build, "trigger_of", lambda *_: replace(other, fraction=other.fraction + 1))
    with pytest.raises(FirmwareError, match="another format"):
        build.build_design(
            quantized, request("radius", vectors=2000), SAMPLES, tmp_path / "new", provenance={}
        )
    assert not (tmp_path / "new").exists()


def ways(*found):
    return {f"way {number}": Way(lambda _, y=y: np.array(y)) for number, y in enumerate(found)}


def test_a_proof_names_the_way_and_the_vector():
    vectors = Vectors(np.zeros((5, 1), np.int64), {"background": 2, "nothing": 0, "signal": 3})
    expected = np.array([[1, 0], [2, 0], [3, 1], [4, 1], [5, 1]])
    assert prove(vectors, ways(expected, expected), expected=expected) == {"way 0": 5, "way 1": 5}
    found = expected + np.array([[0, 0], [0, 0], [0, 0], [0, -1], [1, 0]])
    with pytest.raises(FirmwareError) as caught:
        prove(vectors, ways(expected, found), expected=expected)
    assert str(caught.value) == (
        "way 1 differs in 2 of 5 vectors. Expected: score and bit [4, 1] for signal 1. Received: [4, 0]."
    )
