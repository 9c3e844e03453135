"""How well scores separate signals from the background, each number with its interval."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.evaluate.improvement import significance_improvement
    from offshell.evaluate.metrics import auc, roc_curve, tpr_at_fpr
    from offshell.evaluate.table import compare, rich_table

__all__ = ["auc", "compare", "rich_table", "roc_curve", "significance_improvement", "tpr_at_fpr"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "improvement": ["significance_improvement"],
        "metrics": ["auc", "roc_curve", "tpr_at_fpr"],
        "table": ["compare", "rich_table"],
    },
)
