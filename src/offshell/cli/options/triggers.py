"""Triggers of a menu as people write them."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from offshell.cli.options.frequency import frequency
from offshell.errors import InputError

if TYPE_CHECKING:
    from offshell.evaluate.rates.menu import Cut, Seed

__all__ = ["triggers"]

_PRESCALE = re.compile(r"(.*)/\s*([0-9.]+)\s*")


def triggers(rates: Sequence[str], cuts: Sequence[str], *, score: str | None) -> dict[str, "Seed | Cut"]:
    """The triggers of a menu by name, those with a rate first.

    Args:
        rates: each `[NAME=]RATE[@SCORE][/PRESCALE]`.
        cuts: each `[NAME=]SCORE>VALUE[/PRESCALE]`.
        score: of rates that name none.

    Raises:
        InputError: if there is none, one is written otherwise, or two have one name.
    """
    found: dict[str, Seed | Cut] = {}
    wanted: list[tuple[str, Seed | Cut]] = [*_of_rates(rates, score), *_of_cuts(cuts)]
    for name, trigger in wanted:
        if name in found:
            raise InputError(
                f"Triggers need different names. Expected: NAME=, each name once. Received: {name} twice."
            )
        found[name] = trigger
    if not found:
        raise InputError("There is no trigger. Expected: --rate or --cut, or both. Received: neither.")
    return found


def _of_rates(texts: Sequence[str], score: str | None) -> Iterator[tuple[str, "Seed"]]:
    from offshell.evaluate.rates.menu import Seed

    for text in texts:
        rest, prescale = _prescaled(text)
        words, _, of = rest.partition("@")
        name, _, asked = words.rpartition("=")
        of = of.strip() or score or ""
        yield name.strip() or of, Seed(of, frequency(asked), prescale)


def _of_cuts(texts: Sequence[str]) -> Iterator[tuple[str, "Cut"]]:
    from offshell.evaluate.rates.menu import Cut

    for text in texts:
        rest, prescale = _prescaled(text)
        words, _, value = rest.partition(">")
        name, _, of = (word.strip() for word in words.rpartition("="))
        try:
            threshold = float(value)
        except ValueError:
            of = ""
        if not of:
            raise InputError(
                f"This is no cut. Expected: [NAME=]SCORE>VALUE[/PRESCALE], such as ht>200. Received: {text!r}."
            )
        yield name or of, Cut(of, threshold, prescale)


def _prescaled(text: str) -> tuple[str, float]:
    found = _PRESCALE.fullmatch(text)
    if not found:
        return text, 1.0
    try:
        return found[1], float(found[2])
    except ValueError:
        raise InputError(
            f"Wrong prescale. Expected: a number after the slash, such as 1kHz/10. Received: {text!r}."
        ) from None
