import Checkpoints
import Graphs
import Networks
import Tensors

/// The variational mixture of posteriors (Tomczak and Welling 2018, equation 9): the mean of the
/// posteriors of K pictures that are learned themselves, the pseudo-inputs.
struct VampPrior: LatentPrior {
  /// What the encoder makes of the pseudo-inputs, `[K, O]`.
  let outputs: Value
  /// The posteriors that encoder's outputs describe.
  let posterior: (Value) -> any LatentPosterior

  static let name = "prior.pseudo_inputs"

  /// The pseudo-inputs as pictures, `[K, C, H, W]`: sigmoid of four times the parameters, which
  /// keeps them in range and lets them cross it in a few hundred steps of Adam.
  static func pictures(_ graph: Graph, pseudoInputs: Int, image: ImageShape) -> Value {
    (graph.parameter(name, [pseudoInputs, image.count]) * 4).sigmoid()
      .reshaped(to: image.batch(pseudoInputs))
  }

  /// The parameter whose pseudo-input is a sample of a picture, which is kept away from 0 and 1,
  /// where it could not move.
  static func parameter(of sample: Float) -> Float {
    let inside = Swift.min(Swift.max(sample, 0.02), 0.98)
    return logOf(inside / (1 - inside)) / 4
  }

  func logDensity(_ z: Value) -> Value {
    let count = outputs.shape[0]
    let densities: Value
    if let components = posterior(outputs) as? DiagonalGaussian {
      densities = components.logDensities(z)
    } else {
      let (rows, size) = (z.shape[0], outputs.shape[1])
      let tiled = outputs.reshaped(to: [1, count, size]).broadcast(to: [rows, count, size])
        .reshaped(to: [rows * count, size])
      densities = posterior(tiled).logDensity(z.repeatingRows(count))
        .reshaped(to: [rows, count])
    }
    return densities.logSumExp([1]) - logOf(Float(count))
  }

  func sample(_ noise: LatentNoise, temperature: Value) -> Value {
    let count = outputs.shape[0]
    // The last uniform number chooses the component, those before it are the posterior's.
    let own = noise.uniforms.shape[1] - 1
    let choice = ComponentChoice.oneHot(
      weights: outputs.graph.constant(1 / Float(count), [1, count]),
      uniform: noise.uniforms.sliced(axis: 1, own..<own + 1))
    let component = posterior(choice.times(outputs))
    let draw = component.draw(
      LatentNoise(
        normal: noise.normal,
        uniform: own > 0 ? noise.uniforms.sliced(axis: 1, 0..<own) : nil))
    let mean = component.mean
    return mean + (draw.latents - mean) * temperature
  }
}

struct VampPriorFamily: PriorFamily {
  static let name = "vamp"
  static let summary: String? = "of posteriors of learned pictures"
  static let hyperparameters = [Hyperparameter("pseudo_inputs", standard: 500)]
  static let takesReal = true
  static let takesPositive = true
  /// At first nothing holds the posteriors' scale, and they all collapse onto the prior that they are.
  static let needsWarmUp = true
  static let needsTractablePosterior = true
  let pseudoInputs: Int

  init(pseudoInputs: Int) { self.pseudoInputs = pseudoInputs }
  init(json: JSONValue) throws { self.init(pseudoInputs: try json.integer("pseudo_inputs")) }

  var members: [JSONMember] { [JSONMember("pseudo_inputs", JSONValue(pseudoInputs))] }
  var problem: String? { Self.problem(ofComponents: pseudoInputs) }

  /// A pseudo-input starts as dark noise; see `Model.startPseudoInputs(from:)`.
  func parameters(latents: Int, image: ImageShape) -> [ParameterSpecification] {
    [
      ParameterSpecification(
        VampPrior.name, [pseudoInputs, image.count], .normal(mean: -0.5, deviation: 0.25))
    ]
  }

  func noise(latents: Int, posterior: NoiseCounts) -> NoiseCounts {
    NoiseCounts(normal: posterior.normal, uniform: posterior.uniform + 1)
  }

  func prior(
    _ graph: Graph, latents: Int, image: ImageShape, encode: (Value) -> Value,
    posterior: @escaping (Value) -> any LatentPosterior
  ) -> any LatentPrior {
    let pictures = VampPrior.pictures(graph, pseudoInputs: pseudoInputs, image: image)
    return VampPrior(outputs: encode(pictures), posterior: posterior)
  }
}

extension Configuration.Prior {
  /// The mean of the posteriors of learned pictures (Tomczak and Welling 2018).
  public static func vamp(pseudoInputs: Int) -> Self {
    Self(VampPriorFamily(pseudoInputs: pseudoInputs))
  }
}
