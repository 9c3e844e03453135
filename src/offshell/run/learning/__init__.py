"""What the detector of a run learns from, and its training."""
