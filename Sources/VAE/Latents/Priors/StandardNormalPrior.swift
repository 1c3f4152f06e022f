import Graphs
import Tensors

/// N(0, I).
struct StandardNormalPrior: FamilyPrior {
  func distribution(_ graph: Graph, _ shape: Shape) -> any ReparameterizedDistribution {
    Gaussian.standard(graph, shape)
  }

  func logDensity(_ z: Value) -> Value { StandardNormal.logDensity(z) }

  func sample(_ noise: LatentNoise, temperature: Value) -> Value { noise.normals * temperature }
}

struct StandardNormalPriorFamily: StandardPriorFamily {
  static let name = "standard-normal"
  static var prior: any LatentPrior { StandardNormalPrior() }
}

extension Configuration.Prior {
  /// N(0, I).
  public static var standardNormal: Self { Self(StandardNormalPriorFamily()) }
}
