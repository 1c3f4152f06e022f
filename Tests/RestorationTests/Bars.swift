import Checkpoints
import Graphs
import Tensors

@testable import VAE

/// Pictures of 8x8 pixels with a bright bar, on the left or on the right: two clusters, told apart
/// by any row.
enum Bars: Int, CaseIterable, Sendable {
  case left, right

  static let image = ImageShape(channels: 1, height: 8, width: 8)

  /// The cluster's center.
  var picture: Tensor {
    Tensor(
      Self.image.shape,
      (0..<64).map { index in
        let isBright = (self == .left ? 1...3 : 4...6).contains(index % 8)
        return isBright ? 0.95 : 0.05
      })
  }

  /// The mean of both clusters.
  static let average = Tensor(
    image.shape, zip(Bars.left.picture.elements, Bars.right.picture.elements).map { ($0 + $1) / 2 })

  /// The center with noise of a deviation of 0.03, in [0, 1].
  func example(_ random: inout RandomSource) -> Tensor {
    let noise = random.normal(Self.image.shape)
    return Tensor(
      Self.image.shape,
      zip(picture.elements, noise.elements).map { min(max($0 + 0.03 * $1, 0), 1) })
  }

  /// A model trained for a moment; every call gives the same parameters.
  static func model() throws -> Model { try Model(file: trained.get()) }

  private static let trained = Result { try train().file(name: "bars") }

  private static func train() throws -> Model {
    let model = Model(
      Configuration(
        image: image, latents: 2, network: .mlp(hidden: [16], activation: .tanh),
        likelihood: .bernoulli),
      seed: 1)
    var training = TrainingConfiguration()
    training.batchSize = 16
    training.learningRate = 0.01
    training.limit = .steps(300)
    let source = BarSource()
    let trainer = try Trainer(
      model, training, exampleCount: source.count, backend: PortableBackend())
    while !trainer.isDone { try trainer.step(source) }
    return model
  }
}

/// The clusters in turn.
private final class BarSource: BatchSource {
  let count = 64
  private var random = RandomSource(seed: 2)

  func next(into batch: TrainingBatch) {
    for row in 0..<batch.pixels.count / Bars.image.count {
      let example = (row % 2 == 0 ? Bars.left : Bars.right).example(&random)
      for index in 0..<Bars.image.count {
        batch.pixels[row * Bars.image.count + index] = example[index]
      }
    }
  }
}

extension Tensor {
  /// The mean squared difference, over the pixels where `mask` is not 0.
  func squaredError(_ other: Tensor, where mask: Tensor? = nil) -> Float {
    let chosen = elements.indices.filter { (mask?[$0] ?? 1) != 0 }
    return chosen.reduce(0) { sum, index in
      let difference = self[index] - other[index]
      return sum + difference * difference
    } / Float(max(chosen.count, 1))
  }
}
