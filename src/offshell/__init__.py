"""Search for new physics at colliders without assuming a signal.

A detector is a Keras model from events to named terms, one number for each event and term. The training loss is a
weighted sum of terms, and so is an anomaly score; a higher score is more anomalous, everywhere.

```python
jets = offshell.simulate.jets("qcd", 10_000, seed=1)
x = offshell.inputs.images.aligned(jets)
model = offshell.models.PCA(96, shape=x.shape[1:])
offshell.fit(model, x)
offshell.score(model, x)["mse"]
```
"""

import os
from typing import TYPE_CHECKING

import lazy_loader

from offshell.models.stand_ins import announce

if TYPE_CHECKING:
    from offshell import (
        compress,
        datasets,
        evaluate,
        inputs,
        io,
        models,
        monitor,
        pseudo_anomalies,
        report,
        simulate,
        train,
    )
    from offshell.evaluate.scores import score
    from offshell.models.saved import load
    from offshell.train import fit, fit_ensemble

__all__ = [
    "compress",
    "datasets",
    "evaluate",
    "fit",
    "fit_ensemble",
    "inputs",
    "io",
    "load",
    "models",
    "monitor",
    "pseudo_anomalies",
    "report",
    "score",
    "simulate",
    "train",
]
__version__ = "0.1.0"

# Keras chooses its backend when it is first imported; detectors are trained as compiled JAX programs.
os.environ.setdefault("KERAS_BACKEND", "jax")
announce()

# Everything on first use: Keras and JAX take seconds that `offshell --help` does not have.
__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=[
        "compress",
        "datasets",
        "evaluate",
        "inputs",
        "io",
        "models",
        "monitor",
        "pseudo_anomalies",
        "report",
        "simulate",
        "train",
    ],
    submod_attrs={"evaluate.scores": ["score"], "models.saved": ["load"], "train": ["fit", "fit_ensemble"]},
)
