/// An array of 32-bit floating-point numbers with a shape, in C order.
public struct Tensor: Hashable, Sendable {
  public let shape: Shape
  /// The elements in C order; `elements.count == shape.count`.
  public private(set) var elements: [Float]

  /// - Precondition: `elements.count == shape.count`.
  public init(_ shape: Shape, _ elements: [Float]) {
    precondition(elements.count == shape.count, "\(elements.count) elements for shape \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// A tensor filled with one number.
  public init(_ shape: Shape, repeating value: Float = 0) {
    self.init(shape, [Float](repeating: value, count: shape.count))
  }

  /// A tensor whose elements `body` writes, all of them, in C order.
  public init(
    _ shape: Shape, initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    let count = shape.count
    self.shape = shape
    self.elements = try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      try body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }

  public subscript(index: Int) -> Float {
    get { elements[index] }
    set { elements[index] = newValue }
  }

  /// The same elements under another shape of the same size.
  public func reshaped(to shape: Shape) -> Tensor { Tensor(shape, elements) }

  /// The slab at `index` along the first dimension, without that dimension.
  ///
  /// - Precondition: the tensor has a first dimension that holds `index`.
  public func slab(_ index: Int) -> Tensor {
    let inner = Shape(Array(shape.dimensions.dropFirst()))
    let start = index * inner.count
    return Tensor(inner, Array(elements[start..<start + inner.count]))
  }

  /// Tensors of one shape stacked along a new first dimension.
  ///
  /// - Precondition: `tensors` is not empty and all shapes are equal.
  public static func stacked(_ tensors: [Tensor]) -> Tensor {
    let shape = tensors[0].shape
    precondition(tensors.allSatisfy { $0.shape == shape }, "stacked tensors share a shape")
    return Tensor(Shape([tensors.count] + shape.dimensions), tensors.flatMap(\.elements))
  }

  /// Runs `body` on the elements' memory.
  public mutating func withUnsafeMutableElements<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    try elements.withUnsafeMutableBufferPointer { try body($0) }
  }
}
