"""What a trigger does when a detector measures otherwise than the events that it was made with said."""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np

from offshell.errors import InputError
from offshell.evaluate.rates.changes import independent_change, paired_reach, times
from offshell.evaluate.rates.measured import Measured, refuse_other_signals, refuse_unlike
from offshell.evaluate.rates.purity import Estimate
from offshell.evaluate.rates.thresholds import (
    OperatingPoint,
    background_share,
    point_at_share,
    signal_efficiency,
)
from offshell.evaluate.separation.area import auc
from offshell.evaluate.separation.efficiency import Efficiency
from offshell.evaluate.separation.intervals import exceedance
from offshell.evaluate.separation.paired import auc_difference
from offshell.evaluate.separation.sample import numbered, sample, share_interval

__all__ = ["OfShift", "Robustness", "robustness"]

_NOTHING: Estimate = {"value": None, "low": None, "high": None}


class OfSignal(TypedDict):
    """What becomes of one signal; changes are those to the nominal events."""

    auc: Estimate
    auc_change: Estimate
    efficiency: Estimate
    efficiency_change: Estimate
    efficiency_at_rate: Estimate


class OfShift(TypedDict):
    """What one shift does.

    `rate` is at the nominal threshold, as are the efficiencies but `efficiency_at_rate`, which is that at the threshold
    with which the shifted background would have the asked rate, `threshold`.
    """

    same_events: bool
    rate: Estimate
    rate_change: Estimate
    threshold: float
    signals: dict[str, OfSignal]


class Robustness(TypedDict):
    """The nominal events and each shift; rates are in units of the input rate's, so that one of 1 gives shares."""

    input_rate: float
    asked_rate: float
    threshold: float
    n_background: int
    few: bool
    nominal: OfShift
    shifts: dict[str, OfShift]


def robustness(
    nominal: Measured,
    shifted: Mapping[str, Measured],
    *,
    rate: float,
    others: Mapping[str, Measured] | None = None,
    input_rate: float = 1.0,
) -> Robustness:
    """Returns what shifts of the measurement do to a threshold that stays, and to AUC and efficiencies.

    The nominal background chooses the threshold. Of the same events with shifted measurements, changes are paired: that
    of the AUC as in `auc_difference`; those of rate and efficiency rest on the events that a shift takes across the
    threshold, in either direction (see `paired_reach`). Of other events, as a new simulation gives, intervals of both are
    joined.

    Args:
        nominal: Scores of the events as they are.
        shifted: Scores of the same events in the same order by name of the shift.
        rate: The rate of background events that chooses the threshold.
        others: Scores of other events by name of what was changed.
        input_rate: The rate of all of them [the same unit]; 1 for shares.

    Returns:
        A mapping ready for JSON.

    Raises:
        InputError: If scores are empty or not finite, shifted events are not as many as nominal ones, signals differ, or
            there are too few background events for the rate.
    """
    share = background_share(rate, input_rate_hz=input_rate)
    point = _point(nominal, share, input_rate)
    return {
        "input_rate": input_rate,
        "asked_rate": rate,
        "threshold": point.threshold,
        "n_background": point.n_background,
        "few": point.few,
        "nominal": _nominal(nominal, point),
        "shifts": {
            **{name: _of_same(nominal, of, point, share, input_rate) for name, of in shifted.items()},
            **{
                name: _of_others(nominal, of, point, share, input_rate) for name, of in (others or {}).items()
            },
        },
    }


def _point(of: Measured, share: float, input_rate: float) -> OperatingPoint:
    background = sample(of.background, "background", groups=of.groups)
    if share * background.total * (1 + 1e-12) < background.unit(np.inf):
        raise InputError(
            f"Too few background events for {share * input_rate:g} of {input_rate:g}. "
            f"Expected: at least {np.ceil(1 / share):,.0f} independent ones. "
            f"Received: {background.total / background.unit(np.inf):,.0f}."
        )
    return point_at_share(background, share, input_rate_hz=input_rate)


