"""The tree convolution against one written node by node."""

import keras
import numpy as np

from offshell.models.networks import clouds

DEGREE = 3


def rectified(x):
    return np.where(x > 0, x, 0.2 * x)


def grown(layer, tree):
    """Children of the leaves of one tree, one after the other."""
    ancestors = [np.asarray(dense.kernel) for dense in layer.ancestors]
    loop, out, branch, bias = (
        np.asarray(weight) for weight in (layer.loop.kernel, layer.out.kernel, layer.branch, layer.bias)
    )
    leaves, width = tree[-1].shape
    children = []
    for leaf in range(leaves):
        lineage = [nodes[leaf * len(nodes) // leaves] for nodes in tree]
        remembered = sum(nodes @ weights for nodes, weights in zip(lineage, ancestors, strict=True))
        branches = rectified(tree[-1][leaf] @ branch[leaf]).reshape(DEGREE, width)
        children += [remembered + row @ loop @ out + shift for row, shift in zip(branches, bias, strict=True)]
    return children


def test_children_remember_their_ancestors_and_have_branches_of_their_own():
    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(1)
    tree = [
        rng.normal(size=(2, nodes, width)).astype(np.float32) for nodes, width in ((1, 5), (2, 4), (4, 3))
    ]
    layer = clouds.TreeConvolution(2, degree=DEGREE, support=2)
    found = np.asarray(layer(tree))
    layer.bias.assign(rng.normal(size=(DEGREE, 2)))
    shifted = np.asarray(layer(tree))
    assert found.shape == (2, 4 * DEGREE, 2)
    np.testing.assert_allclose(shifted[1], grown(layer, [nodes[1] for nodes in tree]), rtol=1e-4, atol=1e-5)
    assert len(np.unique(found[0].round(5), axis=0)) == 4 * DEGREE
