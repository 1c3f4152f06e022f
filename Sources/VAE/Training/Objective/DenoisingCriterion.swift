import Graphs
import Pictures
import Tensors

/// How the encoder's picture is damaged while the likelihood is that of the clean one: the denoising
/// criterion of Im, Ahn, Memisevic and Bengio 2017, a bound for the posterior averaged over the damage.
public enum DenoisingCriterion: Hashable, Sendable {
  /// Gaussian noise of this standard deviation on the [0, 1] scale, not clipped.
  case noise(standardDeviation: Float)
  /// Every sample x becomes 1 - x with this probability.
  case flips(probability: Float)

  /// What the encoder sees.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]`.
  ///   - randomness: as `fill` gives it, as many.
  func damaged(_ x: Value, by randomness: Value) -> Value {
    switch self {
    case .noise(let deviation): return x + randomness * deviation
    case .flips(let probability):
      let isFlipped = x.graph.constant(probability, x.shape).combined(.greater, randomness)
      return x + isFlipped * (1 - 2 * x)
    }
  }

  /// Draws what `damaged` takes.
  func fill(_ memory: MutablePlaneView, using random: inout RandomSource) {
    switch self {
    case .noise: random.fillNormal(memory.numbers)
    case .flips: for index in memory.indices { memory[index] = random.nextUniform() }
    }
  }

  /// What leaves the picture as it is.
  var harmless: Float {
    switch self {
    case .noise: 0
    case .flips: 1
    }
  }
}
