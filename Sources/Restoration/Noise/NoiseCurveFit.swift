import VAE

/// Puts what an estimator says of many pieces of a picture together as one curve.
///
/// Each piece counts with its certainty, and the prior of the estimator's training once. The errors of
/// pieces of one picture are alike, which is why many count as few; a piece far from the curve counts
/// less (Student's t with four degrees of freedom, by reweighting).
struct NoiseCurveFit {
  private struct Observation {
    let brightness: Float
    let mean: Float
    let precision: Float
  }

  private var observations: [Observation] = []

  /// How many independent pieces a whole picture is worth at most.
  private static let largestCount: Float = 24
  /// The deviation of the difference of l from a node to the next.
  private static let bend: Float = 0.5

  /// Whether no piece has said anything.
  var isEmpty: Bool { observations.isEmpty }

  mutating func add(_ belief: NoiseEstimator.Reading.Belief, brightness: Float) {
    guard belief.variance > 0, belief.mean.isFinite else { return }
    // A piece that knows no more than the prior tells nothing.
    let precision = 1 / belief.variance - 1 / NoiseEstimator.prior.variance
    guard precision > 1e-3 else { return }
    observations.append(
      Observation(brightness: brightness, mean: belief.mean, precision: precision))
  }

  /// The curve; nil without a piece that says something.
  func curve() -> NoiseModel.Curve? {
    guard !observations.isEmpty else { return nil }
    let discount = min(1, Self.largestCount / Float(observations.count))
    var weights = observations.map(\.precision)
    var nodes: [Float] = []
    for _ in 0..<8 {
      nodes = solve(weights.map { $0 * discount })
      let curve = NoiseModel.Curve(nodes: nodes)
      for (index, observation) in observations.enumerated() {
        let distance = observation.mean - curve.level(at: observation.brightness)
        weights[index] =
          observation.precision * 5 / (4 + observation.precision * distance * distance)
      }
    }
    // Where no piece lies the curve goes no farther than those that there are.
    let means = observations.map(\.mean)
    let (least, largest) = (means.min() ?? 0, means.max() ?? 0)
    return NoiseModel.Curve(
      nodes: nodes.map { NoiseEstimator.level(ofLogarithm: min(max($0, least), largest)) })
  }

  /// The least-squares nodes: three normal equations.
  private func solve(_ weights: [Float]) -> [Float] {
    let prior = NoiseEstimator.prior
    let stiffness = Double(1 / (Self.bend * Self.bend))
    var matrix = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for index in 0..<3 {
      matrix[index][index] += Double(1 / prior.variance) / 3
      matrix[index][3] += Double(prior.mean / prior.variance) / 3
    }
    for index in 0..<2 {
      matrix[index][index] += stiffness
      matrix[index + 1][index + 1] += stiffness
      matrix[index][index + 1] -= stiffness
      matrix[index + 1][index] -= stiffness
    }
    for (observation, weight) in zip(observations, weights) {
      let place = min(max(observation.brightness, 0), 1) * 2
      let low = place < 1 ? 0 : 1
      let share = Double(place) - Double(low)
      let basis = [(low, 1 - share), (low + 1, share)]
      for (row, value) in basis {
        for (column, other) in basis { matrix[row][column] += Double(weight) * value * other }
        matrix[row][3] += Double(weight) * value * Double(observation.mean)
      }
    }
    return Self.solution(of: matrix)
  }

  /// By elimination; the matrix is positive definite.
  private static func solution(of equations: [[Double]]) -> [Float] {
    var rows = equations
    for pivot in 0..<3 {
      for row in 0..<3 where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot..<4 { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return (0..<3).map { Float(rows[$0][3] / rows[$0][$0]) }
  }
}
