"""All terms of all jets by `offshell.score` against `predict` of Keras on TensorFlow, jets per second."""

import workers

UNIT = "jets/s"
PACKAGES = ("offshell", "jax", "jaxlib", "keras", "tensorflow-cpu", "numpy")

_OURS = "offshell.score from NumPy to NumPy, input checked, compiled before"
_SAME = "model.predict of the same detector from tf.data to NumPy, compiled before"
_NOTEBOOK = (
    "model.predict of the notebook's network from tf.data and the squared error in NumPy, compiled before"
)
TIMED = {
    "offshell.score, 16x16, batch 128": _OURS,
    "offshell.score, 16x16, batch 1024": _OURS,
    "Keras predict, 16x16, batch 32": _SAME,
    "Keras predict, 16x16, batch 1024": _SAME,
    "Keras predict of the notebook, 16x16, batch 32": _NOTEBOOK,
    "Keras predict of the notebook, 16x16, batch 1024": _NOTEBOOK,
    "offshell.score, 40x40, batch 128": _OURS,
    "offshell.score, 40x40, batch 1024": _OURS,
    "Keras predict, 40x40, batch 32": _SAME,
    "Keras predict, 40x40, batch 1024": _SAME,
}
RATIOS = tuple(
    (ours, theirs)
    for ours in TIMED
    for theirs in TIMED
    if ours.startswith("offshell") and theirs.startswith("Keras")
    if ours.split(", ")[1] == theirs.split(", ")[1]
)


def cases():
    ours = workers.turns("in_offshell", "scoring", backend="jax")
    theirs = workers.turns("in_tensorflow", "scoring", backend="tensorflow")
    return {name: (ours | theirs)[name] for name in TIMED}
