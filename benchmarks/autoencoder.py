"""The autoencoder of the trigger tutorial, 57-32-16-3-16-32-57, on either Keras backend, and events to feed it."""

import keras
import numpy as np
from keras import Input, Model, layers

from offshell.models import Autoencoder, networks
from offshell.models.scaling.events import Standardize

BATCH = 1024
N_FEATURES = 57
N_EVENTS = 100 * BATCH


def detector(seed):
    """As a detector that scales its events, built."""
    keras.utils.set_random_seed(seed)
    style = {"activation": "leaky_relu", "normalize": True}
    model = Autoencoder(
        networks.dense_encoder(N_FEATURES, hidden=(32, 16), size=3, **style),
        networks.dense_decoder(3, hidden=(16, 32), features=N_FEATURES, **style),
        scaling=Standardize(),
    )
    model(Input((N_FEATURES,)))
    return model


def tutorial():
    """As the tutorial has it, with batch normalization of the events for a scaling."""
    x = inputs = Input((N_FEATURES,))
    x = layers.BatchNormalization()(x)
    for width in (32, 16):
        x = layers.LeakyReLU(0.3)(layers.BatchNormalization()(layers.Dense(width)(x)))
    x = layers.Dense(3)(x)
    for width in (16, 32):
        x = layers.LeakyReLU(0.3)(layers.BatchNormalization()(layers.Dense(width)(x)))
    return Model(inputs, layers.Dense(N_FEATURES)(x))


def events():
    """Random numbers of the shape of trigger objects; speed does not depend on what they mean."""
    return np.random.default_rng(1).normal(size=(N_EVENTS, N_FEATURES)).astype(np.float32)
