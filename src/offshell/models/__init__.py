"""Detectors, and the networks and terms that they are made from."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.models import networks, scaling, terms
    from offshell.models.autoencoders.autoencoder import Autoencoder
    from offshell.models.autoencoders.cloud import CloudAutoencoder
    from offshell.models.autoencoders.contractive import ContractiveAutoencoder
    from offshell.models.autoencoders.corruption import Corruption
    from offshell.models.autoencoders.denoising import DenoisingAutoencoder
    from offshell.models.autoencoders.joint_vae import JointVAE
    from offshell.models.autoencoders.normalized import NormalizedAutoencoder
    from offshell.models.autoencoders.sparse import SparseAutoencoder
    from offshell.models.autoencoders.vae import VAE
    from offshell.models.baselines.gaussian_mixture import GaussianMixture
    from offshell.models.baselines.isolation_forest import IsolationForest
    from offshell.models.baselines.mahalanobis import Mahalanobis
    from offshell.models.baselines.neighbors import Neighbors
    from offshell.models.baselines.observables import Observables
    from offshell.models.baselines.pca import PCA
    from offshell.models.densities.flows.cloud_flow import CloudFlow
    from offshell.models.densities.flows.flow import Flow
    from offshell.models.densities.gan.gan import GAN
    from offshell.models.densities.paths.diffusion import Diffusion
    from offshell.models.densities.paths.flow_matching import FlowMatching
    from offshell.models.detector import Detector
    from offshell.models.ensemble import Ensemble
    from offshell.models.one_class.deep_svdd import DeepSVDD
    from offshell.models.one_class.student import Student
    from offshell.models.one_class.vicreg import VICReg

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
    "networks",
    "scaling",
    "terms",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=["networks", "scaling", "terms"],
    submod_attrs={
        "autoencoders.autoencoder": ["Autoencoder"],
        "autoencoders.cloud": ["CloudAutoencoder"],
        "autoencoders.contractive": ["ContractiveAutoencoder"],
        "autoencoders.corruption": ["Corruption"],
        "autoencoders.denoising": ["DenoisingAutoencoder"],
        "autoencoders.joint_vae": ["JointVAE"],
        "autoencoders.normalized": ["NormalizedAutoencoder"],
        "autoencoders.sparse": ["SparseAutoencoder"],
        "autoencoders.vae": ["VAE"],
        "baselines.gaussian_mixture": ["GaussianMixture"],
        "baselines.isolation_forest": ["IsolationForest"],
        "baselines.mahalanobis": ["Mahalanobis"],
        "baselines.neighbors": ["Neighbors"],
        "baselines.observables": ["Observables"],
        "baselines.pca": ["PCA"],
        "densities.flows.cloud_flow": ["CloudFlow"],
        "densities.flows.flow": ["Flow"],
        "densities.gan.gan": ["GAN"],
        "densities.paths.diffusion": ["Diffusion"],
        "densities.paths.flow_matching": ["FlowMatching"],
        "detector": ["Detector"],
        "ensemble": ["Ensemble"],
        "one_class.deep_svdd": ["DeepSVDD"],
        "one_class.student": ["Student"],
        "one_class.vicreg": ["VICReg"],
    },
)
