"""What a detector adds to simple triggers: the rate it costs and the signal it finds that none of them takes."""

from collections.abc import Mapping
from typing import NamedTuple, TypedDict

import numpy as np
from jaxtyping import Bool, Float
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.evaluate.rates.purity import Estimate, purity, share
from offshell.evaluate.rates.thresholds import OperatingPoint
from offshell.evaluate.separation.ranking import checked_scores
from offshell.evaluate.separation.table import with_error
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["Complementarity", "SignalGain", "complementarity", "decide", "rich_complementarity"]

Decisions = Mapping[str, Bool[np.ndarray, " n"]]


class SignalGain(TypedDict):
    """What the detector and the simple triggers keep of one signal; purities are None without a rate of the signal."""

    efficiency: Estimate
    simple_efficiency: Estimate
    unique_efficiency: Estimate
    purity: Estimate
    unique_purity: Estimate


class Complementarity(TypedDict):
    """A detector beside simple triggers; unique is what passes the detector and none of them.

    Rates are in Hz; `overlap` is the share of the accepted background that each simple trigger takes as well.
    """

    detector: str
    rate_hz: Estimate
    simple_rate_hz: Estimate
    unique_rate_hz: Estimate
    overlap: dict[str, Estimate]
    signals: dict[str, SignalGain]


def decide(
    scores: Mapping[str, Float[np.ndarray, " n"]], thresholds: Mapping[str, OperatingPoint | float]
) -> dict[str, Bool[np.ndarray, " n"]]:
    """Returns which events pass each threshold.

    Args:
        scores: Scores by name, (n,) each; simple triggers are scores too (HT, lepton pT).
        thresholds: For each score in question what `threshold_at_rate` returns, or a threshold.

    Raises:
        InputError: If a score is missing, empty or not finite.

    Example:
        >>> decide({"ht": np.array([100.0, 300.0])}, {"ht": 200.0})
        {'ht': array([False,  True])}
    """
    if missing := set(thresholds) - set(scores):
        raise InputError(
            f"There is no such score. Expected: some of {', '.join(scores)}. Received: {', '.join(sorted(missing))}."
        )
    return {
        name: checked_scores(scores[name], name)
        > (point.threshold if isinstance(point, OperatingPoint) else point)
        for name, point in thresholds.items()
    }


def complementarity(
    background: Decisions,
    signals: Mapping[str, Decisions],
    *,
    detector: str,
    signal_rates_hz: Mapping[str, float] | None = None,
    input_rate_hz: float = INPUT_RATE_HZ,
) -> Complementarity:
    """Returns what one trigger adds to the others, each number with its 95 % interval.

    Rates, efficiencies and overlaps have exact binomial intervals (Clopper and Pearson, Biometrika 26 (1934) 404) at
    the given thresholds, purities the conservative ones of `purity`.

    Args:
        background: Which background events pass, by name of the trigger, (n,) each.
        signals: The same for each signal, of the same triggers.
        detector: The trigger in question; all others are the simple ones.
        signal_rates_hz: Rates at which signals are produced [Hz], for the purities; see `production_rate_hz`.
        input_rate_hz: Rate of all background events [Hz].

    Returns:
        A mapping ready for JSON.

    Raises:
        InputError: If triggers are missing, there is no event, or decisions are not booleans of one length.
    """
    for name, decisions in {"background": background, **signals}.items():
        _check(decisions, name, detector=detector, triggers=set(background))
    kept = _passed(background, detector)
    return {
        "detector": detector,
        "rate_hz": share(kept.detector, kept.events, scale=input_rate_hz),
        "simple_rate_hz": share(kept.simple, kept.events, scale=input_rate_hz),
        "unique_rate_hz": share(kept.unique, kept.events, scale=input_rate_hz),
        "overlap": {
            name: share(int((background[name] & background[detector]).sum()), kept.detector)
            for name in background
            if name != detector
        },
        "signals": {
            name: _gain(kept, _passed(signal, detector), input_rate_hz, (signal_rates_hz or {}).get(name))
            for name, signal in signals.items()
        },
    }


