"""What a wrong measurement does to a run: its detector and threshold stay, its test events are measured otherwise."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from offshell.errors import InputError
from offshell.evaluate.rates.measured import Measured
from offshell.evaluate.rates.robustness import Robustness, robustness
from offshell.evaluate.scores import score as scores_of
from offshell.inputs.shifts import scaled_energies, scaled_pt, smeared_objects, smeared_particles
from offshell.run.results import Events, Results
from offshell.run.writing import write_json
from offshell.samples.samples import Sample
from offshell.samples.settings import EventSamples, JetSamples, Samples
from offshell.simulate.generator.processes.of_events import mean_pileup

__all__ = ["measure_robustness"]

log = logging.getLogger(__name__)

_ENERGY_SCALE = 0.02
_ANGLE = 0.02  # radians; towers of calorimeters are 0.02 to 0.1 wide
_PILEUP = 0.25
_JET_SHARE = 0.01

Shift = Callable[..., Events]


def measure_robustness(
    run: Results, *, rate_hz: float | None = None, score: str | None = None, resimulate: bool = False
) -> Robustness:
    """Shift what is uncertain of the test events, score them again and write what it does: `robustness.json`.

    Args:
        run: a run that has been trained.
        rate_hz: that chooses the nominal threshold of events [Hz]; default: the largest of the recipe. Of jets it is chosen by
            one in a hundred.
        score: a weighted sum of the detector's terms; default: that of the recipe.
        resimulate: whether other events are simulated too, with other pile-up, or with the other detector for jets.

    Raises:
        InputError: if the run is not complete, there are too few background events for the rate, a rate is asked for of
            jets, or samples to be simulated anew are files.
    """
    rate, input_rate = _working_point(run, rate_hz)
    others = _resimulated(run) if resimulate else {}
    chosen = score or run.default_score
    measured = {
        name: _measured(run, chosen, shift) for name, shift in _shifts(run.recipe.samples.kind).items()
    }
    found = robustness(
        measured.pop("nominal"),
        measured,
        others={name: _measured_anew(run, chosen, name, samples) for name, samples in others.items()},
        rate=rate,
        input_rate=input_rate,
    )
    write_json(run.folder / "robustness.json", found)
    return found


def _working_point(run: Results, rate_hz: float | None) -> tuple[float, float]:
    settings = run.recipe.evaluate
    if run.recipe.samples.kind == "events":
        return rate_hz or max(settings.rates_hz), settings.input_rate_hz
    if rate_hz is not None:
        raise InputError(
            f"Jets have no trigger rate. Expected: no --rate, for a false positive rate of {_JET_SHARE:g}. Received: {rate_hz:g} Hz."
        )
    return _JET_SHARE, 1.0


def _shifts(kind: str) -> dict[str, Shift]:
    scaled, smeared = (
        (scaled_pt, smeared_objects) if kind == "events" else (scaled_energies, smeared_particles)
    )
    percent = 100 * _ENERGY_SCALE
    return {
        "nominal": lambda events: events,
        f"energies +{percent:g} %": partial(scaled, scale=1 + _ENERGY_SCALE),
        f"energies -{percent:g} %": partial(scaled, scale=1 - _ENERGY_SCALE),
        f"angles {_ANGLE:g} rad worse": partial(smeared, width=_ANGLE, seed=1),
    }


def _measured(run: Results, score: str, shift: Shift) -> Measured:
    scored = ((name, shift(events)) for name, events in run.test_events())
    return _scored(run, score, scored, run.test_parents)


def _measured_anew(run: Results, score: str, name: str, samples: list[Sample]) -> Measured:
    log.info("Simulating other events: %s", name)
    settings = run.recipe.samples
    sizes = [settings.n_test] + [settings.n_signal] * len(settings.signals)
    sized = list(zip(samples, sizes, strict=True))
    events = ((sample.name, sample.read(0, n_events)) for sample, n_events in sized)
    found = _scored(run, score, events, {})
    parents = {sample.name: sample.parents(0, n_events) for sample, n_events in sized}
    known = {name: numbers for name, numbers in parents.items() if numbers is not None}
    return Measured(found.background, found.signals, known.get(run.background), known)


def _scored(
    run: Results,
    score: str,
    samples: Iterator[tuple[str, Events]],
    parents: Mapping[str, np.ndarray],
) -> Measured:
    found = {name: scores_of(run.model, run.inputs(events))[score] for name, events in samples}
    return Measured(found.pop(run.background), found, parents.get(run.background), parents)


def _resimulated(run: Results) -> dict[str, list[Sample]]:
    """The samples of the recipe under other conditions, of another seed so that no event is one that trained the detector."""
    if files := [sample.name for sample in run.samples if sample.simulation is None]:
        raise InputError(
            f"Files cannot be simulated anew. Expected: a run on simulated samples. Received: the files {', '.join(files)}."
        )
    recipe = run.recipe.model_copy(update={"seed": run.recipe.seed + 1})
    return {
        name: run.samples_of(recipe.model_copy(update={"samples": settings}))
        for name, settings in _other_conditions(run.recipe.samples).items()
    }


def _other_conditions(samples: Samples) -> dict[str, Samples]:
    match samples:
        case JetSamples(detector=detector):
            other = "ATLAS" if detector == "CMS" else "CMS"
            return {f"detector {other}": samples.model_copy(update={"detector": other})}
        case EventSamples(background=background, pileup=given) if mean_pileup(background, given) > 0:
            pileup = mean_pileup(background, given)
            return {
                f"pile-up {change:+.0%}": samples.model_copy(update={"pileup": (1 + change) * pileup})
                for change in (_PILEUP, -_PILEUP)
            }
    raise InputError("There is no pile-up to change. Expected: samples.pileup above 0. Received: 0.")
