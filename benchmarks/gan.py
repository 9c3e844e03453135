"""A message-passing GAN of the same size in Offshell and in PyTorch: training and new jets per second.

Both sides make jets once in a step, judge real and generated ones, and move both networks by the least squares losses.
Theirs joins the features of every pair of particles before the first layer, as the code of the MPGAN authors does.
"""

import workers

UNIT = "jets/s"
PACKAGES = ("offshell", "jax", "jaxlib", "keras", "torch", "numpy")
N_PARTICLES = 30
SIZES = {
    "small": {"edge": (32, 32), "node": (32,), "features": 16},
    "published": {"edge": (96, 160, 192), "node": (256, 256), "features": 32},
}
BATCHES = {"small": 128, "published": 16}
N_GENERATED, GENERATED_AT_ONCE = 256, 128

_WORK = [(task, size) for size in SIZES for task in ("training", "generation")]
TIMED = {
    f"{package} {task}, {size}": {
        "training": f"one step of both networks with Adam, {BATCHES[size]} jets",
        "generation": f"{N_GENERATED} jets from noise, {GENERATED_AT_ONCE} at once",
    }[task]
    for task, size in _WORK
    for package in ("offshell", "PyTorch")
}
RATIOS = tuple((f"offshell {task}, {size}", f"PyTorch {task}, {size}") for task, size in _WORK)


def cases():
    ours = workers.turns("gan_in_offshell", "cases", backend="jax")
    theirs = workers.turns("gan_in_torch", "cases", backend="jax")
    return {name: (ours | theirs)[name] for name in TIMED}
