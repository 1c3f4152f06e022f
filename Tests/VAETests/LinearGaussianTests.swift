import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

/// A linear encoder and decoder with a fixed noise variance is probabilistic PCA, whose maximum
/// likelihood is known in closed form (Tipping and Bishop 1999, section 3.2): the eigenvalues of
/// the covariance are the q largest of the sample's, and sigma^2.
@Suite struct LinearGaussianTests {
  private static let image = ImageShape(channels: 1, height: 2, width: 4)
  private static let latents = 3
  private static let count = 1000

  /// N draws of W z + b + 0.3 noise, `[N, 8]`.
  private static func draws() -> [[Double]] {
    var random = RandomSource(seed: 21)
    let d = image.count
    let scales = [1.5, 1, 0.6]
    let w = (0..<d).map { _ in
      zip(scales, random.normal([latents]).elements).map { $0 * Double($1) }
    }
    return (0..<count).map { _ in
      let z = random.normal([latents]).elements.map(Double.init)
      return w.map { row -> Double in
        let noise = 0.3 * Double(random.normal([1])[0])
        return zip(row, z).reduce(0.5 + noise) { $0 + $1.0 * $1.1 }
      }
    }
  }

  private final class Source: BatchSource {
    let examples: [[Double]]
    private var position = 0
    init(_ examples: [[Double]]) { self.examples = examples }
    var count: Int { examples.count }
    func next(into batch: TrainingBatch) {
      for row in 0..<batch.pixels.count / examples[0].count {
        for (i, number) in examples[position].enumerated() {
          batch.pixels[row * examples[0].count + i] = Float(number)
        }
        position = (position + 1) % examples.count
      }
    }
  }

  @Test func reachesTheExactMaximumLikelihood() throws {
    let x = Self.draws()
    let d = Self.image.count
    let eigenvalues = Symmetric(covarianceOf: x).eigenvalues().sorted(by: >)
    let variance =
      eigenvalues[Self.latents...].reduce(0, +) / Double(d - Self.latents)
    let top = eigenvalues[..<Self.latents]
    let logDeterminant =
      top.reduce(0) { $0 + log($1) } + Double(d - Self.latents) * log(variance)
    let maximum = -0.5 * (Double(d) * (log(2 * .pi) + 1) + logDeterminant)

    let model = Model(
      Configuration(
        image: Self.image, latents: Self.latents, network: .mlp(hidden: [], activation: .tanh),
        likelihood: .gaussianFixed(
          standardDeviation: Float(variance.squareRoot()), mean: .identity)),
      seed: 2)
    var training = TrainingConfiguration()
    training.limit = .steps(30000)
    training.learningRate = 0.05
    training.schedule = .cosine
    let trainer = try Trainer(
      model, training, exampleCount: Self.count, backend: PortableBackend())
    let source = Source(x)
    while !trainer.isDone { try trainer.step(source) }

    let exact = try ExactLikelihood(model, variance: variance)
    let reached = x.reduce(0) { $0 + exact.logLikelihood($1) } / Double(Self.count)
    #expect(reached <= maximum + 1e-3)
    #expect(abs(reached - maximum) < 0.005 * abs(maximum), "\(reached) of \(maximum)")

    // The posterior is Gaussian, so the bound is tight where the columns of W are orthogonal.
    let evaluator = try BoundEvaluator(
      model, batchSize: Self.count, samples: 8, backend: PortableBackend())
    var random = RandomSource(seed: 5)
    let pixels = x.flatMap { $0.map(Float.init) }
    let bounds = try evaluator.evaluate(pixels, using: &random)
    let bound = bounds.reduce(0) { $0 + Double($1.bound) } / Double(Self.count)
    #expect(bound <= maximum && maximum - bound < 0.005 * abs(maximum), "\(bound) of \(maximum)")

    let estimator = try ImportanceWeightedEstimator(
      model, samples: 2000, backend: PortableBackend())
    for example in x.prefix(10) {
      let estimate = try estimator.estimate(
        Tensor(Self.image.shape, example.map(Float.init)), using: &random)
      let expected = exact.logLikelihood(example)
      #expect(
        abs(estimate.logLikelihood - expected) < 3 * estimate.standardError + 1e-4,
        "\(estimate), exactly \(expected)")
    }
  }
}

/// log N(x; b, W W^T + sigma^2 I) of a linear model.
private struct ExactLikelihood {
  let mean: [Double]
  let factor: [[Double]]

  init(_ model: Model, variance: Double) throws {
    let w = try #require(model.parameters["decoder.0.weight"])
    mean = try #require(model.parameters["decoder.0.bias"]).elements.map(Double.init)
    let (d, q) = (w.shape[0], w.shape[1])
    let columns = (0..<d).map { i in w.elements[i * q..<(i + 1) * q].map(Double.init) }
    var covariance = columns.map { a in
      columns.map { b in zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 } }
    }
    for i in covariance.indices { covariance[i][i] += variance }
    factor = Symmetric(covariance).cholesky()
  }

  func logLikelihood(_ x: [Double]) -> Double {
    var (sum, solution) = (Double(x.count) * log(2 * .pi), [Double]())
    for i in x.indices {
      let inner = (0..<i).reduce(0) { $0 + factor[i][$1] * solution[$1] }
      solution.append((x[i] - mean[i] - inner) / factor[i][i])
      sum += 2 * log(factor[i][i]) + solution[i] * solution[i]
    }
    return -0.5 * sum
  }
}

/// A small symmetric matrix.
private struct Symmetric {
  var rows: [[Double]]

  init(_ rows: [[Double]]) { self.rows = rows }

  init(covarianceOf x: [[Double]]) {
    let (n, d) = (Double(x.count), x[0].count)
    let mean = (0..<d).map { i in x.reduce(0) { $0 + $1[i] } / n }
    let centered = x.map { example in zip(example, mean).map { $0 - $1 } }
    rows = (0..<d).map { i in
      (0..<d).map { j in centered.reduce(0.0) { $0 + $1[i] * $1[j] } / n }
    }
  }

  /// By Jacobi's rotations.
  func eigenvalues() -> [Double] {
    var a = rows
    for _ in 0..<30 {
      for p in a.indices {
        for q in a.indices where q > p && abs(a[p][q]) > 1e-14 {
          let angle = 0.5 * atan2(2 * a[p][q], a[q][q] - a[p][p])
          let (c, s) = (cos(angle), sin(angle))
          for k in a.indices {
            (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q])
          }
          for k in a.indices {
            (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k])
          }
        }
      }
    }
    return a.indices.map { a[$0][$0] }
  }

  /// The lower triangular L with L L^T equal to this matrix.
  func cholesky() -> [[Double]] {
    var l = rows.map { $0.map { _ in 0.0 } }
    for i in rows.indices {
      for j in 0...i {
        let inner = (0..<j).reduce(0) { $0 + l[i][$1] * l[j][$1] }
        l[i][j] = i == j ? (rows[i][i] - inner).squareRoot() : (rows[i][j] - inner) / l[j][j]
      }
    }
    return l
  }
}
