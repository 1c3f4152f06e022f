import Graphs
import Tensors

/// AEVB, section 2.4, first way: z = F^-1(u), the inverse of the distribution function at a uniform
/// number.
public protocol InverseCDFDistribution: ReparameterizedDistribution {
  /// F^-1(u).
  ///
  /// - Parameter u: in (0, 1).
  func inverseCDF(_ u: Value) -> Value
}

extension InverseCDFDistribution {
  public var noise: [BaseNoise] { [.uniform] }
  public func sample(noise: [Value]) -> Value { inverseCDF(noise[0]) }
  public func quantile(_ u: Value) -> Value? { inverseCDF(u) }
}

/// AEVB, section 2.4, second way: z = location + scale t, t a draw of the family's standard member.
public protocol LocationScaleDistribution: ReparameterizedDistribution {
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
  public var shape: Shape { location.shape }

  public func sample(noise: [Value]) -> Value { location + scale * standardSample(noise: noise) }

  public func logDensity(_ z: Value) -> Value { standardLogDensity(standardized(z)) - scale.log() }

  /// (z - location) / scale.
  func standardized(_ z: Value) -> Value { (z - location) / scale }
}

/// AEVB, section 2.4, third way: z is a function of draws of other families. Of a gamma variate,
/// which most of these are made of, the derivative with respect to its shape is implicit (Figurnov,
/// Mohamed and Mnih 2018, section 3).
public protocol ComposedDistribution: ReparameterizedDistribution {}

/// A family that is another's special case: it has a draw of its own, all else is the other's.
public protocol SpecialCaseDistribution: ReparameterizedDistribution {
  associatedtype General: ReparameterizedDistribution
  /// The same distribution as a member of the larger family.
  var general: General { get }
}

extension SpecialCaseDistribution {
  public var shape: Shape { general.shape }
  public var support: Support { general.support }
  public func logDensity(_ z: Value) -> Value { general.logDensity(z) }
  public func cdf(_ z: Value) -> Value? { general.cdf(z) }
  public var mean: Value? { general.mean }
  public var variance: Value? { general.variance }
  public var entropy: Value? { general.entropy }
  public func expectation(of statistic: Statistic) -> Value? { general.expectation(of: statistic) }
  public func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    general.crossEntropy(of: q)
  }
}
