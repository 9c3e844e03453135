import subprocess

import numpy as np
import pytest
from alkaid.trace import FVArray, trace
from alkaid.trace.passes import fuse_ternary_adders
from small_trigger import design, events, program

from offshell.errors import FirmwareError, InputError
from offshell.firmware.emulator.cpp import emulate, events_per_second, write_emulator
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.ports import Ports

INPUTS = (
    Fixed(signed=True, integer=5, fraction=2),
    Fixed(signed=False, integer=6, fraction=0),
    Fixed(signed=True, integer=3, fraction=4),
)
# Each makes the compiler use an operation, with steps and signs that differ.
FORMULAS = {
    "negative": lambda a, b, c: -a[0],  # noqa: ARG005 - all take the same
    "sum": lambda a, b, c: a[0] + b[0] * 8 + c[0],
    "difference": lambda a, b, c: a[0] * 0.25 - b[0] * 4,  # noqa: ARG005
    "positive": lambda a, b, c: a[0].relu(2, 1) + b[0].relu(3, 0),  # noqa: ARG005
    "wrapped": lambda a, b, c: a[0].quantize(1, 2, 1) * 8 + c[0].quantize(0, 1, 2, round_mode="RND"),  # noqa: ARG005
    "saturated": lambda a, b, c: a[0].quantize(1, 2, 1, overflow_mode="SAT", round_mode="RND"),  # noqa: ARG005
    "constant": lambda a, b, c: a[0] + 3.125 - c[0],  # noqa: ARG005
    "chosen": lambda a, b, c: a[0].msb_mux(b[0] * 2, c[0]),
    "chosen by an unsigned number": lambda a, b, c: b[0].msb_mux(c[0], a[0] * 0.5),
    "product": lambda a, b, c: a[0] * b[0] * c[0],
    "table": lambda a, b, c: c.apply(lambda x: np.sqrt(x + 8)).quantize(0, 3, 3)[0] + a[0],  # noqa: ARG005
    "not": lambda a, b, c: ~a[0],  # noqa: ARG005
    "not, without a sign": lambda a, b, c: ~b[0] + c[0],  # noqa: ARG005
    "any and all": lambda a, b, c: (
        a[0].unary_bit_op("any") + b[0].unary_bit_op("all") * 2 + c[0].unary_bit_op("all") * 4
    ),
    "and": lambda a, b, c: a[0] & c[0],  # noqa: ARG005
    "or": lambda a, b, c: a[0] | b[0],  # noqa: ARG005
    "exclusive or": lambda a, b, c: a[0] ^ (c[0] * 4),  # noqa: ARG005
}
N_OPERATIONS = 13  # of ALIR 4, but for the sum of three, which only a later pass makes


def traced(formula):
    symbols = FVArray.from_kif(*np.array([(f.signed, f.integer, f.fraction) for f in INPUTS]).T)
    score = formula(symbols[:1], symbols[1:2], symbols[2:])
    return trace(symbols, np.array([score, score > 1]), keep_dead_inputs=True)


def formats(kifs):
    return tuple(
        Fixed(signed=bool(k), integer=int(i), fraction=int(f)) for k, i, f in zip(*kifs, strict=True)
    )


def ports_of(program):
    return Ports(formats(program.inp_kifs), formats(program.out_kifs), latency=0)


def interpreted(program, integers):
    """The integers on the output wires by alkaid's interpreter."""
    found = program.predict(integers * 2.0 ** -program.inp_kifs[2])
    return np.rint(found * 2.0 ** program.out_kifs[2]).astype(np.int64)


def everywhere(n, forms=INPUTS):
    """Random integers, the edges of every format among them."""
    rng = np.random.default_rng(5)
    columns = [rng.integers(form.lowest, form.highest, n, endpoint=True) for form in forms]
    edges = np.array(
        np.meshgrid(*[(form.lowest, -form.signed, 0, 1, form.highest) for form in forms])
    ).reshape(len(forms), -1)
    return np.concatenate([np.stack(columns, axis=1), edges.T])


def agrees(program, tmp_path, integers):
    ports = ports_of(program)
    write_emulator(program, tmp_path, ports)
    found = emulate(tmp_path, integers, ports, builds=tmp_path)
    return np.array_equal(found, interpreted(program, integers))


@pytest.mark.parametrize("name", FORMULAS)
def test_every_operation_gives_what_the_interpreter_gives(name, tmp_path):
    assert agrees(traced(FORMULAS[name]), tmp_path, everywhere(2000))


def test_the_formulas_use_all_operations():
    used = {op.opcode for formula in FORMULAS.values() for op in traced(formula).ops}
    assert len(used) == N_OPERATIONS


