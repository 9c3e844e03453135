"""Detectors, and the networks and terms that they are made from."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from offshell.models import networks, terms
    from offshell.models.autoencoder import Autoencoder
    from offshell.models.detector import Detector
    from offshell.models.joint_vae import JointVAE
    from offshell.models.pca import PCA
    from offshell.models.vae import VAE

__all__ = ["PCA", "VAE", "Autoencoder", "Detector", "JointVAE", "networks", "terms"]

_HOMES = {
    "Autoencoder": "autoencoder",
    "Detector": "detector",
    "JointVAE": "joint_vae",
    "PCA": "pca",
    "VAE": "vae",
}


def __getattr__(name: str) -> Any:
    """Import on first use, because Keras takes seconds."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
