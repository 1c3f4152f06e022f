import Tensors

/// The trainable tensors of a network in one flat buffer, and their gradients in another.
///
/// Several plans (training, evaluation, other batch sizes) share one store. Every tensor starts on
/// a 64-byte boundary; the gaps hold zeros and stay zero under every optimizer.
package final class ParameterStore {
  /// Where a tensor is.
  package struct Slot: Sendable {
    package let name: String
    package let shape: Shape
    /// In elements from the start of the buffers.
    package let offset: Int
  }

  /// In the order in which they were added.
  package let slots: [Slot]
  /// The length of both buffers in elements.
  package let count: Int
  /// The parameters, `count` elements.
  package var values: UnsafeMutablePointer<Float> { valueMemory.elements }
  private let valueMemory: AlignedMemory
  private var gradientMemory: AlignedMemory?
  private let indices: [String: Int]

  /// A store for tensors of these names and shapes, filled with zeros.
  ///
  /// - Precondition: the names differ.
  package init(_ parameters: [(name: String, shape: Shape)]) {
    var offset = 0
    slots = parameters.map { name, shape in
      defer { offset += (shape.count + 15) / 16 * 16 }
      return Slot(name: name, shape: shape, offset: offset)
    }
    count = offset
    indices = Dictionary(uniqueKeysWithValues: slots.enumerated().map { ($1.name, $0) })
    valueMemory = AlignedMemory(count: count)
  }

  /// The gradients that a training plan writes, `count` elements; memory is taken for them when they
  /// are first asked for.
  package var gradients: UnsafeMutablePointer<Float> {
    let memory = gradientMemory ?? AlignedMemory(count: count)
    gradientMemory = memory
    return memory.elements
  }

  /// The slot of a name.
  package func slot(_ name: String) -> Slot? { indices[name].map { slots[$0] } }

  /// The number of trainable numbers.
  package var parameterCount: Int { slots.reduce(0) { $0 + $1.shape.count } }

  package subscript(name: String) -> Tensor? {
    get { slot(name).map { read($0, from: values) } }
    set {
      guard let slot = slot(name), let newValue else { return }
      precondition(slot.shape == newValue.shape, "\(name) is \(slot.shape)")
      newValue.elements.withUnsafeBufferPointer {
        (values + slot.offset).update(from: $0.baseAddress!, count: slot.shape.count)
      }
    }
  }

  /// The gradient that the last run of a training plan left.
  package func gradient(_ name: String) -> Tensor? { slot(name).map { read($0, from: gradients) } }

  private func read(_ slot: Slot, from buffer: UnsafeMutablePointer<Float>) -> Tensor {
    Tensor(
      slot.shape,
      Array(UnsafeBufferPointer(start: buffer + slot.offset, count: slot.shape.count)))
  }
}
