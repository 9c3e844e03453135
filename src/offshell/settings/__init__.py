"""Tables of a recipe with checked keys."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
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
    "Firmware",
    "Flow",
    "Generate",
    "Generator",
    "Images",
    "Inputs",
    "JointVAE",
    "LearnedWidths",
    "Lorentz",
    "Model",
    "Network",
    "Objects",
    "Residual",
    "Sets",
    "Sparse",
    "StudentNetwork",
    "Train",
    "UniformWidths",
    "VICReg",
    "Widths",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "deployment": ["Compress", "Firmware", "LearnedWidths", "StudentNetwork", "UniformWidths", "Widths"],
        "generative": ["GAN", "ContinuousFlow", "Critic", "Flow", "Generator"],
        "inputs": ["Clouds", "Images", "Inputs", "Objects"],
        "models": [
            "NAE",
            "PCA",
            "VAE",
            "Autoencoder",
            "CloudAutoencoder",
            "Contractive",
            "DeepSVDD",
            "Denoising",
            "JointVAE",
            "Model",
            "Sparse",
            "VICReg",
        ],
        "networks": ["Conv", "Dense", "Lorentz", "Network", "Residual", "Sets"],
        "training": ["Evaluate", "Generate", "Train"],
    },
)
