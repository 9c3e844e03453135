"""What people use today for training and scoring, for a process with the TensorFlow backend."""

import networks
import numpy as np

BATCHES = (32, 1024)  # what `predict` does when it is not told, and what `offshell.score` does


def training():
    same = {f"Keras fit, {size}, batch {batch}": epoch(size, batch) for size, batch in networks.TRAININGS}
    notebook = {
        f"Keras fit of the notebook, {size}, batch {batch}": notebook_epoch(size, batch)
        for size, batch in networks.TRAININGS
        if size == "16x16"
    }
    return same | notebook


def epoch(size, batch):
    (model, loss), x = networks.detector(size), networks.images(size)
    model.compile("adam", loss=loss)

    def work():
        model.fit(x, batch_size=batch, verbose=0)
        return len(x)

    return work


def notebook_epoch(size, batch):
    model, x = networks.notebook(), networks.images(size)
    model.compile("adam", loss="mse")

    def work():
        model.fit(x, x, batch_size=batch, verbose=0)
        return len(x)

    return work


def scoring():
    same = {
        f"Keras predict, {size}, batch {batch}": terms(size, batch)
        for size in networks.SHAPES
        for batch in BATCHES
    }
    notebook = {
        f"Keras predict of the notebook, 16x16, batch {batch}": notebook_scores(batch) for batch in BATCHES
    }
    return same | notebook


def terms(size, batch):
    (model, _), x = networks.detector(size), networks.images(size)

    def work():
        model.predict(x, batch_size=batch, verbose=0)
        return len(x)

    return work


def notebook_scores(batch):
    model, x = networks.notebook(), networks.images("16x16")

    def work():
        np.mean(np.square(model.predict(x, batch_size=batch, verbose=0) - x), axis=(1, 2, 3))
        return len(x)

    return work
