import Graphs
import Tensors
import VAE

/// A conditional model compiled for windows, few at a time: compiling takes a small part of a run's time.
final class RestorationFunctions {
  private enum Part { case estimate, estimateAndError, features, sample }

  private struct Key: Hashable {
    let window: RestorationWindow
    let part: Part
  }

  /// Observation and maps of a window to the best estimate of its core, or to features.
  struct Encoding {
    let condition: ConditionValues
    let results: [Value]
  }

  /// Features, the core's observation and noise to a sample.
  struct Decoding {
    /// One value a level, as the noise.
    let features: [Value]
    let observation: Value
    let noise: [Value]
    let sample: Value
  }

  private let network: HierarchicalModel
  private let channels: Int
  private let cache: FunctionCache<Key>

  init(_ model: Model, _ network: HierarchicalModel, backend: any Backend) {
    self.network = network
    channels = model.configuration.image.channels
    cache = FunctionCache(
      parameters: model.parameters, backend: backend, count: 2, sharesMemory: true)
  }

  /// - Parameter error: whether the deviation of its error is a second result, where the model predicts it.
  func estimate(_ window: RestorationWindow, error: Bool = false) throws -> Function<Encoding> {
    try encoding(error ? .estimateAndError : .estimate, window) {
      let estimate = network.estimate($0, window)
      return [estimate.mean] + (error ? [estimate.deviation].compactMap { $0 } : [])
    }
  }

  func features(_ window: RestorationWindow) throws -> Function<Encoding> {
    try encoding(.features, window) { network.features($0, window) }
  }

  private func encoding(
    _ part: Part, _ window: RestorationWindow, _ results: (ConditionValues) -> [Value]
  ) throws -> Function<Encoding> {
    try cache.function(Key(window: window, part: part)) { graph in
      let condition = ConditionValues(
        observation: graph.input([1, channels, window.height, window.width]),
        maps: graph.input([1, ConditionValues.mapCount, window.height, window.width]))
      let results = results(condition)
      return (Encoding(condition: condition, results: results), results)
    }
  }

  func sample(_ window: RestorationWindow) throws -> Function<Decoding> {
    try cache.function(Key(window: window, part: .sample)) { graph in
      let hierarchy = network.hierarchy
      let grids = (0..<hierarchy.levels).map { window.grid(hierarchy, level: $0) }
      let features = grids.enumerated().map { level, grid in
        graph.input([1, hierarchy.widths[level], grid.height, grid.width])
      }
      let observation = graph.input([1, channels, window.coreHeight, window.coreWidth])
      let noise = grids.map { graph.input($0.shape) }
      let sample = network.sample(
        features: features, observation: observation, noise: noise, window)
      return (
        Decoding(features: features, observation: observation, noise: noise, sample: sample),
        [sample]
      )
    }
  }
}
