"""Detectors, and the networks and terms that they are made from."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models import networks, scaling, terms
    from offshell.models.autoencoder import Autoencoder
    from offshell.models.detector import Detector
    from offshell.models.gaussian_mixture import GaussianMixture
    from offshell.models.isolation_forest import IsolationForest
    from offshell.models.joint_vae import JointVAE
    from offshell.models.mahalanobis import Mahalanobis
    from offshell.models.neighbors import Neighbors
    from offshell.models.observables import Observables
    from offshell.models.pca import PCA
    from offshell.models.vae import VAE

__all__ = [
    "PCA",
    "VAE",
    "Autoencoder",
    "Detector",
    "GaussianMixture",
    "IsolationForest",
    "JointVAE",
    "Mahalanobis",
    "Neighbors",
    "Observables",
    "networks",
    "scaling",
    "terms",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=["networks", "scaling", "terms"],
    submod_attrs={
        "autoencoder": ["Autoencoder"],
        "detector": ["Detector"],
        "gaussian_mixture": ["GaussianMixture"],
        "isolation_forest": ["IsolationForest"],
        "joint_vae": ["JointVAE"],
        "mahalanobis": ["Mahalanobis"],
        "neighbors": ["Neighbors"],
        "observables": ["Observables"],
        "pca": ["PCA"],
        "vae": ["VAE"],
    },
)
