"""From a compressed detector to firmware: integers in, an integer score and a trigger bit out, proven bit for bit."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.firmware.build import Request, build_design
    from offshell.firmware.check import check
    from offshell.firmware.design import Design
    from offshell.firmware.detectors import trigger_of
    from offshell.firmware.fixed import Fixed
    from offshell.firmware.trigger import Trigger

__all__ = ["Design", "Fixed", "Request", "Trigger", "build_design", "check", "trigger_of"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "build": ["Request", "build_design"],
        "check": ["check"],
        "design": ["Design"],
        "detectors": ["trigger_of"],
        "fixed": ["Fixed"],
        "trigger": ["Trigger"],
    },
)
