import Checkpoints
import Graphs
import Networks
import Tensors

/// A mixture of K Gaussians with diagonal covariances, all of it learned.
struct MixturePrior: LatentPrior {
  /// Means and log variances, `[K, D]`.
  let components: DiagonalGaussian
  /// The logarithms of the weights, `[1, K]`.
  let logWeights: Value

  init(_ graph: Graph, components count: Int, latents: Int) {
    components = DiagonalGaussian(
      mean: graph.parameter("prior.mean", [count, latents]),
      logVariance: graph.parameter("prior.log_variance", [count, latents]))
    let logits = graph.parameter("prior.logits", [count]).reshaped(to: [1, count])
    logWeights = logits - logits.logSumExp([1]).reshaped(to: [1, 1])
  }

  func logDensity(_ z: Value) -> Value {
    (components.logDensities(z) + logWeights).logSumExp([1])
  }

  func sample(_ noise: LatentNoise, temperature: Value) -> Value {
    let choice = ComponentChoice.oneHot(weights: logWeights.exp(), uniform: noise.uniforms)
    let deviation = choice.times((components.logVariance * 0.5).exp())
    return choice.times(components.mean) + noise.normals * temperature * deviation
  }
}

struct MixturePriorFamily: PriorFamily {
  static let name = "mixture"
  static let summary: String? = "of learned Gaussians"
  static let hyperparameters = [Hyperparameter("components", standard: 10)]
  let components: Int

  init(components: Int) { self.components = components }
  init(json: JSONValue) throws { self.init(components: try json.integer("components")) }

  var members: [JSONMember] { [JSONMember("components", JSONValue(components))] }
  var problem: String? { Self.problem(ofComponents: components) }

  /// The means start as draws of N(0, I), so that no two components are the same.
  func parameters(latents: Int, image: ImageShape) -> [ParameterSpecification] {
    [
      ParameterSpecification(
        "prior.mean", [components, latents], .normal(mean: 0, deviation: 1)),
      ParameterSpecification("prior.log_variance", [components, latents], .constant(0)),
      ParameterSpecification("prior.logits", [components], .constant(0)),
    ]
  }

  func noise(latents: Int, posterior: NoiseCounts) -> NoiseCounts {
    NoiseCounts(normal: latents, uniform: 1)
  }

  func prior(
    _ graph: Graph, latents: Int, image: ImageShape, encode: (Value) -> Value,
    posterior: @escaping (Value) -> any LatentPosterior
  ) -> any LatentPrior {
    MixturePrior(graph, components: components, latents: latents)
  }
}

extension Configuration.Prior {
  /// A mixture of Gaussians with diagonal covariances, all of it learned.
  public static func mixture(components: Int) -> Self {
    Self(MixturePriorFamily(components: components))
  }
}

extension DiagonalGaussian {
  /// log N(z_n; mean_k, sigma_k^2) of every z, `[N, D]`, under every row of this Gaussian, `[N, K]`:
  /// the squares expanded, so that matrix products do the work.
  func logDensities(_ z: Value) -> Value {
    let precision = (-logVariance).exp()
    let squares = z.squared().times(precision, transposingOther: true)
    let products = z.times(mean * precision, transposingOther: true)
    let constants = (mean.squared() * precision + logVariance + logTwoPi).sumOfRows()
    return (squares - products * 2 + constants.reshaped(to: [1, constants.shape[0]])) * -0.5
  }
}
