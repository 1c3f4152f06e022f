import Graphs
import Tensors

/// p(z) of a flat model, as nodes of a graph.
package protocol LatentPrior {
  /// log p(z) of `[N, D]`, `[N]`.
  func logDensity(_ z: Value) -> Value

  /// Draws, `[N, D]`.
  ///
  /// - Parameters:
  ///   - noise: as much as `PriorFamily.noise` says a row.
  ///   - temperature: a scalar; what is added to the mean, or to a component's, is multiplied by it.
  func sample(_ noise: LatentNoise, temperature: Value) -> Value
}

/// A prior whose latents are independent and of one parameterless family.
protocol FamilyPrior: LatentPrior {
  /// The distribution of draws of a shape.
  func distribution(_ graph: Graph, _ shape: Shape) -> any ReparameterizedDistribution
}
