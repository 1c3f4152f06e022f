import Files
import Tensors

/// Pictures in one NumPy array: `[N, H, W]`, `[N, C, H, W]` or `[H, W]` on the scale 0...255, of
/// whatever type and order NumPy writes numbers in. Unlike a PNG an array keeps noise that is neither
/// rounded nor clipped.
package struct PictureStack {
  package let path: String
  /// As in the file.
  package var shape: [Int] { header.shape }
  private let header: NPYHeader
  /// Where the numbers begin, in bytes.
  private let start: Int
  /// Reads bytes of the file.
  private let read: (_ offset: Int, _ count: Int) throws -> [UInt8]
  /// All numbers of an array in column-major order, in row-major order.
  private var reordered: [Float]?

  /// Numbers that are read or written at once.
  private static let part = 1 << 16
  /// The largest array in column-major order that is read, in numbers.
  private static let reorderLimit = 1 << 28
  /// The longest header that is read, with what stands before it.
  private static let maximumHeader = 12 + 1 << 16

  /// How such a file begins.
  package static var signature: [UInt8] { NPYHeader.magic }

  /// N.
  package var count: Int { shape.count == 2 ? 1 : shape[0] }
  private var pictureShape: Shape {
    [shape.count == 4 ? shape[1] : 1, shape[shape.count - 2], shape[shape.count - 1]]
  }

  /// - Throws: `FileError` of kind `badData`.
  package init(_ file: [UInt8], path: String) throws {
    try self.init(file[...], length: file.count, path: path) { Array(file[$0..<$0 + $1]) }
  }

  /// Reads the header only; each picture is read when it is asked for.
  ///
  /// - Throws: `FileError` of kind `badData`.
  package init(file: ReadableFile) throws {
    let path = file.path
    try self.init(
      file.read(at: 0, count: Self.maximumHeader)[...], length: file.length ?? 0, path: path
    ) { offset, count in
      // Opened anew, so that thousands of arrays do not take thousands of descriptors.
      try ReadableFile(path: path).read(at: offset, count: count)
    }
  }

  /// - Parameters:
  ///   - head: the first bytes.
  ///   - length: of the whole file.
  private init(
    _ head: ArraySlice<UInt8>, length: Int, path: String,
    read: @escaping (_ offset: Int, _ count: Int) throws -> [UInt8]
  ) throws {
    self.path = path
    self.read = read
    do {
      var rest = head
      header = try NPYHeader { count in
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      start = head.count - rest.count
      try check(dataLength: length - start)
      if header.isColumnMajor {
        let total = shape.reduce(1, *)
        guard total <= Self.reorderLimit else {
          throw ArrayFault("too large in column-major order; save it in row-major order")
        }
        reordered = NPYHeader.rowMajor(try numbers(0..<total), shape)
      }
    } catch let fault as ArrayFault {
      throw FileError(kind: .badData, path: path, message: fault.text)
    }
  }

  /// - Throws: `ArrayFault`.
  private func check(dataLength: Int) throws {
    guard (2...4).contains(shape.count), shape.allSatisfy({ (1...1 << 24).contains($0) }),
      shape.count < 4 || shape[1] == 1 || shape[1] == 3
    else {
      throw ArrayFault(
        "expected pictures of shape [N, H, W], [N, C, H, W] or [H, W], found \(shape)")
    }
    // Headers of more than 2^48 numbers are refused before.
    let expected = shape.reduce(header.size, *)
    guard dataLength == expected else {
      throw ArrayFault("expected \(expected) bytes of numbers, found \(dataLength)")
    }
  }

  /// Numbers as they stand in the file, in its order.
  ///
  /// - Throws: `ArrayFault` where the file has got shorter.
  private func numbers(_ range: Range<Int>) throws -> [Float] {
    try [Float](unsafeUninitializedCapacity: range.count) { target, filled in
      target.initialize(repeating: 0)
      while filled < range.count {
        let count = min(Self.part, range.count - filled)
        let bytes = try read(
          start + (range.lowerBound + filled) * header.size, count * header.size)
        guard bytes.count == count * header.size else {
          throw ArrayFault("the array was cut off while being read")
        }
        bytes.withUnsafeBytes {
          header.decode(
            $0, to: UnsafeMutableBufferPointer(rebasing: target[filled..<filled + count]))
        }
        filled += count
      }
    }
  }

  /// One picture, `[C, H, W]`, brought to the scale of [0, 1].
  ///
  /// - Throws: `FileError` where a number is not finite.
  package func picture(_ index: Int) throws -> Picture {
    let shape = pictureShape
    let range = index * shape.count..<(index + 1) * shape.count
    do {
      let elements = try (reordered.map { Array($0[range]) } ?? numbers(range)).map { $0 / 255 }
      guard elements.allSatisfy(\.isFinite) else {
        throw ArrayFault("picture \(index) holds a number that is not finite")
      }
      return Picture(pixels: Tensor(shape, elements))
    } catch let fault as ArrayFault {
      throw FileError(kind: .badData, path: path, message: fault.text)
    }
  }

  /// The shape of an array of pictures of one shape.
  ///
  /// - Parameter shape: of the array that they came in, which comes back where as many numbers do.
  package static func shape(of pictures: [Tensor], like shape: [Int]?) -> [Int] {
    let first = pictures[0].shape
    if let shape, shape.reduce(1, *) == pictures.count * first.count { return shape }
    return [pictures.count] + (first[0] == 1 ? [first[1], first[2]] : first.dimensions)
  }

  /// An array of float32 pictures as a file: numbers times 255, neither rounded nor clipped.
  ///
  /// - Parameter shape: of the array; its product is the number of all pixels.
  package static func encoded(_ pictures: [Tensor], shape: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    forEachPart(pictures, shape: shape) { bytes += $0 }
    return bytes
  }

  /// The same part by part, so that the file need not be in memory.
  package static func write(_ pictures: [Tensor], shape: [Int], to output: FileOutput) throws {
    try forEachPart(pictures, shape: shape) { try output.write($0) }
  }

  private static func forEachPart(
    _ pictures: [Tensor], shape: [Int], _ body: ([UInt8]) throws -> Void
  ) rethrows {
    try body(NPYHeader(shape: shape).encoded())
    for picture in pictures {
      for start in stride(from: 0, to: picture.shape.count, by: part) {
        let numbers = picture.elements[start..<min(start + part, picture.shape.count)]
        try body(
          numbers.map { ($0 * 255).bitPattern.littleEndian }.withUnsafeBytes { Array($0) })
      }
    }
  }
}
