"""Detectors that learn where background events lie."""
