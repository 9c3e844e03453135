"""Detectors that learn how background events are distributed, and make new ones."""
