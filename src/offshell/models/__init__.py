"""Detectors and the networks, terms and baselines that they are made from."""

from offshell.models import networks, terms
from offshell.models.autoencoder import Autoencoder
from offshell.models.detector import Detector
from offshell.models.joint_vae import JointVAE
from offshell.models.pca import PCA
from offshell.models.vae import VAE

__all__ = ["PCA", "VAE", "Autoencoder", "Detector", "JointVAE", "networks", "terms"]
