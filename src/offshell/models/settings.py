"""What the tables of detectors have in common; each stands in the file of the detector that it makes."""

from abc import abstractmethod
from typing import Any, Literal

from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape, n_features
from offshell.models.scaling.events import PowerOfTwo, Scaling, Standardize
from offshell.models.scaling.observables import Clip
from offshell.settings.table import Table

__all__ = ["DetectorSettings"]


class DetectorSettings(Table):
    """The table `[model]` of a recipe: what `kind` of detector, and the choices that this kind has.

    Abstract: each detector has a table of its own, which also says how the detector is made. `scaling` is done to events
    before anything else sees them: "clipped" is for observables, the others are for trigger objects.
    """

    kind: str
    scaling: Literal["none", "standard", "clipped", "power-of-two", "shift"] = "none"

    @abstractmethod
    def detector(self, shape: Shape, *, seed: int) -> Detector:
        """The detector with fresh weights; `offshell.models.build.build` seeds them first.

        Args:
            shape: of one event.
            seed: of what is drawn once and for all, such as the halves that a flow transforms in turn.

        Raises:
            InputError: if the detector, its network or its scaling is not made for events of that shape.
        """

    @property
    def options(self) -> dict[str, Any]:
        """The numbers and words of the table, by the names that the constructor of the detector has for them."""
        nested = {name for name in type(self).model_fields if isinstance(getattr(self, name), Table)}
        return self.model_dump(exclude={"kind", "scaling", *nested})

    def scaling_of(self, shape: Shape) -> Scaling | None:
        """The layer that scales vectors.

        Raises:
            InputError: if events of another shape are to be scaled.
        """
        if self.scaling == "none":
            return None
        n_features(shape)
        if self.scaling == "standard":
            return Standardize()
        if self.scaling == "clipped":
            return Clip()
        return PowerOfTwo(centered=self.scaling == "power-of-two")
