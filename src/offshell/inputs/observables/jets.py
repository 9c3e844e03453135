"""Substructure as an input: from the particles of jets to numbers with names."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError, did_you_mean
from offshell.inputs.constituents import checked
from offshell.inputs.observables import correlators, flow_polynomials, grooming, prongs, shapes, subjets
from offshell.inputs.observables.particles import particles_of

__all__ = ["DOZEN", "FULL", "INFRARED_SAFE", "of_jets"]

_GROUPS = (
    (shapes.NAMES, shapes.shapes),
    (grooming.NAMES, grooming.grooming),
    (subjets.NAMES, subjets.subjets),
    (prongs.NAMES, prongs.prongs),
    (correlators.NAMES, correlators.correlators),
    (flow_polynomials.NAMES, flow_polynomials.flow_polynomials),
)
_JETS_PER_BLOCK = 1024

INFRARED_SAFE = (
    *("mass", "mass_over_pt", "lha", "width", "thrust", "eccentricity"),
    *("soft_drop_mass", "soft_drop_mass_beta1", "zg", "rg", "axes_angle"),
    *subjets.NAMES,
    *("tau1", "tau21", "tau32", "tau43", "tau54", "tau65"),
    *("tau1_beta2", "tau21_beta2", "tau32_beta2", "tau43_beta2", "tau54_beta2", "tau65_beta2"),
    *correlators.NAMES,
)
"""47 observables that neither a soft particle nor a collinear splitting changes; none counts particles."""

FULL = (
    *INFRARED_SAFE,
    *("pt", "n_constituents", "n_90", "n_groomed", "n_soft_drop", "pt_dispersion", "leading_1", "leading_3"),
    *("tau2", "tau3", "tau4", "tau5", "tau6"),
    *flow_polynomials.NAMES,
)
"""80 observables: the infrared-safe ones, numbers of particles and how they share the momentum, energy flow polynomials."""

DOZEN = (
    *("mass", "n_constituents", "width", "eccentricity", "pt_dispersion", "leading_3"),
    *("soft_drop_mass", "tau2", "tau3", "tau32", "split12", "split23"),
)
"""Of several usual lists the one that separated top from QCD best in an isolation forest trained on either: as a baseline it
is a strong one, because its choice has seen the labels."""


def of_jets(
    jets: Float[np.ndarray, "n particles 4"], names: Sequence[str]
) -> Float[np.ndarray, "n features"]:
    """Returns observables of each jet; only what they need is computed.

    Directions are rapidity and azimuth seen from the jet, so that nothing depends on where a jet flies. What each name means
    stands in the modules beside this one: `shapes`, `grooming`, `subjets`, `prongs`, `correlators` and `flow_polynomials`.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded; a jet without particles has zeros.
        names: of the observables, such as `INFRARED_SAFE`, `FULL` or `["mass", "tau21"]`.

    Returns:
        float32, one column for each name; masses, momenta and scales in GeV.

    Raises:
        InputError: If there is no observable of a name, or `jets` has another shape, holds NaN, infinite or negative energies,
            or looks like MeV.
    """
    _refuse_unknown(names)
    groups = [(known, compute) for known, compute in _GROUPS if set(known) & set(names)]
    columns = [name for known, _ in groups for name in known]
    wanted = [columns.index(name) for name in names]
    jets, blocks = checked(jets), []
    for start in range(0, len(jets), _JETS_PER_BLOCK):
        particles = particles_of(jets[start : start + _JETS_PER_BLOCK])
        found = np.concatenate([compute(particles) for _, compute in groups], axis=1)
        blocks.append(found[:, wanted].astype(np.float32))
    return np.concatenate(blocks)


def _refuse_unknown(names: Sequence[str]) -> None:
    for name in names:
        if name not in FULL:
            raise InputError(
                f"names: no such observable.{did_you_mean(name, FULL)} Expected: names of offshell.inputs.observables.FULL. "
                f"Received: {name!r}."
            )
    if not names:
        raise InputError("names: nothing to compute. Expected: at least one observable. Received: none.")
