import Checkpoints
import Files
import Pictures
import Tensors

/// Reads latents from a stream in any of the formats, told apart by the first bytes. Each record
/// is delivered as soon as its bytes are there, so that endless pipes work; memory is bounded by
/// one record.
public final class LatentStreamReader {
  /// The latent's shape, where the caller knows it. Rows of twice its size are means followed by
  /// log-variances.
  public let latentShape: Shape?
  private let name: String
  private let buffer: StreamBuffer
  private var source: Source?
  private var lineNumber = 0
  /// The numbers a line held first, where no shape is given.
  private var firstCount: Int?

  private enum Source {
    case text
    case ndjson
    case npy(NPYArrays)
  }

  /// - Parameters:
  ///   - descriptor: an open stream such as standard input (0); not closed here.
  ///   - name: how errors call it.
  ///   - latentShape: the shape to expect; nil accepts any.
  public init(
    descriptor: Int32, name: String = "standard input", latentShape: Shape? = nil
  ) {
    self.latentShape = latentShape
    self.name = name
    buffer = StreamBuffer(descriptor: descriptor, name: name)
  }

  /// The stream's format, once a record has been asked for.
  public var format: LatentStreamFormat? {
    switch source {
    case .text: .text
    case .ndjson: .ndjson
    case .npy: .npy
    case nil: nil
    }
  }

  /// The next record; nil at the end of the stream.
  ///
  /// - Throws: `FileError` with the line or array at fault, what was expected and what was found.
  public func next() throws -> LatentRecord? {
    var place = ""
    do {
      switch try detectedSource() {
      case .npy(let arrays):
        defer { place = "array \(arrays.number + 1): " }
        return try arrays.next()
      case .text: return try nextLine(place: &place, parse: parseText)
      case .ndjson: return try nextLine(place: &place, parse: parseObject)
      }
    } catch let fault as ArrayFault {
      throw FileError(kind: .badData, path: name, message: place + fault.text)
    } catch let line as StreamBuffer.LongLine {
      throw FileError(
        kind: .badData, path: name, message: place + "longer than \(line.limit) bytes")
    }
  }

  private func detectedSource() throws -> Source {
    if let source { return source }
    var first = try buffer.peek(1).first
    while let byte = first, Self.isSpace(byte) || byte == UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\n") { lineNumber += 1 }
      _ = try buffer.take(1)
      first = try buffer.peek(1).first
    }
    let detected: Source =
      switch first {
      case NPYHeader.magic[0]: .npy(NPYArrays(buffer, latentShape: latentShape))
      case UInt8(ascii: "{"): .ndjson
      default: .text
      }
    source = detected
    return detected
  }

  private func nextLine(
    place: inout String, parse: (ArraySlice<UInt8>) throws -> LatentRecord?
  ) throws -> LatentRecord? {
    while true {
      place = "line \(lineNumber + 1): "
      guard let line = try buffer.line() else { return nil }
      lineNumber += 1
      if let record = try parse(line) { return record }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  // MARK: Text

  private func parseText(_ line: ArraySlice<UInt8>) throws -> LatentRecord? {
    let content = line.prefix { $0 != UInt8(ascii: "#") }
    let words = content.split { Self.isSpace($0) || $0 == UInt8(ascii: ",") }
    if words.isEmpty { return nil }
    let numbers = try words.map { word -> Float in
      let text = String(decoding: word, as: UTF8.self)
      guard let number = Float(text) else {
        throw ArrayFault("expected a number, found '\(printable(text))'")
      }
      guard number.isFinite else {
        throw ArrayFault("expected a finite number, found '\(printable(text))'")
      }
      return number
    }
    guard let latentShape else {
      let expected = firstCount ?? numbers.count
      firstCount = expected
      guard numbers.count == expected else {
        throw ArrayFault("expected \(expected) numbers, found \(numbers.count)")
      }
      return LatentRecord(shape: [numbers.count], mean: numbers)
    }
    return try record(numbers, shape: latentShape)
  }

  // MARK: NDJSON

  private func parseObject(_ line: ArraySlice<UInt8>) throws -> LatentRecord? {
    if line.allSatisfy(Self.isSpace) { return nil }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: line, limits: JSONLimits(depth: 16, values: 8 << 20))
    } catch {
      throw ArrayFault("\(error)")
    }
    guard value.object != nil else { throw ArrayFault("expected an object, found \(value.kind)") }
    guard let mean = try numbers(value, "mean") else { throw ArrayFault("expected \"mean\"") }
    let logVariance = try numbers(value, "log_variance")
    let shape = try extents(value, "shape") ?? latentShape ?? [mean.count]
    if let latentShape, shape != latentShape, shape != [latentShape.count] {
      throw ArrayFault("expected shape \(latentShape), found \(shape)")
    }
    for numbers in [mean, logVariance ?? mean] where numbers.count != shape.count {
      throw ArrayFault("expected \(shape.count) numbers, found \(numbers.count)")
    }
    return LatentRecord(
      source: value["source"]?.string, image: try extents(value, "image"),
      shape: latentShape ?? shape, mean: mean, logVariance: logVariance)
  }

  private func numbers(_ value: JSONValue, _ key: String) throws -> [Float]? {
    guard let member = value[key], !member.isNull else { return nil }
    guard let elements = member.array else {
      throw ArrayFault("expected \"\(key)\" to be an array, found \(member.kind)")
    }
    return try elements.map {
      guard let number = $0.float else {
        throw ArrayFault(
          "expected finite numbers in \"\(key)\", found \(printable($0.description))")
      }
      return number
    }
  }

  private func extents(_ value: JSONValue, _ key: String) throws -> Shape? {
    guard let member = value[key], !member.isNull else { return nil }
    let numbers = member.array?.map(\.int) ?? [nil]
    var count = 1
    for extent in numbers {
      guard let extent, extent > 0, extent <= 1 << 24, count <= 1 << 24 else {
        throw ArrayFault("expected \"\(key)\" to hold positive integers")
      }
      count *= extent
    }
    return Shape(numbers.compactMap { $0 })
  }
}

/// A record from D numbers, or from 2 D: means followed by log-variances.
func record(_ numbers: [Float], shape: Shape) throws -> LatentRecord {
  let size = shape.count
  switch numbers.count {
  case size: return LatentRecord(shape: shape, mean: numbers)
  case 2 * size:
    return LatentRecord(
      shape: shape, mean: Array(numbers[..<size]), logVariance: Array(numbers[size...]))
  default: throw ArrayFault("expected \(size) numbers, found \(numbers.count)")
  }
}

/// A text from a stream on one line and not longer than a line bears.
private func printable(_ text: String) -> String {
  String(text.unicodeScalars.prefix(40).map { $0.value < 0x20 ? "?" : Character($0) })
}
