"""Does one score keep more signal than another at the same rate of the background, on the same events?"""

from collections.abc import Iterator, Mapping

import numpy as np
from jaxtyping import Float, Integer

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import CONFIDENCE
from offshell.evaluate.separation.paired import Difference, Groups, Pair, checked_pair, numbered
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND, threshold_at_share

__all__ = ["tpr_differences"]

_TAIL = (1 - CONFIDENCE) / 2
_REPLICAS = 1000
_BACKGROUND_SEED, _SIGNAL_SEED = 0, 1


def tpr_differences(
    background: Pair,
    signals: Mapping[str, Pair],
    shares: Mapping[str, float],
    *,
    background_groups: Groups | None = None,
    signal_groups: Mapping[str, Groups] | None = None,
) -> dict[str, dict[str, Difference]]:
    """Returns the signal efficiency of the second score minus that of the first where each lets a share of background pass.

    Each score has its own threshold, the lowest of a background event above which there is at most this share. Intervals
    and p-values are those of a seeded bootstrap (Efron, Ann. Stat. 7 (1979) 1) in which background and signal are drawn
    anew by themselves, both scores of an event together, and the thresholds found again; each group counts as often as a
    Poisson number of mean one says (Chamandy et al., Google research 43157, 2012). The interval is that of the quantiles.

    Args:
        background: Both scores of background events, (n,) each.
        signals: Both scores of each signal, (m,) each.
        shares: Shares of the background by name, between 0 and 1: false positive rates, or a trigger rate over that of all events.
        background_groups: Parents of background events, (n,); default: each event is its own.
        signal_groups: The same of each signal, (m,).

    Returns:
        `{signal: {share: Difference}}`.

    Raises:
        InputError: If scores are empty, not finite, or of different lengths, groups do not fit, or a share is not between 0 and 1.
    """
    b = checked_pair(background, "background")
    checked = {name: checked_pair(pair, name) for name, pair in signals.items()}
    for share in shares.values():
        if not 0 < share < 1:
            raise InputError(f"Wrong share of the background. Expected: 0 < share < 1. Received: {share}.")
    found = np.array([[threshold_at_share(np.sort(of), share) for of in b] for share in shares.values()])
    resampled = _resampled_thresholds(b, np.array(list(shares.values())), background_groups)
    n_background = [min(int((of > at).sum()) for of, at in zip(b, pair, strict=True)) for pair in found]
    return {
        name: {
            key: _difference(value, replicas, n_events)
            for key, value, replicas, n_events in zip(
                shares,
                _gains(pair, found).mean(axis=0),
                _resampled_gains(pair, resampled, (signal_groups or {}).get(name)).T,
                n_background,
                strict=True,
            )
        }
        for name, pair in checked.items()
    }


def _resampled_thresholds(
    pair: Pair, shares: Float[np.ndarray, " shares"], groups: Groups | None
) -> Float[np.ndarray, "replicas shares 2"]:
    n_events = len(pair[0])
    # Far more events than will ever be above a threshold; groups are drawn in lumps and may need all.
    n_tail = n_events if groups is not None else min(n_events, int(1.5 * shares.max() * n_events) + 100)
    falling = [np.argsort(-of, kind="stable")[:n_tail] for of in pair]
    thresholds = np.empty((_REPLICAS, len(shares), 2))
    for replica, weights in enumerate(_weights(groups, n_events, seed=_BACKGROUND_SEED)):
        allowed = shares * weights.sum() * (1 + 1e-12)
        for column, (of, order) in enumerate(zip(pair, falling, strict=True)):
            first_left_out = np.searchsorted(weights[order].cumsum(), allowed, side="right")
            thresholds[replica, :, column] = of[order[first_left_out]]
    return thresholds


def _resampled_gains(
    pair: Pair, thresholds: Float[np.ndarray, "replicas shares 2"], groups: Groups | None
) -> Float[np.ndarray, "replicas shares"]:
    weights = _weights(groups, len(pair[0]), seed=_SIGNAL_SEED)
    return np.array(
        [
            of_events @ _gains(pair, at) / of_events.sum()
            for at, of_events in zip(thresholds, weights, strict=True)
        ]
    )


def _gains(pair: Pair, thresholds: Float[np.ndarray, "shares 2"]) -> Float[np.ndarray, "n shares"]:
    """1 for events that pass by the second score only, -1 by the first only."""
    first, second = (of[:, None] > at for of, at in zip(pair, thresholds.T, strict=True))
    gains: Float[np.ndarray, "n shares"] = second.astype(float) - first
    return gains


def _difference(value: float, replicas: Float[np.ndarray, " replicas"], n_background: int) -> Difference:
    if n_background == 0:
        return Difference(None, None, None, None, few=True)
    low, high = np.quantile(replicas, [_TAIL, 1 - _TAIL])
    sides = (replicas <= 0).sum(), (replicas >= 0).sum()
    p_value = min(1.0, 2 * (min(sides) + 1) / (_REPLICAS + 1))
    few = n_background < FEWEST_BACKGROUND
    return Difference(
        float(value), min(float(low), float(value)), max(float(high), float(value)), float(p_value), few
    )


def _weights(groups: Groups | None, n_events: int, *, seed: int) -> Iterator[Integer[np.ndarray, " n"]]:
    """How often each event counts, replica by replica; never no event at all."""
    parents, n_groups = numbered(groups, n_events)
    rng = np.random.default_rng(seed)
    for _ in range(_REPLICAS):
        counts = rng.poisson(1.0, n_groups)
        while not counts.any():
            counts = rng.poisson(1.0, n_groups)
        yield counts if groups is None else counts[parents]
