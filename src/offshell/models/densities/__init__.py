"""Detectors that learn how background events are distributed, and make new ones.

`flows` have an exact likelihood, `paths` carry noise to events along a differential equation (flow matching, diffusion), in
`gan` two networks play against each other. The `conditions` of a cloud, its number of particles and its pT, are the same for all.
"""
