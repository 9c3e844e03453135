"""The networks that are compared, and images to feed them, on either Keras backend."""

import numpy as np
from keras import Input, Model, layers

from offshell import recipe
from offshell.models.build import build

RECIPES = {"16x16": "conv-ae", "40x40": "joint-vae"}
SHAPES = {"16x16": (16, 16, 1), "40x40": (40, 40, 1)}
TRAININGS = (("16x16", 32), ("16x16", 128), ("40x40", 128))  # size of the images, of the batches
N_IMAGES = 4096
N_PIXELS = 40  # of a jet image that are not empty


def detector(size):
    """The detector of the recipe for images of a size, built, and the loss that trains it."""
    settings = recipe.load(RECIPES[size])
    model = build(settings.model, SHAPES[size], seed=settings.seed)
    model(Input(SHAPES[size]))
    return model, settings.train.loss


def notebook():
    """The 16x16 autoencoder as Duarte's hands-on has it, with transposed convolutions."""
    x = inputs = Input(SHAPES["16x16"])
    x = layers.Conv2D(128, 3, strides=2, activation="relu", padding="same")(x)
    x = layers.Conv2D(128, 3, strides=2, activation="relu", padding="same")(x)
    x = layers.Dense(2)(layers.Flatten()(x))
    x = layers.Reshape((4, 4, 128))(layers.Dense(4 * 4 * 128, activation="relu")(x))
    x = layers.Conv2DTranspose(128, 3, strides=2, activation="relu", padding="same")(x)
    x = layers.Conv2DTranspose(1, 3, strides=2, padding="same")(x)
    return Model(inputs, layers.Softmax(axis=[-2, -3])(x))


def images(size):
    """Sparse images that sum to one, as those of jets do."""
    rng = np.random.default_rng(1)
    flat = np.zeros((N_IMAGES, np.prod(SHAPES[size])), np.float32)
    pixels = rng.integers(flat.shape[1], size=(N_IMAGES, N_PIXELS))
    np.put_along_axis(flat, pixels, rng.exponential(size=pixels.shape).astype(np.float32), axis=1)
    return (flat / flat.sum(axis=1, keepdims=True)).reshape(N_IMAGES, *SHAPES[size])
