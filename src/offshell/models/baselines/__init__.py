"""Detectors that are not networks."""
