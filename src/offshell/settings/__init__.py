"""The settings of a run: which keys a recipe may have, of which type, with which defaults; a file for each table."""

from offshell.settings.deployment import (
    Compress,
    Firmware,
    LearnedWidths,
    StudentNetwork,
    UniformWidths,
    Widths,
)
from offshell.settings.generative import GAN, ContinuousFlow, Critic, Flow, Generator
from offshell.settings.inputs import Clouds, Images, Inputs, Objects
from offshell.settings.models import (
    NAE,
    PCA,
    VAE,
    Autoencoder,
    CloudAutoencoder,
    Contractive,
    DeepSVDD,
    Denoising,
    JointVAE,
    Model,
    Sparse,
    VICReg,
)
from offshell.settings.networks import Conv, Dense, Lorentz, Network, Residual, Sets
from offshell.settings.recipe import Recipe
from offshell.settings.samples import EventSamples, JetSamples, Samples
from offshell.settings.training import Evaluate, Generate, Train

__all__ = [
    "GAN",
    "NAE",
    "PCA",
    "VAE",
    "Autoencoder",
    "CloudAutoencoder",
    "Clouds",
    "Compress",
    "ContinuousFlow",
    "Contractive",
    "Conv",
    "Critic",
    "DeepSVDD",
    "Denoising",
    "Dense",
    "Evaluate",
    "EventSamples",
    "Firmware",
    "Flow",
    "Generate",
    "Generator",
    "Images",
    "Inputs",
    "JetSamples",
    "JointVAE",
    "LearnedWidths",
    "Lorentz",
    "Model",
    "Network",
    "Objects",
    "Recipe",
    "Residual",
    "Samples",
    "Sets",
    "Sparse",
    "StudentNetwork",
    "Train",
    "UniformWidths",
    "VICReg",
    "Widths",
]
