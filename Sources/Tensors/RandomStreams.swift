/// The register of random streams: who draws from which of a seed's 2^64 sequences, so that no two
/// uses of a seed share their numbers. A use that draws for every step, picture or tensor has as many
/// streams from its first on.
package enum RandomStreams {
  /// What a command draws for its pictures: the picture's place.
  package static let pictures: UInt64 = 0
  /// Noise of the reparameterized samples, one stream a step.
  package static let noise: UInt64 = 1 << 32
  /// First values of the parameters, one stream a tensor.
  package static let parameters: UInt64 = 2 << 32
  /// Noise of evaluations, one stream a batch or picture.
  package static let evaluation: UInt64 = 3 << 32
  /// Damage to what the encoder sees in training, one stream a step.
  package static let damage: UInt64 = 16 << 32
  /// Noise of the bound on pictures held out.
  package static let validation: UInt64 = 1 << 62
  /// Black and white drawn once for every picture that is evaluated.
  package static let binarization: UInt64 = 3 << 60

  /// Augmentation, one stream a step: "AUGM".
  package static let augmentation: UInt64 = 0x4155_474D << 32
  /// Damage of observations, one stream a step: "DAMG".
  package static let observations: UInt64 = 0x4441_4D47 << 32
  /// Black and white drawn once for every picture of a data set: "FIXD".
  package static let fixedBinarization: UInt64 = 0x4649_5844 << 32
  /// The order of the examples, one stream an epoch: "ORDE".
  package static let order: UInt64 = 0x4F52_4445 << 32
  /// The choice of the examples held out: "SPLI".
  package static let split: UInt64 = 0x5350_4C49 << 32

  /// The noise of latents as a function of the place: "ti" in the first bits, then what it depends on
  /// (`TileNoise`).
  package static let tiles: UInt64 = 0x7469 << 48
}
