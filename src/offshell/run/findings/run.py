"""Gather from a run what the report shows."""

import numpy as np

from offshell import recipe as recipes
from offshell.evaluate.baselines.fit import NAMES as BASELINES
from offshell.evaluate.rates.operating_points import OperatingPoints
from offshell.evaluate.rates.reach import about_reach, hertz
from offshell.evaluate.separation.tail_survival import Survival, tail_survival_of_pairs
from offshell.inputs import clouds, images
from offshell.inputs.kinematics import observables
from offshell.inputs.prepare import feature_names
from offshell.models.batch import batchwise
from offshell.models.terms.weighted_sum import evaluate
from offshell.report.findings.events import EventFindings
from offshell.report.findings.run import Findings
from offshell.run.findings.clouds import collect_generation, collect_reconstruction
from offshell.run.findings.committee import collect_committee
from offshell.run.findings.deployment import collect_compression, collect_firmware
from offshell.run.findings.observables import collect_observables
from offshell.run.results import Results
from offshell.settings import Clouds, Images, Objects, Observables

__all__ = ["collect"]

_N_SHOWN = 2000
_N_MOST_ANOMALOUS_JETS = 8
_N_MOST_ANOMALOUS_EVENTS = 5

BySample = dict[str, np.ndarray]


def collect(run: Results) -> Findings:
    """The findings of a run that has been evaluated."""
    is_of_jets = run.recipe.samples.kind == "jets"
    shown = {name: events[:_N_SHOWN] for name, events in run.test_events()}
    some = {name: run.inputs(events) for name, events in shown.items()}
    reconstructions, latents = _described(run, some)
    return Findings(
        title=run.recipe.title,
        recipe=recipes.to_toml(run.recipe),
        environment=run.environment,
        background=run.background,
        history=run.histories[0],
        metrics=run.metrics,
        baselines=BASELINES,
        scores=run.scores,
        images=_drawn(run, shown, some) if is_of_jets else {},
        reconstructions=_drawn(run, {}, reconstructions) if is_of_jets else {},
        latents=latents,
        most_anomalous=_most_anomalous_images(run) if is_of_jets else {},
        notes=_notes(run),
        events=_events(run, some, reconstructions, run.rates) if run.rates else None,
        compression=collect_compression(run),
        firmware=collect_firmware(run),
        generation=collect_generation(run),
        reconstruction=collect_reconstruction(run),
        trainings=_trainings(run),
        observables=collect_observables(run, some, reconstructions),
        robustness=run.robustness,
        decorrelation=run.decorrelation,
        committee=collect_committee(run),
    )


def _described(run: Results, some: BySample) -> tuple[BySample, dict[str, BySample]]:
    """Reconstructions by sample, empty if there are none, and each kind of latent coordinates by sample."""
    model = run.model
    described = batchwise(model, lambda batch: (model.reconstruct(batch), model.latents(batch)))
    made = {name: described(x) for name, x in some.items()}
    reconstructions = {name: x_hat for name, (x_hat, _) in made.items() if x_hat is not None}
    kinds = made[run.background][1]
    return reconstructions, {kind: {name: z[kind] for name, (_, z) in made.items()} for kind in kinds}


def _trainings(run: Results) -> dict[tuple[str, str], dict[str, Survival]]:
    members = {
        str(number): np.asarray(evaluate(run.default_score, scores[run.background]))
        for number, scores in enumerate(run.members_scores, start=1)
    }
    return tail_survival_of_pairs(members)


def _drawn(run: Results, jets: BySample, x: BySample) -> BySample:
    """Images as they are, images of the particles of clouds, and of the jets themselves where a detector sees observables."""
    match run.recipe.inputs:
        case Clouds(coordinates=coordinates):
            return {name: images.aligned(_particles(values, coordinates)) for name, values in x.items()}
        case Observables():
            return {name: images.aligned(values) for name, values in jets.items()}
    return x


