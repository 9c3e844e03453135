"""Detectors that compress an event and look at what is lost."""
