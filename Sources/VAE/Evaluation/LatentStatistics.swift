import Platform

/// What the posteriors of a set of pictures say together of a flat model's latents: which units are
/// used, and how near the aggregate posterior, the mean of q(z|x) over the pictures, is to N(0, I).
package struct LatentStatistics: Sendable {
  /// D.
  package let latents: Int
  let isPriorStandardNormal: Bool
  /// The pictures so far.
  package private(set) var count = 0
  private var sums: [Double]
  private var variances: [Double]
  private var rates: [Double]
  /// Sums of products of means, the rows of the lower triangle one after another; of squares alone
  /// where there are more latents than `largestCovariance`.
  private var products: [Double]

  /// Latents beyond which only variances are kept, no covariances.
  package static let largestCovariance = 512
  /// The variance over the pictures of a unit's posterior mean above which it is active (Burda, Grosse
  /// and Salakhutdinov 2016, section 5.2).
  package static let activityThreshold = 0.01

  package init(latents: Int, isPriorStandardNormal: Bool = true) {
    self.latents = latents
    self.isPriorStandardNormal = isPriorStandardNormal
    sums = Array(repeating: 0, count: latents)
    variances = sums
    rates = sums
    products = Array(
      repeating: 0,
      count: latents > Self.largestCovariance ? latents : latents * (latents + 1) / 2)
  }

  private var hasCovariance: Bool { latents <= Self.largestCovariance }

  /// Takes in the posterior of a picture, `[D]` each.
  package mutating func add(
    mean: some RandomAccessCollection<Float>, logVariance: some RandomAccessCollection<Float>
  ) {
    precondition(mean.count == latents && logVariance.count == latents, "one number a latent")
    count += 1
    let means = mean.map(Double.init)
    for (unit, logVariance) in logVariance.enumerated() {
      let (m, v) = (means[unit], exp(Double(logVariance)))
      sums[unit] += m
      variances[unit] += v
      rates[unit] += 0.5 * (m * m + v - Double(logVariance) - 1)
    }
    guard hasCovariance else {
      for unit in 0..<latents { products[unit] += means[unit] * means[unit] }
      return
    }
    means.withUnsafeBufferPointer { means in
      products.withUnsafeMutableBufferPointer { products in
        var index = 0
        for row in 0..<latents {
          for column in 0...row {
            products[index] += means[row] * means[column]
            index += 1
          }
        }
      }
    }
  }

  /// The mean of each unit over the aggregate posterior.
  package var means: [Double] { sums.map { $0 / Double(count) } }

  /// The mean variance of each unit's posterior.
  package var meanVariances: [Double] { variances.map { $0 / Double(count) } }

  /// KL(q(z_u|x) || N(0, 1)) of each unit, the mean over the pictures, in nats; of another posterior
  /// than the diagonal Gaussian, that of the Gaussian with its mean and variance.
  package var unitRates: [Double] { rates.map { $0 / Double(count) } }

  /// The covariance over the pictures of two units' posterior means; 0 of different ones where there
  /// are more latents than `largestCovariance`.
  package func covariance(_ first: Int, _ second: Int) -> Double {
    let (row, column) = (max(first, second), min(first, second))
    guard hasCovariance || row == column else { return 0 }
    let product = products[hasCovariance ? row * (row + 1) / 2 + column : row]
    let total = Double(count)
    return product / total - sums[row] / total * (sums[column] / total)
  }

  /// Cov_x(E_q[z_u]) of each unit.
  package var variancesOfMeans: [Double] { (0..<latents).map { max(0, covariance($0, $0)) } }

  /// Which units are active.
  package var active: [Bool] { variancesOfMeans.map { $0 > Self.activityThreshold } }

  package var activeCount: Int { active.filter(\.self).count }

  /// The variance of each unit over the aggregate posterior; 1 where it is the prior's.
  package var totalVariances: [Double] {
    zip(variancesOfMeans, meanVariances).map { $0 + $1 }
  }

  /// KL(N(m, S) || N(0, I)) of the Gaussian with the aggregate posterior's mean and covariance, in
  /// nats; nil where there are too many latents for the covariance, where it is singular, and where
  /// the prior is another.
  package var divergence: Double? {
    guard isPriorStandardNormal, hasCovariance, count > 0, let logDeterminant else { return nil }
    let (means, variances) = (means, totalVariances)
    let squares = means.reduce(0) { $0 + $1 * $1 }
    return 0.5 * (variances.reduce(0, +) + squares - Double(latents) - logDeterminant)
  }

  /// log |S|, by Cholesky's decomposition.
  private var logDeterminant: Double? {
    let noise = meanVariances
    var factor = [[Double]](repeating: [], count: latents)
    var sum = 0.0
    for row in 0..<latents {
      for column in 0...row {
        var rest = covariance(row, column) + (row == column ? noise[row] : 0)
        for index in 0..<column { rest -= factor[row][index] * factor[column][index] }
        if row == column {
          guard rest > 0 else { return nil }
          factor[row].append(rest.squareRoot())
          sum += log(rest)
        } else {
          factor[row].append(rest / factor[column][column])
        }
      }
    }
    return sum
  }
}
