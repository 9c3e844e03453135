"""Jet images against `jetnet.utils.to_image`, jets per second.

Takes a file with `constituents`, for example ../shared/data/toptagging_delphes_qcd.h5; without one it makes toy
jets with the number of constituents of QCD jets.
"""

import jetnet.utils
import numpy as np
from jets import jets_in, toy_jets

from offshell.inputs import images

UNIT = "jets/s"
PACKAGES = ("offshell", "jetnet", "numpy")
TIMED = {
    "plain": "E, px, py, pz to normalized 16x16 images, input checked",
    "aligned": "E, px, py, pz to centered, rotated, flipped, normalized 40x40 images, input checked",
    "pixelate 16x16": "relative eta, phi, pt to 16x16 images: the same start and the same end as to_image 16x16",
    "aligned from relative": "relative eta, phi, pt to centered, rotated, flipped, normalized 40x40 images",
    "to_image 16x16": "jetnet, relative eta, phi, pt to 16x16 images",
    "to_image 40x40": "jetnet, relative eta, phi, pt to 40x40 images, neither rotated nor flipped",
    "relEtaPhiPt + to_image 16x16": "jetnet, E, px, py, pz to 16x16 images: the same start as plain",
}
RATIOS = (
    ("plain", "to_image 16x16"),
    ("plain", "relEtaPhiPt + to_image 16x16"),
    ("pixelate 16x16", "to_image 16x16"),
    ("aligned", "to_image 16x16"),
    ("aligned", "to_image 40x40"),
    ("aligned from relative", "to_image 40x40"),
)


def cases(path=None):
    jets = toy_jets() if path is None else jets_in(path)
    polar = jetnet.utils.cartesian_to_relEtaPhiPt(jets)
    eta, phi, pt = (np.ascontiguousarray(column) for column in np.moveaxis(polar, -1, 0))
    return {
        "plain": lambda: len(images.plain(jets)),
        "aligned": lambda: len(images.aligned(jets)),
        "pixelate 16x16": lambda: len(images.pixelate(pt, eta, phi, grid=images.PLAIN)),
        "aligned from relative": lambda: len(aligned_from(pt, eta, phi)),
        "to_image 16x16": lambda: len(jetnet.utils.to_image(polar, 16, maxR=0.8)),
        "to_image 40x40": lambda: len(jetnet.utils.to_image(polar, 40, maxR=0.8)),
        "relEtaPhiPt + to_image 16x16": lambda: len(
            jetnet.utils.to_image(jetnet.utils.cartesian_to_relEtaPhiPt(jets), 16, maxR=0.8)
        ),
    }


def aligned_from(pt, eta, phi):
    eta, phi = images.flip(pt, *images.rotate(pt, *images.center(pt, eta, phi)))
    inside = images.crop(pt, eta, phi, grid=images.ALIGNED)
    return images.pixelate(images.normalize(inside), eta, phi, grid=images.ALIGNED)
