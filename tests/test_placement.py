"""A small pipeline is placed and routed: its registers are counted, its slowest path gives its frequency."""

import pytest

from offshell.errors import FirmwareError, InputError
from offshell.firmware.resources import placement
from offshell.firmware.resources.placement import place_and_route

# Two products, one after the other, slower than any way between two registers of the harness.
PIPELINE = """
module logic0 (input [15:0] model_inp, output [7:0] model_out);
  wire [7:0] product = model_inp[7:0] * model_inp[15:8];
  assign model_out = product * product + {product[0], product[7:1]};
endmodule
module trigger (input clk, input [15:0] model_inp, output reg [7:0] model_out);
  reg [15:0] first; wire [7:0] found;
  logic0 _inst_logic0 (.model_inp(first), .model_out(found));
  always @(posedge clk) begin first <= model_inp; model_out <= found; end
endmodule
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("placement")
    (folder / "trigger.v").write_text(PIPELINE)
    return folder


def placed(folder, **options):
    return place_and_route(
        [folder / "trigger.v"], top="trigger", input_bits=16, output_bits=8, folder=folder, **options
    )


def test_the_slowest_path_is_in_the_design_and_gives_its_frequency(folder, capfd):
    timing = placed(folder, seeds=(1, 2))
    # In and out of the design, and in the harness: 16 and one to shift in, 8 to fold, one at the end.
    assert timing.flip_flops == 16 + 8 + 17 + 8 + 1 == 50
    assert timing.path.in_design
    assert timing.path.stage == "logic0"
    assert 1000 / (timing.path.logic_ns + timing.path.routing_ns) == pytest.approx(timing.fmax_mhz, rel=1e-3)
    assert list(timing.fmax_by_seed) == [1, 2]
    assert timing.fmax_mhz == min(timing.fmax_by_seed.values())
    assert timing.luts > 100
    assert capfd.readouterr() == ("", "")


def test_a_design_that_does_not_fit_is_refused_before_it_is_placed(folder, monkeypatch):
    monkeypatch.setattr(placement, "_N_CELLS", 49)
    with pytest.raises(
        FirmwareError, match=r"^trigger does not fit.*at most 49 .*Received: \d+ LUTs, 50 registers"
    ):
        placed(folder, seeds=(77,))
    assert not (folder / "seed77.nextpnr.log").exists()


def test_a_run_needs_a_seed_and_its_sources(folder, tmp_path):
    with pytest.raises(InputError, match=r"at least one seed\. Received: \(\)"):
        placed(folder, seeds=())
    with pytest.raises(InputError, match=r"Expected: Verilog files.*trigger\.v"):
        placed(tmp_path)
