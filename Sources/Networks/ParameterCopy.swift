import Graphs
import Tensors

/// A number for each of a store's parameters, laid out as they are: a copy of them, their average, or what an
/// optimizer remembers of them.
package final class ParameterCopy {
  private let store: ParameterStore
  /// `store.count` of them.
  var values: UnsafeMutableBufferPointer<Float> { memory.buffer(0, store.count) }
  private let memory: AlignedMemory

  /// A copy of the parameters as they are.
  package init(_ store: ParameterStore) {
    self.store = store
    memory = AlignedMemory(count: store.count)
    take()
  }

  /// The same number for each.
  init(_ store: ParameterStore, repeating value: Float) {
    self.store = store
    memory = AlignedMemory(count: store.count)
    if value != 0 { values.update(repeating: value) }
  }

  /// Copies the parameters as they are now.
  package func take() {
    _ = values.update(
      fromContentsOf: UnsafeBufferPointer(start: store.values, count: store.count))
  }

  /// Lends the memory for the length of a call, `store.count` numbers.
  package func withMemory<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    try body(values)
  }

  /// Runs `body` while the store holds the copy.
  package func withCopy<R>(_ body: () throws -> R) rethrows -> R {
    exchange()
    defer { exchange() }
    return try body()
  }

  /// Gives the store the copy.
  package func restore() {
    if let base = values.baseAddress { store.values.update(from: base, count: values.count) }
  }

  private func exchange() {
    for index in 0..<store.count {
      (values[index], store.values[index]) = (store.values[index], values[index])
    }
  }

  /// What a checkpoint keeps: `[count]`, laid out as the store.
  package var state: Tensor {
    get { Tensor([store.count], Array(values)) }
    set {
      precondition(newValue.shape == [store.count], "a copy of this store")
      _ = values.update(fromContentsOf: newValue.elements)
    }
  }
}
