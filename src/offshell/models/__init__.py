"""Detectors, and the networks and terms that they are made from."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models import networks, scaling, terms
    from offshell.models.autoencoder import Autoencoder
    from offshell.models.detector import Detector
    from offshell.models.joint_vae import JointVAE
    from offshell.models.pca import PCA
    from offshell.models.vae import VAE

__all__ = ["PCA", "VAE", "Autoencoder", "Detector", "JointVAE", "networks", "scaling", "terms"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=["networks", "scaling", "terms"],
    submod_attrs={
        "autoencoder": ["Autoencoder"],
        "detector": ["Detector"],
        "joint_vae": ["JointVAE"],
        "pca": ["PCA"],
        "vae": ["VAE"],
    },
)
