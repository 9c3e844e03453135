"""How does a detector learn?"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.train.ensembles import fit_ensemble
    from offshell.train.fit import fit
    from offshell.train.pruning import prune, sparsity

__all__ = ["fit", "fit_ensemble", "prune", "sparsity"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={"ensembles": ["fit_ensemble"], "fit": ["fit"], "pruning": ["prune", "sparsity"]},
)
