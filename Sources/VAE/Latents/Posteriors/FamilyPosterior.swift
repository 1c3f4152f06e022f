import Graphs
import Tensors

/// A posterior of one of the reparameterized families.
struct FamilyPosterior: LatentPosterior {
  /// Of draws `[N, D]`.
  let distribution: any ReparameterizedDistribution

  var mean: Value {
    guard let mean = distribution.mean else {
      preconditionFailure("posteriors are of families that have a mean")
    }
    return mean
  }

  var logVariance: Value {
    guard let variance = distribution.variance else {
      preconditionFailure("posteriors are of families that have a variance")
    }
    return variance.atLeast(.leastNormalMagnitude).log()
  }

  var noise: NoiseCounts { NoiseCounts(distribution) }

  func repeated(_ count: Int) -> FamilyPosterior {
    FamilyPosterior(distribution: distribution.repeated(count))
  }

  func stoppingGradient() -> FamilyPosterior {
    FamilyPosterior(distribution: distribution.stoppingGradient())
  }

  func draw(_ noise: LatentNoise) -> PosteriorDraw {
    let parts = noise.parts(distribution)
    let z = distribution.sample(noise: parts)
    // A full covariance need not be solved for the noise that is known.
    let logDensity =
      (distribution as? FullGaussian)?.logDensity(noise: parts[0]) ?? logDensity(z)
    return PosteriorDraw(latents: z, logDensity: logDensity)
  }

  func logDensity(_ z: Value) -> Value { distribution.rowLogDensity(z) }

  func divergence(from prior: any LatentPrior) -> Value? {
    let (shape, graph) = (distribution.shape, distribution.mean?.graph)
    guard let prior = prior as? any FamilyPrior, let graph else { return nil }
    return distribution.divergence(from: prior.distribution(graph, shape))
  }
}

extension NoiseCounts {
  /// What a draw of a distribution takes.
  init(_ distribution: any ReparameterizedDistribution) {
    for noise in distribution.noise {
      switch noise {
      case .standardNormal: normal += distribution.shape[1]
      case .uniform: uniform += distribution.shape[1]
      }
    }
  }
}

extension LatentNoise {
  /// As many tensors as a distribution of draws `[N, D]` names, of that shape.
  func parts(_ distribution: any ReparameterizedDistribution) -> [Value] {
    let count = distribution.shape[1]
    var (normal, uniform) = (0, 0)
    return distribution.noise.map { kind in
      switch kind {
      case .standardNormal:
        defer { normal += count }
        return normals.sliced(axis: 1, normal..<normal + count)
      case .uniform:
        defer { uniform += count }
        return uniforms.sliced(axis: 1, uniform..<uniform + count)
      }
    }
  }
}
