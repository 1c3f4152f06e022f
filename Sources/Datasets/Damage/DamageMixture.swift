/// A kind of damage that a crop may suffer.
enum DamageKind: Hashable, Sendable {
  case gaussianNoise
  case signalDependentNoise
  /// The same noise in all channels.
  case greyNoise
  case jpeg
  /// Scaled down by a whole number and up again.
  case scale(Int)
  case randomPixels
  case strokes
  case text
  case boxes
  case borders
}

/// From which kinds of damage, and how often each, a conditional model's examples are drawn.
public struct DamageMixture: Hashable, Sendable {
  struct Share: Hashable, Sendable {
    let kind: DamageKind
    /// In 0...1; the shares of a mixture sum to one.
    let share: Float
  }

  /// By which configurations know it.
  public let name: String
  let shares: [Share]
  /// The share of colour crops that are made grey, whatever their damage.
  let greyShare: Float
  /// The share of noisy crops whose values are rounded and clipped to 8 bits, as files' are.
  let roundedShare: Float

  /// Everything that happens to photographs: noise, JPEG artefacts, reduction, hidden pixels.
  public static let photograph = DamageMixture(
    name: "photograph",
    shares: [
      Share(kind: .gaussianNoise, share: 0.45),
      Share(kind: .signalDependentNoise, share: 0.03),
      Share(kind: .greyNoise, share: 0.01),
      Share(kind: .jpeg, share: 0.05),
      Share(kind: .scale(2), share: 0.04),
      Share(kind: .scale(3), share: 0.02),
      Share(kind: .scale(4), share: 0.05),
      Share(kind: .randomPixels, share: 0.22),
      Share(kind: .strokes, share: 0.04),
      Share(kind: .text, share: 0.04),
      Share(kind: .boxes, share: 0.03),
      Share(kind: .borders, share: 0.02),
    ], greyShare: 1 / 6, roundedShare: 0.15)

  /// Gaussian noise alone, of a level drawn uniformly from 0...55 on the scale 0...255.
  public static let noise = DamageMixture(
    name: "noise", shares: [Share(kind: .gaussianNoise, share: 1)], greyShare: 0, roundedShare: 0)

  /// The mixtures that have a name.
  public static let all = [photograph, noise]

  init(name: String, shares: [Share], greyShare: Float, roundedShare: Float) {
    self.name = name
    self.shares = shares
    self.greyShare = greyShare
    self.roundedShare = roundedShare
  }

  /// The mixture of a name; nil where there is none.
  public init?(name: String) {
    guard let mixture = Self.all.first(where: { $0.name == name }) else { return nil }
    self = mixture
  }

  /// The kind at a number in 0..<1.
  func kind(at number: Float) -> DamageKind {
    var sum: Float = 0
    for share in shares {
      sum += share.share
      if number < sum { return share.kind }
    }
    return shares.last?.kind ?? .gaussianNoise
  }
}
