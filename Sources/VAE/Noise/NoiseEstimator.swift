import Checkpoints
import Datasets
import Graphs
import Networks
import Pictures
import Tensors

/// Reads the level of the noise off pieces of a picture: for each the logarithms of the levels of
/// luma and chroma, with their uncertainty (the two passes of Guo et al. 2019, CBDNet, here with the
/// whole picture in between).
///
/// A piece is 64 x 64 pixels, of a picture whose JPEG quality may be known: what quantization took of
/// the noise it gives back in the levels, and what it added it knows. The levels are those of `ConditionMaps`; whatever the picture differs
/// by from what the restoring network would make of it counts, JPEG artifacts too.
package final class NoiseEstimator {
  /// Height and width of a piece, in pixels.
  package static let side = 64

  /// What is said of a piece: two normal distributions of l = log(255 level + 0.2).
  package struct Reading: Hashable, Sendable {
    package var luma: Belief
    package var chroma: Belief

    /// A normal distribution.
    package struct Belief: Hashable, Sendable {
      package var mean: Float
      package var variance: Float

      package init(mean: Float, variance: Float) {
        (self.mean, self.variance) = (mean, variance)
      }
    }

    package init(luma: Belief, chroma: Belief) { (self.luma, self.chroma) = (luma, chroma) }
  }

  /// What was known of l before a piece was looked at: the normal distribution that comes next to
  /// the levels which an estimator is trained on.
  package static let prior = Reading.Belief(mean: 1.2, variance: 1.7)

  /// l of a level on the scale 0...1.
  package static func logarithm(ofLevel level: Float) -> Float { logOf(255 * level + offset) }

  /// The level of l, on the scale 0...1; never below 0.
  package static func level(ofLogarithm value: Float) -> Float {
    max(0, expOf(value) - offset) / 255
  }

  private static let offset: Float = 0.2

  package let channels: Int
  package let parameters: ParameterStore
  let layers: NoiseEstimatorLayers

  /// An estimator before training.
  ///
  /// - Parameter channels: of the pieces, 1 or 3.
  package init(channels: Int, seed: UInt64) {
    self.channels = channels
    layers = NoiseEstimatorLayers(channels: channels)
    parameters = ParameterStore(layers.parameters)
    parameters.initialize(layers.parameters, seed: seed)
  }

  /// An estimator that goes on from another.
  init(_ other: NoiseEstimator) {
    channels = other.channels
    layers = other.layers
    parameters = ParameterStore(layers.parameters)
    for slot in parameters.slots { parameters[slot.name] = other.parameters[slot.name] }
  }

  /// Blocks of the cosine transform along a side of a piece.
  static let blocks = side / NoiseEstimatorLayers.block

  /// What the names of its tensors in a model file begin with.
  static let prefix = "noise_estimator."
}

/// The layers of a `NoiseEstimator`. The logarithmic amplitudes of the cosine transform of blocks of
/// 8 x 8 pixels are its input, since noise is what is left at every frequency where a picture has no
/// detail, and the JPEG level, also as its logarithm, which goes with the quantization steps; residual blocks over them see where that is, and their mean, maximum and minimum over
/// the piece go through two dense layers.
struct NoiseEstimatorLayers: Sendable {
  let parameters: [ParameterSpecification]
  private let entry: Convolution
  private let blocks: Sequential
  private let hidden: Dense
  private let output: Dense

  static let block = 8
  private static let width = 64
  private static let function = UnaryFunction.leakyRelu(slope: 0.1)
  /// The square of a fifth of a level of 255.
  private static let smallestEnergy: Float = 6e-7

  init(channels: Int) {
    func name(_ part: String) -> String { NoiseEstimator.prefix + part }
    let width = Self.width
    entry = Convolution(
      name("in"), inputs: Self.block * Self.block * channels + 2, outputs: width, kernel: 1)
    blocks = Sequential(
      (0..<2).map {
        ResidualBlock(name("block.\($0)"), channels: width, activation: Self.function)
      })
    hidden = Dense(name("hidden"), inputs: 3 * width, outputs: width)
    output = Dense(name("out"), inputs: width, outputs: 4)
    parameters =
      entry.parameters + blocks.parameters + hidden.parameters + output.parameters
  }

