"""The rate of a score over time: drift, alarms, and a threshold that follows."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.monitor.adaptive import AdaptiveThreshold
    from offshell.monitor.blocks import blocks_of, watch
    from offshell.monitor.files import monitor_file
    from offshell.monitor.power import Watch, alarm_probability, smallest_drift

__all__ = [
    "AdaptiveThreshold",
    "Watch",
    "alarm_probability",
    "blocks_of",
    "monitor_file",
    "smallest_drift",
    "watch",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "adaptive": ["AdaptiveThreshold"],
        "blocks": ["blocks_of", "watch"],
        "files": ["monitor_file"],
        "power": ["Watch", "alarm_probability", "smallest_drift"],
    },
)
