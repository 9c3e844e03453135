"""The ports of a design: which integers stand where on the wires, and when the answer comes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64, UInt64

from offshell.errors import InputError
from offshell.firmware.trigger.fixed import Fixed

__all__ = ["Ports", "checked", "pack", "unpack", "unpack_numbers"]

_WORD = 64
_MOST_BITS = 63


@dataclass(frozen=True)
class Ports:
    """What goes in and out of a pipeline that takes a new event every clock.

    Attributes:
        inputs: Format of each input, the first in the least significant wires of `model_inp`. One that the design does
            not look at may have no wires.
        outputs: Format of each output, likewise, of `model_out`.
        latency: Clocks from the edge that takes an event to the edge after which its outputs stand.
    """

    inputs: tuple[Fixed, ...]
    outputs: tuple[Fixed, ...]
    latency: int

    @property
    def input_bits(self) -> int:
        """Width of `model_inp`."""
        return sum(form.bits for form in self.inputs)

    @property
    def output_bits(self) -> int:
        """Width of `model_out`."""
        return sum(form.bits for form in self.outputs)


def checked(
    integers: Int64[np.ndarray, "n elements"], formats: Sequence[Fixed]
) -> Int64[np.ndarray, "n elements"]:
    """The integers themselves, if they are such as fit the wires.

    Raises:
        InputError: If the columns are not as many as the formats, or an integer does not fit its wires.
    """
    integers = np.asarray(integers)
    if integers.shape[1:] != (len(formats),) or not np.issubdtype(integers.dtype, np.integer):
        raise InputError(
            f"Wrong vectors. Expected: integers, (n, {len(formats)}). Received: {integers.dtype} {integers.shape}."
        )
    for column, form in enumerate(formats):
        if form.bits and len(integers):
            _check_range(integers[:, column], form, column)
    return integers.astype(np.int64)


def pack(
    integers: Int64[np.ndarray, "n elements"], formats: Sequence[Fixed]
) -> UInt64[np.ndarray, "n words"]:
    """Integers as wires, 64 in a word, the first element in the least significant ones.

    Args:
        integers: One column for each element; two's complement where it is signed.
        formats: Of each element.

    Returns:
        As many words as the wires need; wires that are left over are zero.

    Raises:
        InputError: If the columns are not as many as the formats, or an integer does not fit its wires.
    """
    integers = checked(integers, formats)
    words = np.zeros((len(integers), _n_words(formats)), np.uint64)
    for column, (form, start) in enumerate(_placed(formats)):
        if not form.bits:
            continue
        wires = integers[:, column].astype(np.uint64) & np.uint64(2**form.bits - 1)
        word, shift = divmod(start, _WORD)
        words[:, word] |= wires << np.uint64(shift)
        if shift + form.bits > _WORD:
            words[:, word + 1] |= wires >> np.uint64(_WORD - shift)
    return words


def unpack(words: UInt64[np.ndarray, "n words"], formats: Sequence[Fixed]) -> Int64[np.ndarray, "n elements"]:
    """The integers of wires, as `pack` lays them out; elements without wires are zero."""
    integers = np.zeros((len(words), len(formats)), np.int64)
    for column, (form, start) in enumerate(_placed(formats)):
        if form.bits:
            integers[:, column] = _extended(_wires(words, start, form.bits), form)
    return integers


def unpack_numbers(
    numbers: Sequence[int | None], formats: Sequence[Fixed]
) -> Int64[np.ndarray, "n elements"]:
    """The integers of wires that are given as one number each; unknown ones (`None`) count as zero."""
    n_bytes = _n_words(formats) * _WORD // 8
    packed = b"".join((number or 0).to_bytes(n_bytes, "little") for number in numbers)
    return unpack(np.frombuffer(packed, np.uint64).reshape(len(numbers), -1), formats)


def _wires(words: UInt64[np.ndarray, "n words"], start: int, bits: int) -> UInt64[np.ndarray, " n"]:
    word, shift = divmod(start, _WORD)
    found = words[:, word] >> np.uint64(shift)
    if shift + bits > _WORD:
        found = found | (words[:, word + 1] << np.uint64(_WORD - shift))
    return found


def _extended(wires: UInt64[np.ndarray, " n"], form: Fixed) -> Int64[np.ndarray, " n"]:
    """The lowest wires as a number; what is above them is pushed out."""
    spare = np.uint64(_WORD - form.bits)
    high = wires << spare
    return high.view(np.int64) >> spare.astype(np.int64) if form.signed else (high >> spare).astype(np.int64)


def _placed(formats: Sequence[Fixed]) -> list[tuple[Fixed, int]]:
    """Each format and its first wire."""
    ends = np.cumsum([form.bits for form in formats]).tolist()
    return [(form, end - form.bits) for form, end in zip(formats, ends, strict=True)]


def _n_words(formats: Sequence[Fixed]) -> int:
    return max(1, -(-sum(form.bits for form in formats) // _WORD))


def _check_range(column: Int64[np.ndarray, " n"], form: Fixed, position: int) -> None:
    if form.bits > _MOST_BITS:
        raise InputError(
            f"Element {position} is too wide. Expected: at most {_MOST_BITS} bits. Received: {form.bits}."
        )
    lowest, highest = int(column.min()), int(column.max())
    if lowest < form.lowest or highest > form.highest:
        raise InputError(
            f"Element {position} does not fit its wires. Expected: {form.lowest} to {form.highest}. "
            f"Received: {lowest} to {highest}."
        )
