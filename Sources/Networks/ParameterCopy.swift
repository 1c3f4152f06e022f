import Graphs
import Tensors

/// A copy of all parameters of a store.
package final class ParameterCopy {
  private let store: ParameterStore
  private let values: UnsafeMutablePointer<Float>

  /// A copy of the parameters as they are.
  package init(_ store: ParameterStore) {
    self.store = store
    values = .allocate(capacity: store.count)
    values.initialize(from: store.values, count: store.count)
  }

  deinit { values.deallocate() }

  /// Copies the parameters as they are now.
  package func take() { values.update(from: store.values, count: store.count) }

  /// Runs `body` while the store holds the copy.
  package func withCopy<R>(_ body: () throws -> R) rethrows -> R {
    exchange()
    defer { exchange() }
    return try body()
  }

  /// Gives the store the copy.
  package func restore() { store.values.update(from: values, count: store.count) }

  private func exchange() {
    for index in 0..<store.count { swap(&values[index], &store.values[index]) }
  }

  /// What a checkpoint keeps: `[count]`, laid out as the store.
  package var state: Tensor {
    get { Tensor([store.count], Array(UnsafeBufferPointer(start: values, count: store.count))) }
    set {
      precondition(newValue.shape == [store.count], "a copy of this store")
      newValue.elements.withUnsafeBufferPointer {
        if let base = $0.baseAddress { values.update(from: base, count: $0.count) }
      }
    }
  }
}
