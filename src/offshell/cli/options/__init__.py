"""What a user may write behind a command, checked before any work."""
