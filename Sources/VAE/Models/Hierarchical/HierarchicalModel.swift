import Graphs
import Networks
import Tensors

/// A hierarchical model: groups of latents on ever coarser grids, pictures of any size. A conditional one
/// sees here a picture of which nothing was observed.
package struct HierarchicalModel: GroupedAutoencoder {
  package let hierarchy: Hierarchy
  private let networks: HierarchicalNetworks

  init(_ hierarchy: Hierarchy, channels: Int) {
    self.hierarchy = hierarchy
    networks = HierarchicalNetworks(hierarchy, channels: channels)
  }

  package var parameters: [ParameterSpecification] { networks.parameters }
  var isStandardized: Bool { false }

  func groupShapes(of image: ImageShape) -> [Shape] {
    hierarchy.groups(of: image).map(\.shape)
  }

  /// The pass of a batch with its observations.
  func pass(_ condition: ConditionValues) -> HierarchicalPass {
    HierarchicalPass(networks, condition)
  }

  func pass(_ graph: Graph, _ image: ImageShape, count: Int) -> HierarchicalPass {
    pass(.nothing(graph, image, count: count))
  }

  package func objective(
    _ inputs: TrainingInputs, _ training: TrainingConfiguration
  ) -> TrainingObjective {
    guard let condition = inputs.condition else { return boundObjective(inputs, training) }
    return TrainingObjective(
      self, inputs.x, condition, noise: inputs.noise.normals, training,
      rateWeight: inputs.rateWeight)
  }
}

/// Restoring a window of a picture with a conditional model. The condition has the window's extents.
extension HierarchicalModel {
  /// The best single estimate: E[x|z, y] with every latent at its prior's mean, `[1, C, H, W]` of
  /// the core, and the standard deviation of its error, `[1, 1, H, W]`, where the model predicts it.
  package func estimate(
    _ condition: ConditionValues, _ window: RestorationWindow
  ) -> (mean: Value, deviation: Value?) {
    let estimate = pass(condition).narrowed(to: window).estimate()
    return (estimate.mean, estimate.logVariance.map { ($0 * 0.5).exp() })
  }

  /// E[x|z, y] for draws z of p(z|y), `[1, C, H, W]` of the core each. No noise gives `estimate`.
  ///
  /// - Parameter noise: standard normal numbers on the window's grids, for each draw one value a level from 1/2
  ///   downwards.
  package func samples(
    _ condition: ConditionValues, noise: [[Value]], _ window: RestorationWindow
  ) -> [Value] {
    let pass = pass(condition).narrowed(to: window)
    return noise.map { pass.priorSample(noise: $0) }
  }
}
