"""How good generated jets are: distances from real ones, each beside that of real ones from real ones."""
