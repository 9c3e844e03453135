"""What networks see: images and numbers made from the constituents of jets."""
