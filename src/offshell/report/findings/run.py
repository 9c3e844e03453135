"""What a run found, in plain arrays and mappings: everything that the report page shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.decorrelation.dependence import Dependence
from offshell.evaluate.rates.robustness import Robustness
from offshell.evaluate.separation.comparison import ScoreMetrics
from offshell.evaluate.separation.tail_survival import Survival
from offshell.report.findings.clouds import GenerationFindings, ReconstructionFindings
from offshell.report.findings.committee import CommitteeFindings
from offshell.report.findings.deployment import CompressionFindings, FirmwareFindings
from offshell.report.findings.events import EventFindings
from offshell.report.findings.observables import ObservableFindings

__all__ = ["Findings"]


@dataclass(frozen=True)
class Findings:
    """The results of a run, ready to be shown.

    Attributes:
        title: The headline of the page.
        recipe: The resolved recipe, TOML text.
        environment: What the run ran on, for example `{"python": "3.11.7", "seed": "1"}`.
        background: The name of the background sample, a key of `scores`.
        history: What `offshell.fit` returns.
        metrics: What `offshell.evaluate.compare` returns.
        baselines: The names of those scores that come from baselines, not from the detector.
        scores: One number for each event, `{sample: {score: (n,)}}`; higher is more anomalous.
        images: Some images of each sample, (m, height, width, 1).
        reconstructions: What the detector made of `images`: same keys and shapes. Empty when it makes none.
        latents: The latent coordinates of some events, `{kind: {sample: (m, dimensions)}}`, where a kind is for
            example "gaussian", "categorical" or "bottleneck".
        most_anomalous: The most anomalous images of each sample, the most anomalous first, (k, height, width, 1).
        notes: Remarks that a reader needs to judge the numbers.
        events: What else there is to show of trigger events; None for jets.
        compression: What became of the detector when it was made small; None if it was not.
        firmware: What the design of the run does and takes; None if there is none.
        generation: Generated jets and real ones; None if there are none.
        reconstruction: How well clouds are reconstructed; None if there are none.
        trainings: How much of the most anomalous background each two trainings of an ensemble share, by their names and
            the share of the background that it is; empty for a single training.
        observables: How the samples differ in what the detector sees; None if these are no observables.
        robustness: What shifts of the measurement do; None if they were not tried.
        decorrelation: What scores have to do with variables, before and after they are decorrelated; empty if they are not.
        committee: What a committee against pseudo-anomalies rests on; None for another detector.

    Raises:
        InputError: If there are no scores of the background, if a score is not a finite number, or if
            reconstructions do not match the images.
    """

    title: str
    recipe: str
    environment: Mapping[str, str]
    background: str
    history: Mapping[str, Sequence[float]]
    metrics: Mapping[str, Mapping[str, ScoreMetrics]]
    baselines: Collection[str]
    scores: Mapping[str, Mapping[str, Float[np.ndarray, " n"]]]
    images: Mapping[str, Float[np.ndarray, "m height width 1"]]
    reconstructions: Mapping[str, Float[np.ndarray, "m height width 1"]]
    latents: Mapping[str, Mapping[str, Float[np.ndarray, "m dimensions"]]]
    most_anomalous: Mapping[str, Float[np.ndarray, "k height width 1"]]
    notes: Sequence[str]
    events: EventFindings | None = None
    compression: CompressionFindings | None = None
    firmware: FirmwareFindings | None = None
    generation: GenerationFindings | None = None
    reconstruction: ReconstructionFindings | None = None
    trainings: Mapping[tuple[str, str], Mapping[str, Survival]] = field(default_factory=dict)
    observables: ObservableFindings | None = None
    robustness: Robustness | None = None
    decorrelation: Mapping[str, Dependence] = field(default_factory=dict)
    committee: CommitteeFindings | None = None

    def __post_init__(self) -> None:
        """Refuses findings that cannot be drawn."""
        self._check_samples()
        self._check_scores()
        self._check_reconstructions()

    def _check_samples(self) -> None:
        if self.background not in self.scores:
            raise InputError(
                f"scores lack the background sample. Expected: a key {self.background!r}. "
                f"Received: {sorted(self.scores)}."
            )
        if unknown := set(self.metrics) - set(self.scores):
            raise InputError(
                f"metrics name signals that have no scores. Expected: keys out of {sorted(self.scores)}. "
                f"Received: {sorted(unknown)}."
            )

    def _check_scores(self) -> None:
        for sample, scores in self.scores.items():
            for name, values in scores.items():
                if not (len(values) and np.isfinite(values).all()):
                    raise InputError(
                        f"scores[{sample!r}][{name!r}] cannot be shown. Expected: one finite number for each event. "
                        f"Received: {len(values)} numbers, {np.count_nonzero(~np.isfinite(values))} not finite."
                    )

    def _check_reconstructions(self) -> None:
        for sample, reconstruction in self.reconstructions.items():
            images = self.images.get(sample)
            shape = None if images is None else images.shape
            if shape != reconstruction.shape:
                raise InputError(
                    f"reconstructions[{sample!r}] do not match the images. Expected: shape {shape}. "
                    f"Received: shape {reconstruction.shape}."
                )

    @property
    def signals(self) -> list[str]:
        """The names of the signal samples, in the order of the metrics."""
        return list(self.metrics)

    @property
    def samples(self) -> list[str]:
        """The names of all samples, the background first."""
        return [self.background, *(sample for sample in self.scores if sample != self.background)]

    @property
    def score_names(self) -> list[str]:
        """The names of the detector's scores, followed by those of the baselines, as they were given."""
        names = list(self.scores[self.background])
        return sorted(names, key=lambda name: name in self.baselines)

    def ordered(self, mapping: Mapping[str, object]) -> list[str]:
        """The samples of a mapping in the order of the page, so that colors and columns agree everywhere."""
        return [sample for sample in self.samples if sample in mapping]
