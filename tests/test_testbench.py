import re
import subprocess

import numpy as np
import pytest
from small_trigger import design, events, outputs

from offshell.errors import FirmwareError, InputError
from offshell.firmware.rtl.testbench import run_testbench, write_testbench
from offshell.firmware.rtl.vcd import at_rising_edges, read_vcd
from offshell.firmware.rtl.waveform import waveform
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.golden import Golden, write_golden
from offshell.firmware.trigger.ports import Ports

N_EVENTS = 60
INTEGERS = events(500)
AS_TEXT = np.arange(N_EVENTS)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The test bench of a design in which the simulator's argument `+fault` inverts one bit of one register."""
    folder = tmp_path_factory.mktemp("bench")
    sources, ports = design(folder / "rtl")
    sources = [path for path in sources if path.name != "trigger_wrapper.v"]
    top = folder / "rtl" / "src" / "trigger.v"
    faulty = re.sub(
        r"(stage2_inp\S* <= \S+);", r"""\1 ^ {43'b0, $test$plusargs("fault") != 0};""", top.read_text()
    )
    top.write_text(faulty)
    write_golden(folder, Golden(INTEGERS, outputs(INTEGERS), AS_TEXT), ports)
    write_testbench(folder, ports, n_events=N_EVENTS, clock_ns=5, sources="rtl/src")
    wave = folder / "wave.vcd"
    assert run_testbench(folder, sources, builds=folder / "builds", wave=wave) == N_EVENTS
    return {"folder": folder, "sources": sources, "ports": ports, "wave": wave}


def run(bench, *arguments):
    (program,) = [
        path for path in (bench["folder"] / "builds").iterdir() if path.name.startswith("trigger_tb")
    ]
    return subprocess.run(
        [program, *arguments], cwd=bench["folder"], capture_output=True, text=True, check=False
    )


def test_the_bench_stops_when_it_is_told_to(bench):
    assert run(bench, "+events=7").stdout.startswith("PASS 7 vectors\n")


def test_an_inverted_register_bit_fails_the_bench(bench):
    done = run(bench, "+fault")
    assert re.match(
        r"FAIL vector \d+: expected score \d+ bit [01], received score \d+ bit [01]\n", done.stdout
    )
    assert done.returncode != 0


def test_a_changed_expectation_fails_the_bench_at_its_vector(bench, tmp_path):
    for name in ("inputs.hex", "expected.hex", "trigger_tb.v"):
        (tmp_path / name).write_text((bench["folder"] / name).read_text())
    lines = (tmp_path / "expected.hex").read_text().splitlines()
    lines[17] = f"{int(lines[17], 16) ^ 1:04x}"
    (tmp_path / "expected.hex").write_text("\n".join(lines))
    score, bit = outputs(INTEGERS)[17]
    message = rf"Received: FAIL vector 17: expected score {score ^ 1} bit {bit}, received score {score} bit {bit}\.$"
    with pytest.raises(FirmwareError, match=message):
        run_testbench(tmp_path, bench["sources"], builds=bench["folder"] / "builds")


def test_missing_vectors_fail_the_bench(bench, tmp_path):
    for name in ("inputs.hex", "expected.hex", "trigger_tb.v"):
        lines = (bench["folder"] / name).read_text().splitlines(keepends=True)
        (tmp_path / name).write_text("".join(lines[:-3] if name == "inputs.hex" else lines))
    with pytest.raises(FirmwareError, match=f"FAIL vector {N_EVENTS - 3}"):
        run_testbench(tmp_path, bench["sources"], builds=bench["folder"] / "builds")


def test_the_makefile_names_the_sources(bench):
    written = (bench["folder"] / "Makefile").read_text()
    assert "SOURCES := $(wildcard rtl/src/*.v rtl/src/static/*.v) trigger_tb.v\n" in written


def test_the_waveform_holds_events_and_outputs(bench):
    edges, wires = at_rising_edges(read_vcd(bench["wave"]), "trigger_tb.clk")
    latency = bench["ports"].latency
    assert len(edges) == N_EVENTS + latency
    assert np.diff(edges).tolist() == [5000] * (len(edges) - 1)  # picoseconds
    given = np.array([wires["trigger_tb.score"], wires["trigger_tb.accept"]]).T[latency + 1 :]
    assert np.array_equal(given, outputs(INTEGERS)[: len(given)])


def test_the_figure_shows_the_first_event_with_its_bit_set(bench):
    figure = waveform(bench["wave"], bench["ports"], inputs={"first": 0, "last": 5})
    (axes,) = figure.axes
    event = int(np.argmax(outputs(INTEGERS)[:, 1]))
    colored = [
        patch for patch in axes.patches if patch.get_facecolor()[:3] != (0, 0, 0) and patch.get_facecolor()[3]
    ]
    texts = [text.get_text() for text in axes.texts]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "clock",
        "first",
        "last",
        "score",
        "bit",
    ]
    assert str(INTEGERS[event, 0]) in texts
    assert str(outputs(INTEGERS)[event, 0]) in texts
    assert len(colored) == 3


@pytest.mark.parametrize(
    "outputs",
    [(Fixed(signed=False, integer=8, fraction=0),), (Fixed(signed=False, integer=8, fraction=0),) * 2],
)
def test_outputs_that_are_not_score_and_bit_are_refused(outputs, tmp_path):
    with pytest.raises(InputError, match=r"Expected: a score and one bit. Received: \[8"):
        write_testbench(tmp_path, Ports(outputs, outputs, 1), n_events=1, clock_ns=5, sources="src")
