"""A run: samples, training, scores, metrics and a report, as stages that read each other's files.

The folder of a run holds `recipe.toml` (resolved), `environment.json`, `model.keras`, `history.json`, `scores.h5` (of
the members of an ensemble `scores-1.h5`, ...), `metrics.json`, for trigger events `rates.json`, of a generative detector
`generated.h5` and `generation.json`, of clouds `reconstruction.json`, and `report.html`. Each stage starts from those
files, so that it can be repeated alone.
"""

import json
import logging
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from jaxtyping import Float

from offshell import compress, firmware
from offshell import recipe as recipes
from offshell.errors import InputError
from offshell.evaluate.baselines.fit import Baselines, fit_baselines
from offshell.evaluate.description.reconstruction import Reconstruction, reconstruction
from offshell.evaluate.rates.operating_points import operating_points
from offshell.evaluate.scores import score
from offshell.evaluate.separation.spread import with_spread
from offshell.evaluate.separation.table import ScoreMetrics, compare
from offshell.inputs import substructure
from offshell.inputs.prepare import shape
from offshell.io.jets.writers import Layout
from offshell.io.score_files import write_scores
from offshell.io.store import replacing
from offshell.models.build import build
from offshell.models.detector import Detector
from offshell.models.ensemble import Ensemble
from offshell.models.terms import weighted_sum
from offshell.recipe import Recipe
from offshell.report.html import write
from offshell.run.collect import collect
from offshell.run.environment import environment
from offshell.run.generated import write_generated
from offshell.run.results import BySample, Events, Inputs, Results
from offshell.run.trainings import trained
from offshell.samples.samples import Sample, iter_file, samples_of
from offshell.settings import Firmware as FirmwareSettings
from offshell.settings import Generate as GenerateSettings

if TYPE_CHECKING:
    from offshell.evaluate.generation.comparison import GenerationMetric

__all__ = ["Run"]

log = logging.getLogger(__name__)

# Jets of the background whose transverse momenta generated jets can have.
_N_JET_PT = 10_000
_N_RECONSTRUCTED = 2_000


