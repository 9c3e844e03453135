"""What a report tells: numbers and names, not yet drawn."""
