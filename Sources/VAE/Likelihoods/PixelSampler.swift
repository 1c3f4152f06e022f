import Graphs
import Platform
import Tensors

/// Draws pictures from p(x|z) by the numbers that a plan gave for it.
public struct PixelSampler: Sendable {
  private let likelihood: Configuration.Likelihood

  public init(_ likelihood: Configuration.Likelihood) { self.likelihood = likelihood }

  /// Draws the samples of a picture for which `isWanted`.
  ///
  /// - Parameters:
  ///   - picture: where they go, as many as a picture has.
  ///   - parameters: the values of `PixelDistribution.parameters` for one picture.
  public func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource
  ) {
    let count = picture.count
    // Gaussian noise is drawn for all samples, so that a draw does not depend on the mask.
    let noise = usesNormalNoise ? random.normal([count]) : nil
    for index in 0..<count where isWanted(index) {
      switch likelihood {
      case .bernoulli:
        picture[index] = random.nextUniform() < parameters[0][index] ? 1 : 0
      case .continuousBernoulli:
        picture[index] = Self.continuousBernoulli(
          logit: Double(parameters[0][index]), uniform: Double(random.nextUniform()))
      case .gaussian, .gaussianFixed, .gaussianShared:
        picture[index] =
          parameters[0][index] + parameters[1][index].squareRoot() * (noise?[index] ?? 0)
      case .discretisedLogistic:
        picture[index] = Self.level(
          location: parameters[0][index], logScale: parameters[1][index],
          uniform: random.nextUniform())
      case .discretisedLogisticMixture(let components, _):
        var rest = random.nextUniform()
        var place = index
        for component in 0..<components - 1 {
          rest -= expf(parameters[0][place])
          if rest < 0 { break }
          place = (component + 1) * count + index
        }
        picture[index] = Self.level(
          location: parameters[1][place], logScale: parameters[2][place],
          uniform: random.nextUniform())
      }
    }
  }

  private var usesNormalNoise: Bool {
    switch likelihood {
    case .gaussian, .gaussianFixed, .gaussianShared: true
    case .bernoulli, .continuousBernoulli, .discretisedLogistic, .discretisedLogisticMixture: false
    }
  }

  /// The inverse distribution function, log(1 + u (e^a - 1)) / a; for a positive logit by the
  /// mirror image, where nothing overflows.
  static func continuousBernoulli(logit a: Double, uniform u: Double) -> Float {
    if abs(a) < 1e-6 { return Float(u) }
    if a > 0 { return 1 - continuousBernoulli(logit: -a, uniform: 1 - u) }
    return Float(min(max(log1p(u * expm1(a)) / a, 0), 1))
  }

  /// A logistic number rounded to the nearest of the 256 levels.
  static func level(location: Float, logScale: Float, uniform u: Float) -> Float {
    let x = location + expf(logScale) * logf(u / (1 - u))
    return (min(max(x, 0), 1) * 255).rounded() / 255
  }
}

extension PixelDistribution {
  /// What `PixelSampler` takes.
  public var parameters: [Value] {
    switch self {
    case .bernoulli: [mean]
    case .continuousBernoulli(let distribution): [distribution.logits]
    case .gaussian: [mean, variance]
    case .discretisedLogistic(let distribution):
      [distribution.location, distribution.logScale]
    case .discretisedLogisticMixture(let distribution):
      [
        distribution.logWeights, distribution.components.location,
        distribution.components.logScale,
      ]
    }
  }
}
