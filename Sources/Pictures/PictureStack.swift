import Files
import ImageCodecs
import Tensors

/// Pictures in one NumPy array, of whatever type and order NumPy writes numbers in. Which axes it has, and
/// which number is white, are told by its shape, type and numbers (`ArrayForm`), or by the user. Unlike a
/// PNG an array keeps noise that is neither rounded nor clipped.
package struct PictureStack {
  package let path: String
  package let form: ArrayForm
  /// As in the file.
  package var shape: [Int] { header.shape }
  private let header: NPYHeader
  private let limits: ImageLimits
  /// Where the numbers begin, in bytes.
  private let start: Int
  /// Reads bytes of the file.
  private let read: (_ offset: Int, _ count: Int) throws -> [UInt8]
  /// All numbers of an array in column-major order, in row-major order.
  private let reordered: [Float]?

  /// Numbers that are read or written at once.
  private static let part = 1 << 16
  /// The largest array in column-major order that is read, in numbers.
  private static let reorderLimit = 1 << 28
  /// The longest header that is read, with what stands before it.
  private static let maximumHeader = 12 + 1 << 16

  /// How such a file begins.
  package static var signature: [UInt8] { NPYHeader.magic }

  private var extents: (count: Int, channels: Int, height: Int, width: Int) {
    form.axes.extents(shape)
  }

  /// N.
  package var count: Int { extents.count }

  /// - Throws: `FileError` of kind `badData`, or `UndecidedArray`.
  package init(
    _ file: [UInt8], path: String, reading: ArrayReading = .automatic,
    limits: ImageLimits = .default
  ) throws {
    try self.init(
      file[...], length: file.count, path: path, reading: reading, limits: limits
    ) { Array(file[$0..<min($0 + $1, file.count)]) }
  }

  /// Reads the header, and numbers where they have to tell their scale; each picture is read when it is
  /// asked for.
  ///
  /// - Throws: `FileError` of kind `badData`, or `UndecidedArray`.
  package init(
    file: ReadableFile, reading: ArrayReading = .automatic, limits: ImageLimits = .default
  ) throws {
    let path = file.path
    try self.init(
      file.read(at: 0, count: Self.maximumHeader)[...], length: file.length ?? 0, path: path,
      reading: reading, limits: limits
    ) { offset, count in
      // Opened anew, so that thousands of arrays do not take thousands of descriptors.
      try ReadableFile(path: path).read(at: offset, count: count)
    }
  }

  /// - Parameters:
  ///   - head: the first bytes.
  ///   - length: of the whole file.
  private init(
    _ head: ArraySlice<UInt8>, length: Int, path: String, reading: ArrayReading,
    limits: ImageLimits, read: @escaping (_ offset: Int, _ count: Int) throws -> [UInt8]
  ) throws {
    self.path = path
    self.read = read
    self.limits = limits
    do {
      var rest = head
      let header = try NPYHeader { count in
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      self.header = header
      start = head.count - rest.count
      let axes = try Self.axes(of: header, reading, dataLength: length - start)
      let source = NumberSource(header: header, start: start, read: read)
      let total = header.shape.reduce(1, *)
      if header.isColumnMajor {
        guard total <= Self.reorderLimit else {
          throw ArrayFault("too large in column-major order; save it in row-major order")
        }
        reordered = NPYHeader.rowMajor(try source.numbers(0..<total), header.shape)
      } else {
        reordered = nil
      }
      var range: ClosedRange<Float>?
      if case .white = reading.scale {
      } else if !header.tellsWhite || reading.scale == .mask {
        range = try reordered.map { $0[...].finiteRange } ?? source.finiteRange(total)
      }
      form = ArrayForm(
        shape: header.shape, axes: axes, white: try header.white(reading.scale, range: range))
    } catch let fault as ArrayFault {
      throw Self.error(fault, path)
    }
  }

  private static func error(_ fault: ArrayFault, _ path: String) -> any Error {
    fault.remedy.map { UndecidedArray(path: path, text: fault.text, remedy: $0) }
      ?? FileError(kind: .badData, path: path, message: fault.text)
  }

  /// - Throws: `ArrayFault`.
  private static func axes(
    of header: NPYHeader, _ reading: ArrayReading, dataLength: Int
  ) throws -> ArrayAxes {
    let axes =
      try reading.axes ?? ArrayAxes(shape: header.shape, takesAlpha: reading.takesAlpha)
    try axes.check(header.shape, takesAlpha: reading.takesAlpha)
    guard header.shape.allSatisfy({ (1...1 << 24).contains($0) }) else {
      throw ArrayFault("expected extents of 1 to \(1 << 24), found \(header.shape)")
    }
    // Headers of more than 2^48 numbers are refused before.
    let expected = header.shape.reduce(header.size, *)
    guard dataLength == expected else {
      throw ArrayFault("expected \(expected) bytes of numbers, found \(dataLength)")
    }
    return axes
  }

  /// The numbers of a file.
  private struct NumberSource {
    let header: NPYHeader
    let start: Int
    let read: (_ offset: Int, _ count: Int) throws -> [UInt8]

    /// As they stand in the file, in its order.
    ///
    /// - Throws: `ArrayFault` where the file has got shorter.
    func numbers(_ range: Range<Int>) throws -> [Float] {
      try [Float](unsafeUninitializedCapacity: range.count) { target, filled in
        target.initialize(repeating: 0)
        while filled < range.count {
          let count = min(part, range.count - filled)
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

    /// Of so many numbers from the first on.
    func finiteRange(_ count: Int) throws -> ClosedRange<Float>? {
      var range: ClosedRange<Float>?
      for first in stride(from: 0, to: count, by: part) {
        guard let other = try numbers(first..<min(first + part, count))[...].finiteRange else {
          continue
        }
        range =
          range.map {
            min($0.lowerBound, other.lowerBound)...max($0.upperBound, other.upperBound)
          }
          ?? other
      }
      return range
    }
  }

  /// One picture, `[C, H, W]`, brought to the scale of [0, 1].
  ///
  /// - Throws: `FileError` where a number is not finite, `ImageError` where there are more pixels than
  ///   may be read.
  package func picture(_ index: Int) throws -> Picture {
    let (_, channels, height, width) = extents
    try limits.check(width: width, height: height, name: path)
    let (area, size) = (height * width, channels * height * width)
    let range = index * size..<(index + 1) * size
    do {
      let source = NumberSource(header: header, start: start, read: read)
      let numbers = try reordered.map { Array($0[range]) } ?? source.numbers(range)
      guard numbers.allSatisfy(\.isFinite) else {
        throw ArrayFault("picture \(index) holds a number that is not finite")
      }
      let white = form.white
      let planes = Tensor([channels, height, width]) { target in
        if form.axes.isInterleaved {
          for pixel in 0..<area {
            for channel in 0..<channels {
              target[channel * area + pixel] = numbers[pixel * channels + channel] / white
            }
          }
        } else {
          for place in numbers.indices { target[place] = numbers[place] / white }
        }
      }
      guard channels == 4 else { return Picture(pixels: planes) }
      return Picture(
        pixels: Tensor([3, height, width], Array(planes.elements[..<(3 * area)])),
        alpha: planes.elements[(3 * area)...].map { min(max($0, 0), 1) })
    } catch let fault as ArrayFault {
      throw Self.error(fault, path)
    }
  }

  /// The form of an array of pictures of one shape.
  ///
  /// - Parameter form: of the array that they came in, which comes back where as many numbers do.
  package static func form(of pictures: [Tensor], like form: ArrayForm?) -> ArrayForm {
    let first = pictures[0].shape
    if let form, form.shape.reduce(1, *) == pictures.count * first.count,
      form.axes.extents(form.shape).channels == first[0]
    {
      return form
    }
    let extents = first[0] == 1 ? [first[1], first[2]] : first.dimensions
    return ArrayForm(
      shape: [pictures.count] + extents, axes: first[0] == 1 ? .nhw : .nchw,
      white: form?.white ?? 255)
  }

  /// An array of float32 pictures as a file: numbers times what is white, neither rounded nor clipped.
  ///
  /// - Parameter form: of the array; the product of its shape is the number of all pixels.
  package static func encoded(_ pictures: [Tensor], _ form: ArrayForm) -> [UInt8] {
    var bytes: [UInt8] = []
    forEachPart(pictures, form) { bytes += $0 }
    return bytes
  }

  /// The same part by part, so that the file need not be in memory.
  package static func write(
    _ pictures: [Tensor], _ form: ArrayForm, to output: FileOutput
  ) throws {
    try forEachPart(pictures, form) { try output.write($0) }
  }

  private static func forEachPart(
    _ pictures: [Tensor], _ form: ArrayForm, _ body: ([UInt8]) throws -> Void
  ) rethrows {
    try body(NPYHeader(shape: form.shape).encoded())
    for picture in pictures {
      let (channels, count) = (picture.shape[0], picture.shape.count)
      let area = count / max(channels, 1)
      for start in stride(from: 0, to: count, by: part) {
        let numbers = (start..<min(start + part, count)).map { place -> UInt32 in
          let source =
            form.axes.isInterleaved ? place % channels * area + place / channels : place
          return (picture.elements[source] * form.white).bitPattern.littleEndian
        }
        try body(numbers.withUnsafeBytes { Array($0) })
      }
    }
  }
}

extension ArraySlice<Float> {
  /// Of the numbers that are finite; nil where none is.
  fileprivate var finiteRange: ClosedRange<Float>? {
    var (lowest, highest) = (Float.infinity, -Float.infinity)
    for number in self where number.isFinite {
      (lowest, highest) = (Swift.min(lowest, number), Swift.max(highest, number))
    }
    return lowest <= highest ? lowest...highest : nil
  }
}
