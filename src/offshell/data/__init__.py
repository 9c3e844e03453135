"""Jets in files: their layouts, checks on the way in, and writing them safely."""
