"""The settings of a run: which keys a recipe may have, of which type, with which defaults; a file for each table."""

from offshell.settings.deployment import (
    Compress,
    Firmware,
    LearnedWidths,
    StudentNetwork,
    UniformWidths,
    Widths,
)
from offshell.settings.inputs import Images, Inputs, Objects
from offshell.settings.models import (
    NAE,
    PCA,
    VAE,
    Autoencoder,
    Contractive,
    DeepSVDD,
    Denoising,
    JointVAE,
    Model,
    Sparse,
    VICReg,
)
from offshell.settings.networks import Conv, Dense, Network, Residual
from offshell.settings.recipe import Recipe
from offshell.settings.samples import EventSamples, JetSamples, Samples
from offshell.settings.training import Evaluate, Train

__all__ = [
    "NAE",
    "PCA",
    "VAE",
    "Autoencoder",
    "Compress",
    "Contractive",
    "Conv",
    "DeepSVDD",
    "Denoising",
    "Dense",
    "Evaluate",
    "EventSamples",
    "Firmware",
    "Images",
    "Inputs",
    "JetSamples",
    "JointVAE",
    "LearnedWidths",
    "Model",
    "Network",
    "Objects",
    "Recipe",
    "Residual",
    "Samples",
    "Sparse",
    "StudentNetwork",
    "Train",
    "UniformWidths",
    "VICReg",
    "Widths",
]
