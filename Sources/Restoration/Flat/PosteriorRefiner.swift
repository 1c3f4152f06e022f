import Graphs
import Pictures
import Tensors
import VAE

/// Fits q(z) = N(mean, diag sigma^2) to one observation each row, by Adam on the evidence lower bound
/// of what was seen: E_q[log p(y|z)] - KL(q || p). The divergence from another prior than the standard
/// normal is the draw's log q(z) - log p(z).
///
/// The encoder's posterior of a damaged picture is only a start: the encoder was trained on whole
/// ones. Going on from there is the semi-amortised inference of Kim et al. 2018; with the variance
/// held at zero it is MAP.
package final class PosteriorRefiner {
  /// Is told of every step.
  var progress: ProgressHandler?
  /// Rows, each a problem of its own.
  package let rows: Int
  private let configuration: Configuration
  private let function: Function<Refinement>

  private struct Refinement {
    let posterior: DiagonalGaussian
    let noise: Value
    let y: Value
    let noiseVariance: Value
    let known: Value
    /// 1 to hold z at the mean.
    let isPoint: Value
    let bound: Value
    /// Of minus the bound, in mean and log variance.
    let gradients: [Value]
  }

  /// A Gaussian over the latents and the bound that it reached.
  package struct Fit: Hashable, Sendable {
    /// `[D]`.
    package var mean: [Float]
    /// log sigma^2, `[D]`.
    package var logVariance: [Float]
    /// The bound on log p(y), in nats: the mean over the last quarter of the steps, since one draw
    /// is too noisy to compare fits by.
    package var bound: Float

    package init(mean: [Float], logVariance: [Float], bound: Float = -.infinity) {
      self.mean = mean
      self.logVariance = logVariance
      self.bound = bound
    }
  }

  /// How long and how far.
  package struct Schedule: Hashable, Sendable {
    /// Adam steps.
    package var steps: Int
    /// Adam's rate at first; it falls to a tenth along half a cosine.
    package var learningRate: Float
    /// Whether to hold z at the mean: maximum a posteriori instead of a bound.
    package var isPoint: Bool

    package init(steps: Int = 200, learningRate: Float = 0.05, isPoint: Bool = false) {
      self.steps = steps
      self.learningRate = learningRate
      self.isPoint = isPoint
    }
  }

  /// - Parameter isNoisy: whether observations carry Gaussian noise; without it p(y|z) is the model's
  ///   own likelihood of the known pixels.
  package init(_ model: Model, rows: Int, isNoisy: Bool, backend: any Backend) throws {
    self.rows = rows
    configuration = model.configuration
    let graph = Graph()
    let latents: Shape = [rows, configuration.latents]
    let pixels = configuration.image.batch(rows)
    let posterior = DiagonalGaussian(
      mean: graph.input(latents), logVariance: graph.input(latents))
    let noise = graph.input(latents)
    let z = posterior.sample(noise: noise)
    let y = graph.input(pixels)
    let noiseVariance = graph.input([rows, 1, 1, 1])
    let likelihood = model.network.likelihood(z, of: configuration.image)
    let logDensity =
      isNoisy
      ? likelihood.noisyPixelLogDensity(y, noiseVariance: noiseVariance)
      : likelihood.pixelLogDensity(y)
    let known = graph.input(pixels)
    let seen = (logDensity * known).sum([1, 2, 3])
    let point = graph.input([1])
    let divergence: Value
    let atMean: Value
    if configuration.prior == .standardNormal {
      divergence = posterior.divergenceFromStandardNormal()
      atMean = (posterior.mean.squared() * 0.5).sum([1])
    } else {
      divergence = posterior.logDensity(z) - model.network.priorLogDensity(z)
      atMean = -model.network.priorLogDensity(posterior.mean)
    }
    let rate = (1 - point) * divergence + point * atMean
    let bound = seen - rate
    let gradients = graph.gradient(
      of: -bound.sum(), withRespectTo: [posterior.mean, posterior.logVariance])
    function = try Function(
      graph,
      Refinement(
        posterior: posterior, noise: noise, y: y, noiseVariance: noiseVariance, known: known,
        isPoint: point, bound: bound, gradients: gradients),
      outputs: [bound] + gradients, parameters: model.parameters, backend: backend)
  }

  /// Fits one Gaussian a row.
  ///
  /// - Parameters:
  ///   - observations: one a row; equal ones are problems with several starts.
  ///   - starts: where to begin, one a row.
  package func fit(
    _ observations: [Observation], from starts: [Fit], _ schedule: Schedule,
    using random: inout RandomSource
  ) throws -> [Fit] {
    precondition(observations.count == rows && starts.count == rows)
    function.write { inputs, values in
      inputs.set(values.y, rows: observations.map(\.pixels.elements))
      inputs.set(values.known, rows: observations.map { $0.known?.elements ?? [1] })
      inputs.set(
        values.noiseVariance, rows: observations.map { [$0.noiseDeviation * $0.noiseDeviation] })
      inputs.set(values.isPoint, to: schedule.isPoint ? 1 : 0)
      if schedule.isPoint { inputs.set(values.noise, to: 0) }
    }

    var mean = AdamVector(starts.flatMap(\.mean))
    var logVariance = AdamVector(starts.flatMap(\.logVariance))
    var bounds = [Float](repeating: 0, count: rows)
    let firstCounted = schedule.isPoint ? schedule.steps : schedule.steps - schedule.steps / 4
    for step in 0...schedule.steps {
      try WorkProgress.report(step, of: schedule.steps, to: progress)
      try function(
        { inputs, values in
          inputs.set(values.posterior.mean, mean.values)
          inputs.set(values.posterior.logVariance, logVariance.values)
          if !schedule.isPoint { inputs.setNormal(values.noise, using: &random) }
        },
        read: { results, values in
          if step >= firstCounted {
            let share = 1 / Float(schedule.steps - firstCounted + 1)
            for row in 0..<rows { bounds[row] += share * results[values.bound][row] }
          }
          if step == schedule.steps { return }
          let progress = Double(step) / Double(schedule.steps)
          let rate = schedule.learningRate * (0.1 + 0.9 * cosineDecay(progress))
          mean.step(results[values.gradients[0]], rate: rate)
          if !schedule.isPoint { logVariance.step(results[values.gradients[1]], rate: rate) }
        })
    }
    let count = configuration.latents
    return (0..<rows).map { row in
      let range = row * count..<(row + 1) * count
      return Fit(
        mean: Array(mean.values[range]), logVariance: Array(logVariance.values[range]),
        bound: bounds[row])
    }
  }
}

extension PixelDistribution {
  /// log N(y; m(z), s^2(z) + sigma^2) of each sample: a noisy pixel with the model's own spread
  /// (Prakash, Krull and Jug 2021).
  ///
  /// - Parameter noiseVariance: sigma^2, `[N, 1, 1, 1]`.
  func noisyPixelLogDensity(_ y: Value, noiseVariance: Value) -> Value {
    let total = variance + noiseVariance
    return ((y - mean).squared() / total + total.log() + 1.837_877_066) * -0.5
  }
}
