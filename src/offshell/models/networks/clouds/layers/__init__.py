"""Layers on particle clouds: permutation equivariant, or invariant where they pool; padding never counts."""
