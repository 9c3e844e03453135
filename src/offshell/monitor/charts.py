"""Control charts: add up evidence for a drift block by block, with a bound on false alarms."""

from dataclasses import dataclass
from math import log

__all__ = ["Chart", "limit_for"]


@dataclass
class Chart:
    r"""A cumulative sum of evidence, $S_t = \max(0, S_{t-1} + \log e_t)$, with an alarm at a limit.

    The evidence $e_t$ of a block is a likelihood ratio (Page, Biometrika 41 (1954) 100) or any other number that is
    positive and at most 1 on average while nothing drifts, given the blocks before (an e-detector: Shin, Ramdas and
    Rinaldo, arXiv:2203.03532). Then the mean number of blocks to a false alarm is at least exp(limit) (Lorden, Ann. Math.
    Stat. 42 (1971) 1897). The sum stops at the limit, so that an alarm ends soon after the drift.

    Attributes:
        limit: Where the alarm starts; it ends when the sum is back at zero.
        value: The sum so far.
        since: The block with which the sum left zero, the estimate of where a drift began; None while it is zero.
        alarm: Whether there is an alarm.
    """

    limit: float
    value: float = 0.0
    since: tuple[int, int] | None = None
    alarm: bool = False

    def add(self, log_evidence: float, *, block: tuple[int, int]) -> None:
        """Takes the next block into account.

        Args:
            log_evidence: Logarithm of the evidence of the block for a drift.
            block: Run and lumi block.
        """
        before, self.value = self.value, min(max(self.value + log_evidence, 0.0), self.limit)
        if before == 0:
            self.since = block
        if self.value == 0:
            self.since = None
        self.alarm = self.value >= self.limit or (self.alarm and self.value > 0)


def limit_for(blocks_per_false_alarm: float, *, n_charts: int) -> float:
    """Returns the limit with which several charts together have at most one false alarm in so many blocks, on average.

    Args:
        blocks_per_false_alarm: Mean number of blocks to a false alarm of any chart, at least.
        n_charts: Number of charts.
    """
    return log(n_charts * blocks_per_false_alarm)
