"""The layouts in which files of jets can be written."""

from typing import Literal

from offshell.io.jets.jetnet import write_jetnet
from offshell.io.store import write_jets

__all__ = ["WRITERS", "Layout"]

Layout = Literal["offshell", "jetnet"]
"""`constituents` as Offshell simulates them, or `particle_features` as JetNet."""

WRITERS = {"offshell": write_jets, "jetnet": write_jetnet}
"""What writes them."""