@dataclass(frozen=True)
class Run(Results):
    """A folder with the results of one recipe, and the stages that make them."""

    @classmethod
    def start(cls, recipe: Recipe, folder: Path) -> "Run":
        """A new run; it replaces an earlier one in the same folder, once everything it needs is known to be there.

        Raises:
            InputError: if a sample cannot be had, or the settings do not fit each other.
        """
        _refuse_unfit(recipe)
        run = cls(folder)
        _provide(samples_of(recipe.samples, run._shared_samples, seed=recipe.seed), recipe)
        run._remove(
            "model.keras", "float.keras", "history.json", "compression.json", "scores.h5", "scores-*.h5"
        )
        run._remove("metrics*.json", "rates*.json", "generated.h5", "generation.json")
        run._remove("reconstruction.json", "report.html")
        shutil.rmtree(folder / "firmware", ignore_errors=True)
        run._write_text("recipe.toml", recipes.to_toml(recipe))
        run._write_json("environment.json", environment(seed=recipe.seed))
        return run

    @classmethod
    def start_compression(cls, trained: "Run", folder: Path, changes: Sequence[str]) -> "Run":
        """A new run with the detector of another one, to be compressed.

        Args:
            trained: the run whose detector it is; of a compressed run, the one before its compression.
            folder: of the new run, beside the other one, so that both share simulated samples.
            changes: settings to change, such as `"compress.sparsity=0.5"`.

        Raises:
            InputError: if the other run is not complete or the same, or the settings do not fit each other.
        """
        if folder.resolve() == trained.folder.resolve():
            raise InputError(f"A run cannot replace itself. Expected: another folder. Received: {folder}.")
        trained_model = trained._existing("float.keras" if trained.recipe.compress else "model.keras")
        table = [] if trained.recipe.compress else ["compress.sparsity=0"]
        recipe = recipes.load(str(trained.folder / "recipe.toml"), changes=[*table, *changes])
        histories = trained.histories
        run = cls.start(recipe, folder)
        with replacing(run.folder / "float.keras") as temporary:
            shutil.copyfile(trained_model, temporary)
        run._write_json("history.json", histories)
        return run

    def train(self) -> None:
        """Make and train the detector on the background: `model.keras` (`float.keras` if it is compressed next) and `history.json`."""
        x = self.inputs(self.training_events())
        log.info("Training on %s events of %s", f"{len(x):,}", self.background)
        model, histories = trained(self.recipe, x, groups=self.training_parents)
        self._save(model, "float.keras" if self.recipe.compress else "model.keras")
        self._write_json("history.json", histories)

    def compress(self) -> None:
        """Make the trained detector small, as the table `[compress]` says: `model.keras` and `compression.json`."""
        x = self.inputs(self.training_events())
        log.info("Compressing with %s events of %s", f"{len(x):,}", self.background)
        score = self.recipe.score_among(self.float_model.outline(x.shape[1:]))
        found = compress.compressed(self.recipe, self.float_model, x, score=score)
        self._save(found.model, "model.keras")
        self._write_json("compression.json", found.as_dict(self.float_model))

    def score(self) -> None:
        """Score the test events with the detector and the baselines: `scores.h5`, and `scores-1.h5` ... of the members."""
        log.info("Learning the baselines from the same events")
        baselines = fit_baselines(self.training_events(), self.recipe.inputs)
        self._write_scores("scores.h5", self.model, baselines)
        for number, member in enumerate(self._members, start=1):
            self._write_scores(f"scores-{number}.h5", member)
        if self.recipe.compress:
            self._write_scores("scores-float.h5", self.float_model, baselines)
        if self.recipe.inputs.kind == "clouds":
            self._write_json("reconstruction.json", self._reconstructions())

    def evaluate(self) -> dict[str, dict[str, ScoreMetrics]]:
        """How well each score separates each signal from the background: `metrics.json`, and for events `rates.json`.

        Of a compressed run the same of the detector that was trained: `metrics-float.json`, `rates-float.json`.
        """
        if self.recipe.compress:
            self._evaluate(self._read_scores("scores-float.h5"), [], suffix="-float")
        return self._evaluate(self.scores, self.members_scores)

    def _evaluate(
        self, scores: BySample, members: list[BySample], *, suffix: str = ""
    ) -> dict[str, dict[str, ScoreMetrics]]:
        (_, background), *signals = scores.items()
        parents = self.test_parents
        groups = parents.get(self.background)
        found = compare(background, dict(signals), groups=groups, signal_groups=parents)
        metrics = with_spread(found, members)
        self._write_json(f"metrics{suffix}.json", metrics)
        if self.recipe.samples.kind == "events":
            chosen = self.recipe.score_among(background)
            rates = operating_points(
                background,
                dict(signals),
                score=chosen,
                settings=self.recipe.evaluate,
                groups=groups,
                signal_groups=parents,
            )
            self._write_json(f"rates{suffix}.json", rates)
        return metrics

    def build_firmware(self, *, folder: Path | None = None, wanted: FirmwareSettings | None = None) -> Path:
        """Turn the detector into firmware, prove it and count what it takes: a design in `firmware/`.

        Args:
            folder: where the design goes.
            wanted: score, rate, clock and device; default: the table `[firmware]` of the recipe.
        """
        wanted = wanted or self.recipe.firmware or FirmwareSettings()
        samples = {name: self.inputs(events) for name, events in self.test_events()}
        request = firmware.Request(
            score=wanted.score or self.default_score,
            inputs=self.recipe.inputs,
            target=wanted,
            input_rate_hz=self.recipe.evaluate.input_rate_hz,
        )
        design = firmware.build_design(
            self.model, request, samples, folder or self.folder / "firmware", provenance=self._provenance
        )
        return design.folder

    def generate(self, n_jets: int, out: Path, *, seed: int, layout: Layout = "offshell") -> None:
        """Write new jets of the detector to a file that can be read as any other file of jets.

        Args:
            n_jets: how many jets.
            out: the file to write; it appears only when it is complete.
            seed: the same seed gives the same jets; fewer jets are the first of more.
            layout: "offshell" or "jetnet".

        Raises:
            InputError: if the detector does not generate jets, or a number is not positive.
        """
        if getattr(self.recipe.inputs, "coordinates", None) not in ("relative", "relative-pt"):
            raise InputError(
                f"{self.folder} generates no jets. Expected: a run with inputs.kind = clouds and relative coordinates. "
                f"Received: inputs.kind = {self.recipe.inputs.kind}."
            )
        write_generated(
            self.model,
            out,
            n_jets=n_jets,
            seed=seed,
            layout=layout,
            jet_pt=substructure.pt(self.training_events()[:_N_JET_PT]),
            attributes={"process": f"generated after {self.background}", "run": str(self.folder)},
        )

    def compare_generated(self) -> dict[str, "GenerationMetric"]:
        """Generate jets and compare them with those of the test sample: `generated.h5` and `generation.json`."""
        settings = self.recipe.generate or GenerateSettings()
        self.generate(settings.n_jets, self.folder / "generated.h5", seed=self.recipe.seed)
        metrics = _comparison()(*self.real_and_generated(), seed=self.recipe.seed)
        self._write_json("generation.json", metrics)
        return metrics

    def report(self) -> Path:
        """Everything on one page: `report.html`."""
        path = self.folder / "report.html"
        write(path, collect(self))
        return path

    def score_file(self, path: Path, out: Path, *, label: str | None = None) -> None:
        """Score a file of jets or events batch by batch into an HDF5 file with one data set for each score.

        Args:
            path: a file of what the detector was trained on: jets or events.
            out: the file to write; it appears only when it is complete.
            label: `"qcd"` or `"top"` to score only these jets.
        """
        batches = iter_file(path, self.recipe.samples.kind, label=label)
        with replacing(out) as temporary, h5py.File(temporary, "w") as file:
            for name, values in self._scores(self.model, map(self.inputs, batches)).items():
                file[name] = values

    @property
    def _provenance(self) -> dict[str, Any]:
        """Where a design comes from."""
        origins = {sample.name: sample.origin for sample in self.samples}
        recipe = self.recipe.model_dump(mode="json", exclude_none=True)
        return {
            "run": str(self.folder),
            "samples": origins,
            "environment": self.environment,
            "recipe": recipe,
        }

    @property
    def _members(self) -> list[Detector]:
        return self.model.members if isinstance(self.model, Ensemble) else []

    def _scores(self, model: Detector, x: Inputs | Iterable[Inputs]) -> dict[str, Float[np.ndarray, " n"]]:
        scores = score(model, x)
        sums = [
            text for text in self.recipe.evaluate.sums if weighted_sum.parse(text).keys() <= scores.keys()
        ]
        return {**scores, **{expression: scores[expression] for expression in sums}}

    def _write_scores(self, file_name: str, model: Detector, baselines: Baselines | None = None) -> None:
        scored = (
            (name, self._test_scores(model, name, events, baselines)) for name, events in self.test_events()
        )
        write_scores(self.folder / file_name, scored)

    def _test_scores(
        self, model: Detector, name: str, events: Events, baselines: Baselines | None
    ) -> dict[str, Float[np.ndarray, " n"]]:
        log.info("Scoring %s events of %s", f"{len(events):,}", name)
        return self._scores(model, self.inputs(events)) | (baselines(events) if baselines else {})

    def _reconstructions(self) -> dict[str, Reconstruction]:
        """How well some test jets of each sample are reconstructed; empty if the detector reconstructs nothing."""
        some = {name: self.inputs(events[:_N_RECONSTRUCTED]) for name, events in self.test_events()}
        made = {name: self.model.reconstruct(x) for name, x in some.items()}
        return {
            name: reconstruction(some[name], np.asarray(x_hat))
            for name, x_hat in made.items()
            if x_hat is not None
        }

    def _save(self, model: Detector, name: str) -> None:
        with replacing(self.folder / name) as temporary:
            model.save(temporary)

    def _remove(self, *patterns: str) -> None:
        for path in (path for pattern in patterns for path in self.folder.glob(pattern)):
            path.unlink()

    def _write_json(self, name: str, content: Any) -> None:  # noqa: ANN401 - anything JSON knows
        self._write_text(name, json.dumps(content, indent=2))

    def _write_text(self, name: str, text: str) -> None:
        with replacing(self.folder / name) as temporary:
            temporary.write_text(text)


