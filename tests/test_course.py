"""The course of a training by hand: when it ends, which state is the best, when the learning rate falls."""

import jax.numpy as jnp
import numpy as np
import pytest

from offshell.errors import InputError, TrainingError
from offshell.train.course import Course, Schedule
from offshell.train.program import State, learning_rate_of, with_learning_rate


def state(epoch):
    """One that can be told from others; its learning rate is one."""
    optimizer = [jnp.zeros(()), jnp.zeros(())]
    return with_learning_rate(State([jnp.asarray(float(epoch))], [], optimizer, {}), 1.0)


def course(**options):
    schedule = Schedule(**({"epochs": 100, "batch_size": 1, "patience": 3, "plateau": 2} | options))
    return Course(schedule, 7, iter(()), np.arange(0), state(0), state(0))


def taken(going, val_losses):
    """Takes epochs as long as it goes on; the number of the epoch of the best state."""
    for epoch, val_loss in enumerate(val_losses, start=1):
        if not going.goes_on():
            break
        now = with_learning_rate(state(epoch), learning_rate_of(going.state))
        going.take(now, loss=10.0 * epoch, val_loss=val_loss)
    return float(going.best.trainable[0])


def test_it_ends_after_as_many_epochs_without_a_better_loss_as_there_is_patience():
    going = course()
    assert taken(going, [5, 4, 4.5, 4.2, 4.1, 1, 1]) == 2
    assert going.history["val_loss"] == [5, 4, 4.5, 4.2, 4.1]
    assert going.history["loss"] == [10, 20, 30, 40, 50]
    assert not going.goes_on()


def test_a_better_loss_in_the_last_epoch_of_patience_lets_it_go_on():
    going = course()
    assert taken(going, [5, 6, 6, 4, 6, 6]) == 4
    assert going.goes_on()


def test_an_equal_loss_is_not_better():
    going = course()
    assert taken(going, [5, 5, 5, 5, 5]) == 1
    assert len(going.history["val_loss"]) == 4


def test_it_ends_after_the_last_epoch_however_good():
    going = course(epochs=4)
    assert taken(going, [5, 4, 3, 2, 1]) == 4
    assert len(going.history["loss"]) == 4


def test_the_learning_rate_is_halved_each_time_a_plateau_is_full():
    going = course(patience=9)
    taken(going, [5, 6, 6, 6, 6, 6, 4, 6, 6, 6])
    # The rate of an epoch is the one with which it began: halved after the second and the fourth without a better loss.
    assert going.history["learning_rate"] == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125]
    assert learning_rate_of(going.best) == 0.25


def test_losses_before_the_first_compared_epoch_count_for_nothing():
    going = course(first=3)
    assert taken(going, [1, 1, 5, 6, 6]) == 3
    assert going.goes_on()
    assert taken(course(first=3), [1, 2]) == 2  # before that, the last is the best


@pytest.mark.parametrize("losses", [{"loss": np.nan}, {"val_loss": np.inf}, {"loss": -np.inf}])
def test_a_loss_that_is_not_finite_ends_it_with_the_epoch_and_the_seed(losses):
    going = course()
    taken(going, [5.0])
    with pytest.raises(TrainingError, match=r"seed 7 stopped in epoch 2\..*lower learning_rate than 1\."):
        going.take(state(2), **({"loss": 1.0, "val_loss": 1.0} | losses))
    assert len(going.history["loss"]) == 1


@pytest.mark.parametrize("name", ["epochs", "batch_size", "patience", "plateau", "first"])
def test_a_schedule_has_at_least_one_of_each(name):
    assert getattr(course(**{name: 1}).schedule, name) == 1
    with pytest.raises(InputError, match=f"{name} is too small. Expected: at least 1. Received: {name}=0"):
        course(**{name: 0})


def test_comparing_begins_in_the_last_epoch_at_the_latest():
    assert course(epochs=3, first=3).schedule.first == 3
    with pytest.raises(InputError, match=r"at least 4 epochs\. Received: epochs=3"):
        course(epochs=3, first=4)
