"""How many events a second a trigger chooses from."""

__all__ = ["INPUT_RATE_HZ"]

INPUT_RATE_HZ = 28.6e6
"""Collisions that the level-1 trigger of CMS sees: 2,544 colliding bunches, each 11,245.6 times a second."""
