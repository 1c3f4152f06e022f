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
  /// One a level, from 1/2 downwards.
  let groups: [TopDownGroup]
  let output: Convolution
  /// From the last state to the best estimate's error, four pixels a cell; nil where it is not predicted.
  let error: Sequential?
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
    groups = (0..<hierarchy.levels).map { TopDownGroup("decoder.\($0)", hierarchy, level: $0) }
    output = Convolution(
      "decoder.out", inputs: hierarchy.widths[0], outputs: 4 * channels, kernel: 3,
      initializer: .he(gain: 0.02))
    error = hierarchy.predictsError ? Self.errorHead(hierarchy) : nil
  }

  /// One kernel of 3x3 comes first, so that the head reaches no further than `output`.
  private static func errorHead(_ hierarchy: Hierarchy) -> Sequential {
    var layers: [any Layer] = []
    var inputs = hierarchy.widths[0]
    for (index, width) in hierarchy.errorWidths.enumerated() {
      layers.append(
        Convolution(
          "decoder.error.\(index)", inputs: inputs, outputs: width, kernel: index == 0 ? 3 : 1,
          initializer: .he(gain: 2)))
      layers.append(Activation(hierarchy.activation.function))
      inputs = width
    }
    let isWhole = layers.isEmpty
    layers.append(
      Convolution(
        isWhole ? "decoder.error" : "decoder.error.out", inputs: inputs, outputs: 4,
        kernel: isWhole ? 3 : 1, initializer: .constant(0)))
    return Sequential(layers)
  }

  var parameters: [ParameterSpecification] {
    (observation?.parameters ?? []) + target.parameters + groups.flatMap(\.parameters)
      + output.parameters + (error?.parameters ?? []) + [logVariance.parameter]
  }
}

/// A convolutional encoder on grids at 1/2, 1/4, 1/8 ... of its input.
struct BottomUp: Sendable {
  /// One sequence a level.
  let levels: [Sequential]

  /// - Parameters:
  ///   - isLocal: of a level, as in `ConvolutionGeometry`.
  ///   - top: what comes above the last grid.
  init(
    _ name: String, inputs: Int, widths: [Int], blocks: [Int], activation: UnaryFunction,
    isLocal: (Int) -> Bool = Hierarchy.isLocal, top: Sequential? = nil
  ) {
    let grids = widths.indices.map { level in
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
              isLocal: isLocal(level))
          })
    }
    levels = grids + (top.map { [$0] } ?? [])
  }

  var parameters: [ParameterSpecification] { levels.flatMap(\.parameters) }

  /// One value a level, from 1/2 downwards.
  func callAsFunction(_ x: Value) -> [Value] {
    var values: [Value] = []
    for level in levels { values.append(level(values.last ?? x)) }
    return values
  }
}

extension TopDownGroup {
  /// The group of a level of a hierarchy, from 0 at 1/2.
  fileprivate init(_ name: String, _ hierarchy: Hierarchy, level: Int) {
    let (width, function) = (hierarchy.widths[level], hierarchy.activation.function)
    let latents = hierarchy.latents[level]
    func blocks(_ part: String) -> Sequential {
      Sequential(
        (0..<hierarchy.blocks[level]).map {
          ResidualBlock(
            "\(name).\(part).\($0)", channels: width, activation: function,
            isLocal: Hierarchy.isLocal(level))
        })
    }
    self.init(
      name, width: width, latents: latents, activation: function, before: blocks("before"),
      posterior: Convolution(
        "\(name).posterior", inputs: width + hierarchy.targetWidths[level], outputs: 2 * latents,
        kernel: 1, initializer: .he(gain: 0.1)),
      after: blocks("after"),
      up: level == 0
        ? nil
        : Sequential([
          Activation(function),
          Convolution(
            "\(name).up", inputs: width, outputs: 4 * hierarchy.widths[level - 1], kernel: 1),
          PixelShuffle(2),
        ]))
  }
}
