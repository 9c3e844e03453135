"""Densities by a change of variables in finitely many steps.

From the inside out: `spline` is a map of the line, `transforms` what is done to one number (that spline, or an affine map),
`coupling` a layer that does it to half of the features, and a chain of such layers; `coupling_flow` is the detector around
a chain, `flow` the one for vectors and `cloud_flow` the one for clouds.
"""
