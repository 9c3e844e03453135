"""Test vectors: events, random numbers, extremes, and what it takes to reach every entry of a table and every edge."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int64

from offshell.firmware.trigger.definition import Trigger

__all__ = ["Reach", "Vectors", "make_vectors", "reach"]

Integers = Int64[np.ndarray, "n inputs"]

# Between the two events that drive a latent coordinate furthest apart.
_STEPS = 512


@dataclass(frozen=True)
class Vectors:
    """Inputs of a proof.

    Attributes:
        integers: What is on the wires.
        origins: How many vectors of which origin, in their order.
    """

    integers: Integers
    origins: Mapping[str, int]

    def by_origin(self) -> dict[str, Integers]:
        """The vectors of each origin."""
        ends = np.cumsum(list(self.origins.values()))
        return dict(zip(self.origins, np.split(self.integers, ends[:-1]), strict=True))


@dataclass(frozen=True)
class Reach:
    """What the vectors reached in one output of the network.

    Attributes:
        n_values: Different values.
        n_between: Values that there are between the lowest and the highest one.
        lowest: Lowest value, in steps of its format.
        highest: Highest value.
    """

    n_values: int
    n_between: int
    lowest: int
    highest: int


def make_vectors(
    trigger: Trigger, samples: Mapping[str, Integers], *, at_least: int = 100_000, seed: int = 1
) -> Vectors:
    """Vectors for a proof.

    Args:
        trigger: what is to be proven.
        samples: integers of background and signal events by name.
        at_least: vectors; random ones fill up, and are a fifth of it or more.
        seed: of the random numbers.

    Returns:
        The samples, random integers (half of them with padded objects), extremes (each input alone and all together at
        their lowest and highest values), and blends: steps on the way between the vectors that drive an output of the network
        furthest apart, so that the values between, and with them the entries of tables, are reached.
    """
    rng = np.random.default_rng(seed)
    n_random = max(at_least // 5, at_least - sum(map(len, samples.values())))
    parts = {
        **samples,
        "random": _random(trigger, n_random, rng),
        "extreme": _extremes(trigger, next(iter(samples.values()))),
    }
    parts["blend"] = _blends(trigger, np.concatenate(list(parts.values())))
    return Vectors(np.concatenate(list(parts.values())), {name: len(part) for name, part in parts.items()})


def reach(trigger: Trigger, integers: Integers) -> list[Reach]:
    """What vectors reach in each output of the network."""
    return [_reach(column) for output in trigger.outputs(integers) for column in output.T]


def _random(trigger: Trigger, n: int, rng: np.random.Generator) -> Integers:
    lowest, highest = _ends(trigger)
    integers = rng.integers(lowest, highest, size=(n, len(lowest)), endpoint=True)
    if trigger.scaling is not None:
        group = trigger.scaling.group
        padded = np.repeat(rng.random((n // 2, len(lowest) // group)) < 0.5, group, axis=1)  # noqa: PLR2004 - half of them
        integers[: n // 2][padded] = 0
    return integers


def _extremes(trigger: Trigger, events: Integers) -> Integers:
    """Everything at one end, and one input after the other at either end, of padding and of an event."""
    ends, nothing = _ends(trigger), np.zeros_like(events[:1])
    alone = [
        _one_by_one(np.broadcast_to(start, (len(end), len(end))), end)
        for end in ends
        for start in (nothing, events[:1])
    ]
    return np.concatenate([*(end[np.newaxis] for end in ends), nothing, *alone])


def _one_by_one(start: Integers, end: Int64[np.ndarray, " inputs"]) -> Integers:
    changed = start.copy()
    np.fill_diagonal(changed, end)
    return changed


def _blends(trigger: Trigger, integers: Integers) -> Integers:
    """Straight ways between the vectors with the lowest and the highest value of each output of the network."""
    ways = np.linspace(0, 1, _STEPS)[:, np.newaxis]
    ends = [
        (integers[column.argmin()], integers[column.argmax()])
        for output in trigger.outputs(integers)
        for column in output.T
    ]
    blends = [np.rint(low + ways * (high - low)).astype(np.int64) for low, high in ends]
    return np.concatenate(blends) if blends else integers[:0]


def _ends(trigger: Trigger) -> Int64[np.ndarray, "2 inputs"]:
    return np.array([(form.lowest, form.highest) for form in trigger.formats]).T


def _reach(column: Float[np.ndarray, " n"]) -> Reach:
    values = np.unique(column)
    step = np.diff(values).min() if len(values) > 1 else 1.0
    lowest, highest = round(values[0] / step), round(values[-1] / step)
    return Reach(len(values), highest - lowest + 1, lowest, highest)
