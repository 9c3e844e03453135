# The one list of detectors, a line each: what it is called, and its table of settings if a recipe can name it.
from . import networks as networks, scaling as scaling, terms as terms
from .autoencoders.autoencoder import Autoencoder as Autoencoder, AutoencoderSettings as AutoencoderSettings
from .autoencoders.cloud import CloudAutoencoder as CloudAutoencoder, CloudAutoencoderSettings as CloudAutoencoderSettings
from .autoencoders.contractive import ContractiveAutoencoder as ContractiveAutoencoder, ContractiveAutoencoderSettings as ContractiveAutoencoderSettings
from .autoencoders.corruption import Corruption as Corruption
from .autoencoders.denoising import DenoisingAutoencoder as DenoisingAutoencoder, DenoisingAutoencoderSettings as DenoisingAutoencoderSettings
from .autoencoders.joint_vae import JointVAE as JointVAE, JointVAESettings as JointVAESettings
from .autoencoders.normalized import NormalizedAutoencoder as NormalizedAutoencoder, NormalizedAutoencoderSettings as NormalizedAutoencoderSettings
from .autoencoders.sparse import SparseAutoencoder as SparseAutoencoder, SparseAutoencoderSettings as SparseAutoencoderSettings
from .autoencoders.vae import VAE as VAE, VAESettings as VAESettings
from .baselines.gaussian_mixture import GaussianMixture as GaussianMixture, GaussianMixtureSettings as GaussianMixtureSettings
from .baselines.isolation_forest import IsolationForest as IsolationForest, IsolationForestSettings as IsolationForestSettings
from .baselines.mahalanobis import Mahalanobis as Mahalanobis, MahalanobisSettings as MahalanobisSettings
from .baselines.neighbors import Neighbors as Neighbors, NeighborsSettings as NeighborsSettings
from .baselines.observables import Observables as Observables, ObservablesSettings as ObservablesSettings
from .baselines.pca import PCA as PCA, PCASettings as PCASettings
from .densities.flows.cloud_flow import CloudFlow as CloudFlow
from .densities.flows.flow import Flow as Flow, FlowSettings as FlowSettings
from .densities.gan.gan import GAN as GAN, GANSettings as GANSettings
from .densities.paths.diffusion import Diffusion as Diffusion, DiffusionSettings as DiffusionSettings
from .densities.paths.flow_matching import FlowMatching as FlowMatching, FlowMatchingSettings as FlowMatchingSettings
from .detector import Detector as Detector
from .ensemble import Ensemble as Ensemble
from .one_class.deep_svdd import DeepSVDD as DeepSVDD, DeepSVDDSettings as DeepSVDDSettings
from .one_class.student import Student as Student, StudentSettings as StudentSettings
from .one_class.vicreg import VICReg as VICReg, VICRegSettings as VICRegSettings
from .outlier_exposure.outlier_exposure import OutlierExposure as OutlierExposure, OutlierExposureSettings as OutlierExposureSettings
