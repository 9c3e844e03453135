"""Scoring with the autoencoder of the trigger tutorial: `offshell.score`, `predict` of Keras, ONNX Runtime, events per second."""

import workers

UNIT = "events/s"
PACKAGES = ("offshell", "jax", "jaxlib", "keras", "tensorflow-cpu", "onnxruntime", "jax2onnx", "numpy")

_PREDICT = "model.predict of the same detector from tf.data to NumPy, compiled before"
_ONNX = "InferenceSession.run of the same detector, exported by jax2onnx, from NumPy to NumPy"
TIMED = {
    "offshell.score": "offshell.score from NumPy to NumPy, input checked, compiled before",
    "Keras predict, batch 32": _PREDICT,
    "Keras predict, batch 4096": _PREDICT,
    "Keras predict of the tutorial, batch 4096": "model.predict of the tutorial's network and the squared error in NumPy",
    "ONNX Runtime, batch 4096": _ONNX,
    "ONNX Runtime, all events": _ONNX,
}
RATIOS = tuple(("offshell.score", theirs) for theirs in TIMED if theirs != "offshell.score")


def cases():
    ours = workers.turns("trigger_in_offshell", "scoring", backend="jax")
    keras = workers.turns("trigger_in_tensorflow", "scoring", backend="tensorflow")
    onnx = workers.turns("trigger_in_onnx", "scoring", backend="jax")
    return {name: (ours | keras | onnx)[name] for name in TIMED}
