"""From the files of a run to what a report tells."""