def test_a_sum_of_three_gives_what_the_interpreter_gives(tmp_path):
    fused = fuse_ternary_adders(traced(lambda a, b, c: a[0] - b[0] * 8 + c[0]))
    assert 11 in {op.opcode for op in fused.ops}
    assert agrees(fused, tmp_path, everywhere(2000))


def test_wide_results_take_words_of_64_bits(tmp_path):
    wide = traced(lambda a, b, c: a[0] * b[0] * c[0] * a[0] * b[0])
    assert agrees(wide, tmp_path, everywhere(2000))
    assert "using Word = std::int64_t;" in (tmp_path / "trigger.cpp").read_text()


def test_results_wider_than_62_bits_are_refused(tmp_path):
    wide = traced(lambda a, b, c: a[0] * b[0] * c[0] * a[0] * b[0] * c[0] * b[0] * b[0] * b[0] * b[0])
    with pytest.raises(InputError, match=r"Expected: at most 62 bits. Received: 65"):
        write_emulator(wide, tmp_path, ports_of(wide))


@pytest.mark.parametrize(
    ("n_outputs", "integer", "message"), [(1, 5, "Received: 1 outputs"), (2, 32, "inputs of 33 bits")]
)
def test_ports_that_the_emulator_does_not_have_are_refused(n_outputs, integer, message, tmp_path):
    symbols = FVArray.from_kif(np.zeros(2, int), np.full(2, integer), np.zeros(2, int))
    other = trace(symbols, np.array([symbols[0] + 1, symbols[1]][:n_outputs]), keep_dead_inputs=True)
    with pytest.raises(InputError, match=message):
        write_emulator(other, tmp_path, ports_of(other))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("emulator")
    _, ports = design(tmp_path_factory.mktemp("small"))
    write_emulator(program(), folder, ports)
    return folder, ports


def test_any_number_of_events_can_be_emulated(small):
    folder, ports = small
    integers = events(21)
    together = emulate(folder, integers, ports, builds=folder)
    parts = [emulate(folder, part, ports, builds=folder) for part in np.split(integers, [1, 8, 9])]
    assert np.array_equal(together, np.concatenate(parts))
    assert emulate(folder, integers[:0], ports, builds=folder).shape == (0, 2)


def test_the_header_serves_cplusplus(small, tmp_path):
    folder, ports = small
    integers = events(3)
    (tmp_path / "main.cpp").write_text(f"""
        #include <iostream>
        #include "trigger.h"
        int main() {{
            const std::int32_t events[3][trigger::n_inputs] = {{{", ".join("{" + ", ".join(map(str, e)) + "}" for e in integers)}}};
            for (const auto &event : events) {{
                const trigger::Decision decision = trigger::decide(event);
                std::cout << decision.score << " " << decision.accept << std::endl;
            }}
        }}""")
    call = [
        "g++",
        "-std=c++17",
        "-Wall",
        "-Wextra",
        "-pedantic",
        "-Werror",
        f"-I{folder}",
        tmp_path / "main.cpp",
    ]
    subprocess.run([*call, folder / "trigger.cpp", "-o", tmp_path / "main"], check=True)
    printed = subprocess.run([tmp_path / "main"], check=True, capture_output=True, text=True).stdout
    expected = emulate(folder, integers, ports, builds=folder)
    assert printed.split() == [str(number) for number in expected.ravel()]


def test_the_speed_is_measured(small):
    folder, ports = small
    assert events_per_second(folder, events(1000), ports, builds=folder) > 1e5


def test_integers_beside_the_wires_are_refused(small):
    folder, ports = small
    with pytest.raises(InputError, match=r"Element 0 does not fit its wires. Expected: -32 to 31."):
        emulate(folder, np.full((1, 6), 32), ports, builds=folder)


def test_a_missing_emulator_is_named(small, tmp_path):
    with pytest.raises(InputError, match=r"Cannot read .*trigger\.h\. Expected: C\+\+ of a design"):
        emulate(tmp_path, events(1), small[1], builds=tmp_path)


def test_changed_code_is_compiled_again_and_must_compile(small, tmp_path):
    folder, ports = small
    for name in ("trigger.h", "trigger.cpp"):
        (tmp_path / name).write_text(
            (folder / name).read_text().replace("const Word v3 =", "const Word v3 = 1 +")
        )
    assert not np.array_equal(
        emulate(tmp_path, events(50), ports, builds=folder), emulate(folder, events(50), ports, builds=folder)
    )
    (tmp_path / "trigger.cpp").write_text("int main( {")
    with pytest.raises(FirmwareError, match=r"does not compile. Expected: C\+\+17 .* Received: .*error"):
        emulate(tmp_path, events(1), ports, builds=folder)
