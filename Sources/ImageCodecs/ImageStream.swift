import Files

/// Picture files one after another in a stream, without anything between them, as programs write
/// them into pipes. Each is delivered as soon as its bytes are there, so that endless pipes work;
/// memory is bounded by one picture.
public final class ImageStream {
  private let buffer: StreamBuffer
  private let name: String
  private let limits: ImageLimits
  private var isFirst = true
  /// Whether what follows belongs to the picture that was delivered, or to none.
  private var isOver = false

  /// - Parameters:
  ///   - buffer: an open stream such as standard input.
  ///   - name: what error messages call it.
  public init(_ buffer: StreamBuffer, name: String, limits: ImageLimits = .default) {
    self.buffer = buffer
    self.name = name
    self.limits = limits
  }

  /// The bytes of the next file; nil where no other follows. The first is delivered whatever it
  /// is, so that reading it can tell what is wrong with it.
  ///
  /// - Throws: `ImageError`, `FileError`.
  public func next() throws -> [UInt8]? {
    defer { isFirst = false }
    let format = isOver ? nil : ImageFormat(firstBytes: Array(try buffer.peek(8)))
    let length: Int?
    switch format {
    case .png: length = try lengthOfPNG()
    case .jpeg: length = try lengthOfJPEG()
    case nil:
      guard isFirst else {
        // Whoever writes into the pipe is not to be cut off.
        while try !buffer.take(1 << 16).isEmpty {}
        return nil
      }
      length = nil
    }
    guard let length else {
      isOver = true
      return try rest()
    }
    return Array(try buffer.take(length))
  }

  private func rest() throws -> [UInt8] {
    let bytes = try buffer.take(limits.maximumFileLength + 1)
    try check(bytes.count)
    return Array(bytes)
  }

  private func check(_ length: Int) throws {
    guard length > limits.maximumFileLength else { return }
    throw ImageError(
      kind: .badData, path: name,
      message: "longer than the limit of \(limits.maximumFileLength) bytes")
  }

  private func number(at offset: Int, bytes count: Int) throws -> Int? {
    var number = 0
    for place in offset..<offset + count {
      guard let byte = try buffer.byte(at: place) else { return nil }
      number = number << 8 | Int(byte)
    }
    return number
  }

  /// Up to the end of the IEND chunk; nil where the stream ends before it.
  private func lengthOfPNG() throws -> Int? {
    let end = 0x4945_4E44
    var offset = PNGHeader.signature.count
    while true {
      guard let length = try number(at: offset, bytes: 4),
        let type = try number(at: offset + 4, bytes: 4)
      else { return nil }
      offset += 12 + length
      try check(offset)
      if type == end { return offset }
    }
  }

  /// Up to the EOI marker; nil where the stream ends before it. Behind a file of several pictures
  /// (CIPA DC-007) the others follow, which belong to it.
  private func lengthOfJPEG() throws -> Int? {
    var offset = 2
    while true {
      guard let first = try buffer.byte(at: offset), let code = try buffer.byte(at: offset + 1)
      else { return nil }
      try check(offset)
      guard first == 0xFF, code != 0xFF, code != 0 else {
        // Fill bytes before a marker, or the picture's data, in which 0xFF is followed by 0.
        offset += first == 0xFF && code == 0 ? 2 : 1
        continue
      }
      switch code {
      case 0xD9: return offset + 2
      case 0x01, 0xD0...0xD8: offset += 2
      default:
        guard let length = try number(at: offset + 2, bytes: 2) else { return nil }
        let mark = code == 0xE2 ? try number(at: offset + 4, bytes: 4) : nil
        if mark == 0x4D50_4600 { isOver = true }
        offset += 2 + max(2, length)
      }
    }
  }
}
