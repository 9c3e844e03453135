"""How well scores separate signals from the background, each number with its interval."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from offshell.evaluate.improvement import significance_improvement
    from offshell.evaluate.metrics import auc, roc_curve, tpr_at_fpr
    from offshell.evaluate.table import compare, rich_table

__all__ = ["auc", "compare", "rich_table", "roc_curve", "significance_improvement", "tpr_at_fpr"]

_HOMES = {
    "auc": "metrics",
    "compare": "table",
    "rich_table": "table",
    "roc_curve": "metrics",
    "significance_improvement": "improvement",
    "tpr_at_fpr": "metrics",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
