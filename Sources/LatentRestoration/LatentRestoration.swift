@_exported import LatentVAE
@_exported import Restoration
