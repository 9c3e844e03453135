# The one list of networks, a line each: what makes encoders and decoders, and the table of settings that a recipe has for both.
from . import clouds as clouds
from .clouds.lorentz import LorentzSettings as LorentzSettings
from .clouds.sets import SetsSettings as SetsSettings
from .dense import DenseSettings as DenseSettings, dense_decoder as dense_decoder, dense_encoder as dense_encoder
from .images.broadcast import SpatialBroadcast as SpatialBroadcast
from .images.conv import ConvSettings as ConvSettings, conv_decoder as conv_decoder, conv_encoder as conv_encoder
from .images.dense_block import DenseBlockSettings as DenseBlockSettings, dense_block_decoder as dense_block_decoder, dense_block_encoder as dense_block_encoder
from .images.inception import InceptionSettings as InceptionSettings, inception_decoder as inception_decoder, inception_encoder as inception_encoder
from .images.residual import ResidualSettings as ResidualSettings, residual_decoder as residual_decoder, residual_encoder as residual_encoder
from .images.unet import UNetSettings as UNetSettings, unet_decoder as unet_decoder, unet_encoder as unet_encoder
