import Files
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
      current = try rows(of: header())
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
      throw StreamFault("expected finite numbers, found NaN or infinity")
    }
    let size = rows.shape.count
    return LatentRecord(
      shape: rows.shape, mean: rows.hasVariance ? Array(numbers[..<size]) : numbers,
      logVariance: rows.hasVariance ? Array(numbers[size...]) : nil)
  }

  private func header() throws -> NPYHeader {
    let prefix = Array(try buffer.take(8))
    guard prefix.count == 8, Array(prefix[..<6]) == NPYHeader.magic else {
      throw StreamFault("expected the start of an array in NumPy's format")
    }
    guard (1...3).contains(prefix[6]) else {
      throw StreamFault("version \(prefix[6]).\(prefix[7]), expected 1.0, 2.0 or 3.0")
    }
    let lengthBytes = prefix[6] == 1 ? 2 : 4
    let field = Array(try buffer.take(lengthBytes))
    let length = field.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard field.count == lengthBytes, length <= 1 << 16 else {
      throw StreamFault("header of \(length) bytes, expected at most 65536")
    }
    let text = Array(try buffer.take(length))
    guard text.count == length else { throw StreamFault("cut short in its header") }
    return try NPYHeader(parsing: String(decoding: text, as: UTF8.self))
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
        throw StreamFault(
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
      throw StreamFault("shape \(Shape(extents)) is too large")
    }
    if header.isColumnMajor && extents.count > 1 {
      guard total <= Self.reorderLimit else {
        throw StreamFault(
          "shape \(Shape(extents)) in column-major order is too large; save it in row-major order")
      }
      rows.reordered = Self.rowMajor(try take(total, header), extents)
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
        throw StreamFault("cut short: expected shape \(Shape(header.shape))")
      }
      for index in 0..<wanted {
        let start = bytes.startIndex + index * header.size
        numbers.append(header.number(bytes[start..<start + header.size]))
      }
    }
    return numbers
  }

  private static func rowMajor(_ numbers: [Float], _ extents: [Int]) -> [Float] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in 1..<extents.count { strides[axis] = strides[axis - 1] * extents[axis - 1] }
    var position = [Int](repeating: 0, count: extents.count)
    var result: [Float] = []
    result.reserveCapacity(numbers.count)
    for _ in numbers.indices {
      result.append(numbers[zip(position, strides).reduce(0) { $0 + $1.0 * $1.1 }])
      var axis = extents.count - 1
      while axis >= 0 {
        position[axis] += 1
        if position[axis] < extents[axis] { break }
        position[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
