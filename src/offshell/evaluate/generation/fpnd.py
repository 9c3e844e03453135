"""The Frechet ParticleNet distance: how far jets are from JetNet's own, as a classifier sees them.

The package jetnet (version 0.2.5, MIT license) ships the weights of the classifier, and mean and covariance of what it
says of 50,000 of JetNet's gluon, light-quark and top jets. Only these files are read: its own functions also want PyTorch
Geometric and torch-cluster.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError, MissingDependencyError, from_extra
from offshell.evaluate.generation.cloud_features import relative_clouds
from offshell.evaluate.generation.frechet import Gaussian, gaussian_distance
from offshell.evaluate.generation.particle_net import ParticleNet, activations, folded
from offshell.inputs.clouds import N_PARTICLES

__all__ = ["MOST_JETS", "JetType", "frechet_particlenet_distance"]

JetType = Literal["g", "q", "t"]
"""Gluon, light quark, top quark."""

MOST_JETS = 50_000
"""More are not looked at, as in jetnet. The distance grows as there are fewer."""

_FEWEST_JETS = 257  # one more than there are activations
_FILES = Path("evaluation/fpnd_resources/jetnet/30_particles")
# Of the jets that the network was trained on: the largest absolute value of each feature, and what is added then.
_LARGEST = np.array([1.6211985349655151, 0.520724892616272, 0.8934717178344727], np.float32)
_SHIFT = np.array([0.0, 0.0, -0.5], np.float32)


def frechet_particlenet_distance(clouds: Float[np.ndarray, "n 30 columns"], jet_type: JetType) -> float:
    """Returns the FPND of Kansal et al. (arXiv:2106.11535): zero where jets cannot be told from JetNet's.

    It is the distance of `gaussian_distance` between the activations of ParticleNet for these jets and for JetNet's of
    that type, and equals `jetnet.evaluation.fpnd`. Half a minute of CPU for 10,000 jets.

    Args:
        clouds: `eta_rel, phi_rel, pt_rel, mask` of 30 particles by falling pt, or with a column `jet_pt` before the mask.
            The first 50,000 count; published numbers are those of as many.
        jet_type: Which of JetNet's jets they are held against.

    Raises:
        InputError: If clouds have another shape or number of particles, hold NaN, infinite or negative pt_rel, or a mask
            of other than 0 and 1; if there are fewer than 257; or for another type of jet.
        MissingDependencyError: If jetnet or PyTorch, which reads its weights, is not installed.
    """
    if jet_type not in (known := ("g", "q", "t")):
        raise InputError(f"No such jet_type. Expected: {', '.join(known)}. Received: {jet_type!r}.")
    particles = _checked(clouds[:MOST_JETS])
    network, real = _network(), _real_jets(jet_type)
    return gaussian_distance(real, Gaussian.of(activations(network, particles / _LARGEST + _SHIFT)))


def _checked(clouds: Float[np.ndarray, "n particles columns"]) -> Float[np.ndarray, "n 30 3"]:
    particles = relative_clouds(clouds)[..., :3].astype(np.float32)
    if len(particles) < _FEWEST_JETS or particles.shape[1] != N_PARTICLES:
        raise InputError(
            f"Wrong clouds. Expected: at least {_FEWEST_JETS} jets of {N_PARTICLES} particles. "
            f"Received: {len(particles)} of {particles.shape[1]}."
        )
    return particles


@cache
def _network() -> ParticleNet:
    path = _folder() / "pnet_state_dict.pt"
    with from_extra("fpnd", needed="FPND needs PyTorch to read the weights of jetnet"):
        import torch  # noqa: PLC0415 - an extra
    state = torch.load(path, map_location="cpu", weights_only=True)
    return folded({name: values.numpy() for name, values in state.items()})


@cache
def _real_jets(jet_type: JetType) -> Gaussian:
    mean, covariance = (np.loadtxt(_folder() / f"{jet_type}_{name}.txt") for name in ("mu", "sigma"))
    return Gaussian(mean, covariance)


def _folder() -> Path:
    """Found without importing jetnet, which takes seconds and imports far more than is needed here."""
    found = find_spec("jetnet")
    if found is None or not found.submodule_search_locations:
        raise MissingDependencyError(
            "FPND needs the files of jetnet. Expected: pip install 'offshell[fpnd]'. Received: no package jetnet."
        )
    return Path(found.submodule_search_locations[0]) / _FILES
