"""A design in words says what its files say, and how each number was found."""

import pytest
from measured_design import N_INPUTS, about, design, resources
from rich.console import Console

from offshell.firmware.resources.layer_table import layer_rows
from offshell.firmware.summary import efficiencies, facts, readme, rich_summary
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.port_table import wire_rows
from offshell.firmware.trigger.ports import Ports

UNUSED, ETA = Fixed(signed=False, integer=0, fraction=0), Fixed(signed=True, integer=7, fraction=0)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("score", "mu2, an integer in steps of 2^-4"),
        (
            "trigger bit",
            "set when the integer is above 1000 (62.5): 9.06 kHz [5.45, 14.1] of 28.6 MHz, from 19 background events (counted)",
        ),
        (
            "latency",
            "2 clocks, with a new event at each; 10 ns if the device meets the 200 MHz that the compiler placed the registers for",
        ),
        (
            "size",
            "1,958 LUT, 878 FF, 0 DSP, 0.5 BRAM of UltraScale+, counted by Yosys; the compiler estimated 1,550 LUT",
        ),
        ("C++ emulator", "7.69 million events/s on one core"),
        (
            "proof",
            "the same integers, bit for bit: 101,767 vectors by Keras, integer program; 3,031 vectors by Verilog test bench",
        ),
        ("vectors", "60,000 background, 41,767 random"),
    ],
)
def test_facts_say_what_was_found_and_how(name, words):
    assert dict(facts(design()))[name] == words


def test_a_clock_is_claimed_for_no_other_device():
    clock = dict(facts(design()))["clock"]
    assert clock.startswith(
        "81.3 MHz on a Lattice ECP5 (LFE5UM5G-85F-8, 5,506 LUT4), measured by place and route"
    )
    assert "nothing in MHz about another device" in clock


def test_a_clock_that_was_not_measured_is_not_claimed():
    assert "clock" not in dict(facts(design(takes=resources(ecp5=None))))
    refused = resources(ecp5={"refused": "It does not fit."})
    assert dict(facts(design(takes=refused)))["clock"] == "not measured: It does not fit."


def test_efficiencies_have_their_intervals():
    assert efficiencies(design()) == [("a-4l", "0.675 % [0.44, 0.98]")]


def test_layers_without_weights_have_luts_only():
    dense, activation, _ = layer_rows(resources())
    assert activation == ["activation", "816", "17", "–", "–", "–", "–"]
    assert dense == ["scaling, dense", "748", "626", "1,824", "254", "1,383", "0.0144"]


def test_wires_of_each_object_are_those_of_the_ports():
    formats = [ETA] * N_INPUTS
    formats[2] = UNUSED
    rows = wire_rows(Ports(tuple(formats), (), 1))
    assert rows[0] == ["met 1", "[7:0]", "[15:8]", "–"]
    assert rows[1] == ["electrons 1", "[23:16]", "[31:24]", "[39:32]"]
    assert rows[-1][0] == "jets 10"
    assert rows[-1][-1] == f"[{8 * 56 - 1}:{8 * 55}]"


def test_pixels_have_no_table_of_wires():
    assert wire_rows(Ports((ETA,) * 1600, (), 1)) == []


def test_the_readme_holds_everything_that_is_printed():
    made, page = design(), readme(design())
    assert all(f"| {name} | {fact} |" in page for name, fact in facts(made) + efficiencies(made))
    assert all(f"| {' | '.join(row)} |" in page for row in layer_rows(made.resources))
    assert "alkaid 0.8.2, make 4.3." in page


def test_the_readme_says_where_each_number_stands():
    page = readme(design())
    assert "| `model_inp` | 20 |" in page
    assert "| met 1 | [11:0] | – | – |" in page
    assert "| electrons 1 | – | [19:12] | – |" in page
    assert "| `model_out` | 18 | `[16:0]` the score; `[17]` the trigger bit |" in page
    assert "after 2 more edges" in page


def test_the_readme_of_a_trigger_on_images_speaks_of_pixels():
    ports = {"inputs": [[0, 0, 8]] * 4, "outputs": [[1, 9, 8], [0, 1, 0]], "latency": 2}
    page = readme(design(of=about(ports=ports)))
    assert "pixels" in page
    assert "met 1" not in page
    assert "`[17:0]` the score, two's complement" in page


def test_commands_print_facts_efficiencies_and_layers():
    console = Console(width=200)
    with console.capture() as captured:
        console.print(rich_summary(design()))
    printed = captured.get()
    assert "efficiency a-4l" in printed
    assert all(fact in printed for _, fact in facts(design()))
    assert "LUT, estimate" in printed
    assert "1,383" in printed
