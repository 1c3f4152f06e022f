import Graphs
import Networks
import Tensors

/// A deep model: groups of latents from a 1x1 top down to fine grids, pictures of one size. Its latents
/// are in the coordinates in which every group's prior is N(0, I), so that codes, refinement and ways
/// between pictures are those of a flat model with that prior.
package struct DeepModel: GroupedAutoencoder {
  let form: DeepForm
  private let networks: DeepNetworks

  init(_ form: DeepForm, _ image: ImageShape) {
    self.form = form
    networks = DeepNetworks(form, image)
  }

  package var parameters: [ParameterSpecification] { networks.parameters }
  var isStandardized: Bool { true }
  func groupShapes(of image: ImageShape) -> [Shape] { form.groups(of: image).map(\.shape) }

  func pass(_ graph: Graph, _ image: ImageShape, count: Int) -> DeepPass {
    DeepPass(networks: networks, graph: graph, count: count)
  }

  package func objective(
    _ inputs: TrainingInputs, _ training: TrainingConfiguration
  ) -> TrainingObjective { boundObjective(inputs, training) }
}

/// A deep model on one batch.
struct DeepPass: TopDownPass {
  let networks: DeepNetworks
  let graph: Graph
  /// N.
  let count: Int

  var groups: [TopDownGroup] { networks.groups }

  func target(_ x: Value) -> [Value] {
    let image = networks.form.padded(ImageShape(batch: x))
    let grids = networks.encoder(
      PadTo(height: image.height, width: image.width)(((x - 0.5) * 2).opponent()))
    return networks.levels.map { grids[$0] }
  }

  func decode(_ latents: Latents) -> Value {
    let start = graph.parameter(networks.start.name, networks.start.shape)
    var state = start.broadcast(to: start.shape.replacing(axis: 0, with: count))
    for (index, group) in networks.groups.enumerated().reversed() {
      state = group(state) { prior, state in latents(index, prior, state) }
      if let up = group.up { state = up(state) }
    }
    return networks.output(state)
  }

  func likelihood(_ output: Value) -> any PixelDistribution {
    networks.form.likelihood.family.distribution(output)
  }
}
