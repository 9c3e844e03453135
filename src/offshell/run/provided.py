"""The samples of a run: checked and simulated before anything is trained, and known again afterwards."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offshell.errors import InputError
from offshell.samples.fingerprints import Fingerprint
from offshell.samples.names import file_named
from offshell.samples.samples import Sample, anchored, samples_of

if TYPE_CHECKING:
    from offshell.recipe import Draft, Recipe

__all__ = ["SAMPLES", "anchored_recipe", "known_files", "provide", "records", "refuse_missing"]

SAMPLES = "samples.json"
"""The file of a run that says which files it was made from."""


def anchored_recipe(recipe: "Recipe") -> "Recipe":
    """The same recipe with absolute paths, so that it means the same wherever it is read."""
    return recipe.model_copy(update={"samples": anchored(recipe.samples)})


def refuse_missing(recipe: "Draft") -> None:
    """Refuse in the first second what would fail after minutes of simulation.

    Raises:
        InputError: if a sample is no process and no file that is there and long enough, or two samples have one name.
    """
    samples = samples_of(recipe.samples, Path(), seed=recipe.seed)
    for sample, n_events in _needed(samples, recipe):
        sample.refuse_too_few(n_events)
    _refuse_mixed(samples, recipe)


def _refuse_mixed(samples: list[Sample], recipe: "Draft") -> None:
    """What separates level-1 objects from offline ones is no signal."""
    if getattr(recipe.samples, "mixed_layouts", True):
        return
    layouts = {sample.name: sample.layout for sample in samples}
    if len(set(layouts.values())) > 1:
        found = "; ".join(f"{name}: {layout}" for name, layout in layouts.items())
        raise InputError(
            "Samples hold different objects. Expected: one layout, since a detector tells layouts apart, or "
            f"samples.mixed_layouts = true. Received: {found}."
        )


def provide(samples: list[Sample], recipe: "Draft") -> None:
    """Make sure that there are as many jets or events as a recipe needs; simulates them.

    Raises:
        InputError: if a file of the user has fewer, or is damaged.
    """
    # Files of the user come first, because a damaged one should be known before minutes of simulation.
    for sample, n_events in sorted(_needed(samples, recipe), key=lambda pair: pair[0].simulation is not None):
        sample.provide(n_events)


def _needed(samples: list[Sample], recipe: "Draft") -> list[tuple[Sample, int]]:
    settings = recipe.samples
    n_events = [settings.n_test + settings.n_train, *(settings.n_signal for _ in settings.signals)]
    return list(zip(samples, n_events, strict=True))


def records(samples: list[Sample]) -> list[dict[str, Any]]:
    """Of each sample what tells it from another one of the same name, for `samples.json`."""
    return [
        {"name": sample.name, "origin": sample.origin}
        | ({} if sample.simulation else {"path": str(sample.path), **sample.fingerprint._asdict()})
        for sample in samples
    ]


def known_files(folder: Path, recipe: "Recipe") -> list[Fingerprint | None]:
    """The fingerprints of the files that the run in a folder was made from; None for simulated samples.

    Raises:
        InputError: if the run keeps neither fingerprints nor absolute paths, as those of Offshell 0.1 may.
    """
    path = folder / SAMPLES
    if not path.exists():
        _refuse_relative(folder, recipe)
        return []
    found = json.loads(path.read_text())
    return [Fingerprint(each["size"], each["blake2b"]) if "blake2b" in each else None for each in found]


def _refuse_relative(folder: Path, recipe: "Recipe") -> None:
    for name in (recipe.samples.background, *recipe.samples.signals):
        file = file_named(name, recipe.samples.kind)
        if file and not file.path.is_absolute():
            raise InputError(
                f"{folder} does not say which {name} it was made from. Expected: an absolute path in its recipe.toml. "
                f"Received: {name}."
            )
