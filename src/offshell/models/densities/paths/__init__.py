"""Densities by a path from noise to events: flow matching and diffusion."""
