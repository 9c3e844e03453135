"""What clouds are compared in: the features of their particles, their masses and their numbers of particles."""

import numpy as np
from jaxtyping import Float

from offshell.inputs import clouds as layouts
from offshell.inputs import substructure

__all__ = ["PARTICLE_FEATURES", "cloud_features", "relative_clouds"]

PARTICLE_FEATURES = ("eta_rel", "phi_rel", "pt_rel")


def relative_clouds(clouds: Float[np.ndarray, "n particles columns"]) -> Float[np.ndarray, "n particles 4"]:
    """Returns clouds as `eta_rel, phi_rel, pt_rel, mask`, padding all zero, in float64.

    Args:
        clouds: `eta_rel, phi_rel, pt_rel, mask`, or with a column `jet_pt` before the mask, which is left out.

    Raises:
        InputError: If they have another shape, hold NaN, infinite or negative pt_rel, or something else than 0 and 1
            in the mask.
    """
    clouds = np.asarray(clouds)
    if clouds.shape[-1] == layouts.COLUMNS["relative-pt"]:
        clouds = layouts.checked(clouds, layout="relative-pt")[..., [0, 1, 2, 4]]
    clouds = layouts.checked(clouds, layout="relative").astype(np.float64)
    return np.asarray(clouds * clouds[..., 3:])


def cloud_features(
    clouds: Float[np.ndarray, "n particles columns"],
) -> dict[str, Float[np.ndarray, "n numbers"]]:
    """Returns the numbers that make up the distributions of clouds; NaN stands for a particle that a jet does not have.

    - `eta_rel`, `phi_rel` (radians), `pt_rel`: of the particles, (n, particles).
    - `mass`: of the jet in units of its pt, particles taken as massless (Kansal et al., arXiv:2106.11535), (n, 1).
    - `n_particles`: how many there are, (n, 1).

    Args:
        clouds: `eta_rel, phi_rel, pt_rel, mask`, or with a column `jet_pt` before the mask.

    Raises:
        InputError: As for `relative_clouds`.
    """
    clouds = relative_clouds(clouds)
    present = clouds[..., 3] > 0
    features = dict(zip(PARTICLE_FEATURES, np.moveaxis(clouds[..., :3], -1, 0), strict=True))
    return {
        **{name: np.where(present, values, np.nan) for name, values in features.items()},
        "mass": substructure.mass(layouts.to_jets(clouds, pt=1.0))[:, np.newaxis],
        "n_particles": present.sum(axis=1, keepdims=True).astype(float),
    }