def _provide(samples: list[Sample], recipe: Recipe) -> None:
    settings = recipe.samples
    needed = [settings.n_test + settings.n_train, *(settings.n_signal for _ in settings.signals)]
    # Files of the user come first, because a damaged one should be known before minutes of simulation.
    for sample, n_jets in sorted(
        zip(samples, needed, strict=True), key=lambda pair: pair[0].simulation is not None
    ):
        sample.provide(n_jets)


def _comparison() -> Callable[..., dict[str, "GenerationMetric"]]:
    """Imported late, because POT is an extra.

    Raises:
        MissingDependencyError: if it is not installed.
    """
    from offshell.evaluate.generation.comparison import compare_generated  # noqa: PLC0415 - an extra

    return compare_generated


def _refuse_unfit(recipe: Recipe) -> None:
    """Raises InputError if network and inputs do not fit, or the loss or a score names an unknown term."""
    if recipe.generate:
        _comparison()
    seen = shape(recipe.inputs)
    model = build(recipe.model, seen, seed=recipe.seed)
    weighted_sum.evaluate(recipe.train.loss, model.outline(seen, training=True))
    terms = model.outline(seen)
    for expression in (recipe.score_among(terms), *recipe.evaluate.sums):
        weighted_sum.evaluate(expression, terms)
