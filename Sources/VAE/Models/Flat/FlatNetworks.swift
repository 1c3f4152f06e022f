import Graphs
import Networks
import Tensors

/// Encoder and decoder of a flat model: K = 1, fixed picture size.
struct FlatNetworks: Sendable {
  /// `[N, C, H, W] -> [N, FlatForm.encoderOutputs]`: the posterior's parameters, of a diagonal
  /// Gaussian means, then log variances.
  let encoder: Sequential
  /// `[N, D] -> [N, C k, H, W]`, k numbers per sample as the likelihood needs.
  let decoder: Sequential

  init(_ form: FlatForm, _ image: ImageShape) {
    switch form.network {
    case .mlp(let hidden, let activation):
      self.init(mlp: form, image, hidden: hidden, activation: activation)
    case .convolutional(let widths, let blocks, let hidden, let activation):
      self.init(
        convolutional: form, image, widths: widths, blocks: blocks, hidden: hidden,
        activation: activation.function)
    }
  }

  /// AEVB, appendix C: dense layers.
  private init(
    mlp form: FlatForm, _ image: ImageShape, hidden: [Int],
    activation: Configuration.ActivationFunction
  ) {
    let outputs =
      image.height * image.width * form.likelihood.family.outputs(channels: image.channels)
    encoder = Sequential(
      [Reshape([image.count])]
        + Self.dense(
          "encoder", [image.count] + hidden + [form.encoderOutputs], activation,
          last: form.posterior.family.encoderInitializer(
            latents: form.latents)))
    decoder = Sequential(
      Self.dense("decoder", [form.latents] + hidden.reversed() + [outputs], activation)
        + [Reshape([outputs / image.height / image.width, image.height, image.width])])
  }

  private static func dense(
    _ name: String, _ extents: [Int], _ activation: Configuration.ActivationFunction,
    last initializer: Initializer = .glorot
  ) -> [any Layer] {
    var layers: [any Layer] = []
    let last = extents.count - 2
    for index in 0...last {
      let (name, inputs, outputs) = ("\(name).\(index)", extents[index], extents[index + 1])
      if activation == .gated && index < last {
        layers.append(GatedDense(name, inputs: inputs, outputs: outputs))
        continue
      }
      layers.append(
        Dense(
          name, inputs: inputs, outputs: outputs,
          initializer: index < last ? .glorot : initializer))
      if index < last { layers.append(Activation(activation.function)) }
    }
    return layers
  }

  /// Residual convolutions on ever smaller grids, each reached by a pixel unshuffle, and back.
  private init(
    convolutional form: FlatForm, _ image: ImageShape, widths: [Int], blocks: Int, hidden: Int,
    activation: UnaryFunction
  ) {
    let stride = 1 << widths.count
    let rows = (image.height + stride - 1) / stride
    let columns = (image.width + stride - 1) / stride
    let deepest = widths[widths.count - 1] * rows * columns
    let outputs = form.likelihood.family.outputs(channels: image.channels)

    var down: [any Layer] = [PadTo(height: rows * stride, width: columns * stride)]
    var up: [any Layer] = [
      Dense("decoder.latent", inputs: form.latents, outputs: hidden),
      Activation(activation),
      Dense("decoder.hidden", inputs: hidden, outputs: deepest, initializer: .he(gain: 2)),
      Reshape([widths[widths.count - 1], rows, columns]),
    ]
    for (level, width) in widths.enumerated() {
      let above = level == 0 ? image.channels : widths[level - 1]
      down.append(PixelUnshuffle(2))
      down.append(
        Convolution(
          "encoder.\(level).in", inputs: 4 * above, outputs: width, kernel: level == 0 ? 3 : 1))
      for block in 0..<blocks {
        down.append(
          ResidualBlock("encoder.\(level).\(block)", channels: width, activation: activation))
      }
    }
    for level in widths.indices.reversed() {
      let above = level == 0 ? outputs : widths[level - 1]
      for block in 0..<blocks {
        up.append(
          ResidualBlock(
            "decoder.\(level).\(block)", channels: widths[level], activation: activation))
      }
      if level == 0 { up.append(Activation(activation)) }
      up.append(
        Convolution(
          "decoder.\(level).out", inputs: widths[level], outputs: 4 * above,
          kernel: level == 0 ? 3 : 1))
      up.append(PixelShuffle(2))
    }
    encoder = Sequential(
      down + [
        Activation(activation), Reshape([deepest]),
        Dense("encoder.hidden", inputs: deepest, outputs: hidden, initializer: .he(gain: 2)),
        Activation(activation),
        Dense(
          "encoder.latent", inputs: hidden, outputs: form.encoderOutputs,
          initializer: form.posterior.family.encoderInitializer(
            latents: form.latents)),
      ])
    decoder = Sequential(up + [CropTo(height: image.height, width: image.width)])
  }
}
