import Graphs
import Networks
import Tensors

/// A Gaussian over vectors with full covariance L L^T: L is lower triangular with `scale` on its
/// diagonal and what stands below the diagonal of `factor` below its own (Kingma and Welling 2019,
/// algorithm 2: L = mask * L' + diag(sigma)). Every elliptical distribution's location and shape are
/// of this form.
package struct FullGaussian: ComposedDistribution {
  /// The mean, `[N, D]`.
  package let location: Value
  /// L's diagonal, positive, `[N, D]`.
  package let scale: Value
  /// L', `[N, D, D]`; only elements below the diagonal are looked at.
  package let factor: Value

  package init(location: Value, scale: Value, factor: Value) {
    precondition(
      factor.shape == [location.shape[0], location.shape[1], location.shape[1]],
      "L' of \(location.shape) is not \(factor.shape)")
    self.location = location
    self.scale = scale
    self.factor = factor
  }

  package var shape: Shape { location.shape }
  package var support: Support { .realLine }
  package var noise: [BaseNoise] { [.standardNormal] }

  private var dimension: Int { shape[1] }

  /// mask * L', `[N, D, D]`.
  private var belowDiagonal: Value {
    let count = dimension
    let mask = Tensor(
      [1, count, count], (0..<count * count).map { $0 % count < $0 / count ? 1 : 0 })
    return factor * location.graph.constant(mask)
  }

  /// z = mean + L epsilon.
  package func sample(noise: [Value]) -> Value {
    let row = noise[0].reshaped(to: [shape[0], 1, dimension])
    return location + scale * noise[0] + (belowDiagonal * row).sum([2])
  }

  /// log q(z), `[N]`: -1/2 |epsilon|^2 - D/2 log 2 pi - sum(log sigma), epsilon solved for from the
  /// first to the last element.
  package func logDensity(_ z: Value) -> Value {
    logDensity(noise: whitened(z))
  }

  /// log q of the draw that `sample` makes of the same noise, `[N]`, without solving for it.
  package func logDensity(noise: Value) -> Value {
    ((noise.squared() + logTwoPi) * -0.5 - scale.log()).sumOfRows()
  }

  /// L^-1 (z - mean), `[N, D]`.
  func whitened(_ z: Value) -> Value {
    let rows = belowDiagonal
    let centered = z - location
    var solved: [Value] = []
    for i in 0..<dimension {
      var rest = centered.sliced(axis: 1, i..<i + 1)
      if i > 0 {
        let row = rows.sliced(axis: 1, i..<i + 1).sliced(axis: 2, 0..<i)
        let known = Value.concatenate(solved, axis: 1)
        rest = rest - (row.reshaped(to: known.shape) * known).sum([1], keepingAxes: true)
      }
      solved.append(rest / scale.sliced(axis: 1, i..<i + 1))
    }
    return .concatenate(solved, axis: 1)
  }

  package var mean: Value? { location }
  /// The diagonal of L L^T.
  package var variance: Value? { scale.squared() + belowDiagonal.squared().sum([2]) }
  /// D/2 log(2 pi e) + sum(log sigma), `[N]`.
  package var entropy: Value? { (scale.log() + 0.5 * (1 + logTwoPi)).sumOfRows() }

  package func mapParameters(_ transform: (Value) -> Value) -> FullGaussian {
    FullGaussian(
      location: transform(location), scale: transform(scale), factor: transform(factor))
  }
}

/// A Gaussian with full covariance (Kingma and Welling 2019, section 2.5.1, algorithm 2).
struct FullPosterior: PlainFamily, PosteriorFamily {
  static let name = "full"
  static let summary: String? = "a Gaussian with full covariance"

  func problem(latents: Int) -> String? {
    latents <= 256
      ? nil : "expected at most 256 latents with a full covariance, found \(latents)"
  }

  func encoderOutputs(latents: Int) -> Int { 2 * latents + latents * latents }

  /// Starts as the diagonal one, since random correlations at first are noise to be unlearned.
  func encoderInitializer(latents: Int) -> Initializer { .glorotThenZeros(outputs: 2 * latents) }

  func posterior(
    _ output: Value, latents: Int, _ activation: UnaryFunction
  ) -> any LatentPosterior {
    let start = 2 * latents
    return FamilyPosterior(
      distribution: FullGaussian(
        location: output.latents(0, of: latents),
        scale: (output.latents(1, of: latents) * 0.5).exp(),
        factor: output.sliced(axis: 1, start..<start + latents * latents)
          .reshaped(to: [output.shape[0], latents, latents])))
  }
}

extension Configuration.Posterior {
  public static var full: Self { Self(FullPosterior()) }
}
