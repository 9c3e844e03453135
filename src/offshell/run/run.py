"""A run: samples, training, scores, metrics and a report, as stages that read each other's files.

The folder of a run holds `recipe.toml` (resolved), `environment.json`, `samples.json`, `model.keras` (of a student of a committee also `teacher.keras`),
`history.json`, `scores.h5` (of the members of an ensemble `scores-1.h5`, ...; decorrelated ones in `decorrelated.h5`), `metrics.json`, for trigger events `rates.json`, of a generative detector
`generated.h5` and `generation.json`, of clouds `reconstruction.json`, and `report.html`. Each stage starts from those
files, so that it can be repeated alone, and writes one file last, by which `stages` knows that it is done.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from offshell import compress, firmware
from offshell.errors import InputError
from offshell.evaluate.baselines.fit import Baselines, fit_baselines
from offshell.evaluate.rates.operating_points import operating_points
from offshell.evaluate.scores import score
from offshell.evaluate.separation.comparison import ScoreMetrics, compare
from offshell.evaluate.separation.spread import with_spread
from offshell.inputs import substructure
from offshell.io.jets.writers import Layout
from offshell.io.replacing import replacing
from offshell.io.score_files import write_scores
from offshell.models.detector import Detector
from offshell.models.ensemble import Ensemble
from offshell.models.terms import weighted_sum
from offshell.report.html import write
from offshell.run.findings.run import collect
from offshell.run.folder import refuse_other_design
from offshell.run.generated import write_generated
from offshell.run.learning.lessons import and_teacher, lesson_of
from offshell.run.learning.trainings import trained
from offshell.run.measures.decorrelation import parts, with_variables
from offshell.run.measures.reconstructions import reconstructions
from offshell.run.outliers import training_outliers
from offshell.run.refusals import comparison
from offshell.run.results import BySample, Events, Inputs, Results
from offshell.run.writing import write_json
from offshell.settings import Firmware as FirmwareSettings
from offshell.settings import Generate as GenerateSettings

if TYPE_CHECKING:
    from offshell.evaluate.generation.comparison import GenerationMetric

__all__ = ["Run"]

log = logging.getLogger(__name__)

# Jets of the background whose transverse momenta generated jets can have.
_N_JET_PT = 10_000


@dataclass(frozen=True)
class Run(Results):
    """A folder with the results of one recipe, and the stages that make them."""

    def train(self) -> None:
        """Make and train the detector on the background: `model.keras` (`float.keras` if it is compressed next) and `history.json`."""
        events = self.training_events()
        outliers = training_outliers(self.recipe, events)
        lesson = lesson_of(self, events)
        log.info("Training on %s events of %s", f"{len(lesson.x):,}", self.background)
        model, histories = trained(
            self.recipe, lesson.x, groups=lesson.groups, outliers=outliers, teacher=lesson.teacher
        )
        self._save(model, "float.keras" if self.recipe.compress else "model.keras")
        write_json(self.folder / "history.json", histories)

    def compress(self) -> None:
        """Make the trained detector small, as the table `[compress]` says: `model.keras` and `compression.json`."""
        lesson = lesson_of(self, self.training_events())
        log.info("Compressing with %s events of %s", f"{len(lesson.x):,}", self.background)
        score = self.recipe.score_among(self.float_model.outline(lesson.x.shape[1:]))
        found = compress.compressed(
            self.recipe, self.float_model, lesson.x, score=score, groups=lesson.groups, teach=lesson.teacher
        )
        self._save(found.model, "model.keras")
        write_json(self.folder / "compression.json", found.as_dict(self.float_model))

    def score(self) -> None:
        """Score the test events with detector and baselines: `scores.h5`, and `scores-1.h5` ... of members."""
        log.info("Learning the baselines from the same events")
        baselines = and_teacher(self, self._fitted_baselines())
        members = self.model.members if isinstance(self.model, Ensemble) else []
        for number, member in enumerate(members, start=1):
            self._write_scores(f"scores-{number}.h5", member)
        if self.recipe.compress:
            self._write_scores("scores-float.h5", self.float_model, baselines)
        if self.recipe.inputs.kind == "clouds":
            write_json(self.folder / "reconstruction.json", reconstructions(self))
        self._write_scores("scores.h5", self.model, baselines)

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
        metrics = with_spread(
            compare(background, dict(signals), groups=groups, signal_groups=parents), members
        )
        if not suffix:
            metrics = with_variables(self, metrics)
        if self.recipe.samples.kind == "events":
            chosen = self.recipe.score_among(background)
            found = operating_points(
                background,
                dict(signals),
                score=chosen,
                settings=self.recipe.evaluate,
                groups=groups,
                signal_groups=parents,
            )
            write_json(self.folder / f"rates{suffix}.json", found)
        write_json(self.folder / f"metrics{suffix}.json", metrics)
        return metrics

    def build_firmware(self, *, folder: Path | None = None, wanted: FirmwareSettings | None = None) -> Path:
        """Turn the detector into firmware, prove it and count what it takes: a design in `firmware/`.

        Args:
            folder: where the design goes.
            wanted: score, rate, clock and device; default: the table `[firmware]` of the recipe.

        Raises:
            InputError: if the folder holds something else, or the design of another run.
        """
        folder = folder or self.folder / "firmware"
        refuse_other_design(folder, self.folder)
        wanted = wanted or self.recipe.firmware or FirmwareSettings()
        samples = {name: self.inputs(events) for name, events in self.test_events()}
        request = firmware.Request(
            score=wanted.score or self.default_score,
            inputs=self.recipe.inputs,
            target=wanted,
            input_rate_hz=self.recipe.evaluate.input_rate_hz,
        )
        design = firmware.build_design(self.model, request, samples, folder, provenance=self._provenance)
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
        metrics = comparison()(*self.real_and_generated(), seed=self.recipe.seed)
        write_json(self.folder / "generation.json", metrics)
        return metrics

    def report(self) -> Path:
        """Everything on one page: `report.html`."""
        path = self.folder / "report.html"
        write(path, collect(self))
        return path

    @property
    def score_names(self) -> list[str]:
        """The names of all scores of the detector, which `scores_of` gives."""
        terms = list(self.model.outline(self.model.shape))
        return [*terms, *self._sums_of(terms)]

    def scores_of(self, x: Inputs | Iterable[Inputs]) -> dict[str, Float[np.ndarray, " n"]]:
        """All terms of the detector and the sums that the recipe names, `{score: (n,)}`.

        Args:
            x: what `inputs` gives.
        """
        return self._scores(self.model, x)

    @property
    def _provenance(self) -> dict[str, Any]:
        """Where a design comes from."""
        return {
            "run": str(self.folder.absolute()),
            "samples": {sample.name: sample.origin for sample in self.samples},
            "environment": self.environment,
            "recipe": self.recipe.model_dump(mode="json", exclude_none=True),
        }

    def _scores(self, model: Detector, x: Inputs | Iterable[Inputs]) -> dict[str, Float[np.ndarray, " n"]]:
        scores = score(model, x)
        return {**scores, **{expression: scores[expression] for expression in self._sums_of(scores)}}

    def _sums_of(self, terms: Collection[str]) -> list[str]:
        return [text for text in self.recipe.evaluate.sums if weighted_sum.parse(text).keys() <= set(terms)]

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

    def _fitted_baselines(self) -> Baselines:
        """Learned from the training events; to decorrelate scores, not from those in `calibration.h5`, which is written."""
        events = self.training_events()
        if not self.recipe.evaluate.decorrelate:
            return fit_baselines(events, self.recipe.inputs)
        rows = parts(self, len(events))
        baselines = fit_baselines(events[rows.train], self.recipe.inputs)
        calibration = self._test_scores(self.model, self.background, events[rows.valid], baselines)
        write_scores(self.folder / "calibration.h5", [(self.background, calibration)])
        return baselines

    def _save(self, model: Detector, name: str) -> None:
        with replacing(self.folder / name) as temporary:
            model.save(temporary)
