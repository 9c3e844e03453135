"""Where are the public data sets, and how do they get here?"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.datasets.catalog import CATALOG
    from offshell.datasets.retrieval import fetch

__all__ = ["CATALOG", "fetch"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={"catalog": ["CATALOG"], "retrieval": ["fetch"]},
)
