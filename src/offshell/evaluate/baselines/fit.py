"""Baselines that every network has to stand beside, learned from the same background and from nothing else."""

from collections.abc import Callable
from functools import partial

import numpy as np
from jaxtyping import Float

from offshell import settings
from offshell.evaluate.baselines import event_observables
from offshell.evaluate.baselines import events as trigger_baselines
from offshell.evaluate.baselines import jets as jet_baselines
from offshell.inputs.prepare import linear_images, prepare

__all__ = ["NAMES", "Baselines", "fit_baselines"]

Events = Float[np.ndarray, "n rows 4"]
Baselines = Callable[[Events], dict[str, Float[np.ndarray, " n"]]]
"""From jets or events to the scores of the baselines by name."""

NAMES = frozenset((*jet_baselines.NAMES, *trigger_baselines.NAMES, *event_observables.NAMES))
"""The names of all scores that come from baselines."""


def fit_baselines(events: Events, inputs: settings.Inputs) -> Baselines:
    """Learn the baselines from background jets `(n, 200, 4)` or events `(n, 19, 4)`.

    Args:
        events: jets for images and clouds, events for objects, either for observables of their own set.
        inputs: the table `[inputs]` of a recipe.
    """
    match inputs:
        case settings.Objects():
            return _fit_trigger_baselines(events, inputs)
        case settings.Observables(set="trigger"):
            return _fit_trigger_baselines(events, settings.Objects())
        case settings.Images() | settings.Clouds() | settings.Observables():
            return jet_baselines.fit_jet_baselines(events, partial(linear_images, inputs=inputs))


def _fit_trigger_baselines(events: Events, inputs: settings.Objects) -> Baselines:
    seen = partial(prepare, inputs=inputs)
    scores = trigger_baselines.fit_trigger_baselines(seen(events))
    of_observables = event_observables.fit_observable_baselines(events)
    return lambda events: scores(seen(events)) | of_observables(events)
