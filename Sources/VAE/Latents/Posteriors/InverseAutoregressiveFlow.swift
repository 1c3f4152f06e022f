import Checkpoints
import Graphs
import Networks
import Tensors

/// The layers of an inverse autoregressive flow (Kingma et al. 2016, section 3 and algorithm 1):
/// T steps z <- s z + (1 - s) m, with m and s = sigmoid(...) of latent i made from the latents before
/// it and from a context that the encoder gives.
///
/// "Before" is the order of the latents in even steps and the reverse order in odd ones.
struct InverseAutoregressiveFlow: Sendable {
  let latents: Int
  let hidden: Int
  private let activation: UnaryFunction
  private let steps: [Step]

  private struct Step: Sendable {
    /// `[N, D] -> [N, H]`.
    let latent: MaskedDense
    /// `[N, H] -> [N, H]`.
    let context: Dense
    /// `[N, H] -> [N, D]`.
    let mean: MaskedDense
    /// `[N, H] -> [N, D]`, before the sigmoid.
    let gate: MaskedDense

    var parameters: [ParameterSpecification] {
      latent.parameters + context.parameters + mean.parameters + gate.parameters
    }
  }

  /// - Parameters:
  ///   - steps: T.
  ///   - hidden: H, units of a step's hidden layer and numbers of the context.
  init(latents: Int, steps: Int, hidden: Int, activation: UnaryFunction) {
    self.latents = latents
    self.hidden = hidden
    self.activation = activation
    // Unit u sees the first u D / H latents in the step's order, rounded down, and the latent with
    // i before it is made of the units that see at most i of them.
    let inputs = (0..<hidden).map { $0 * latents / hidden }
    let outputs = (0..<latents).map { 0..<(($0 + 1) * hidden + latents - 1) / latents }
    let forwards = (inputs: inputs.map { 0..<$0 }, outputs: outputs)
    let backwards = (
      inputs: inputs.map { latents - $0..<latents }, outputs: Array(outputs.reversed())
    )
    self.steps = (0..<steps).map { step in
      let seen = step % 2 == 0 ? forwards : backwards
      let name = "posterior.\(step)"
      return Step(
        latent: MaskedDense("\(name).latent", inputs: latents, seen: seen.inputs),
        context: Dense("\(name).context", inputs: hidden, outputs: hidden),
        mean: MaskedDense("\(name).mean", inputs: hidden, seen: seen.outputs),
        // Gates that start open leave the base as it is, which the paper found to train better.
        gate: MaskedDense("\(name).gate", inputs: hidden, seen: seen.outputs, bias: 2))
    }
  }

  var parameters: [ParameterSpecification] { steps.flatMap(\.parameters) }

  /// What every step's hidden layer gets from the context, `[N, H]` each.
  func contexts(_ context: Value) -> [Value] { steps.map { $0.context(context) } }

  /// The latents after all steps.
  struct Result {
    /// `[N, D]`.
    let latents: Value
    /// log s summed over the steps, `[N, D]`: in each step the Jacobian is triangular with s on its
    /// diagonal (equation 10).
    let logScale: Value
  }

  /// - Parameters:
  ///   - z: `[N, D]`.
  ///   - contexts: of the same rows.
  func callAsFunction(_ z: Value, contexts: [Value]) -> Result {
    var (z, logScale) = (z, z.graph.constant(0, z.shape))
    for (step, context) in zip(steps, contexts) {
      let unit = (step.latent(z) + context).map(activation)
      let gate = step.gate(unit)
      let scale = gate.sigmoid()
      z = scale * z + (1 - scale) * step.mean(unit)
      logScale = logScale - (-gate).softplus()
    }
    return Result(latents: z, logScale: logScale)
  }
}

/// A diagonal Gaussian bent in `steps` steps, each by a masked network of `hidden` units (Kingma et al.
/// 2016).
struct FlowFamily: PosteriorFamily {
  let steps: Int
  let hidden: Int

  static let name = "iaf"
  static let summary: String? = "an inverse autoregressive flow"
  static let hasTractableDensity = false
  static let hyperparameters = [
    Hyperparameter("steps", standard: 4), Hyperparameter("hidden", standard: 320),
  ]
  var members: [JSONMember] {
    [JSONMember("steps", JSONValue(steps)), JSONMember("hidden", JSONValue(hidden))]
  }

  func problem(latents: Int) -> String? {
    guard (1...64).contains(steps) else { return "expected 1 to 64 flow steps, found \(steps)" }
    guard (latents...65_536).contains(hidden) else {
      return "expected as many flow units as latents, \(latents), to 65536, found \(hidden)"
    }
    return nil
  }

  func encoderOutputs(latents: Int) -> Int { 2 * latents + hidden }

  private func flow(_ latents: Int, _ activation: UnaryFunction) -> InverseAutoregressiveFlow {
    InverseAutoregressiveFlow(
      latents: latents, steps: steps, hidden: hidden, activation: activation)
  }

  func parameters(latents: Int, _ activation: UnaryFunction) -> [ParameterSpecification] {
    flow(latents, activation).parameters
  }

  func posterior(
    _ output: Value, latents: Int, _ activation: UnaryFunction
  ) -> any LatentPosterior {
    FlowPosterior(flow(latents, activation), encoderOutput: output)
  }
}

extension FlowFamily {
  init(json: JSONValue) throws {
    self.init(steps: try json.integer("steps"), hidden: try json.integer("hidden"))
  }
}

extension Configuration.Posterior {
  public static func inverseAutoregressiveFlow(steps: Int, hidden: Int) -> Self {
    Self(FlowFamily(steps: steps, hidden: hidden))
  }
}

/// A Gaussian that an inverse autoregressive flow has bent.
///
/// Its density is known at its own draws only: at another point the flow would have to be inverted,
/// latent by latent.
struct FlowPosterior: LatentPosterior {
  let flow: InverseAutoregressiveFlow
  let base: DiagonalGaussian
  let contexts: [Value]

  /// - Parameter output: the encoder's, `[N, 2 D + H]`: means, log variances, context.
  init(_ flow: InverseAutoregressiveFlow, encoderOutput output: Value) {
    let latents = flow.latents
    self.init(
      flow: flow,
      base: DiagonalGaussian(
        mean: output.sliced(axis: 1, 0..<latents),
        logVariance: output.sliced(axis: 1, latents..<2 * latents)),
      contexts: flow.contexts(output.sliced(axis: 1, 2 * latents..<2 * latents + flow.hidden)))
  }

  private init(flow: InverseAutoregressiveFlow, base: DiagonalGaussian, contexts: [Value]) {
    self.flow = flow
    self.base = base
    self.contexts = contexts
  }

  private var center: InverseAutoregressiveFlow.Result { flow(base.mean, contexts: contexts) }
  var mean: Value { center.latents }
  var logVariance: Value { base.logVariance + center.logScale * 2 }

  func repeated(_ count: Int) -> FlowPosterior {
    FlowPosterior(
      flow: flow, base: base.repeated(count),
      contexts: contexts.map { $0.repeatingRows(count) })
  }

  func stoppingGradient() -> FlowPosterior {
    preconditionFailure("the density of a flow is known at its own draws only")
  }

  func draw(_ noise: LatentNoise) -> PosteriorDraw {
    let start = base.draw(noise)
    let end = flow(start.latents, contexts: contexts)
    return PosteriorDraw(
      latents: end.latents, logDensity: start.logDensity - end.logScale.sumOfRows())
  }

  func logDensity(_ z: Value) -> Value {
    preconditionFailure("the density of a flow is known at its own draws only")
  }

  func divergence(from prior: any LatentPrior) -> Value? { nil }
}
