"""From jets or events to what the detector of a recipe sees of them."""

import numpy as np
from jaxtyping import Float

from offshell import settings
from offshell.inputs import clouds, hardware, images, objects, observables

__all__ = ["feature_names", "linear_images", "prepare", "shape"]

_PIPELINES = {"aligned": images.aligned, "plain": images.plain}
_SETS = {"infrared-safe": observables.INFRARED_SAFE, "full": observables.FULL, "trigger": observables.TRIGGER}
_GRIDS = {"aligned": images.ALIGNED, "plain": images.PLAIN}


def prepare(events: Float[np.ndarray, "n rows 4"], inputs: settings.Inputs) -> Float[np.ndarray, "n ..."]:
    """What the detector sees of jets `(n, 200, 4)` or events `(n, 19, 4)`.

    Args:
        events: jets for images and clouds, events for objects, either for observables of their own set.
        inputs: the table `[inputs]` of a recipe.

    Returns:
        Images `(n, height, width, 1)`, clouds `(n, particles, columns)`, features `(n, 57)` or observables `(n, names)`.

    Raises:
        InputError: if the events have another shape or are not finite.
    """
    match inputs:
        case settings.Images(power=power):
            return images.remap(linear_images(events, inputs), power=power)
        case settings.Clouds(coordinates="four-vectors", n_particles=n_particles):
            return clouds.four_vectors(events, n_particles=n_particles)
        case settings.Clouds(coordinates=coordinates, n_particles=n_particles):
            return clouds.relative(events, n_particles=n_particles, jet_pt=coordinates == "relative-pt")
        case settings.Objects(units="hardware"):
            return objects.features(hardware.encode(events))
        case settings.Objects():
            return objects.features(events)
        case settings.Observables():
            return _observed(events, inputs)


def _observed(
    events: Float[np.ndarray, "n rows 4"], inputs: settings.Observables
) -> Float[np.ndarray, "n names"]:
    if inputs.set == "trigger":
        return observables.of_events(events)
    return observables.of_jets(events, feature_names(inputs))


def feature_names(inputs: settings.Observables) -> tuple[str, ...]:
    """The name of each feature that the detector sees."""
    return _SETS[inputs.set]


def linear_images(
    jets: Float[np.ndarray, "n 200 4"], inputs: settings.Inputs
) -> Float[np.ndarray, "n height width 1"]:
    """The images of jets before their intensities are remapped; aligned ones beside detectors that see none."""
    return _PIPELINES[inputs.image if isinstance(inputs, settings.Images) else "aligned"](jets)


def shape(inputs: settings.Inputs) -> tuple[int, ...]:
    """The shape of one event as the detector sees it."""
    match inputs:
        case settings.Images(image=image):
            return (*_GRIDS[image].shape, 1)
        case settings.Clouds(coordinates=coordinates, n_particles=n_particles):
            return (n_particles, clouds.COLUMNS[coordinates])
        case settings.Objects():
            return (objects.N_FEATURES,)
        case settings.Observables():
            return (len(feature_names(inputs)),)
