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

struct LogNormalPriorFamily: StandardPriorFamily {
  static let name = "log-normal"
  static let takesPositive = true
  static var prior: any LatentPrior { StandardLogNormalPrior() }
}

extension Configuration.Prior {
  /// The exponential of N(0, I), for positive latents.
  public static var standardLogNormal: Self { Self(LogNormalPriorFamily()) }
}
