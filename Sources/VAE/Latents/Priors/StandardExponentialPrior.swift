import Graphs
import Tensors

/// Exp(1), latent by latent: the prior of gamma, exponential and Weibull posteriors, each of whose
/// families has it as a member.
struct StandardExponentialPrior: FamilyPrior {
  func distribution(_ graph: Graph, _ shape: Shape) -> any ReparameterizedDistribution {
    Exponential(rate: graph.constant(1, shape))
  }

  func logDensity(_ z: Value) -> Value { -z.sumOfRows() }

  func sample(_ noise: LatentNoise, temperature: Value) -> Value {
    -noise.uniforms.log() * temperature
  }
}

struct ExponentialPriorFamily: StandardPriorFamily {
  static let name = "exponential"
  static let takesPositive = true
  static var prior: any LatentPrior { StandardExponentialPrior() }

  func noise(latents: Int, posterior: NoiseCounts) -> NoiseCounts { NoiseCounts(uniform: latents) }
}

extension Configuration.Prior {
  /// Exp(1) for every latent, for positive latents.
  public static var standardExponential: Self { Self(ExponentialPriorFamily()) }
}
