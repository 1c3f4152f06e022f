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
  private let average: ParameterCopy

  /// - Parameter decay: in 0..<1.
  package init(_ store: ParameterStore, decay: Float) {
    self.store = store
    self.decay = decay
    average = ParameterCopy(store)
  }

  /// Takes in the parameters after a step. The first steps, counted from 1, weigh more, so that
  /// where the run began is soon forgotten.
  package func update(step: Int) {
    let decay = min(decay, Float(step) / Float(step + 10))
    latent_average(average.values.baseAddress, store.values, store.count, 1 - decay)
  }

  /// Lends the average's memory, laid out as the store.
  package func withMemory(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    try average.withMemory(body)
  }

  /// Runs `body` while the store holds the average.
  package func withAverage<R>(_ body: () throws -> R) rethrows -> R {
    try average.withCopy(body)
  }

  /// What a checkpoint keeps: `[count]`, laid out as the store.
  package var state: Tensor {
    get { average.state }
    set { average.state = newValue }
  }
}
