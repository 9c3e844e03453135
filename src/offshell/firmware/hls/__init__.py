"""The trigger as an HLS project, with hls4ml."""
