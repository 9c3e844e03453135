"""Plain `keras.saving.load_model` knows the detectors of Offshell as soon as both packages are imported, in any order.

Keras looks a saved class up among those that have been registered, and imports no module but its own to find it. To
import the detectors would make `import offshell` take seconds, and no code of Offshell runs when Keras is imported
after it. So the import of Keras is the moment when a stand-in for each detector is registered; it imports the detector
when a file asks for it.
"""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["announce"]


def announce() -> None:
    """Make the detectors known to Keras: now if it has been imported, otherwise when it is."""
    if "keras" in sys.modules:
        _register(sys.modules["keras"])
    else:
        sys.meta_path.insert(0, _KerasFinder())


class _StandIn:
    """Takes the place of a detector that has not been imported; the class itself takes it over when it is."""

    def __init__(self, name: str) -> None:
        self.name = name

    def from_config(self, config: dict[str, Any]) -> Any:
        """The detector that a saved configuration describes."""
        from offshell import models  # noqa: PLC0415 - imports Keras
        from offshell.models.saved import import_classes  # noqa: PLC0415 - likewise

        import_classes(config)
        return getattr(models, self.name).from_config(config)


class _KerasFinder(MetaPathFinder):
    """Finds Keras where it is, once, and has its loader go on with what comes after."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - the signature is Python's
        target: ModuleType | None = None,  # noqa: ARG002 - likewise
    ) -> ModuleSpec | None:
        """The specification of Keras; None for all other modules."""
        if fullname != "keras":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec and spec.loader:
            spec.loader = _KerasLoader(spec.loader)
        return spec


class _KerasLoader(Loader):
    """Loads Keras as its own loader does, then registers the stand-ins."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """What the loader of Keras makes."""
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Leave no trace of this loader, run Keras, and register the stand-ins."""
        module.__loader__ = self.loader
        if module.__spec__:
            module.__spec__.loader = self.loader
        self.loader.exec_module(module)
        _register(module)


def _register(keras: ModuleType) -> None:
    from offshell import models  # noqa: PLC0415 - the list of names, without what they stand for

    known = keras.saving.get_custom_objects()
    for name in dir(models):
        known.setdefault(f"offshell>{name}", _StandIn(name))
