"""What would a physicist compute of a jet or an event?"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.inputs.observables.events import TRIGGER, of_events
    from offshell.inputs.observables.jets import DOZEN, FULL, INFRARED_SAFE, of_jets

__all__ = ["DOZEN", "FULL", "INFRARED_SAFE", "TRIGGER", "of_events", "of_jets"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={"events": ["TRIGGER", "of_events"], "jets": ["DOZEN", "FULL", "INFRARED_SAFE", "of_jets"]},
)
