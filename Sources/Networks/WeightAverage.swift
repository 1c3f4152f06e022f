import CKernels
import Graphs
import Tensors

/// An exponential moving average of all parameters of a store (Polyak and Juditsky 1992, with the
/// weights of Kingma and Ba 2015, section 7.2): often better than the parameters themselves, and
/// steady where they still jump.
package final class WeightAverage {
  /// The share that the average keeps in a step.
  package let decay: Float
  private let store: ParameterStore
  private let average: UnsafeMutablePointer<Float>

  /// - Parameter decay: in 0..<1.
  package init(_ store: ParameterStore, decay: Float) {
    self.store = store
    self.decay = decay
    average = .allocate(capacity: store.count)
    average.initialize(from: store.values, count: store.count)
  }

  deinit { average.deallocate() }

  /// Takes in the parameters after a step. The first steps, counted from 1, weigh more, so that
  /// where the run began is soon forgotten.
  package func update(step: Int) {
    let decay = min(decay, Float(step) / Float(step + 10))
    latent_average(average, store.values, store.count, 1 - decay)
  }

  /// Calls `body` with the average's memory, laid out as the store.
  package func withMemory(_ body: (UnsafeMutablePointer<Float>) throws -> Void) rethrows {
    try body(average)
  }

  /// Runs `body` while the store holds the average.
  package func withAverage<R>(_ body: () throws -> R) rethrows -> R {
    exchange()
    defer { exchange() }
    return try body()
  }

  private func exchange() {
    for index in 0..<store.count { swap(&average[index], &store.values[index]) }
  }

  /// What a checkpoint keeps: `[count]`, laid out as the store.
  package var state: Tensor {
    get { Tensor([store.count], Array(UnsafeBufferPointer(start: average, count: store.count))) }
    set {
      precondition(newValue.shape == [store.count], "an average of this store")
      newValue.elements.withUnsafeBufferPointer {
        if let base = $0.baseAddress { average.update(from: base, count: $0.count) }
      }
    }
  }
}
