"""How well a generator does: distances of generated from real jets, each beside that of real jets from real jets."""

from typing import NamedTuple, TypedDict

import numpy as np
from jaxtyping import Bool, Float

from offshell.errors import InputError
from offshell.evaluate.generation import coverage, energy_flow
from offshell.evaluate.generation.cloud_features import PARTICLE_FEATURES, cloud_features, relative_clouds
from offshell.evaluate.generation.frechet import frechet_physics_distance
from offshell.evaluate.generation.kernel_distance import kernel_physics_distance
from offshell.evaluate.generation.wasserstein import wasserstein

__all__ = ["METRICS", "GenerationMetric", "compare_generated"]

METRICS = (
    "w1_mass",
    "w1_particles",
    *(f"w1_{name}" for name in PARTICLE_FEATURES),
    "w1_efp",
    "fpd",
    "kpd",
    "coverage",
    "mmd",
)
"""The names of the metrics; of `coverage` more is better, of all others less."""

_FEWEST_JETS = 20


class GenerationMetric(TypedDict):
    """A metric of generated jets with its error, and the same of as many real jets: the floor, which none can beat."""

    value: float
    error: float
    floor: float
    floor_error: float


class _Sample(NamedTuple):
    """What the metrics see of some jets."""

    clouds: Float[np.ndarray, "n particles 4"]
    particles: Float[np.ndarray, "n particles 3"]
    mass: Float[np.ndarray, "n 1 1"]
    polynomials: Float[np.ndarray, "n 36"]


def compare_generated(
    real: Float[np.ndarray, "n particles columns"],
    generated: Float[np.ndarray, "m particles columns"],
    *,
    seed: int,
) -> dict[str, GenerationMetric]:
    """Returns how far generated jets are from real ones, and how far real jets are from real ones.

    Most of these distances grow as samples shrink, even if nothing is wrong. So the real jets are split in two halves:
    the generated ones, as many, are compared with the first half, and so are the jets of the second half.

    - `w1_mass`: Wasserstein distance of the jet mass in units of the jet's pt.
    - `w1_eta_rel`, `w1_phi_rel`, `w1_pt_rel`, `w1_particles`: those of the features of the particles, and their mean.
    - `w1_efp`: mean of those of five energy-flow polynomials (all as Kansal et al., arXiv:2106.11535).
    - `fpd`, `kpd`: Frechet and kernel physics distance of 36 energy-flow polynomials (Kansal et al., arXiv:2211.10295).
    - `coverage`, `mmd`: share of real jets that are covered, and minimum matching distance, both from energy mover's
      distances of 100 to 100 jets (Achlioptas et al., arXiv:1707.02392).

    Errors are standard deviations of resampled jets. Numbers of other papers are those of 50,000 jets.

    Args:
        real: `eta_rel, phi_rel, pt_rel, mask`, or with a column `jet_pt` before the mask; jets that no generator was
            trained on. Best twice as many as there are generated ones.
        generated: The same of generated jets.
        seed: Of the halves and of the resampling.

    Returns:
        A metric for each of `METRICS`, ready for JSON.

    Raises:
        InputError: If clouds have another shape, hold NaN, infinite or negative pt_rel, or a mask of other than 0 and 1;
            if none has a particle; or if there are fewer than 40 real or 20 generated jets.
        MissingDependencyError: If POT is not installed.
    """
    rng = np.random.default_rng(seed)
    reference, second_half, compared = (_sample(clouds) for clouds in _equal_parts(real, generated, rng))
    found, floors = (_distances(reference, other, rng) for other in (compared, second_half))
    return {
        name: GenerationMetric(value=value, error=error, floor=floors[name][0], floor_error=floors[name][1])
        for name, (value, error) in found.items()
    }


def _equal_parts(
    real: Float[np.ndarray, "n particles columns"],
    generated: Float[np.ndarray, "m particles columns"],
    rng: np.random.Generator,
) -> list[Float[np.ndarray, "part particles 4"]]:
    """Two halves of the real jets and the generated ones, as many in each, drawn without replacement."""
    of_real, of_generated = (
        _checked(real, "real", 2 * _FEWEST_JETS),
        _checked(generated, "generated", _FEWEST_JETS),
    )
    size = min(len(of_real) // 2, len(of_generated))
    halves = rng.permutation(of_real)[: 2 * size]
    return [halves[:size], halves[size:], rng.permutation(of_generated)[:size]]


def _checked(
    clouds: Float[np.ndarray, "n particles columns"], name: str, fewest: int
) -> Float[np.ndarray, "n particles 4"]:
    clouds = relative_clouds(clouds)
    if len(clouds) < fewest:
        raise InputError(f"Too few {name} jets. Expected: at least {fewest}. Received: {len(clouds)}.")
    if (n_empty := int((clouds[..., 2].sum(axis=1) <= 0).sum())) > 0:
        raise InputError(
            f"Empty {name} jets. Expected: a particle with pt in each. Received: {n_empty} without."
        )
    return clouds


def _sample(clouds: Float[np.ndarray, "n particles 4"]) -> _Sample:
    features = cloud_features(clouds)
    particles = np.stack([features[name] for name in PARTICLE_FEATURES], axis=-1)
    return _Sample(clouds, particles, features["mass"][..., np.newaxis], energy_flow.polynomials(clouds))


def _distances(real: _Sample, other: _Sample, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Each metric with its error."""
    prime = energy_flow.prime_of_four()
    batches = coverage.of_batches(real.clouds, other.clouds, rng=rng)
    covered, matched = ((float(x.mean()), float(x.std(ddof=1) / len(x) ** 0.5)) for x in batches.T)
    return {
        "w1_mass": _mean(*wasserstein(real.mass, other.mass, rng=rng)),
        **_of_particles(*wasserstein(real.particles, other.particles, rng=rng)),
        "w1_efp": _mean(*wasserstein(_of_jets(real, prime), _of_jets(other, prime), rng=rng)),
        "fpd": frechet_physics_distance(real.polynomials, other.polynomials, rng=rng),
        "kpd": kernel_physics_distance(real.polynomials, other.polynomials, rng=rng),
        "coverage": covered,
        "mmd": matched,
    }


def _of_jets(sample: _Sample, chosen: Bool[np.ndarray, " 36"]) -> Float[np.ndarray, "n 1 features"]:
    return sample.polynomials[:, np.newaxis, chosen]


def _of_particles(
    values: Float[np.ndarray, " 3"], resampled: Float[np.ndarray, "resamples 3"]
) -> dict[str, tuple[float, float]]:
    each = {
        f"w1_{name}": _mean(values[i : i + 1], resampled[:, i : i + 1])
        for i, name in enumerate(PARTICLE_FEATURES)
    }
    return {"w1_particles": _mean(values, resampled), **each}


def _mean(
    values: Float[np.ndarray, " features"], resampled: Float[np.ndarray, "resamples features"]
) -> tuple[float, float]:
    """The mean over features, and the bootstrap error of this mean."""
    return float(values.mean()), float(resampled.mean(axis=1).std(ddof=1))
