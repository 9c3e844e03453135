"""The pseudo-anomalies that a detector learns from: made of its training jets, and the same again from the same seed."""

import logging
import re
from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float

from offshell import pseudo_anomalies
from offshell.evaluate.description.committees import Committee
from offshell.inputs.prepare import prepare
from offshell.models.outlier_exposure.outlier_exposure import OutlierExposureSettings
from offshell.pseudo_anomalies.prior import PRONGS
from offshell.recipe import Recipe
from offshell.settings import PseudoAnomalies
from offshell.train.split import split

__all__ = [
    "about_prior",
    "families_left_out",
    "families_of",
    "mass_range",
    "outlier_jets",
    "refuse_unknown",
    "training_outliers",
]

Jets = Float[np.ndarray, "n particles 4"]

log = logging.getLogger(__name__)


def training_outliers(recipe: Recipe, jets: Jets) -> dict[str, Float[np.ndarray, "m ..."]] | None:
    """What the detector of a recipe sees of its pseudo-anomalies, by family; None for one that learns from background alone.

    Args:
        recipe: of a run.
        jets: the background for training and validation, `(n, particles, 4)`, `E, px, py, pz` in GeV.
    """
    if not isinstance(recipe.model, OutlierExposureSettings):
        return None
    return {family: prepare(made, recipe.inputs) for family, made in families_of(recipe, jets)}


def families_of(recipe: Recipe, jets: Jets) -> Iterator[tuple[str, Jets]]:
    """The pseudo-anomalies of a recipe, one family after the other, with its name; options are those of `training_outliers`."""
    n_jets = _table(recipe).n_jets
    log.info("Making %s pseudo-anomalies of each family", f"{n_jets:,}")
    for family in recipe.committee.families if recipe.committee else ():
        yield family, outlier_jets(recipe, jets, family, n_jets)


def mass_range(recipe: Recipe) -> tuple[float, float]:
    """The lowest and the highest mass of its pseudo-anomalies in GeV."""
    return _table(recipe).mass


def families_left_out(score: str) -> list[str]:
    """The families of pseudo-anomalies of which no member speaks in a committee.

    Args:
        score: a weighted sum of families, such as `"resolved3 + cores"`.
    """
    present = {_named(member)[0] for member in Committee(score).members}
    return [family.__name__ for family in pseudo_anomalies.FAMILIES if family.__name__ not in present]


def about_prior(recipe: Recipe, score: str) -> str:
    """One line on what a committee took an anomaly for.

    Args:
        recipe: of a run with a detector of outliers.
        score: a weighted sum of families.
    """
    low, high = mass_range(recipe)
    return (
        f"Prior of {score}: pseudo-anomalies of {low:g} to {high:g} GeV; "
        f"families left out: {', '.join(families_left_out(score)) or 'none'}."
    )


def outlier_jets(recipe: Recipe, jets: Jets, family: str, n_jets: int, *, fresh: bool = False) -> Jets:
    """Pseudo-anomalies of a family of a recipe; fewer are the first of more.

    They are made of those jets that the detector is trained on, none of those that calibrate it.

    Args:
        recipe: of a run with a detector of outliers.
        jets: the background for training and validation, `(n, particles, 4)`, `E, px, py, pz` in GeV.
        family: such as `"cores"`, or with a number of prongs `"resolved3"`.
        n_jets: how many.
        fresh: whether to make others than those that the detector learns from.

    Raises:
        InputError: if there is no such family, or the jets do not serve.
    """
    name, prongs = _named(family)
    rows = split(len(jets), recipe.train.validation, seed=recipe.seed)
    made = pseudo_anomalies.jets(
        jets[rows.train],
        n_jets,
        prongs=prongs,
        mass=mass_range(recipe),
        families=pseudo_anomalies.families_named([name]),
        seed=_seed(recipe.seed, family + " afresh" * fresh),
    )
    return made.constituents


def refuse_unknown(families: Sequence[str]) -> None:
    """Raises InputError if there is no family of a name."""
    pseudo_anomalies.families_named([_named(family)[0] for family in families])


def _table(recipe: Recipe) -> PseudoAnomalies:
    return recipe.pseudo_anomalies or PseudoAnomalies()


def _named(family: str) -> tuple[str, tuple[int, ...]]:
    """`"resolved3"` is the family `resolved` with three prongs."""
    name, digits = re.fullmatch(r"(.*?)(\d*)", family).groups()  # type: ignore[union-attr] # it fits anything in one line
    return name, (int(digits),) if digits else PRONGS


def _seed(seed: int, family: str) -> int:
    """Another one for each family, whichever others there are."""
    return int(np.random.SeedSequence([seed, *family.encode()]).generate_state(1)[0])
