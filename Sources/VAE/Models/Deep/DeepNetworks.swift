import Graphs
import Networks
import Tensors

/// The layers of a deep model: a bottom-up encoder and the top-down groups that prior and posterior
/// share, both between the picture and a 1x1 top.
struct DeepNetworks: Sendable {
  let form: DeepForm
  /// The state that the way down begins with, `[1, w, 1, 1]`.
  let start: ParameterSpecification
  /// A value a grid, the top last.
  let encoder: BottomUp
  /// From the finest grid to the top; on one grid those that are drawn later come first.
  let groups: [TopDownGroup]
  /// The grid of each group, from 0.
  let levels: [Int]
  /// From the state at 1/2 to the numbers of the likelihood.
  let output: Sequential

  init(_ form: DeepForm, _ image: ImageShape) {
    self.form = form
    let (function, halvings) = (form.activation.function, form.halvings)
    let bridge = TopBridge(form, image)
    start = ParameterSpecification(
      "decoder.start", [1, form.widths[halvings], 1, 1], .normal(mean: 0, deviation: 1))
    encoder = BottomUp(
      "encoder", inputs: image.channels, widths: Array(form.widths[..<halvings]),
      blocks: (0..<halvings).map { form.blocks * form.groups[$0] }, activation: function,
      isLocal: { _ in false }, top: bridge.up)
    var groups: [TopDownGroup] = []
    var levels: [Int] = []
    for level in form.widths.indices {
      for number in (1...form.groups[level]).reversed() {
        let isLast = number == form.groups[level]
        let wayUp = isLast && level > 0
        groups.append(
          TopDownGroup(
            form, level: level, number: number, isLast: isLast && level == 0,
            up: wayUp ? (level == halvings ? bridge.down : Self.up(form, level)) : nil))
        levels.append(level)
      }
    }
    self.groups = groups
    self.levels = levels
    output = Sequential([
      Activation(function),
      Convolution(
        "decoder.out", inputs: form.widths[0],
        outputs: 4 * form.likelihood.family.outputs(channels: image.channels), kernel: 3,
        initializer: .he(gain: 0.02)),
      PixelShuffle(2), CropTo(height: image.height, width: image.width),
    ])
  }

  /// To the next finer grid.
  private static func up(_ form: DeepForm, _ level: Int) -> Sequential {
    Sequential([
      Activation(form.activation.function),
      Convolution(
        "decoder.\(level).up", inputs: form.widths[level], outputs: 4 * form.widths[level - 1],
        kernel: 1),
      PixelShuffle(2),
    ])
  }

  var parameters: [ParameterSpecification] {
    encoder.parameters + [start] + groups.flatMap(\.parameters) + output.parameters
      + form.likelihood.family.parameters
  }
}

/// The dense layers between the coarsest grid and the 1x1 top, with a quarter of the grid's channels so that
/// they stay small.
private struct TopBridge {
  let up: Sequential
  let down: Sequential

  init(_ form: DeepForm, _ image: ImageShape) {
    let (function, level) = (form.activation.function, form.halvings - 1)
    let grid = form.grid(level, of: image)
    let (width, top) = (form.widths[level], form.widths[level + 1])
    let channels = max(4, width / 4)
    let count = channels * grid.height * grid.width
    let name = level + 1
    let blocks = (0..<form.blocks * form.groups[level + 1]).map {
      ResidualBlock("encoder.\(name).\($0)", channels: top, activation: function, kernel: 1)
    }
    up = Sequential(
      [
        Activation(function),
        Convolution("encoder.\(name).in", inputs: width, outputs: channels, kernel: 1),
        Activation(function), Reshape([count]),
        Dense("encoder.\(name).dense", inputs: count, outputs: top, initializer: .he(gain: 2)),
        Reshape([top, 1, 1]),
      ] + blocks)
    down = Sequential([
      Activation(function), Reshape([top]),
      Dense("decoder.\(name).dense", inputs: top, outputs: count, initializer: .he(gain: 2)),
      Reshape([channels, grid.height, grid.width]), Activation(function),
      Convolution("decoder.\(name).up", inputs: channels, outputs: width, kernel: 1),
    ])
  }
}

extension TopDownGroup {
  /// - Parameters:
  ///   - number: from 1, the first that is drawn on the grid.
  ///   - isLast: whether the pixels are made from its state.
  fileprivate init(_ form: DeepForm, level: Int, number: Int, isLast: Bool, up: Sequential?) {
    let (width, latents) = (form.widths[level], form.latents[level])
    let (function, name) = (form.activation.function, "decoder.\(level).\(number)")
    let kernel = level == form.halvings ? 1 : 3
    func blocks(_ part: String, _ count: Int) -> Sequential {
      Sequential(
        (0..<count).map {
          ResidualBlock(
            "\(name).\(part).\($0)", channels: width, activation: function, kernel: kernel)
        })
    }
    let hidden = max(8, width / 2)
    self.init(
      name, width: width, latents: latents, activation: function,
      before: blocks("before", form.blocks),
      posterior: Sequential([
        Convolution(
          "\(name).posterior.0", inputs: 2 * width, outputs: hidden, kernel: kernel,
          initializer: .he(gain: 2)),
        Activation(function),
        Convolution(
          "\(name).posterior.1", inputs: hidden, outputs: 2 * latents, kernel: 1,
          initializer: .he(gain: 0.1)),
      ]),
      after: blocks("after", isLast ? form.blocks : 0), up: up)
  }
}
