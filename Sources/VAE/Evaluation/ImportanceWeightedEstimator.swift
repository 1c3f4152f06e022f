import Graphs
import Networks
import Platform
import Tensors

/// The marginal likelihood log p(x) estimated from the posterior as importance distribution:
/// log 1/S sum_s p(x, z_s) / q(z_s|x) (Burda, Grosse and Salakhutdinov 2016, equation 8; Rezende,
/// Mohamed and Wierstra 2014, appendix E). A lower bound in expectation, tighter with every sample.
///
/// Pictures of any size are taken where the model takes them; those with more than 1024 pixels a
/// side are cut into parts whose estimates are added.
package final class ImportanceWeightedEstimator {
  /// S.
  package let samples: Int
  private let chunk: Int
  private let model: Model
  private let countsLevels: Bool
  private let functions: FunctionCache<ImageShape>

  /// An estimator of `samples` draws a picture.
  ///
  /// - Parameters:
  ///   - chunk: the draws in memory at a time; fewer of large pictures.
  ///   - countsLevels: whether `levelLogLikelihood` is wanted.
  package init(
    _ model: Model, samples: Int, chunk: Int = 250, countsLevels: Bool = false,
    backend: any Backend
  ) throws {
    precondition(samples > 0, "at least one sample")
    self.model = model
    self.samples = samples
    self.chunk = chunk
    self.countsLevels = countsLevels && !model.configuration.likelihood.isDiscrete
    functions = FunctionCache(of: model, backend: backend)
  }

  /// What the weights of one picture say.
  package struct Estimate: Hashable, Sendable {
    /// log p(x), in nats; of continuous families a density on [0, 1].
    package internal(set) var logLikelihood: Double
    /// The estimate's standard error over the draws, in nats (delta method).
    package internal(set) var standardError: Double
    /// log P(x) of the levels of 8-bit data, in nats; nil where it was not asked for and
    /// where the likelihood is discrete.
    package internal(set) var levelLogLikelihood: Double?

    /// The estimate of independent parts of a picture.
    mutating func add(_ other: Estimate) {
      logLikelihood += other.logLikelihood
      let (own, more) = (standardError, other.standardError)
      standardError = (own * own + more * more).squareRoot()
      if let more = other.levelLogLikelihood { levelLogLikelihood? += more }
    }
  }

  /// Estimates log p(x).
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1].
  package func estimate(
    _ picture: Tensor, using random: inout RandomSource
  ) throws -> Estimate {
    let tiles = model.configuration.takesAnySize ? PictureTiles(picture).tiles : [picture]
    var sum = try estimate(tile: tiles[0], using: &random)
    for tile in tiles.dropFirst() { sum.add(try estimate(tile: tile, using: &random)) }
    return sum
  }

  private func estimate(
    tile: Tensor, using random: inout RandomSource
  ) throws -> Estimate {
    let image = ImageShape(tile)
    let chunk = chunk(of: model.enclosing(image))
    let function = try functions.function(image, size: image.area) { graph in
      let draws = EvaluatedDraws(model, graph, image, batchSize: 1, samples: chunk)
      return (
        draws,
        [draws.logRatio, draws.logLikelihood] + (countsLevels ? draws.levelParameters : [])
      )
    }
    function.write { $0.set($1.x, picture: tile) }
    var (sum, levelSum) = (StreamedLogSumExp(), StreamedLogSumExp())
    for first in stride(from: 0, to: samples, by: chunk) {
      try function(
        { $0.set($1.noise, using: &random) },
        read: { results, draws in
          for draw in 0..<min(chunk, samples - first) {
            let ratio = Double(results[draws.logRatio][draw])
            sum.add(Double(results[draws.logLikelihood][draw]) + ratio)
            guard countsLevels else { continue }
            let logProbability = results.levelLogProbability(
              tile.elements[...], row: draw, draws.levelParameters,
              model.configuration.likelihood)
            levelSum.add(logProbability + ratio)
          }
        })
    }
    return Estimate(
      logLikelihood: sum.logMean, standardError: sum.standardErrorOfLogMean,
      levelLogLikelihood: countsLevels ? levelSum.logMean : nil)
  }

  /// Draws at a time.
  private func chunk(of image: ImageShape) -> Int {
    let configuration = model.configuration
    let limit =
      configuration.takesAnySize
      ? Self.largestArea / image.area : configuration.deep == nil ? chunk : (1 << 19) / image.count
    return max(1, min(chunk, samples, limit))
  }

  /// Of the draws of a hierarchical model that are in memory at a time, in pixels.
  private static let largestArea = 1 << 18
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
