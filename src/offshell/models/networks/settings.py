"""What the tables of networks have in common; each stands in the file of the network that it makes."""

from abc import abstractmethod
from typing import Any

import keras

from offshell.models.event_shapes import CloudShape, Shape
from offshell.settings.table import Table

__all__ = ["AdversarySettings", "NetworkSettings"]


class NetworkSettings(Table):
    """The table `[model.network]` of a recipe: what `kind` of network, and the choices that this kind has.

    Abstract: each network has a table of its own, which also says how encoder and decoder are made.
    """

    kind: str

    @abstractmethod
    def encoder(self, shape: Shape, *, size: int | None = None) -> keras.Model:
        """A network from events of a shape to codes `(n, size)`, or without a size to features.

        Raises:
            InputError: if the network is not made for events of that shape.
        """

    @abstractmethod
    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """A network from codes `(n, size)` to events of a shape.

        Raises:
            InputError: if the network is not made for events of that shape.
        """

    @property
    def options(self) -> dict[str, Any]:
        """All keys but `kind`, by the names that the functions that make networks have for them."""
        return self.model_dump(exclude={"kind"})


class AdversarySettings(Table):
    """The table of one of two networks that play against each other.

    Abstract: each of them has a table of its own, which also says how it is made.
    """

    kind: str

    @abstractmethod
    def network(self, shape: CloudShape) -> keras.Model:
        """The network for clouds of a shape.

        Raises:
            InputError: if it is not made for so many particles.
        """

    @property
    def options(self) -> dict[str, Any]:
        """All keys but `kind`, by the names that the functions that make networks have for them."""
        return self.model_dump(exclude={"kind"})
