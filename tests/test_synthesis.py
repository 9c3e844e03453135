"""Yosys counts what can be counted by hand, stage by stage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offshell.errors import FirmwareError, InputError
from offshell.firmware.resources.packing import Lut, packed
from offshell.firmware.resources.synthesis import synthesize, synthesize_parts

ADDER = """
module adder #(parameter WIDTH = 8) (input [WIDTH-1:0] a, input [WIDTH-1:0] b, output [WIDTH:0] sum);
  assign sum = a + b;
endmodule
"""
# One adder twice, then another and a product, with registers before, between and after, as the compiler writes a pipeline.
PIPELINE = """
module logic0 (input [15:0] model_inp, output [8:0] model_out);
  adder #(8) one (model_inp[7:0], model_inp[15:8], model_out);
endmodule
module logic1 (input [17:0] model_inp, output [9:0] model_out);
  adder #(9) both (model_inp[8:0], model_inp[17:9], model_out);
endmodule
module logic2 (input [23:0] model_inp, output [23:0] model_out);
  assign model_out = $signed(model_inp[23:12]) * $signed(model_inp[11:0]);
endmodule
module trigger (input clk, input [31:0] model_inp, output reg [33:0] model_out);
  reg [31:0] first; reg [17:0] second; wire [17:0] sums; wire [9:0] sum; wire [23:0] product;
  logic0 low (first[15:0], sums[8:0]);
  logic0 high (first[31:16], sums[17:9]);
  logic1 stage1 (second, sum);
  logic2 stage2 (first[23:0], product);
  always @(posedge clk) begin first <= model_inp; second <= sums; model_out <= {product, sum}; end
endmodule
"""
# Bits of the golden ratio: no two outputs of this table are alike or simpler than six inputs.
WORDS = [((0x9E3779B97F4A7C15 * (i + 1)) >> 40) & 7 for i in range(64)]
TABLE = (
    "module logic2 (input [5:0] model_inp, output reg [2:0] model_out); always @(*) case (model_inp)\n"
    + "".join(f"6'd{i}: model_out = 3'd{word};\n" for i, word in enumerate(WORDS))
    + "endcase endmodule\n"
)


def written(folder, **sources):
    paths = [folder / f"{name}.v" for name in sources]
    for path, source in zip(paths, sources.values(), strict=True):
        path.write_text(source)
    return paths


def test_an_adder_takes_a_lut_a_bit_and_every_stage_and_register_is_counted(tmp_path, capfd, monkeypatch):
    sources = written(tmp_path, trigger=PIPELINE, adder=ADDER)
    monkeypatch.setenv("PATH", "/nowhere")
    found = synthesize(sources, top="trigger", folder=tmp_path, dsp=True)
    # Eight bits and the carry out of them are three CARRY4.
    assert found.modules["logic0"].cells == {"LUT2": 8, "CARRY4": 3}
    assert found.modules["logic1"].cells == {"LUT2": 9, "CARRY4": 3}
    assert (found.luts, found.lut_cells, found.carries) == (2 * 8 + 9, 2 * 8 + 9, 3 * 3)
    assert found.modules["logic2"].cells == {"DSP48E2": 1}
    assert found.flip_flops == found.cells["FDRE"] == 32 + 18 + 34
    assert (found.dsps, found.brams, found.shift_registers) == (1, 0, 0)
    assert capfd.readouterr() == ("", "")
    assert {path.name for path in tmp_path.iterdir()} == {"trigger.v", "adder.v", "trigger.yosys.log"}


def test_parts_are_synthesized_each_alone_and_their_products_are_made_of_luts(tmp_path):
    table, pipeline = written(tmp_path, table=TABLE, pipeline=PIPELINE)
    found = synthesize_parts({"table": [table], "product": [pipeline]}, top="logic2", folder=tmp_path)
    assert list(found) == ["table", "product"]
    assert found["table"].cells == {"LUT6": 3}
    assert found["product"].dsps == 0
    assert found["product"].luts > 100


def test_verilog_with_an_error_gives_one_line_with_the_place_and_the_log(tmp_path):
    (source,) = written(
        tmp_path, broken="module trigger (input clk, output out);\n  assign out = (clk;\nendmodule\n"
    )
    with pytest.raises(
        FirmwareError, match=r"broken\.v:2: ERROR: syntax error.*trigger\.yosys\.log"
    ) as caught:
        synthesize([source], top="trigger", folder=tmp_path)
    assert "\n" not in str(caught.value)
    assert "syntax error" in (tmp_path / "trigger.yosys.log").read_text()


def test_a_missing_source_is_named(tmp_path):
    with pytest.raises(InputError, match=r"Expected: Verilog files\. Received: .*gone\.v"):
        synthesize([tmp_path / "gone.v"], top="trigger", folder=tmp_path)


def lut(*inputs, feeds_carry=False):
    return Lut(frozenset(inputs), feeds_carry=feeds_carry)


@pytest.mark.parametrize(
    ("luts", "expected"),
    [
        ([], 0),
        ([lut(1, 2, 3), lut(1, 2, 3)], 1),  # the sum and the carry of a full adder
        ([lut(1, 2, 3, 4, 5), lut(5)], 1),
        ([lut(1, 2, 3, 4, 5), lut(5, 6)], 2),  # six inputs
        ([lut(1, 2, 3, 4, 5, 6), lut(1)], 2),
        ([lut(1, 2), lut(3, 4)], 2),  # nothing in common
        ([lut(1, 2, feeds_carry=True), lut(2, 3, feeds_carry=True)], 2),
        ([lut(1, 2, feeds_carry=True), lut(2, 3)], 1),
        ([lut(1, 2), lut(2, 3), lut(3, 1)], 2),
    ],
)
def test_two_functions_share_a_lut_if_they_have_five_inputs_between_them(luts, expected):
    assert packed(luts) == expected


@given(st.lists(st.builds(lut, *[st.integers(1, 9)] * 3, feeds_carry=st.booleans()), max_size=20))
def test_packing_keeps_every_function_and_puts_at_most_two_in_one(luts):
    n_on_carries = sum(function.feeds_carry for function in luts)
    assert max(n_on_carries, (len(luts) + 1) // 2) <= packed(luts) <= len(luts)
