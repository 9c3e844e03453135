"""Scoring on trigger events by ONNX Runtime, for a process with the JAX backend, from which the detector is exported."""

import os

import autoencoder
import numpy as np
import onnxruntime
from jax2onnx import to_onnx

import offshell


def scoring():
    model, x = autoencoder.detector(1), autoencoder.events()
    session = exported(model)
    (name,) = (given.name for given in session.get_inputs())
    np.testing.assert_allclose(session.run(None, {name: x})[0], offshell.score(model, x)["mse"], rtol=1e-3)

    def work(batch):
        for begin in range(0, len(x), batch):
            session.run(None, {name: x[begin : begin + batch]})
        return len(x)

    return {
        "ONNX Runtime, batch 4096": lambda: work(4096),
        "ONNX Runtime, all events": lambda: work(len(x)),
    }


def exported(model):
    graph = to_onnx(lambda x: model(x)["mse"], inputs=[("B", autoencoder.N_FEATURES)])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    return onnxruntime.InferenceSession(graph.SerializeToString(), options, ["CPUExecutionProvider"])
