import re

import numpy as np
import pytest
from small_trigger import design, events, outputs

from offshell.errors import FirmwareError, InputError
from offshell.firmware.rtl.simulation import measured_latency, simulate
from offshell.firmware.trigger.ports import Ports

# Faults of one place each: which file, what stands there, what stands there instead.
FAULTS = {
    "none": ("trigger", "", ""),
    "table entry": ("trigger_tables", "8'h00: out = 7'h40;", "8'h00: out = 7'h41;"),
    "weight": ("logic0", r"(shift_adder #\((?:\d+,){7})0\)", r"\g<1>1)"),  # a sum becomes a difference
    "register bit": ("trigger", r"(stage2_inp\S* <= \S+);", r"\1 ^ 1;"),
    "register": ("trigger", r"(INTERNAL_logic0_inp\S+ = model_inp)_reg", r"\1"),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return design(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def together(small, tmp_path_factory):
    """All faulty designs side by side, as generated and one clock late too, so that they are compiled once."""
    sources, ports = small
    folder = tmp_path_factory.mktemp("together")
    (folder / "trigger.v").write_text(side_by_side(sources))
    static = [path for path in sources if path.parent.name == "static"]
    wide = Ports(ports.inputs, ports.outputs * (len(FAULTS) + 1), ports.latency)
    return {"sources": [folder / "trigger.v", *static], "ports": wide, "builds": folder / "builds"}


@pytest.fixture(scope="module")
def faulty(together):
    found = simulate(together["sources"], events(5000), together["ports"], builds=together["builds"])
    return dict(zip([*FAULTS, "one clock late"], np.split(found, len(FAULTS) + 1, axis=1), strict=True))


def side_by_side(sources):
    parts = [with_fault(sources, number, *fault) for number, fault in enumerate(FAULTS.values())]
    instances = [f"trigger_{i} t{i}(clk, model_inp, model_out[{16 * i} +: 16]);" for i in range(len(FAULTS))]
    late = f"reg [15:0] late; always @(posedge clk) late <= model_out[15:0]; assign model_out[{16 * len(FAULTS)} +: 16] = late;"
    wires = f"input clk, input [35:0] model_inp, output [{16 * len(FAULTS) + 15}:0] model_out"
    return "\n".join([*parts, f"module trigger({wires});", *instances, late, "endmodule\n"])


def with_fault(sources, number, stem, old, new):
    texts = {path.stem: path.read_text() for path in sources if path.parent.name == "src"}
    del texts["trigger_wrapper"]
    assert re.search(old, texts[stem])
    texts[stem] = re.sub(old, new, texts[stem], count=1)
    return re.sub(r"\b(trigger|logic\d+|table_\w+)\b", rf"\1_{number}", "\n".join(texts.values()))


def test_a_new_event_every_clock_gives_what_the_interpreter_gives(faulty):
    assert np.array_equal(faulty["none"], outputs(events(5000)))


@pytest.mark.parametrize("fault", [*list(FAULTS)[1:], "one clock late"])
def test_a_single_fault_is_seen(faulty, fault):
    assert not np.array_equal(faulty[fault], outputs(events(5000)))


def test_a_lost_register_brings_the_outputs_one_clock_early(faulty):
    assert np.array_equal(faulty["register"][:-1], outputs(events(5000))[1:])


def test_the_latency_is_measured_without_a_second_build(faulty, together):
    (program,) = together["builds"].iterdir()
    built, ports = program.stat().st_mtime_ns, together["ports"]
    expected = np.concatenate(list(faulty.values()), axis=1)
    claimed = together | {"ports": Ports(ports.inputs, ports.outputs, ports.latency + 2)}
    assert measured_latency(integers=events(5000), expected=expected, **claimed) == ports.latency
    assert measured_latency(integers=events(5000), expected=expected + 1, **claimed) is None
    assert program.stat().st_mtime_ns == built


def test_no_events_are_refused(small, tmp_path):
    sources, ports = small
    with pytest.raises(InputError, match=r"Expected: at least one event. Received: 0."):
        simulate(sources, np.zeros((0, 6), int), ports, builds=tmp_path)


def test_verilog_that_is_none_is_refused_in_one_line(small, tmp_path):
    broken = tmp_path / "trigger.v"
    broken.write_text("module trigger(input clk")
    with pytest.raises(FirmwareError, match=r"Received: %Error: .*trigger.v:1.* \(all in .*\.log\)\.$"):
        simulate([broken], events(1), small[1], builds=tmp_path)
