"""A coupling flow of the same size in Offshell and in zuko on PyTorch: training, likelihoods and new events per second."""

import workers

UNIT = "events/s"
PACKAGES = ("offshell", "jax", "jaxlib", "keras", "torch", "zuko", "numpy")
TRANSFORMS = ("affine", "spline")
N_FEATURES, BATCH = 30, 256
N_TRAIN, N_SCORED, N_GENERATED, AT_ONCE = 4096, 16_384, 4096, 4096
LAYERS, HIDDEN = 6, (64, 64)

_TIMED = {
    "training": f"one epoch of {N_TRAIN} events in batches of {BATCH} with Adam, nothing but steps, compiled before",
    "likelihood": f"the log-likelihood of {N_SCORED} events, {AT_ONCE} at once, without gradients",
    "generation": f"{N_GENERATED} events drawn",
}
_WORK = [(task, transform) for task in _TIMED for transform in TRANSFORMS]
TIMED = {
    f"{package} {task}, {transform}": _TIMED[task]
    for task, transform in _WORK
    for package in ("offshell", "zuko")
}
RATIOS = tuple((f"offshell {task}, {transform}", f"zuko {task}, {transform}") for task, transform in _WORK)


def cases():
    ours = workers.turns("flow_in_offshell", "cases", backend="jax")
    theirs = workers.turns("flow_in_zuko", "cases", backend="jax")
    return {name: (ours | theirs)[name] for name in TIMED}
