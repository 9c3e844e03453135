"""What people use today for training and scoring on trigger events, for a process with the TensorFlow backend."""

import autoencoder
import keras
import numpy as np
import tensorflow as tf
from autoencoder import BATCH, N_EVENTS
from trigger_training import EPOCHS, SEEDS


def training():
    return {
        "Keras fit, 1 epoch": epoch(autoencoder.detector(1), loss=None),
        "Keras fit of the tutorial, 1 epoch": epoch(autoencoder.tutorial(), loss="mse"),
        "Keras fit, 8 models in turn": in_turn,
    }


def epoch(model, *, loss):
    model.compile("adam", loss=loss)
    data = batches(autoencoder.events(), pairs=loss is not None)

    def work():
        keras.Model.fit(model, data, verbose=0)
        return N_EVENTS

    return work


def in_turn():
    x = autoencoder.events()
    n_valid = N_EVENTS // 10
    valid, train = batches(x[:n_valid], shuffled=False), batches(x[n_valid:])
    for seed in SEEDS:
        model = autoencoder.detector(seed)
        model.adapt(x[n_valid:])
        model.compile("adam")
        keras.Model.fit(model, train, validation_data=valid, epochs=EPOCHS, verbose=0)
    return len(SEEDS) * EPOCHS * N_EVENTS


def scoring():
    return {
        "Keras predict, batch 32": predicted(32),
        "Keras predict, batch 4096": predicted(4096),
        "Keras predict of the tutorial, batch 4096": tutorial_predicted(4096),
    }


def predicted(batch):
    model, data = autoencoder.detector(1), batches(autoencoder.events(), batch, shuffled=False)

    def work():
        model.predict(data, verbose=0)
        return N_EVENTS

    return work


def tutorial_predicted(batch):
    model, x = autoencoder.tutorial(), autoencoder.events()
    data = batches(x, batch, shuffled=False)

    def work():
        np.mean(np.square(model.predict(data, verbose=0) - x), axis=1)
        return N_EVENTS

    return work


def batches(data, batch=BATCH, *, shuffled=True, pairs=False):
    """Batches as Keras itself makes them from arrays, but without autotuning, which makes `fit` and `predict` end late."""
    data, n_events = tf.constant(data), len(data)

    def rows(_):
        order = tf.range(n_events)
        return tf.data.Dataset.from_tensor_slices(tf.random.shuffle(order) if shuffled else order).batch(
            batch
        )

    def gathered(own):
        x = tf.gather(data, own)
        return (x, x) if pairs else x

    options = tf.data.Options()
    options.autotune.enabled = False
    counted = tf.data.experimental.assert_cardinality(-(-n_events // batch))
    return (
        tf.data.Dataset.range(1).flat_map(rows).map(gathered).apply(counted).prefetch(2).with_options(options)
    )