  /// - Parameters:
  ///   - observation: `[N, C, 64, 64]`.
  ///   - jpeg: `ConditionMaps.jpegLevel`, `[N, 1, 8, 8]`.
  /// - Returns: `[N, 4]`: mean and log variance of l of luma, then of chroma.
  func callAsFunction(_ observation: Value, jpeg: Value) -> Value {
    let (rows, channels) = (observation.shape[0], observation.shape[1])
    let pixels = (observation - 0.5).opponent().pixelUnshuffled(Self.block)
    let transform = observation.graph.constant(Self.transform(channels: channels))
    let coefficients = pixels.convolution(transform, nil, ConvolutionGeometry(padding: 0))
    let amplitudes = (coefficients.squared() + Self.smallestEnergy).log() * 0.5 + 4.5
    let input = Value.concatenate(
      [amplitudes, jpeg * 4, (jpeg + 0.01).log() * 0.5 + 1], axis: 1)
    let state = blocks(entry(input)).map(Self.function)
    let count = state.shape[2] * state.shape[3]
    let places = state.reshaped(to: [rows, Self.width, count])
    let pooled = Value.concatenate(
      [places.sum([2]) / Float(count), places.maximum([2]), (-places).maximum([2])], axis: 1)
    let values = output(hidden(pooled).map(Self.function))
    func part(_ index: Int) -> Value { values.sliced(axis: 1, index..<index + 1) }
    let center = NoiseEstimator.prior.mean
    func logVariance(_ value: Value) -> Value { (value * 0.2).tanh() * 5 - 1 }
    return .concatenate(
      [
        part(0) + center, logVariance(part(1)), part(2) + center, logVariance(part(3)),
      ], axis: 1)
  }

  /// The orthonormal DCT-II of every channel's blocks, `[64 C, 64 C, 1, 1]`.
  private static func transform(channels: Int) -> Tensor {
    let side = block
    let size = side * side
    func basis(_ frequency: Int, _ place: Int) -> Float {
      let scale: Float = frequency == 0 ? 1 / Float(side) : 2 / Float(side)
      return scale.squareRoot()
        * cosOf(Float((2 * place + 1) * frequency) * Float.pi / Float(2 * side))
    }
    return Tensor([size * channels, size * channels, 1, 1]) { weights in
      weights.update(repeating: 0)
      for channel in 0..<channels {
        for row in 0..<size {
          for column in 0..<size {
            let index = (channel * size + row) * size * channels + channel * size + column
            weights[index] =
              basis(row / side, column / side) * basis(row % side, column % side)
          }
        }
      }
    }
  }
}

extension NoiseEstimator {
  /// Reads pieces, some at a time.
  package final class Reader {
    /// Pieces a run.
    package let batchSize: Int
    private let estimator: NoiseEstimator
    private let function: Function<(pieces: Value, jpeg: Value, beliefs: Value)>

    package init(_ estimator: NoiseEstimator, batchSize: Int = 16, backend: any Backend) throws {
      self.estimator = estimator
      self.batchSize = batchSize
      let graph = Graph()
      let side = NoiseEstimator.side
      let blocks = NoiseEstimator.blocks
      let pieces = graph.input([batchSize, estimator.channels, side, side])
      let jpeg = graph.input([batchSize, 1, blocks, blocks])
      let beliefs = estimator.layers(pieces, jpeg: jpeg)
      function = try Function(
        graph, (pieces, jpeg, beliefs), outputs: [beliefs], parameters: estimator.parameters,
        backend: backend)
    }

    /// - Parameters:
    ///   - count: at most `batchSize`.
    ///   - jpegQuality: of the file that they come from; nil where it is no JPEG file or is not known.
    ///   - fill: writes a piece, `[C, 64, 64]` in about [0, 1].
    package func read(
      count: Int, jpegQuality: Int? = nil,
      fill: (Int, MutablePlaneView) throws -> Void
    ) throws -> [Reading] {
      precondition(count <= batchSize, "pieces of a run")
      return try function(
        { inputs, values in
          inputs.set(values.jpeg, to: ConditionMaps.jpegLevel(quality: jpegQuality))
          let input = inputs[values.pieces]
          let side = NoiseEstimator.side
          let planes = MutablePlaneView(
            input, channels: input.count / (side * side), region: Region(height: side, width: side))
          let channels = planes.channels / batchSize
          for piece in 0..<count {
            try fill(piece, planes.planes(piece * channels..<(piece + 1) * channels))
          }
        },
        read: { results, values in
          (0..<count).map { piece in
            let output = results.row(piece, of: values.beliefs)
            func belief(_ index: Int) -> Reading.Belief {
              Reading.Belief(mean: output[index], variance: expOf(output[index + 1]))
            }
            return Reading(luma: belief(0), chroma: belief(2))
          }
        })
    }
  }
}