def _nominal(of: Measured, point: OperatingPoint) -> OfShift:
    low, high = point.interval
    return {
        "same_events": True,
        "rate": {"value": point.rate_hz, "low": low, "high": high},
        "rate_change": _NOTHING,
        "threshold": point.threshold,
        "signals": {
            name: {
                "auc": _auc(of, name),
                "auc_change": _NOTHING,
                "efficiency": _efficiency(of, name, point.threshold),
                "efficiency_change": _NOTHING,
                "efficiency_at_rate": _efficiency(of, name, point),
            }
            for name in of.signals
        },
    }


def _of_same(
    nominal: Measured, of: Measured, point: OperatingPoint, share: float, input_rate: float
) -> OfShift:
    refuse_unlike(nominal, of)
    own, at = _point(of, share, input_rate), point.threshold
    rate = _rate_of_same(nominal, of, at)
    below, above = paired_reach(nominal.background > at, of.background > at, groups=nominal.groups)
    value = (rate["value"] or 0.0) - point.efficiency
    change: Estimate = {"value": value, "low": value - below, "high": value + above}
    return {
        "same_events": True,
        "rate": times(rate, input_rate),
        "rate_change": times(change, input_rate),
        "threshold": own.threshold,
        "signals": {name: _signal_of_same(nominal, of, name, at, own) for name in nominal.signals},
    }


def _signal_of_same(nominal: Measured, of: Measured, name: str, at: float, own: OperatingPoint) -> OfSignal:
    groups = nominal.signal_groups.get(name)
    difference = auc_difference(
        (nominal.background, of.background),
        (nominal.signals[name], of.signals[name]),
        background_groups=nominal.groups,
        signal_groups=groups,
    )
    before, after = nominal.signals[name] > at, of.signals[name] > at
    value = float(after.mean() - before.mean())
    below, above = paired_reach(before, after, groups=groups)
    return {
        "auc": _auc(of, name),
        "auc_change": {"value": difference.value, "low": difference.low, "high": difference.high},
        "efficiency": _efficiency(of, name, at),
        "efficiency_change": {"value": value, "low": value - below, "high": value + above},
        "efficiency_at_rate": _efficiency(of, name, own),
    }


def _of_others(
    nominal: Measured, of: Measured, point: OperatingPoint, share: float, input_rate: float
) -> OfShift:
    refuse_other_signals(nominal, of)
    own, at = _point(of, share, input_rate), point.threshold
    passed = of.background > at
    low, high = share_interval(
        passed, weights=None, parents=None if of.groups is None else numbered(of.groups)
    )
    before = _nominal(nominal, point)
    rate = times({"value": float(passed.mean()), "low": low, "high": high}, input_rate)
    signals: dict[str, OfSignal] = {}
    for name, found in before["signals"].items():
        area, efficiency = _auc(of, name), _efficiency(of, name, at)
        signals[name] = {
            "auc": area,
            "auc_change": independent_change(found["auc"], area),
            "efficiency": efficiency,
            "efficiency_change": independent_change(found["efficiency"], efficiency),
            "efficiency_at_rate": _efficiency(of, name, own),
        }
    return {
        "same_events": False,
        "rate": rate,
        "rate_change": independent_change(before["rate"], rate),
        "threshold": own.threshold,
        "signals": signals,
    }


def _rate_of_same(nominal: Measured, of: Measured, at: float) -> Estimate:
    """The share of new events that would pass, which is not that of the events whose unshifted scores chose the threshold.

    The event at the threshold is an edge: whether it passes or not, the step below or above it belongs to what passes, so
    that a shift that moves no score gives the nominal rate with its interval (see `exceedance`).
    """
    background = sample(nominal.background, "background", groups=nominal.groups)
    one, passed = background.unit(at), of.background > at
    at_edge = nominal.background == at
    inside = float(passed.sum()) - float(at_edge.any() and passed[at_edge].all())
    found = exceedance(inside / one, background.total / one, is_tied=int(at_edge.sum()) > 1)
    return {"value": found.expected, "low": found.low, "high": found.high}


def _auc(of: Measured, name: str) -> Estimate:
    found = auc(of.background, of.signals[name], groups=of.groups, signal_groups=of.signal_groups.get(name))
    return {"value": found.value, "low": found.low, "high": found.high}


def _efficiency(of: Measured, name: str, at: OperatingPoint | float) -> Estimate:
    found: Efficiency = signal_efficiency(at, of.signals[name], groups=of.signal_groups.get(name))
    return {"value": found.value, "low": found.low, "high": found.high}
