/// The extents of a tensor, outermost first: `[N, C, H, W]` for a batch of pictures.
///
/// Elements are laid out in C order: the last dimension is contiguous.
public struct Shape: Hashable, Sendable {
  /// The extent of every dimension. Empty for a scalar.
  public let dimensions: [Int]

  /// - Precondition: no extent is negative.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "a shape has no negative extent")
    self.dimensions = dimensions
  }

  /// The shape of a single number.
  public static let scalar = Shape([])

  /// The number of dimensions.
  public var rank: Int { dimensions.count }

  /// The number of elements: the product of all extents, 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  /// The extent of one dimension.
  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// The distance in elements between neighbors along each dimension.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// The same shape with one extent replaced.
  public func replacing(axis: Int, with extent: Int) -> Shape {
    var dimensions = dimensions
    dimensions[axis] = extent
    return Shape(dimensions)
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
