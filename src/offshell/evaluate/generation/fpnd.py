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

__all__ = ["JetType", "frechet_particlenet_distance", "of_jetnet", "particlenet_activations"]

JetType = Literal["g", "q", "t"]
"""Gluon, light quark, top quark."""

_MOST_JETS = 50_000  # of which jetnet takes its numbers

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
            The first 50,000 count; published numbers are those of as many. The distance of fewer is larger.
        jet_type: Which of JetNet's jets they are held against.

    Raises:
        InputError: If clouds have another shape or number of particles, hold NaN, infinite or negative pt_rel, or a mask
            of other than 0 and 1; if there are fewer than 257; or for another type of jet.
        MissingDependencyError: If jetnet or PyTorch, which reads its weights, is not installed.
    """
    _refuse_unknown(jet_type)
    found = particlenet_activations(clouds[:_MOST_JETS])
    return gaussian_distance(of_jetnet(jet_type), Gaussian.of(found))


def particlenet_activations(clouds: Float[np.ndarray, "n 30 columns"]) -> Float[np.ndarray, "n 256"]:
    """Returns what the classifier says of each jet in its last hidden layer.

    Args:
        clouds: As for `frechet_particlenet_distance`.

    Raises:
        InputError: As for `frechet_particlenet_distance`.
        MissingDependencyError: Likewise.
    """
    particles = _checked(clouds)
    return activations(_network(), particles / _LARGEST + _SHIFT)


@cache
def of_jetnet(jet_type: JetType) -> Gaussian:
    """Returns mean and covariance of the same for 50,000 of JetNet's jets.

    Args:
        jet_type: Of these jets.

    Raises:
        InputError: There is no such type.
        MissingDependencyError: jetnet is not installed.
    """
    _refuse_unknown(jet_type)
    mean, covariance = (np.loadtxt(_folder() / f"{jet_type}_{name}.txt") for name in ("mu", "sigma"))
    return Gaussian(mean, covariance)


def _refuse_unknown(jet_type: JetType) -> None:
    if jet_type not in (known := ("g", "q", "t")):
        raise InputError(f"No such jet_type. Expected: {', '.join(known)}. Received: {jet_type!r}.")


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


def _folder() -> Path:
    """Found without importing jetnet, which takes seconds and imports far more than is needed here."""
    found = find_spec("jetnet")
    if found is None or not found.submodule_search_locations:
        raise MissingDependencyError(
            "FPND needs the files of jetnet. Expected: pip install 'offshell[fpnd]'. Received: no package jetnet."
        )
    return Path(found.submodule_search_locations[0]) / _FILES
