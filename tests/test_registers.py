from alkaid.trace.passes import add_surrogate, dead_code_elimin, fuse_ternary_adders
from alkaid.trace.pipeline import to_pipeline
from small_trigger import CLOCK, design, events, program

from offshell.firmware.rtl.registers import differing_register


def stages():
    """The programs between the registers, as RTLModel cuts them."""
    fused = add_surrogate(dead_code_elimin(fuse_ternary_adders(program())), _skip_op8_cost=True)
    return list(to_pipeline(fused, latency_cutoff=CLOCK, verbose=False).logic.values())


def test_the_first_register_with_a_fault_is_named(tmp_path):
    sources, ports = design(tmp_path)
    top = tmp_path / "src" / "trigger.v"
    wires = "stage3_inp[22:0] <= INTERNAL_logic2_outp[22:0]"
    assert wires in top.read_text()
    # The register holds elements of 8, 8 and 7 bits: wire 8 is the lowest bit of the second.
    top.write_text(top.read_text().replace(wires, f"{wires} ^ 23'h100"))
    found = differing_register(sources, stages(), events(20), ports, builds=tmp_path / "builds")
    assert (found.event, found.register, found.element) == (0, "stage3_inp", 1)
    assert found.received == found.expected ^ 1