def _particles(cloud: np.ndarray, coordinates: clouds.Layout) -> np.ndarray:
    if coordinates == "four-vectors":  # a decoder may give negative energies
        p = clouds.momenta(cloud)
        return np.concatenate([np.linalg.norm(p, axis=-1, keepdims=True), p], axis=-1)
    return clouds.to_jets(cloud, pt=1.0)


def _most_anomalous_images(run: Results) -> BySample:
    chosen = _most_anomalous(run, _N_MOST_ANOMALOUS_JETS)
    jets = {name: values[chosen[name]] for name, values in run.test_events()}
    return _drawn(run, jets, {name: run.inputs(values) for name, values in jets.items()})


def _most_anomalous(run: Results, n_events: int) -> BySample:
    """Rows by falling default score, the one that is chosen without looking at a signal."""
    score = run.default_score
    return {name: np.argsort(-evaluate(score, scores))[:n_events] for name, scores in run.scores.items()}


def _events(
    run: Results, some: BySample, reconstructions: BySample, operating_points: OperatingPoints
) -> EventFindings:
    chosen, scores, score = _most_anomalous(run, _N_MOST_ANOMALOUS_EVENTS), run.scores, run.default_score
    events = dict(run.test_events())
    by_sample = {name: observables(values) for name, values in events.items()}
    names = by_sample[run.background]
    return EventFindings(
        observables={key: {name: found[key] for name, found in by_sample.items()} for key in names},
        most_anomalous={name: values[chosen[name]] for name, values in events.items()},
        titles={
            name: [f"{value:.3g}" for value in evaluate(score, scores[name])[rows]]
            for name, rows in chosen.items()
        },
        errors={
            name: np.mean(np.square(np.asarray(run.model.scaled(some[name])) - x_hat), axis=0)
            for name, x_hat in reconstructions.items()
            if isinstance(run.recipe.inputs, Objects)
        },
        operating_points=operating_points,
        about_rates=_about_rates(run),
    )


def _about_rates(run: Results) -> str:
    n_events, input_rate_hz = run.recipe.samples.n_test, run.recipe.evaluate.input_rate_hz
    return (
        f"Rates are shares of {hertz(input_rate_hz)}, as if every collision passed the selection of the {run.background} "
        f"sample. {about_reach(n_events, input_rate_hz=input_rate_hz)}" + _about_parents(run)
    )


def _about_parents(run: Results) -> str:
    parents = run.test_parents.get(run.background)
    if parents is None:
        return ""
    return f" They are from {len(np.unique(parents)):,} collisions; events of one collision count together in every interval."


def _notes(run: Results) -> list[str]:
    samples = run.recipe.samples
    return [
        f"Trained on {samples.n_train:,} {samples.kind} of {run.background} alone; no signal was used for training or scaling.",
        f"Evaluated on {samples.n_test:,} other {samples.kind} of {run.background} and {samples.n_signal:,} of each signal.",
        f"Samples: {'; '.join(sample.origin for sample in run.samples)}.",
        _about_inputs(run),
        f"The most anomalous {samples.kind} are chosen by {run.default_score}.",
    ]


def _about_inputs(run: Results) -> str:
    match run.recipe.inputs:
        case Images(power=1):
            return "Pixel intensities: as they are."
        case Images(power=power):
            return (
                f"Pixel intensities: raised to the power {power:g}, which lifts faint pixels and changes what the "
                "detector sees."
            )
        case Clouds(coordinates=coordinates, n_particles=n_particles):
            return (
                f"The detector sees the {n_particles} leading particles of a jet ({coordinates} coordinates); the images below are "
                "drawn from what it sees."
            )
        case Observables(set=which) as inputs:
            return f"The detector sees {len(feature_names(inputs))} observables (the set {which}): {', '.join(feature_names(inputs))}."
        case inputs:
            units = "GeV and radians" if inputs.units == "GeV" else "hardware units"
            return f"The detector sees transverse momenta and angles in {units}."
