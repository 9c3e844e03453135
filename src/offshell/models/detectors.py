"""Every detector that a recipe can name: those of `offshell.models` that have a table of settings."""

from typing import TYPE_CHECKING, TypeAlias

from offshell import models
from offshell.models.settings import DetectorSettings
from offshell.settings.table import one_of, tables_in

__all__ = ["DETECTORS", "Model"]

DETECTORS = tables_in(models, DetectorSettings)  # type: ignore[type-abstract]
"""The tables, each of which makes a detector."""

if TYPE_CHECKING:
    Model: TypeAlias = DetectorSettings
else:
    Model = one_of(DETECTORS)
    """The table `[model]` of a recipe."""
