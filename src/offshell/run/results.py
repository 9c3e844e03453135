"""The results of a run: what the files in its folder say."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell import recipe as recipes
from offshell.errors import InputError
from offshell.evaluate.description.reconstruction import Reconstruction
from offshell.evaluate.rates.operating_points import OperatingPoints
from offshell.evaluate.rates.robustness import Robustness
from offshell.evaluate.separation.all_signals import with_all_signals, with_parents_of_all
from offshell.evaluate.separation.comparison import ScoreMetrics
from offshell.inputs import clouds, substructure
from offshell.inputs.prepare import prepare
from offshell.io.jets.reading import read_jets
from offshell.io.score_files import read_scores
from offshell.models.detector import Detector
from offshell.models.saved import load
from offshell.recipe import Recipe
from offshell.run.provided import known_files
from offshell.samples.fingerprints import Fingerprint
from offshell.samples.samples import Sample, samples_of

if TYPE_CHECKING:
    from offshell.evaluate.decorrelation.dependence import Dependence
    from offshell.evaluate.generation.comparison import GenerationMetric

__all__ = ["BySample", "Events", "Inputs", "Results"]

Events = Float[np.ndarray, "n rows 4"]
Parents = Int[np.ndarray, " n"]
Inputs = Float[np.ndarray, "n ..."]
BySample = dict[str, dict[str, Float[np.ndarray, " n"]]]


@dataclass(frozen=True)
class Results:
    """A folder with the results of one recipe."""

    folder: Path

    @cached_property
    def recipe(self) -> Recipe:
        """The resolved recipe."""
        return recipes.load(str(self.existing("recipe.toml")))

    @cached_property
    def model(self) -> Detector:
        """The trained detector."""
        return self._load("model.keras")

    @cached_property
    def float_model(self) -> Detector:
        """The trained detector before it was compressed."""
        return self._load("float.keras")

    @cached_property
    def samples(self) -> list[Sample]:
        """The background and the signals."""
        return self.samples_of(self.recipe, known=known_files(self.folder, self.recipe))

    def samples_of(self, recipe: Recipe, *, known: Sequence[Fingerprint | None] = ()) -> list[Sample]:
        """The background and the signals of a recipe; simulated ones are shared by the runs beside this one.

        Args:
            recipe: of this run, or of one that is to come here.
            known: the fingerprints of the files, where they are known.

        Raises:
            InputError: if there is no such process, or two samples have one name.
        """
        return samples_of(recipe.samples, self.folder.parent / "samples", seed=recipe.seed, known=known)

    def refuse_changed_files(self) -> None:
        """Raises InputError if a file that the run was made from is gone, or another one now."""
        for sample in self.samples:
            if sample.simulation is None:
                _ = sample.fingerprint

    @property
    def background(self) -> str:
        """The name of the background sample."""
        return self.samples[0].name

    @property
    def default_score(self) -> str:
        """The score of the recipe, chosen without looking at a signal."""
        return self.recipe.score_among(self.scores[self.background])

    def training_events(self) -> Events:
        """The background that the detector learns from, jets `(n, 200, 4)` or events `(n, 19, 4)`; none is in `test_events`.

        Events that share a parent with one of those are left out.
        """
        settings = self.recipe.samples
        events = self.samples[0].read(settings.n_test, settings.n_test + settings.n_train)
        return events if self._background_parents is None else events[self._new_parents]

    @property
    def training_parents(self) -> Parents | None:
        """The parents of the training events; None if no two events share one."""
        if self._background_parents is None:
            return None
        parents: Parents = self._background_parents[self.recipe.samples.n_test :][self._new_parents]
        return parents

    @property
    def test_parents(self) -> dict[str, Parents]:
        """The parents of the test events by name of the sample, where events share some."""
        background, *signals = self.samples
        n_test, n_signal = self.recipe.samples.n_test, self.recipe.samples.n_signal
        found = {background.name: background.parents(0, n_test)}
        found |= {signal.name: signal.parents(0, n_signal) for signal in signals}
        known = {name: parents for name, parents in found.items() if parents is not None}
        return (
            with_parents_of_all(known, list(found)[1:], n_signal)
            if self.recipe.evaluate.all_signals
            else known
        )

    def test_events(self) -> Iterator[tuple[str, Events]]:
        """The jets or events that are scored by name of the sample, the background first."""
        background, *signals = self.samples
        yield background.name, background.read(0, self.recipe.samples.n_test)
        for signal in signals:
            yield signal.name, signal.read(0, self.recipe.samples.n_signal)

    def inputs(self, events: Events) -> Inputs:
        """What the detector sees of jets or events, images or features."""
        return prepare(events, self.recipe.inputs)

    def real_and_generated(self) -> tuple[Inputs, Inputs]:
        """Clouds of test jets and of generated ones, both relative to the sum of the particles that a cloud holds."""
        _, jets = next(self.test_events())
        kept = clouds.to_jets(self.inputs(jets), pt=substructure.pt(jets))
        return self.inputs(kept), self.inputs(self.generated)

    @property
    def scores(self) -> BySample:
        """The scores of the test events, `{sample: {score: (n,)}}`, the background first, all signals together last."""
        return self._read_scores("scores.h5")

    @property
    def members_scores(self) -> list[BySample]:
        """The same for each member of an ensemble; empty for a single detector, as every compressed one is."""
        n_members = 1 if self.recipe.compress else self.recipe.train.ensemble
        numbers = range(1, n_members + 1) if n_members > 1 else ()
        return [self._read_scores(f"scores-{number}.h5") for number in numbers]

    @property
    def decorrelated(self) -> BySample:
        """The scores of the test events among background with the same variables; empty if the recipe names no variables."""
        return self._read_scores("decorrelated.h5") if self.recipe.evaluate.decorrelate else {}

    @property
    def decorrelation(self) -> "dict[str, Dependence]":
        """What each score has to do with the variables of the recipe; empty if it names none."""
        return self._read_json("decorrelation.json") if self.recipe.evaluate.decorrelate else {}

    @property
    def metrics(self) -> dict[str, dict[str, ScoreMetrics]]:
        """What `evaluate` found."""
        metrics: dict[str, dict[str, ScoreMetrics]] = self._read_json("metrics.json")
        return metrics

    @property
    def rates(self) -> OperatingPoints | None:
        """What `evaluate` found at trigger rates; None for jets."""
        return self._read_json("rates.json") if self.recipe.samples.kind == "events" else None

    @property
    def robustness(self) -> Robustness | None:
        """What `measure_robustness` found; None if it was not asked for."""
        return self._read_json("robustness.json") if (self.folder / "robustness.json").exists() else None

    @property
    def generated(self) -> Events:
        """The jets that `compare_generated` made."""
        return read_jets(self.existing("generated.h5"))

    @property
    def generation(self) -> dict[str, "GenerationMetric"]:
        """What `compare_generated` found."""
        metrics: dict[str, GenerationMetric] = self._read_json("generation.json")
        return metrics

    @property
    def reconstructions(self) -> dict[str, Reconstruction]:
        """How well some jets of each sample are reconstructed; empty if they are no clouds, or not reconstructed."""
        found: dict[str, Reconstruction] = (
            self._read_json("reconstruction.json") if self.recipe.inputs.kind == "clouds" else {}
        )
        return found

    @property
    def environment(self) -> dict[str, str]:
        """What the run was made with."""
        environment: dict[str, str] = self._read_json("environment.json")
        return environment

    @property
    def histories(self) -> list[dict[str, list[float]]]:
        """What `train` recorded, for each training."""
        histories: list[dict[str, list[float]]] = self._read_json("history.json")
        return histories

    @cached_property
    def _background_parents(self) -> Parents | None:
        """Of the test events and, after them, the training events."""
        samples = self.recipe.samples
        return self.samples[0].parents(0, samples.n_test + samples.n_train)

    @property
    def _new_parents(self) -> Bool[np.ndarray, " n_train"]:
        """Which events after those for the test share no parent with one of them."""
        assert self._background_parents is not None  # noqa: S101 - asked for of events with parents only
        tested, others = np.split(self._background_parents, [self.recipe.samples.n_test])
        new: Bool[np.ndarray, " n_train"] = ~np.isin(others, tested)
        return new

    def _read_scores(self, file_name: str) -> BySample:
        scores = read_scores(self.existing(file_name))
        return with_all_signals(scores) if self.recipe.evaluate.all_signals else scores

    def _load(self, name: str) -> Detector:
        return load(self.existing(name))

    def existing(self, name: str) -> Path:
        """The path of a file of the run.

        Raises:
            InputError: if it is not there.
        """
        path = self.folder / name
        if not path.exists():
            raise InputError(
                f"{self.folder} is not a complete run. Expected: a file {name} in it. Received: none."
            )
        return path

    def _read_json(self, name: str) -> Any:  # noqa: ANN401 - anything JSON knows
        return json.loads(self.existing(name).read_text())
