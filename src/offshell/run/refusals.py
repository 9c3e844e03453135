"""What can be known to go wrong before anything is simulated or trained."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from offshell.inputs.prepare import shape
from offshell.models.build import build
from offshell.models.terms import weighted_sum
from offshell.recipe import Recipe
from offshell.run.outliers import refuse_unknown

if TYPE_CHECKING:
    from offshell.evaluate.generation.comparison import GenerationMetric

__all__ = ["comparison", "refuse_unfit"]


def refuse_unfit(recipe: Recipe) -> None:
    """Refuse what no run can come of.

    Raises:
        InputError: if network and inputs do not fit, or the loss or a score names an unknown term.
        MissingDependencyError: if jets are to be generated and the package that compares them is not installed.
    """
    if recipe.generate:
        comparison()
    if recipe.committee:
        refuse_unknown(recipe.committee.families)
    seen = shape(recipe.inputs)
    model = build(recipe.model, seen, seed=recipe.seed)
    weighted_sum.evaluate(recipe.train.loss, model.outline(seen, training=True))
    terms = model.outline(seen)
    for expression in (recipe.score_among(terms), *recipe.evaluate.sums):
        weighted_sum.evaluate(expression, terms)


def comparison() -> "Callable[..., dict[str, GenerationMetric]]":
    """What compares generated jets with real ones; imported late, because POT is an extra.

    Raises:
        MissingDependencyError: if it is not installed.
    """
    from offshell.evaluate.generation.comparison import compare_generated  # noqa: PLC0415 - an extra

    return compare_generated
