import Graphs
import Tensors

/// A function with trainable tensors.
package protocol Layer: Sendable {
  /// The trainable tensors, in a fixed order.
  var parameters: [ParameterSpecification] { get }
  /// The layer's value on `x`, as nodes of the graph of `x`.
  func callAsFunction(_ x: Value) -> Value
}

/// `[N, in] -> [N, out]`, with bias.
package struct Dense: Layer {
  let weight: ParameterSpecification
  let bias: ParameterSpecification

  package init(_ name: String, inputs: Int, outputs: Int, initializer: Initializer = .glorot) {
    weight = ParameterSpecification("\(name).weight", [outputs, inputs], initializer)
    bias = ParameterSpecification("\(name).bias", [outputs], .constant(0))
  }

  package var parameters: [ParameterSpecification] { [weight, bias] }

  package func callAsFunction(_ x: Value) -> Value {
    x.dense(x.parameter(weight), x.parameter(bias))
  }
}

/// `[N, in] -> [N, out]`: (W x + b) sigmoid(V x + c), a layer that is its own non-linearity (Dauphin,
/// Fan, Auli and Grangier 2017, section 2).
package struct GatedDense: Layer {
  let linear: Dense
  let gate: Dense

  package init(_ name: String, inputs: Int, outputs: Int) {
    linear = Dense(name, inputs: inputs, outputs: outputs)
    gate = Dense("\(name).gate", inputs: inputs, outputs: outputs)
  }

  package var parameters: [ParameterSpecification] { linear.parameters + gate.parameters }

  package func callAsFunction(_ x: Value) -> Value { linear(x) * gate(x).sigmoid() }
}

/// `[N, in, H, W] -> [N, out, H, W]`: a square kernel of odd extent, stride 1, zero padding.
package struct Convolution: Layer {
  let weight: ParameterSpecification
  let bias: ParameterSpecification
  private let geometry: ConvolutionGeometry

  /// - Parameter isLocal: as in `ConvolutionGeometry`.
  package init(
    _ name: String, inputs: Int, outputs: Int, kernel: Int, initializer: Initializer = .he(gain: 1),
    isLocal: Bool = false
  ) {
    var geometry = ConvolutionGeometry(padding: kernel / 2)
    geometry.isLocal = isLocal
    self.geometry = geometry
    weight = ParameterSpecification(
      "\(name).weight", [outputs, inputs, kernel, kernel], initializer)
    bias = ParameterSpecification("\(name).bias", [outputs], .constant(0))
  }

  package var parameters: [ParameterSpecification] { [weight, bias] }

  package func callAsFunction(_ x: Value) -> Value {
    self(x, weight: x.parameter(weight))
  }

  /// With another weight than its own.
  func callAsFunction(_ x: Value, weight: Value) -> Value {
    x.convolution(weight, x.parameter(bias), geometry)
  }
}

/// An element-wise function.
package struct Activation: Layer {
  package let function: UnaryFunction

  package init(_ function: UnaryFunction) { self.function = function }

  package var parameters: [ParameterSpecification] { [] }
  package func callAsFunction(_ x: Value) -> Value { x.map(function) }
}

/// `x + s * conv(f(conv(f(x))))` with a learned scale s per channel that starts small: no
/// normalization, so that a picture's result does not depend on what else is in the batch
/// (De and Smith 2020, SkipInit). The scale is multiplied into the second kernel, which is the same
/// and costs nothing per pixel.
package struct ResidualBlock: Layer {
  let activation: UnaryFunction
  let first: Convolution
  let second: Convolution
  let scale: ParameterSpecification

  /// - Parameters:
  ///   - kernel: the extent of both kernels; 1 where the grid is a single cell.
  ///   - isLocal: as in `ConvolutionGeometry`, of both convolutions.
  package init(
    _ name: String, channels: Int, activation: UnaryFunction, kernel: Int = 3,
    isLocal: Bool = false
  ) {
    self.activation = activation
    first = Convolution(
      "\(name).0", inputs: channels, outputs: channels, kernel: kernel,
      initializer: .he(gain: 2), isLocal: isLocal)
    second = Convolution(
      "\(name).1", inputs: channels, outputs: channels, kernel: kernel,
      initializer: .he(gain: 2), isLocal: isLocal)
    scale = ParameterSpecification(
      name + Self.scaleSuffix, [channels, 1, 1, 1], .constant(0.2))
  }

  /// What the name of s ends in; at s = 0 a block is the identity.
  package static let scaleSuffix = ".scale"

  package var parameters: [ParameterSpecification] {
    first.parameters + second.parameters + [scale]
  }

  package func callAsFunction(_ x: Value) -> Value {
    let hidden = first(x.map(activation)).map(activation)
    let weight = x.parameter(second.weight) * x.parameter(scale)
    return x + second(hidden, weight: weight)
  }
}

/// Layers one after another.
package struct Sequential: Layer {
  package let layers: [any Layer]

  package init(_ layers: [any Layer]) { self.layers = layers }

  package var parameters: [ParameterSpecification] { layers.flatMap(\.parameters) }
  package func callAsFunction(_ x: Value) -> Value { layers.reduce(x) { $1($0) } }
}

/// `[N, C r r, H, W] -> [N, C, H r, W r]`.
package struct PixelShuffle: Layer {
  let factor: Int

  package init(_ factor: Int) { self.factor = factor }

  package var parameters: [ParameterSpecification] { [] }
  package func callAsFunction(_ x: Value) -> Value { x.pixelShuffled(factor) }
}

/// `[N, C, H r, W r] -> [N, C r r, H, W]`.
package struct PixelUnshuffle: Layer {
  let factor: Int

  package init(_ factor: Int) { self.factor = factor }

  package var parameters: [ParameterSpecification] { [] }
  package func callAsFunction(_ x: Value) -> Value { x.pixelUnshuffled(factor) }
}

/// The same elements of each example under another shape.
package struct Reshape: Layer {
  /// Without the first dimension, the batch.
  let shape: Shape

  package init(_ shape: Shape) { self.shape = shape }

  package var parameters: [ParameterSpecification] { [] }
  package func callAsFunction(_ x: Value) -> Value {
    x.reshaped(to: Shape([x.shape[0]] + shape.dimensions))
  }
}

/// Zeros around `[N, C, H, W]` up to a given extent, as evenly as it goes.
package struct PadTo: Layer {
  let height: Int
  let width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  package var parameters: [ParameterSpecification] { [] }
  package func callAsFunction(_ x: Value) -> Value {
    let (rows, columns) = (height - x.shape[2], width - x.shape[3])
    return
      x
      .padded(axis: 2, before: rows / 2, after: rows - rows / 2)
      .padded(axis: 3, before: columns / 2, after: columns - columns / 2)
  }
}

/// The middle of `[N, C, H, W]`: the inverse of `PadTo`.
package struct CropTo: Layer {
  let height: Int
  let width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  package var parameters: [ParameterSpecification] { [] }
  package func callAsFunction(_ x: Value) -> Value {
    let (top, left) = ((x.shape[2] - height) / 2, (x.shape[3] - width) / 2)
    return x.sliced(axis: 2, top..<top + height).sliced(axis: 3, left..<left + width)
  }
}

extension Value {
  /// The parameter of a specification, in this value's graph.
  func parameter(_ specification: ParameterSpecification) -> Value {
    graph.parameter(specification.name, specification.shape)
  }
}
