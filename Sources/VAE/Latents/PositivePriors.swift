import Graphs
import Tensors

/// A standard normal's exponential, latent by latent: the prior of log-normal posteriors.
struct StandardLogNormalPrior: FamilyPrior {
  func distribution(_ graph: Graph, _ shape: Shape) -> any ReparameterizedDistribution {
    LogNormal(location: graph.constant(0, shape), scale: graph.constant(1, shape))
  }

  func logDensity(_ z: Value) -> Value {
    distribution(z.graph, z.shape).rowLogDensity(z)
  }

  func sample(_ noise: LatentNoise, temperature: Value) -> Value {
    (noise.normals * temperature).exp()
  }
}

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
