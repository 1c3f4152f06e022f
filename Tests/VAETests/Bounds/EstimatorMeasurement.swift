import Checkpoints
import Foundation
import Graphs
import ImageCodecs
import Tensors
import Testing

@testable import VAE

/// Not a check but a measurement, made where LATENT_ESTIMATORS names a file for it: mean and variance
/// of every estimator's gradient with respect to the posterior of one digit, and bounds of several
/// posteriors on a problem whose answer is known, as JSON.
/// `script/estimators` makes a table and a plot of it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["LATENT_ESTIMATORS"] != nil))
struct EstimatorMeasurement {
  /// Draws of one gradient: L, or K of iwae.
  private static let counts = [1, 2, 4, 8, 16, 32, 64]

  private typealias Maker = @Sendable (Int) -> (Estimator, samples: Int)

  private static let estimators: [(name: String, make: Maker)] = [
    ("sgvb-b", { (.sgvbB, $0) }), ("sgvb-a", { (.sgvbA, $0) }),
    ("score-function", { (.scoreFunction, $0) }),
    ("iwae", { (.importanceWeighted(samples: $0), 1) }),
    (
      "iwae --doubly-reparameterised",
      { (.importanceWeighted(samples: $0, isDoublyReparameterized: true), 1) }
    ),
  ]

  @Test func measure() throws {
    let path = try #require(ProcessInfo.processInfo.environment["LATENT_ESTIMATORS"])
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let trained = try Model(path: root.appendingPathComponent("models/aevb.safetensors").path)
    let digit = try ImageReader.read(
      path: root.appendingPathComponent("samples/digits/digit-1.png").path
    ).colorPlanes()
    let picture = Tensor([1, 28, 28], digit.prefix(784).map { $0 > 0.5 ? 1 : 0 })
    let states: [(String, Model)] = [
      ("before training", Model(trained.configuration, seed: 0)), ("trained", trained),
    ]
    var rows: [JSONValue] = []
    for (state, model) in states {
      let posterior = try Coder(model, backend: PortableBackend()).encode(picture)
      let batch: Shape = [1, model.configuration.latents]
      var reference: VectorMoments?
      for (name, make) in Self.estimators {
        for count in Self.counts {
          if count > 1 && state != "trained" { continue }
          let draws = count == 1 ? 10_000 : max(200, 2000 / count)
          var random = RandomSource(seed: 2, stream: UInt64(rows.count))
          let (estimator, samples) = make(count)
          let (gradient, bound) = try EstimatorGradients(
            model, estimator, samples: samples, picture: picture.reshaped(to: [1, 1, 28, 28]),
            mean: posterior.mean.reshaped(to: batch),
            logVariance: posterior.logVariance.reshaped(to: batch)
          ).moments(draws: draws, using: &random)
          if count == 1 && name == "sgvb-b" { reference = gradient }
          let isSame = count == 1 && !name.hasPrefix("iwae")
          let score = isSame ? reference.map { $0.largestScore(against: gradient) } : nil
          rows.append([
            "state": .string(state), "estimator": .string(name), "count": JSONValue(count),
            "draws": JSONValue(draws), "components": JSONValue(gradient.mean.count),
            "bound": JSONValue(bound.mean[0]),
            "bound_error": JSONValue((bound.variance[0] / Double(draws)).squareRoot()),
            "norm": JSONValue(gradient.mean.reduce(0) { $0 + $1 * $1 }.squareRoot()),
            "variance": JSONValue(gradient.totalVariance),
            "largest_z": score.map { JSONValue($0) } ?? .null,
          ])
        }
      }
    }
    let object: JSONValue = ["estimators": .array(rows), "posteriors": try posteriors()]
    try Data((object.description + "\n").utf8).write(to: URL(fileURLWithPath: path))
  }

  /// The bounds that posteriors of several families reach on the fixture's linear-Gaussian problem,
  /// means over its pictures, beside log p(x).
  private func posteriors() throws -> JSONValue {
    let fixture = try BoundFixture()
    func mean(_ numbers: [Double]) -> Double {
      numbers.reduce(0, +) / Double(numbers.count)
    }
    let exact = mean(try fixture.numbers("log_marginal"))
    let families: [Configuration.Posterior] = [
      .diagonal, .laplace, .logistic, .studentT(degreesOfFreedom: 5), .full,
      .inverseAutoregressiveFlow(steps: 2, hidden: 16),
    ]
    return [
      "exact": JSONValue(exact),
      "best_diagonal": JSONValue(exact - (try fixture.number("diagonal_gap"))),
      "fitted": .array(
        try families.map {
          ["name": .string($0.name), "bound": JSONValue(mean(try fixture.fittedBounds($0)))]
        }),
    ]
  }
}
