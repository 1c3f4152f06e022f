import Files

/// Picture files one after another in a stream, as programs write them into pipes, and films of raw
/// frames. Each is delivered as soon as its bytes are there, so that endless pipes work; memory is bounded
/// by one picture. What stands between pictures and is none is passed over, and told of.
package final class ImageStream {
  private let buffer: StreamBuffer
  private let cursor: StreamCursor
  private let name: String
  private let limits: ImageLimits
  private let remark: (String) -> Void
  private var count = 0
  /// The header of the film whose frames are being delivered.
  private var filmHeader: [UInt8]?
  private var isOver = false

  /// - Parameters:
  ///   - buffer: an open stream such as standard input.
  ///   - name: what error messages call it.
  ///   - remark: is told what was passed over: a line with the stream's name first.
  package init(
    _ buffer: StreamBuffer, name: String, limits: ImageLimits = .default,
    remark: @escaping (String) -> Void = { _ in }
  ) {
    self.buffer = buffer
    self.name = name
    self.limits = limits
    self.remark = remark
    cursor = StreamCursor(buffer, name: name, limit: limits.maximumFileLength)
  }

  /// The bytes of the next file; nil where no other follows. The first is delivered whatever it
  /// is, so that reading it can tell what is wrong with it. A frame of a film is delivered with the film's
  /// header before it.
  ///
  /// - Throws: `ImageError`, `FileError`.
  package func next() throws -> [UInt8]? {
    if isOver { return nil }
    if let filmHeader, let frame = try Y4MStream.takeFrame(cursor, header: filmHeader) {
      count += 1
      return filmHeader + frame
    }
    filmHeader = nil
    if count > 0 {
      guard try findNext() else {
        isOver = true
        return nil
      }
    }
    count += 1
    let format = ImageFormat(firstBytes: try firstBytes())
    if format == .y4m, let header = try Y4MStream.takeHeader(cursor) {
      filmHeader = header
      guard let frame = try Y4MStream.takeFrame(cursor, header: header) else {
        // A film without frames; reading the header alone tells so.
        return header
      }
      return header + frame
    }
    guard let length = try format?.codec.length(in: cursor) else {
      isOver = true
      return try rest()
    }
    return Array(try buffer.take(length))
  }

  /// As many as have come, once there are enough to tell any format.
  private func firstBytes() throws -> [UInt8] {
    _ = try buffer.peek(12)
    return Array(buffer.buffered(32))
  }

  private func rest() throws -> [UInt8] {
    let bytes = try buffer.take(limits.maximumFileLength + 1)
    try cursor.check(bytes.count)
    return Array(bytes)
  }

  /// Passes over what is no picture. Whoever writes into the pipe is not cut off.
  ///
  /// - Returns: whether there is another picture.
  private func findNext() throws -> Bool {
    // Lines may end behind a picture of text; whatever else stands there is told of.
    let spaces = try skip(while: Self.isSpace)
    // A box begins with its length, often with zeros.
    let padding = Self.isBox(try firstBytes()) ? 0 : try skip { $0 == 0 || Self.isSpace($0) }
    var passed = padding
    defer {
      if passed > 0 {
        remark(
          "\(name): \(passed + spaces) bytes behind picture \(count) are no picture, "
            + "and were passed over")
      }
    }
    while true {
      let first = try firstBytes()
      if first.isEmpty { return false }
      if ImageFormat(firstBytes: first) != nil, try passed == padding || isConvincing(first) {
        return true
      }
      if Self.isBox(first), let length = Self.boxLength(Array(try buffer.peek(16))) {
        passed += try skip(length)
        continue
      }
      // As far as no signature begins.
      let window = buffer.buffered(1 << 16)
      let skipped = window.dropFirst().firstIndex(where: Self.mayBegin)
        .map { $0 - window.startIndex }
      passed += try buffer.take(skipped ?? window.count).count
    }
  }

  /// - Returns: how many bytes such as these were passed over.
  private func skip(while isPadding: (UInt8) -> Bool) throws -> Int {
    var passed = 0
    while true {
      let window = try buffer.peek(1).isEmpty ? [] : buffer.buffered(1 << 16)
      let count = window.prefix(while: isPadding).count
      _ = try buffer.take(count)
      passed += count
      if window.isEmpty || count < window.count { return passed }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

  private func skip(_ length: Int) throws -> Int {
    var left = length
    while left > 0 {
      let count = try buffer.take(min(left, 1 << 16)).count
      if count == 0 { break }
      left -= count
    }
    return length - left
  }

  private static func mayBegin(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x89, 0xFF, UInt8(ascii: "R"), UInt8(ascii: "Y"): true
    default: false
    }
  }

  /// Whether a file whose first bytes are no chance begins in the midst of a JPEG file, which has lost its end.
  static func isOtherFile(_ stream: StreamCursor, at offset: Int) throws -> Bool {
    guard let byte = try stream.byte(at: offset), byte != 0xFF, mayBegin(byte) else { return false }
    return isLongSignature(Array(try stream.buffer.peek(offset + 12).dropFirst(offset)))
  }

  private static func isLongSignature(_ first: [UInt8]) -> Bool {
    first.starts(with: PNGHeader.signature) || first.starts(with: "YUV4MPEG2 ".utf8)
      || first.starts(with: "RIFF".utf8) && first.dropFirst(8).starts(with: "WEBP".utf8)
  }

  /// Whether a picture begins in the midst of other bytes: only formats whose first bytes are no chance.
  private func isConvincing(_ first: [UInt8]) throws -> Bool {
    if Self.isLongSignature(first) { return true }
    guard first.starts(with: [0xFF, 0xD8, 0xFF]), first.count >= 6 else { return false }
    switch first[3] {
    case 0xC0...0xC2, 0xC4, 0xDB, 0xE0...0xEF, 0xFE: break
    default: return false
    }
    // Behind the first segment another marker.
    let length = Int(first[4]) << 8 | Int(first[5])
    return length >= 2 ? try buffer.byte(at: 4 + length) == 0xFF : false
  }

  private static func isBox(_ first: [UInt8]) -> Bool {
    let types = ["ftyp", "moov", "mdat", "free", "skip", "wide", "uuid", "mpvd", "meta", "moof"]
    return types.contains { first.dropFirst(4).starts(with: $0.utf8) }
  }

  /// The length of a box of the MP4 family, which motion photographs have behind the picture; what looks
  /// like a picture in a film is none.
  private static func boxLength(_ first: [UInt8]) -> Int? {
    guard first.count == 16 else { return nil }
    let length = first[..<4].reduce(0) { $0 << 8 | Int($1) }
    if length == 1 {
      let long = first[8..<15].reduce(0) { $0 << 8 | Int($1) }
      return long <= 1 << 40 ? long << 8 | Int(first[15]) : nil
    }
    return length >= 8 ? length : nil
  }
}
