"""A program of the compiler as plain C++: one statement on integers for each of its operations.

The operations are those of ALIR, alkaid's intermediate language, version 4. They mean fixed-point numbers; here each is the
integer that stands on its wires. Sums and products are exact: only what the program drops or wraps is dropped or wrapped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from offshell.errors import InputError
from offshell.firmware.emulator.expressions import Expression, Wires, added

__all__ = ["Translation", "translated"]

_MOST_BITS = 62


@dataclass(frozen=True)
class Translation:
    """C++ of a program.

    Attributes:
        statements: From `in[...][i]` to `out[...][i]` of event `i`, in their order, on variables of the type `Word`.
        tables: Name and entries of each look-up table.
        bits: A signed integer of so many bits holds every intermediate result.
    """

    statements: tuple[str, ...]
    tables: dict[str, tuple[int, ...]]
    bits: int


@dataclass(frozen=True)
class _Step:
    """One operation: its payload, its operands as expressions and as wires, and the wires of its result."""

    opcode: int
    data: Sequence[int]
    operands: Sequence[Expression]
    sources: Sequence[Wires]
    wires: Wires
    tables: Sequence[Any]


def translated(program: Any) -> Translation:  # noqa: ANN401 - alkaid's CombLogic, which only the compiler's file imports
    """C++ statements for a program.

    Raises:
        InputError: If an intermediate result needs more than 62 bits.
    """
    wires = [Wires.of(op.qint) for op in program.ops]
    values = [form.expression(f"v{number}") for number, form in enumerate(wires)]
    results = []
    for op, form in zip(program.ops, wires, strict=True):
        operands, sources = [values[i] for i in op.addr], [wires[i] for i in op.addr]
        step = _Step(op.opcode, op.data, operands, sources, form, program.lookup_tables or ())
        results.append(form.wrapped(_RULES[op.opcode](step)))
    statements = [
        f"const Word v{number} = {result.text};"
        for number, (result, uses) in enumerate(zip(results, program.ref_count, strict=True))
        if uses
    ]
    outputs = [f"out[{i}][i] = {_output(program, i)};" for i in range(len(program.out_idxs))]
    return Translation((*statements, *outputs), _tables(program.lookup_tables or ()), _checked_bits(results))


def _output(program: Any, position: int) -> str:  # noqa: ANN401 - as above
    source = program.out_idxs[position]
    sign = "-" if program.out_negs[position] else ""
    return "0" if source < 0 else f"{sign}v{source}"


def _tables(tables: Sequence[Any]) -> dict[str, tuple[int, ...]]:
    return {f"table{number}": tuple(table.table.tolist()) for number, table in enumerate(tables)}


def _checked_bits(results: Sequence[Expression]) -> int:
    bits = 1 + max(result.largest for result in results).bit_length()
    if bits > _MOST_BITS:
        raise InputError(
            f"The design is too wide to emulate. Expected: at most {_MOST_BITS} bits. Received: {bits}."
        )
    return bits


def _taken(step: _Step) -> Expression:
    return step.wires.expression(f"in[{step.data[0]}][i]")


def _constant(step: _Step) -> Expression:
    number = step.data[0]
    return Expression(str(number), step.wires.fraction, number, number)


def _negative(step: _Step) -> Expression:
    return added([(step.operands[0], False)])


def _sum(step: _Step) -> Expression:
    first, second = step.operands
    return added([(first, True), (second.scaled(step.data[0]), step.opcode == 0)])


def _constant_sum(step: _Step) -> Expression:
    number, fraction = step.data
    size = abs(number)
    return added([(step.operands[0], True), (Expression(str(size), fraction, size, size), number > 0)])


def _long_sum(step: _Step) -> Expression:
    signs, shifts = step.data[0::2], step.data[1::2]
    terms = zip(step.operands, signs, shifts, strict=False)  # the payload may be longer
    return added([(value.scaled(shift), bool(plus)) for value, plus, shift in terms])


def _positive(step: _Step) -> Expression:
    (value,) = step.operands
    text = f"({value.text} > 0 ? {value.text} : 0)"
    return Expression(text, value.fraction, max(value.low, 0), max(value.high, 0))


def _quantized(step: _Step) -> Expression:
    return step.operands[0].scaled(step.data[0])


def _chosen(step: _Step) -> Expression:
    """The first number where the highest wire of the third is set, else the second."""
    fraction = step.wires.fraction
    first, second = step.operands[0].at(fraction), step.operands[1].scaled(step.data[0]).at(fraction)
    key, wires = step.operands[2].text, step.sources[2]
    condition = f"{key} < 0" if wires.signed else f"{key} >= {1 << wires.bits - 1}"
    low, high = min(first.low, second.low), max(first.high, second.high)
    text = f"({condition} ? {first.text} : {second.text})"
    return Expression(text, fraction, low, high, max(first.largest, second.largest))


def _product(step: _Step) -> Expression:
    first, second = step.operands
    edges = [a * b for a in (first.low, first.high) for b in (second.low, second.high)]
    text = f"({first.text} * {second.text})"
    return Expression(text, first.fraction + second.fraction, min(edges), max(edges))


def _looked_up(step: _Step) -> Expression:
    """The entry of a table whose first belongs to the lowest value of the operand."""
    (key,), number = step.operands, step.data[0]
    table = step.tables[number]
    text = f"table{number}[{key.text} - {key.low}]".replace("- -", "+ ")
    return Expression(text, table.spec.out_kif[2], int(table.table.min()), int(table.table.max()))


def _of_all_wires(step: _Step) -> Expression:
    """Not, any, or all of the wires of a number."""
    (value,), (wires,) = step.operands, step.sources
    ones = (1 << wires.bits) - 1
    if step.data[0] == 0:
        return Expression(f"(~{value.text} & {ones})", step.wires.fraction, 0, ones)
    condition = f"!= {0}" if step.data[0] == 1 else f"== {-1 if wires.signed else ones}"
    return Expression(f"({value.text} {condition})", 0, 0, 1)


def _wire_by_wire(step: _Step) -> Expression:
    """And, or, exclusive or of two numbers in the finer of their steps."""
    first, second = step.operands[0], step.operands[1].scaled(step.data[0])
    fraction = max(first.fraction, second.fraction)
    first, second = first.at(fraction), second.at(fraction)
    ones = (1 << max(first.largest, second.largest).bit_length()) - 1
    low = 0 if min(first.low, second.low) >= 0 else ~ones
    return Expression(f"({first.text} {'&|^'[step.data[1]]} {second.text})", fraction, low, ones)


_RULES: dict[int, Callable[[_Step], Expression]] = {
    -2: _negative,
    -1: _taken,
    0: _sum,
    1: _sum,
    2: _positive,
    3: _quantized,
    4: _constant_sum,
    5: _constant,
    6: _chosen,
    7: _product,
    8: _looked_up,
    9: _of_all_wires,
    10: _wire_by_wire,
    11: _long_sum,
}
