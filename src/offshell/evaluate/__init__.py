"""How well scores separate signals from the background, each number with its interval."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.evaluate.complement import complementarity, decide
    from offshell.evaluate.ensemble import spread
    from offshell.evaluate.improvement import significance_improvement
    from offshell.evaluate.information import (
        cross_entropy,
        entropy,
        histograms,
        jeffreys,
        jensen_shannon,
        kl_divergence,
    )
    from offshell.evaluate.latents import cluster, compression_ratio
    from offshell.evaluate.metrics import auc, roc_curve, tpr_at_fpr
    from offshell.evaluate.p_values import p_value
    from offshell.evaluate.rates import efficiencies_at_rates
    from offshell.evaluate.table import compare, rich_table
    from offshell.evaluate.thresholds import signal_efficiency, threshold_at_rate

__all__ = [
    "auc",
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
    "p_value",
    "rich_table",
    "roc_curve",
    "signal_efficiency",
    "significance_improvement",
    "spread",
    "threshold_at_rate",
    "tpr_at_fpr",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "complement": ["complementarity", "decide"],
        "ensemble": ["spread"],
        "improvement": ["significance_improvement"],
        "information": [
            "cross_entropy",
            "entropy",
            "histograms",
            "jeffreys",
            "jensen_shannon",
            "kl_divergence",
        ],
        "latents": ["cluster", "compression_ratio"],
        "metrics": ["auc", "roc_curve", "tpr_at_fpr"],
        "p_values": ["p_value"],
        "rates": ["efficiencies_at_rates"],
        "table": ["compare", "rich_table"],
        "thresholds": ["signal_efficiency", "threshold_at_rate"],
    },
)
