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

if TYPE_CHECKING:
    from offshell import compress, data, evaluate, inputs, models, monitor, report, simulate
    from offshell.evaluate.scores import score
    from offshell.train.ensemble import fit_ensemble
    from offshell.train.fit import fit

__all__ = [
    "compress",
    "data",
    "evaluate",
    "fit",
    "fit_ensemble",
    "inputs",
    "models",
    "monitor",
    "report",
    "score",
    "simulate",
]
__version__ = "0.1.0"

# Keras chooses its backend when it is first imported; detectors are trained as compiled JAX programs.
os.environ.setdefault("KERAS_BACKEND", "jax")

# Everything on first use: Keras and JAX take seconds that `offshell --help` does not have.
__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=["compress", "data", "evaluate", "inputs", "models", "monitor", "report", "simulate"],
    submod_attrs={"evaluate.scores": ["score"], "train.ensemble": ["fit_ensemble"], "train.fit": ["fit"]},
)
