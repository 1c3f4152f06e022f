import Graphs
import Tensors
import VAE

/// A conditional model compiled for windows, few at a time: compiling takes a small part of a run's time.
final class RestorationFunctions {
  private struct Key: Hashable {
    let window: RestorationWindow
    let rows: Int
    /// nil for the best estimate.
    let samples: Int?
    let hasError: Bool
  }

  /// Observation and maps of a window to results for its core.
  struct Passage {
    let condition: ConditionValues
    /// By sample and level; none for the best estimate.
    let noise: [[Value]]
    let results: [Value]
    /// The standard deviation of the best estimate's error, where it is wanted.
    let error: Value?
  }

  private let model: Model
  private let network: HierarchicalModel
  private let backend: any Backend
  private let memory = PlanMemory()
  /// The ones called last, which keep memory for a band each.
  private var entries: [(key: Key, function: BandedFunction<Passage>)] = []

  init(_ model: Model, _ network: HierarchicalModel, backend: any Backend) {
    (self.model, self.network, self.backend) = (model, network, backend)
  }

  /// - Parameters:
  ///   - rows: of a band.
  ///   - error: whether the deviation of its error is wanted, where the model predicts it.
  func estimate(
    _ window: RestorationWindow, rows: Int, error: Bool = false
  ) throws -> BandedFunction<Passage> {
    function(Key(window: window, rows: rows, samples: nil, hasError: error)) { _, condition in
      let estimate = network.estimate(condition, window)
      return Passage(
        condition: condition, noise: [], results: [estimate.mean],
        error: error ? estimate.deviation : nil)
    }
  }

  /// So many samples of the same picture.
  func samples(
    _ count: Int, _ window: RestorationWindow, rows: Int
  ) throws -> BandedFunction<Passage> {
    function(Key(window: window, rows: rows, samples: count, hasError: false)) {
      graph, condition in
      let noise = (0..<count).map { _ in
        (0..<network.hierarchy.levels).map {
          graph.input(window.grid(network.hierarchy, level: $0).shape)
        }
      }
      return Passage(
        condition: condition, noise: noise,
        results: network.samples(condition, noise: noise, window), error: nil)
    }
  }

  private func function(
    _ key: Key, _ make: (Graph, ConditionValues) -> Passage
  ) -> BandedFunction<Passage> {
    if let index = entries.firstIndex(where: { $0.key == key }) {
      let entry = entries.remove(at: index)
      entries.append(entry)
      return entry.function
    }
    // Those of several bands keep much between them.
    if key.rows < key.window.height {
      entries.removeAll()
    } else {
      entries.removeAll { $0.key.rows < $0.key.window.height }
      if entries.count > 1 { entries.removeFirst() }
    }
    let graph = Graph()
    let (height, width) = (key.window.height, key.window.width)
    let channels = model.configuration.image.channels
    let condition = ConditionValues(
      observation: graph.input([1, channels, height, width]),
      maps: graph.input([1, ConditionValues.mapCount, height, width]))
    let passage = make(graph, condition)
    let function = BandedFunction(
      graph, passage, outputs: passage.results + [passage.error].compactMap { $0 },
      pace: condition.observation, rows: key.rows, parameters: model.parameters, backend: backend,
      memory: memory)
    entries.append((key, function))
    return function
  }
}
