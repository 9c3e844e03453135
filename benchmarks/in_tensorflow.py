"""What people use today for training and scoring, for a process with the TensorFlow backend."""

import networks
import numpy as np
import tensorflow as tf

BATCHES = (32, 1024)  # what `predict` does when it is not told


def training():
    same = {f"Keras fit, {size}, batch {batch}": epoch(size, batch) for size, batch in networks.TRAININGS}
    notebook = {
        f"Keras fit of the notebook, {size}, batch {batch}": notebook_epoch(size, batch)
        for size, batch in networks.TRAININGS
        if size == "16x16"
    }
    return same | notebook


def batches(data, batch, *, shuffled=False):
    # With autotuning, as for NumPy arrays, `fit` and `predict` often end late, at 0.7, 1.3, 2.6 ... seconds.
    dataset = tf.data.Dataset.from_tensor_slices(data)
    dataset = (dataset.shuffle(networks.N_IMAGES) if shuffled else dataset).batch(batch)
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def epoch(size, batch):
    (model, loss), x = networks.detector(size), networks.images(size)
    model.compile("adam", loss=loss)
    data = batches(x, batch, shuffled=True)

    def work():
        model.fit(data, verbose=0)
        return len(x)

    return work


def notebook_epoch(size, batch):
    model, x = networks.notebook(), networks.images(size)
    model.compile("adam", loss="mse")
    data = batches((x, x), batch, shuffled=True)

    def work():
        model.fit(data, verbose=0)
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
    data = batches(x, batch)

    def work():
        model.predict(data, verbose=0)
        return len(x)

    return work


def notebook_scores(batch):
    model, x = networks.notebook(), networks.images("16x16")
    data = batches(x, batch)

    def work():
        np.mean(np.square(model.predict(data, verbose=0) - x), axis=(1, 2, 3))
        return len(x)

    return work
