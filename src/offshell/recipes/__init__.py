"""Recipes that come with Offshell, one TOML file for each published result."""
