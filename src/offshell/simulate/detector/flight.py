"""The way of particles through a magnetic field along the axis of a cylinder, to its surface."""

import numpy as np
from jaxtyping import Bool, Float

from offshell.inputs.momenta import wrap_angle
from offshell.simulate.detector.response import Cylinder
from offshell.simulate.generator.particles import Particles

__all__ = ["exits", "starts_inside"]

# Radius of curvature in metres = pt / (GEV_PER_TESLA_METRE * charge * field), from the speed of light.
GEV_PER_TESLA_METRE = 0.299792458
MM = 1e-3


def starts_inside(particles: Particles, cylinder: Cylinder) -> Bool[np.ndarray, " n"]:
    """Which particles are made inside the cylinder and do not fly along its axis."""
    x, y, z = MM * particles.vertex.T
    inside: Bool[np.ndarray, " n"] = (np.hypot(x, y) < cylinder.radius) & (np.abs(z) < cylinder.half_length)
    return inside & (particles.pt > 0)


def exits(
    particles: Particles, cylinder: Cylinder
) -> tuple[Float[np.ndarray, "n 3"], Float[np.ndarray, " n"]]:
    """Where particles made inside leave the cylinder, in metres, and their direction at the closest approach to the beam.

    One that curls up inside leaves through the end.
    """
    charged = particles.charge != 0
    position, phi = np.empty((len(particles), 3)), np.empty(len(particles))
    for group, follow in ((charged, _helix), (~charged, _straight_line)):
        position[group], phi[group] = follow(particles.where(group), cylinder)
    return position, phi


def _path_to_end(
    z: Float[np.ndarray, " n"], slope: Float[np.ndarray, " n"], cylinder: Cylinder
) -> Float[np.ndarray, " n"]:
    """Transverse path in metres until the end of the cylinder; ``slope`` is pz / pt."""
    steep = np.where(slope == 0, 1e-12, slope)
    path: Float[np.ndarray, " n"] = (np.copysign(cylinder.half_length, steep) - z) / steep
    return path


def _straight_line(
    particles: Particles, cylinder: Cylinder
) -> tuple[Float[np.ndarray, "n 3"], Float[np.ndarray, " n"]]:
    x, y, z = MM * particles.vertex.T
    _, px, py, pz = particles.momentum.T
    pt, phi = np.hypot(px, py), np.arctan2(py, px)
    along, across = x * np.cos(phi) + y * np.sin(phi), x * np.sin(phi) - y * np.cos(phi)
    path = np.minimum(np.sqrt(cylinder.radius**2 - across**2) - along, _path_to_end(z, pz / pt, cylinder))
    return np.stack([x + path * np.cos(phi), y + path * np.sin(phi), z + path * pz / pt], axis=1), phi


def _helix(
    particles: Particles, cylinder: Cylinder
) -> tuple[Float[np.ndarray, "n 3"], Float[np.ndarray, " n"]]:
    """Where the helix leaves the cylinder, and the direction at its closest approach to the beam.

    The direction turns from ``phi`` to ``phi - path / radius`` along the transverse path; the radius carries the
    sign of the charge.
    """
    x, y, z = MM * particles.vertex.T
    _, px, py, pz = particles.momentum.T
    pt, phi = np.hypot(px, py), np.arctan2(py, px)
    radius = pt / (GEV_PER_TESLA_METRE * particles.charge * cylinder.field)
    x_center, y_center = x + radius * np.sin(phi), y - radius * np.cos(phi)
    distance = np.hypot(x_center, y_center)

    sign = np.sign(radius)
    phi_closest = np.arctan2(sign * x_center, -sign * y_center)
    path_to_closest = radius * wrap_angle(phi - phi_closest)
    cosine = (radius**2 + distance**2 - cylinder.radius**2) / (2 * np.abs(radius) * distance)
    path_to_side = path_to_closest + np.abs(radius) * np.arccos(np.clip(cosine, -1, 1))
    curls = distance + np.abs(radius) < cylinder.radius
    path_to_end = _path_to_end(z, pz / pt, cylinder)
    path = np.where(curls, path_to_end, np.minimum(path_to_side, path_to_end))

    phi_end = phi - path / radius
    x_end, y_end = x_center - radius * np.sin(phi_end), y_center + radius * np.cos(phi_end)
    return np.stack([x_end, y_end, z + path * pz / pt], axis=1), phi_closest
