import Checkpoints
import Files
import Pictures
import Tensors

/// Reads latents from a stream in any of the formats, told apart by the first bytes. Each record
/// is delivered as soon as its bytes are there, so that endless pipes work; memory is bounded by
/// one record.
package final class LatentStreamReader {
  /// The latent's shape, where the caller knows it.
  package let latentShape: Shape?
  private let name: String
  private let buffer: StreamBuffer
  private var source: Source?
  private var lineNumber = 0
  /// What the stream's header line says, in text.
  private var header: LatentTextHeader?
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
  package init(
    descriptor: Int32, name: String = "standard input", latentShape: Shape? = nil
  ) {
    self.latentShape = latentShape
    self.name = name
    buffer = StreamBuffer(descriptor: descriptor, name: name)
  }

  /// The stream's format, once a record has been asked for.
  package var format: LatentStreamFormat? {
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
  package func next() throws -> LatentRecord? {
    var place = ""
    do {
      switch try detectedSource() {
      case .npy(let arrays):
        defer { place = "array \(arrays.number + 1): " }
        return try arrays.next()
      case .text: return try nextLine(place: &place, parse: parseText)
      case .ndjson: return try nextObject(place: &place)
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
    // The mark that some editors put before UTF-8.
    if try buffer.peek(3).elementsEqual([0xEF, 0xBB, 0xBF]) { _ = try buffer.take(3) }
    var first = try buffer.peek(1).first
    while let byte = first, Self.isSpace(byte) || byte == UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\n") { lineNumber += 1 }
      _ = try buffer.take(1)
      first = try buffer.peek(1).first
    }
    let detected: Source
    switch first {
    case NPYHeader.magic[0]: detected = .npy(NPYArrays(buffer, latentShape: latentShape))
    case UInt8(ascii: "{"): detected = .ndjson
    default:
      if let kind = foreignKind() {
        throw ArrayFault("expected latents as text, ndjson or npy, found \(kind)")
      }
      detected = .text
    }
    source = detected
    return detected
  }

  /// What the stream is where it is no text.
  private func foreignKind() -> String? {
    // What has come: more may be long in coming.
    let first = Array(buffer.buffered(64))
    if first.starts(with: [0x50, 0x4B, 3, 4]) {
      return "a .npz archive; unzip it, or save one array with np.save"
    }
    if first.starts(with: [0x1F, 0x8B]) { return "a gzip file; gunzip it" }
    if first.starts(with: [0x89]) || first.starts(with: [0xFF, 0xD8]) {
      return "a picture; encode turns pictures into latents"
    }
    let isText = first.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
    return isText ? nil : "binary data"
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

  /// Whether a byte stands between numbers: white space, commas and semicolons, and the brackets in which
  /// other programs print vectors.
  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0D, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"):
      true
    default: false
    }
  }

  private func parseText(_ line: ArraySlice<UInt8>) throws -> LatentRecord? {
    if line.first == UInt8(ascii: "#") {
      if let found = try LatentTextHeader(line) { header = found }
      return nil
    }
    let numbers = try line.withUnsafeBufferPointer {
      try Self.numbers($0, expecting: firstCount ?? 0)
    }
    if numbers.isEmpty { return nil }
    let hasVariance = header?.hasVariance ?? false
    let size: Int
    if let latentShape {
      size = latentShape.count
    } else {
      let expected =
        firstCount ?? header?.latents.map { hasVariance ? 2 * $0 : $0 } ?? numbers.count
      firstCount = expected
      size = hasVariance ? expected / 2 : expected
    }
    let expected = hasVariance ? 2 * size : size
    guard numbers.count == expected else {
      throw Self.misfit(expected, found: numbers.count, hasHeader: header != nil)
    }
    return LatentRecord(
      shape: latentShape ?? [size], mean: hasVariance ? Array(numbers[..<size]) : numbers,
      logVariance: hasVariance ? Array(numbers[size...]) : nil,
      origin: header?.origin ?? LatentOrigin())
  }

  private static func numbers(
    _ line: UnsafeBufferPointer<UInt8>, expecting count: Int
  ) throws -> [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(count)
    var position = 0
    while true {
      while position < line.count, isSeparator(line[position]) { position &+= 1 }
      guard position < line.count, line[position] != UInt8(ascii: "#") else { return numbers }
      let start = position
      let number = DecimalNumber.parse(line, at: &position, isJSON: false)
      let isWhole =
        position == line.count || isSeparator(line[position]) || line[position] == UInt8(ascii: "#")
      if let number, isWhole, number.isFinite {
        numbers.append(number)
        continue
      }
      let word = line[start...].prefix { !isSeparator($0) && $0 != UInt8(ascii: "#") }
      let text = String(decoding: word, as: UTF8.self)
      let isNumber = Float(text) != nil
      throw ArrayFault("expected a \(isNumber ? "finite " : "")number, found '\(printable(text))'")
    }
  }

  /// Twice the numbers may be means and variances without the line that says so, or decimal commas.
  private static func misfit(_ expected: Int, found: Int, hasHeader: Bool) -> ArrayFault {
    let words = "expected \(expected) numbers, found \(found)"
    guard found == 2 * expected, !hasHeader else { return ArrayFault(words) }
    return ArrayFault(
      words + "; log-variances need the header line that encode writes, and a decimal "
        + "comma is read as two numbers")
  }

  // MARK: NDJSON

  /// An object on a line, or spread over lines.
  private func nextObject(place: inout String) throws -> LatentRecord? {
    try nextLine(place: &place) { line in
      if line.allSatisfy(Self.isSpace) { return nil }
      if line.last(where: { !Self.isSpace($0) }) == UInt8(ascii: "}") {
        return try LatentObject.record(line, latentShape: latentShape)
      }
      var object = Array(line)
      var depth = JSONDepth()
      depth.add(line)
      while depth.isOpen, object.count <= Self.objectLimit, let more = try buffer.line() {
        lineNumber += 1
        object.append(0x0A)
        object += more
        depth.add(more)
      }
      return try LatentObject.record(object[...], latentShape: latentShape)
    }
  }

  /// The longest object that is spread over lines, in bytes.
  private static let objectLimit = 64 << 20
}

/// How many brackets of a JSON text are open.
private struct JSONDepth {
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  var isOpen: Bool { depth > 0 }

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if isEscaped {
        isEscaped = false
      } else if isInString {
        if byte == UInt8(ascii: "\\") { isEscaped = true }
        if byte == UInt8(ascii: "\"") { isInString = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
      }
    }
  }
}

/// A text from a stream on one line and not longer than a line bears.
func printable(_ text: String) -> String {
  Printable.escaped(String(text.unicodeScalars.prefix(40).map { Character($0) }))
}
