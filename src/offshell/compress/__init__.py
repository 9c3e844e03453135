"""Make a trained detector small enough for a trigger."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.compress.prune import prune, sparsity

__all__ = ["prune", "sparsity"]

__getattr__, __dir__, _ = lazy_loader.attach(__name__, submod_attrs={"prune": ["prune", "sparsity"]})
