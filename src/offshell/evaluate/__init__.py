"""How well scores separate signals from the background, each number with its interval."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.evaluate.decorrelation.conditional_ranks import ConditionalRank
    from offshell.evaluate.decorrelation.quantiles import learn_threshold, passes_two_fold
    from offshell.evaluate.decorrelation.sculpting import sculpting
    from offshell.evaluate.description.information import (
        cross_entropy,
        entropy,
        histograms,
        jeffreys,
        jensen_shannon,
        kl_divergence,
    )
    from offshell.evaluate.description.latents import cluster, compression_ratio
    from offshell.evaluate.rates.complement import complementarity, decide
    from offshell.evaluate.rates.efficiencies import efficiencies_at_rates
    from offshell.evaluate.rates.p_values import p_value
    from offshell.evaluate.rates.thresholds import signal_efficiency, threshold_at_rate
    from offshell.evaluate.separation.area import auc
    from offshell.evaluate.separation.comparison import compare
    from offshell.evaluate.separation.improvement import significance_improvement
    from offshell.evaluate.separation.metrics import roc_curve, tpr_at_fpr
    from offshell.evaluate.separation.paired import auc_difference, verdict
    from offshell.evaluate.separation.paired_rates import tpr_differences
    from offshell.evaluate.separation.spread import spread
    from offshell.evaluate.separation.table import rich_table
    from offshell.evaluate.separation.tail_survival import tail_survival

__all__ = [
    "ConditionalRank",
    "auc",
    "auc_difference",
    "cluster",
    "compare",
    "complementarity",
    "compression_ratio",
    "cross_entropy",
    "decide",
    "efficiencies_at_rates",
    "entropy",
    "histograms",
    "jeffreys",
    "jensen_shannon",
    "kl_divergence",
    "learn_threshold",
    "p_value",
    "passes_two_fold",
    "rich_table",
    "roc_curve",
    "sculpting",
    "signal_efficiency",
    "significance_improvement",
    "spread",
    "tail_survival",
    "threshold_at_rate",
    "tpr_at_fpr",
    "tpr_differences",
    "verdict",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "decorrelation.conditional_ranks": ["ConditionalRank"],
        "decorrelation.quantiles": ["learn_threshold", "passes_two_fold"],
        "decorrelation.sculpting": ["sculpting"],
        "description.information": [
            "cross_entropy",
            "entropy",
            "histograms",
            "jeffreys",
            "jensen_shannon",
            "kl_divergence",
        ],
        "description.latents": ["cluster", "compression_ratio"],
        "rates.complement": ["complementarity", "decide"],
        "rates.efficiencies": ["efficiencies_at_rates"],
        "rates.p_values": ["p_value"],
        "rates.thresholds": ["signal_efficiency", "threshold_at_rate"],
        "separation.area": ["auc"],
        "separation.improvement": ["significance_improvement"],
        "separation.metrics": ["roc_curve", "tpr_at_fpr"],
        "separation.paired": ["auc_difference", "verdict"],
        "separation.paired_rates": ["tpr_differences"],
        "separation.spread": ["spread"],
        "separation.comparison": ["compare"],
        "separation.table": ["rich_table"],
        "separation.tail_survival": ["tail_survival"],
    },
)
