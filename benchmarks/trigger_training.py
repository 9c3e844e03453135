"""Training the autoencoder of the trigger tutorial, in Offshell and with `fit` of Keras on TensorFlow, events per second."""

import workers

UNIT = "events/s"
PACKAGES = ("offshell", "jax", "jaxlib", "keras", "tensorflow-cpu", "numpy")
EPOCHS = 3
SEEDS = range(8)

_WHOLE = f"{EPOCHS} epochs with validation, from making the models to their last weights, with compilation"
TIMED = {
    "offshell.fit, 1 epoch": "one epoch of offshell.fit without validation, data on the device, compiled before",
    "Keras fit, 1 epoch": "one epoch of model.fit of the same detector, loss and optimizer, compiled before",
    "Keras fit of the tutorial, 1 epoch": "one epoch of model.fit of the tutorial's network, compiled before",
    "offshell.fit_ensemble, 8 models": _WHOLE,
    "offshell.fit, 8 models in turn": _WHOLE,
    "Keras fit, 8 models in turn": _WHOLE,
}
RATIOS = (
    ("offshell.fit, 1 epoch", "Keras fit, 1 epoch"),
    ("offshell.fit, 1 epoch", "Keras fit of the tutorial, 1 epoch"),
    ("offshell.fit_ensemble, 8 models", "offshell.fit, 8 models in turn"),
    ("offshell.fit_ensemble, 8 models", "Keras fit, 8 models in turn"),
)


def cases():
    ours = workers.turns("trigger_in_offshell", "training", backend="jax")
    theirs = workers.turns("trigger_in_tensorflow", "training", backend="tensorflow")
    return {name: (ours | theirs)[name] for name in TIMED}
