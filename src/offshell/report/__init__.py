"""The report of a run: one HTML page with the table of scores and all figures."""
