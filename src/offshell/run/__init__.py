"""A folder with the results of one recipe, and the stages that make them."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.run.beginnings import begun, begun_compression
    from offshell.run.refusals import refuse_unfit
    from offshell.run.run import Run
    from offshell.run.stages import carry_out, stages_of_compression, stages_of_recipe

__all__ = [
    "Run",
    "begun",
    "begun_compression",
    "carry_out",
    "refuse_unfit",
    "stages_of_compression",
    "stages_of_recipe",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "beginnings": ["begun", "begun_compression"],
        "refusals": ["refuse_unfit"],
        "run": ["Run"],
        "stages": ["carry_out", "stages_of_compression", "stages_of_recipe"],
    },
)