def rich_complementarity(result: Complementarity) -> Table:
    """Returns the terminal table: a row for each signal, what the detector costs and shares below.

    Args:
        result: What `complementarity` returns.
    """
    title = f"What {result['detector']} adds to {', '.join(result['overlap'])} [%]"
    table = Table(title=Text(title, "bold"), box=box.SIMPLE_HEAD)
    table.caption_justify = "left"
    table.add_column("signal", overflow="fold")
    with_purity = any(gain["purity"]["value"] is not None for gain in result["signals"].values())
    headings = ["passes\nthe detector", "passes a\nsimple trigger", "passes only\nthe detector"]
    for heading in headings + ["purity"] * with_purity:
        table.add_column(heading, justify="right")
    for name, gain in result["signals"].items():
        shown = [gain["efficiency"], gain["simple_efficiency"], gain["unique_efficiency"]]
        shown += [gain["purity"]] * with_purity
        table.add_row(Text(name), *(_shown(estimate, 100) for estimate in shown))
    table.caption = _caption(result)
    return table


class _Passed(NamedTuple):
    """Counts of one sample: all events, those of the detector, of any simple trigger, of the detector alone."""

    events: int
    detector: int
    simple: int
    unique: int


def _passed(decisions: Decisions, detector: str) -> _Passed:
    chosen = decisions[detector]
    simple = np.any([passed for name, passed in decisions.items() if name != detector], axis=0)
    return _Passed(len(chosen), int(chosen.sum()), int(simple.sum()), int((chosen & ~simple).sum()))


def _gain(
    background: _Passed, signal: _Passed, input_rate_hz: float, signal_rate_hz: float | None
) -> SignalGain:
    def purity_of(n_background: int, n_signal: int) -> Estimate:
        if signal_rate_hz is None:
            return share(0, 0)
        return purity(
            (n_background, background.events),
            (n_signal, signal.events),
            input_rate_hz=input_rate_hz,
            signal_rate_hz=signal_rate_hz,
        )

    return {
        "efficiency": share(signal.detector, signal.events),
        "simple_efficiency": share(signal.simple, signal.events),
        "unique_efficiency": share(signal.unique, signal.events),
        "purity": purity_of(background.detector, signal.detector),
        "unique_purity": purity_of(background.unique, signal.unique),
    }


def _check(decisions: Decisions, sample: str, *, detector: str, triggers: set[str]) -> None:
    if detector not in decisions or set(decisions) != triggers or len(triggers) == 1:
        raise InputError(
            f"Wrong triggers of {sample}. Expected: {detector}, and the same simple triggers in each sample, at least one. "
            f"Received: {', '.join(decisions)}."
        )
    shapes = {np.shape(passed) for passed in decisions.values()}
    kinds = {str(np.asarray(passed).dtype) for passed in decisions.values()}
    if kinds != {"bool"} or len(shapes) != 1 or not all(len(shape) == 1 and shape[0] > 0 for shape in shapes):
        raise InputError(
            f"Wrong decisions of {sample}. Expected: booleans of one shape (n,) with n > 0. "
            f"Received: {', '.join(sorted(kinds))} of {', '.join(map(str, sorted(shapes)))}."
        )


def _shown(estimate: Estimate, scale: float) -> str:
    numbers = (estimate["value"], estimate["low"], estimate["high"])
    return with_error(*(None if number is None else scale * number for number in numbers))


def _caption(result: Complementarity) -> str:
    rates = [
        f"Rate: {_shown(result['rate_hz'], 1e-3)} kHz",
        f"of it unique: {_shown(result['unique_rate_hz'], 1e-3)} kHz",
    ]
    overlaps = [f"{name} takes {_shown(overlap, 100)} % of it" for name, overlap in result["overlap"].items()]
    return ", ".join([*rates, *overlaps]) + ".\n± is the longer side of the 95 % interval."
