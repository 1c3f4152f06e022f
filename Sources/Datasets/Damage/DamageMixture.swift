/// A kind of damage that a crop may suffer.
enum DamageKind: Hashable, Sendable {
  case gaussianNoise
  case signalDependentNoise
  /// The same noise in all channels.
  case grayNoise
  case jpeg
  /// Taken by a camera: noise through demosaicing, smoothing and, at random, JPEG.
  case camera
  /// Grain of film, blotches of chroma, and noise that was enlarged.
  case grain
  /// White noise, then strong JPEG.
  case noiseThenJPEG
  /// Hot, dead and other single pixels.
  case impulses
  /// None: a clean picture stays what it is.
  case none
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
  /// The share of color crops that are made gray, whatever their damage.
  let grayShare: Float
  /// The share of noisy crops whose values are rounded and clipped to 8 bits, as files' are.
  let roundedShare: Float
  /// The share of the bound's crops that are hidden altogether, which makes the model a density.
  let hiddenShare: Float
  /// The share of crops that are drawn over: lettering, line art, flat areas.
  let drawnShare: Float
  /// The share of color crops whose color is smoothed. Pictures at the size that cameras make have far less
  /// fine color than reduced ones: filters let one color through to a pixel, and JPEG keeps half of them.
  let smoothColorShare: Float
  /// How the noise's levels are told.
  let telling: Telling

  /// What the maps say of the noise.
  enum Telling: Hashable, Sendable {
    /// What it was drawn with.
    case drawn
    /// Where it is a file's, what an estimate would say: not quite the measured level, or that it is
    /// unknown.
    case estimated(unknownShare: Float)
    /// What was measured, exactly; levels are spread evenly in the logarithm.
    case measured
  }

  /// Everything that happens to photographs: noise, JPEG artifacts, reduction, hidden pixels.
  public static let photograph = DamageMixture(
    name: "photograph",
    shares: [
      Share(kind: .gaussianNoise, share: 0.45),
      Share(kind: .signalDependentNoise, share: 0.03),
      Share(kind: .grayNoise, share: 0.01),
      Share(kind: .jpeg, share: 0.05),
      Share(kind: .scale(2), share: 0.04),
      Share(kind: .scale(3), share: 0.02),
      Share(kind: .scale(4), share: 0.05),
      Share(kind: .randomPixels, share: 0.22),
      Share(kind: .strokes, share: 0.04),
      Share(kind: .text, share: 0.04),
      Share(kind: .boxes, share: 0.03),
      Share(kind: .borders, share: 0.02),
    ], grayShare: 1 / 6, roundedShare: 0.15, smoothColorShare: 0.7)

  /// Gaussian noise alone, of a level drawn uniformly from 0...55 on the scale 0...255.
  public static let noise = DamageMixture(
    name: "noise", shares: [Share(kind: .gaussianNoise, share: 1)], grayShare: 0, roundedShare: 0)

  /// What takes a picture's quality in all its pixels: noise of sensors, cameras and film, and
  /// JPEG artifacts.
  public static let denoise = DamageMixture(
    name: "denoise",
    shares: [
      Share(kind: .gaussianNoise, share: 0.48),
      Share(kind: .signalDependentNoise, share: 0.02),
      Share(kind: .grayNoise, share: 0.01),
      Share(kind: .camera, share: 0.17),
      Share(kind: .grain, share: 0.07),
      Share(kind: .noiseThenJPEG, share: 0.04),
      Share(kind: .jpeg, share: 0.16),
      Share(kind: .impulses, share: 0.02),
      Share(kind: .none, share: 0.03),
    ], grayShare: 1 / 4, roundedShare: 0.3, hiddenShare: 0, drawnShare: 0.08, smoothColorShare: 0.7,
    telling: .estimated(unknownShare: 0.08))

  /// What pixels are missing: those of holes and those of a larger picture. Some noise keeps models that
  /// were begun with other damage from forgetting it.
  public static let missing = DamageMixture(
    name: "missing",
    shares: [
      Share(kind: .scale(2), share: 0.15),
      Share(kind: .scale(3), share: 0.15),
      Share(kind: .scale(4), share: 0.12),
      Share(kind: .randomPixels, share: 0.28),
      Share(kind: .strokes, share: 0.08),
      Share(kind: .text, share: 0.08),
      Share(kind: .boxes, share: 0.05),
      Share(kind: .borders, share: 0.03),
      Share(kind: .gaussianNoise, share: 0.05),
      Share(kind: .jpeg, share: 0.01),
    ], grayShare: 1 / 6, roundedShare: 0.15, smoothColorShare: 0.7)

  /// Noise of known levels, for estimators of it.
  package static let noiseLevels = DamageMixture(
    name: "noise-levels",
    shares: [
      Share(kind: .gaussianNoise, share: 0.18),
      Share(kind: .grayNoise, share: 0.01),
      Share(kind: .camera, share: 0.35),
      Share(kind: .grain, share: 0.13),
      Share(kind: .noiseThenJPEG, share: 0.05),
      Share(kind: .jpeg, share: 0.20),
      Share(kind: .none, share: 0.08),
    ], grayShare: 1 / 8, roundedShare: 1, hiddenShare: 0, drawnShare: 0.12, smoothColorShare: 0.7,
    telling: .measured)

  /// The mixtures that have a name.
  public static let all = [photograph, denoise, missing, noise]

  init(
    name: String, shares: [Share], grayShare: Float, roundedShare: Float, hiddenShare: Float = 0.5,
    drawnShare: Float = 0, smoothColorShare: Float = 0, telling: Telling = .drawn
  ) {
    self.name = name
    self.shares = shares
    self.grayShare = grayShare
    self.roundedShare = roundedShare
    self.hiddenShare = hiddenShare
    self.drawnShare = drawnShare
    self.smoothColorShare = smoothColorShare
    self.telling = telling
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
