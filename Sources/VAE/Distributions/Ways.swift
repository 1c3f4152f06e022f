import Graphs
import Tensors

/// AEVB, section 2.4, first way: z = F^-1(u), the inverse of the distribution function at a uniform
/// number.
package protocol InverseCDFDistribution: ReparameterizedDistribution {
  /// F^-1(u).
  ///
  /// - Parameter u: in (0, 1).
  func inverseCDF(_ u: Value) -> Value
}

extension InverseCDFDistribution {
  package var noise: [BaseNoise] { [.uniform] }
  package func sample(noise: [Value]) -> Value { inverseCDF(noise[0]) }
  package func quantile(_ u: Value) -> Value? { inverseCDF(u) }
}

/// AEVB, section 2.4, second way: z = location + scale t, t a draw of the family's standard member.
package protocol LocationScaleDistribution: ReparameterizedDistribution {
  /// `[N, ...]`.
  var location: Value { get }
  /// Positive, `[N, ...]`.
  var scale: Value { get }

  /// t, a draw of the member of location 0 and scale 1.
  func standardSample(noise: [Value]) -> Value
  /// Its log density.
  func standardLogDensity(_ t: Value) -> Value
}

extension LocationScaleDistribution {
  package var shape: Shape { location.shape }

  package func sample(noise: [Value]) -> Value { location + scale * standardSample(noise: noise) }

  package func logDensity(_ z: Value) -> Value { standardLogDensity(standardized(z)) - scale.log() }

  /// (z - location) / scale.
  func standardized(_ z: Value) -> Value { (z - location) / scale }
}

/// AEVB, section 2.4, third way: z is a function of draws of other families. Of a gamma variate,
/// which most of these are made of, the derivative with respect to its shape is implicit (Figurnov,
/// Mohamed and Mnih 2018, section 3).
package protocol ComposedDistribution: ReparameterizedDistribution {}

/// A family that is another's special case: it has a draw of its own, all else is the other's.
package protocol SpecialCaseDistribution: ReparameterizedDistribution {
  associatedtype General: ReparameterizedDistribution
  /// The same distribution as a member of the larger family.
  var general: General { get }
}

extension SpecialCaseDistribution {
  package var shape: Shape { general.shape }
  package var support: Support { general.support }
  package func logDensity(_ z: Value) -> Value { general.logDensity(z) }
  package func cdf(_ z: Value) -> Value? { general.cdf(z) }
  package var mean: Value? { general.mean }
  package var variance: Value? { general.variance }
  package var entropy: Value? { general.entropy }
  package func expectation(of statistic: Statistic) -> Value? { general.expectation(of: statistic) }
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    general.crossEntropy(of: q)
  }
}
