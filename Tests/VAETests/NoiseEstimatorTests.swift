import Files
import Graphs
import Tensors
import Testing

@testable import Datasets
@testable import VAE

@Suite struct NoiseEstimatorTests {
  @Test(arguments: [0, 0.001, 0.02, 0.3] as [Float])
  func levelsComeBackFromTheirLogarithms(level: Float) {
    let logarithm = NoiseEstimator.logarithm(ofLevel: level)
    #expect(abs(NoiseEstimator.level(ofLogarithm: logarithm) - level) < 1e-6)
    #expect(NoiseEstimator.level(ofLogarithm: -9) == 0)
  }

  /// White noise of known levels on gray pieces: after some steps the estimator tells strong noise
  /// from weak.
  @Test func learnsTheLevel() throws {
    let estimator = NoiseEstimator(channels: 1, seed: 1)
    let trainer = try NoiseEstimatorTrainer(
      estimator, batchSize: 8, learningRate: 2e-3, backend: PortableBackend())
    var first: Float = 0
    var last: Float = 0
    for step in 0..<60 {
      let loss = try trainer.step(Self.batch(step, levels: Self.levels(step)), progress: 0)
      if step < 10 { first += loss / 10 }
      if step >= 50 { last += loss / 10 }
    }
    #expect(last < first - 0.5)
    trainer.finish()
    let reader = try NoiseEstimator.Reader(estimator, batchSize: 8, backend: PortableBackend())
    let batch = Self.batch(1000, levels: [2, 2, 2, 2, 20, 20, 20, 20])
    let readings = try reader.read(count: 8) { piece, target in
      target.copy(Array(batch.observation!.elements[piece * 4096..<(piece + 1) * 4096]))
    }
    #expect(readings[..<4].map(\.luma.mean).max()! < readings[4...].map(\.luma.mean).min()!)
    #expect(readings.allSatisfy { $0.luma.variance > 0 })
  }

  /// A model's file holds its estimator, and one without is read as before.
  @Test func standsInTheModelFile() throws {
    let model = Hierarchies.model()
    #expect(try Model(file: model.file(name: "m")).noiseEstimator == nil)
    model.noiseEstimator = NoiseEstimator(channels: 1, seed: 4)
    let read = try Model(file: model.file(name: "m"))
    let estimator = try #require(read.noiseEstimator)
    for slot in estimator.parameters.slots {
      #expect(
        estimator.parameters[slot.name] == model.noiseEstimator?.parameters[slot.name])
    }
    #expect(read.parameters.parameterCount == model.parameters.parameterCount)
    // A model that starts from it has the estimator too, and a copy goes its own way.
    let next = Hierarchies.model()
    next.takeParameters(of: read)
    #expect(next.noiseEstimator === estimator)
    let copy = NoiseEstimator(estimator)
    let name = try #require(copy.parameters.slots.first).name
    #expect(copy.parameters[name] == estimator.parameters[name])
    let shape = try #require(copy.parameters[name]).shape
    copy.parameters[name] = Tensor(shape)
    #expect(copy.parameters[name] != estimator.parameters[name])
  }

  private static func levels(_ step: Int) -> [Float] {
    (0..<8).map { Float(1 << (($0 + step) % 6)) }
  }

  private static func batch(_ step: Int, levels: [Float]) -> ExampleBatch {
    var random = RandomSource(seed: 3, stream: UInt64(step))
    let noise = random.normal([8, 1, 64, 64])
    let offsets = random.uniform([8]).elements
    let pixels = noise.elements.indices.map { index in
      0.2 + 0.6 * offsets[index / 4096] + noise[index] * levels[index / 4096] / 255
    }
    var maps = [Float](repeating: 0, count: 8 * 5 * 4096)
    for piece in 0..<8 {
      for pixel in 0..<4096 { maps[(piece * 5 + 1) * 4096 + pixel] = levels[piece] / 255 }
    }
    return ExampleBatch(
      step: step, indices: [], pixels: noise, observation: Tensor([8, 1, 64, 64], pixels),
      maps: Tensor([8, 5, 64, 64], maps))
  }
}
