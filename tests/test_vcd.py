import pytest

from offshell.errors import InputError
from offshell.firmware.rtl.vcd import at_rising_edges, read_vcd
from offshell.firmware.rtl.waveform import waveform
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.ports import Ports

DUMP = """
$timescale 1ps $end
$scope module bench $end
$var wire 1 ! clk $end
$scope module inside $end
$var reg 4 " bus [3:0] $end
$upscope $end
$var wire 1 # flag $end
$upscope $end
$enddefinitions $end
#0
$dumpvars
0! bx " x#
$end
#5 1! b101 "
#10 0! 1#
#15 1! b1111 " 0#
"""


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "wave.vcd"
    path.write_text(DUMP)
    return path


def test_signals_have_names_and_changes(dump):
    assert read_vcd(dump) == {
        "bench.clk": [(0, 0), (5, 1), (10, 0), (15, 1)],
        "bench.inside.bus": [(0, None), (5, 5), (15, 15)],
        "bench.flag": [(0, None), (10, 1), (15, 0)],
    }


def test_a_register_takes_what_was_there_before_the_edge(dump):
    edges, wires = at_rising_edges(read_vcd(dump), "bench.clk")
    assert edges == [5, 15]
    assert wires == {"bench.clk": [0, 0], "bench.inside.bus": [None, 5], "bench.flag": [None, 1]}


@pytest.mark.parametrize(
    "content",
    [b"", b"score,bit\n1,2\n", DUMP.encode()[:60], b"\xff\xfe", DUMP.replace("b101", "b121").encode()[:250]],
)
def test_what_is_no_dump_is_refused(tmp_path, content):
    path = tmp_path / "wave.vcd"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"Cannot read the waveform .*wave.vcd. Expected: a VCD file."):
        read_vcd(path)


def test_the_waveform_of_something_else_is_not_drawn(dump):
    form = (Fixed(signed=False, integer=1, fraction=0),)
    with pytest.raises(InputError, match=r"Expected: wires of trigger_tb. Received: no 'trigger_tb.clk'"):
        waveform(dump, Ports(form, form * 2, 1), inputs={})
