"""The work is shared out in parts that do not depend on the number of workers: each with its seed, of files also with its events."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import numpy as np

from offshell.errors import InputError
from offshell.simulate.generator.files.events import Block, EventFile, blocks
from offshell.simulate.seeds import part_seed

__all__ = ["Share", "first_of", "shares"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Share:
    """What is simulated with one seed."""

    n_wanted: int | None
    """Jets or events to be accepted; None for all that there are in the block."""
    seed: np.random.SeedSequence
    """Of the detector."""
    generator_seed: int
    """Of Pythia, different for all shares of a sample."""
    block: Block | None = None
    """Events of a file, or None where the generator makes its own."""


class Chunk(Protocol):
    """Some simulated jets or events."""

    def __len__(self) -> int: ...

    def first(self, n_wanted: int | None, /) -> Self:
        """As many, from the beginning; all of them if None."""


AnyChunk = TypeVar("AnyChunk", bound=Chunk)


def shares(file: EventFile | None, n_wanted: int | None, *, per_share: int, seed: int) -> Iterator[Share]:
    """Shares until all is made, or the file ends.

    Args:
        file: Of events, or None where the generator makes its own without end.
        n_wanted: Jets or events to be accepted; None for all of the file.
        per_share: How many of them share a seed where there is no file.
        seed: Of all.
    """
    seeds = np.random.SeedSequence(seed)
    if file is not None:
        for number, block in enumerate(blocks(file)):
            yield Share(None, seeds.spawn(1)[0], part_seed(seed, number), block)
    elif n_wanted is not None:
        for number, start in enumerate(range(0, n_wanted, per_share)):
            yield Share(min(per_share, n_wanted - start), seeds.spawn(1)[0], part_seed(seed, number))


def first_of(
    chunks: Iterator[AnyChunk], n_wanted: int | None, *, source: str, unit: str
) -> Iterator[AnyChunk]:
    """Pass chunks on until there are enough, and say so if a file gives fewer.

    Args:
        chunks: In order.
        n_wanted: How many jets or events there should be in all; None for all that come.
        source: What they are from, for the message.
        unit: What they are called.

    Raises:
        InputError: There is none at all.
    """
    n_passed = 0
    for chunk in chunks:
        kept = chunk.first(None if n_wanted is None else n_wanted - n_passed)
        n_passed += len(kept)
        yield kept
        if n_passed == n_wanted:
            return
    if n_passed == 0:
        raise InputError(
            f"{source} gives no {unit}. Expected: {unit} that pass the selection. Received: none."
        )
    if n_wanted is not None:
        log.warning("%s ends early: %d %s instead of %d.", source, n_passed, unit, n_wanted)
