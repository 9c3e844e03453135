"""Densities by a change of variables in finitely many steps."""
