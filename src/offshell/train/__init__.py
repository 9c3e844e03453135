"""Training: from a detector and background events to its best weights."""
