"""Figures, each from numbers to a `matplotlib` figure."""
