import Files
import Pictures
import Tensors

/// Arrays in NumPy's format, one after another, delivered row by row.
final class NPYArrays {
  /// How many arrays have been read to their end.
  private(set) var number = 0
  private let buffer: StreamBuffer
  private let latentShape: Shape?
  private var current: Rows?

  /// The rows of an array that are still to come.
  private struct Rows {
    let header: NPYHeader
    let shape: Shape
    let size: Int
    var left: Int
    /// Whether log-variances follow the means.
    var hasVariance = false
    /// A column-major array's numbers, in row-major order.
    var reordered: [Float]?
  }

  /// The largest array that is read as a whole, in elements: one in column-major order.
  private static let reorderLimit = 1 << 28

  init(_ buffer: StreamBuffer, latentShape: Shape?) {
    self.buffer = buffer
    self.latentShape = latentShape
  }

  func next() throws -> LatentRecord? {
    while current == nil || current?.left == 0 {
      if current != nil {
        current = nil
        number += 1
      }
      if try buffer.peek(1).isEmpty { return nil }
      current = try rows(of: NPYHeader { Array(try buffer.take($0)) })
    }
    guard var rows = current else { return nil }
    let numbers: [Float]
    if let reordered = rows.reordered {
      let start = reordered.count - rows.left * rows.size
      numbers = Array(reordered[start..<start + rows.size])
    } else {
      numbers = try take(rows.size, rows.header)
    }
    rows.left -= 1
    current = rows
    guard numbers.allSatisfy(\.isFinite) else {
      throw ArrayFault("expected finite numbers, found NaN or infinity")
    }
    let size = rows.shape.count
    return LatentRecord(
      shape: rows.shape, mean: rows.hasVariance ? Array(numbers[..<size]) : numbers,
      logVariance: rows.hasVariance ? Array(numbers[size...]) : nil)
  }

  /// How an array falls into records of the expected size.
  ///
  /// The first extent counts the records where what is left per record is D numbers, or `[2, D]`: means and
  /// log-variances. Otherwise an array of D numbers is one record. 2 D numbers in a row could be anything.
  private func rows(of header: NPYHeader) throws -> Rows {
    let extents = header.shape
    let total = extents.reduce(1, *)
    let rowSize = extents.dropFirst().reduce(1, *)
    var rows: Rows
    let isPair = extents.count > 2 && extents[1] == 2
    if let latentShape {
      let size = latentShape.count
      if !extents.isEmpty, rowSize == size || rowSize == 2 * size && isPair {
        rows = Rows(header: header, shape: latentShape, size: rowSize, left: extents[0])
        rows.hasVariance = rowSize != size
      } else if total == size {
        rows = Rows(header: header, shape: latentShape, size: total, left: 1)
      } else {
        throw ArrayFault(
          "expected rows of \(size) numbers, or [2, \(size)] with log-variances; found shape "
            + "\(Shape(extents))")
      }
    } else if extents.count == 3, isPair {
      rows = Rows(header: header, shape: [extents[2]], size: rowSize, left: extents[0])
      rows.hasVariance = true
    } else if extents.count > 1 {
      let shape = Shape(Array(extents.dropFirst()))
      rows = Rows(header: header, shape: shape, size: rowSize, left: extents[0])
    } else {
      rows = Rows(header: header, shape: [total], size: total, left: 1)
    }
    guard rows.size <= Self.reorderLimit else {
      throw ArrayFault("shape \(Shape(extents)) is too large")
    }
    if header.isColumnMajor && extents.count > 1 {
      guard total <= Self.reorderLimit else {
        throw ArrayFault(
          "shape \(Shape(extents)) in column-major order is too large; save it in row-major order")
      }
      rows.reordered = NPYHeader.rowMajor(try take(total, header), extents)
    }
    return rows
  }

  /// Takes `count` numbers. Memory grows as the bytes come, not as the header claims.
  private func take(_ count: Int, _ header: NPYHeader) throws -> [Float] {
    var numbers: [Float] = []
    while numbers.count < count {
      let wanted = min(count - numbers.count, 1 << 13)
      let bytes = try buffer.take(wanted * header.size)
      guard bytes.count == wanted * header.size else {
        throw ArrayFault("cut short: expected shape \(Shape(header.shape))")
      }
      numbers += [Float](unsafeUninitializedCapacity: wanted) { target, filled in
        target.initialize(repeating: 0)
        bytes.withUnsafeBytes {
          header.decode($0, to: UnsafeMutableBufferPointer(rebasing: target[..<wanted]))
        }
        filled = wanted
      }
    }
    return numbers
  }
}
