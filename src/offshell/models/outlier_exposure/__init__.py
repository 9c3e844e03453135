"""Detectors that learn to tell the background from artificial outliers made of it."""
