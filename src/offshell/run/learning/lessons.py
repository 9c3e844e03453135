"""What the detector of a run learns from: background, and for the student of a committee also what that tells of it."""

import logging
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from offshell.evaluate.baselines.fit import Baselines
from offshell.evaluate.scores import score
from offshell.inputs.prepare import prepare, shape
from offshell.io.replacing import replacing
from offshell.models.build import build
from offshell.models.detector import Detector
from offshell.models.one_class.recollection import Recollection
from offshell.models.outlier_exposure.calibration import Calibration
from offshell.models.outlier_exposure.outlier_exposure import OutlierExposureSettings
from offshell.models.saved import load
from offshell.recipe import Recipe
from offshell.run.outliers import families_of
from offshell.run.results import Results
from offshell.settings import Observables
from offshell.train.fit import fit
from offshell.train.split import split

__all__ = ["Lesson", "and_teacher", "lesson_of"]

Jets = Float[np.ndarray, "n particles 4"]

log = logging.getLogger(__name__)

_SEEN = Observables()
_FILE = "teacher.keras"

# A student need not tell apart what the background looks like less often than once in e^9, 8,000 jets.
_RAREST = 9.0


@dataclass(frozen=True)
class Lesson:
    """What a detector learns from.

    Attributes:
        x: the background and, for the student of a committee, pseudo-anomalies after it, `(n, ...)`, as the detector sees them.
        groups: their parents, where events share some.
        teacher: of a student, which knows what the committee tells of each of them.
    """

    x: Float[np.ndarray, "n ..."]
    groups: Int[np.ndarray, " n"] | None = None
    teacher: Recollection | None = None


def lesson_of(run: Results, events: Float[np.ndarray, "n rows 4"]) -> Lesson:
    r"""What the detector of a run learns from.

    The student of a committee learns $-\ln p_b$ of the sum of all its families, at most 9, measured on those jets that no
    classifier has learned from. The committee is made if it is not there yet: `teacher.keras`.

    Args:
        run: which is under way.
        events: the background for training and validation, jets `(n, particles, 4)` or events `(n, 19, 4)`.
    """
    committee = _committee(run)
    if not committee:
        return Lesson(run.inputs(events), run.training_parents)
    shown = [events, *(made for _, made in families_of(run.recipe, events))]
    teacher = _teacher(run, committee, events)
    values = [_told(teacher, jets)[:, None] for jets in shown]
    rareness = Calibration(scores=1)
    rareness.adapt(values[0][split(len(events), run.recipe.train.validation, seed=run.recipe.seed).valid])
    answers = np.minimum(np.asarray(rareness(np.concatenate(values)))[:, 0], _RAREST)
    x = np.concatenate([run.inputs(jets) for jets in shown])
    return Lesson(x, teacher=Recollection(x, answers))


def and_teacher(run: Results, baselines: Baselines) -> Baselines:
    """Baselines and, of a student, the committee that it learned from: the score `teacher`."""
    if not _committee(run):
        return baselines
    teacher = load(run.existing(_FILE))
    return lambda jets: {**baselines(jets), "teacher": _told(teacher, jets)}


def _committee(run: Results) -> OutlierExposureSettings | None:
    """The table of the teacher; None for a detector that has none, or another one."""
    committee = run.recipe.committee
    return None if committee is run.recipe.model else committee


def _teacher(run: Results, committee: OutlierExposureSettings, jets: Jets) -> Detector:
    if not (run.folder / _FILE).exists():
        trained = _trained(run.recipe, committee, jets)
        with replacing(run.folder / _FILE) as temporary:
            trained.save(temporary)
    return load(run.folder / _FILE)


def _trained(recipe: Recipe, committee: OutlierExposureSettings, jets: Jets) -> Detector:
    """On observables of jets, and of pseudo-anomalies that are made of them."""
    outliers = {family: prepare(made, _SEEN) for family, made in families_of(recipe, jets)}
    log.info("Training the teacher on %s jets", f"{len(jets):,}")
    teacher = build(committee, shape(_SEEN), seed=recipe.seed)
    fit(
        teacher,
        prepare(jets, _SEEN),
        outliers=outliers,
        validation=recipe.train.validation,
        seed=recipe.seed,
        progress=False,
    )
    return teacher


def _told(teacher: Detector, jets: Jets) -> Float[np.ndarray, " n"]:
    return score(teacher, prepare(jets, _SEEN))[teacher.default_loss]
