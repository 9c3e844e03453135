"""A folder with the results of one recipe, and the stages that make them."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.run.refusals import refuse_unfit
    from offshell.run.run import Run

__all__ = ["Run", "refuse_unfit"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={"refusals": ["_refuse_unfit", "refuse_unfit"], "run": ["Run"]},
)
