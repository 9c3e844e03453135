"""One epoch of training in Offshell against `fit` of Keras on TensorFlow, jets per second."""

import workers

UNIT = "jets/s"
PACKAGES = ("offshell", "jax", "jaxlib", "keras", "tensorflow-cpu", "numpy")

_OURS = "one epoch of offshell.fit without validation, data on the device, compiled before"
_SAME = "one epoch of model.fit of the same network, loss and optimizer, from tf.data, compiled before"
_NOTEBOOK = "one epoch of model.fit of the notebook's network (transposed convolutions), from tf.data, compiled before"
TIMED = {
    "offshell.fit, 16x16, batch 32": _OURS,
    "Keras fit, 16x16, batch 32": _SAME,
    "Keras fit of the notebook, 16x16, batch 32": _NOTEBOOK,
    "offshell.fit, 16x16, batch 128": _OURS,
    "Keras fit, 16x16, batch 128": _SAME,
    "Keras fit of the notebook, 16x16, batch 128": _NOTEBOOK,
    "offshell.fit, 40x40, batch 128": _OURS,
    "Keras fit, 40x40, batch 128": _SAME,
}
RATIOS = (
    ("offshell.fit, 16x16, batch 32", "Keras fit, 16x16, batch 32"),
    ("offshell.fit, 16x16, batch 32", "Keras fit of the notebook, 16x16, batch 32"),
    ("offshell.fit, 16x16, batch 128", "Keras fit, 16x16, batch 128"),
    ("offshell.fit, 16x16, batch 128", "Keras fit of the notebook, 16x16, batch 128"),
    ("offshell.fit, 40x40, batch 128", "Keras fit, 40x40, batch 128"),
)


def cases():
    ours = workers.turns("in_offshell", "training", backend="jax")
    theirs = workers.turns("in_tensorflow", "training", backend="tensorflow")
    return {name: (ours | theirs)[name] for name in TIMED}
