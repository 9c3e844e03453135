"""What a detector would have measured if it were a little wrong: other energies, less certain directions."""

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.inputs import constituents
from offshell.inputs.objects import MET, checked

__all__ = ["scaled_energies", "scaled_pt", "smeared_objects", "smeared_particles"]

Jets = Float[np.ndarray, "n particles 4"]
Events = Float[np.ndarray, "n 19 4"]


def scaled_pt(events: Events, scale: float | Float[np.ndarray, " n"]) -> Events:
    """Returns the events as a detector with another energy scale would see them.

    The pT of every object is multiplied, missing energy included. Objects that would thereby come above or fall below
    the threshold of the reconstruction are neither added nor taken away.

    Args:
        events: `pt, eta, phi, class` of 19 objects, GeV and radians.
        scale: The factor, 1.02 for energies that are 2 % too high; one for all events, or one for each, in time order.

    Raises:
        InputError: If events have another shape or are not finite, or a factor is not a positive number, or there is
            not one for each event.
    """
    factors = _checked_scale(scale, len(events))
    moved = checked(events).astype(np.float32)
    moved[..., 0] *= factors[..., np.newaxis]
    return moved


def scaled_energies(jets: Jets, scale: float | Float[np.ndarray, " n"]) -> Jets:
    """Returns the jets as a detector with another energy scale would see them: the momenta of all particles multiplied.

    A jet that would thereby leave the range of pT that was selected stays.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.
        scale: The factor; one for all jets, or one for each.

    Raises:
        InputError: If jets have another shape, or a factor is not a positive number, or there is not one for each jet.
    """
    factors = _checked_scale(scale, len(jets))
    moved: Jets = constituents.checked(jets).astype(np.float32) * factors[..., np.newaxis, np.newaxis]
    return moved


def smeared_objects(events: Events, width: float, *, seed: int) -> Events:
    """Returns the events with directions that are known less well.

    Normal random numbers are added to eta and phi of each object, to phi alone of missing energy; padding stays.

    Args:
        events: `pt, eta, phi, class` of 19 objects, GeV and radians.
        width: Standard deviation in eta and in phi [rad].
        seed: The same seed gives the same events.

    Raises:
        InputError: If events have another shape or are not finite, or the width is negative or not finite.
    """
    moved = checked(events).astype(np.float32)
    by = _drawn(moved.shape[:-1], width, seed)
    by[:, MET, 0] = 0
    by[moved[..., 0] == 0] = 0
    moved[..., 1] += by[..., 0]
    moved[..., 2] = np.where(by[..., 1] == 0, moved[..., 2], _around(moved[..., 2] + by[..., 1]))
    return moved


def smeared_particles(jets: Jets, width: float, *, seed: int) -> Jets:
    """Returns the jets with directions of particles that are known less well.

    Normal random numbers are added to pseudorapidity and azimuth of each particle, which keeps its pT and its mass, so
    that particles stay ordered by pT; padding stays.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.
        width: Standard deviation in pseudorapidity and in azimuth [rad].
        seed: The same seed gives the same jets.

    Raises:
        InputError: If jets have another shape, or the width is negative or not finite.
    """
    energy, px, py, pz = np.moveaxis(constituents.checked(jets).astype(np.float64), -1, 0)
    by_eta, by_phi = np.moveaxis(_drawn(px.shape, width, seed).astype(np.float64), -1, 0)
    pt = np.hypot(px, py)
    # p_z = p_T sinh(eta), and sinh of a sum needs no eta, which a particle along the beam does not have.
    moved_pz = pz * np.cosh(by_eta) + np.hypot(pt, pz) * np.sinh(by_eta)
    moved_energy = np.sqrt(np.maximum(energy**2 - pz**2, 0.0) + moved_pz**2)
    cosine, sine = np.cos(by_phi), np.sin(by_phi)
    moved = moved_energy, cosine * px - sine * py, sine * px + cosine * py, moved_pz
    return np.stack(moved, axis=-1).astype(np.float32)


def _drawn(shape: tuple[int, ...], width: float, seed: int) -> Float[np.ndarray, "... 2"]:
    if not 0 <= width < np.inf:
        raise InputError(
            f"Wrong angular resolution. Expected: radians, 0 or more. Received: width={width:g}."
        )
    rng = np.random.default_rng(seed)
    return rng.normal(0.0, width, (*shape, 2)).astype(np.float32)


def _around(phi: Float[np.ndarray, "n objects"]) -> Float[np.ndarray, "n objects"]:
    return (phi + np.pi) % (2 * np.pi) - np.pi


def _checked_scale(scale: float | Float[np.ndarray, " n"], n_events: int) -> Float[np.ndarray, "..."]:
    factors = np.asarray(scale, np.float32)
    if factors.shape not in {(), (n_events,)} or not (np.isfinite(factors) & (factors > 0)).all():
        raise InputError(
            f"Wrong energy scale. Expected: a positive number, or one for each of the {n_events} events. "
            f"Received: shape {factors.shape}, smallest {factors.min(initial=np.inf):g}."
        )
    return factors
