"""From a compressed detector to firmware: integers in, an integer score and a trigger bit out, proven bit for bit."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.firmware.build import Request, build_design
    from offshell.firmware.design import Design
    from offshell.firmware.detectors import trigger_of
    from offshell.firmware.proof.check import check
    from offshell.firmware.trigger.definition import Trigger
    from offshell.firmware.trigger.fixed import Fixed

__all__ = ["Design", "Fixed", "Request", "Trigger", "build_design", "check", "trigger_of"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "build": ["Request", "build_design"],
        "design": ["Design"],
        "proof.check": ["check"],
        "detectors": ["trigger_of"],
        "trigger.fixed": ["Fixed"],
        "trigger.definition": ["Trigger"],
    },
)
