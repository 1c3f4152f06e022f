import Tensors

/// The trainable tensors of a network in one flat buffer, and their gradients in another.
///
/// Several plans (training, evaluation, other batch sizes) share one store. Every tensor starts on
/// a 64-byte boundary; the gaps hold zeros and stay zero under every optimiser.
public final class ParameterStore {
  /// Where a tensor is.
  public struct Slot: Sendable {
    public let name: String
    public let shape: Shape
    /// In elements from the start of the buffers.
    public let offset: Int
  }

  /// In the order in which they were added.
  public let slots: [Slot]
  /// The length of both buffers in elements.
  public let count: Int
  /// The parameters, `count` elements.
  public let values: UnsafeMutablePointer<Float>
  private var gradientMemory: UnsafeMutablePointer<Float>?
  private let indices: [String: Int]

  /// A store for tensors of these names and shapes, filled with zeros.
  ///
  /// - Precondition: the names differ.
  public init(_ parameters: [(name: String, shape: Shape)]) {
    var offset = 0
    slots = parameters.map { name, shape in
      defer { offset += (shape.count + 15) / 16 * 16 }
      return Slot(name: name, shape: shape, offset: offset)
    }
    count = offset
    indices = Dictionary(uniqueKeysWithValues: slots.enumerated().map { ($1.name, $0) })
    values = .allocateAligned(count)
  }

  deinit {
    values.deallocate()
    gradientMemory?.deallocate()
  }

  /// The gradients that a training plan writes, `count` elements; memory is taken for them when they
  /// are first asked for.
  public var gradients: UnsafeMutablePointer<Float> {
    if let gradientMemory { return gradientMemory }
    let memory = UnsafeMutablePointer<Float>.allocateAligned(count)
    gradientMemory = memory
    return memory
  }

  /// The slot of a name.
  public func slot(_ name: String) -> Slot? { indices[name].map { slots[$0] } }

  /// The number of trainable numbers.
  public var parameterCount: Int { slots.reduce(0) { $0 + $1.shape.count } }

  public subscript(name: String) -> Tensor? {
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
  public func gradient(_ name: String) -> Tensor? { slot(name).map { read($0, from: gradients) } }

  private func read(_ slot: Slot, from buffer: UnsafeMutablePointer<Float>) -> Tensor {
    Tensor(
      slot.shape,
      Array(UnsafeBufferPointer(start: buffer + slot.offset, count: slot.shape.count)))
  }
}

extension UnsafeMutablePointer<Float> {
  /// `count` zeros (at least one) aligned to 64 bytes; the caller deallocates.
  static func allocateAligned(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    let pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
    return pointer
  }
}
