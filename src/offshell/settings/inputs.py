"""The table `[inputs]`: what a detector sees of jets or events."""

from typing import Annotated, Literal

from pydantic import PositiveFloat, PositiveInt, Tag

from offshell.settings.table import Table, kind_or

__all__ = ["Clouds", "Images", "Inputs", "Objects", "Observables"]


class Images(Table):
    """A jet as an image."""

    kind: Literal["images"] = "images"
    image: Literal["aligned", "plain"] = "aligned"
    power: PositiveFloat = 1.0


class Objects(Table):
    """An event as the 57 numbers of its trigger objects."""

    kind: Literal["objects"] = "objects"
    units: Literal["GeV", "hardware"] = "GeV"


class Clouds(Table):
    """A jet as the set of its leading particles; see `offshell.inputs.clouds`."""

    kind: Literal["clouds"] = "clouds"
    coordinates: Literal["relative", "relative-pt", "four-vectors"] = "relative"
    n_particles: PositiveInt = 30


class Observables(Table):
    """What a physicist would compute of a jet or an event; see `offshell.inputs.observables`.

    Of jets the `set` is "infrared-safe" (47) or "full" (80), of events "trigger" (24).
    """

    kind: Literal["observables"] = "observables"
    set: Literal["infrared-safe", "full", "trigger"] = "infrared-safe"


Inputs = Annotated[
    Annotated[Images, Tag("images")]
    | Annotated[Objects, Tag("objects")]
    | Annotated[Clouds, Tag("clouds")]
    | Annotated[Observables, Tag("observables")],
    kind_or("images"),
]
