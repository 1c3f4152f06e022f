import Graphs
import Networks
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The marginal likelihood log p(x) estimated from the posterior as importance distribution:
/// log 1/S sum_s p(x, z_s) / q(z_s|x) (Burda, Grosse and Salakhutdinov 2016, equation 8; Rezende,
/// Mohamed and Wierstra 2014, appendix E). A lower bound in expectation, tighter with every sample.
public final class ImportanceWeightedEstimator {
  /// S.
  public let samples: Int
  private let chunk: Int
  private let latents: Int
  private let plan: Plan

  /// An estimator of `samples` draws a picture, of which `chunk` are in memory at a time.
  public init(_ model: Model, samples: Int, chunk: Int = 250, backend: any Backend) throws {
    precondition(samples > 0, "at least one sample")
    self.samples = samples
    self.chunk = min(chunk, samples)
    latents = model.configuration.latents
    let graph = Graph()
    let weights = model.network.logImportanceWeights(
      graph.input("x", model.configuration.image.batch(1)),
      noise: graph.input("noise", [self.chunk, latents]), samples: self.chunk)
    plan = try Plan(graph, outputs: [weights], parameters: model.parameters, backend: backend)
  }

  /// What the weights of one picture say.
  public struct Estimate: Hashable, Sendable {
    /// log p(x), in nats.
    public let logLikelihood: Double
    /// The estimate's standard error over the draws, in nats (delta method).
    public let standardError: Double
  }

  /// Estimates log p(x).
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1].
  public func estimate(
    _ picture: Tensor, using random: inout RandomSource
  ) throws -> Estimate {
    plan.fill("x", with: Tensor(Shape([1] + picture.shape.dimensions), picture.elements))
    var sum = StreamedLogSumExp()
    var remaining = samples
    while remaining > 0 {
      if let noise = plan.input("noise") { random.fillNormal(noise) }
      try plan.run()
      for weight in plan.outputBuffer(0).prefix(remaining) { sum.add(Double(weight)) }
      remaining -= chunk
    }
    return Estimate(
      logLikelihood: sum.logMean, standardError: sum.standardErrorOfLogMean)
  }
}

/// log sum exp of numbers that come one at a time, and of their squares, without overflow.
struct StreamedLogSumExp {
  private var largest = -Double.infinity
  private var sum = 0.0
  private var sumOfSquares = 0.0
  private var count = 0.0

  mutating func add(_ x: Double) {
    count += 1
    if x > largest {
      let scale = exp(largest - x)
      sum = sum * scale + 1
      sumOfSquares = sumOfSquares * scale * scale + 1
      largest = x
    } else {
      let term = exp(x - largest)
      sum += term
      sumOfSquares += term * term
    }
  }

  /// log of the mean of exp.
  var logMean: Double { largest + log(sum / count) }

  /// The standard error of `logMean`: that of the mean of exp over the mean.
  var standardErrorOfLogMean: Double {
    let mean = sum / count
    let variance = max(0, sumOfSquares / count - mean * mean)
    return (variance / max(1, count - 1)).squareRoot() / mean
  }
}
