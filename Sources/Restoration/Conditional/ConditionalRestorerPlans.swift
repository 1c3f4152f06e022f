import Graphs
import Tensors
import VAE

/// A conditional model compiled for windows, few at a time.
final class RestorationPlans {
  enum Part: Hashable {
    /// Observation and maps to the best estimate.
    case estimate
    /// Observation and maps to features.
    case features
    /// Features, the core's observation and noise to a sample.
    case sample
  }

  private struct Key: Hashable {
    let window: RestorationWindow
    let part: Part
  }

  private let model: Model
  private let hierarchy: Hierarchy
  private let backend: any Backend
  private var cache: [(key: Key, plan: Plan)] = []
  /// Only one plan runs at a time.
  private let memory = PlanMemory()

  /// Plans that are kept; compiling one takes a small part of a run's time.
  private static let limit = 2

  init(_ model: Model, _ hierarchy: Hierarchy, backend: any Backend) {
    self.model = model
    self.hierarchy = hierarchy
    self.backend = backend
  }

  func plan(_ part: Part, _ window: RestorationWindow) throws -> Plan {
    let key = Key(window: window, part: part)
    if let index = cache.firstIndex(where: { $0.key == key }) {
      let entry = cache.remove(at: index)
      cache.append(entry)
      return entry.plan
    }
    // Before the new one takes its memory.
    if cache.count >= Self.limit { cache.removeFirst() }
    let count = memory.count
    let plan = try compile(part, window)
    // The others hold memory that has become too small.
    if memory.count > count { cache.removeAll() }
    cache.append((key, plan))
    return plan
  }

  private func compile(_ part: Part, _ window: RestorationWindow) throws -> Plan {
    let graph = Graph()
    let outputs: [Value]
    switch part {
    case .estimate: outputs = [model.network.estimate(condition(graph, window), window)]
    case .features: outputs = model.network.features(condition(graph, window), window)
    case .sample:
      let channels = model.configuration.image.channels
      let grids = (0..<hierarchy.levels).map { window.grid(hierarchy, level: $0) }
      let sample = model.network.sample(
        features: grids.enumerated().map { level, grid in
          graph.input(
            Self.features(level), [1, hierarchy.widths[level], grid.height, grid.width])
        },
        observation: graph.input(
          "observation", [1, channels, window.coreHeight, window.coreWidth]),
        noise: grids.enumerated().map { graph.input(Self.noise($0), $1.shape) }, window)
      outputs = [sample]
    }
    return try Plan(
      graph, outputs: outputs, parameters: model.parameters, backend: backend, memory: memory)
  }

  private func condition(_ graph: Graph, _ window: RestorationWindow) -> ConditionValues {
    ConditionValues(
      observation: graph.input(
        "observation",
        [1, model.configuration.image.channels, window.height, window.width]),
      maps: graph.input("maps", [1, ConditionValues.mapCount, window.height, window.width]))
  }

  static func features(_ level: Int) -> String { "features.\(level)" }
  static func noise(_ level: Int) -> String { "noise.\(level)" }
}
