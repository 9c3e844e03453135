"""The loop over epochs, for one training or for several that share a program and the events."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Integer

from offshell.models.detector import Detector
from offshell.models.terms import weighted_sum
from offshell.train.course import Course, History, Schedule
from offshell.train.program import Program, compile_program, install, start
from offshell.train.progress import progress_bar
from offshell.train.pruning import n_pruning_epochs, settle
from offshell.train.split import Split, checked, n_steps, orders, split

__all__ = ["needs_training", "train"]

Events = Float[np.ndarray, "n ..."]
Groups = Integer[np.ndarray, " n"]


def train(
    models: Sequence[Detector],
    x: Events,
    *,
    losses: Sequence[str],
    learning_rates: Sequence[float],
    seeds: Sequence[int],
    validation: float | Events,
    schedule: Schedule,
    progress: bool,
    groups: Groups | None = None,
    outliers: Mapping[str, Events] | None = None,
) -> list[History]:
    """Train detectors of the same structure in place; options, histories and errors are those of `offshell.fit`.

    There is one loss, one learning rate and one seed for each model.
    """
    x = checked(x)
    if np.ndim(validation):  # events, of whatever kind of array
        validation = checked(np.asarray(validation))
    valid_x = validation if isinstance(validation, np.ndarray) else x
    splits = _of_one_size([split(len(x), validation, seed=seed, groups=groups) for seed in seeds])
    if outliers is not None:
        for model in models:
            model.expose(outliers)
    in_training = needs_training(models, losses, x.shape[1:], valid_x.shape[1:])
    beginnings = [beginning for model in models if (beginning := model.pretraining())]
    if beginnings:
        train(
            beginnings,
            x,
            losses=[beginning.default_loss for beginning in beginnings],
            learning_rates=learning_rates,
            seeds=seeds,
            validation=validation,
            schedule=schedule,
            progress=progress,
            groups=groups,
        )
    schedule = replace(schedule, first=max(1, n_pruning_epochs(models[0])))
    for model, rows in zip(models, splits, strict=True):
        model.adapt(x[rows.train])
    starts = map(start, models, _weights(losses), learning_rates)
    courses = [
        Course(schedule, seed, orders(rows.train, schedule.batch_size, seed=seed), rows.valid, begin, begin)
        for seed, rows, begin in zip(seeds, splits, starts, strict=True)
    ]
    if models[0].trainable_variables:
        program = compile_program(
            models[0],
            steps_per_epoch=n_steps(len(splits[0].train), schedule.batch_size),
            n_members=len(models),
            validated_in_training=in_training,
        )
        try:
            _run(program, courses, x, valid_x, progress=progress)
        finally:
            for course, model in zip(courses, models, strict=True):
                install(course.best, model)
                settle(model)
    for model, rows in zip(models, splits, strict=True):
        model.calibrate(valid_x[rows.valid])
        model.conclude(x[rows.train])
    return [course.history for course in courses]


def _run(program: Program, courses: Sequence[Course], x: Events, valid_x: Events, *, progress: bool) -> None:
    """Epoch after epoch of all trainings that have not stopped."""
    data = jnp.asarray(x)
    valid_data = data if valid_x is x else jnp.asarray(valid_x)
    with progress_bar(courses[0].schedule.epochs, shown=progress) as show:
        while running := [course for course in courses if course.goes_on()]:
            batches = [next(course.orders) for course in running]
            results = program.run_epoch([course.state for course in running], data, batches)
            states, losses = zip(*results, strict=True)
            val_losses = program.validate(states, valid_data, [course.valid for course in running])
            for course, state, loss, val_loss in zip(running, states, losses, val_losses, strict=True):
                course.take(state, loss=float(loss), val_loss=float(val_loss))
            show([course.history for course in courses])


def needs_training(
    models: Sequence[Detector],
    losses: Sequence[str],
    shape: tuple[int, ...],
    valid_shape: tuple[int, ...],
) -> bool:
    """Builds the models, refuses an unknown term before any work, and tells whether validation needs one of training."""
    for model, loss in zip(models, losses, strict=True):
        model.loss_of(model.outline(shape, training=True), loss)
    scored = models[0].outline(valid_shape)
    compared = [model.validated_by or loss for model, loss in zip(models, losses, strict=True)]
    return any(name not in scored for loss in compared for name in weighted_sum.parse(loss))


def _of_one_size(splits: Sequence[Split]) -> list[Split]:
    """One program takes as many events of each training; whole parents make them differ by the events of a parent."""
    n_train = min(len(rows.train) for rows in splits)
    n_valid = min(len(rows.valid) for rows in splits)
    return [Split(rows.train[:n_train], rows.valid[:n_valid]) for rows in splits]


def _weights(losses: Sequence[str]) -> list[dict[str, float]]:
    """The weights of the same terms for each loss, zero where a loss does not name a term."""
    parsed = [weighted_sum.parse(loss) for loss in losses]
    names = dict.fromkeys(name for weights in parsed for name in weights)
    return [{name: weights.get(name, 0.0) for name in names} for weights in parsed]
