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
_SEED = 0


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
    resampled = _resampled_thresholds(b, list(shares.values()), background_groups)
    return {
        name: {
            key: _tpr_difference(b, pair, found[i], resampled[:, i], (signal_groups or {}).get(name))
            for i, key in enumerate(shares)
        }
        for name, pair in checked.items()
    }


def _resampled_thresholds(
    pair: Pair, shares: list[float], groups: Groups | None
) -> Float[np.ndarray, "replicas shares 2"]:
    falling = [np.argsort(-of, kind="stable") for of in pair]
    thresholds = np.empty((_REPLICAS, len(shares), 2))
    for replica, weights in enumerate(_weights(groups, len(pair[0]))):
        for column, (of, order) in enumerate(zip(pair, falling, strict=True)):
            reached = weights[order].cumsum()
            first_left_out = np.searchsorted(
                reached, np.array(shares) * reached[-1] * (1 + 1e-12), side="right"
            )
            thresholds[replica, :, column] = of[order[first_left_out]]
    return thresholds


def _tpr_difference(
    background: Pair,
    signal: Pair,
    found: Float[np.ndarray, " 2"],
    resampled: Float[np.ndarray, "replicas 2"],
    groups: Groups | None,
) -> Difference:
    n_background = min(int((of > at).sum()) for of, at in zip(background, found, strict=True))
    if n_background == 0:
        return Difference(None, None, None, None, few=True)
    passes = [(of > at).astype(float) for of, at in zip(signal, found, strict=True)]
    value = float((passes[1] - passes[0]).mean())
    replicas = np.array(
        [
            np.average((signal[1] > second).astype(float) - (signal[0] > first), weights=weights)
            for (first, second), weights in zip(resampled, _weights(groups, len(signal[0])), strict=True)
        ]
    )
    low, high = np.quantile(replicas, [_TAIL, 1 - _TAIL])
    sides = (replicas <= 0).sum(), (replicas >= 0).sum()
    p_value = min(1.0, 2 * (min(sides) + 1) / (_REPLICAS + 1))
    return Difference(
        value,
        min(float(low), value),
        max(float(high), value),
        float(p_value),
        few=n_background < FEWEST_BACKGROUND,
    )


def _weights(groups: Groups | None, n_events: int) -> Iterator[Integer[np.ndarray, " n"]]:
    """How often each event counts, replica by replica; never no event at all."""
    parents, n_groups = numbered(groups, n_events)
    rng = np.random.default_rng(_SEED)
    for _ in range(_REPLICAS):
        counts = rng.poisson(1.0, n_groups)
        while not counts.any():
            counts = rng.poisson(1.0, n_groups)
        yield counts[parents]
