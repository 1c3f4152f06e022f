import Platform
import Tensors

/// A grid over a plane of two latents whose cells have equal probability under N(0, I): the
/// inverse of the Gaussian distribution function of an even grid on the unit square (AEVB,
/// appendix A).
package struct LatentManifold {
  package let columns: Int
  package let rows: Int
  package var temperature: Float = 1

  package init(columns: Int, rows: Int, temperature: Float = 1) {
    (self.columns, self.rows, self.temperature) = (columns, rows, temperature)
  }

  /// What a model must be for its manifold to be drawn, and what it is instead; nil where it can be.
  package static func misfit(_ model: Configuration) -> (expected: String, found: String)? {
    if model.latents != 2 { return ("2 latents", "\(model.latents)") }
    guard model.prior != .standardNormal else { return nil }
    return ("the prior standard-normal, whose quantiles it shows", model.prior.name)
  }

  package var count: Int { columns * rows }

  /// The vector of a cell, `[2]`; the first latent grows to the right, the second upwards.
  package func vector(_ index: Int) -> Tensor {
    let x = Self.quantile((Double(index % columns) + 0.5) / Double(columns))
    let y = Self.quantile(1 - (Double(index / columns) + 0.5) / Double(rows))
    return Tensor([2], [Float(x) * temperature, Float(y) * temperature])
  }

  /// The inverse of the standard normal distribution function.
  ///
  /// Newton's method on erfc from the bisected neighborhood: exact to the last digits.
  ///
  /// - Parameter p: in (0, 1).
  package static func quantile(_ p: Double) -> Double {
    if p > 0.5 { return -quantile(1 - p) }
    var (low, high) = (-40.0, 0.0)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if distribution(middle) < p { low = middle } else { high = middle }
    }
    var x = (low + high) / 2
    for _ in 0..<3 {
      let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      if density > 0 { x -= (distribution(x) - p) / density }
    }
    return x
  }

  private static func distribution(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
}
