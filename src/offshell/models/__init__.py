"""Detectors, and the networks and terms that they are made from."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models import clouds, networks, scaling, terms
    from offshell.models.autoencoder import Autoencoder
    from offshell.models.cloud_autoencoder import CloudAutoencoder
    from offshell.models.contractive import ContractiveAutoencoder
    from offshell.models.corruption import Corruption
    from offshell.models.deep_svdd import DeepSVDD
    from offshell.models.denoising import DenoisingAutoencoder
    from offshell.models.detector import Detector
    from offshell.models.ensemble import Ensemble
    from offshell.models.gaussian_mixture import GaussianMixture
    from offshell.models.generative.cloud_flow import CloudFlow
    from offshell.models.generative.diffusion import Diffusion
    from offshell.models.generative.flow import Flow
    from offshell.models.generative.flow_matching import FlowMatching
    from offshell.models.generative.gan import GAN
    from offshell.models.isolation_forest import IsolationForest
    from offshell.models.joint_vae import JointVAE
    from offshell.models.mahalanobis import Mahalanobis
    from offshell.models.nae import NormalizedAutoencoder
    from offshell.models.neighbors import Neighbors
    from offshell.models.observables import Observables
    from offshell.models.pca import PCA
    from offshell.models.sparse import SparseAutoencoder
    from offshell.models.student import Student
    from offshell.models.vae import VAE
    from offshell.models.vicreg import VICReg

__all__ = [
    "GAN",
    "PCA",
    "VAE",
    "Autoencoder",
    "CloudAutoencoder",
    "CloudFlow",
    "ContractiveAutoencoder",
    "Corruption",
    "DeepSVDD",
    "DenoisingAutoencoder",
    "Detector",
    "Diffusion",
    "Ensemble",
    "Flow",
    "FlowMatching",
    "GaussianMixture",
    "IsolationForest",
    "JointVAE",
    "Mahalanobis",
    "Neighbors",
    "NormalizedAutoencoder",
    "Observables",
    "SparseAutoencoder",
    "Student",
    "VICReg",
    "clouds",
    "networks",
    "scaling",
    "terms",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=["clouds", "networks", "scaling", "terms"],
    submod_attrs={
        "autoencoder": ["Autoencoder"],
        "cloud_autoencoder": ["CloudAutoencoder"],
        "generative.cloud_flow": ["CloudFlow"],
        "contractive": ["ContractiveAutoencoder"],
        "corruption": ["Corruption"],
        "deep_svdd": ["DeepSVDD"],
        "denoising": ["DenoisingAutoencoder"],
        "detector": ["Detector"],
        "generative.diffusion": ["Diffusion"],
        "ensemble": ["Ensemble"],
        "generative.flow": ["Flow"],
        "generative.flow_matching": ["FlowMatching"],
        "generative.gan": ["GAN"],
        "gaussian_mixture": ["GaussianMixture"],
        "isolation_forest": ["IsolationForest"],
        "joint_vae": ["JointVAE"],
        "mahalanobis": ["Mahalanobis"],
        "nae": ["NormalizedAutoencoder"],
        "neighbors": ["Neighbors"],
        "observables": ["Observables"],
        "pca": ["PCA"],
        "sparse": ["SparseAutoencoder"],
        "student": ["Student"],
        "vae": ["VAE"],
        "vicreg": ["VICReg"],
    },
)
