"""The rate of a score over time: drift, alarms, and a threshold that follows."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.monitor.adaptive import AdaptiveThreshold
    from offshell.monitor.blocks import blocks_of, watch
    from offshell.monitor.files import monitor_file

__all__ = ["AdaptiveThreshold", "blocks_of", "monitor_file", "watch"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "adaptive": ["AdaptiveThreshold"],
        "blocks": ["blocks_of", "watch"],
        "files": ["monitor_file"],
    },
)
