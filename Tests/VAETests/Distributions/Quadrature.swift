import Foundation

/// Integrals of a density over its support by the trapezoidal rule in a variable that takes the
/// support to the real line, where the rule is exact to many digits for smooth functions.
struct Quadrature {
  enum Domain: Equatable {
    case realLine
    case positive
    case unitInterval
    case above(Double)
    case between(Double, Double)
  }

  /// Where the density is looked at, in ascending order.
  private(set) var points: [Float] = []
  /// dz of each point.
  private(set) var weights: [Double] = []
  /// Of each point; set by the caller.
  var logDensity: [Double] = []

  init(_ domain: Domain) {
    let range: ClosedRange<Double> =
      switch domain {
      case .realLine: -24...24
      case .positive: -80...40
      case .unitInterval: -60...16
      case .above: -15...40
      case .between: -15...15
      }
    let count = 6000
    let step = (range.upperBound - range.lowerBound) / Double(count)
    for index in 0...count {
      let x = range.lowerBound + Double(index) * step
      let sigmoid = 1 / (1 + exp(-x))
      let (z, derivative): (Double, Double) =
        switch domain {
        case .realLine: (sinh(x), cosh(x))
        case .positive: (exp(x), exp(x))
        case .unitInterval: (sigmoid, sigmoid * (1 - sigmoid))
        case .above(let lower): (lower + exp(x), exp(x))
        case .between(let lower, let upper):
          (lower + (upper - lower) * sigmoid, (upper - lower) * sigmoid * (1 - sigmoid))
        }
      points.append(Float(z))
      weights.append(derivative * step)
    }
  }

  /// The probability that each point stands for.
  var masses: [Double] { zip(weights, logDensity).map { $0 * exp($1) } }

  /// E[f(z)].
  func expectation(_ function: (Double) -> Double) -> Double {
    zip(points, masses).reduce(0) { $1.1 == 0 ? $0 : $0 + $1.1 * function(Double($1.0)) }
  }

  /// P(Z <= z) at each point.
  var cumulative: [Double] {
    var sum = 0.0
    return masses.map { mass in
      defer { sum += mass }
      return sum + mass / 2
    }
  }

  /// P(Z <= z) of numbers in ascending order.
  func cumulative(at sorted: [Float]) -> [Double] {
    let known = cumulative
    var upper = 0
    return sorted.map { z in
      while upper < points.count && points[upper] < z { upper += 1 }
      guard upper > 0 else { return 0 }
      guard upper < points.count else { return 1 }
      let (low, high) = (Double(points[upper - 1]), Double(points[upper]))
      let share = high > low ? (Double(z) - low) / (high - low) : 1
      return known[upper - 1] + share * (known[upper] - known[upper - 1])
    }
  }
}
