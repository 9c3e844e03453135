from .critics import dense_critic as dense_critic, message_passing_critic as message_passing_critic, point_critic as point_critic
from .generators import dense_generator as dense_generator, graph_generator as graph_generator, message_passing_generator as message_passing_generator, tree_generator as tree_generator
from .layers.attention import SetAttention as SetAttention
from .layers.epic import EPiC as EPiC
from .layers.graph_cnn import GraphConvolution as GraphConvolution
from .layers.lorentz import LorentzAttention as LorentzAttention
from .layers.masked import masked_max as masked_max, masked_mean as masked_mean, masked_sum as masked_sum
from .layers.message_passing import MessagePassing as MessagePassing
from .layers.pointnet import PointNetMix as PointNetMix
from .layers.tree import TreeConvolution as TreeConvolution
from .lorentz import lorentz_decoder as lorentz_decoder, lorentz_encoder as lorentz_encoder
from .sets import attention_decoder as attention_decoder, attention_encoder as attention_encoder, deep_sets_decoder as deep_sets_decoder, deep_sets_encoder as deep_sets_encoder, message_passing_decoder as message_passing_decoder, message_passing_encoder as message_passing_encoder
