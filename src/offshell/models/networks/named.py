"""Every network that a recipe can name: those of `offshell.models.networks` that have a table of settings."""

from typing import TYPE_CHECKING, TypeAlias

from offshell.models import networks
from offshell.models.networks.settings import NetworkSettings
from offshell.settings.table import one_of, tables_in

__all__ = ["NETWORKS", "Network"]

NETWORKS = tables_in(networks, NetworkSettings)  # type: ignore[type-abstract]
"""The tables, each of which makes encoders and decoders."""

if TYPE_CHECKING:
    Network: TypeAlias = NetworkSettings
else:
    Network = one_of(NETWORKS)
    """The table `[model.network]` of a recipe."""
