@_exported import Datasets
@_exported import Files
@_exported import ImageCodecs
@_exported import Networks
@_exported import Pictures
@_exported import Tensors
@_exported import VAE
