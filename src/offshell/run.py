"""A run: jets, training, scores, metrics and a report, as stages that read each other's files.

The folder of a run holds `recipe.toml` (resolved), `environment.json`, `model.keras`, `history.json`, `scores.h5`,
`metrics.json` and `report.html`. Each stage starts from those files, so that it can be repeated alone.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from jaxtyping import Float

from offshell import recipe as recipes
from offshell.data.formats import iter_jets
from offshell.data.samples import Sample, named
from offshell.data.store import replacing
from offshell.environment import environment
from offshell.errors import InputError
from offshell.evaluate.baselines import fit_baselines
from offshell.evaluate.scores import score
from offshell.evaluate.table import ScoreMetrics, compare
from offshell.inputs import images
from offshell.models import weighted_sum
from offshell.models.build import build
from offshell.models.detector import Detector
from offshell.report.collect import collect
from offshell.report.html import write
from offshell.settings import Recipe
from offshell.train.fit import fit

__all__ = ["Run"]

Jets = Float[np.ndarray, "n 200 4"]
Images = Float[np.ndarray, "n height width 1"]

log = logging.getLogger(__name__)

_PIPELINES = {"aligned": images.aligned, "plain": images.plain}
_GRIDS = {"aligned": images.ALIGNED, "plain": images.PLAIN}


@dataclass(frozen=True)
class Run:
    """A folder with the results of one recipe."""

    folder: Path

    @classmethod
    def start(cls, recipe: Recipe, folder: Path) -> "Run":
        """A new run; it replaces an earlier one in the same folder, once everything it needs is known to be there.

        Raises:
            InputError: if a sample cannot be had, or the settings do not fit each other.
        """
        _refuse_unfit(recipe)
        _provide(_samples(recipe, folder), recipe)
        run = cls(folder)
        run._remove("model.keras", "history.json", "scores.h5", "metrics.json", "report.html")
        run._write_text("recipe.toml", recipes.to_toml(recipe))
        run._write_json("environment.json", environment(seed=recipe.seed))
        return run

    @cached_property
    def recipe(self) -> Recipe:
        """The resolved recipe."""
        return recipes.load(str(self._existing("recipe.toml")))

    @cached_property
    def model(self) -> Detector:
        """The trained detector."""
        model: Detector = keras.models.load_model(self._existing("model.keras"))
        return model

    @cached_property
    def samples(self) -> list[Sample]:
        """The background and the signals."""
        return _samples(self.recipe, self.folder)

    @property
    def background(self) -> str:
        """The name of the background sample."""
        return self.samples[0].name

    def training_jets(self) -> Jets:
        """The background jets that the detector learns from, `(n, 200, 4)`; none of them is in `test_jets`."""
        settings = self.recipe.samples
        return self.samples[0].jets(settings.n_test, settings.n_test + settings.n_train)

    def test_jets(self) -> Iterator[tuple[str, Jets]]:
        """The jets that are scored by name of the sample, the background first."""
        background, *signals = self.samples
        yield background.name, background.jets(0, self.recipe.samples.n_test)
        for signal in signals:
            yield signal.name, signal.jets(0, self.recipe.samples.n_signal)

    def images(self, jets: Jets) -> Images:
        """What the detector sees of the jets, `(n, height, width, 1)`."""
        return images.remap(self.linear_images(jets), power=self.recipe.inputs.power)

    def linear_images(self, jets: Jets) -> Images:
        """The images before their intensities are remapped, `(n, height, width, 1)`."""
        return _PIPELINES[self.recipe.inputs.image](jets)

    def train(self) -> None:
        """Make and train the detector on background jets: `model.keras` and `history.json`."""
        x = self.images(self.training_jets())
        log.info("Training on %s images of %s", f"{len(x):,}", self.background)
        model = build(self.recipe.model, x.shape[1:], seed=self.recipe.seed)
        history = fit(model, x, seed=self.recipe.seed, **self.recipe.train.model_dump())
        with replacing(self.folder / "model.keras") as temporary:
            model.save(temporary)
        self._write_json("history.json", history)

    def score(self) -> None:
        """Score the test jets with the detector and with the baselines: `scores.h5`."""
        log.info("Learning the baselines from the same jets")
        baselines = fit_baselines(self.training_jets(), self.linear_images)
        with (
            replacing(self.folder / "scores.h5") as temporary,
            h5py.File(temporary, "w", track_order=True) as file,
        ):
            for name, jets in self.test_jets():
                log.info("Scoring %s jets of %s", f"{len(jets):,}", name)
                scores = {**self._detector_scores(self.images(jets)), **baselines(jets)}
                file[name] = np.stack(list(scores.values()), axis=1)
                file[name].attrs["scores"] = list(scores)

    def evaluate(self) -> dict[str, dict[str, ScoreMetrics]]:
        """How well each score separates each signal from the background: `metrics.json`."""
        background, *signals = self.scores.items()
        metrics = compare(background[1], dict(signals))
        self._write_json("metrics.json", metrics)
        return metrics

    def report(self) -> Path:
        """Everything on one page: `report.html`."""
        path = self.folder / "report.html"
        write(path, collect(self))
        return path

    def score_file(self, jets: Path, out: Path, *, label: str | None = None) -> None:
        """Score a file of jets batch by batch into an HDF5 file with one data set for each score.

        Args:
            jets: a file that `offshell.data.formats.iter_jets` reads.
            out: the file to write; it appears only when it is complete.
            label: `"qcd"` or `"top"` to score only these jets.
        """
        with replacing(out) as temporary, h5py.File(temporary, "w") as file:
            scores = self._detector_scores(self.images(batch) for batch in iter_jets(jets, label=label))
            for name, values in scores.items():
                file[name] = values

    @property
    def scores(self) -> dict[str, dict[str, Float[np.ndarray, " n"]]]:
        """The scores of the test jets, `{sample: {score: (n,)}}`, the background first."""
        with h5py.File(self._existing("scores.h5")) as file:
            return {
                name: dict(zip(values.attrs["scores"], np.asarray(values).T, strict=True))
                for name, values in file.items()
            }

    @property
    def metrics(self) -> dict[str, dict[str, ScoreMetrics]]:
        """What `evaluate` found."""
        metrics: dict[str, dict[str, ScoreMetrics]] = self._read_json("metrics.json")
        return metrics

    @property
    def environment(self) -> dict[str, str]:
        """What the run was made with."""
        environment: dict[str, str] = self._read_json("environment.json")
        return environment

    @property
    def history(self) -> dict[str, list[float]]:
        """What `train` recorded."""
        history: dict[str, list[float]] = self._read_json("history.json")
        return history

    def _detector_scores(self, x: Images | Iterable[Images]) -> dict[str, Float[np.ndarray, " n"]]:
        scores = score(self.model, x)
        return {**scores, **{expression: scores[expression] for expression in self.recipe.evaluate.sums}}

    def _existing(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            raise InputError(
                f"{self.folder} is not a complete run. Expected: a file {name} in it. Received: none."
            )
        return path

    def _read_json(self, name: str) -> Any:  # noqa: ANN401 - anything JSON knows
        return json.loads(self._existing(name).read_text())

    def _remove(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def _write_json(self, name: str, content: Any) -> None:  # noqa: ANN401 - anything JSON knows
        self._write_text(name, json.dumps(content, indent=2))

    def _write_text(self, name: str, text: str) -> None:
        with replacing(self.folder / name) as temporary:
            temporary.write_text(text)


def _samples(recipe: Recipe, folder: Path) -> list[Sample]:
    """The samples that a recipe names, the background first; simulated ones are shared by the runs beside `folder`."""
    settings, shared = recipe.samples, folder.parent / "samples"
    wanted = (settings.background, *settings.signals)
    found = [named(name, seed=recipe.seed, detector=settings.detector, folder=shared) for name in wanted]
    names = [sample.name for sample in found]
    if len(set(names)) < len(names):
        raise InputError(
            "Samples need different names: a process, the label in a file, or else the name of the file. "
            f"Expected: each name once. Received: {', '.join(names)}."
        )
    return found


def _provide(samples: list[Sample], recipe: Recipe) -> None:
    settings = recipe.samples
    needed = [settings.n_test + settings.n_train, *(settings.n_signal for _ in settings.signals)]
    # Files of the user come first, because a damaged one should be known before minutes of simulation.
    for sample, n_jets in sorted(
        zip(samples, needed, strict=True), key=lambda pair: pair[0].simulation is not None
    ):
        sample.provide(n_jets)


def _refuse_unfit(recipe: Recipe) -> None:
    """Raises InputError if network and images do not fit, or the loss or a score names an unknown term."""
    shape = (*_GRIDS[recipe.inputs.image].shape, 1)
    terms = build(recipe.model, shape, seed=recipe.seed).outline(shape)
    for expression in (recipe.train.loss, *recipe.evaluate.sums):
        weighted_sum.evaluate(expression, terms)
