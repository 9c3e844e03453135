"""From a compressed detector to firmware: integers in, an integer score and a trigger bit out, proven bit for bit."""
