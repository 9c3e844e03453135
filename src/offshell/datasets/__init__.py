"""Which public data sets are there, how do they get here, and how do two samples compare?"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.datasets.catalog import CATALOG
    from offshell.datasets.comparison import compare
    from offshell.datasets.retrieval import fetch

__all__ = ["CATALOG", "compare", "fetch"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={"catalog": ["CATALOG"], "comparison": ["compare"], "retrieval": ["fetch"]},
)
