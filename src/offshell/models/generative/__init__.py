"""Detectors that learn how events are distributed, so that they can make new ones, and what these are made of."""
