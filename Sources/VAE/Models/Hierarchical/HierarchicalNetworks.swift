import Graphs
import Networks
import Tensors

/// The layers of a hierarchical model: two bottom-up encoders, one of the observation and one of
/// the picture itself, and the top-down decoder that prior and posterior share (Sønderby et al.
/// 2016; Sohn, Lee and Yan 2015).
struct HierarchicalNetworks: Sendable {
  let hierarchy: Hierarchy
  /// nil in a model without an observation.
  let observation: BottomUp?
  let target: BottomUp
  /// From 1/2 downwards.
  let levels: [TopDownLevel]
  let output: Convolution
  /// From the last state to the best estimate's error, four pixels a cell; nil where it is not predicted.
  let error: Convolution?
  let logVariance = SharedLogVariance()

  init(_ hierarchy: Hierarchy, channels: Int) {
    self.hierarchy = hierarchy
    let function = hierarchy.activation.function
    observation =
      hierarchy.isConditional
      ? BottomUp(
        "observation", inputs: channels + hierarchy.maps.count, widths: hierarchy.widths,
        blocks: hierarchy.blocks, activation: function) : nil
    target = BottomUp(
      "target", inputs: channels, widths: hierarchy.targetWidths, blocks: hierarchy.blocks,
      activation: function)
    levels = (0..<hierarchy.levels).map { TopDownLevel("decoder.\($0)", hierarchy, level: $0) }
    output = Convolution(
      "decoder.out", inputs: hierarchy.widths[0], outputs: 4 * channels, kernel: 3,
      initializer: .he(gain: 0.02))
    error =
      hierarchy.predictsError
      ? Convolution(
        "decoder.error", inputs: hierarchy.widths[0], outputs: 4, kernel: 3,
        initializer: .constant(0)) : nil
  }

  var parameters: [ParameterSpecification] {
    (observation?.parameters ?? []) + target.parameters + levels.flatMap(\.parameters)
      + output.parameters + (error?.parameters ?? []) + [logVariance.parameter]
  }
}

/// A convolutional encoder on grids at 1/2, 1/4, 1/8 ... of its input.
struct BottomUp: Sendable {
  /// One sequence a level.
  let levels: [Sequential]

  init(_ name: String, inputs: Int, widths: [Int], blocks: [Int], activation: UnaryFunction) {
    levels = widths.indices.map { level in
      let above = level == 0 ? inputs : widths[level - 1]
      let entry: [any Layer] = [
        PixelUnshuffle(2),
        Convolution(
          "\(name).\(level).in", inputs: 4 * above, outputs: widths[level],
          kernel: level == 0 ? 3 : 1),
      ]
      return Sequential(
        entry
          + (0..<blocks[level]).map {
            ResidualBlock(
              "\(name).\(level).\($0)", channels: widths[level], activation: activation,
              isLocal: Hierarchy.isLocal(level))
          })
    }
  }

  var parameters: [ParameterSpecification] { levels.flatMap(\.parameters) }

  /// One value a level, from 1/2 downwards.
  func callAsFunction(_ x: Value) -> [Value] {
    var values: [Value] = []
    for level in levels { values.append(level(values.last ?? x)) }
    return values
  }
}

/// One level of the top-down path: blocks, a group of latents, blocks, and the way up.
struct TopDownLevel: Sendable {
  let activation: UnaryFunction
  let before: Sequential
  let after: Sequential
  /// To the prior's mean and log variance.
  let prior: Convolution
  /// From the state and the target's features to the posterior relative to the prior.
  let posterior: Convolution
  /// From a draw into the state.
  let latent: Convolution
  /// To four times the channels of the next finer level; none at 1/2.
  let up: Convolution?
  let latentChannels: Int

  init(_ name: String, _ hierarchy: Hierarchy, level: Int) {
    let width = hierarchy.widths[level]
    let function = hierarchy.activation.function
    func blocks(_ part: String) -> Sequential {
      Sequential(
        (0..<hierarchy.blocks[level]).map {
          ResidualBlock(
            "\(name).\(part).\($0)", channels: width, activation: function,
            isLocal: Hierarchy.isLocal(level))
        })
    }
    activation = function
    latentChannels = hierarchy.latents[level]
    before = blocks("before")
    after = blocks("after")
    prior = Convolution(
      "\(name).prior", inputs: width, outputs: 2 * latentChannels, kernel: 1,
      initializer: .constant(0))
    posterior = Convolution(
      "\(name).posterior", inputs: width + hierarchy.targetWidths[level],
      outputs: 2 * latentChannels, kernel: 1, initializer: .he(gain: 0.1))
    latent = Convolution("\(name).latent", inputs: latentChannels, outputs: width, kernel: 1)
    up =
      level == 0
      ? nil
      : Convolution(
        "\(name).up", inputs: width, outputs: 4 * hierarchy.widths[level - 1], kernel: 1)
  }

  var parameters: [ParameterSpecification] {
    before.parameters + prior.parameters + posterior.parameters + latent.parameters
      + after.parameters + (up?.parameters ?? [])
  }

  /// p(z_k | z_>k, y) from the state, `[N, c, h, w]`.
  func prior(of state: Value) -> DiagonalGaussian {
    DiagonalGaussian(softClamped: prior(state.map(activation)), channels: latentChannels)
  }

  /// q(z_k | z_>k, x, y) in the coordinates in which the prior is N(0, I).
  func posterior(of state: Value, target: Value) -> DiagonalGaussian {
    let features = Value.concatenate([state.map(activation), target.map(activation)], axis: 1)
    return DiagonalGaussian(softClamped: posterior(features), channels: latentChannels)
  }
}

extension DiagonalGaussian {
  /// Means, and log variances kept within -5...5 smoothly, from the two halves of a layer's
  /// channels.
  fileprivate init(softClamped output: Value, channels: Int) {
    self.init(
      mean: output.sliced(axis: 1, 0..<channels),
      logVariance: (output.sliced(axis: 1, channels..<2 * channels) * 0.2).tanh() * 5)
  }
}
