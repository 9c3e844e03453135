"""The parts of a report, each from findings to figures and tables."""
